//! A probe for every value of a sweep.

use serde::Serialize;

use super::{Case, Finding, ProbeError, Progress, Watcher, refuse};
use crate::scenario::Sweep;

/// What was found at one value.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Point<T> {
    /// The value as it was given.
    pub value: String,
    /// The value as a number, where it is one; its place among the values otherwise.
    pub x: f64,
    /// What was found.
    #[serde(flatten)]
    pub finding: T,
}

/// Measures at every value, in the order given, and makes a finding of them; one of the values so far is shown to whoever
/// watches. No value is measured before all are known to fit.
///
/// # Errors
/// When a value does not fit, or what `measure` says of one.
pub(super) fn points<T: Clone, F: Finding>(
    case: &Case<'_>,
    sweep: &Sweep,
    watcher: &mut Watcher<'_>,
    measure: impl Fn(&Case<'_>, &mut Watcher<'_>) -> Result<T, ProbeError>,
    finding: impl Fn(Vec<Point<T>>) -> F,
) -> Result<F, ProbeError> {
    if sweep.values.is_empty() {
        return refuse(&format!("no values for `{}`; expected at least 1", sweep.path));
    }
    let at = |value: &String| case.with(sweep.path.trim(), value);
    // Looked at and let go: one experiment at a time is kept.
    sweep.values.iter().try_for_each(|value| at(value).map(drop))?;
    let count = sweep.values.len();
    let mut points = Vec::new();
    for (place, value) in sweep.values.iter().enumerate() {
        // The points take different times; each counts as an equal share.
        let mut part = |progress: Progress| {
            let total = progress.total.max(1);
            watcher(Progress { done: place * total + progress.done, total: count * total })
        };
        let found = measure(&at(value)?, &mut part)?;
        let x = value.trim().parse().unwrap_or(place as f64);
        points.push(Point { value: value.trim().to_owned(), x, finding: found });
        if place + 1 < count {
            case.publish(|| finding(points.clone()));
        }
    }
    Ok(finding(points))
}
