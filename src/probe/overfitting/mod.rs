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
use super::{Entry, Finding, ProbeError, Request, Watcher};
use crate::catalog::{Card, Kind, Knob, Scale};
use crate::estimator::Estimate;
use crate::metric::{Baseline, Seen, baselines};
use crate::scenario::{Scenario, experiment};
use crate::trial::{Loops, Setting, Stage, Status};

pub use finding::{
    BaselineFinding, Curves, Difference, Overfitting, QUANTITIES, Quantity, SCHEMA, Spread, TrialFinding,
};

/// The probe.
pub const ENTRY: Entry = Entry {
    card: Card {
        id: "overfitting",
        name: "Overfitting to validation",
        source: "Zhou, Shu, Liu, Meng 2026, arXiv 2602.17947; Franceschi et al. 2018, section 6",
        equation: "training, validation and test loss of θ_T(λ_k), and test loss after a refit on all rows, over k",
        summary: "Runs the outer loop of every trial with several seeds, and says where training, validation, test \
                  and refit end, where the test was best, and by how much trials differ seed by seed.",
        cost: "R whole runs a trial; a refit doubles the cost of an outer step and is not counted",
        fails: "Few seeds show the luck of a split. The best test step is known only in hindsight.",
        knobs: &[REPLICATES],
    },
    sweeps: false,
    run: |request, watcher| Ok(Box::new(run(request, watcher)?) as Box<dyn Finding>),
};

const REPLICATES: Knob = Knob {
    key: "replicates",
    help: "Seeds S, S + 1, …, each drawing anew whatever the scenario draws.",
    kind: Kind::Integer { default: 5, range: (1, 10_000), scale: Scale::Logarithmic },
};

/// Where a run was at one outer step, before λ moved. NaN where there is nothing to measure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Point {
    /// In the order of [`QUANTITIES`].
    values: [f64; QUANTITIES.len()],
    /// Oracle calls up to and with this step.
    calls: f64,
}

/// One trial with one seed.
struct Run {
    points: Vec<Point>,
    status: Status,
}

/// All trials with one seed.
struct Replicate {
    seed: u64,
    runs: Vec<Run>,
    baselines: Arc<[Baseline]>,
}

/// Runs every trial of the scenario with every seed.
///
/// # Errors
/// When the scenario cannot be built with one of the seeds, or the watcher stops it.
pub fn run(request: &Request<'_>, watcher: &mut Watcher<'_>) -> Result<Overfitting, ProbeError> {
    let first = request.scenario.seed;
    let seeds: Vec<u64> = (0..request.knobs.count("replicates") as u64).map(|k| first.wrapping_add(k)).collect();
    let meter = Meter::new(seeds.len() * outer_steps(request.scenario), watcher);
    let replicates: Vec<Result<Replicate, ProbeError>> =
        seeds.par_iter().map(|&seed| replicate(request, seed, &meter)).collect();
    let replicates = replicates.into_iter().collect::<Result<Vec<_>, _>>()?;
    Ok(Overfitting::of(request, &replicates))
}

fn replicate(request: &Request<'_>, seed: u64, meter: &Meter<'_, '_>) -> Result<Replicate, ProbeError> {
    let scenario = Scenario { seed, ..request.scenario.clone() };
    let experiment = Arc::new(experiment(&scenario, request.files)?);
    let stage = Arc::new(Stage::of(&experiment));
    let settings: Vec<Setting> = scenario.trials.iter().map(|trial| Setting::of(trial, &scenario)).collect();
    let baselines = settings.first().map(|setting| baselines(&stage, setting)).unwrap_or_default();
    let runs: Vec<Result<Run, ProbeError>> =
        settings.into_par_iter().enumerate().map(|(id, setting)| trial(id as u64, setting, &stage, meter)).collect();
    Ok(Replicate { seed, runs: runs.into_iter().collect::<Result<_, _>>()?, baselines })
}

/// All outer steps of one trial. One that halts leaves the steps it did not take unmeasured.
fn trial(id: u64, setting: Setting, stage: &Arc<Stage>, meter: &Meter<'_, '_>) -> Result<Run, ProbeError> {
    let steps = setting.outer.steps;
    let mut loops = Loops::new(id, setting, stage);
    let mut points = Vec::with_capacity(steps);
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

/// Outer steps of all trials together.
fn outer_steps(scenario: &Scenario) -> usize {
    scenario.trials.iter().map(|trial| Setting::of(trial, scenario).outer.steps).sum()
}
