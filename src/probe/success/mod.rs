//! Success: how often a search ends near the least F, over seeds, and how its best F falls with what is paid.
//!
//! Every trial runs from its starts until it has paid so many oracle units, with all of its students, once for each of R seeds. A seed draws what a search
//! draws: λ₀, θ₀, students' starts, coins, a teacher's weights, batches. The problem and its rows stay, so that F is one function. After every round the best F ever and the
//! units that were paid are written down, a teacher's among them. A run succeeds if its best F ends within a distance of the least F: that of the
//! closed form or, where none is known, the least that any run found. A single run is the best or the worst, so that rates stand beside medians.
//! Where there are test rows, the test loss of the student with the least F so far is written down too: F is what was searched over, and this is not.

mod finding;

use std::sync::Arc;

use rayon::prelude::*;

use super::meter::Meter;
use super::{Case, Entry, Finding, ProbeError, Scope, Subject, Watcher, refuse};
use crate::catalog::{Card, Kind, Knob, Scale, Spec};
use crate::problem::Sample;
use crate::reference::NOTHING;
use crate::scenario::{Scenario, experiment};
use crate::trial::{Budget, Recording, Stage, Status, Trial};

pub use finding::{At, SCHEMA, Success, Tested, TrialFinding};
use finding::{Round, Run};

/// The probe.
pub const ENTRY: Entry = Entry {
    card: Card {
        id: "success",
        name: "Success over seeds",
        source: "Tao et al. 2020, comparisons of populations; units and rates are this project's",
        equation: "P(best F ≤ least F + ε) after so many oracle units",
        summary: "Shows how often every search ends near the least F. Whole runs over several seeds, students and all, at equal oracle units: the share of runs that end \
                  near enough, the median and quartiles of the best F on the way, and where runs end.",
        cost: "R whole runs a trial",
        fails: "Where the least F is not known it is the least that a run found, and all may have missed a better one.",
        knobs: &[REPLICATES, UNITS, WITHIN],
    },
    scope: Scope::WholeTrials,
    stands: |_| false,
    key: '!',
    sweeps: None,
    budget: &[("replicates", 20)],
    run: |case, watcher| Ok(Box::new(run(case, watcher)?) as Box<dyn Finding>),
};

const REPLICATES: Knob = Knob {
    key: "replicates",
    help: "Whole runs of every trial, with seeds S, S + 1, ….",
    kind: Kind::Integer { default: 20, range: (1, 10_000), scale: Scale::Logarithmic },
};

const UNITS: Knob = Knob {
    key: "units",
    help: "Oracle units of a run: a value of F is one, with its hypergradient two.",
    kind: Kind::Integer { default: 400, range: (2, 10_000_000), scale: Scale::Logarithmic },
};

const WITHIN: Knob = Knob {
    key: "within",
    help: "ε: how far above the least F a run may end to have succeeded.",
    kind: Kind::Real { default: 1e-3, range: (0.0, 1e12), scale: Scale::Logarithmic },
};

/// Runs every trial for every seed.
///
/// # Errors
/// When rows change while a trial runs, so that F is no single function, or the watcher stops it.
pub fn run(case: &Case<'_>, watcher: &mut Watcher<'_>) -> Result<Success, ProbeError> {
    let moves = |subject: &&Subject| subject.setting.world.entry().moves || subject.setting.rows_move();
    if let Some(subject) = case.subjects.iter().find(moves) {
        return refuse(&format!(
            "the rows of `{}` change on the way, and F with them; expected `world: Fixed` and an ensemble that stays",
            subject.setting.name
        ));
    }
    let (replicates, units) = (case.knobs.count("replicates"), case.knobs.count("units"));
    let seeds = case.seeds(replicates);
    let meter = Meter::new(replicates * case.subjects.len(), &case.experiment.stop, watcher);
    // What estimates would be held against is not asked for.
    let scenario = Scenario { truth: Spec::of(&NOTHING), ..case.scenario().clone() };
    let quiet = Arc::new(experiment(&scenario, case.files)?.until(&case.experiment.stop));
    let jobs: Vec<(u64, &Subject)> =
        seeds.iter().flat_map(|seed| case.subjects.iter().map(move |subject| (*seed, subject))).collect();
    let one = |(seed, subject): &(u64, &Subject)| -> Result<Run, ProbeError> {
        meter.goes_on()?;
        let other = case.with_seed(*seed)?;
        let mut stage = Stage::of(&quiet);
        (stage.seed, stage.lambda, stage.theta) = (*seed, other.lambda.clone(), other.theta.clone());
        let run = whole_run(&Arc::new(stage), subject, units);
        meter.advance(1)?;
        Ok(run)
    };
    let runs: Vec<Result<Run, ProbeError>> = jobs.par_iter().map(one).collect();
    let runs = runs.into_iter().collect::<Result<Vec<Run>, _>>()?;
    Ok(Success::of(case, units, &runs))
}

/// One run, until its units are spent or it halts. A round that would cost more than is left is no part of it.
fn whole_run(stage: &Arc<Stage>, subject: &Subject, units: usize) -> Run {
    let recording = Recording::of(&[], usize::MAX, Budget::LABORATORY);
    let mut trial = Trial::new(subject.id, subject.setting.clone(), stage, recording);
    let mut rounds = Vec::new();
    let mut leader = Judged { value: f64::INFINITY, test: f64::NAN };
    while trial.units() < units && !trial.status().is_halted() && !stage.stop().is_set() {
        while trial.status() == Status::Running {
            trial.step_inner();
        }
        let before = trial.outer();
        leader = leader.or_better(&trial);
        trial.step_outer();
        if trial.outer() > before && trial.units() <= units {
            let best = trial.best().unwrap_or(f64::NAN);
            rounds.push(Round { units: trial.units(), best, test: leader.test });
        }
    }
    let halted = Some(trial.status()).filter(|status| status.has_failed()).map(|status| status.to_string());
    Run { rounds, halted }
}

/// The student with the least F so far.
#[derive(Clone, Copy)]
struct Judged {
    value: f64,
    test: f64,
}

impl Judged {
    /// Who leads at the end of this inner run, if its F is lower.
    fn or_better(self, trial: &Trial) -> Self {
        let value = trial.loops().outer_value().0;
        if trial.status() != Status::Ready || value.is_nan() || value >= self.value {
            return self;
        }
        Self { value, test: trial.loops().score(Sample::Test).map_or(f64::NAN, |score| score.loss) }
    }
}
