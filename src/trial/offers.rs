//! Which of the metrics recorded a trial can have.

use std::sync::Arc;

use super::{Metric, Reading, Seen, Subject};

/// Each metric that is recorded, and what a trial lacks for it, where it lacks something.
#[derive(Debug, Clone, Default)]
pub struct Offers(Arc<[(&'static Metric, Option<String>)]>);

/// A metric and its place in the list of all that is recorded.
pub(super) type Column = (usize, &'static Metric);

impl Offers {
    pub(super) fn of(metrics: &[&'static Metric], subject: &Subject<'_>) -> Self {
        Self(metrics.iter().map(|metric| (*metric, (metric.needs)(subject).err())).collect())
    }

    /// The metrics there are, in the order shown.
    pub fn iter(&self) -> impl Iterator<Item = &'static Metric> {
        self.0.iter().filter(|(_, lack)| lack.is_none()).map(|(metric, _)| *metric)
    }

    /// Whether there are readings of a metric.
    #[must_use]
    pub fn has(&self, metric: &Metric) -> bool {
        self.iter().any(|offered| std::ptr::eq(offered, metric))
    }

    /// The reading of a metric that there is; one that lacks something is not asked, whatever that would take.
    pub(super) fn read(&self, (place, metric): &Column, seen: &Seen<'_>) -> Reading {
        if self.0[*place].1.is_none() { (metric.read)(seen) } else { Reading::Absent }
    }

    /// What is lacking for a metric, and what would have it.
    #[must_use]
    pub fn lack(&self, metric: &Metric) -> Option<&str> {
        self.0.iter().find(|(other, _)| std::ptr::eq(*other, metric))?.1.as_deref()
    }
}
