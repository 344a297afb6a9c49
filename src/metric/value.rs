//! The value function at this λ, and whether it rose.

use super::{Kind, Metric, When, needs};
use crate::catalog::Card;

/// `F(λ) = f(λ, θ*(λ))`.
pub static VALUE: Metric = Metric {
    when: When::Lambda,
    rank: 5,
    needs: needs::solution,
    ..Metric::number(
        Card {
            id: "value",
            name: "Value function",
            source: "Franceschi et al. 2018, equation 2",
            equation: "F(λ) = f(λ, θ*(λ))",
            summary: "What the outer loop really minimizes, at the exact inner solution.",
            cost: "an exact inner solution at every λ",
            fails: "It is the value on these very rows, not the value out in the world.",
            knobs: &[],
        },
        "F(λ)",
        |seen| seen.truth().map(|truth| truth.value).into(),
    )
};

/// Whether F is higher than one outer step earlier.
pub static WORSE: Metric = Metric {
    kind: Kind::Flag,
    when: When::Lambda,
    needs: needs::solution,
    ..Metric::number(
        Card {
            id: "worse",
            name: "F rose",
            source: "",
            equation: "F(λ_k) > F(λ_{k−1})",
            summary: "Whether the outer step before made F higher.",
            cost: "an exact inner solution at every λ",
            fails: "At the floor of rounding it is chance.",
            knobs: &[],
        },
        "F rose",
        |seen| seen.truth().map(|truth| seen.before(&VALUE).is_some_and(|before| truth.value > before)).into(),
    )
};
