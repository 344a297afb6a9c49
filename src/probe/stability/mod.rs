//! Stability: how far runs drift apart that differ in one row, and what that has to do with the generalization gap.
//!
//! A twin is the base run with one row replaced by an independent draw from the same population; initial values, streams
//! and everything else are the same. On-average argument stability is the mean distance between base and twin in (λ, θ)
//! (Lei and Ying 2020; for stochastic bilevel methods Zhang, Chen, Gu, Gong, Zheng, IJCAI 2024, arXiv 2604.04090). The
//! exact estimators are this project's: R rows without replacement from the m, means over the twins of a seed, then mean
//! and standard error over seeds.

mod finding;
mod ground;
mod plan;
mod reading;
mod row;
mod slope;
mod sweep;

use rayon::prelude::*;

use super::meter::Meter;
use super::sweep::once_or_swept;
use super::{Case, Entry, ProbeError, Scope, Watcher};
use crate::catalog::{Card, Kind, Knob, Scale};
use crate::data::Side;
use ground::Ground;
use plan::Plan;
use reading::Pair;

pub use finding::{Mark, Over, Population, SCHEMA, Stability, TrialFinding, Twin};
pub use row::RowSeen;
pub use slope::{Slope, Slopes};
pub use sweep::{MarkSlopes, SWEEP_SCHEMA, StabilitySweep};

/// The probe.
pub const ENTRY: Entry = Entry {
    card: Card {
        id: "stability",
        name: "Stability",
        source: "Zhang, Chen, Gu, Gong, Zheng, IJCAI 2024, arXiv 2604.04090; the exact estimators are this project's",
        equation: "ε₁ = E (1/m) Σᵢ ‖A(D) − A(D⁽ⁱ⁾)‖,  ε₂² = E (1/m) Σᵢ ‖A(D) − A(D⁽ⁱ⁾)‖²,  A = (λ_K, θ_K)",
        summary: "Tells how much one row decides. Runs every trial with twins, each with one row replaced by another from \
                  the same population, on the same streams, and measures how far λ and θ drift apart as K grows, \
                  beside the gap between test and validation loss.",
        cost: "R + 1 whole runs a trial and seed",
        fails: "A small distance is no small gap: what is far from fitted drifts as well. A twin is exactly equal to the \
                base until its row is drawn. The gap of few rows is noise at small K. Distances between networks are \
                between parameters, not up to permutation.",
        knobs: &[TWINS, REPLICATES, SIDE, DATA, SLOPE_FROM],
    },
    scope: Scope::WholeRuns,
    key: 'T',
    sweeps: Some('W'),
    stands: |_| false,
    budget: &[("replicates", 4)],
    run: |case, watcher| once_or_swept(case, watcher, run, StabilitySweep::of),
};

const TWINS: Knob = Knob {
    key: "twins",
    help: "R, rows that are replaced, one in each twin; drawn without replacement.",
    kind: Kind::Integer { default: 10, range: (1, 10_000), scale: Scale::Logarithmic },
};

const REPLICATES: Knob = Knob {
    key: "replicates",
    help: "Seeds S, S + 1, …: each draws streams and twins, and the data as `data` says.",
    kind: Kind::Integer { default: 8, range: (1, 10_000), scale: Scale::Logarithmic },
};

const SIDE: Knob = Knob {
    key: "side",
    help: "Whose row is replaced.",
    kind: Kind::Choice {
        options: &[
            ("Validation", "a row of the outer objective, as the definitions have it"),
            ("Training", "a row of the inner objective: an extension, which no paper defines"),
        ],
    },
};

const DATA: Knob = Knob {
    key: "data",
    help: "What is drawn with every seed.",
    kind: Kind::Choice {
        options: &[
            ("PerSeed", "whatever the scenario draws: data, split, λ₀, θ₀, and the streams"),
            ("Fixed", "the streams alone: everything else, twins included, is that of the first seed"),
        ],
    },
};

const SLOPE_FROM: Knob = Knob {
    key: "slope_from",
    help: "K from which slopes are fitted: before, most twins are still equal to the base.",
    kind: Kind::Integer { default: 30, range: (1, 1_000_000), scale: Scale::Logarithmic },
};

/// Runs every trial with its twins.
///
/// # Errors
/// When there are no rows to replace, none to put in their place, the scenario cannot be built with one of the seeds, or
/// the watcher stops it.
pub fn run(case: &Case<'_>, watcher: &mut Watcher<'_>) -> Result<Stability, ProbeError> {
    let plan = Plan::of(case)?;
    let seeds = case.seeds(plan.seeds);
    let meter = Meter::new(plan.units(case), &case.experiment.stop, watcher);
    let grounds: Vec<Result<Ground, ProbeError>> =
        seeds.par_iter().map(|&seed| meter.goes_on().and_then(|()| Ground::of(case, &plan, seed))).collect();
    let grounds = grounds.into_iter().collect::<Result<Vec<_>, _>>()?;
    // A trial's seeds follow one another.
    let mut pairs: Vec<Pair<'_>> = case
        .subjects
        .iter()
        .zip(&plan.marks)
        .flat_map(|(subject, marks)| grounds.iter().map(move |ground| Pair::of(subject, ground, marks)))
        .collect();
    let rounds = plan.marks.iter().map(Vec::len).max().unwrap_or(0);
    for round in 0..rounds {
        let runs: Vec<_> = pairs.iter_mut().flat_map(|pair| pair.on_the_way_to(round)).collect();
        let done: Vec<Result<(), ProbeError>> = runs.into_par_iter().map(|run| run.go_on(&meter)).collect();
        done.into_iter().collect::<Result<(), _>>()?;
        pairs.par_iter_mut().for_each(|pair| pair.measure(round));
        if round + 1 < rounds {
            case.publish(|| Stability::of(case, &plan, &grounds, &pairs));
        }
    }
    Ok(Stability::of(case, &plan, &grounds, &pairs))
}
