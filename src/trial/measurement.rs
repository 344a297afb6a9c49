//! One estimate, and what was read of the trial there.

use std::sync::Arc;

use super::records::Columns;
use super::{Loops, Metric};
use crate::estimator::Estimate;

/// An estimate at one inner step, and the numbers read there.
#[derive(Debug, Clone)]
pub struct Measurement {
    /// Outer step, from 0.
    pub outer: usize,
    /// Inner steps taken.
    pub inner: usize,
    /// ĥ with its cost and the health of its solver.
    pub estimate: Estimate,
    pub(super) numbers: Arc<[Option<f64>]>,
    columns: Arc<Columns>,
}

impl Measurement {
    pub(super) fn of(loops: &Loops, estimate: Estimate, numbers: Arc<[Option<f64>]>, columns: &Arc<Columns>) -> Self {
        Self { outer: loops.outer(), inner: loops.inner(), estimate, numbers, columns: Arc::clone(columns) }
    }

    /// A number that was read at this inner step, where there is one.
    #[must_use]
    pub fn number(&self, metric: &Metric) -> Option<f64> {
        self.columns.step_number(&self.numbers, metric)
    }
}
