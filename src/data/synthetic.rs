//! Data sets drawn from a formula. Features, weights, noise and labels come from streams of their
//! own: another noise level leaves the features as they were, and more rows leave the first ones.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};

use super::confounded::Confounded;
use super::draw::{Draw, MOST_ENTRIES, Part, check_number, check_rows, part};
use super::drifting::Drifting;
use super::spec::Source;
use super::transitions::Transitions;
use super::{DataError, Dataset};
use crate::math::Matrix;
use crate::math::number::counted;
use crate::math::vector::dot;

/// Rows of `N(0, Σ)` with variances `i^(−decay)`, times what falls evenly from 1 to `last_variance`, and the same correlation between every two features.
#[derive(Clone, Copy)]
pub(super) struct Shape {
    pub rows: usize,
    pub columns: usize,
    pub decay: f64,
    pub last_variance: f64,
    /// Deviation of the last column, by equal ratios from 1.
    pub last_deviation: f64,
    pub correlation: f64,
}

/// `y = xᵀw + noise · N(0, 1)` with rows x of this shape, `w` normal with `E‖w‖² = signal²` on the
/// first `informative` coordinates.
pub(super) fn regression(
    shape: Shape,
    written: Option<&[f64]>,
    informative: Option<usize>,
    (signal, noise): (f64, f64),
    draw: Draw<'_>,
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
    if let Some(weights) = written {
        if weights.len() != columns {
            let message =
                format!("`weights` has {}; expected {columns}, one a feature", counted(weights.len(), "entry"));
            return Err(DataError::at("source.weights", message));
        }
        if let Some(index) = weights.iter().position(|weight| !weight.is_finite()) {
            let message = format!("found {}; expected a finite number", weights[index]);
            return Err(DataError::at(format!("source.weights[{index}]"), message));
        }
    }
    let features = gaussian_rows(shape, draw);
    let drawn = || weights(columns, informative, signal, draw.seed);
    let weights = written.map_or_else(drawn, <[f64]>::to_vec);
    let mut random = part(draw, Part::Noise);
    let targets = (0..rows).map(|i| dot(features.row(i), &weights) + noise * normal(&mut random)).collect();
    Ok(dataset(features, targets, "y"))
}

/// Classes 0 and 1, the second with probability `σ(margin · xᵀw)`, x and w as for [`regression`].
pub(super) fn two_classes(shape: Shape, margin: f64, draw: Draw<'_>) -> Result<Dataset, DataError> {
    let Shape { rows, columns, .. } = shape;
    check_shape(shape)?;
    check_number("margin", margin, f64::NEG_INFINITY)?;
    let features = gaussian_rows(shape, draw);
    let weights = weights(columns, columns, 1.0, draw.seed);
    let mut random = part(draw, Part::Labels);
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
    draw: Draw<'_>,
) -> Result<Dataset, DataError> {
    let shape = Shape { rows, columns, decay: 0.0, last_variance: 1.0, last_deviation: 1.0, correlation: 0.0 };
    check_shape(shape)?;
    check_number("separation", separation, 0.0)?;
    if count < 2 || count > rows {
        let message = format!("`classes` is {count}; expected at least 2 and at most `rows`, which is {rows}");
        return Err(DataError::at("source.classes", message));
    }
    let mut random = part(Draw::of(draw.seed), Part::Weights);
    let centres = Matrix::from_fn(count, columns, |_, _| separation * normal(&mut random));
    let mut features = gaussian_rows(shape, draw);
    let mut random = part(draw, Part::Labels);
    let mut targets = Vec::with_capacity(rows);
    for i in 0..rows {
        let class = random.random_range(0..count);
        for (x, centre) in features.row_mut(i).iter_mut().zip(centres.row(class)) {
            *x += centre;
        }
        targets.push(class as f64);
    }
    Ok(dataset(features, targets, "class"))
}

