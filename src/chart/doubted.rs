//! Training rows whose labels are in doubt, for the charts of their weights.

use crate::data::Prepared;
use crate::lab::{Snapshot, TrialView};
use crate::metric::ROW_WEIGHTS;

/// Training rows whose labels are in doubt, as the first trial that is shown weighs them.
pub(super) struct Doubted<'a> {
    pub trial: &'a TrialView,
    /// One weight a training row.
    pub weights: &'a [f64],
    pub data: &'a Prepared,
}

impl Doubted<'_> {
    /// The weights of the mislabelled rows, or of the clean ones.
    pub fn rows(&self, mislabelled: bool) -> impl Iterator<Item = f64> {
        let rows = self.weights.iter().zip(&self.data.mislabelled);
        rows.filter(move |(_, wrong)| **wrong == mislabelled).map(|(weight, _)| *weight)
    }
}

/// The doubted rows, where some trial weighs rows and it is known which are mislabelled.
pub(super) fn doubted(snapshot: &Snapshot) -> Option<Doubted<'_>> {
    let data = snapshot.problem.data.as_deref()?;
    let trial = snapshot.shown().next()?;
    let weights = trial.here.reading(&ROW_WEIGHTS)?.vector()?;
    (weights.len() == data.mislabelled.len()).then_some(Doubted { trial, weights, data })
}
