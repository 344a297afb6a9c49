//! Overfitting to the validation set: whole runs over several seeds, and how training, validation and test go
//! their own ways.
//!
//! Validation loss goes on falling after the test loss has turned: λ is fitted to the validation rows as θ is to
//! the training rows. Shown beside the test loss of the model at hand is that of the model trained again on
//! training and validation rows together, which is what one would use in the end. Zhou, Shu, Liu, Meng 2026.

mod finding;

use std::sync::Arc;

use rayon::prelude::*;

use super::meter::Meter;
use super::{Case, Entry, Finding, ProbeError, Scope, Subject, Watcher};
use crate::catalog::{Card, Kind, Knob, Scale};
use crate::estimator::Estimate;
use crate::math::number::counted;
use crate::metric::{Seen, baselines};
use crate::trial::{Loops, Stage, Status};

pub use finding::{
    BaselineFinding, Curves, Difference, Overfitting, QUANTITIES, Quantity, SCHEMA, Spread, TrialFinding,
};
use finding::{Point, Replicate, Run};

/// The probe.
pub const ENTRY: Entry = Entry {
    card: Card {
        id: "overfitting",
        name: "Overfitting to validation",
        source: "Zhou, Shu, Liu, Meng 2026, arXiv 2602.17947; Franceschi et al. 2018, section 6",
        equation: "training, validation and test loss of θ_T(λ_k), and test loss after a refit on all rows, over k",
        summary: "Tunes λ with several seeds, and tells when it begins to fit nothing but the validation rows. \
                  Runs the outer loop of every trial with each seed, and says where training, validation, test and \
                  refit end, where the test was best, and by how much trials differ seed by seed.",
        cost: "R whole runs a trial; a refit doubles the cost of an outer step and is not counted",
        fails: "Few seeds show the luck of a split. The best test step is known only in hindsight.",
        knobs: &[REPLICATES],
    },
    scope: Scope::WholeRuns,
    stands: |_| false,
    key: 'o',
    sweeps: None,
    budget: &[("replicates", 5)],
    run: |case, watcher| Ok(Box::new(run(case, watcher)?) as Box<dyn Finding>),
};

const REPLICATES: Knob = Knob {
    key: "replicates",
    help: "Seeds S, S + 1, …, each drawing anew whatever the scenario draws.",
    kind: Kind::Integer { default: 5, range: (1, 10_000), scale: Scale::Logarithmic },
};

/// Outer steps of all trials and seeds at most: 80 bytes each.
const MOST_POINTS: usize = 10_000_000;

/// Runs every trial with every seed.
///
/// # Errors
/// When the scenario cannot be built with one of the seeds, or the watcher stops it.
pub fn run(case: &Case<'_>, watcher: &mut Watcher<'_>) -> Result<Overfitting, ProbeError> {
    let seeds = case.seeds(case.knobs.count("replicates"));
    let steps: usize =
        case.subjects.iter().fold(0, |all: usize, subject| all.saturating_add(subject.setting.outer.steps));
    let most = MOST_POINTS / seeds.len().max(1);
    if steps > most {
        return Err(ProbeError::Refused(format!(
            "{} of {steps} outer steps in all would be kept whole; expected at most {most} outer steps with so many seeds",
            counted(seeds.len(), "seed")
        )));
    }
    let meter = Meter::new(seeds.len().saturating_mul(steps), &case.experiment.stop, watcher);
    let replicates: Vec<Result<Replicate, ProbeError>> =
        seeds.par_iter().map(|&seed| replicate(case, seed, &meter)).collect();
    let replicates = replicates.into_iter().collect::<Result<Vec<_>, _>>()?;
    Ok(Overfitting::of(case, &replicates))
}

fn replicate(case: &Case<'_>, seed: u64, meter: &Meter<'_, '_>) -> Result<Replicate, ProbeError> {
    meter.goes_on()?;
    let stage = Arc::new(Stage::of(&case.with_seed(seed)?));
    meter.goes_on()?;
    let baselines = case.subjects.first().map(|subject| baselines(&stage, &subject.setting)).unwrap_or_default();
    let runs: Vec<Result<Run, ProbeError>> =
        case.subjects.par_iter().map(|subject| trial(subject, &stage, meter)).collect();
    Ok(Replicate { seed, runs: runs.into_iter().collect::<Result<_, _>>()?, baselines })
}

/// All outer steps of one trial. One that halts leaves the steps it did not take unmeasured.
fn trial(subject: &Subject, stage: &Arc<Stage>, meter: &Meter<'_, '_>) -> Result<Run, ProbeError> {
    let steps = subject.setting.outer.steps;
    meter.goes_on()?;
    let mut loops = subject.loops(stage);
    let mut points = Vec::new();
    for step in 0..steps {
        loops.finish_inner();
        if loops.status() != Status::Ready {
            meter.advance(steps - step)?;
            break;
        }
        let estimate = loops.estimate();
        let calls = (loops.cost() + estimate.cost).calls();
        points.push(Point { values: measure(&loops, &estimate), calls });
        loops.step_outer(&estimate);
        meter.advance(1)?;
    }
    Ok(Run { points, status: loops.status() })
}

fn measure(loops: &Loops, estimate: &Estimate) -> [f64; QUANTITIES.len()] {
    let seen = Seen::of(loops, estimate);
    QUANTITIES.map(|quantity| (quantity.metric().read)(&seen).number().unwrap_or(f64::NAN))
}
