//! What a probe gives.

use std::any::Any;
use std::fmt::Debug;

use serde::Serialize;

use super::table::Table;
use crate::catalog::Knobs;

/// What a probe found.
pub trait Finding: Any + Debug + Send + Sync {
    /// Everything, in full precision. What is not finite is `null`.
    fn to_json(&self) -> String;

    /// Everything but nested notes, one row a measurement.
    fn rows(&self) -> Table;

    /// What a person reads first, one row a contender.
    fn summary(&self) -> Table;

    /// What it comes to in sentences, under the limits that the probe's knobs set now; nothing, where the table says it all.
    fn words(&self, _knobs: &Knobs) -> Vec<String> {
        Vec::new()
    }

    /// The outer steps that the rows of the summary are about, by trial and inner steps, for whoever holds a clock: seconds are no part of
    /// a finding.
    fn outer_steps(&self) -> Vec<(u64, usize)> {
        Vec::new()
    }

    /// What a person reads of the one trial that has this identifier.
    fn about(&self, _trial: u64) -> Option<Excerpt> {
        None
    }
}

/// A finding as JSON: plain data with string keys, which JSON can always hold.
pub(super) fn json(finding: &impl Serialize) -> String {
    serde_json::to_string(finding).unwrap_or_default()
}

impl dyn Finding {
    /// The finding as the type that its probe gives.
    #[must_use]
    pub fn get<T: Finding>(&self) -> Option<&T> {
        (self as &dyn Any).downcast_ref()
    }
}

/// The few numbers of a finding that stand beside a trial's own.
#[derive(Debug, Clone, PartialEq)]
pub struct Excerpt {
    /// Name, value, and how uncertain it is; NaN where that is not known.
    pub values: Vec<(&'static str, f64, f64)>,
    /// What it was held against, how often it was taken.
    pub terms: String,
}
