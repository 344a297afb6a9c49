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

impl Mean {
    /// Of independent values.
    pub(super) fn of(values: &[f64]) -> Self {
        Self { value: mean(values), standard_error: standard_error(values) }
    }
}
