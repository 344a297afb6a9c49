//! Conjugate gradients for `A x = b` with a symmetric `A` known by its products.

use super::vector::{axpy, dot, norm};

/// When to stop.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Largest number of iterations (one product each).
    pub iterations: usize,
    /// Stop once `‖b − A x‖ ≤ tolerance · ‖b‖`. Relative, so that a tiny `b` is solved too. Zero
    /// runs all iterations.
    pub tolerance: f64,
}

/// What the solver found, and what it says of itself.
#[derive(Debug, Clone)]
pub struct Solution {
    /// The best iterate.
    pub x: Vec<f64>,
    /// Products with `A` that were used.
    pub products: usize,
    /// `‖b − A x‖ / ‖b‖` by the recurrence.
    pub residual: f64,
    /// Whether the tolerance was reached.
    pub converged: bool,
    /// Whether a direction with `pᵀAp ≤ 0` was met: `A` is not positive definite.
    pub negative_curvature: bool,
}

/// Hestenes and Stiefel (1952) from `start` (zero when `None`).
///
/// Returns the best iterate in the quadratic model `½xᵀAx − bᵀx`, which decreases at every step
/// while `A` is positive definite, so the last iterate unless something broke.
pub fn conjugate_gradient(
    mut apply: impl FnMut(&[f64], &mut [f64]),
    b: &[f64],
    start: Option<&[f64]>,
    limits: Limits,
) -> Solution {
    let scale = norm(b);
    let mut x = start.map_or_else(|| vec![0.0; b.len()], <[f64]>::to_vec);
    let mut product = vec![0.0; b.len()];
    let mut residual = b.to_vec();
    let mut products = 0;
    if start.is_some() {
        apply(&x, &mut product);
        products += 1;
        axpy(-1.0, &product, &mut residual);
    }
    let model = |x: &[f64], residual: &[f64]| -0.5 * (dot(x, b) + dot(x, residual));
    let mut best = (x.clone(), model(&x, &residual), norm(&residual));
    let mut direction = residual.clone();
    let mut square = dot(&residual, &residual);
    let mut negative_curvature = false;
    let reached = |square: f64| limits.tolerance > 0.0 && square.sqrt() <= limits.tolerance * scale;
    for _ in 0..limits.iterations {
        if square == 0.0 || !square.is_finite() || reached(square) {
            break;
        }
        apply(&direction, &mut product);
        products += 1;
        let curvature = dot(&direction, &product);
        if curvature <= 0.0 {
            // An underflow of a converged residual is not negative curvature.
            negative_curvature = curvature < 0.0 || norm(&direction) > 1e-150;
            break;
        }
        let step = square / curvature;
        axpy(step, &direction, &mut x);
        axpy(-step, &product, &mut residual);
        let next = dot(&residual, &residual);
        let value = model(&x, &residual);
        // The model is flat to rounding near the solution; a later iterate is then the better one.
        if value <= best.1 + 1e-12 * best.1.abs() {
            best.0.copy_from_slice(&x);
            best.1 = value;
            best.2 = next.sqrt();
        }
        let ratio = next / square;
        for (p, r) in direction.iter_mut().zip(&residual) {
            *p = r + ratio * *p;
        }
        square = next;
    }
    let relative = if scale > 0.0 { best.2 / scale } else { best.2 };
    Solution {
        x: best.0,
        products,
        residual: relative,
        converged: relative <= limits.tolerance.max(1e-14),
        negative_curvature,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::{Factorization, Matrix};

    fn hilbert_like(size: usize) -> Matrix {
        Matrix::from_fn(size, size, |i, j| 1.0 / ((i + j + 1) as f64) + if i == j { 1.0 } else { 0.0 })
    }

    #[test]
    fn agrees_with_the_dense_answer() {
        let matrix = hilbert_like(7);
        let b: Vec<f64> = (0..7).map(|i| f64::from(i) - 2.5).collect();
        let exact = Factorization::symmetric(&matrix).unwrap().solve(&b);
        let limits = Limits { iterations: 20, tolerance: 1e-14 };
        let solution = conjugate_gradient(|v, out| matrix.apply(v, out), &b, None, limits);
        assert!(solution.converged && !solution.negative_curvature);
        assert!(super::super::vector::distance(&solution.x, &exact) < 1e-12);
    }

    #[test]
    fn a_tiny_right_hand_side_is_solved() {
        let matrix = hilbert_like(4);
        let b = [1e-30, -2e-30, 3e-30, 0.0];
        let limits = Limits { iterations: 8, tolerance: 1e-10 };
        let solution = conjugate_gradient(|v, out| matrix.apply(v, out), &b, None, limits);
        assert!(norm(&solution.x) > 1e-31);
        assert!(solution.converged);
    }

    #[test]
    fn negative_curvature_is_reported_with_the_best_iterate() {
        let matrix = Matrix::from_fn(2, 2, |i, j| {
            if i != j {
                0.0
            } else if i == 0 {
                2.0
            } else {
                -1.0
            }
        });
        let limits = Limits { iterations: 10, tolerance: 1e-10 };
        let solution = conjugate_gradient(|v, out| matrix.apply(v, out), &[1.0, 0.1], None, limits);
        assert!(solution.negative_curvature && !solution.converged);
        assert!(super::super::vector::is_finite(&solution.x));
    }
}
