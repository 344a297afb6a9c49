//! The value function at this λ, and whether it rose.

use super::{Kind, Metric, When, needs};
use crate::catalog::Card;

/// `F(λ) = f(λ, θ*(λ))`.
pub static VALUE: Metric = Metric {
    when: When::Lambda,
    rank: 5,
    needs: needs::valued,
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

/// A relative change of F that is nothing but rounding.
const ROUNDING: f64 = 1e-12;

/// Whether F is higher than one outer step earlier.
pub static WORSE: Metric = Metric {
    kind: Kind::Flag,
    when: When::Lambda,
    needs: |subject| {
        needs::valued(subject)?;
        needs::said(!subject.setting.rows_move(), "F is about other rows at every outer step")
    },
    ..Metric::number(
        Card {
            id: "worse",
            name: "F rose",
            source: "",
            equation: "F(λ_k) > F(λ_{k−1})",
            summary: "Whether the outer step before made λ worse: F is higher than it was.",
            cost: "an exact inner solution at every λ",
            fails: "A rise below 1e-12 of F is taken for rounding.",
            knobs: &[],
        },
        "F rose",
        |seen| {
            let rose = |value: f64| move |before: f64| value > before + ROUNDING * before.abs().max(value.abs());
            seen.truth().map(|truth| seen.before(&VALUE).is_some_and(rose(truth.value))).into()
        },
    )
};
