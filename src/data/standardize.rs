//! Shift and scale of features and targets, fitted on training rows alone.

use std::sync::Arc;

use super::spec::Standardize;
use super::{DataError, Dataset, Features, Fill};
use crate::math::number::counted;
use crate::math::sparse::SparseMatrix;
use crate::math::statistics::{mean, quantile};

/// What was subtracted from each column, and what it was then divided by.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Scaling {
    /// Training means; zeros where nothing was subtracted.
    pub means: Vec<f64>,
    /// What divides: population standard deviations of the training rows, or their largest absolute values; ones where
    /// nothing was divided.
    pub deviations: Vec<f64>,
    /// What stands for a value that is missing, column by column; empty where none is.
    pub filling: Vec<f64>,
}

/// Columns that are read together.
const AT_ONCE: usize = 16;

impl Scaling {
    /// Fits to the columns of `training`, rows of a data set. A column that was made of texts is centred alone where
    /// all of them are alike.
    ///
    /// # Errors
    /// At `standardize`, when a column is to be divided by its standard deviation and that is zero.
    pub fn fit(training: &Features, data: &Dataset, how: Standardize) -> Result<Self, DataError> {
        let names = &data.feature_names;
        let filling = data.fills_holes.map(|fill| filling(training, names, fill)).transpose()?.unwrap_or_default();
        let mut scaling =
            Self { means: vec![0.0; training.columns()], deviations: vec![1.0; training.columns()], filling };
        if how == Standardize::Off {
            return Ok(scaling);
        }
        if let (Features::Sparse(matrix), Standardize::MaxAbs) = (training, how) {
            scaling.deviations = largest(matrix);
            return Ok(scaling);
        }
        let mut columns = Vec::new();
        for (index, name) in names.iter().enumerate() {
            if index % AT_ONCE == 0 {
                columns = training.neighbours(index..names.len().min(index + AT_ONCE));
            }
            let mut column = std::mem::take(&mut columns[index % AT_ONCE]);
            scaling.fill_column(index, &mut column);
            if how == Standardize::MaxAbs {
                let largest = column.iter().fold(0.0, |largest: f64, x| largest.max(x.abs()));
                scaling.deviations[index] = if largest > 0.0 { largest } else { 1.0 };
                continue;
            }
            let (center, deviation) = moments(&column);
            scaling.means[index] = center;
            let is_level = is_constant(&column);
            if how == Standardize::Center || is_level && data.made.contains(&index) {
                continue;
            }
            if is_level {
                return Err(DataError::at(
                    "standardize",
                    format!(
                        "column `{name}` is constant: it is {} in {}, so it cannot be divided by its standard deviation",
                        column[0],
                        all(column.len())
                    ),
                )
                .with_help("use `standardize: Center` or `MaxAbs`, or `standardize: Off` with `divide_by`, or drop the column"));
            }
            scaling.deviations[index] = deviation;
        }
        Ok(scaling)
    }

    /// Fits to a regression target.
    ///
    /// # Errors
    /// At `standardize_target`, when the target is constant.
    pub fn fit_target(training: &[f64], name: &str) -> Result<Self, DataError> {
        if is_constant(training) {
            return Err(DataError::at(
                "standardize_target",
                format!(
                    "the target `{name}` is constant in {}, so it cannot be divided by its standard deviation",
                    all(training.len())
                ),
            ));
        }
        let (center, deviation) = moments(training);
        Ok(Self { means: vec![center], deviations: vec![deviation], filling: Vec::new() })
    }

    /// Fills, shifts and scales every row.
    pub fn apply(&self, rows: &mut Features) {
        let rows = match rows {
            Features::Dense(rows) => Arc::make_mut(rows),
            // Nothing is subtracted from them, and they have no holes.
            Features::Sparse(rows) => return Arc::make_mut(rows).map(|j, x| x / self.deviations[j]),
        };
        for i in 0..rows.rows() {
            let row = rows.row_mut(i);
            for (x, fill) in row.iter_mut().zip(&self.filling).filter(|(x, _)| x.is_nan()) {
                *x = *fill;
            }
            self.apply_row(row);
        }
    }

    fn fill_column(&self, index: usize, column: &mut [f64]) {
        if let Some(fill) = self.filling.get(index) {
            column.iter_mut().filter(|x| x.is_nan()).for_each(|x| *x = *fill);
        }
    }

    /// Shifts and scales targets.
    pub fn apply_target(&self, targets: &mut [f64]) {
        for target in targets {
            self.apply_row(std::slice::from_mut(target));
        }
    }

    fn apply_row(&self, row: &mut [f64]) {
        for (x, (center, deviation)) in row.iter_mut().zip(self.means.iter().zip(&self.deviations)) {
            *x = (*x - center) / deviation;
        }
    }
}

