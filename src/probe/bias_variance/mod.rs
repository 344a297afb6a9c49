//! Bias and variance of a hypergradient over the data it might have been computed from.
//!
//! At one λ every trial runs its inner loop on `R_tr` training samples and is judged on `R_v` validation samples
//! for each, and its estimates are held against a named truth. The error splits into squared bias (what the
//! algorithm gets wrong), variance over training samples and variance over validation samples. The decomposition
//! is that of Zhou, Shu, Liu, Meng (arXiv 2602.17947); the exact definitions are this project's.

mod finding;
mod law;
mod plan;
mod sweep;
mod truth;

use std::sync::Arc;

use rayon::prelude::*;

use super::meter::Meter;
use super::sweep::once_or_swept;
use super::{Case, Entry, ProbeError, Scope, Subject, Watcher, refuse};
use crate::catalog::{Card, Kind, Knob, Scale};
use crate::data::World;
use crate::math::nested::{Replicate, nested};
use crate::math::number::counted;
use crate::problem::Cost;
use crate::scenario::Experiment;
use crate::trial::Stage;
use plan::Plan;

pub use finding::{BiasVariance, SCHEMA, StandardErrors, TrialFinding, TruthFinding};
pub use law::{Law, LawKind};
pub use plan::TruthKind;
pub use sweep::{Floor, SWEEP_SCHEMA, SweepFinding, is_over_rows};

/// The probe.
pub const ENTRY: Entry = Entry {
    card: Card {
        id: "bias-variance",
        name: "Bias and variance",
        source: "Zhou, Shu, Liu, Meng 2026, arXiv 2602.17947; the exact definitions are this project's",
        equation: "E‖ĥ − h‖² = ‖E ĥ − h‖² + Var(E[ĥ|S_tr]) + E Var(ĥ|S_tr)",
        summary: "Draws the data anew, again and again, and tells the algorithm's error from the sample's. Splits \
                  the error of every trial's estimate into squared bias, variance over training samples and \
                  variance over validation samples.",
        cost: "R_tr · R_v inner runs and estimates a trial, and one exact answer for every replicate of the truth",
        fails: "On a finite pool everything is conditional on the pool. Few training replicates leave the debiased \
                squared bias uncertain: it can come out negative. Every inner run starts at θ₀: what a warm start would \
                have changed is not seen.",
        knobs: &[TRAINING, VALIDATION, TRUTH, TRUTH_REPLICATES, RESAMPLE],
    },
    scope: Scope::AtLambda,
    stands: |_| false,
    key: 'm',
    sweeps: Some('v'),
    budget: &[("training", 20), ("truth_replicates", 100)],
    run: |case, watcher| once_or_swept(case, watcher, run, SweepFinding::of),
};

const TRAINING: Knob = Knob {
    key: "training",
    help: "R_tr, samples of training rows (of pools, for an ensemble).",
    kind: Kind::Integer { default: 40, range: (1, 1_000_000), scale: Scale::Logarithmic },
};

const VALIDATION: Knob = Knob {
    key: "validation",
    help: "R_v, samples of validation rows for each of them (of divisions of the pool, for an ensemble).",
    kind: Kind::Integer { default: 5, range: (1, 100_000), scale: Scale::Logarithmic },
};

const TRUTH: Knob = Knob {
    key: "truth",
    help: "What estimates are held against.",
    kind: Kind::Choice {
        options: &[
            ("TrainingExpectation", "E over training samples of the gradient of the population risk at θ*"),
            ("SameData", "the exact hypergradient of the very split: bias of the algorithm alone"),
            ("Population", "inner and outer objective both over the population"),
        ],
    },
};

const TRUTH_REPLICATES: Knob = Knob {
    key: "truth_replicates",
    help: "Training samples that the training expectation is a mean over.",
    kind: Kind::Integer { default: 400, range: (2, 10_000_000), scale: Scale::Logarithmic },
};

const RESAMPLE: Knob = Knob {
    key: "resample",
    help: "How samples are drawn from a finite pool. Populations are drawn from afresh.",
    kind: Kind::Choice {
        options: &[
            ("Bootstrap", "with replacement; the pool is the population"),
            ("Resplit", "without; validation rows are rows that do not train"),
        ],
    },
};

