//! Which estimator, when? What every estimator costs and how wrong it is, at the λ that a run visits.
//!
//! A trial's own run is taken from λ₀, and its λ are written down. Along that way every estimator that fits the problem
//! takes outer steps of its own, over a ladder of the knobs that trade cost for error
//! ([`Estimator::effort`](crate::estimator::Estimator::effort)) and of inner steps: so all are judged at the same λ, and what they remember is of
//! λ that moved as the outer rule moves them. The error is `‖ĥ − ∇F‖/‖∇F‖` (Grazzi et al. 2020, figure 1), the cost that of a
//! whole outer step. What is advised is a function of the finding and of limits ([`Recommendation::answer`]), so that other limits need
//! no other measurement.
//!
//! Seconds are no part of a finding, which is the same to the bit wherever it is made: the command line takes them beside it.

mod answer;
mod choice;
mod finding;
mod ground;
mod ladder;
mod limits;
mod measure;
mod report;
mod words;

use std::sync::Arc;

use super::meter::Meter;
use super::{Case, Entry, Finding, ProbeError, Scope, Watcher};
use crate::catalog::{Card, Kind, Knob, Scale};
use crate::problem::{Price, Problem};
use crate::scenario::{Horizon, InnerSpec, Setting};
use crate::trial::{Loops, Stage};

pub use answer::Answer;
pub use choice::front;
pub use finding::{Measured, Recommendation, SCHEMA, Unmeasured};
pub use limits::Limits;

use ground::Ground;
use ladder::Family;

/// The probe.
pub const ENTRY: Entry = Entry {
    card: Card {
        id: "recommend",
        name: "Cost and error",
        source: "Grazzi et al. 2020, figure 1, over all estimators; the exact definitions are this project's",
        equation: "‖ĥ − ∇F‖/‖∇F‖ in the median over λ visited  against  oracle calls and bytes of an outer step",
        summary: "Measures what every estimator costs and how wrong it is along the run of the first trial. Takes the λ that it \
                  visits, with little and with much effort, after fewer and more inner steps, and says in words what is best \
                  within limits, and what limits it.",
        cost: "some ten thousand oracle calls an estimator, and an exact answer at every λ visited",
        fails: "It is about this run: elsewhere H, the noise and ∇F are others. Where θ* is not unique, estimates are held against \
                the derivative of the run.",
        knobs: &[limits::CALLS, limits::MEMORY, limits::ERROR, STATES, REPETITIONS, PATH, SPEND],
    },
    scope: Scope::FirstRun,
    stands: |_| false,
    key: '$',
    sweeps: None,
    budget: &[("states", 4), ("spend", 10_000)],
    run: |case, watcher| Ok(Box::new(run(case, watcher)?) as Box<dyn Finding>),
};

const STATES: Knob = Knob {
    key: "states",
    help: "Outer steps of the run at which estimates are measured, from its first to its last.",
    kind: Kind::Integer { default: 5, range: (1, 1000), scale: Scale::Logarithmic },
};

const REPETITIONS: Knob = Knob {
    key: "repetitions",
    help: "How often each is measured with other draws, where something is drawn.",
    kind: Kind::Integer { default: 5, range: (2, 1000), scale: Scale::Logarithmic },
};

const PATH: Knob = Knob {
    key: "path",
    help: "Oracle calls for which the run is followed; it ends earlier where its plan does.",
    kind: Kind::Real { default: 4000.0, range: (1.0, 1e12), scale: Scale::Logarithmic },
};

const SPEND: Knob = Knob {
    key: "spend",
    help: "Oracle calls that every estimator may take while it is measured, its cheap settings first; fewer where rows and θ are \
           many.",
    kind: Kind::Integer { default: 50_000, range: (1, 1_000_000_000), scale: Scale::Logarithmic },
};

/// Seconds that the calls of an estimator may take, by the sizes of the problem: no clock is asked.
const SECONDS: f64 = 1.0;

/// Calls that are granted however long they take.
const LEAST_CALLS: f64 = 500.0;

/// Oracle calls that fit into these seconds. One over a batch counts as its share of the rows, and takes longer than that.
fn afforded(problem: &dyn Problem, setting: &Setting) -> f64 {
    let rows = problem.dimensions().training;
    let taken = setting.inner.batch.size().unwrap_or(rows).min(rows);
    let share = if rows == 0 { 1.0 } else { taken as f64 / rows as f64 };
    (share * SECONDS / Price::of_call(problem, taken).seconds()).round().max(LEAST_CALLS)
}

/// Measures.
///
/// # Errors
/// When there is nothing to hold estimates against, the run comes to nothing, or the watcher stops it.
pub fn run(case: &Case<'_>, watcher: &mut Watcher<'_>) -> Result<Recommendation, ProbeError> {
    let experiment = &case.experiment;
    let ground = Ground::of(case)?;
    let setting = &ground.subject.setting;
    let families = Family::all(case, setting, &ground.steps);
    let total: usize = families.iter().map(|family| family.settings.len()).sum();
    let meter = Meter::new(total, &experiment.stop, watcher);
    let spend = afforded(experiment.problem.as_ref(), setting).min(case.knobs.count(SPEND.key) as f64);
    let (settings, left_out) = measure::all(&ground, &families, spend, &meter)?;
    let sizes = experiment.problem.dimensions();
    Ok(Recommendation {
        schema: SCHEMA,
        scenario: case.name.to_owned(),
        seed: case.scenario().seed,
        id: ground.subject.id,
        trial: setting.name.clone(),
        truth: ground.gives.words(),
        inner_steps: setting.inner.steps,
        outer_steps: ground.path.len(),
        planned: match setting.outer.horizon() {
            Horizon::Steps(steps) => Some(steps),
            Horizon::Calls(_) => None,
        },
        visited: ground.visited.clone(),
        repetitions: ground.stages.len(),
        is_noisy: ground.is_noisy,
        inner_dimension: sizes.inner,
        outer_dimension: sizes.outer,
        granted: spend,
        limits: Limits::of(case.knobs),
        settings,
        left_out,
    })
}

/// The loops of a setting at λ₀, before the first inner step, for whoever wants to know how long an outer step takes. Nothing
/// where the case has no such trial.
#[must_use]
pub fn outer_step(case: &Case<'_>, one: &Measured) -> Option<Loops> {
    let subject = case.subjects.first()?;
    let inner = InnerSpec { steps: one.inner_steps, ..subject.setting.inner.clone() };
    let setting = Setting { estimator: one.spec.clone(), inner, ..subject.setting.clone() };
    Some(Loops::new(subject.id, setting, &Arc::new(Stage::of(&case.experiment))))
}
