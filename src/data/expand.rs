//! Squares and products of features.

use super::Dataset;
use super::standardize::moments;
use crate::math::Matrix;

/// Appends the product of every two features and the square of each, of features standardised over the whole
/// data set. The square of a feature with two values says nothing new and is left out.
pub(super) fn products(data: &mut Dataset) {
    let columns: Vec<Vec<f64>> = (0..data.features.columns()).map(|j| standardised(&data.features.column(j))).collect();
    let mut all: Vec<Vec<f64>> = (0..columns.len()).map(|j| data.features.column(j)).collect();
    for i in 0..columns.len() {
        for j in i..columns.len() {
            let product: Vec<f64> = columns[i].iter().zip(&columns[j]).map(|(x, y)| x * y).collect();
            if i == j && is_two_valued(&columns[i]) {
                continue;
            }
            let (first, second) = (&data.feature_names[i], &data.feature_names[j]);
            data.feature_names.push(if i == j { format!("{first}²") } else { format!("{first}·{second}") });
            all.push(product);
        }
    }
    data.features = Matrix::from_fn(data.targets.len(), all.len(), |row, column| all[column][row]);
}

fn standardised(column: &[f64]) -> Vec<f64> {
    let (center, spread) = moments(column);
    // A constant column stays constant: standardising the result names it.
    let scale = if spread > 0.0 { spread } else { 1.0 };
    column.iter().map(|x| (x - center) / scale).collect()
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
        let mut data = Dataset {
            features: Matrix::from_entries(3, 2, vec![1.0, 0.0, 2.0, 1.0, 6.0, 0.0]).unwrap(),
            targets: vec![0.0; 3],
            feature_names: vec!["a".to_owned(), "sex".to_owned()],
            ..Dataset::default()
        };
        products(&mut data);
        assert_eq!(data.feature_names, ["a", "sex", "a²", "a·sex"]);
        // a has mean 3 and variance (4 + 1 + 9)/3; sex has mean 1/3 and variance 2/9.
        assert!((data.features[(0, 2)] - 4.0 / (14.0 / 3.0)).abs() < 1e-14);
        let product = (-2.0 / (14.0f64 / 3.0).sqrt()) * (-1.0 / 3.0 / (2.0f64 / 9.0).sqrt());
        assert!((data.features[(0, 3)] - product).abs() < 1e-14);
    }
}
