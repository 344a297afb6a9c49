//! The inner and the outer objective at the iterate.

use super::{Metric, Seen};
use crate::catalog::Card;

/// `g(λ, θ)`.
pub static INNER_VALUE: Metric = Metric {
    rank: 10,
    ..Metric::number(
        Card {
            id: "inner-value",
            name: "Inner objective",
            source: "",
            equation: "g(λ, θ), the mean over members",
            summary: "What the inner loop minimizes: the training loss with its penalty.",
            cost: "a pass over the training rows",
            fails: "Its size depends on λ, so values at different λ do not compare.",
            knobs: &[],
        },
        "g(λ,θ)",
        |seen| values(seen).0.into(),
    )
};

/// `f(λ, θ)`.
pub static OUTER_VALUE: Metric = Metric {
    rank: 4,
    ..Metric::number(
        Card {
            id: "outer-value",
            name: "Outer objective",
            source: "",
            equation: "f(λ, θ), the mean over members",
            summary: "What the outer loop minimizes, at the iterate: the validation loss.",
            cost: "a pass over the validation rows",
            fails: "Low values at an unfinished θ need not be low at θ*.",
            knobs: &[],
        },
        "f(λ,θ)",
        |seen| values(seen).1.into(),
    )
};

fn values(seen: &Seen<'_>) -> (f64, f64) {
    struct Values((f64, f64));
    seen.shared(|| Values(seen.loops().values())).0
}
