//! Data sets drawn from a formula. Features, weights, noise and labels come from streams of their
//! own: another noise level leaves the features as they were, and more rows leave the first ones.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};

use super::spec::Source;
use super::{DataError, Dataset};
use crate::math::Matrix;
use crate::math::random::{Purpose, stream};
use crate::math::vector::dot;

/// Entries of a feature matrix that still fit a laptop.
const MOST_ENTRIES: usize = 50_000_000;

/// Rows of `N(0, Σ)` with variances `i^(−decay)` and the same correlation between every two features.
#[derive(Clone, Copy)]
pub(super) struct Shape {
    pub rows: usize,
    pub columns: usize,
    pub decay: f64,
    pub correlation: f64,
}

#[derive(Clone, Copy)]
enum Part {
    Features = 1,
    Weights = 2,
    Noise = 3,
    Labels = 4,
    Shared = 5,
}

/// `y = xᵀw + noise · N(0, 1)` with rows x of this shape, `w` normal with `E‖w‖² = signal²` on the
/// first `informative` coordinates.
pub(super) fn regression(
    shape: Shape,
    informative: Option<usize>,
    (signal, noise): (f64, f64),
    seed: u64,
) -> Result<Dataset, DataError> {
    let Shape { rows, columns, .. } = shape;
    check_shape(shape)?;
    check_number("noise", noise, 0.0)?;
    check_number("signal", signal, 0.0)?;
    let informative = informative.unwrap_or(columns);
    if informative == 0 || informative > columns {
        let message =
            format!("`informative` is {informative}; expected at least 1 and at most `features`, which is {columns}");
        return Err(DataError::at("source.informative", message));
    }
    let features = gaussian_rows(shape, seed);
    let weights = weights(columns, informative, signal, seed);
    let mut random = part(seed, Part::Noise);
    let targets = (0..rows).map(|i| dot(features.row(i), &weights) + noise * normal(&mut random)).collect();
    Ok(dataset(features, targets, "y"))
}

/// Classes 0 and 1, the second with probability `σ(margin · xᵀw)`, x and w as for [`regression`].
pub(super) fn two_classes(shape: Shape, margin: f64, seed: u64) -> Result<Dataset, DataError> {
    let Shape { rows, columns, .. } = shape;
    check_shape(shape)?;
    check_number("margin", margin, f64::NEG_INFINITY)?;
    let features = gaussian_rows(shape, seed);
    let weights = weights(columns, columns, 1.0, seed);
    let mut random = part(seed, Part::Labels);
    let targets = (0..rows)
        .map(|i| {
            let probability = 1.0 / (1.0 + (-margin * dot(features.row(i), &weights)).exp());
            f64::from(random.random::<f64>() < probability)
        })
        .collect();
    Ok(dataset(features, targets, "class"))
}

/// Unit Gaussians around centres drawn from `N(0, separation² I)`; the class of a row is uniform.
pub(super) fn classes(
    (rows, columns): (usize, usize),
    count: usize,
    separation: f64,
    seed: u64,
) -> Result<Dataset, DataError> {
    let shape = Shape { rows, columns, decay: 0.0, correlation: 0.0 };
    check_shape(shape)?;
    check_number("separation", separation, 0.0)?;
    if count < 2 || count > rows {
        let message = format!("`classes` is {count}; expected at least 2 and at most `rows`, which is {rows}");
        return Err(DataError::at("source.classes", message));
    }
    let mut random = part(seed, Part::Weights);
    let centres = Matrix::from_fn(count, columns, |_, _| separation * normal(&mut random));
    let mut features = gaussian_rows(shape, seed);
    let mut random = part(seed, Part::Labels);
    let mut targets = Vec::with_capacity(rows);
    for i in 0..rows {
        let class = random.random_range(0..count);
        for (x, centre) in features.row_mut(i).iter_mut().zip(centres.row(class)) {
            *x += centre;
        }
        #[allow(clippy::cast_precision_loss)]
        targets.push(class as f64);
    }
    Ok(dataset(features, targets, "class"))
}

