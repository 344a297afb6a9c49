//! A quadratic form in (λ, θ), its value and its gradients.

use crate::math::Matrix;
use crate::math::vector::{axpy, dot};
use crate::problem::linear::sized;

/// `½θᵀPθ + ½λᵀQλ + λᵀRθ + sᵀθ + tᵀλ`.
pub(super) struct Form {
    /// P, d × d, symmetric.
    pub inner: Matrix,
    /// Q, p × p, symmetric.
    pub outer: Matrix,
    /// R, p × d.
    pub coupling: Matrix,
    /// s.
    pub inner_linear: Vec<f64>,
    /// t.
    pub outer_linear: Vec<f64>,
}

impl Form {
    /// The form itself.
    pub fn value(&self, lambda: &[f64], theta: &[f64], [inner, outer, ..]: &mut [Vec<f64>; 4]) -> f64 {
        let (inner, outer) = (sized(inner, theta.len()), sized(outer, lambda.len()));
        self.inner.apply(theta, inner);
        let mut total = 0.5 * dot(theta, inner) + dot(&self.inner_linear, theta);
        self.outer.apply(lambda, outer);
        total += 0.5 * dot(lambda, outer) + dot(&self.outer_linear, lambda);
        self.coupling.apply(theta, outer);
        total + dot(lambda, outer)
    }

    /// `Pθ + Rᵀλ + s`.
    pub fn gradient(&self, lambda: &[f64], theta: &[f64], scratch: &mut Vec<f64>, out: &mut [f64]) {
        let part = sized(scratch, theta.len());
        self.inner.apply(theta, out);
        self.coupling.apply_transposed(lambda, part);
        axpy(1.0, part, out);
        axpy(1.0, &self.inner_linear, out);
    }

    /// `Qλ + Rθ + t`.
    pub fn lambda_gradient(&self, lambda: &[f64], theta: &[f64], scratch: &mut Vec<f64>, out: &mut [f64]) {
        let part = sized(scratch, lambda.len());
        self.outer.apply(lambda, out);
        self.coupling.apply(theta, part);
        axpy(1.0, part, out);
        axpy(1.0, &self.outer_linear, out);
    }
}
