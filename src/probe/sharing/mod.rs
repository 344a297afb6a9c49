//! Sharing: what is gained and lost where the steps of a window share one hyperparameter.
//!
//! The derivative of f at the end of a run by the value that a hyperparameter has at one step, `h_t`, is noisy. Means over windows of W
//! steps are less so, and wrong where `h_t` drifts. Over many runs that differ in what a scenario draws anew at every outer step (batches,
//! and in a world that moves rows and θ₀): the mean and the deviation of `h_t`, step by step, and for windows of every width the
//! variance of their means, the squared bias against the mean of `h_t`, without the noise that R runs leave in it, and the sum of both; and how
//! large the deviation of these means is against themselves, also where runs differ in their batches, their θ₀ or their split alone and have all
//! else in common with the first outer step: the scenario's own split and θ₀. Beside it the [`Law`] of a ramp whose σ², c and ε are such that it is right at W = 1 and W = T. Micaelli and Storkey 2021, section 4.

mod finding;
mod law;
mod source;

use std::sync::Arc;

use rand_distr::{Distribution, StandardNormal};
use rayon::prelude::*;

use super::meter::Meter;
use super::{Case, Entry, Finding, ProbeError, Scope, Subject, Watcher, refuse};
use crate::catalog::{Card, Kind, Knob, Scale};
use crate::math::number::counted;
use crate::math::random::{Purpose, stream};
use crate::math::vector::is_finite;
use crate::problem::{Blocks, Oracle};
use crate::trial::Stage;
use source::{FRESH, Source};

pub use finding::{SCHEMA, Sharing, Step, TrialFinding, Window};
pub use law::Law;

/// The probe.
pub const ENTRY: Entry = Entry {
    card: Card {
        id: "sharing",
        name: "Sharing over windows",
        source: "Micaelli and Storkey 2021, section 4 and theorem 4.1",
        equation: "mean_t E(h̄_w(t) − E h_t)² = variance + bias²  against  W;  σ²(1 + c(W−1))/W + ε²(W²−1)/12",
        summary: "Tells how many steps should share a hyperparameter. Takes many runs, differentiates each by the value at \
                  every single step, and says how much windows of every width take away from the noise, and how wrong \
                  they are where the derivative drifts.",
        cost: "R inner runs a trial, each differentiated backwards with √T states kept",
        fails: "The law is that of a ramp with equal variances; on real runs the drift sits in the last steps. What the scenario does not \
                draw anew at every outer step does not fluctuate here.",
        knobs: &[REPLICATES, BLOCK, FRESH, OF, DEVIATION, CORRELATION, DRIFT],
    },
    scope: Scope::AtLambda,
    stands: |_| false,
    key: '%',
    sweeps: None,
    budget: &[("replicates", 60)],
    run: |case, watcher| Ok(Box::new(run(case, watcher)?) as Box<dyn Finding>),
};

const REPLICATES: Knob = Knob {
    key: "replicates",
    help: "Runs R, each as an outer step of its own draws it.",
    kind: Kind::Integer { default: 300, range: (2, 100_000), scale: Scale::Logarithmic },
};

const BLOCK: Knob = Knob {
    key: "block",
    help: "Which of the blocks that the dynamics bring, from 1: of a schedule the learning rates, the momenta, the decays.",
    kind: Kind::Integer { default: 1, range: (1, 16), scale: Scale::Linear },
};

const OF: Knob = Knob {
    key: "of",
    help: "Where per-step hypergradients come from.",
    kind: Kind::Choice {
        options: &[
            ("Runs", "the trials' inner runs"),
            ("Ramp", "normal draws on a ramp, of which the law is exact; as many steps as an inner run has"),
        ],
    },
};

const DEVIATION: Knob = Knob {
    key: "deviation",
    help: "σ of a ramp.",
    kind: Kind::Real { default: 0.25, range: (0.0, 1e6), scale: Scale::Logarithmic },
};

const CORRELATION: Knob = Knob {
    key: "correlation",
    help: "c, of every two steps of a ramp.",
    kind: Kind::Real { default: 0.0, range: (0.0, 1.0), scale: Scale::Linear },
};

const DRIFT: Knob = Knob {
    key: "drift",
    help: "ε of a ramp, from one step to the next.",
    kind: Kind::Real { default: 0.02, range: (0.0, 1e6), scale: Scale::Logarithmic },
};

/// Numbers kept at once at most: 400 MB.
const MOST_NUMBERS: usize = 50_000_000;

