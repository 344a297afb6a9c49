//! Gradient descent: `θ_{t+1} = θ_t − η ∇_θ g(θ_t, λ)`.
//!
//! `∂_θΦ = I − ηH`, `∂_λΦ = −ηJ`. Cost: one gradient a step, one Hessian-vector and one cross
//! product a derivative. Fails for η > 2/L, where it diverges on a quadratic.

use super::{Dynamics, Entry};
use crate::catalog::{Card, FALL_AFTER, FALL_POWER, Falling, Kind, Knob, Knobs};
use crate::draw::Clock;
use crate::problem::{Capability, Oracle, Requirement};

/// The step size knob that first-order dynamics share.
pub(super) const STEP: Knob = Knob {
    key: "step",
    help: "Step size η; Auto is 1/L with L a bound on the curvature of g at this λ.",
    kind: Kind::Automatic { range: (1e-8, 1e4) },
};

/// What [`STEP`] asks of a problem when it is automatic.
pub(super) const STEP_AS_NUMBER: Requirement =
    Requirement::by_knob(Capability::CurvatureBound, "step", "write `step` as a number: `step: Fixed(0.1)`");

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
        knobs: &[STEP, FALL_POWER, FALL_AFTER],
    },
    build: |knobs| Box::new(GradientDescent::new(knobs)),
};

#[derive(Clone)]
struct GradientDescent {
    fixed: Option<f64>,
    falling: Falling,
    step: f64,
    scratch: Vec<f64>,
    outer_scratch: Vec<f64>,
}

impl GradientDescent {
    fn new(knobs: &Knobs) -> Self {
        let fixed = knobs.automatic("step");
        Self {
            fixed,
            falling: Falling::of(knobs),
            step: fixed.unwrap_or(f64::NAN),
            scratch: Vec::new(),
            outer_scratch: Vec::new(),
        }
    }
}

impl Dynamics for GradientDescent {
    fn requires(&self) -> &'static [Requirement] {
        if self.fixed.is_none() { &[SMOOTH, STEP_AS_NUMBER] } else { &[SMOOTH] }
    }

    fn begin(&mut self, oracle: &mut Oracle, clock: Clock, lambda: &[f64]) {
        self.step = self.falling.at(step_size(self.fixed, oracle, lambda), clock.outer);
        self.scratch.resize(oracle.inner_dimension(), 0.0);
        self.outer_scratch.resize(lambda.len(), 0.0);
    }

    fn step(&mut self, oracle: &mut Oracle, _: Clock, lambda: &[f64], state: &[f64], next: &mut [f64]) {
        oracle.move_to(lambda, state);
        descend(oracle, self.step, state, next);
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
        descend_jvp(oracle, self.step, state_tangent, lambda_tangent, &mut self.scratch, out);
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
        descend_vjp(oracle, self.step, cotangent, &mut self.outer_scratch, state_out, lambda_out);
    }

    fn step_size(&self) -> Option<f64> {
        Some(self.step)
    }

    fn clone_box(&self) -> Box<dyn Dynamics> {
        Box::new(self.clone())
    }
}

/// The number given, or `1/L(λ)`; NaN for a problem that has no L, which [`STEP_AS_NUMBER`] refuses beforehand.
pub(super) fn step_size(fixed: Option<f64>, oracle: &Oracle, lambda: &[f64]) -> f64 {
    let bound = || oracle.problem().curvature_bound(&lambda[..oracle.outer_dimension()]);
    fixed.unwrap_or_else(|| 1.0 / bound().unwrap_or(f64::NAN))
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
