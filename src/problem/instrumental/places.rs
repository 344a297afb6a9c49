//! Where a function of one regressor is drawn.

use crate::data::Samples;
use crate::math::Matrix;
use crate::math::vector::dot;

use super::basis::Basis;

/// How many places.
const COUNT: usize = 61;

/// Places on the axis of the only regressor, with the functions there; none where there are several.
pub(super) struct Places {
    /// The column that it is.
    pub column: Option<usize>,
    pub at: Vec<f64>,
    functions: Matrix,
}

impl Places {
    /// Evenly from the smallest to the largest value in these rows.
    pub fn of(basis: &Basis, sets: &[&Samples]) -> Self {
        let [only] = *basis.columns() else {
            return Self { column: None, at: Vec::new(), functions: Matrix::zeros(0, basis.width()) };
        };
        let columns = sets.first().map_or(0, |samples| samples.features.columns());
        let values: Vec<f64> = sets.iter().flat_map(|samples| samples.features.column(only)).collect();
        let low = values.iter().copied().fold(f64::INFINITY, f64::min);
        let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let at: Vec<f64> = (0..COUNT).map(|k| low + (high - low) * k as f64 / (COUNT - 1) as f64).collect();
        let rows = Matrix::from_fn(COUNT, columns, |row, column| if column == only { at[row] } else { 0.0 });
        Self { column: Some(only), functions: basis.of(&rows), at }
    }

    /// The function with these coefficients, at every place.
    pub fn curve(&self, coefficients: &[f64]) -> Vec<f64> {
        (0..self.at.len()).map(|row| dot(self.functions.row(row), coefficients)).collect()
    }
}