/// Takes every trial's runs.
///
/// # Errors
/// When its dynamics learn nothing, there would be too many numbers, or the watcher stops it.
pub fn run(case: &Case<'_>, watcher: &mut Watcher<'_>) -> Result<Sharing, ProbeError> {
    let (replicates, subjects) = (case.knobs.count("replicates"), &case.subjects);
    let steps = subjects.iter().map(|subject| subject.setting.inner.steps).max().unwrap_or(0);
    if steps.saturating_mul(replicates) > MOST_NUMBERS {
        return refuse(&format!(
            "{} of {} would be kept at once; expected at most {MOST_NUMBERS} numbers in all",
            counted(replicates, "run"),
            counted(steps, "step")
        ));
    }
    let stage = Arc::new(Stage::of(&case.experiment));
    let of_ramps = case.knobs.choice("of") == "Ramp";
    let mut sources = Vec::new();
    let block = case.knobs.count("block").max(1);
    for subject in subjects {
        if !of_ramps {
            // What shares nothing fluctuates in nothing.
            block_name(subject, &stage, block)?;
        }
        let asked =
            if of_ramps { vec![Source::Everything] } else { Source::asked(case.knobs, &subject.loops(&stage))? };
        sources.extend(asked.into_iter().map(|source| (subject, source)));
    }
    let meter = Meter::new(sources.len().saturating_mul(replicates), &case.experiment.stop, watcher);
    let measured = sources.into_iter().map(|(subject, source)| {
        if of_ramps { of_ramp(case, subject, &meter) } else { of_runs(case, (subject, source), &stage, &meter) }
    });
    Ok(Sharing::of(case, measured.collect::<Result<_, _>>()?))
}

/// The per-step hypergradients of a trial's runs, and what is made of them.
fn of_runs(
    case: &Case<'_>,
    (subject, source): (&Subject, Source),
    stage: &Arc<Stage>,
    meter: &Meter<'_, '_>,
) -> Result<TrialFinding, ProbeError> {
    let block = case.knobs.count("block").max(1);
    let start = subject.loops(stage);
    let name = block_name(subject, stage, block)?;
    let run = |replicate: usize| -> Result<Vec<f64>, ProbeError> {
        meter.goes_on()?;
        let loops = start.clone().drawn_at(source.draws(replicate), start.lambda());
        let steps = loops.by_step().into_iter().nth(block - 1).unwrap_or_default();
        meter.advance(1)?;
        Ok(steps)
    };
    let runs: Vec<Result<Vec<f64>, ProbeError>> =
        (0..case.knobs.count("replicates")).into_par_iter().map(run).collect();
    let runs = runs.into_iter().collect::<Result<Vec<_>, _>>()?;
    let (whole, broken): (Vec<_>, Vec<_>) = runs.into_iter().partition(|run| is_finite(run));
    Ok(TrialFinding::of(subject, (name, source), &whole, broken.len(), None))
}

/// What a block of the dynamics' own variables is called.
fn block_name(subject: &Subject, stage: &Stage, block: usize) -> Result<String, ProbeError> {
    let dynamics = &subject.setting.inner.dynamics;
    let built = (dynamics.entry().build)(&dynamics.knobs);
    let blocks = Blocks::new(built.blocks(&Oracle::new(Arc::clone(&stage.problem)), &stage.lambda));
    let names: Vec<&str> = blocks.iter().map(|(block, _)| block.name).collect();
    match names.get(block - 1) {
        Some(name) => Ok((*name).to_owned()),
        None if names.is_empty() => refuse(&format!(
            "`{}` has dynamics without a schedule, `{}`, so that no steps share anything; expected dynamics that learn one, such as `Schedule`",
            subject.setting.name,
            dynamics.card().ron_name()
        )),
        None => refuse(&format!("`block` is {block}, and the dynamics bring {}: {}", names.len(), names.join(", "))),
    }
}

/// The same of draws on a ramp.
fn of_ramp(case: &Case<'_>, subject: &Subject, meter: &Meter<'_, '_>) -> Result<TrialFinding, ProbeError> {
    let [deviation, correlation, drift] = ["deviation", "correlation", "drift"].map(|key| case.knobs.real(key));
    let law = Law { deviation, correlation, drift };
    let steps = subject.setting.inner.steps;
    let draw = |replicate: usize| -> Result<Vec<f64>, ProbeError> {
        meter.advance(1)?;
        let place = [RAMP, subject.id, replicate as u64];
        let mut random = stream(case.scenario().seed, Purpose::Replicate, &place);
        let shared: f64 = StandardNormal.sample(&mut random);
        let own = (0..steps).map(|step| {
            let own: f64 = StandardNormal.sample(&mut random);
            let noise = correlation.sqrt() * shared + (1.0 - correlation).sqrt() * own;
            drift * step as f64 + deviation * noise
        });
        Ok(own.collect())
    };
    let draws: Result<Vec<Vec<f64>>, ProbeError> = (0..case.knobs.count("replicates")).map(draw).collect();
    Ok(TrialFinding::of(subject, ("a ramp".to_owned(), Source::Everything), &draws?, 0, Some(law)))
}

/// The draws of ramps among the streams of replicates.
const RAMP: u64 = 700;
