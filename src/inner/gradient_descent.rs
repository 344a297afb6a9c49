//! Gradient descent: `θ_{t+1} = θ_t − η ∇_θ g(θ_t, λ)`.
//!
//! `∂_θΦ = I − ηH`, `∂_λΦ = −ηJ`. Cost: one gradient a step, one Hessian-vector and one cross
//! product a derivative. Fails for η > 2/L, where it diverges on a quadratic.

use super::step::{STEP_AS_NUMBER, StepSize};
use super::{Columns, Dynamics, Entry, Tangents};
use crate::catalog::{Card, Knobs};
use crate::draw::Clock;
use crate::math::vector::axpy;
use crate::problem::{Capability, Oracle, Requirement};

/// What every step along `−∇g` asks for: where g has kinks, its subgradients neither shrink towards θ* nor make zeros.
pub(super) const SMOOTH: Requirement = Requirement::always(Capability::Smooth);

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "gradient-descent",
        name: "Gradient descent",
        source: "Cauchy 1847; unrolled in Franceschi et al. 2017, section 3",
        equation: "θ ← θ − η ∇g(θ)",
        summary: "Every training step goes straight downhill, by a fixed fraction of the slope. The step size is \
                  constant in an inner run.",
        cost: "1 gradient a step",
        fails: "Diverges for η > 2/L; slow when the Hessian is ill-conditioned.",
        knobs: &StepSize::KNOBS,
    },
    build: |knobs| Box::new(GradientDescent::new(knobs)),
};

#[derive(Clone)]
struct GradientDescent {
    step: StepSize,
    scratch: Vec<f64>,
    outer_scratch: Vec<f64>,
}

impl GradientDescent {
    fn new(knobs: &Knobs) -> Self {
        Self { step: StepSize::of(knobs), scratch: Vec::new(), outer_scratch: Vec::new() }
    }
}

impl Dynamics for GradientDescent {
    fn requires(&self) -> &'static [Requirement] {
        if self.step.is_automatic() { &[SMOOTH, STEP_AS_NUMBER] } else { &[SMOOTH] }
    }

    fn begin(&mut self, oracle: &mut Oracle, clock: Clock, lambda: &[f64], _: usize) {
        self.step.begin(oracle, clock, lambda);
        self.scratch.resize(oracle.inner_dimension(), 0.0);
        self.outer_scratch.resize(lambda.len(), 0.0);
    }

    fn step(&mut self, oracle: &mut Oracle, _: Clock, lambda: &[f64], state: &[f64], next: &mut [f64]) {
        oracle.move_to(lambda, state);
        descend(oracle, self.step.now, state, next);
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
        oracle.move_to(lambda, state);
        descend_jvp(oracle, self.step.now, state_tangent, lambda_tangent, &mut self.scratch, out);
    }

    fn jvps(&mut self, oracle: &mut Oracle, _: Clock, lambda: &[f64], state: &[f64], tangents: &mut Tangents) {
        oracle.move_to(lambda, state);
        let Columns { count, own, panel, products, .. } = tangents.columns(oracle);
        oracle.hvps(panel, count, products);
        oracle.add_cross_columns(own, count, products);
        axpy(-self.step.now, products, panel);
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
        oracle.move_to(lambda, state);
        descend_vjp(oracle, self.step.now, cotangent, &mut self.outer_scratch, state_out, lambda_out);
    }

    fn step_size(&self) -> Option<f64> {
        Some(self.step.now)
    }

    fn clone_box(&self) -> Box<dyn Dynamics> {
        Box::new(self.clone())
    }
}

/// `next = state − step ∇g` where the oracle stands.
pub(super) fn descend(oracle: &mut Oracle, step: f64, state: &[f64], next: &mut [f64]) {
    oracle.inner_gradient(next);
    for (target, theta) in next.iter_mut().zip(state) {
        *target = theta - step * *target;
    }
}

/// `out = (I − step H) θ̇ − step J λ̇` where the oracle stands.
pub(super) fn descend_jvp(
    oracle: &mut Oracle,
    step: f64,
    state_tangent: &[f64],
    lambda_tangent: &[f64],
    scratch: &mut [f64],
    out: &mut [f64],
) {
    oracle.hvp(state_tangent, out);
    oracle.cross_jvp(lambda_tangent, scratch);
    for ((target, cross), tangent) in out.iter_mut().zip(scratch.iter()).zip(state_tangent) {
        *target = tangent - step * (*target + cross);
    }
}

/// `state_out = (I − step H) a`, `lambda_out −= step Jᵀ a` where the oracle stands.
pub(super) fn descend_vjp(
    oracle: &mut Oracle,
    step: f64,
    cotangent: &[f64],
    outer_scratch: &mut [f64],
    state_out: &mut [f64],
    lambda_out: &mut [f64],
) {
    oracle.cross_vjp(cotangent, outer_scratch);
    for (target, cross) in lambda_out.iter_mut().zip(outer_scratch.iter()) {
        *target -= step * cross;
    }
    oracle.hvp(cotangent, state_out);
    for (target, a) in state_out.iter_mut().zip(cotangent) {
        *target = a - step * *target;
    }
}
