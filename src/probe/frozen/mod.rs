//! The direction of λ at a frozen state: what a method says where nothing moves, of other batches again and again.
//!
//! λ stays, and so does θ; the method is asked for its direction on batches that are drawn anew, R times. Its mean is held
//! against the exact ∇F at the same λ on the same data: that is its bias. How it scatters around its mean is its noise. Both
//! are given relative to ‖∇F‖. By default the state is the one where everything has come to rest: θ at θ*(λ), v at v*(λ),
//! and whatever else a method carries where that belongs. So the bias is what the method's own approximations leave, and
//! neither lag nor the inner error enters. With θ or λ alone held, what the method carries goes on for some ticks first,
//! and what is measured is the state that it settles in: of SOBA's v, say, or of the two inner variables of F2SA.
//!
//! Squared bias is debiased by variance/R, and standard errors are those of [`nested`](crate::math::nested). The split into bias and noise of a
//! stochastic direction is that of the convergence proofs (Ghadimi and Wang 2018, lemma 3.2; Hong et al. 2020, lemma 2.1);
//! the exact definitions are this project's.

mod finding;
mod plan;
mod split;
mod sweep;

use std::sync::Arc;

use rand::Rng;
use rayon::prelude::*;

use super::at_rest::{direction, exact, over_all_rows};
use super::meter::Meter;
use super::sweep::once_or_swept;
use super::{Case, Entry, ProbeError, Scope, Subject, Watcher, refuse};
use crate::catalog::{Card, Kind, Knob, Scale};
use crate::draw::Drawing;
use crate::estimator::Estimate;
use crate::math::number::counted;
use crate::math::random::{Purpose, stream};
use crate::scenario::Setting;
use crate::trial::{Held, Hold, Loops, Stage};
use plan::{Holds, Plan, Rows, Start};

pub use finding::{AdjointFinding, FrozenState, Relative, SCHEMA, TrialFinding};
pub use sweep::{SWEEP_SCHEMA, Slope, SweepFinding};

/// The probe.
pub const ENTRY: Entry = Entry {
    card: Card {
        id: "frozen",
        name: "Frozen state",
        source: "bias and variance of a stochastic direction as in Ghadimi and Wang 2018, lemma 3.2; the exact definitions \
                 are this project's",
        equation: "bias = ‖E D_λ − ∇F‖/‖∇F‖,  noise = (tr Cov D_λ)^½/‖∇F‖,  over batches at one (θ, v, λ)",
        summary: "Freezes λ and θ and draws the batches anew, again and again. Tells what a method's direction gets wrong on \
                  average from what single batches do to it, relative to the exact hypergradient at the same λ on the \
                  same data.",
        cost: "R estimates a trial, each with its ticks where v is let go on, and one exact answer",
        fails: "Where ∇F is nearly zero everything is large relative to it. A bias far below noise/√R is lost in its \
                standard error.",
        knobs: &[REPLICATES, HELD, TICKS, STATE, ROWS],
    },
    scope: Scope::AtLambda,
    stands: |knobs| Start::of(knobs) == Start::AsItStands,
    key: 'Z',
    sweeps: Some('Q'),
    budget: &[("replicates", 400)],
    run: |case, watcher| once_or_swept(case, watcher, run, SweepFinding::of),
};

const REPLICATES: Knob = Knob {
    key: "replicates",
    help: "R, how often the batches are drawn.",
    kind: Kind::Integer { default: 4000, range: (3, 10_000_000), scale: Scale::Logarithmic },
};

const HELD: Knob = Knob {
    key: "held",
    help: "What stays while batches are drawn.",
    kind: Kind::Choice {
        options: &[
            ("State", "everything: θ, v and what else a method carries"),
            ("Theta", "λ and θ; v and what else a method carries goes on from where it belongs"),
            ("Lambda", "λ alone; θ goes on as well, by the trial's own inner runs"),
        ],
    },
};

const TICKS: Knob = Knob {
    key: "ticks",
    help: "Outer steps that what is not held goes on for before the direction is taken; each replicate takes its own.",
    kind: Kind::Integer { default: 100, range: (0, 1_000_000), scale: Scale::Logarithmic },
};

const STATE: Knob = Knob {
    key: "state",
    help: "The state that is frozen.",
    kind: Kind::Choice {
        options: &[
            ("Exact", "θ*(λ), v*(λ), and what else a method carries where it comes to rest"),
            ("AsItStands", "the trial's own, at its own λ; without a screen the one at the end of its run"),
        ],
    },
};

const ROWS: Knob = Knob {
    key: "rows",
    help: "The rows of a batch.",
    kind: Kind::Choice {
        options: &[
            ("Batches", "as many as the trial draws"),
            ("All", "all of them: the bias without noise, where the method draws nothing else"),
        ],
    },
};

/// Sets these draws apart among the streams of [`Purpose::Replicate`].
const STREAM: u64 = 400;

