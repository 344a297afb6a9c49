//! Proximal gradient: `θ_{t+1} = prox_{ηr}(θ_t − η ∇_θ s(θ_t, λ))` for `g = s + r` with r full of kinks (ISTA).
//!
//! With `z = θ − η∇s`, `∂_θΦ = ∂prox(z) (I − η∂²s)` and `∂_λΦ = ∂_λprox(z) − η ∂prox(z) ∂²_θλ s`. The proximal operator has no
//! derivative on a kink; elsewhere it lets through what moves and stops the rest, so that unrolling differentiates the run as
//! it was taken, support after support. Once the support is that of θ*, those are gradient steps on it. Cost: one gradient a
//! step; a gradient, a Hessian-vector and a cross product a derivative. Fails for η > 2/L.

use super::step::{STEP_AS_NUMBER, StepSize};
use super::{Dynamics, Entry};
use crate::catalog::{Card, Knobs};
use crate::draw::Clock;
use crate::problem::{Capability, Oracle, Requirement};

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "proximal-gradient",
        name: "Proximal gradient (ISTA)",
        source: "Beck and Teboulle 2009, section 2; differentiated in Deledalle et al. 2014 and Bertrand et al. 2020",
        equation: "θ ← prox_{ηr}(θ − η ∇s(θ)),  g = s + r",
        summary: "Every training step goes downhill on the smooth part and then shrinks towards zero, where entries \
                  stay. Gradient descent for penalties with kinks; the zeros of θ are exact.",
        cost: "1 gradient a step",
        fails: "Diverges for η > 2/L; slow when the Hessian on the support is ill-conditioned. While the support still \
                changes, so does what is differentiated.",
        knobs: &StepSize::KNOBS,
    },
    build: |knobs| Box::new(ProximalGradient::new(knobs)),
};

const PROXIMAL: Requirement = Requirement::always(Capability::Proximal);

#[derive(Clone)]
struct ProximalGradient {
    step: StepSize,
    /// θ − η∇s.
    moved: Vec<f64>,
    scratch: Vec<f64>,
    outer_scratch: Vec<f64>,
}

impl ProximalGradient {
    fn new(knobs: &Knobs) -> Self {
        Self { step: StepSize::of(knobs), moved: Vec::new(), scratch: Vec::new(), outer_scratch: Vec::new() }
    }

    /// Leaves `θ − η∇s` in `moved`.
    fn descend(&mut self, oracle: &mut Oracle, lambda: &[f64], state: &[f64]) {
        oracle.move_to(lambda, state);
        oracle.smooth_gradient(&mut self.moved);
        for (moved, theta) in self.moved.iter_mut().zip(state) {
            *moved = theta - self.step.now * *moved;
        }
    }
}

impl Dynamics for ProximalGradient {
    fn requires(&self) -> &'static [Requirement] {
        if self.step.is_automatic() { &[PROXIMAL, STEP_AS_NUMBER] } else { &[PROXIMAL] }
    }

    fn begin(&mut self, oracle: &mut Oracle, clock: Clock, lambda: &[f64], _: usize) {
        self.step.begin(oracle, clock, lambda);
        self.moved.resize(oracle.inner_dimension(), 0.0);
        self.scratch.resize(oracle.inner_dimension(), 0.0);
        self.outer_scratch.resize(lambda.len(), 0.0);
    }

    fn step(&mut self, oracle: &mut Oracle, _: Clock, lambda: &[f64], state: &[f64], next: &mut [f64]) {
        self.descend(oracle, lambda, state);
        next.copy_from_slice(&self.moved);
        oracle.prox(self.step.now, next);
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
        self.descend(oracle, lambda, state);
        oracle.smooth_hvp(state_tangent, out);
        oracle.smooth_cross_jvp(lambda_tangent, &mut self.scratch);
        for ((target, cross), tangent) in out.iter_mut().zip(&self.scratch).zip(state_tangent) {
            *target = tangent - self.step.now * (*target + cross);
        }
        oracle.prox_jvp(self.step.now, &self.moved, out, lambda_tangent);
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
        self.descend(oracle, lambda, state);
        self.scratch.copy_from_slice(cotangent);
        oracle.prox_vjp(self.step.now, &self.moved, &mut self.scratch, lambda_out);
        oracle.smooth_cross_vjp(&self.scratch, &mut self.outer_scratch);
        for (target, cross) in lambda_out.iter_mut().zip(&self.outer_scratch) {
            *target -= self.step.now * cross;
        }
        oracle.smooth_hvp(&self.scratch, state_out);
        for (target, a) in state_out.iter_mut().zip(&self.scratch) {
            *target = a - self.step.now * *target;
        }
    }

    fn step_size(&self) -> Option<f64> {
        Some(self.step.now)
    }

    fn clone_box(&self) -> Box<dyn Dynamics> {
        Box::new(self.clone())
    }
}
