//! Which estimator, when? What every estimator costs and how wrong it is, at the λ that a run visits.
//!
//! A trial's own run is taken from λ₀, and its λ are written down. Along that way every estimator that fits the problem
//! takes outer steps of its own, over a ladder of the knobs that trade cost for error
//! ([`Estimator::effort`](crate::estimator::Estimator::effort)) and of inner steps: so all are judged at the same λ, and what they remember is of
//! λ that moved as the outer rule moves them. The error is `‖ĥ − ∇F‖/‖∇F‖` (Grazzi et al. 2020, figure 1), the cost that of a
//! whole outer step. What is advised is a function of the finding and of limits ([`Recommendation::answer`]), so that other limits need
//! no other measurement.
//!
//! What may be advised then runs by itself from λ₀ for a while ([`OwnRun`]): a run that follows the advice visits other λ, and remembers
//! its own past.
//!
//! Seconds are no part of a finding, which is the same to the bit wherever it is made: the command line takes them beside it.

mod answer;
mod budget;
mod choice;
mod finding;
mod ground;
mod ladder;
mod limits;
mod measure;
mod own;
mod report;
mod words;

use std::sync::Arc;

use super::meter::Meter;
use super::{Case, Entry, Finding, ProbeError, Scope, Watcher};
use crate::catalog::Card;
use crate::scenario::{Horizon, InnerSpec, Setting};
use crate::trial::{Loops, Stage, Students};

pub use answer::Answer;
pub use choice::front;
pub use finding::{Measured, OwnRun, Recommendation, SCHEMA, Unmeasured};
pub use limits::Limits;

use budget::{PATH, REPETITIONS, SPEND, STATES, afforded};
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
                  visits, with little and with much effort, after a tenth, a third, as many and three times the inner steps, and says in words what is \
                  best within limits, and what limits it. What may be advised then runs by itself from λ₀ for a while, and is held against \
                  ∇F at its own λ.",
        cost: "some ten thousand oracle calls an estimator, and an exact answer at every λ visited",
        fails: "It is about this run: elsewhere H, the noise and ∇F are others, and what is advised is chosen by its errors along this run, not \
                by those of its own. Where θ* is not unique, estimates are held against \
                the derivative of the run.",
        knobs: &[limits::CALLS, limits::MEMORY, limits::ERROR, STATES, REPETITIONS, PATH, SPEND],
    },
    scope: Scope::FirstRun,
    stands: |_| false,
    key: '$',
    sweeps: None,
    budget: &budget::QUICK,
    run: |case, watcher| Ok(Box::new(run(case, watcher)?) as Box<dyn Finding>),
};

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
    let asked = case.knobs.count(SPEND.key) as f64;
    let spend = afforded(experiment.problem.as_ref(), setting).min(asked);
    let (mut settings, left_out) = measure::all(&ground, &families, spend, &meter)?;
    own::run_all(&ground, &mut settings, &own::Budget::of(case, spend))?;
    let sizes = experiment.problem.dimensions();
    Ok(Recommendation {
        schema: SCHEMA,
        scenario: case.name.to_owned(),
        seed: case.scenario().seed,
        id: ground.subject.id,
        trial: setting.name.clone(),
        truth: ground.gives.words(),
        inner_steps: setting.inner.steps,
        inner_steps_measured: ground.steps.clone(),
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
        asked,
        limits: Limits::of(case.knobs),
        settings,
        left_out,
    })
}

/// The loops of a setting at λ₀, before the first inner step, for whoever wants to know how long an outer step takes. Nothing
/// where the case has no such trial.
#[must_use]
pub fn outer_step(case: &Case<'_>, one: &Measured) -> Option<Students> {
    let subject = case.subjects.first()?;
    let inner = InnerSpec { steps: one.inner_steps, ..subject.setting.inner.clone() };
    let setting = Setting { estimator: one.spec.clone(), inner, ..subject.setting.clone() };
    Some(Students::of(Loops::new(subject.id, setting, &Arc::new(Stage::of(&case.experiment)))))
}