/// Measures every trial.
///
/// # Errors
/// When there is no exact hypergradient to hold a direction against, nothing can be drawn anew, or the watcher stops it.
pub fn run(case: &Case<'_>, watcher: &mut Watcher<'_>) -> Result<FrozenState, ProbeError> {
    let plan = Plan::of(case.knobs);
    if !case.experiment.problem.is_convex() {
        return refuse(
            "the inner problem has more than one solution, so that there is no exact ∇F to hold a direction against; \
             expected a problem that is convex in θ",
        );
    }
    case.subjects.iter().try_for_each(|subject| can_be_frozen(&subject.setting, plan))?;
    let meter = Meter::new(case.subjects.len() * plan.replicates, &case.experiment.stop, watcher);
    let stage = Arc::new(Stage::of(&case.experiment));
    let trials: Result<Vec<_>, _> =
        case.subjects.iter().map(|subject| trial(case, &stage, plan, subject, &meter)).collect();
    Ok(FrozenState::of(case, plan, trials?))
}

/// Whether the rows of a trial stay and its batches do not.
fn can_be_frozen(setting: &Setting, plan: Plan) -> Result<(), ProbeError> {
    let name = &setting.name;
    if plan.rows == Rows::Batches && matches!(setting.draws, Drawing::Explicit { .. }) {
        return refuse(&format!(
            "the lists of `{name}` are written out, so that none can be drawn anew; expected `draws: Own` or `Shared`"
        ));
    }
    if plan.holds != Holds::State && setting.rows_move() {
        return refuse(&format!(
            "the rows of `{name}` change with every outer step, so that nothing comes to rest; expected `held` to be \
             `State`, or rows that stay"
        ));
    }
    Ok(())
}

/// One trial over all replicates, gathered in the order of their numbers.
fn trial(
    case: &Case<'_>,
    stage: &Arc<Stage>,
    plan: Plan,
    subject: &Subject,
    meter: &Meter<'_, '_>,
) -> Result<TrialFinding, ProbeError> {
    let (loops, truth) = match frozen(stage, plan, subject) {
        Ok(found) => found,
        Err(reason) => {
            meter.advance(plan.replicates)?;
            return Ok(TrialFinding::none(subject, reason));
        }
    };
    // What is not drawn comes out the same however often it is asked.
    let count = if loops.is_drawn() { plan.replicates } else { 1 };
    let replicate = |number: usize| -> Result<Result<Estimate, String>, ProbeError> {
        meter.goes_on()?;
        let mut own = loops.clone();
        own.reseed(stream(case.scenario().seed, Purpose::Replicate, &[STREAM, number as u64]).next_u64());
        let estimate = answer(own, plan);
        meter.advance(1)?;
        Ok(estimate)
    };
    let answers: Vec<Result<_, ProbeError>> = (0..count).into_par_iter().map(replicate).collect();
    let answers = answers.into_iter().collect::<Result<Vec<_>, _>>()?;
    meter.advance(plan.replicates - count)?;
    let found = all_of(answers).map(|estimates| TrialFinding::of(subject, &loops, &truth, &estimates));
    Ok(found.unwrap_or_else(|reason| TrialFinding::none(subject, reason)))
}

/// The directions, or how many there are not, and why not the first of these.
fn all_of(answers: Vec<Result<Estimate, String>>) -> Result<Vec<Estimate>, String> {
    let count = answers.len();
    let lost: Vec<&String> = answers.iter().filter_map(|answer| answer.as_ref().err()).collect();
    match lost.first() {
        Some(reason) if count == 1 => Err(format!("not finite: {reason}")),
        Some(reason) => Err(format!("not finite in {} of {}: {reason}", lost.len(), counted(count, "draw"))),
        None => Ok(answers.into_iter().flatten().collect()),
    }
}

/// The loops of a trial where they are frozen, and the exact answer there; or why there is no such place.
fn frozen(stage: &Arc<Stage>, plan: Plan, subject: &Subject) -> Result<(Loops, Held), String> {
    let setting = if plan.rows == Rows::All { over_all_rows(&subject.setting) } else { subject.setting.clone() };
    let mut loops = match (plan.start, &subject.stance) {
        (Start::Exact, _) => Subject { setting: setting.clone(), ..subject.clone() }.loops(stage),
        (Start::AsItStands, Some(stance)) => stance.loops(),
        (Start::AsItStands, None) => ended(subject.loops(stage)),
    };
    if loops.status().is_halted() {
        return Err(format!("it has halted: {}", loops.status()));
    }
    let truth = exact(&loops)?;
    if truth.length().is_none() {
        return Err("∇F is not known here, so that nothing is relative to it".to_owned());
    }
    match plan.start {
        Start::Exact => loops.settle()?,
        Start::AsItStands => loops.stand(setting),
    }
    if plan.holds == Holds::Lambda {
        loops.hold(Hold::Lambda);
    }
    Ok((loops, truth))
}

/// Where a whole run ends.
fn ended(mut loops: Loops) -> Loops {
    let (steps, calls) = (loops.setting().outer.steps, loops.setting().outer.calls);
    let is_on = |loops: &Loops| calls.map_or(loops.outer() < steps, |calls| loops.cost().calls() < calls);
    while is_on(&loops) && loops.advance().is_some() {}
    loops
}

/// The direction on one draw of the batches.
fn answer(mut loops: Loops, plan: Plan) -> Result<Estimate, String> {
    if plan.holds != Holds::State {
        for _ in 0..plan.ticks {
            loops.advance();
        }
    }
    if plan.holds == Holds::Lambda {
        loops.finish_inner();
    }
    direction(loops)
}
