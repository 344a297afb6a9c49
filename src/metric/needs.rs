//! What metrics ask of a trial before it runs, in words where it is missing.

use super::Subject;
use super::score::scored;
use crate::problem::Sample;
use crate::trial::{Gives, reference};

/// A hypergradient that the estimate is held against.
pub(super) fn truth(subject: &Subject<'_>) -> Result<(), String> {
    let (_, gives) = reference(subject.stage, subject.setting)?;
    let none = "it is held against a truth, and `truth` is `None`; `truth: SameData` has one";
    said(gives != Gives::Nothing, none)
}

/// F(λ) under the reference.
pub(super) fn valued(subject: &Subject<'_>) -> Result<(), String> {
    truth(subject)?;
    let (_, gives) = reference(subject.stage, subject.setting)?;
    if gives == Gives::Population { Ok(()) } else { solution(subject) }
}

/// An exact inner solution.
pub(super) fn solution(subject: &Subject<'_>) -> Result<(), String> {
    truth(subject)?;
    let (_, gives) = reference(subject.stage, subject.setting)?;
    let of_the_run = "it is held against θ*, and the truth here is that of the run; a convex problem without a learned \
                      schedule has θ*, and `truth: SameData` asks for it";
    let of_the_population = "it is held against θ* of the very rows, and the truth here is the population's; `truth: SameData` \
                             asks for it";
    said(gives != Gives::Population, of_the_population)?;
    said(gives == Gives::Solution, of_the_run)
}

/// A loss on some rows.
pub(super) fn rows(subject: &Subject<'_>, sample: Sample) -> Result<(), String> {
    let missing = match sample {
        Sample::Training => "this problem has no training rows; those with `data` do",
        Sample::Validation => "this problem has no validation rows; those with `data` do",
        Sample::Test => "there are no test rows; `data.split.test`, or `new_tasks` of a family of tasks, makes some",
    };
    said(scored(subject.stage, sample).is_some(), missing)
}

/// Classes to be right or wrong about, on some rows.
pub(super) fn classes(subject: &Subject<'_>, sample: Sample) -> Result<(), String> {
    rows(subject, sample)?;
    let regression = "this problem predicts numbers and not classes; the loss on the same rows is there";
    said(scored(subject.stage, sample) == Some(true), regression)
}

/// Nothing where it is there, and otherwise why it is not.
pub(super) fn said(is_there: bool, why_not: &str) -> Result<(), String> {
    if is_there { Ok(()) } else { Err(why_not.to_owned()) }
}
