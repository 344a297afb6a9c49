//! What is to be said of columns that depend on one another where the penalty does not keep θ* unique.
//!
//! The columns that a text became hold a single one in every row, so that they add up to a column of ones: what the columns
//! of another text add up to, and an intercept is; and to nothing, once they are centred. Along what such sums have in common
//! the loss is flat, and so is an absolute penalty where signs balance (Tibshirani 2013): then H is singular on the
//! support, θ* is not unique, and ∇F need not exist.

use std::sync::Arc;

use crate::data::{Features, Note, Split};
use crate::math::Matrix;
use crate::math::vector::{basis, norm};
use crate::problem::{Oracle, Problem};

/// Less curvature than this, beside that along the columns themselves, is none that keeps θ* unique.
const FLAT: f64 = 1e-10;

/// A sum over columns that is this small beside its terms is zero.
const ZERO: f64 = 1e-9;

/// Columns that are named; of more, how many.
const NAMED: usize = 4;

/// That columns of the training rows depend on one another, for a problem with kinks whose smooth part is flat along that at
/// λ; nothing where none of them do, or where all are curved.
#[must_use]
pub fn dependent_columns(problem: &Arc<dyn Problem>, lambda: &[f64], split: &Split) -> Option<Note> {
    problem.proximal()?;
    // Rows of LIBSVM hold no texts.
    let Features::Dense(features) = &split.training.features else { return None };
    // With several outputs θ is longer than a row.
    if problem.dimensions().inner != features.columns() || features.rows() == 0 {
        return None;
    }
    let sums = one_hot(features);
    let direction = flat_direction(features, &sums)?;
    let mut oracle = Oracle::new(Arc::clone(problem));
    let size = features.columns();
    oracle.move_to(&lambda[..problem.dimensions().outer], &vec![0.0; size]);
    let mut curvature = |v: &[f64]| {
        let mut product = vec![0.0; size];
        oracle.smooth_hvp(v, &mut product);
        norm(&product) / norm(v)
    };
    let columns: Vec<usize> = (0..size).filter(|column| direction[*column] != 0.0).collect();
    let own = columns.iter().map(|column| curvature(&basis(size, *column))).fold(0.0, f64::max);
    // NaN tells of nothing.
    let is_flat = curvature(&direction) <= FLAT * own;
    is_flat.then(|| {
        Note::warning(format!(
            "{} add up to nothing, and the penalty does not keep θ* unique along that: H may be singular on the support, \
             where ∇F need not exist; of a table `texts: DropFirst` makes a column less of each text, and a ridge penalty \
             beside the absolute one, not too weak, has one θ*",
            named(&columns, split)
        ))
    })
}

/// Weights of columns that stand side by side, and what they add up to in every row.
struct Sum {
    weights: Vec<(usize, f64)>,
    level: f64,
}

/// Columns of two values, side by side, of which every row has one at its larger value: what texts become, scaled or not.
fn one_hot(features: &Matrix) -> Vec<Sum> {
    let pairs: Vec<Option<(f64, f64)>> = (0..features.columns()).map(|column| two_values(features, column)).collect();
    let mut sums = Vec::new();
    let mut start = 0;
    while start < pairs.len() {
        match run(features, &pairs, start) {
            Some(sum) => {
                start += sum.weights.len();
                sums.push(sum);
            }
            None => start += 1,
        }
    }
    sums
}

/// The columns from `start` on, as far as it takes until every row has a one among them.
fn run(features: &Matrix, pairs: &[Option<(f64, f64)>], start: usize) -> Option<Sum> {
    let mut has_one = vec![false; features.rows()];
    let mut left = has_one.len();
    let mut sum = Sum { weights: Vec::new(), level: 1.0 };
    for (column, pair) in pairs.iter().enumerate().skip(start) {
        let (low, high) = (*pair)?;
        for (row, has_one) in has_one.iter_mut().enumerate() {
            if features[(row, column)] == high {
                if *has_one {
                    return None;
                }
                *has_one = true;
                left -= 1;
            }
        }
        let weight = 1.0 / (high - low);
        sum.weights.push((column, weight));
        sum.level += weight * low;
        if left == 0 {
            let size: f64 = sum.weights.iter().map(|(column, weight)| (weight * features[(0, *column)]).abs()).sum();
            if sum.level.abs() <= ZERO * size.max(1.0) {
                sum.level = 0.0;
            }
            return (sum.weights.len() > 1).then_some(sum);
        }
    }
    None
}

/// The two values of a column that has two.
fn two_values(features: &Matrix, column: usize) -> Option<(f64, f64)> {
    let first = features[(0, column)];
    let mut other = None;
    for row in 1..features.rows() {
        let x = features[(row, column)];
        if x != first && *other.get_or_insert(x) != x {
            return None;
        }
    }
    other.map(|other| (first.min(other), first.max(other))).filter(|(low, high)| (high - low).is_finite())
}

/// A combination of columns that is zero in every row, where some are known.
fn flat_direction(features: &Matrix, sums: &[Sum]) -> Option<Vec<f64>> {
    let mut direction = vec![0.0; features.columns()];
    let mut add = |sum: &Sum, factor: f64| {
        sum.weights.iter().for_each(|(column, weight)| direction[*column] += factor * weight);
    };
    if let Some(alone) = sums.iter().find(|sum| sum.level == 0.0) {
        add(alone, 1.0);
        return Some(direction);
    }
    let first = sums.first()?;
    let is_level = |column: &usize| (1..features.rows()).all(|row| features[(row, *column)] == features[(0, *column)]);
    let level = (0..features.columns()).find(|column| is_level(column) && features[(0, *column)] != 0.0);
    let other = match level {
        Some(column) => Sum { weights: vec![(column, 1.0)], level: features[(0, column)] },
        None => Sum { weights: sums.get(1)?.weights.clone(), level: sums[1].level },
    };
    add(first, 1.0);
    add(&other, -first.level / other.level);
    Some(direction)
}

/// The columns by name.
fn named(columns: &[usize], split: &Split) -> String {
    let name = |column: &usize| match split.feature_names.get(*column) {
        Some(name) => format!("`{name}`"),
        None => format!("column {}", column + 1),
    };
    let first: Vec<String> = columns.iter().take(NAMED).map(name).collect();
    let more = columns.len() - first.len();
    if more == 0 {
        let (last, others) = first.split_last().map_or(("", &first[..]), |(last, others)| (last.as_str(), others));
        format!("{} and {last}, weighted,", others.join(", "))
    } else {
        format!("{} and {more} more columns, weighted,", first.join(", "))
    }
}