/// So many rows that have the first and second moments of a Gaussian regression exactly: `XᵀX/n = Σ`,
/// `Xᵀy/n = Σw`, `yᵀy/n = wᵀΣw + noise²`, all means zero. A squared loss cannot tell them from the population.
pub(super) fn moments(source: &Source, seed: u64) -> Option<Dataset> {
    let Source::Regression { weights: written, informative, .. } = source else { return None };
    let &Source::Regression {
        features: columns, signal, noise, decay, last_variance, last_deviation, correlation, ..
    } = source
    else {
        return None;
    };
    let scales = scales(columns, decay, last_variance, last_deviation);
    let drawn = || weights(columns, informative.unwrap_or(columns), signal, seed);
    let weights = written.clone().unwrap_or_else(drawn);
    // Each row stands for one independent part of the covariance, with both signs.
    let factor = ((columns + 2) as f64).sqrt();
    let features = Matrix::from_fn(2 * (columns + 2), columns, |row, j| {
        let sign = if row.is_multiple_of(2) { factor } else { -factor };
        match row / 2 {
            part if part == j => sign * scales[j] * (1.0 - correlation).sqrt(),
            part if part == columns => sign * scales[j] * correlation.sqrt(),
            _ => 0.0,
        }
    });
    let target = |row: usize| {
        let own = if row / 2 == columns + 1 { factor * noise } else { 0.0 };
        dot(features.row(row), &weights) + if row.is_multiple_of(2) { own } else { -own }
    };
    let targets = (0..features.rows()).map(target).collect();
    Some(dataset(features, targets, "y"))
}

/// The generator of a synthetic source; `None` for sources that are read.
pub(super) fn generate(source: &Source, draw: Draw<'_>) -> Option<Result<Dataset, DataError>> {
    match source {
        Source::Regression {
            rows,
            features,
            weights,
            informative,
            signal,
            noise,
            decay,
            last_variance,
            last_deviation,
            correlation,
        } => {
            let (decay, last_variance, correlation) = (*decay, *last_variance, *correlation);
            let last_deviation = *last_deviation;
            let shape = Shape { rows: *rows, columns: *features, decay, last_variance, last_deviation, correlation };
            Some(regression(shape, weights.as_deref(), *informative, (*signal, *noise), draw))
        }
        Source::TwoClasses { rows, features, margin, decay, last_variance, last_deviation, correlation } => {
            let (decay, last_variance, correlation) = (*decay, *last_variance, *correlation);
            let last_deviation = *last_deviation;
            let shape = Shape { rows: *rows, columns: *features, decay, last_variance, last_deviation, correlation };
            Some(two_classes(shape, *margin, draw))
        }
        Source::Classes { rows, features, classes: count, separation } => {
            Some(classes((*rows, *features), *count, *separation, draw))
        }
        &Source::Confounded { rows, curve, instrument, confounding, noise } => {
            Some(Confounded { rows, curve, instrument, confounding, noise }.generate(draw))
        }
        &Source::Drifting { blocks, rows, features, motion, amplitude, rate, noise } => {
            Some(Drifting { blocks, rows, features, motion, amplitude, rate, noise }.generate(draw))
        }
        &Source::Plant { rows, blocks, pendula, angle, noise, swing, rate } => {
            Some(Transitions { rows, blocks, pendula, angle, noise, swing, rate }.generate(draw))
        }
        _ => None,
    }
}

/// Whether rows of it are drawn from a formula, of which there are more. Of a series in time there is one.
pub(super) fn is_synthetic(source: &Source) -> bool {
    matches!(
        source,
        Source::Regression { .. } | Source::TwoClasses { .. } | Source::Classes { .. } | Source::Confounded { .. }
    )
}

/// So many rows of a synthetic source, which may be fewer than it takes to make a scenario of.
pub(super) fn rows(source: &Source, count: usize, draw: Draw<'_>) -> Result<Dataset, DataError> {
    let mut source = source.clone();
    // The generators refuse fewer rows than two, or than classes, which a replicate may well have.
    match &mut source {
        Source::Regression { rows, .. } | Source::TwoClasses { rows, .. } | Source::Confounded { rows, .. } => {
            *rows = count.max(2);
        }
        Source::Classes { rows, classes, .. } => *rows = count.max(*classes),
        _ => {}
    }
    let generated = generate(&source, draw);
    let mut data = generated.unwrap_or_else(|| Err(DataError::at("source", "this source has no population")))?;
    let kept: Vec<usize> = (0..count).collect();
    data.features = data.features.choose_rows(&kept);
    data.targets.truncate(count);
    data.curve.truncate(count);
    Ok(data)
}

fn normal(random: &mut ChaCha8Rng) -> f64 {
    StandardNormal.sample(random)
}

/// What the features of a row share comes from a stream of its own, so that a correlation of 0 changes nothing.
fn gaussian_rows(shape: Shape, draw: Draw<'_>) -> Matrix {
    let Shape { rows, columns, decay, last_variance, last_deviation, correlation } = shape;
    let scales = scales(columns, decay, last_variance, last_deviation);
    let (own, shared) = ((1.0 - correlation).sqrt(), correlation.sqrt());
    let (mut random, mut random_shared) = (part(draw, Part::Features), part(draw, Part::Shared));
    let mut features = Matrix::zeros(rows, columns);
    for i in 0..rows {
        let common = shared * normal(&mut random_shared);
        for (x, scale) in features.row_mut(i).iter_mut().zip(&scales) {
            *x = scale * (own * normal(&mut random) + common);
        }
    }
    features
}