/// Measures every trial, each at its own λ.
///
/// # Errors
/// When there are no samples to draw, too few to debias, or the watcher stops it.
pub fn run(case: &Case<'_>, watcher: &mut Watcher<'_>) -> Result<BiasVariance, ProbeError> {
    let (experiment, subjects, plan) = (&case.experiment, &case.subjects, Plan::of(case.knobs));
    let world = world(experiment, plan)?;
    let truths = truth::distinct(experiment, subjects);
    let truth_units = truths.len() * truth::replicates(&world, plan);
    let meter = Meter::new(truth_units + subjects.len() * plan.training * plan.validation, &experiment.stop, watcher);
    let truths = truths
        .iter()
        .map(|lambda| truth::find(experiment, &world, plan, lambda, &meter))
        .collect::<Result<Vec<_>, _>>()?;
    let trials = subjects
        .iter()
        .map(|subject| trial(experiment, &world, plan, subject, truth::of(&truths, experiment, subject), &meter))
        .collect::<Result<Vec<_>, _>>()?;
    Ok(BiasVariance::of(case, plan, &world, &truths, trials))
}

/// Where samples come from, for experiments of which there can be others.
fn world(experiment: &Experiment, plan: Plan) -> Result<World, ProbeError> {
    if plan.training < 2 {
        return Err(ProbeError::Refused(format!(
            "{} cannot tell bias from variance; expected at least 2, and 20 or more for a standard error worth reading",
            counted(plan.training, "training replicate")
        )));
    }
    let world = super::world(experiment, plan.resample)?;
    if world.is_family() && plan.truth == TruthKind::Population {
        return refuse(
            "a family of tasks has no population of rows to train on; expected the truth `TrainingExpectation`, over \
             tasks and their support rows, or `SameData`",
        );
    }
    Ok(world)
}

/// One trial over all replicates, gathered in the order of their numbers.
fn trial(
    experiment: &Arc<Experiment>,
    world: &World,
    plan: Plan,
    subject: &Subject,
    truth: &TruthFinding,
    meter: &Meter<'_, '_>,
) -> Result<TrialFinding, ProbeError> {
    let group = |i: usize| -> Result<(Vec<Replicate>, Cost), ProbeError> {
        let mut group = Vec::with_capacity(plan.validation);
        let mut cost = Cost::default();
        for j in 0..plan.validation {
            meter.goes_on()?;
            let (replicate, spent) = replicate(experiment, world, plan, subject, truth, (i as u64, j as u64))?;
            group.push(replicate);
            cost += spent;
            meter.advance(1)?;
        }
        Ok((group, cost))
    };
    let groups: Vec<Result<_, ProbeError>> = (0..plan.training).into_par_iter().map(group).collect();
    let (groups, costs): (Vec<_>, Vec<_>) = groups.into_iter().collect::<Result<Vec<_>, _>>()?.into_iter().unzip();
    let cost = costs.into_iter().fold(Cost::default(), |sum, cost| sum + cost);
    let length = groups[0][0].estimate.len();
    let mut truth_error = truth.standard_error.clone();
    truth_error.resize(length, 0.0);
    let found = nested(&groups, &truth_error);
    Ok(TrialFinding::of(subject, truth, &found, cost, plan))
}

/// One estimate, from the start of an inner run to its end.
fn replicate(
    experiment: &Arc<Experiment>,
    world: &World,
    plan: Plan,
    subject: &Subject,
    truth: &TruthFinding,
    (i, j): (u64, u64),
) -> Result<(Replicate, Cost), ProbeError> {
    // An ensemble divides one pool in several ways; a single split is drawn with other validation rows.
    let divides = subject.setting.ensemble.entry().divides;
    let splits = world.splits(i, if divides { 0 } else { j })?;
    let stage = Arc::new(Stage::replicate(experiment, splits, &[i, j])?);
    let mut loops = subject.loops(&stage);
    loops.finish_inner();
    let estimate = loops.estimate();
    let mut exact = match plan.truth {
        TruthKind::SameData => loops.exact().hypergradient,
        _ => truth.value.clone(),
    };
    exact.resize(estimate.hypergradient.len(), 0.0);
    let cost = loops.cost() + estimate.cost;
    // A run that diverged has an estimate all the same; it may happen to be finite, and must not pass for one.
    let is_over = !loops.status().is_halted();
    let estimate = if is_over { estimate.hypergradient } else { vec![f64::NAN; exact.len()] };
    Ok((Replicate { estimate, truth: exact }, cost))
}
