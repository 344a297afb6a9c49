//! Factorizations of a symmetric matrix, for solving with it many times.

use faer::linalg::solvers::{Lblt, Llt, Solve};
use faer::{MatMut, Side};

use super::random::mix;
use super::{Matrix, vector};

/// Steps of the inverse power iteration.
const POWER_STEPS: usize = 6;

/// Beyond this condition `f64` does not tell a matrix from a singular one: a quarter of what rounding makes of those.
const MOST_CONDITION: f64 = 1e15;

/// Whether a matrix of this condition is singular to rounding; what is not a number is.
#[must_use]
pub fn is_singular(condition: f64) -> bool {
    condition.is_nan() || condition >= MOST_CONDITION
}

/// The solution of `A x = b` for any square matrix, by Gaussian elimination with partial pivoting; `None` when an entry is not
/// finite.
#[must_use]
pub fn solve_general(matrix: &Matrix, b: &[f64]) -> Option<Vec<f64>> {
    if !vector::is_finite(matrix.entries()) {
        return None;
    }
    let mut x = b.to_vec();
    let column = MatMut::from_column_major_slice_mut(&mut x, b.len(), 1);
    matrix.to_faer().partial_piv_lu().solve_in_place(column);
    Some(x)
}

/// The condition number of a symmetric matrix of such a size and [row sum norm](Matrix::row_sum_norm), as a few steps of the inverse
/// power iteration see it: at most the true one times the square root of the size, for a definite one. `solve` replaces `b` by the
/// solution of `A x = b`.
#[must_use]
pub fn condition_of(size: usize, row_sum_norm: f64, mut solve: impl FnMut(&mut [f64])) -> f64 {
    let sign = |place: usize| if mix(mix(0) ^ place as u64) & 1 == 0 { 0.5 } else { -0.5 };
    let mut x: Vec<f64> = (0..size).map(|place| sign(place) * f64::EPSILON).collect();
    let mut growth = f64::NAN;
    for _ in 0..POWER_STEPS {
        let size = vector::norm(&x);
        x.iter_mut().for_each(|x| *x /= size);
        solve(&mut x);
        growth = vector::norm(&x);
    }
    // A pivot of zero leaves no number.
    if growth.is_nan() { f64::INFINITY } else { row_sum_norm * growth }
}

/// A symmetric matrix, factorized.
#[derive(Debug, Clone)]
pub enum Factorization {
    /// Cholesky: the matrix is positive definite.
    Cholesky(Llt<f64>),
    /// Bunch–Kaufman: it is not, but could be factorized.
    Indefinite(Lblt<f64>),
}

impl Factorization {
    /// Cholesky where possible, Bunch–Kaufman where not; `None` when an entry is not finite.
    /// Only the lower half of `matrix` is read.
    #[must_use]
    pub fn symmetric(matrix: &Matrix) -> Option<Self> {
        if !vector::is_finite(matrix.entries()) {
            return None;
        }
        let matrix = matrix.to_faer();
        Some(match matrix.llt(Side::Lower) {
            Ok(factor) => Self::Cholesky(factor),
            Err(_) => Self::Indefinite(matrix.lblt(Side::Lower)),
        })
    }

    /// Whether the matrix is positive definite.
    #[must_use]
    pub fn is_positive_definite(&self) -> bool {
        matches!(self, Self::Cholesky(_))
    }

    /// Replaces `b` by the solution of `A x = b`.
    pub fn solve_in_place(&self, b: &mut [f64]) {
        let size = b.len();
        let column = MatMut::from_column_major_slice_mut(b, size, 1);
        match self {
            Self::Cholesky(factor) => factor.solve_in_place(column),
            Self::Indefinite(factor) => factor.solve_in_place(column),
        }
    }

    /// The condition number of `matrix`, which this factorizes, as [`condition_of`] sees it. Cost: a few solves.
    #[must_use]
    pub fn condition(&self, matrix: &Matrix) -> f64 {
        condition_of(matrix.rows(), matrix.row_sum_norm(), |x| self.solve_in_place(x))
    }

    /// The solution of `A x = b`.
    #[must_use]
    pub fn solve(&self, b: &[f64]) -> Vec<f64> {
        let mut x = b.to_vec();
        self.solve_in_place(&mut x);
        x
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn solves_definite_and_indefinite_systems() {
        for diagonal in [[4.0, 3.0], [-4.0, 3.0]] {
            let matrix = Matrix::from_fn(2, 2, |i, j| if i == j { diagonal[i] } else { 1.0 });
            let factorization = Factorization::symmetric(&matrix).unwrap();
            assert_eq!(factorization.is_positive_definite(), diagonal[0] > 0.0);
            let back = matrix.times(&factorization.solve(&[1.0, 2.0]));
            assert!(vector::distance(&back, &[1.0, 2.0]) < 1e-14);
        }
    }

    /// The Hilbert matrix of six rows has condition 1.4951e7 in the 2-norm (Todd 1961), and a row sum of 2.45 beside a largest
    /// eigenvalue of 1.6189.
    #[test]
    fn the_condition_is_that_of_the_hilbert_matrix_and_singular_matrices_are_told() {
        let hilbert = Matrix::from_fn(6, 6, |i, j| 1.0 / (i + j + 1) as f64);
        let condition = Factorization::symmetric(&hilbert).unwrap().condition(&hilbert);
        let expected = 1.4951e7 * 2.45 / 1.6189;
        assert!((condition / expected - 1.0).abs() < 1e-3 && !is_singular(condition), "{condition}, {expected}");
        // Of rank one, and of rank two where rounding decides about the signs of the pivots.
        for matrix in [Matrix::from_fn(3, 3, |_, _| 1.0), Matrix::from_fn(3, 3, |i, j| 0.1 * (i * j) as f64 + 0.7)] {
            let condition = Factorization::symmetric(&matrix).unwrap().condition(&matrix);
            assert!(is_singular(condition), "{condition}");
        }
    }

    #[test]
    fn a_matrix_that_is_not_finite_has_none() {
        assert!(Factorization::symmetric(&Matrix::from_fn(2, 2, |_, _| f64::NAN)).is_none());
    }
}