/// Standard deviations of the features.
fn scales(columns: usize, decay: f64, last_variance: f64, last_deviation: f64) -> Vec<f64> {
    // From 0 at the first feature to 1 at the last, which is the first where there is one.
    let way = |i: usize| (i - 1) as f64 / (columns.max(2) - 1) as f64;
    // A variance that stays 1 changes no bit.
    let even = |i: usize| if last_variance == 1.0 { 1.0 } else { (1.0 + way(i) * (last_variance - 1.0)).sqrt() };
    let ratio = |i: usize| if last_deviation == 1.0 { 1.0 } else { last_deviation.powf(way(i)) };
    (1..=columns).map(|i| (i as f64).powf(-decay / 2.0) * even(i) * ratio(i)).collect()
}

fn weights(columns: usize, informative: usize, norm: f64, seed: u64) -> Vec<f64> {
    let mut random = part(Draw::of(seed), Part::Weights);
    let scale = norm / (informative as f64).sqrt();
    (0..columns).map(|j| if j < informative { scale * normal(&mut random) } else { 0.0 }).collect()
}

fn dataset(features: Matrix, targets: Vec<f64>, target_name: &str) -> Dataset {
    let feature_names = super::numbered_names(features.columns());
    let features = features.into();
    Dataset { features, targets, feature_names, target_name: target_name.to_owned(), ..Dataset::default() }
}

