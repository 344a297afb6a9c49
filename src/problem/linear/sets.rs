//! The three sets of rows a model sees: training, validation through the outer objective, and test.

use super::data_fit::{DataFit, Place, Scratch};
use super::loss::RowLoss;
use super::outer::{Dial, Outer};
use crate::data::Split;
use crate::math::double::Double;
use crate::problem::{Cache, Dimensions, Location, PreciseLocation, Sample, Score};

/// A loss over each of the three sets.
pub(in crate::problem) struct Sets<L> {
    /// The rows of the inner objective.
    pub training: DataFit<L>,
    /// The outer objective, with the validation rows.
    pub outer: Outer<L>,
    test: DataFit<L>,
}

impl<L: RowLoss> Sets<L> {
    /// From checked and encoded rows; `loss` makes one loss for each set.
    pub fn new(split: Split, loss: impl Fn() -> L, dial: Option<Dial>) -> Self {
        Self {
            training: DataFit::new(loss(), split.training),
            outer: Outer::new(DataFit::new(loss(), split.validation), dial),
            test: DataFit::new(loss(), split.test),
        }
    }

    /// Sizes, for λ ∈ R^outer.
    pub fn dimensions(&self, outer: usize) -> Dimensions {
        Dimensions {
            inner: self.training.dimension(),
            outer,
            training: self.training.rows(),
            validation: self.outer.rows(),
        }
    }

    /// Prepares the training rows in use.
    pub fn prepare(&self, at: Location<'_>, cache: &mut Cache) {
        let [scratch @ .., _] = &mut cache.scratch;
        self.training.prepare(at.theta, at.rows.training, &mut cache.prepared, scratch);
    }

    /// `∇_θ f` with twice the digits. Validation rows are rounded apart from training rows.
    pub fn precise_outer_gradient(&self, at: PreciseLocation<'_>, out: &mut [Double]) {
        self.outer.precise_gradient(at.theta, at.rounding.apart(1), out);
    }

    /// See [`Precise::work`](crate::problem::Precise::work).
    pub fn precise_work(&self) -> usize {
        self.training.work()
    }

    /// Loss and accuracy on one set.
    pub fn score(&self, sample: Sample, theta: &[f64]) -> Option<Score> {
        match sample {
            Sample::Training => &self.training,
            Sample::Validation => &self.outer.validation,
            Sample::Test => &self.test,
        }
        .score(theta)
    }
}

/// The training rows in use, with the states left in the cache, and scratch for the scores of a row.
pub(in crate::problem) fn prepared<'a>(at: Location<'a>, cache: &'a mut Cache) -> (Place<'a>, &'a mut Scratch) {
    let [scratch @ .., _] = &mut cache.scratch;
    (Place { theta: at.theta, rows: at.rows.training, state: &cache.prepared }, scratch)
}
