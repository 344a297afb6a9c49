//! Heavy ball: `v_{t+1} = βv_t + ∇_θ g(θ_t, λ)`, `θ_{t+1} = θ_t − ηv_{t+1}`.
//!
//! The state is (θ, v). Writing `n = β v̇ + H θ̇ + J λ̇`, the tangent of a step is (θ̇ − ηn, n); its
//! transpose sends (a, c) to `m = c − ηa`, (a + Hm, βm) and `Jᵀm`. Fails for η > 2(1+β)/L.

use super::gradient_descent::SMOOTH;
use super::step::{STEP, STEP_AS_NUMBER, StepSize};
use super::{Columns, Dynamics, Entry, Tangents};
use crate::catalog::{Card, FALL_AFTER, FALL_POWER, Kind, Knob, Scale};
use crate::draw::Clock;
use crate::math::vector::axpy;
use crate::problem::{Oracle, Requirement};

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "heavy-ball",
        name: "Heavy ball",
        source: "Polyak 1964; differentiated in Maclaurin et al. 2015, algorithm 1",
        equation: "v ← βv + ∇g(θ),  θ ← θ − ηv",
        summary: "Gradient descent that keeps part of its last move, like a ball with mass. The velocity belongs \
                  to the differentiated state.",
        cost: "1 gradient a step",
        fails: "Oscillates for β near 1; diverges for η > 2(1+β)/L.",
        knobs: &[
            STEP,
            Knob {
                key: "momentum",
                help: "Momentum β.",
                kind: Kind::Real { default: 0.9, range: (0.0, 0.999), scale: Scale::Linear },
            },
            FALL_POWER,
            FALL_AFTER,
        ],
    },
    build: |knobs| {
        Box::new(HeavyBall {
            step: StepSize::of(knobs),
            momentum: knobs.real("momentum"),
            scratch: Vec::new(),
            outer_scratch: Vec::new(),
        })
    },
};

#[derive(Clone)]
struct HeavyBall {
    step: StepSize,
    momentum: f64,
    scratch: Vec<f64>,
    outer_scratch: Vec<f64>,
}

impl Dynamics for HeavyBall {
    fn requires(&self) -> &'static [Requirement] {
        if self.step.is_automatic() { &[SMOOTH, STEP_AS_NUMBER] } else { &[SMOOTH] }
    }

    fn state_length(&self, inner_dimension: usize) -> usize {
        2 * inner_dimension
    }

    fn begin(&mut self, oracle: &mut Oracle, clock: Clock, lambda: &[f64], _: usize) {
        self.step.begin(oracle, clock, lambda);
        self.scratch.resize(oracle.inner_dimension(), 0.0);
        self.outer_scratch.resize(lambda.len(), 0.0);
    }

    fn step(&mut self, oracle: &mut Oracle, _: Clock, lambda: &[f64], state: &[f64], next: &mut [f64]) {
        let size = oracle.inner_dimension();
        let (theta, velocity) = state.split_at(size);
        let (next_theta, next_velocity) = next.split_at_mut(size);
        oracle.move_to(lambda, theta);
        oracle.inner_gradient(next_velocity);
        axpy(self.momentum, velocity, next_velocity);
        next_theta.copy_from_slice(theta);
        axpy(-self.step.now, next_velocity, next_theta);
    }

    fn jvp(
        &mut self,
        oracle: &mut Oracle,
        _: Clock,
        lambda: &[f64],
        state: &[f64],
        state_tangent: &[f64],
        lambda_tangent: &[f64],
        out: &mut [f64],
    ) {
        let size = oracle.inner_dimension();
        let (theta_tangent, velocity_tangent) = state_tangent.split_at(size);
        let (theta_out, velocity_out) = out.split_at_mut(size);
        oracle.move_to(lambda, &state[..size]);
        oracle.hvp(theta_tangent, velocity_out);
        oracle.cross_jvp(lambda_tangent, &mut self.scratch);
        axpy(1.0, &self.scratch, velocity_out);
        axpy(self.momentum, velocity_tangent, velocity_out);
        theta_out.copy_from_slice(theta_tangent);
        axpy(-self.step.now, velocity_out, theta_out);
    }

    fn jvps(&mut self, oracle: &mut Oracle, _: Clock, lambda: &[f64], state: &[f64], tangents: &mut Tangents) {
        let size = oracle.inner_dimension();
        oracle.move_to(lambda, &state[..size]);
        let Columns { count, own, panel, products, .. } = tangents.columns(oracle);
        let (thetas, velocities) = panel.split_at_mut(size * count);
        oracle.hvps(thetas, count, products);
        oracle.add_cross_columns(own, count, products);
        for ((theta, velocity), product) in thetas.iter_mut().zip(velocities).zip(&*products) {
            *velocity = product + self.momentum * *velocity;
            *theta += -self.step.now * *velocity;
        }
    }

    fn vjp(
        &mut self,
        oracle: &mut Oracle,
        _: Clock,
        lambda: &[f64],
        state: &[f64],
        cotangent: &[f64],
        state_out: &mut [f64],
        lambda_out: &mut [f64],
    ) {
        let size = oracle.inner_dimension();
        let (theta_cotangent, velocity_cotangent) = cotangent.split_at(size);
        let (theta_out, velocity_out) = state_out.split_at_mut(size);
        oracle.move_to(lambda, &state[..size]);
        self.scratch.copy_from_slice(velocity_cotangent);
        axpy(-self.step.now, theta_cotangent, &mut self.scratch);
        oracle.cross_vjp(&self.scratch, &mut self.outer_scratch);
        axpy(1.0, &self.outer_scratch, lambda_out);
        oracle.hvp(&self.scratch, theta_out);
        axpy(1.0, theta_cotangent, theta_out);
        for (target, m) in velocity_out.iter_mut().zip(&self.scratch) {
            *target = self.momentum * m;
        }
    }

    fn step_size(&self) -> Option<f64> {
        Some(self.step.now)
    }

    fn clone_box(&self) -> Box<dyn Dynamics> {
        Box::new(self.clone())
    }
}
