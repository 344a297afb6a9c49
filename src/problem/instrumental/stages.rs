//! The two regressions in closed form.

use crate::data::Samples;
use crate::math::vector::{axpy, dot};
use crate::math::{Factorization, Matrix, is_singular};
use crate::problem::Minimum;

use super::basis::Basis;

/// Functions of some rows, their targets, and how much each counts: all alike where there are no weights.
pub(super) struct Rows {
    pub functions: Matrix,
    pub targets: Vec<f64>,
    pub weights: Vec<f64>,
}

impl Rows {
    /// Functions of a basis at the rows of a set.
    pub fn of(basis: &Basis, samples: &Samples) -> Self {
        let functions = basis.of(&samples.features.dense());
        Self { functions, targets: samples.targets.clone(), weights: samples.weights.clone() }
    }

    /// Each row's functions, target and weight.
    fn each(&self) -> impl Iterator<Item = (&[f64], f64, f64)> {
        let weight = |row: usize| self.weights.get(row).copied().unwrap_or(1.0);
        (0..self.targets.len()).map(move |row| (self.functions.row(row), self.targets[row], weight(row)))
    }

    /// `½ mean (y − coefficientsᵀφ)²`, by the rows' weights; `None` without rows.
    pub fn loss(&self, coefficients: &[f64]) -> Option<f64> {
        let squares = self.each().map(|(row, y, weight)| weight * (y - dot(row, coefficients)).powi(2));
        (!self.targets.is_empty()).then(|| 0.5 * squares.sum::<f64>() / self.targets.len() as f64)
    }
}

/// Whether a factorization is that of a matrix that is positive definite by more than rounding.
pub(super) fn is_definite(factorization: &Factorization, matrix: &Matrix) -> bool {
    factorization.is_positive_definite() && !is_singular(factorization.condition(matrix))
}

/// Coefficients with least `½ mean (y − coefficientsᵀφ)² + (ridge/2)‖coefficients‖²` over several sets together, where there is one
/// such vector.
pub(super) fn fitted(sets: &[&Rows], ridge: f64) -> Option<Vec<f64>> {
    let width = sets.first()?.functions.columns();
    let count: usize = sets.iter().map(|rows| rows.targets.len()).sum();
    let (mut normal, mut right) = (Matrix::zeros(width, width), vec![0.0; width]);
    for (row, y, weight) in sets.iter().flat_map(|rows| rows.each()) {
        let share = weight / count as f64;
        axpy(share * y, row, &mut right);
        for (j, entry) in row.iter().enumerate() {
            axpy(share * entry, row, normal.row_mut(j));
        }
    }
    normal.add_to_diagonal(ridge);
    let factorization = Factorization::symmetric(&normal).filter(|factor| is_definite(factor, &normal))?;
    let mut solution = factorization.solve(&right);
    // A step of refinement: what is left is the error of the sums.
    axpy(-1.0, &normal.times(&solution), &mut right);
    axpy(1.0, &factorization.solve(&right), &mut solution);
    Some(solution)
}

/// Where `½ mean (y − χᵀH⁻¹(moment λ))² + (ridge/2)‖λ‖²` is least: the second stage, over the functions that the first one leaves.
pub(super) fn minimum(first: &Factorization, moment: &Matrix, second: Rows, ridge: f64) -> Option<Minimum> {
    let mut solved = Matrix::zeros(moment.rows(), moment.columns());
    for j in 0..moment.columns() {
        solved.set_column(j, &first.solve(&moment.column(j)));
    }
    let predicted = Rows { functions: second.functions.product(&solved), ..second };
    let lambda = fitted(&[&predicted], ridge)?;
    let value = predicted.loss(&lambda)? + 0.5 * ridge * dot(&lambda, &lambda);
    Some(Minimum { lambda, value, others: Vec::new() })
}
