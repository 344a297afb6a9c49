//! The model's parameters.

use super::Metric;
use crate::catalog::Card;

/// θ ∈ R^d at the end of the inner run, the first member's.
pub static THETA: Metric = Metric::vector(
    Card {
        id: "theta",
        name: "Parameters",
        source: "",
        equation: "θ_T(λ_k)",
        summary: "The parameters at the end of the inner run, of the first member.",
        cost: "none",
        fails: "Of an ensemble it is one member of several.",
        knobs: &[],
    },
    "θ",
    |seen| seen.theta().into(),
);
