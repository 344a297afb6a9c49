//! Seconds of an outer step, here and now. They stand beside a finding and are no part of it: the same setting takes others elsewhere.

use std::time::{Duration, Instant};

use crate::math::number::plain;
use crate::probe::{Case, Cell, Finding, Table};
use crate::trial::Students;

/// Longest that one setting is timed, but for its first run.
const LONG: Duration = Duration::from_millis(100);

/// The least time that an outer step of all students takes, of as many as fit into a moment; none, where it ends without an estimate.
pub fn seconds(start: &Students) -> Option<f64> {
    let mut least = f64::INFINITY;
    let begun = Instant::now();
    while begun.elapsed() < LONG {
        let mut students = start.clone();
        let before = Instant::now();
        students.finish_inner();
        std::hint::black_box(students.conclude())?;
        least = least.min(before.elapsed().as_secs_f64());
    }
    Some(least)
}

/// The summary of a finding, with the seconds of the outer steps that its rows are about.
pub fn timed(finding: &dyn Finding, case: &Case<'_>) -> Table {
    let mut table = finding.summary();
    let steps = finding.outer_steps();
    // Before the words, which take what is left of a line.
    let place = table.columns.iter().position(|column| column == "note").unwrap_or(table.columns.len());
    if !steps.is_empty() {
        table.columns.insert(place, "seconds".to_owned());
    }
    for (row, (trial, steps)) in table.rows.iter_mut().zip(steps) {
        let seconds = case.outer_step(trial, steps).and_then(|start| seconds(&start));
        row.insert(place, seconds.map_or(Cell::Missing, |seconds| Cell::Text(plain(seconds))));
    }
    table
}
