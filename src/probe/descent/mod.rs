//! Descent: how far F is from its least value, against what single rows were asked.
//!
//! Every trial runs from λ₀ until it has made so many row calls, once for each of R seeds. On the way `F(λ_t) − F*` and
//! `‖∇F(λ_t)‖`, both exact and on the rows of that run, are taken at the first λ that is reached after ever more row calls, with equal
//! ratios, and over the last tenth at equal distances. Where steps stay as they are the noise of the batches holds F up, and a run's
//! last value is a draw: so what stands in a table is the mean over the last tenth, and the mean of that over seeds with its
//! standard error. F* is that of [`Least`]; an excess below the rounding of F is that rounding.
//!
//! The slope is fitted on log-log axes to each run from `1/64` of its row calls on, above rounding. Published rates
//! (Dagréou, Ablin, Vaiter and Moreau 2022, theorems 1 to 4) bound means of `‖∇F‖²`, not F itself.

mod finding;

use std::sync::Arc;

use rayon::prelude::*;

use super::meter::Meter;
use super::{Case, Entry, Finding, ProbeError, Scope, Subject, Watcher, refuse};
use crate::catalog::{Card, Kind, Knob, Scale};
use crate::math::vector::norm;
use crate::problem::{Least, Truth};
use crate::scenario::Experiment;
use crate::trial::{Loops, Stage};

use finding::Run;
pub use finding::{CurvePoint, Descent, SCHEMA, TrialFinding};

/// The probe.
pub const ENTRY: Entry = Entry {
    card: Card {
        id: "descent",
        name: "Descent of F",
        source: "Dagréou, Ablin, Vaiter, Moreau 2022 (NeurIPS), section 4",
        equation: "F(λ_t) − F* and ‖∇F(λ_t)‖ against row calls: means over seeds, and over the last tenth",
        summary: "Shows how far every trial gets for what it asks of single rows. Whole runs over several seeds: how \
                  much higher F is than it could be after ever more row calls, with the mean over the last tenth, since a single \
                  last value is a draw.",
        cost: "R whole runs a trial, with about a hundred exact answers each",
        fails: "Where F is not known to be convex, F* is the least that a descent from λ₀ found. A mean over seeds is \
                that of its worst run.",
        knobs: &[REPLICATES, ROW_CALLS, REDRAW],
    },
    scope: Scope::WholeRuns,
    stands: |_| false,
    key: 'V',
    sweeps: None,
    budget: &[("replicates", 3)],
    run: |case, watcher| Ok(Box::new(run(case, watcher)?) as Box<dyn Finding>),
};

const REPLICATES: Knob = Knob {
    key: "replicates",
    help: "Whole runs of every trial, with seeds S, S + 1, ….",
    kind: Kind::Integer { default: 6, range: (1, 10_000), scale: Scale::Logarithmic },
};

const ROW_CALLS: Knob = Knob {
    key: "row_calls",
    help: "Row calls that a run goes on for.",
    kind: Kind::Real { default: 1.6e5, range: (1e2, 1e10), scale: Scale::Logarithmic },
};

const REDRAW: Knob = Knob {
    key: "redraw",
    help: "What another seed draws anew.",
    kind: Kind::Choice {
        options: &[
            ("Everything", "whatever the scenario draws: rows, starts and batches"),
            ("Batches", "batches alone, over the same rows"),
        ],
    },
};

/// Moments of the curve, with equal ratios.
const CURVE: usize = 49;

/// The first of them, as a part of all row calls.
const FIRST: f64 = 1.0 / 4096.0;

/// Moments within the last tenth, with equal distances.
const TAIL: usize = 40;

/// Marks: a quarter of the row calls of the next.
const MARKS: [f64; 4] = [1.0 / 64.0, 1.0 / 16.0, 0.25, 1.0];

/// Runs every trial for every seed.
///
/// # Errors
/// When F or its least value is not known, the scenario cannot be built with one of the seeds, or the watcher stops it.
pub fn run(case: &Case<'_>, watcher: &mut Watcher<'_>) -> Result<Descent, ProbeError> {
    check(case)?;
    let (replicates, calls) = (case.knobs.count("replicates"), case.knobs.real("row_calls"));
    let seeds = case.seeds(replicates);
    let jobs: Vec<(usize, &Subject)> =
        (0..replicates).flat_map(|seed| case.subjects.iter().map(move |subject| (seed, subject))).collect();
    let meter = Meter::new(jobs.len().saturating_mul(CURVE + TAIL), &case.experiment.stop, watcher);
    let grounds: Vec<Result<Ground, ProbeError>> = seeds.par_iter().map(|&seed| Ground::of(case, seed)).collect();
    let grounds = grounds.into_iter().collect::<Result<Vec<Ground>, _>>()?;
    let moments = moments(calls);
    let runs: Vec<Result<Run, ProbeError>> =
        jobs.par_iter().map(|&(seed, subject)| whole_run(&grounds[seed], subject, &moments, &meter)).collect();
    let runs = runs.into_iter().collect::<Result<Vec<Run>, _>>()?;
    Ok(Descent::of(case, (calls, &MARKS), &grounds[0].least, &runs))
}

