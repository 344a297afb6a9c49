//! A probe for every value of a sweep.

use serde::Serialize;

use super::{Case, Cell, Finding, Outcome, ProbeError, Progress, Table, Watcher, refuse};
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

/// Measures once, or where the case has a sweep at every value of it, and makes a finding of them as `of` does of its path
/// and points.
///
/// # Errors
/// What `measure` says, or that a value does not fit.
pub(super) fn once_or_swept<T: Clone + Finding, F: Finding>(
    case: &Case<'_>,
    watcher: &mut Watcher<'_>,
    measure: impl Fn(&Case<'_>, &mut Watcher<'_>) -> Result<T, ProbeError>,
    of: impl Fn(&str, Vec<Point<T>>) -> F,
) -> Outcome {
    let Some(sweep) = case.sweep else { return Ok(Box::new(measure(case, watcher)?)) };
    Ok(Box::new(points(case, sweep, watcher, measure, |points| of(&sweep.path, points))?))
}

/// The tables of a sweep, made of what the finding at every value says.
pub(super) struct Tables<'a, T> {
    /// Where the value is in the scenario.
    pub path: &'a str,
    /// What was found at every value.
    pub points: &'a [Point<T>],
}

impl<T> Tables<'_, T> {
    /// The rows of every value, behind path and value.
    pub fn rows(&self, columns: Vec<String>, rows: impl Fn(&T) -> Vec<Vec<Cell>>) -> Table {
        let columns = ["path", "value"].map(str::to_owned).into_iter().chain(columns).collect();
        let mut table = Table { columns, rows: Vec::new() };
        for point in self.points {
            for row in rows(&point.finding) {
                table.rows.push([self.path, point.value.as_str()].map(Cell::from).into_iter().chain(row).collect());
            }
        }
        table
    }

    /// Each trial over all values: its row at a value with the value second, and with what `note` (of trial and place among
    /// the values) makes of the words at its end.
    pub fn summary(
        &self,
        mut columns: Vec<String>,
        trials: usize,
        row: impl Fn(&T, usize) -> Vec<Cell>,
        note: impl Fn(usize, usize, String) -> String,
    ) -> Table {
        columns.insert(1, self.path.to_owned());
        let mut table = Table { columns, rows: Vec::new() };
        for trial in 0..trials {
            for (place, point) in self.points.iter().enumerate() {
                let mut cells = row(&point.finding, trial);
                cells.insert(1, point.value.as_str().into());
                if let Some(Cell::Text(words)) = cells.last_mut() {
                    *words = note(trial, place, std::mem::take(words));
                }
                table.rows.push(cells);
            }
        }
        table
    }
}

/// Measures at every value, in the order given, and makes a finding of them; one of the values so far is shown to whoever
/// watches. No value is measured before all are known to fit.
///
/// # Errors
/// When a value does not fit, or what `measure` says of one.
fn points<T: Clone, F: Finding>(
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