fn check_shape(
    Shape { rows, columns, decay, last_variance, last_deviation, correlation }: Shape,
) -> Result<(), DataError> {
    check_rows(rows)?;
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
    check_number("last_variance", last_variance, 0.0)?;
    check_number("last_deviation", last_deviation, 0.0)?;
    check_number("decay", decay, 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::statistics::variance;

    fn shape(rows: usize, columns: usize, decay: f64, correlation: f64) -> Shape {
        Shape { rows, columns, decay, last_variance: 1.0, last_deviation: 1.0, correlation }
    }

    #[test]
    fn features_correlate_as_told() {
        let data = regression(shape(4000, 3, 1.0, 0.6), None, None, (1.0, 1.0), Draw::of(3)).unwrap();
        let (a, b) = (data.features.column(0), data.features.column(2));
        let sum: Vec<f64> = a.iter().zip(&b).map(|(x, y)| x + y).collect();
        let covariance = (variance(&sum) - variance(&a) - variance(&b)) / 2.0;
        assert!((covariance / (variance(&a) * variance(&b)).sqrt() - 0.6).abs() < 0.04);
    }

    #[test]
    fn the_spectrum_decays_as_told() {
        let data = regression(shape(4000, 4, 2.0, 0.0), None, None, (1.0, 0.5), Draw::of(3)).unwrap();
        for (j, expected) in [1.0, 0.25, 1.0 / 9.0, 0.0625].iter().enumerate() {
            let found = variance(&data.features.column(j));
            assert!((found / expected - 1.0).abs() < 0.1, "column {j}: {found} against {expected}");
        }
    }

    #[test]
    fn without_noise_the_target_is_linear_in_the_informative_columns() {
        let data = regression(shape(40, 6, 0.0, 0.0), None, Some(2), (1.0, 0.0), Draw::of(3)).unwrap();
        // Two rows determine both weights; every other row must agree.
        let (a, b) = (data.features.row(0).values(), data.features.row(1).values());
        let determinant = a[0] * b[1] - a[1] * b[0];
        let first = (data.targets[0] * b[1] - a[1] * data.targets[1]) / determinant;
        let second = (a[0] * data.targets[1] - data.targets[0] * b[0]) / determinant;
        for i in 2..40 {
            let row = data.features.row(i).values();
            assert!((first * row[0] + second * row[1] - data.targets[i]).abs() < 1e-9);
        }
    }

    #[test]
    fn noise_and_size_leave_the_features_alone() {
        let quiet = regression(shape(20, 3, 0.0, 0.0), None, None, (1.0, 0.0), Draw::of(5)).unwrap();
        let noisy = regression(shape(30, 3, 0.0, 0.0), None, None, (1.0, 2.0), Draw::of(5)).unwrap();
        assert_eq!(quiet.features.row(19).values(), noisy.features.row(19).values());
        assert_ne!(quiet.targets[0], noisy.targets[0]);
        assert_ne!(
            quiet.features,
            regression(shape(20, 3, 0.0, 0.0), None, None, (1.0, 0.0), Draw::of(6)).unwrap().features
        );
    }

    #[test]
    fn moments_are_those_of_the_population() {
        let source = Source::Regression {
            rows: 200_000,
            features: 3,
            weights: None,
            informative: Some(2),
            signal: 1.5,
            noise: 0.5,
            decay: 1.0,
            last_variance: 0.5,
            last_deviation: 1.0,
            correlation: 0.4,
        };
        let exact = moments(&source, 3).unwrap();
        let sample = generate(&source, Draw { seed: 3, replicate: &[9] }).unwrap().unwrap();
        let moment = |data: &Dataset, of: &dyn Fn(&[f64], f64) -> f64| {
            (0..data.targets.len()).map(|i| of(data.features.row(i).values(), data.targets[i])).sum::<f64>()
                / data.targets.len() as f64
        };
        // Fourth moments are at most about 30 here, so six standard errors of 200 000 rows are below 0.08.
        for j in 0..3 {
            assert!(moment(&exact, &|x, _| x[j]).abs() < 1e-15);
            let with_target = |x: &[f64], y: f64| x[j] * y;
            assert!((moment(&exact, &with_target) - moment(&sample, &with_target)).abs() < 0.08);
            for k in 0..3 {
                let product = |x: &[f64], _: f64| x[j] * x[k];
                assert!((moment(&exact, &product) - moment(&sample, &product)).abs() < 0.08);
            }
        }
        assert!((moment(&exact, &|_, y| y * y) - moment(&sample, &|_, y| y * y)).abs() < 0.08);
    }

    #[test]
    fn variances_fall_evenly_to_the_last() {
        let deviations = scales(4, 0.0, 0.1, 1.0);
        let variances: Vec<f64> = deviations.iter().map(|deviation| deviation * deviation).collect();
        for (found, expected) in variances.iter().zip([1.0, 0.7, 0.4, 0.1]) {
            assert!((found - expected).abs() < 1e-15, "{variances:?}");
        }
        assert_eq!((scales(1, 0.0, 0.1, 0.2), scales(3, 2.0, 1.0, 1.0)), (vec![1.0], vec![1.0, 0.5, 1.0 / 3.0]));
        let by_ratios = scales(3, 0.0, 1.0, 0.01);
        assert!(
            by_ratios.iter().zip([1.0, 0.1, 0.01]).all(|(found, expected)| (found / expected - 1.0_f64).abs() < 1e-15)
        );
        let refused =
            regression(Shape { last_variance: -0.1, ..shape(9, 3, 0.0, 0.0) }, None, None, (1.0, 1.0), Draw::of(0));
        assert_eq!(refused.unwrap_err().field, "source.last_variance");
    }

    #[test]
    fn labels_are_classes() {
        let two = two_classes(shape(400, 3, 0.0, 0.0), 3.0, Draw::of(1)).unwrap();
        let ones = two.targets.iter().sum::<f64>();
        assert!(two.targets.iter().all(|y| *y == 0.0 || *y == 1.0) && (100.0..300.0).contains(&ones));
        let three = classes((90, 2), 3, 1.0, Draw::of(1)).unwrap();
        for class in 0..3 {
            assert!(three.targets.contains(&f64::from(class)));
        }
    }

    #[test]
    fn impossible_sizes_are_refused() {
        let fields = [
            regression(shape(1, 3, 0.0, 0.0), None, None, (1.0, 1.0), Draw::of(0)),
            regression(shape(9, 0, 0.0, 0.0), None, None, (1.0, 1.0), Draw::of(0)),
            regression(shape(9, 3, 0.0, 0.0), None, Some(4), (1.0, 1.0), Draw::of(0)),
            regression(shape(9, 3, 0.0, 0.0), None, None, (1.0, f64::NAN), Draw::of(0)),
            regression(shape(usize::MAX, 3, 0.0, 0.0), None, None, (1.0, 1.0), Draw::of(0)),
            regression(shape(9, 3, -1.0, 0.0), None, None, (1.0, 1.0), Draw::of(0)),
            classes((9, 3), 1, 1.0, Draw::of(0)),
            two_classes(shape(9, 3, 0.0, 1.0), 1.0, Draw::of(0)),
        ]
        .map(|result| result.unwrap_err().field);
        let expected = ["rows", "features", "informative", "noise", "rows", "decay", "classes", "correlation"];
        assert_eq!(fields, expected.map(|field| format!("source.{field}")));
    }
}
