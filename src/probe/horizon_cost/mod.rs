//! What an estimate costs as inner runs get longer: bytes held, gradients and products with H, against T.
//!
//! The inner run of every trial is taken once from its start for each of several T, by all of its students, and its estimator is asked at the end.
//! What it held at most and what all of it asked for is counted by the oracle and so is the same everywhere; seconds are no part of it. Known orders of
//! memory: tangents of forward mode none, checkpoints of reverse mode T^½, a tape T. Franceschi et al. 2017, section 3;
//! Griewank 1992; Micaelli and Storkey 2021, section 3.

mod finding;

use std::sync::Arc;

use rayon::prelude::*;

use super::meter::Meter;
use super::{Case, Entry, Finding, ProbeError, Scope, Subject, Watcher, refuse};
use crate::catalog::{Card, Kind, Knob, Scale};
use crate::estimator::Planned;
use crate::problem::{Blocks, Oracle};
use crate::trial::{Stage, Students};

pub use finding::{HorizonCost, Length, SCHEMA, TrialFinding};

/// The probe.
pub const ENTRY: Entry = Entry {
    card: Card {
        id: "horizon-cost",
        name: "Memory and calls against T",
        source: "Franceschi et al. 2017, section 3; Griewank 1992; Micaelli and Storkey 2021, section 3",
        equation: "bytes(T), gradients(T), products with H(T)  for T up to the inner steps of a scenario",
        summary: "Tells how memory and calls grow with the length of a run. Takes the inner run of every trial once for each of \
                  several lengths, and counts what its estimator held at most and what all of it asked for; of a population \
                  all students together.",
        cost: "an outer step for every length of a trial",
        fails: "Bytes are those an estimator says it holds, beside θ, λ and the data. Lengths with fewer steps than a schedule has windows are \
                left out.",
        knobs: &[SHORTEST, MARKS],
    },
    scope: Scope::AtLambda,
    stands: |_| false,
    key: '^',
    sweeps: None,
    budget: &[("marks", 3)],
    run: |case, watcher| Ok(Box::new(run(case, watcher)?) as Box<dyn Finding>),
};

const SHORTEST: Knob = Knob {
    key: "shortest",
    help: "The least T; runs that have no more steps begin at T = 1, which is said.",
    kind: Kind::Integer { default: 10, range: (1, 1_000_000), scale: Scale::Logarithmic },
};

const MARKS: Knob = Knob {
    key: "marks",
    help: "Lengths in a decade, evenly spaced on a log axis.",
    kind: Kind::Integer { default: 3, range: (1, 24), scale: Scale::Linear },
};

/// Takes every trial's runs.
///
/// # Errors
/// When no length suits a trial, or the watcher stops it.
pub fn run(case: &Case<'_>, watcher: &mut Watcher<'_>) -> Result<HorizonCost, ProbeError> {
    let stage = Arc::new(Stage::of(&case.experiment));
    let (mut jobs, mut notes) = (Vec::new(), Vec::new());
    for subject in &case.subjects {
        let (lengths, note) = lengths(case, subject, &stage)?;
        jobs.extend(lengths.into_iter().map(|steps| (subject, steps)));
        notes.push(note);
    }
    let meter = Meter::new(jobs.iter().map(|(_, steps)| steps).sum(), &case.experiment.stop, watcher);
    let found: Vec<Result<Length, ProbeError>> = jobs
        .par_iter()
        .map(|(subject, steps)| {
            meter.goes_on()?;
            let mut students = subject.students_over(&stage, *steps);
            students.finish_inner();
            let taken = students.leader().inner();
            let cost = if students.advance() { Ok(students.cost()) } else { Err(stopped(&students)) };
            meter.advance(*steps)?;
            Ok(Length::of(*steps, taken, cost))
        })
        .collect();
    let found = found.into_iter().collect::<Result<Vec<_>, _>>()?;
    let of = |(subject, note): (&Subject, Option<String>)| {
        let lengths = jobs.iter().zip(&found).filter(|((of, _), _)| of.id == subject.id);
        TrialFinding::of(subject, lengths.map(|(_, length)| *length).collect(), note)
    };
    Ok(HorizonCost::of(case, case.subjects.iter().zip(notes).map(of).collect()))
}

/// Why an outer step was not taken.
fn stopped(students: &Students) -> &'static str {
    students.leader().status().stop().unwrap_or("no estimate")
}

/// T, from the shortest to that of the scenario, as far as dynamics and estimator take such runs; and what is not as the knobs say.
fn lengths(case: &Case<'_>, subject: &Subject, stage: &Stage) -> Result<(Vec<usize>, Option<String>), ProbeError> {
    let (most, marks) = (subject.setting.inner.steps, case.knobs.count("marks").max(1));
    let asked = case.knobs.count("shortest").max(1);
    let is_beyond = asked > 1 && asked >= most;
    let shortest = if is_beyond { 1 } else { asked };
    let note = is_beyond.then(|| format!("from T = 1: `shortest` is {asked}, T is {most}"));
    let mark = |index: usize| (shortest as f64 * 10f64.powf(index as f64 / marks as f64)).round() as usize;
    let mut lengths: Vec<usize> = (0..).map(mark).take_while(|length| *length < most).collect();
    lengths.push(most);
    lengths.dedup();
    let setting = &subject.setting;
    let dynamics = (setting.inner.dynamics.entry().build)(&setting.inner.dynamics.knobs);
    let estimator = (setting.estimator.entry().build)(&setting.estimator.knobs);
    let own = Blocks::new(dynamics.blocks(&Oracle::new(Arc::clone(&stage.problem)), &stage.lambda));
    let learned = own.dimension();
    let mistake = |steps: usize| dynamics.mistake(steps).or_else(|| estimator.mistake(Planned { steps, learned }));
    lengths.retain(|steps| mistake(*steps).is_none());
    if lengths.is_empty() {
        let why = mistake(most).map_or_else(String::new, |(_, why)| why);
        return refuse(&format!("no run of `{}` can be taken: {why}", setting.name));
    }
    Ok((lengths, note))
}
