//! Factorizations of a symmetric matrix, for solving with it many times.

use faer::linalg::solvers::{Lblt, Llt, Solve};
use faer::{MatMut, Side};

use super::{Matrix, vector};

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

    #[test]
    fn a_matrix_that_is_not_finite_has_none() {
        assert!(Factorization::symmetric(&Matrix::from_fn(2, 2, |_, _| f64::NAN)).is_none());
    }
}
