//! Squares and products of features.

use super::standardize::Scaling;
use super::{DataError, Dataset, Features, Standardize};
use crate::math::Matrix;

/// The squares and products that are appended to the features, of features shifted and scaled as the specification says
/// for all features (`standardize`, fitted on the rows of `scale_on`): of the features as they are where that is `Off`.
#[derive(Debug, Clone)]
pub(super) struct Products {
    scaling: Scaling,
    /// The factors of each, by feature.
    pairs: Vec<(usize, usize)>,
}

impl Products {
    /// Of every two features, and of each with itself. The square of a feature with two values in `rows` says nothing new
    /// and is left out.
    ///
    /// # Errors
    /// As [`Scaling::fit`].
    pub fn fit(rows: &Matrix, data: &Dataset, how: Standardize) -> Result<Self, DataError> {
        let mut rows = Features::from(rows.clone());
        let scaling = Scaling::fit(&rows, data, how)?;
        scaling.apply(&mut rows);
        let is_told = |i: usize, j: usize| i != j || !is_two_valued(&rows.column(i));
        let all = (0..rows.columns()).flat_map(|i| (i..rows.columns()).map(move |j| (i, j)));
        let pairs = all.filter(|&(i, j)| is_told(i, j)).collect();
        Ok(Self { scaling, pairs })
    }

    /// The features as they are, and the products behind them.
    pub fn append(&self, features: &Matrix) -> Matrix {
        let mut factors = Features::from(features.clone());
        self.scaling.apply(&mut factors);
        let width = features.columns();
        let entry = |row: usize, column: usize| match column.checked_sub(width).map(|index| self.pairs[index]) {
            Some((i, j)) => factors[(row, i)] * factors[(row, j)],
            None => features[(row, column)],
        };
        Matrix::from_fn(features.rows(), width + self.pairs.len(), entry)
    }

    /// The names of features and products.
    pub fn names(&self, features: &[String]) -> Vec<String> {
        let product = |&(i, j): &(usize, usize)| {
            if i == j { format!("{}²", features[i]) } else { format!("{}·{}", features[i], features[j]) }
        };
        features.iter().cloned().chain(self.pairs.iter().map(product)).collect()
    }

    /// What a data set says of its columns, for columns with the products behind them: one is made of texts where a factor
    /// is.
    pub fn described(&self, data: &Dataset) -> Dataset {
        let width = data.feature_names.len();
        let is_made = |&(i, j): &(usize, usize)| data.made.contains(&i) || data.made.contains(&j);
        let places = self.pairs.iter().enumerate().filter(|(_, pair)| is_made(pair)).map(|(place, _)| width + place);
        Dataset {
            feature_names: self.names(&data.feature_names),
            made: data.made.iter().copied().chain(places).collect(),
            fills_holes: data.fills_holes,
            ..Dataset::default()
        }
    }
}

fn is_two_valued(column: &[f64]) -> bool {
    let first = column.first().copied().unwrap_or(0.0);
    let other = column.iter().copied().find(|x| x.total_cmp(&first).is_ne());
    column.iter().all(|x| x.total_cmp(&first).is_eq() || Some(*x) == other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn squares_of_two_valued_columns_are_left_out() {
        let rows = Matrix::from_entries(3, 2, vec![1.0, 0.0, 2.0, 1.0, 6.0, 0.0]).unwrap();
        let data = Dataset { feature_names: vec!["a".to_owned(), "sex".to_owned()], ..Dataset::default() };
        let products = Products::fit(&rows, &data, Standardize::Scale).unwrap();
        assert_eq!(products.names(&data.feature_names), ["a", "sex", "a²", "a·sex"]);
        // a has mean 3 and variance (4 + 1 + 9)/3; sex has mean 1/3 and variance 2/9.
        let other = Matrix::from_entries(1, 2, vec![1.0, 0.0]).unwrap();
        let all = products.append(&other);
        assert_eq!(&all.entries()[..2], [1.0, 0.0]);
        assert!((all[(0, 2)] - 4.0 / (14.0 / 3.0)).abs() < 1e-14);
        let product = (-2.0 / (14.0f64 / 3.0).sqrt()) * (-1.0 / 3.0 / (2.0f64 / 9.0).sqrt());
        assert!((all[(0, 3)] - product).abs() < 1e-14);
        let raw = Products::fit(&rows, &data, Standardize::Off).unwrap().append(&rows);
        assert_eq!(raw.entries(), [1.0, 0.0, 1.0, 0.0, 2.0, 1.0, 4.0, 2.0, 6.0, 0.0, 36.0, 0.0]);
    }
}
