//! A mean over replicates.

use serde::Serialize;

use crate::math::statistics::{mean, standard_error};

/// A mean with its standard error, NaN for one replicate.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Mean {
    /// Mean.
    pub value: f64,
    /// Its standard error.
    pub standard_error: f64,
}

/// Runs of several seeds: all of them, or the first alone where all are the same to the last bit. Then nothing is drawn, and a
/// standard error over copies of one run would be a zero that nobody measured.
pub(super) fn differing<T>(runs: &[T], is_same: impl Fn(&T, &T) -> bool) -> &[T] {
    match runs {
        [first, rest @ ..] if rest.iter().all(|run| is_same(first, run)) => &runs[..1],
        _ => runs,
    }
}

/// What is said of such a run.
pub(super) const ONE_RUN: &str = "nothing is drawn: one run, without a standard error";

impl Mean {
    /// Of independent values.
    pub(super) fn of(values: &[f64]) -> Self {
        Self { value: mean(values), standard_error: standard_error(values) }
    }
}
