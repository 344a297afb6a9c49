//! The mean loss over all rows once more, with twice the digits: what the exact answer is refined with. Clear
//! before fast; it is asked a few times for an exact answer, and only where `f64` does not suffice.

use super::data_fit::DataFit;
use super::loss::RowLoss;
use crate::data::FeatureRow;
use crate::math::double::{self, Double};
use crate::problem::Rounding;

/// Streams of roundings: targets are rounded apart from features.
const TARGETS: u64 = 2;

impl<L: RowLoss> DataFit<L> {
    /// As [`add_weighted_gradient`](Self::add_weighted_gradient) over all rows.
    pub fn add_precise_gradient(
        &self,
        theta: &[Double],
        rounding: Rounding,
        weight: impl Fn(usize) -> Double,
        out: &mut [Double],
    ) {
        let mut gradient = vec![Double::ZERO; self.outputs()];
        self.each_precise_row(theta, rounding, |row, features, target, scores| {
            self.loss.precise_gradient(target, scores, &mut gradient);
            add_row(weight(row) * (self.own_weight(row) * self.share(None)), features, &gradient, out);
        });
    }

    /// As [`add_weighted_hvp`](Self::add_weighted_hvp) over all rows.
    pub fn add_precise_hvp(
        &self,
        theta: &[Double],
        rounding: Rounding,
        weight: impl Fn(usize) -> Double,
        v: &[Double],
        out: &mut [Double],
    ) {
        let mut q = vec![Double::ZERO; self.outputs()];
        let mut product = q.clone();
        self.each_precise_row(theta, rounding, |row, features, target, scores| {
            row_scores(features, v, &mut q);
            self.loss.precise_curvature(target, scores, &q, &mut product);
            add_row(weight(row) * (self.own_weight(row) * self.share(None)), features, &product, out);
        });
    }

    /// As [`each_slope`](Self::each_slope) over all rows.
    pub fn each_precise_slope(
        &self,
        theta: &[Double],
        rounding: Rounding,
        v: &[Double],
        mut tell: impl FnMut(usize, Double),
    ) {
        let mut q = vec![Double::ZERO; self.outputs()];
        let mut gradient = q.clone();
        self.each_precise_row(theta, rounding, |row, features, target, scores| {
            row_scores(features, v, &mut q);
            self.loss.precise_gradient(target, scores, &mut gradient);
            tell(row, double::dot(&gradient, &q) * self.own_weight(row));
        });
    }

    /// As [`add_rows`](Self::add_rows) over all rows.
    pub fn add_precise_rows(&self, rounding: Rounding, weight: impl Fn(usize) -> f64, out: &mut [Double]) {
        let no_theta = vec![Double::ZERO; self.dimension()];
        self.each_precise_row(&no_theta, rounding, |row, features, _, _| {
            let scale = Double::from(self.own_weight(row) * self.share(None)) * weight(row);
            add_row(scale, features, &[Double::ONE], out);
        });
    }

    /// Tells `w_i` and `x_i · v` of every row, for a single output.
    pub fn each_precise_score(&self, rounding: Rounding, v: &[Double], mut tell: impl FnMut(usize, f64, Double)) {
        self.each_precise_row(v, rounding, |row, _, _, scores| tell(row, self.own_weight(row), scores[0]));
    }

    /// Tells every row: its number, its features, its target and its scores.
    fn each_precise_row(
        &self,
        theta: &[Double],
        rounding: Rounding,
        mut tell: impl FnMut(usize, PreciseRow<'_>, Double, &[Double]),
    ) {
        let columns = self.features.columns();
        let mut values = Vec::with_capacity(columns);
        let mut places = Vec::new();
        let mut scores = vec![Double::ZERO; self.outputs()];
        for (row, target) in self.targets.iter().enumerate() {
            let value = |(j, given): (usize, f64)| rounding.of(given, row * columns + j);
            values.clear();
            places.clear();
            let features = match self.features.row(row) {
                FeatureRow::Dense(row) => {
                    values.extend(row.iter().copied().enumerate().map(value));
                    PreciseRow::Dense(&values)
                }
                FeatureRow::Sparse(row) => {
                    values.extend(row.entries().map(value));
                    places.extend(row.entries().map(|(j, _)| j));
                    PreciseRow::Sparse(&places, &values)
                }
            };
            // The number of a class is no measurement.
            let target = if L::MEASURED { rounding.apart(TARGETS).of(*target, row) } else { (*target).into() };
            row_scores(features, theta, &mut scores);
            tell(row, features, target, &scores);
        }
    }
}

/// One row of features: all of them, or the columns and values of those that are stored.
#[derive(Clone, Copy)]
enum PreciseRow<'a> {
    Dense(&'a [Double]),
    Sparse(&'a [usize], &'a [Double]),
}

impl PreciseRow<'_> {
    fn each(self, mut tell: impl FnMut(usize, Double)) {
        match self {
            Self::Dense(values) => values.iter().enumerate().for_each(|(j, x)| tell(j, *x)),
            Self::Sparse(places, values) => places.iter().zip(values).for_each(|(j, x)| tell(*j, *x)),
        }
    }
}

/// `scores = Wᵀ x` for one row `x`.
fn row_scores(features: PreciseRow<'_>, weights: &[Double], scores: &mut [Double]) {
    scores.fill(Double::ZERO);
    let outputs = scores.len();
    features.each(|j, x| double::axpy(x, &weights[j * outputs..(j + 1) * outputs], scores));
}

/// `out += scale · x ⊗ gradient` for one row `x`.
fn add_row(scale: Double, features: PreciseRow<'_>, gradient: &[Double], out: &mut [Double]) {
    let outputs = gradient.len();
    features.each(|j, x| double::axpy(scale * x, gradient, &mut out[j * outputs..(j + 1) * outputs]));
}
