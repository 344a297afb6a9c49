//! Newton's method: `θ_{t+1} = θ_t − H⁻¹ ∇_θ g`.
//!
//! With `n = H⁻¹∇g` the tangent of a step is `H⁻¹(∂³g[n, θ̇, ·] − Jλ̇ + (∂_λH[λ̇])n)`; with
//! `q = H⁻¹a` its transpose is `∂³g[n, q, ·]` and `−Jᵀq + ∂_λ(qᵀHn)`. Unrolled once it is the total
//! derivative through a Newton step. Cost: one Hessian and one factorization a step. Fails where H
//! is singular: the step is then NaN and shown as such.

use super::gradient_descent::SMOOTH;
use super::{Dynamics, Entry};
use crate::catalog::Card;
use crate::draw::Clock;
use crate::math::Factorization;
use crate::math::vector::axpy;
use crate::problem::{Oracle, Requirement};

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "newton",
        name: "Newton",
        source: "Newton's method; its derivative as in Ye et al. 2024, section 3",
        equation: "θ ← θ − H⁻¹ ∇g(θ)",
        summary: "Every training step uses the curvature to jump to where the minimum seems to be. Quadratic \
                  convergence, exact after one step on a quadratic.",
        cost: "1 gradient, d Hessian-vector products and 1 factorization a step",
        fails: "Far from the solution a full step can overshoot; NaN where H is singular.",
        knobs: &[],
    },
    build: |_| Box::new(Newton::default()),
};

#[derive(Clone, Default)]
struct Newton {
    outer_scratch: Vec<f64>,
}

/// H factorized and `H⁻¹∇g` where the oracle stands.
fn newton_step(oracle: &mut Oracle) -> (Option<Factorization>, Vec<f64>) {
    let mut step = vec![0.0; oracle.inner_dimension()];
    oracle.inner_gradient(&mut step);
    let factorization = Factorization::symmetric(&oracle.hessian());
    oracle.count_factorization();
    match &factorization {
        Some(factorization) => factorization.solve_in_place(&mut step),
        None => step.fill(f64::NAN),
    }
    (factorization, step)
}

impl Dynamics for Newton {
    fn requires(&self) -> &'static [Requirement] {
        &[SMOOTH, Requirement::WHOLE_HESSIAN]
    }

    fn begin(&mut self, _: &mut Oracle, _: Clock, lambda: &[f64], _: usize) {
        self.outer_scratch.resize(lambda.len(), 0.0);
    }

    fn step(&mut self, oracle: &mut Oracle, _: Clock, lambda: &[f64], state: &[f64], next: &mut [f64]) {
        oracle.move_to(lambda, state);
        let (_, step) = newton_step(oracle);
        next.copy_from_slice(state);
        axpy(-1.0, &step, next);
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
        let (factorization, step) = newton_step(oracle);
        let mut part = vec![0.0; out.len()];
        oracle.third_inner(&step, state_tangent, out);
        oracle.cross_jvp(lambda_tangent, &mut part);
        axpy(-1.0, &part, out);
        oracle.third_cross_jvp(lambda_tangent, &step, &mut part);
        axpy(1.0, &part, out);
        match factorization {
            Some(factorization) => factorization.solve_in_place(out),
            None => out.fill(f64::NAN),
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
        oracle.move_to(lambda, state);
        let (factorization, step) = newton_step(oracle);
        let Some(factorization) = factorization else {
            state_out.fill(f64::NAN);
            lambda_out.fill(f64::NAN);
            return;
        };
        let adjoint = factorization.solve(cotangent);
        oracle.third_inner(&step, &adjoint, state_out);
        oracle.cross_vjp(&adjoint, &mut self.outer_scratch);
        axpy(-1.0, &self.outer_scratch, lambda_out);
        oracle.third_cross_vjp(&adjoint, &step, &mut self.outer_scratch);
        axpy(1.0, &self.outer_scratch, lambda_out);
    }

    fn step_size(&self) -> Option<f64> {
        None
    }

    fn clone_box(&self) -> Box<dyn Dynamics> {
        Box::new(self.clone())
    }
}