/// The generator of a synthetic source; `None` for sources that are read.
pub(super) fn generate(source: &Source, seed: u64) -> Option<Result<Dataset, DataError>> {
    match source {
        Source::Regression { rows, features, informative, signal, noise, decay, correlation } => {
            let shape = Shape { rows: *rows, columns: *features, decay: *decay, correlation: *correlation };
            Some(regression(shape, *informative, (*signal, *noise), seed))
        }
        Source::TwoClasses { rows, features, margin, decay, correlation } => {
            let shape = Shape { rows: *rows, columns: *features, decay: *decay, correlation: *correlation };
            Some(two_classes(shape, *margin, seed))
        }
        Source::Classes { rows, features, classes: count, separation } => {
            Some(classes((*rows, *features), *count, *separation, seed))
        }
        Source::Bundled(_) | Source::Csv { .. } | Source::Rows { .. } => None,
    }
}

fn part(seed: u64, part: Part) -> ChaCha8Rng {
    stream(seed, Purpose::Data, &[part as u64])
}

fn normal(random: &mut ChaCha8Rng) -> f64 {
    StandardNormal.sample(random)
}

/// What the features of a row share comes from a stream of its own, so that a correlation of 0 changes nothing.
#[allow(clippy::cast_precision_loss)]
fn gaussian_rows(shape: Shape, seed: u64) -> Matrix {
    let Shape { rows, columns, decay, correlation } = shape;
    let scales: Vec<f64> = (1..=columns).map(|i| (i as f64).powf(-decay / 2.0)).collect();
    let (own, shared) = ((1.0 - correlation).sqrt(), correlation.sqrt());
    let (mut random, mut random_shared) = (part(seed, Part::Features), part(seed, Part::Shared));
    let mut features = Matrix::zeros(rows, columns);
    for i in 0..rows {
        let common = shared * normal(&mut random_shared);
        for (x, scale) in features.row_mut(i).iter_mut().zip(&scales) {
            *x = scale * (own * normal(&mut random) + common);
        }
    }
    features
}

#[allow(clippy::cast_precision_loss)]
fn weights(columns: usize, informative: usize, norm: f64, seed: u64) -> Vec<f64> {
    let mut random = part(seed, Part::Weights);
    let scale = norm / (informative as f64).sqrt();
    (0..columns).map(|j| if j < informative { scale * normal(&mut random) } else { 0.0 }).collect()
}

fn dataset(features: Matrix, targets: Vec<f64>, target_name: &str) -> Dataset {
    let feature_names = super::numbered_names(features.columns());
    Dataset { features, targets, feature_names, target_name: target_name.to_owned(), class_names: Vec::new() }
}

fn check_shape(Shape { rows, columns, decay, correlation }: Shape) -> Result<(), DataError> {
    if rows < 2 {
        return Err(DataError::at("source.rows", format!("`rows` is {rows}; expected at least 2")));
    }
    if columns == 0 {
        return Err(DataError::at("source.features", "`features` is 0; expected at least 1"));
    }
    if rows.saturating_mul(columns) > MOST_ENTRIES {
        let message =
            format!("{rows} rows of {columns} features are too many; expected at most {MOST_ENTRIES} entries");
        return Err(DataError::at("source.rows", message));
    }
    if !(0.0..1.0).contains(&correlation) {
        let message = format!("`correlation` is {correlation}; expected at least 0 and less than 1");
        return Err(DataError::at("source.correlation", message));
    }
    check_number("decay", decay, 0.0)
}

