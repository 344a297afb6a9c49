//! Neumann series and fixed-point iterations for `A x = b`.

use super::vector::{axpy, norm};

/// Where a fixed-point iteration ended, and whether it was getting anywhere.
#[derive(Debug, Clone)]
pub struct FixedPoint {
    /// The last iterate.
    pub x: Vec<f64>,
    /// Relative residual `‖b − A x‖/‖b‖` of the iterate before the last update, which comes for
    /// free; NaN without products.
    residual_before_last: f64,
    /// The same for the iterate it started from. The residual shrinks at every update when
    /// `0 < step < 2/L`, so a larger one later means divergence.
    start_residual: f64,
}

impl FixedPoint {
    /// Whether the iterates move away from the solution.
    #[must_use]
    pub fn diverges(&self) -> bool {
        !super::vector::is_finite(&self.x) || self.residual_before_last > self.start_residual * (1.0 + 1e-9)
    }
}

/// Adds `products` further terms of `step · Σ_j (I − step A)ʲ b`, starting from the fixed-point
/// iterate `start` (the first term, `step b`, when `None`).
///
/// The fixed-point map is `x ← (I − step A) x + step b`; started from zero its iterate `k + 1` is the
/// Neumann sum with `k` products and `k + 1` terms.
pub fn fixed_point(
    mut apply: impl FnMut(&[f64], &mut [f64]),
    b: &[f64],
    start: Option<&[f64]>,
    step: f64,
    products: usize,
) -> FixedPoint {
    let mut x = start.map_or_else(|| b.iter().map(|value| step * value).collect(), <[f64]>::to_vec);
    let mut residual = vec![0.0; b.len()];
    let scale = norm(b);
    let mut relative = f64::NAN;
    // The residual of x = 0 is b itself, and no product is needed to know it.
    let mut start_residual = if start.is_none() && scale > 0.0 { 1.0 } else { f64::NAN };
    for index in 0..products {
        apply(&x, &mut residual);
        for (r, value) in residual.iter_mut().zip(b) {
            *r = value - *r;
        }
        relative = if scale > 0.0 { norm(&residual) / scale } else { norm(&residual) };
        if index == 0 && start.is_some() {
            start_residual = relative;
        }
        axpy(step, &residual, &mut x);
    }
    FixedPoint { x, residual_before_last: relative, start_residual }
}

/// `step · Σ_{k ≤ products} p_k` with `p_0 = b` and `p_k = (I − step A_k) p_{k−1}`, the Neumann series of a matrix that
/// is another one for every product: where A is drawn, the sum whose mean is that of the mean of A (Ji, Yang and Liang
/// 2021, algorithm 1). `apply` multiplies by A_1, A_2, … in this order.
pub fn neumann_of_draws(mut apply: impl FnMut(&[f64], &mut [f64]), b: &[f64], step: f64, products: usize) -> Vec<f64> {
    let mut term: Vec<f64> = b.iter().map(|value| step * value).collect();
    let mut sum = term.clone();
    let mut product = vec![0.0; b.len()];
    for _ in 0..products {
        apply(&term, &mut product);
        axpy(-step, &product, &mut term);
        axpy(1.0, &term, &mut sum);
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sum_is_geometric_for_a_scalar() {
        let sum = fixed_point(|v, out| out[0] = 2.0 * v[0], &[3.0], None, 0.25, 4);
        let expected = 3.0 / 2.0 * (1.0 - 0.5f64.powi(5));
        assert!((sum.x[0] - expected).abs() < 1e-15);
        assert!(!sum.diverges());
    }

    /// `b (1 + (1 − ηa₁) + (1 − ηa₂)(1 − ηa₁)) η`, which a fixed-point iteration over the same draws would not give.
    #[test]
    fn the_series_of_draws_multiplies_them_in_order() {
        let mut curvatures = [2.0, 3.0].into_iter();
        let apply = |v: &[f64], out: &mut [f64]| out[0] = curvatures.next().unwrap() * v[0];
        let sum = neumann_of_draws(apply, &[4.0], 0.1, 2);
        assert!((sum[0] - 0.4 * (1.0 + 0.8 + 0.7 * 0.8)).abs() < 1e-15);
    }

    #[test]
    fn a_step_beyond_twice_the_inverse_curvature_diverges() {
        for start in [None, Some(&[5.0][..])] {
            assert!(fixed_point(|v, out| out[0] = 2.0 * v[0], &[3.0], start, 1.01, 3).diverges());
        }
    }
}
