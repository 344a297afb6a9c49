//! Heavy ball with a learned schedule: `v_{t+1} = βv_t + ∇_θ g(θ_t, λ)`, `θ_{t+1} = θ_t − e^{s_t} v_{t+1}`.
//!
//! The log step sizes s and the momentum β are outer variables that follow the problem's own in λ:
//! `(λ_problem, s_0, …, s_{S−1}, β)`. A run longer than the schedule keeps its last entry. Weight decay
//! is the problem's penalty. With `n` as in the heavy ball plus `β̇v`, the tangent of a step is
//! `(θ̇ − e^s(n + ṡv'), n)`; its transpose sends (a, c) to `m = c − e^s a`, (a + Hm, βm), `Jᵀm` and
//! `∂s: −e^s⟨a, v'⟩`, `∂β: ⟨m, v⟩`. Only unrolled estimators see these variables: θ* does not depend on
//! them. Source: Maclaurin et al. 2015; Micaelli and Storkey 2021 (FDS). β is kept in [0, 0.999]. Fails when a step
//! size leaves the stable region e^s < 2(1+β)/L: nothing holds it there.

use std::ops::Range;

use super::gradient_descent::SMOOTH;
use super::step::{STEP, STEP_AS_NUMBER, step_size};
use super::{Dynamics, Entry};
use crate::catalog::{Card, Kind, Knob, Knobs, Scale};
use crate::draw::Clock;
use crate::math::vector::{axpy, dot};
use crate::problem::{Block, Oracle, Requirement};

/// Where β may lie, at the start and later on.
const MOMENTUM: (f64, f64) = (0.0, 0.999);

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "scheduled-heavy-ball",
        name: "Heavy ball, learned schedule",
        source: "Maclaurin et al. 2015; Micaelli and Storkey 2021, section 3",
        equation: "v ← βv + ∇g(θ),  θ ← θ − exp(s_t)v,  with s and β outer variables",
        summary: "Heavy ball whose step sizes are learned instead of chosen. Its log step sizes, one for each \
                  inner step, and its momentum are part of λ.",
        cost: "1 gradient a step",
        fails: "Diverges when the outer loop drives a step size beyond stability; the momentum is kept below 1.",
        knobs: &[
            STEP,
            Knob {
                key: "momentum",
                help: "Where the momentum β starts.",
                kind: Kind::Real { default: 0.9, range: MOMENTUM, scale: Scale::Linear },
            },
            Knob {
                key: "steps",
                help: "Length of the schedule: log step sizes in λ. Longer runs keep the last one.",
                kind: Kind::Integer { default: 20, range: (1, 10_000), scale: Scale::Logarithmic },
            },
        ],
    },
    build: |knobs| Box::new(ScheduledHeavyBall::new(knobs)),
};

#[derive(Clone)]
struct ScheduledHeavyBall {
    first_step: Option<f64>,
    first_momentum: f64,
    schedule: usize,
    scratch: Vec<f64>,
    outer_scratch: Vec<f64>,
}

/// The outer variables that one step reads.
struct Setting {
    /// Index of s_t in λ.
    index: usize,
    /// Index of β in λ.
    momentum_index: usize,
    /// e^{s_t}.
    step: f64,
    /// β.
    momentum: f64,
}

impl ScheduledHeavyBall {
    fn new(knobs: &Knobs) -> Self {
        Self {
            first_step: knobs.automatic("step"),
            first_momentum: knobs.real("momentum"),
            schedule: knobs.count("steps").max(1),
            scratch: Vec::new(),
            outer_scratch: Vec::new(),
        }
    }

    fn setting(&self, oracle: &Oracle, clock: Clock, lambda: &[f64]) -> Setting {
        let own = oracle.outer_dimension();
        let index = own + clock.inner.min(self.schedule - 1);
        let momentum_index = own + self.schedule;
        Setting { index, momentum_index, step: lambda[index].exp(), momentum: lambda[momentum_index] }
    }
}