fn check_number(field: &str, value: f64, smallest: f64) -> Result<(), DataError> {
    if value.is_finite() && value >= smallest {
        return Ok(());
    }
    let expected = if smallest.is_finite() { "a finite number of at least 0" } else { "a finite number" };
    Err(DataError::at(format!("source.{field}"), format!("`{field}` is {value}; expected {expected}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::statistics::variance;

    fn shape(rows: usize, columns: usize, decay: f64, correlation: f64) -> Shape {
        Shape { rows, columns, decay, correlation }
    }

    #[test]
    fn features_correlate_as_told() {
        let data = regression(shape(4000, 3, 1.0, 0.6), None, (1.0, 1.0), 3).unwrap();
        let (a, b) = (data.features.column(0), data.features.column(2));
        let sum: Vec<f64> = a.iter().zip(&b).map(|(x, y)| x + y).collect();
        let covariance = (variance(&sum) - variance(&a) - variance(&b)) / 2.0;
        assert!((covariance / (variance(&a) * variance(&b)).sqrt() - 0.6).abs() < 0.04);
    }

    #[test]
    fn the_spectrum_decays_as_told() {
        let data = regression(shape(4000, 4, 2.0, 0.0), None, (1.0, 0.5), 3).unwrap();
        for (j, expected) in [1.0, 0.25, 1.0 / 9.0, 0.0625].iter().enumerate() {
            let found = variance(&data.features.column(j));
            assert!((found / expected - 1.0).abs() < 0.1, "column {j}: {found} against {expected}");
        }
    }

    #[test]
    fn without_noise_the_target_is_linear_in_the_informative_columns() {
        let data = regression(shape(40, 6, 0.0, 0.0), Some(2), (1.0, 0.0), 3).unwrap();
        // Two rows determine both weights; every other row must agree.
        let (a, b) = (data.features.row(0), data.features.row(1));
        let determinant = a[0] * b[1] - a[1] * b[0];
        let first = (data.targets[0] * b[1] - a[1] * data.targets[1]) / determinant;
        let second = (a[0] * data.targets[1] - data.targets[0] * b[0]) / determinant;
        for i in 2..40 {
            let row = data.features.row(i);
            assert!((first * row[0] + second * row[1] - data.targets[i]).abs() < 1e-9);
        }
    }

    #[test]
    fn noise_and_size_leave_the_features_alone() {
        let quiet = regression(shape(20, 3, 0.0, 0.0), None, (1.0, 0.0), 5).unwrap();
        let noisy = regression(shape(30, 3, 0.0, 0.0), None, (1.0, 2.0), 5).unwrap();
        assert_eq!(quiet.features.row(19), noisy.features.row(19));
        assert_ne!(quiet.targets[0], noisy.targets[0]);
        assert_ne!(quiet.features, regression(shape(20, 3, 0.0, 0.0), None, (1.0, 0.0), 6).unwrap().features);
    }

    #[test]
    fn labels_are_classes() {
        let two = two_classes(shape(400, 3, 0.0, 0.0), 3.0, 1).unwrap();
        let ones = two.targets.iter().sum::<f64>();
        assert!(two.targets.iter().all(|y| *y == 0.0 || *y == 1.0) && (100.0..300.0).contains(&ones));
        let three = classes((90, 2), 3, 1.0, 1).unwrap();
        for class in 0..3 {
            assert!(three.targets.contains(&f64::from(class)));
        }
    }

    #[test]
    fn impossible_sizes_are_refused() {
        let fields = [
            regression(shape(1, 3, 0.0, 0.0), None, (1.0, 1.0), 0),
            regression(shape(9, 0, 0.0, 0.0), None, (1.0, 1.0), 0),
            regression(shape(9, 3, 0.0, 0.0), Some(4), (1.0, 1.0), 0),
            regression(shape(9, 3, 0.0, 0.0), None, (1.0, f64::NAN), 0),
            regression(shape(usize::MAX, 3, 0.0, 0.0), None, (1.0, 1.0), 0),
            regression(shape(9, 3, -1.0, 0.0), None, (1.0, 1.0), 0),
            classes((9, 3), 1, 1.0, 0),
            two_classes(shape(9, 3, 0.0, 1.0), 1.0, 0),
        ]
        .map(|result| result.unwrap_err().field);
        let expected = ["rows", "features", "informative", "noise", "rows", "decay", "classes", "correlation"];
        assert_eq!(fields, expected.map(|field| format!("source.{field}")));
    }
}
