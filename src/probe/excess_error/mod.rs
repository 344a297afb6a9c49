//! Which error of a hypergradient costs anything in the end.
//!
//! One outer step with `η ≤ 1/L` gives `R_{t+1} ≤ R_t − (η/2)‖∇R‖² + (η/2)‖ĥ − ∇R‖²`, so one would expect the
//! mean squared error along the way to decide how much risk is left over. It does not: fresh noise averages out
//! over the steps, and bias does not. So two errors are held against the final excess risk: the mean squared error
//! along the trajectory, and the error of the time-averaged estimate.
//!
//! Here `R(λ)` is the mean over M training samples of the population risk at θ*(λ), and `h` its gradient: the
//! training expectation, over samples that are the same at every step and for every trial, so that the inequality
//! holds to the letter. Its least value is looked for by descent along `h` itself, from where the trials start and
//! from where the best of all runs ended. After Zhou, Shu, Liu, Meng 2026; the exact definitions are this project's.

mod finding;

use std::sync::Arc;

use rayon::prelude::*;

use super::meter::Meter;
use super::{Case, Entry, Finding, ProbeError, Scope, Subject, Watcher, refuse};
use crate::catalog::{Card, Kind, Knob, Scale};
use crate::data::{Resample, World};
use crate::math::vector::{axpy, norm};
use crate::problem::{Blocks, Problem, Stop, Truth};
use crate::scenario::{Declared, Experiment};
use crate::trial::{Stage, Status};

use finding::Run;
pub use finding::{ExcessError, SCHEMA, TrialFinding};

/// The probe.
pub const ENTRY: Entry = Entry {
    card: Card {
        id: "excess-error",
        name: "Excess error",
        source: "Zhou, Shu, Liu, Meng 2026, arXiv 2602.17947; the exact definitions are this project's",
        equation: "R(λ_T) − min R  against  mean_t ‖ĥ_t − h_t‖²  and  ‖mean_t (ĥ_t − h_t)‖",
        summary: "Tells which errors of a hypergradient cost anything in the end. Runs every trial on fresh pools, \
                  and holds the risk that is left over in the end against two errors of its hypergradients: along \
                  the trajectory, and of their average over time.",
        cost: "R whole runs a trial, and M exact answers at every outer step",
        fails: "On a finite pool the pool stands for the population. The least risk is the least that descent found.",
        knobs: &[REPLICATES, RISK_SAMPLES, REFERENCE_STEPS],
    },
    scope: Scope::WholeRuns,
    stands: |_| false,
    key: 'O',
    sweeps: None,
    budget: &[("replicates", 10)],
    run: |case, watcher| Ok(Box::new(run(case, watcher)?) as Box<dyn Finding>),
};

const REPLICATES: Knob = Knob {
    key: "replicates",
    help: "Pools of training and validation rows, each the start of a whole run.",
    kind: Kind::Integer { default: 10, range: (1, 10_000), scale: Scale::Logarithmic },
};

const RISK_SAMPLES: Knob = Knob {
    key: "risk_samples",
    help: "M, the training samples that the risk is a mean over.",
    kind: Kind::Integer { default: 24, range: (1, 100_000), scale: Scale::Logarithmic },
};

const REFERENCE_STEPS: Knob = Knob {
    key: "reference_steps",
    help: "Steps of the descent that looks for the least risk.",
    kind: Kind::Integer { default: 400, range: (1, 1_000_000), scale: Scale::Logarithmic },
};

/// `R` and its gradient: exact answers on many training samples, each judged by the population.
struct Risk {
    problems: Vec<Arc<dyn Problem>>,
    /// Asked before every exact answer; NaN from then on.
    stop: Stop,
}

impl Risk {
    fn new(experiment: &Experiment, world: &World, samples: usize) -> Result<Self, ProbeError> {
        let problem = |i: usize| -> Result<Arc<dyn Problem>, ProbeError> {
            if experiment.stop.is_set() {
                return Err(ProbeError::Stopped);
            }
            Ok(experiment.problem_on(&world.judged(i as u64)?)?)
        };
        Ok(Self { problems: (0..samples).map(problem).collect::<Result<_, _>>()?, stop: experiment.stop.clone() })
    }

    /// R(λ) and ∇R(λ), in the order of the samples.
    fn at(&self, lambda: &[f64]) -> (f64, Vec<f64>) {
        let count = self.problems.len() as f64;
        let (mut value, mut gradient) = (0.0, vec![0.0; lambda.len()]);
        for problem in &self.problems {
            if self.stop.is_set() {
                return (f64::NAN, gradient);
            }
            let truth = Truth::at(problem, lambda);
            value += truth.value / count;
            axpy(1.0 / count, &truth.hypergradient, &mut gradient);
        }
        (value, gradient)
    }

