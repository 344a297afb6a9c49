//! How far F is from its least value on the same rows.
//!
//! F* is found once for a problem, the first time that an outer step is recorded, by [`Least`]: a closed form, or a descent on F
//! along exact hypergradients. An excess below what rounding makes of F and F* is no knowledge, and its reading is that rounding.

use std::sync::Arc;

use super::{Kind, Metric, Reading, Seen, Subject, When, needs};
use crate::catalog::{Card, Scale};
use crate::problem::{Least, MOST_SOLVED, Price};
use crate::trial::{Loops, Stage};

/// `F(λ) − F*`.
pub static EXCESS_VALUE: Metric = Metric {
    scale: Scale::Logarithmic,
    when: When::Outer,
    needs: has_least,
    ..Metric::number(
        Card {
            id: "excess-value",
            name: "Excess of the value function",
            source: "Dagréou, Ablin, Vaiter, Moreau 2022, section 4",
            equation: "F(λ) − F*,  F* = min F",
            summary: "How much higher F is than it could be on the same rows. Where it is less than rounding makes of F, that \
                      is shown instead.",
            cost: "an exact inner solution at every λ, and once as many as a descent on F takes",
            fails: "Where F is not known to be convex, F* is the least that a descent from λ₀ found; a run that gets \
                    below has a negative excess.",
            knobs: &[],
        },
        "F−F*",
        |seen| excess(seen).map(|(excess, _)| excess).into(),
    )
};

/// What rounding makes of an excess.
pub static EXCESS_FLOOR: Metric = Metric {
    scale: Scale::Logarithmic,
    when: When::Outer,
    needs: has_least,
    ..Metric::number(
        Card {
            id: "excess-floor",
            name: "Rounding of the excess",
            source: "Higham 2002, chapter 4",
            equation: "ε(8|F| + Σ_j |∂f/∂θ_j θ_j|) + ‖v‖‖∇_θ g‖ at θ*(λ), and the same at the least F",
            summary: "How far the excess of the value function may be off by rounding. One that is no larger is not known.",
            cost: "none beyond the excess",
            fails: "To first order, and as large as the terms can be.",
            knobs: &[],
        },
        "rounding of F",
        |seen| excess(seen).map(|(_, floor)| floor).into(),
    )
};

/// F*.
pub static LEAST_VALUE: Metric = Metric {
    when: When::Outer,
    needs: has_least,
    ..Metric::number(
        Card {
            id: "least-value",
            name: "Least value of F",
            source: "Nocedal and Wright 2006, algorithm 7.5",
            equation: "F* = min F",
            summary: "The least value that F takes on these rows. In closed form, or from a descent on F along exact hypergradients.",
            cost: "once as many exact inner solutions as the descent takes",
            fails: "Where F is not known to be convex there may be a lower one elsewhere.",
            knobs: &[],
        },
        "F*",
        |seen| known(seen).ok().map(|least| least.value).into(),
    )
};

/// Where F* is from, or why there is none.
pub static LEAST_NOTE: Metric = Metric {
    kind: Kind::Words,
    when: When::Outer,
    needs: has_least,
    ..Metric::number(
        Card {
            id: "least-note",
            name: "Where the least F is from",
            source: "",
            equation: "",
            summary: "Whether the least F is its minimum or the least that was found, and how; or why there is none.",
            cost: "none",
            fails: "It is about the rows of this run.",
            knobs: &[],
        },
        "where F* is from",
        |seen| {
            let known = known(seen);
            let beyond = known.as_ref().is_ok_and(|least| is_out_of_bounds(&least.lambda, seen.loops()));
            let bounds =
                if beyond { "; it lies outside of the bounds of this λ, which no run here can reach" } else { "" };
            Reading::Words(format!("{}{bounds}", in_words(&known)).into())
        },
    )
};

/// The longest that finding F* may be expected to take, in seconds; it is found while a run waits.
const MOST_SECONDS: f64 = 1.0;

fn has_least(subject: &Subject<'_>) -> Result<(), String> {
    needs::solution(subject)?;
    let (stage, setting) = (subject.stage, subject.setting);
    let is_one = !setting.ensemble.entry().divides && !setting.world.entry().moves && stage.splits().len() <= 1;
    needs::said(is_one, "F is another for each division of the rows and each task; one split of fixed rows has one")?;
    if stage.problem.minimum().is_some() {
        return Ok(());
    }
    let seconds = MOST_SOLVED as f64 * Price::of_truth(&*stage.problem).seconds();
    let too_long = format!(
        "finding the least F may take {seconds:.0} s of exact solutions; problems where it takes less than {MOST_SECONDS:.0} s have it"
    );
    needs::said(seconds <= MOST_SECONDS, &too_long)
}

/// The excess, at least its rounding, and that rounding.
fn excess(seen: &Seen<'_>) -> Option<(f64, f64)> {
    let least = known(seen).ok()?;
    let truth = seen.truth().filter(|truth| truth.converged())?;
    let [member] = &truth.members[..] else { return None };
    let floor = member.value_floor + least.floor;
    let excess = truth.value - least.value;
    Some((if excess.abs() < floor { floor } else { excess }, floor))
}

/// The least F of the stage.
fn known(seen: &Seen<'_>) -> Result<Least, String> {
    least_of(seen.stage()).as_ref().clone()
}

/// Whether F* is beyond what the outer loop of a trial allows: it is sought over all λ, once for all trials.
fn is_out_of_bounds(least: &[f64], loops: &Loops) -> bool {
    let mut allowed = least.iter().zip(loops.blocks().bounds());
    allowed.any(|(x, (low, high))| *x < low || *x > high)
}

/// The least F that a descent from the λ₀ of a stage finds, once for the stage.
#[must_use]
pub fn least_of(stage: &Stage) -> Arc<Result<Least, String>> {
    struct Found(Arc<Result<Least, String>>);
    let find = || Found(Arc::new(Least::from(&stage.problem, &stage.lambda, &stage.stop())));
    Arc::clone(&stage.shared(find).0)
}

/// Where the least F is from, in words, or why there is none.
#[must_use]
pub fn in_words(least: &Result<Least, String>) -> String {
    match least {
        Err(reason) => format!("F* is not known: {reason}"),
        Ok(least) if least.solved == 0 => "F* is the minimum of F, in closed form".to_owned(),
        Ok(least) => {
            let slope = least.gradient_norm;
            if least.is_global {
                format!("F* is the minimum of F, found to ‖∇F‖ = {slope:.0e}")
            } else {
                format!("F* is the least F that a descent from λ₀ found, ‖∇F‖ = {slope:.0e}")
            }
        }
    }
}
