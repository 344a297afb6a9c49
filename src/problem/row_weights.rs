//! Weights of training rows, `w_i = σ(λ_i)`: one logit in λ for each row whose label is in doubt.

use super::Block;
use super::row_entries::RowEntries;
use crate::data::Split;

/// Which entry of λ weighs which row; a trusted row has none and counts in full.
pub(super) struct RowWeights(RowEntries);

/// `σ(x)`, without cancellation at either end.
pub(super) fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

/// `σ(x) σ(−x)`, its derivative.
pub(super) fn sigmoid_slope(x: f64) -> f64 {
    sigmoid(x) * sigmoid(-x)
}

impl RowWeights {
    pub fn of(split: &Split) -> Self {
        Self(RowEntries::of(split))
    }

    /// Entries of λ.
    pub fn count(&self) -> usize {
        self.0.count()
    }

    /// The weight of a training row.
    pub fn weight(&self, lambda: &[f64], row: usize) -> f64 {
        self.0.of_row(row).map_or(1.0, |owner| sigmoid(lambda[owner]))
    }

    /// The entry of λ that weighs a row, and the derivative of the weight in it.
    pub fn slope(&self, lambda: &[f64], row: usize) -> Option<(usize, f64)> {
        self.0.of_row(row).map(|owner| (owner, sigmoid_slope(lambda[owner])))
    }

    /// How the weight of a row moves along a direction of λ.
    pub fn along(&self, lambda: &[f64], row: usize, direction: &[f64]) -> f64 {
        self.slope(lambda, row).map_or(0.0, |(owner, slope)| slope * direction[owner])
    }

    /// Adds to the entry of λ that a row belongs to: its slope times `value`.
    pub fn add(&self, lambda: &[f64], row: usize, value: f64, out: &mut [f64]) {
        if let Some((owner, slope)) = self.slope(lambda, row) {
            out[owner] += slope * value;
        }
    }

    /// The weight that each entry of λ gives.
    pub fn all(&self, lambda: &[f64]) -> Vec<f64> {
        lambda[..self.count()].iter().map(|x| sigmoid(*x)).collect()
    }

    /// Which entries of λ weigh a row that is here; nothing where all do.
    pub fn reads(&self) -> Option<&[bool]> {
        self.0.reads()
    }

    pub fn block(&self) -> Block {
        self.0.block("row_weights")
    }
}