/// What stands for a missing value of each column.
fn filling(training: &Features, names: &[String], fill: Fill) -> Result<Vec<f64>, DataError> {
    let of_column = |(index, name): (usize, &String)| {
        let known: Vec<f64> = training.column(index).into_iter().filter(|x| !x.is_nan()).collect();
        if known.is_empty() {
            let message = format!("column `{name}` has no value in {}, so none can be filled in", all(training.rows()));
            let help =
                format!("`leave_out: [\"{name}\"]` goes on without it, and another `split` may have some for training");
            return Err(DataError::at("source.missing", message).with_help(help));
        }
        Ok(match fill {
            Fill::Mean => mean(&known),
            Fill::Median => quantile(&known, 0.5),
        })
    };
    names.iter().enumerate().map(of_column).collect()
}

/// Mean and population standard deviation (divided by n). Where squares leave the range of numbers, those of values
/// divided by the largest are taken.
pub(super) fn moments(values: &[f64]) -> (f64, f64) {
    let (center, deviation) = plain_moments(values);
    // The least square that has all its digits is 2⁻¹⁰²², and there may be as many as there are values.
    let is_within = deviation.is_finite() && deviation > 1e-150;
    let largest = values.iter().fold(0.0, |largest: f64, x| largest.max(x.abs()));
    if is_within || is_constant(values) || !largest.is_finite() {
        return (center, deviation);
    }
    let divided: Vec<f64> = values.iter().map(|x| x / largest).collect();
    let (center, deviation) = plain_moments(&divided);
    (center * largest, deviation * largest)
}

fn plain_moments(values: &[f64]) -> (f64, f64) {
    let center = mean(values);
    let squares: Vec<f64> = values.iter().map(|x| (x - center) * (x - center)).collect();
    (center, mean(&squares).sqrt())
}

/// Compared entry by entry: the computed deviation of equal numbers need not be zero.
fn is_constant(values: &[f64]) -> bool {
    values.iter().all(|x| *x == values[0])
}

/// Every training row there is, in words.
fn all(rows: usize) -> String {
    format!("all {}", counted(rows, "training row"))
}

/// The largest absolute value of every column; 1 where it has nothing but zeros.
fn largest(matrix: &SparseMatrix) -> Vec<f64> {
    let mut largest = vec![0.0_f64; matrix.columns()];
    matrix.entries().for_each(|(j, x)| largest[j] = largest[j].max(x.abs()));
    largest.into_iter().map(|largest| if largest > 0.0 { largest } else { 1.0 }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::Matrix;

    fn named(count: usize) -> Dataset {
        let feature_names = (1..=count).map(|i| format!("x{i}")).collect();
        Dataset { feature_names, ..Dataset::default() }
    }

    #[test]
    fn mean_and_population_deviation_by_hand() {
        // Columns 1, 3 and 2, 2, 8: means 2 and 4, deviations of the first 1, of the second √8.
        let training: Features = Matrix::from_entries(2, 1, vec![1.0, 3.0]).unwrap().into();
        let scaling = Scaling::fit(&training, &named(1), Standardize::Scale).unwrap();
        assert_eq!((scaling.means[0], scaling.deviations[0]), (2.0, 1.0));
        let target = Scaling::fit_target(&[2.0, 2.0, 8.0], "y").unwrap();
        assert_eq!(target.means[0], 4.0);
        assert!((target.deviations[0] - 8f64.sqrt()).abs() < 1e-15);
        let mut validation: Features = Matrix::from_entries(1, 1, vec![7.0]).unwrap().into();
        scaling.apply(&mut validation);
        assert_eq!(validation.dense().entries(), [5.0]);
        let mut targets = [4.0 + 8f64.sqrt()];
        target.apply_target(&mut targets);
        assert!((targets[0] - 1.0).abs() < 1e-15);
    }

    #[test]
    fn numbers_whose_squares_are_beyond_range_are_scaled_all_the_same() {
        // 1, 3 and 8 times a unit: mean 4, deviation √(26/3), both in units.
        for unit in [1e300, 1e200, 1e-200, 1e-300] {
            let (center, deviation) = moments(&[1.0, 3.0, 8.0].map(|x| x * unit));
            assert!((center / unit - 4.0).abs() < 1e-14, "{unit}");
            assert!((deviation / unit - (26f64 / 3.0).sqrt()).abs() < 1e-14, "{unit}");
        }
    }

    #[test]
    fn a_constant_column_is_named_unless_only_centred() {
        let training: Features = Matrix::from_entries(3, 2, vec![1.0, 0.1, 2.0, 0.1, 3.0, 0.1]).unwrap().into();
        let error = Scaling::fit(&training, &named(2), Standardize::Scale).unwrap_err();
        assert_eq!(error.field, "standardize");
        assert_eq!(
            error.message,
            "column `x2` is constant: it is 0.1 in all 3 training rows, so it cannot be divided by its standard deviation"
        );
        let centred = Scaling::fit(&training, &named(2), Standardize::Center).unwrap();
        assert_eq!(centred.deviations, [1.0, 1.0]);
        let untouched = Scaling::fit(&training, &named(2), Standardize::Off).unwrap();
        assert_eq!(untouched.means, [0.0, 0.0]);
        assert_eq!(Scaling::fit_target(&[5.0, 5.0], "y").unwrap_err().field, "standardize_target");
    }
}
