//! The estimate itself, and its length.

use super::Metric;
use crate::catalog::{Card, Scale};
use crate::math::vector;

/// ĥ ∈ R^p.
pub static HYPERGRADIENT: Metric = Metric::vector(
    Card {
        id: "hypergradient",
        name: "Hypergradient",
        source: "",
        equation: "ĥ",
        summary: "The estimate at the end of the inner run, before the filter.",
        cost: "none beyond the run",
        fails: "Not a number where the estimator failed; the trial then stops and says so.",
        knobs: &[],
    },
    "ĥ",
    |seen| seen.estimate().hypergradient.as_slice().into(),
);

/// ĥ behind the filter, which is what moves λ.
pub static FILTERED: Metric = Metric::vector(
    Card {
        id: "filtered",
        name: "Filtered hypergradient",
        source: "",
        equation: "h̄",
        summary: "What moves λ: the estimates so far behind the filter.",
        cost: "none beyond the run",
        fails: "Lags behind the estimates where these drift.",
        knobs: &[],
    },
    "mean ĥ",
    |seen| seen.loops().filtered(seen.estimate()).into(),
);

/// `‖ĥ‖`.
pub static HYPERGRADIENT_NORM: Metric = Metric {
    scale: Scale::Logarithmic,
    rank: 11,
    ..Metric::number(
        Card {
            id: "hypergradient-norm",
            name: "Length of the hypergradient",
            source: "",
            equation: "‖ĥ‖",
            summary: "How long the estimate is: what is left to gain, as the estimator sees it.",
            cost: "an estimate at every measured inner step",
            fails: "A biased estimator can be zero where the truth is not.",
            knobs: &[],
        },
        "‖ĥ‖",
        |seen| vector::norm(&seen.estimate().hypergradient).into(),
    )
};
