//! Conjugate gradients for `A x = b` with a symmetric `A` known by its products.

use super::vector::{axpy, dot, norm, scale};

/// When to stop.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Largest number of iterations (one product each).
    pub iterations: usize,
    /// Stop once `‖b − A x‖ ≤ tolerance · ‖b‖` by the recurrence. Relative, so that a tiny `b` is solved too. Zero
    /// runs all iterations.
    pub tolerance: f64,
}

/// What the solver found. How well it solves the system is told by `b − A x`, which whoever asks computes anew: the
/// residual of the recurrence goes on falling where rounding has long stopped the other.
#[derive(Debug, Clone)]
pub struct Solution {
    /// The best iterate.
    pub x: Vec<f64>,
    /// Products with `A` that were used.
    pub products: usize,
    /// Whether a direction with `pᵀAp ≤ 0` was met: `A` is not positive definite.
    pub negative_curvature: bool,
}

/// Hestenes and Stiefel (1952) from `start` (zero when `None`).
///
/// Returns the best iterate in the quadratic model `½xᵀAx − bᵀx`, which decreases at every step
/// while `A` is positive definite, so the last iterate unless something broke.
pub fn conjugate_gradient(
    apply: impl FnMut(&[f64], &mut [f64]),
    b: &[f64],
    start: Option<&[f64]>,
    limits: Limits,
) -> Solution {
    let unit = unit(norm(b));
    if unit != 1.0 {
        let scaled = |x: &[f64]| x.iter().map(|x| x * unit).collect::<Vec<f64>>();
        let mut solution = conjugate_gradient_in_range(apply, &scaled(b), start.map(scaled).as_deref(), limits);
        scale(1.0 / unit, &mut solution.x);
        return solution;
    }
    conjugate_gradient_in_range(apply, b, start, limits)
}

/// The power of two by which a vector of this length is multiplied, so that its square is a number; no digit changes.
fn unit(length: f64) -> f64 {
    if length == 0.0 || !length.is_finite() || (1e-100..1e100).contains(&length) {
        return 1.0;
    }
    2f64.powi(-(length.log2() as i32).clamp(-1000, 1000))
}

fn conjugate_gradient_in_range(
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
    let mut best = (x.clone(), model(&x, &residual));
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
        }
        let ratio = next / square;
        for (p, r) in direction.iter_mut().zip(&residual) {
            *p = r + ratio * *p;
        }
        square = next;
    }
    Solution { x: best.0, products, negative_curvature }
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
        assert!(!solution.negative_curvature);
        assert!(super::super::vector::distance(&solution.x, &exact) < 1e-12);
    }

    #[test]
    fn a_tiny_right_hand_side_is_solved() {
        let matrix = hilbert_like(4);
        let b = [1e-30, -2e-30, 3e-30, 0.0];
        let limits = Limits { iterations: 8, tolerance: 1e-10 };
        let solution = conjugate_gradient(|v, out| matrix.apply(v, out), &b, None, limits);
        assert!(residual(&matrix, &solution.x, &b) < 1e-9 * norm(&b));
    }

    /// `‖b − Ax‖`.
    fn residual(matrix: &Matrix, x: &[f64], b: &[f64]) -> f64 {
        super::super::vector::distance(&matrix.times(x), b)
    }

    /// Squares of these are infinite or zero.
    #[test]
    fn numbers_whose_squares_are_none_are_solved_for_as_others_are() {
        let matrix = hilbert_like(4);
        let b = [1.0, -2.0, 3.0, 0.5];
        let limits = Limits { iterations: 8, tolerance: 1e-10 };
        let start = Some(&[0.1, 0.2, -0.3, 0.4][..]);
        for start in [None, start] {
            let plain = conjugate_gradient(|v, out| matrix.apply(v, out), &b, start, limits);
            for power in [-900, 700, 1000] {
                let by = 2f64.powi(power);
                let scaled = |x: &[f64]| x.iter().map(|x| x * by).collect::<Vec<f64>>();
                let start = start.map(scaled);
                let large = conjugate_gradient(|v, out| matrix.apply(v, out), &scaled(&b), start.as_deref(), limits);
                assert_eq!(large.products, plain.products);
                assert!(super::super::vector::distance(&large.x, &scaled(&plain.x)) <= 1e-12 * norm(&large.x));
            }
        }
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
        assert!(solution.negative_curvature);
        assert!(super::super::vector::is_finite(&solution.x));
    }
}
