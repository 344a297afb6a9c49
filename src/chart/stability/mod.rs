//! Charts of what the stability probe found. Guides are classical shapes of one level or this project's model, and say so:
//! no curve here is a bound of a paper about bilevel methods, whose constants are not known.

mod against;
mod gap;
mod rows;
mod trials;
mod twins;

use super::found::draw_found;
use super::{Axis, Entry, Figure, Layer, Style, beside_trials, finish, ink};
use crate::lab::{Measured, Snapshot, TrialView};
use crate::math::number::counted;
use crate::probe::Question;
use crate::probe::stability::{self, Mark, Over, Stability, TrialFinding};

pub(super) use against::{AGAINST, GAP_BY_VALUE};
pub(super) use gap::GAP;
pub(super) use rows::ROWS;
pub(super) use trials::TRIALS;
pub(super) use twins::TWINS;

/// What is asked for runs that differ in one row.
const STABILITY: Question = Question::of(&stability::ENTRY);

/// Whose work the definitions are.
const SOURCE: &str = "Zhang, Chen, Gu, Gong, Zheng 2024; the exact estimators are this project's";

/// A trial that is shown, with what was found of it.
type Found<'a> = (&'a TrialView, &'a TrialFinding);

/// What was found of the trials that are shown, of as many as have a mark.
fn found<'a>(snapshot: &'a Snapshot, measured: &Measured, finding: &'a Stability) -> Vec<Found<'a>> {
    let about = snapshot.shown().filter(|trial| measured.is_about(trial.id, &trial.setting));
    let of = |trial: &'a TrialView| {
        let found = finding.trials.iter().find(|found| found.id == trial.id)?;
        (!found.marks.is_empty()).then_some((trial, found))
    };
    about.filter_map(of).collect()
}

/// A number against K.
fn line(marks: &[Mark], of: fn(&Mark) -> &Over) -> Vec<(f64, f64)> {
    marks.iter().map(|mark| (mark.step as f64, of(mark).mean)).collect()
}

/// One standard error on either side of it, where there is one.
fn band(marks: &[Mark], of: fn(&Mark) -> &Over) -> Vec<(f64, f64, f64)> {
    let ends = marks.iter().map(|mark| (mark.step as f64, of(mark)));
    let ends = ends.map(|(step, over)| (step, over.mean - over.standard_error, over.mean + over.standard_error));
    ends.filter(|(_, low, high)| low.is_finite() && high.is_finite()).collect()
}

/// Runs that halted, which leave gaps, and trials of which all seeds are one run.
fn halted(finding: &Stability, found: &[Found<'_>]) -> Vec<String> {
    let halted = found.iter().filter_map(|(_, found)| {
        let (count, reason) = found.halted.as_ref()?;
        Some(format!("{}: {} {reason}", found.trial, counted(*count, "run")))
    });
    let one = found.iter().filter(|(_, found)| finding.is_one_run(found));
    halted.chain(one.map(|(_, found)| format!("{}: nothing is drawn, one run", found.trial))).collect()
}
