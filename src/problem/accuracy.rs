//! How many digits of ∇F `f64` gives: how far ∇F moves when θ* and v are off by what rounding leaves of them.

use super::Oracle;
use crate::math::random::mix;
use crate::math::vector::{axpy, distance};
use crate::math::{Factorization, Matrix};

/// An exact answer as `f64` finds it; the oracle is at `(λ, θ)`.
pub(super) struct Found<'a> {
    pub(super) lambda: &'a [f64],
    pub(super) theta: &'a [f64],
    pub(super) adjoint: &'a [f64],
    pub(super) hypergradient: &'a [f64],
    pub(super) hessian: &'a Matrix,
    pub(super) factorization: &'a Factorization,
}

/// Patterns of rounding that are tried; the worst counts.
const PATTERNS: u64 = 2;

/// `‖∇F(θ + δθ, v + δv) − ∇F‖` with `Hδθ` as large as the rounding of `∇_θ g` and `Hδv` as large as that of
/// `∇_θ f − Hv`.
///
/// A gradient is a sum whose terms cancel at θ*. They are as large as `|H||θ|`, entry by entry, and where θ is small, as
/// `√(2Lg)`: no gradient of an L-smooth g ≥ 0 is longer, whatever cancels in it.
pub(super) fn rounding_error(oracle: &mut Oracle, found: &Found<'_>) -> f64 {
    let steepness = (2.0 * found.hessian.row_sum_norm() * oracle.inner_value().abs() / found.theta.len() as f64).sqrt();
    let of_gradient: Vec<f64> = magnitudes(found.hessian, found.theta).iter().map(|size| size + steepness).collect();
    let of_residual = magnitudes(found.hessian, found.adjoint);
    let moved = (0..PATTERNS).map(|pattern| {
        oracle.move_to(found.lambda, found.theta);
        let mut off = found.factorization.solve(&signed(&of_gradient, pattern));
        oracle.restrict(&mut off);
        let mut theta = found.theta.to_vec();
        axpy(1.0, &off, &mut theta);
        oracle.move_to(found.lambda, &theta);
        let mut residual = signed(&of_residual, PATTERNS + pattern);
        let mut part = vec![0.0; theta.len()];
        oracle.outer_gradient(&mut part);
        axpy(1.0, &part, &mut residual);
        oracle.restrict(&mut residual);
        oracle.hvp(found.adjoint, &mut part);
        axpy(-1.0, &part, &mut residual);
        let mut adjoint = found.factorization.solve(&residual);
        axpy(1.0, found.adjoint, &mut adjoint);
        distance(&hypergradient(oracle, &adjoint), found.hypergradient)
    });
    moved.fold(0.0, |worst, moved| if moved.is_nan() { moved } else { f64::max(worst, moved) })
}

/// `∇_λ f − Jᵀv` where the oracle stands.
pub(super) fn hypergradient(oracle: &mut Oracle, adjoint: &[f64]) -> Vec<f64> {
    let mut hypergradient = vec![0.0; oracle.outer_dimension()];
    let mut indirect = hypergradient.clone();
    oracle.outer_lambda_gradient(&mut hypergradient);
    oracle.cross_vjp(adjoint, &mut indirect);
    axpy(-1.0, &indirect, &mut hypergradient);
    hypergradient
}

/// `|H||x|`.
fn magnitudes(matrix: &Matrix, x: &[f64]) -> Vec<f64> {
    let size = |i: usize| matrix.row(i).iter().zip(x).map(|(entry, x)| (entry * x).abs()).sum::<f64>();
    (0..matrix.rows()).map(size).collect()
}

/// Rounding errors of numbers this large, up and down in a fixed order that looks like chance.
pub(super) fn signed(sizes: &[f64], pattern: u64) -> Vec<f64> {
    let sign = |place: usize| if mix(mix(pattern) ^ place as u64) & 1 == 0 { 0.5 } else { -0.5 };
    sizes.iter().enumerate().map(|(place, size)| sign(place) * f64::EPSILON * size).collect()
}
