//! How far a hypergradient looks ahead, and what it says of the schedule then.
//!
//! After some warm steps with the schedule as it is, the first block of the dynamics' outer variables is held at a value, and the run goes
//! on. The derivative of f after T_h further steps by that value, mean and standard error over runs, for several values and several T_h:
//! where it is above zero the value should fall. A short horizon says so of learning rates that a long one wants larger: noise in the fast
//! directions counts at once, progress in the slow ones later. Wu, Ren, Liao, Grosse 2018; Micaelli and Storkey 2021, section 3.

mod finding;

use std::sync::Arc;

use rayon::prelude::*;

use super::meter::Meter;
use super::{Case, Entry, Finding, ProbeError, Scope, Subject, Watcher, refuse};
use crate::catalog::{Card, Kind, Knob, Scale};
use crate::estimator;
use crate::math::number::counted;
use crate::problem::{Blocks, Oracle};
use crate::trial::{Loops, Stage, Status};

pub use finding::{Cell as Slope, Foresight, SCHEMA, TrialFinding};

/// The probe.
pub const ENTRY: Entry = Entry {
    card: Card {
        id: "foresight",
        name: "Hypergradient against horizon",
        source: "Wu, Ren, Liao, Grosse 2018; Micaelli and Storkey 2021, section 3",
        equation: "E ∂f(θ_{t₀+T_h})/∂α  for α held from t₀ on, against T_h",
        summary: "Tells how a short look ahead misjudges a schedule. Holds the learning rate at several values after some warm \
                  steps, and says whether f at the end of a horizon asks for less or for more of it, horizon after horizon.",
        cost: "R inner runs for every value of a trial, with an estimate at every horizon",
        fails: "The sign is about one value that is held to the end of the horizon, from where the warm steps led. Estimators that are about θ* see no \
                schedule, and are refused.",
        knobs: &[REPLICATES, WARM, LOWEST, HIGHEST, VALUES],
    },
    scope: Scope::AtLambda,
    stands: |_| false,
    key: '~',
    sweeps: None,
    budget: &[("replicates", 8)],
    run: |case, watcher| Ok(Box::new(run(case, watcher)?) as Box<dyn Finding>),
};

const REPLICATES: Knob = Knob {
    key: "replicates",
    help: "Runs R, each as an outer step of its own draws it.",
    kind: Kind::Integer { default: 30, range: (2, 10_000), scale: Scale::Logarithmic },
};

const WARM: Knob = Knob {
    key: "warm",
    help: "Inner steps that each run takes with the schedule as it is, before the value is held.",
    kind: Kind::Integer { default: 50, range: (0, 100_000), scale: Scale::Logarithmic },
};

const LOWEST: Knob = Knob {
    key: "lowest",
    help: "The smallest value held, in units of λ: of log learning rates a logarithm.",
    kind: Kind::Real { default: -2.3, range: (-100.0, 100.0), scale: Scale::Linear },
};

const HIGHEST: Knob = Knob {
    key: "highest",
    help: "The largest value held.",
    kind: Kind::Real { default: 0.9, range: (-100.0, 100.0), scale: Scale::Linear },
};

const VALUES: Knob = Knob {
    key: "values",
    help: "How many values, evenly spaced; of one, the lowest.",
    kind: Kind::Integer { default: 5, range: (1, 100), scale: Scale::Linear },
};

/// Measures every trial.
///
/// # Errors
/// When its dynamics learn nothing, its estimator is about no run, or the watcher stops it.
pub fn run(case: &Case<'_>, watcher: &mut Watcher<'_>) -> Result<Foresight, ProbeError> {
    let replicates = case.knobs.count("replicates");
    let values = values(case)?;
    let stage = Arc::new(Stage::of(&case.experiment));
    let units = case.subjects.len().saturating_mul(values.len()).saturating_mul(replicates);
    let meter = Meter::new(units, &case.experiment.stop, watcher);
    let mut trials = Vec::new();
    for subject in &case.subjects {
        let block = first_block(subject, &stage)?;
        differentiates(subject)?;
        let (warm, steps) = (case.knobs.count("warm"), subject.setting.inner.steps);
        if warm > steps {
            return refuse(&format!(
                "`warm` is {warm}, and an inner run of `{}` has {}; expected at most as many",
                subject.setting.name,
                counted(steps, "step")
            ));
        }
        let horizons = horizons(subject.setting.inner.steps);
        let jobs: Vec<(f64, usize)> =
            values.iter().flat_map(|value| (0..replicates).map(move |run| (*value, run))).collect();
        let runs: Vec<Result<Vec<f64>, ProbeError>> = jobs
            .par_iter()
            .map(|(value, run)| {
                meter.goes_on()?;
                let slopes = slopes(case, (subject, &stage), &block, (*value, *run), &horizons);
                meter.advance(1)?;
                Ok(slopes)
            })
            .collect();
        let runs = runs.into_iter().collect::<Result<Vec<_>, _>>()?;
        trials.push(TrialFinding::of(subject, block.name.clone(), &horizons, (&values, replicates), &runs));
    }
    Ok(Foresight::of(case, trials))
}

