//! What a search has found, what it has paid for that, and where its best student stands.

use super::{Kind, Metric, Unit, When};
use crate::catalog::Card;

/// The least F that was paid for.
pub static BEST_VALUE: Metric = Metric {
    when: When::Outer,
    ..Metric::number(
        Card {
            id: "best-value",
            name: "Best F",
            source: "Tao et al. 2020; that a teacher's runs count is this project's",
            equation: "min over students, rounds and lessons so far of f(λ, θ)",
            summary: "The least outer objective that was paid for so far, at the end of whichever inner run. What a teacher asked for counts.",
            cost: "none: students are judged by it anyway",
            fails: "A mutated λ with an inherited θ looks better than it is, and the least of many noisy values is too low.",
            knobs: &[],
        },
        "best F",
        |seen| seen.best().into(),
    )
};

/// Values of F that were paid for.
pub static UNITS: Metric = Metric {
    kind: Kind::Count,
    unit: Unit::Calls,
    when: When::Outer,
    ..Metric::number(
        Card {
            id: "oracle-units",
            name: "Oracle units",
            source: "this project's, so that methods without hypergradients can be compared with others",
            equation: "values of F + values of F with ∇F, each of these counted twice",
            summary: "Inner runs that were paid for with f at their end, those with a hypergradient counted twice. What a teacher asked for counts.",
            cost: "none",
            fails: "A long inner run counts as much as a short one, and a cheap estimate as much as a dear one.",
            knobs: &[],
        },
        "units",
        |seen| seen.units().into(),
    )
};

/// Entries of λ at a bound.
pub static ACTIVE_BOUNDS: Metric = Metric {
    unit: Unit::Entries,
    when: When::Outer,
    ..Metric::number(
        Card {
            id: "active-bounds",
            name: "Active bounds",
            source: "",
            equation: "|{j : λ_j at a bound}|",
            summary: "How many hyperparameters of the best student lie at one of their bounds, of those that are moved.",
            cost: "none",
            fails: "A student that is pressed against its bounds has not converged: there the slope need not be zero.",
            knobs: &[],
        },
        "at bounds",
        |seen| seen.loops().blocks().pressed(seen.lambda()).into(),
    )
};

/// Entries of λ at their lower bound.
pub static LOWER_BOUNDS: Metric = Metric {
    unit: Unit::Entries,
    when: When::Outer,
    ..Metric::number(
        Card {
            id: "lower-bounds",
            name: "Active lower bounds",
            source: "",
            equation: "|{j : λ_j at its lower bound}|",
            summary: "How many hyperparameters of the best student lie at their lower bounds, which no multiplication leads away from.",
            cost: "none",
            fails: "A local step may lead away from there all the same.",
            knobs: &[],
        },
        "at lower",
        |seen| seen.loops().blocks().pressed_below(seen.lambda()).into(),
    )
};
