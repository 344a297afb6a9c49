//! A quadratic form in (λ, θ), its value and its gradients.

use crate::math::Matrix;
use crate::math::double::Double;
use crate::math::vector::{axpy, dot};
use crate::problem::linear::sized;
use crate::problem::{PreciseLocation, Rounding};

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

    /// As [`gradient`](Self::gradient), with twice the digits.
    pub fn precise_gradient(&self, at: PreciseLocation<'_>, out: &mut [Double]) {
        self.precise_curvature(at.rounding, at.theta, out);
        let (coupling, linear) = (at.rounding.apart(COUPLING), at.rounding.apart(LINEAR));
        for (j, (target, entry)) in out.iter_mut().zip(&self.inner_linear).enumerate() {
            for (i, lambda) in at.lambda.iter().enumerate() {
                *target += coupling.of(self.coupling[(i, j)], i * at.theta.len() + j) * *lambda;
            }
            *target += linear.of(*entry, j);
        }
    }

    /// As [`lambda_gradient`](Self::lambda_gradient), with twice the digits.
    pub fn precise_lambda_gradient(&self, at: PreciseLocation<'_>, out: &mut [Double]) {
        self.precise_coupling(at.rounding, at.theta, out);
        let (own, linear) = (at.rounding.apart(OUTER), at.rounding.apart(OUTER_LINEAR));
        for (i, (target, entry)) in out.iter_mut().zip(&self.outer_linear).enumerate() {
            for (k, lambda) in at.lambda.iter().enumerate() {
                *target += own.of(self.outer[(i, k)], i.max(k) * at.lambda.len() + i.min(k)) * *lambda;
            }
            *target += linear.of(*entry, i);
        }
    }

    /// `P v`.
    pub fn precise_curvature(&self, rounding: Rounding, v: &[Double], out: &mut [Double]) {
        // A symmetric matrix stays one: both halves are rounded as the lower is.
        precise_product(&self.inner, |i, j| rounding.of(self.inner[(i, j)], i.max(j) * v.len() + i.min(j)), v, out);
    }

    /// `R v`.
    pub fn precise_coupling(&self, rounding: Rounding, v: &[Double], out: &mut [Double]) {
        let rounding = rounding.apart(COUPLING);
        precise_product(&self.coupling, |i, j| rounding.of(self.coupling[(i, j)], i * v.len() + j), v, out);
    }
}

/// Streams of roundings: one for each array of a form, beside that of P.
const COUPLING: u64 = 2;
const LINEAR: u64 = 3;
const OUTER: u64 = 4;
const OUTER_LINEAR: u64 = 5;

fn precise_product(matrix: &Matrix, entry: impl Fn(usize, usize) -> Double, v: &[Double], out: &mut [Double]) {
    for (i, target) in out.iter_mut().enumerate().take(matrix.rows()) {
        *target = v.iter().enumerate().fold(Double::ZERO, |sum, (j, v)| sum + entry(i, j) * *v);
    }
}
