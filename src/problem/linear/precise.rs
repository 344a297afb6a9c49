//! The mean loss over all rows once more, with twice the digits: what the exact answer is refined with. Clear
//! before fast; it is asked a few times for an exact answer, and only where `f64` does not suffice.

use super::data_fit::DataFit;
use super::loss::RowLoss;
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

    /// Tells every row: its number, its features, its target and its scores.
    fn each_precise_row(
        &self,
        theta: &[Double],
        rounding: Rounding,
        mut tell: impl FnMut(usize, &[Double], Double, &[Double]),
    ) {
        let columns = self.features.columns();
        let mut features = vec![Double::ZERO; columns];
        let mut scores = vec![Double::ZERO; self.outputs()];
        for (row, target) in self.targets.iter().enumerate() {
            for (j, (feature, given)) in features.iter_mut().zip(self.features.row(row)).enumerate() {
                *feature = rounding.of(*given, row * columns + j);
            }
            // The number of a class is no measurement.
            let target = if L::MEASURED { rounding.apart(TARGETS).of(*target, row) } else { (*target).into() };
            row_scores(&features, theta, &mut scores);
            tell(row, &features, target, &scores);
        }
    }
}

/// `scores = Wᵀ x` for one row `x`.
fn row_scores(features: &[Double], weights: &[Double], scores: &mut [Double]) {
    scores.fill(Double::ZERO);
    for (x, weights) in features.iter().zip(weights.chunks_exact(scores.len())) {
        double::axpy(*x, weights, scores);
    }
}

/// `out += scale · x ⊗ gradient` for one row `x`.
fn add_row(scale: Double, features: &[Double], gradient: &[Double], out: &mut [Double]) {
    for (x, out) in features.iter().zip(out.chunks_exact_mut(gradient.len())) {
        double::axpy(scale * *x, gradient, out);
    }
}
