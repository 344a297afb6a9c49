//! Cholesky's factorization with twice the precision, for matrices that `f64` cannot tell from singular ones.

use super::double::Double;

/// L with `A = LLᵀ`, the rows of its lower half one after the other.
#[derive(Debug, Clone)]
pub struct DoubleCholesky {
    lower: Vec<Double>,
    size: usize,
}

impl DoubleCholesky {
    /// Of a symmetric matrix of `size` rows, row-major; only its lower half is read. `None` where it is not positive
    /// definite to 30 digits or an entry is not finite. Cost: `size³/6` products of about twenty operations each.
    #[must_use]
    pub fn of(matrix: &[Double], size: usize) -> Option<Self> {
        let mut lower = vec![Double::ZERO; size * size];
        for i in 0..size {
            for j in 0..=i {
                let (row, other) = (&lower[i * size..i * size + j], &lower[j * size..j * size + j]);
                let left = row.iter().zip(other).fold(matrix[i * size + j], |sum, (a, b)| sum - *a * *b);
                lower[i * size + j] = if i > j {
                    left / lower[j * size + j]
                } else if left.high > 0.0 && left.high.is_finite() {
                    left.sqrt()
                } else {
                    return None;
                };
            }
        }
        Some(Self { lower, size })
    }

    /// The solution of `A x = b`.
    #[must_use]
    pub fn solve(&self, b: &[Double]) -> Vec<Double> {
        let mut x = b.to_vec();
        for i in 0..self.size {
            let row = &self.lower[i * self.size..=i * self.size + i];
            let left = row[..i].iter().zip(&x).fold(x[i], |sum, (a, b)| sum - *a * *b);
            x[i] = left / row[i];
        }
        for i in (0..self.size).rev() {
            let below = (i + 1..self.size).fold(x[i], |sum, k| sum - self.lower[k * self.size + i] * x[k]);
            x[i] = below / self.lower[i * self.size + i];
        }
        x
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::double::dot;

    /// The Hilbert matrix of nine rows: its condition number is 5e11, its inverse is whole (Choi 1983), and the first
    /// column of it is known from binomial coefficients.
    #[test]
    fn the_hilbert_matrix_is_inverted_to_twenty_digits() {
        let size = 9;
        let entry = |i: usize, j: usize| Double::ONE / ((i + j + 1) as f64);
        let matrix: Vec<Double> = (0..size * size).map(|at| entry(at / size, at % size)).collect();
        let mut unit = vec![Double::ZERO; size];
        unit[0] = Double::ONE;
        let found = DoubleCholesky::of(&matrix, size).unwrap().solve(&unit);
        let expected =
            [81.0, -3240.0, 41580.0, -249_480.0, 810_810.0, -1_513_512.0, 1_621_620.0, -926_640.0, 218_790.0];
        for (found, expected) in found.iter().zip(expected) {
            assert!(((*found - expected.into()) / expected).high.abs() < 1e-18, "{found:?}, {expected}");
        }
        let back: Vec<Double> = matrix.chunks(size).map(|row| dot(row, &found)).collect();
        assert!((back[0] - Double::ONE).high.abs() < 1e-22 && back[5].high.abs() < 1e-22);
    }

    #[test]
    fn what_is_not_positive_definite_has_none() {
        let matrix = |corner: f64| [1.0, 2.0, 2.0, corner].map(Double::from);
        assert!(DoubleCholesky::of(&matrix(4.0 + 1e-14), 2).is_some());
        for corner in [4.0, -1.0, f64::NAN] {
            assert!(DoubleCholesky::of(&matrix(corner), 2).is_none(), "{corner}");
        }
    }
}