impl Dynamics for ScheduledHeavyBall {
    fn requires(&self) -> &'static [Requirement] {
        if self.first_step.is_none() { &[SMOOTH, STEP_AS_NUMBER] } else { &[SMOOTH] }
    }

    fn state_length(&self, inner_dimension: usize) -> usize {
        2 * inner_dimension
    }

    fn blocks(&self, oracle: &Oracle, lambda: &[f64]) -> Vec<Block> {
        let steps = (0..self.schedule).map(|index| format!("log step {index}")).collect();
        let log_step = step_size(self.first_step, oracle, lambda).ln();
        let (low, high) = MOMENTUM;
        vec![
            Block::new("log_steps", steps).starting_at(log_step),
            Block::new("momentum", vec!["momentum".to_owned()]).starting_at(self.first_momentum).within(low, high),
        ]
    }

    fn window(&self, own: usize) -> Range<usize> {
        let last = self.schedule - 1;
        match own {
            own if own < last => own..own + 1,
            own if own == last => last..usize::MAX,
            _ => 0..usize::MAX,
        }
    }

    fn begin(&mut self, oracle: &mut Oracle, _: Clock, lambda: &[f64], _: usize) {
        self.scratch.resize(oracle.inner_dimension(), 0.0);
        self.outer_scratch.resize(lambda.len(), 0.0);
    }

    fn step(&mut self, oracle: &mut Oracle, clock: Clock, lambda: &[f64], state: &[f64], next: &mut [f64]) {
        let Setting { step, momentum, .. } = self.setting(oracle, clock, lambda);
        let (theta, velocity) = state.split_at(oracle.inner_dimension());
        let (next_theta, next_velocity) = next.split_at_mut(theta.len());
        oracle.move_to(lambda, theta);
        oracle.inner_gradient(next_velocity);
        axpy(momentum, velocity, next_velocity);
        next_theta.copy_from_slice(theta);
        axpy(-step, next_velocity, next_theta);
    }

    fn jvp(
        &mut self,
        oracle: &mut Oracle,
        clock: Clock,
        lambda: &[f64],
        state: &[f64],
        state_tangent: &[f64],
        lambda_tangent: &[f64],
        out: &mut [f64],
    ) {
        let Setting { index, momentum_index, step, momentum } = self.setting(oracle, clock, lambda);
        let (theta, velocity) = state.split_at(oracle.inner_dimension());
        let (theta_tangent, velocity_tangent) = state_tangent.split_at(theta.len());
        let (theta_out, velocity_out) = out.split_at_mut(theta.len());
        oracle.move_to(lambda, theta);
        oracle.hvp(theta_tangent, velocity_out);
        oracle.cross_jvp(lambda_tangent, &mut self.scratch);
        axpy(1.0, &self.scratch, velocity_out);
        axpy(momentum, velocity_tangent, velocity_out);
        axpy(lambda_tangent[momentum_index], velocity, velocity_out);
        theta_out.copy_from_slice(theta_tangent);
        axpy(-step, velocity_out, theta_out);
        // ∂_s: the step taken moves along v' = βv + ∇g.
        oracle.inner_gradient(&mut self.scratch);
        axpy(momentum, velocity, &mut self.scratch);
        axpy(-step * lambda_tangent[index], &self.scratch, theta_out);
    }

    fn vjp(
        &mut self,
        oracle: &mut Oracle,
        clock: Clock,
        lambda: &[f64],
        state: &[f64],
        cotangent: &[f64],
        state_out: &mut [f64],
        lambda_out: &mut [f64],
    ) {
        let Setting { index, momentum_index, step, momentum } = self.setting(oracle, clock, lambda);
        let (theta, velocity) = state.split_at(oracle.inner_dimension());
        let (theta_cotangent, velocity_cotangent) = cotangent.split_at(theta.len());
        let (theta_out, velocity_out) = state_out.split_at_mut(theta.len());
        oracle.move_to(lambda, theta);
        oracle.inner_gradient(&mut self.scratch);
        axpy(momentum, velocity, &mut self.scratch);
        lambda_out[index] -= step * dot(theta_cotangent, &self.scratch);
        self.scratch.copy_from_slice(velocity_cotangent);
        axpy(-step, theta_cotangent, &mut self.scratch);
        lambda_out[momentum_index] += dot(&self.scratch, velocity);
        oracle.cross_vjp(&self.scratch, &mut self.outer_scratch);
        axpy(1.0, &self.outer_scratch, lambda_out);
        oracle.hvp(&self.scratch, theta_out);
        axpy(1.0, theta_cotangent, theta_out);
        for (target, m) in velocity_out.iter_mut().zip(&self.scratch) {
            *target = momentum * m;
        }
    }

    /// The step sizes are outer variables; none is in use throughout.
    fn step_size(&self) -> Option<f64> {
        None
    }

    fn clone_box(&self) -> Box<dyn Dynamics> {
        Box::new(self.clone())
    }
}
