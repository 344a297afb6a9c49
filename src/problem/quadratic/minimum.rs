//! Where F is least. With both objectives quadratic, ∇F is linear in λ, so p + 1 of its values say all of it.

use super::form::Form;
use crate::math::vector::axpy;
use crate::math::{Factorization, Matrix};
use crate::problem::Minimum;

/// λ with `∇F(λ) = ∇F(0) + Qλ = 0`; nothing where Q is not positive definite, since F then has no least value.
pub(super) fn minimum(g: &Form, f: &Form, inner: &Factorization) -> Option<Minimum> {
    let outer = f.outer_linear.len();
    let mut unit = vec![0.0; outer];
    let constant = gradient(g, f, inner, &unit);
    let mut curvature = Matrix::zeros(outer, outer);
    for j in 0..outer {
        unit[j] = 1.0;
        let mut column = gradient(g, f, inner, &unit);
        unit[j] = 0.0;
        axpy(-1.0, &constant, &mut column);
        curvature.set_column(j, &column);
    }
    let symmetric = Matrix::from_fn(outer, outer, |i, j| f64::midpoint(curvature[(i, j)], curvature[(j, i)]));
    let factorization = Factorization::symmetric(&symmetric).filter(Factorization::is_positive_definite)?;
    let lambda: Vec<f64> = factorization.solve(&constant).into_iter().map(|entry| -entry).collect();
    let value = f.value(&lambda, &solution(g, inner, &lambda), &mut Default::default());
    Some(Minimum { lambda, others: Vec::new(), value })
}

/// θ*(λ) = −A⁻¹(Cᵀλ + a).
pub(super) fn solution(g: &Form, inner: &Factorization, lambda: &[f64]) -> Vec<f64> {
    let mut theta = g.coupling.transposed_times(lambda);
    axpy(1.0, &g.inner_linear, &mut theta);
    theta.iter_mut().for_each(|value| *value = -*value);
    inner.solve_in_place(&mut theta);
    theta
}

/// ∇F(λ) = ∇_λ f − C A⁻¹ ∇_θ f at θ*(λ).
fn gradient(g: &Form, f: &Form, inner: &Factorization, lambda: &[f64]) -> Vec<f64> {
    let theta = solution(g, inner, lambda);
    let (mut adjoint, mut direct) = (vec![0.0; theta.len()], vec![0.0; lambda.len()]);
    f.gradient(lambda, &theta, &mut Vec::new(), &mut adjoint);
    inner.solve_in_place(&mut adjoint);
    f.lambda_gradient(lambda, &theta, &mut Vec::new(), &mut direct);
    axpy(-1.0, &g.coupling.times(&adjoint), &mut direct);
    direct
}