fn values(case: &Case<'_>) -> Result<Vec<f64>, ProbeError> {
    let (low, high, count) = (case.knobs.real("lowest"), case.knobs.real("highest"), case.knobs.count("values").max(1));
    if low > high {
        return refuse(&format!(
            "`lowest` is {low} and `highest` {high}; expected a lowest value that is not above the highest"
        ));
    }
    let share = |index: usize| if count == 1 { 0.0 } else { index as f64 / (count - 1) as f64 };
    Ok((0..count).map(|index| low + (high - low) * share(index)).collect())
}

/// 1, 2, 5, 10, … below T, and T.
fn horizons(steps: usize) -> Vec<usize> {
    let decades = (0..).map(|power| 10usize.saturating_pow(power)).take_while(|decade| *decade < steps);
    let marks = decades.flat_map(|decade| [1, 2, 5].map(|digit| digit * decade));
    marks.filter(|mark| *mark < steps).chain([steps]).collect()
}

/// What is added to the seed for the batches after the warm steps.
const GOING_ON: u64 = 0x9e37_79b9_7f4a_7c15;

/// Where the variables lie that are held.
struct Held {
    name: String,
    entries: std::ops::Range<usize>,
}

fn first_block(subject: &Subject, stage: &Stage) -> Result<Held, ProbeError> {
    let dynamics = &subject.setting.inner.dynamics;
    let built = (dynamics.entry().build)(&dynamics.knobs);
    let blocks = Blocks::new(built.blocks(&Oracle::new(Arc::clone(&stage.problem)), &stage.lambda));
    let own = stage.lambda.len();
    let first = blocks.iter().next();
    match first {
        Some((block, range)) => Ok(Held { name: block.name.to_owned(), entries: own + range.start..own + range.end }),
        None => refuse(&format!(
            "`{}` has dynamics without a schedule, `{}`, so that there is no value to hold; expected dynamics that learn one, such as `Schedule`",
            subject.setting.name,
            dynamics.card().ron_name()
        )),
    }
}

/// Whether its estimates are derivatives by what is held at all.
fn differentiates(subject: &Subject) -> Result<(), ProbeError> {
    let estimator = subject.setting.estimator.entry();
    if estimator.family.is_about_the_run() {
        return Ok(());
    }
    let would = estimator::ALL.iter().filter(|entry| entry.family.is_about_the_run());
    let would: Vec<String> = would.map(|entry| format!("`{}`", entry.card.ron_name())).collect();
    refuse(&format!(
        "`{}` estimates by `{}`, which is about θ*, and θ* does not depend on the schedule that leads there; expected an estimator that \
         differentiates the run: {}",
        subject.setting.name,
        estimator.card.ron_name(),
        would.join(", ")
    ))
}

/// The derivative by a value held from the warm steps on, at every horizon of one run. What diverged is not a number.
fn slopes(
    case: &Case<'_>,
    (subject, stage): (&Subject, &Arc<Stage>),
    held: &Held,
    (value, run): (f64, usize),
    horizons: &[usize],
) -> Vec<f64> {
    let start = subject.loops(stage);
    let mut lambda = start.lambda().to_vec();
    let mut loops = start.at_outer(1 + run, &lambda);
    let warm = case.knobs.count("warm");
    (0..warm).for_each(|_| loops.step_inner());
    lambda[held.entries.clone()].fill(value);
    let seed = case.scenario().seed.wrapping_add(GOING_ON);
    let mut loops = loops.going_on_at(&lambda, seed);
    let slope = |loops: &Loops| loops.estimate().hypergradient[held.entries.clone()].iter().sum::<f64>();
    let mut found = Vec::new();
    for horizon in horizons {
        while loops.inner() < *horizon && loops.status() == Status::Running {
            loops.step_inner();
        }
        let is_there = loops.inner() == *horizon && !loops.status().is_halted();
        found.push(if is_there { slope(&loops) } else { f64::NAN });
    }
    found
}