    /// The least risk that descent from λ finds: steps that lengthen while they help and are a quarter as long when not.
    fn descend(&self, start: &[f64], blocks: &Blocks, steps: usize) -> f64 {
        let mut lambda = start.to_vec();
        let (mut value, mut gradient) = self.at(&lambda);
        let mut length = 1.0;
        for _ in 0..steps {
            if self.stop.is_set() {
                break;
            }
            let mut next = lambda.clone();
            axpy(-length, &gradient, &mut next);
            blocks.clamp(&mut next);
            let (reached, slope) = self.at(&next);
            if reached < value {
                (lambda, value, gradient) = (next, reached, slope);
                length *= 1.5;
            } else {
                length *= 0.25;
            }
            if length * norm(&gradient) < 1e-8 {
                break;
            }
        }
        value
    }
}

/// Runs every trial on every pool.
///
/// # Errors
/// When the scenario has no samples to draw, or the watcher stops it.
pub fn run(case: &Case<'_>, watcher: &mut Watcher<'_>) -> Result<ExcessError, ProbeError> {
    let (experiment, subjects) = (&case.experiment, &case.subjects);
    let world = world(experiment)?;
    let risk = Risk::new(experiment, &world, case.knobs.count("risk_samples"))?;
    let replicates = case.knobs.count("replicates");
    let steps: usize = subjects.iter().map(|subject| subject.setting.outer.steps).fold(0, usize::saturating_add);
    let meter = Meter::new(replicates.saturating_mul(steps), &experiment.stop, watcher);
    let jobs: Vec<(&Subject, u64)> =
        subjects.iter().flat_map(|subject| (0..replicates as u64).map(move |pool| (subject, pool))).collect();
    let runs: Vec<Result<Run, ProbeError>> =
        jobs.par_iter().map(|&(subject, pool)| whole_run(experiment, &world, &risk, (subject, pool), &meter)).collect();
    let runs = runs.into_iter().collect::<Result<Vec<Run>, _>>()?;
    let least = least(&risk, case, &runs);
    let trials = subjects.iter().zip(runs.chunks(replicates.max(1)));
    Ok(ExcessError::of(case, replicates, least, trials.collect()))
}

fn world(experiment: &Experiment) -> Result<World, ProbeError> {
    let world = super::world(experiment, Resample::Resplit)?;
    if world.is_family() {
        return refuse("a family of tasks has no population of rows; expected a scenario that learns from rows");
    }
    Ok(world)
}

fn whole_run(
    experiment: &Arc<Experiment>,
    world: &World,
    risk: &Risk,
    (subject, pool): (&Subject, u64),
    meter: &Meter<'_, '_>,
) -> Result<Run, ProbeError> {
    meter.goes_on()?;
    let stage = Arc::new(Stage::replicate(experiment, vec![world.split(pool, 0)?], &[pool])?);
    let mut loops = subject.loops(&stage);
    let own = experiment.lambda.len();
    let (mut squares, mut sum, mut taken) = (0.0, vec![0.0; own], 0usize);
    for _ in 0..subject.setting.outer.steps {
        loops.finish_inner();
        meter.advance(1)?;
        if loops.status() != Status::Ready {
            continue;
        }
        let estimate = loops.estimate();
        let (_, gradient) = risk.at(&loops.lambda()[..own]);
        let error: Vec<f64> = estimate.hypergradient.iter().zip(&gradient).map(|(a, b)| a - b).collect();
        squares += error.iter().map(|x| x * x).sum::<f64>();
        axpy(1.0, &error, &mut sum);
        taken += 1;
        loops.step_outer(&estimate);
    }
    let count = taken as f64;
    let lambda = loops.lambda()[..own].to_vec();
    // A run that halted has no final risk.
    let ended = !loops.status().is_halted();
    Ok(Run {
        risk: if ended { risk.at(&lambda).0 } else { f64::NAN },
        lambda,
        trajectory: squares / count,
        averaged: norm(&sum) / count,
        calls: loops.cost().calls(),
    })
}

/// The least risk found, from λ₀ and from where the best of all runs ended.
fn least(risk: &Risk, case: &Case<'_>, runs: &[Run]) -> f64 {
    let steps = case.knobs.count("reference_steps");
    let best = runs.iter().filter(|run| run.risk.is_finite()).min_by(|a, b| a.risk.total_cmp(&b.risk));
    let starts: Vec<&[f64]> =
        std::iter::once(&case.experiment.lambda[..]).chain(best.map(|run| &run.lambda[..])).collect();
    let declared = Declared { problem: case.experiment.problem.blocks(), dynamics: Vec::new() };
    let blocks = case.scenario().outer.in_force(declared, case.scenario().seed);
    let found: Vec<f64> = starts.par_iter().map(|start| risk.descend(start, &blocks, steps)).collect();
    found.into_iter().fold(f64::INFINITY, f64::min)
}