/// What can have no F that is the same from the first outer step to the last.
fn check(case: &Case<'_>) -> Result<(), ProbeError> {
    let (experiment, problem) = (&case.experiment, &case.experiment.problem);
    if !problem.is_convex() {
        return refuse("the inner problem has several solutions, so that there is no F; expected a convex one");
    }
    if !experiment.tasks.is_empty() {
        return refuse("a family of tasks has no single F; expected a scenario that learns from one set of rows");
    }
    let divides = |subject: &&Subject| subject.setting.ensemble.entry().divides || subject.setting.world.entry().moves;
    match case.subjects.iter().find(divides) {
        Some(subject) => refuse(&format!(
            "the rows of `{}` are divided anew, and F is another for each division; expected `ensemble: Single` and `world: Fixed`",
            subject.setting.name
        )),
        None => Ok(()),
    }
}

/// What the runs of one seed share.
struct Ground {
    stage: Arc<Stage>,
    least: Least,
}

impl Ground {
    fn of(case: &Case<'_>, seed: u64) -> Result<Self, ProbeError> {
        let experiment: Arc<Experiment> = if case.knobs.choice("redraw") == "Everything" {
            case.with_seed(seed)?
        } else {
            Arc::clone(&case.experiment)
        };
        let mut stage = Stage::of(&experiment);
        stage.seed = seed;
        match Least::from(&stage.problem, &stage.lambda, &stage.stop()) {
            Ok(least) => Ok(Self { stage: Arc::new(stage), least }),
            Err(_) if experiment.stop.is_set() => Err(ProbeError::Stopped),
            Err(reason) => refuse(&format!("the least F is not known with seed {seed}: {reason}")),
        }
    }
}

/// Row calls after which F is looked at: those of the curve, then those of the last tenth.
fn moments(calls: f64) -> Vec<f64> {
    let last = (CURVE - 1) as f64;
    let curve = (0..CURVE).map(|place| calls * FIRST.powf(1.0 - place as f64 / last));
    let tail = (1..=TAIL).map(|place| calls * (0.9 + 0.1 * place as f64 / TAIL as f64));
    curve.chain(tail).collect()
}

/// One run. What it does not come to is not a number.
fn whole_run(ground: &Ground, subject: &Subject, moments: &[f64], meter: &Meter<'_, '_>) -> Result<Run, ProbeError> {
    meter.goes_on()?;
    let mut loops = subject.loops(&ground.stage);
    let mut order: Vec<usize> = (0..moments.len()).collect();
    order.sort_by(|a, b| moments[*a].total_cmp(&moments[*b]));
    let mut seen = vec![(f64::NAN, f64::NAN); moments.len()];
    let mut floor = f64::NAN;
    let mut last: Option<(usize, (f64, f64))> = None;
    // The λ that is paid for: the last one whose steps cost no more than the moment at hand.
    let (mut paid, mut outer) = (loops.own_lambda().to_vec(), loops.outer());
    let mut is_going = true;
    for place in order {
        while is_going && loops.cost().rows <= moments[place] {
            outer = loops.outer();
            paid.clear();
            paid.extend_from_slice(loops.own_lambda());
            is_going = goes_on(&mut loops);
        }
        if is_going {
            let here = match last.filter(|(known, _)| *known == outer) {
                Some((_, known)) => known,
                None => {
                    let truth = Truth::until(&ground.stage.problem, &paid, &ground.stage.stop());
                    floor = truth.value_floor + ground.least.floor;
                    excess(&truth, &ground.least)
                }
            };
            last = Some((outer, here));
            seen[place] = here;
        }
        meter.advance(1)?;
    }
    let tail = seen.split_off(CURVE);
    let halted = loops.status().is_halted().then(|| loops.status().to_string());
    Ok(Run { curve: moments.iter().copied().zip(seen).collect(), tail, floor, halted })
}

/// An outer step; whether it was one, and cost anything.
fn goes_on(loops: &mut Loops) -> bool {
    let before = loops.cost().rows;
    loops.advance().is_some() && !loops.status().is_halted() && loops.cost().rows > before
}

/// How far F is from its least value, at least its rounding, and `‖∇F‖`. NaN where F is not known.
fn excess(truth: &Truth, least: &Least) -> (f64, f64) {
    if !truth.converged() {
        return (f64::NAN, f64::NAN);
    }
    let (excess, floor) = (truth.value - least.value, truth.value_floor + least.floor);
    (if excess.abs() < floor { floor } else { excess }, norm(&truth.hypergradient))
}
