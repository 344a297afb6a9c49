//! What a trial has cost so far, by kind, had it ended here with the estimate made here.

use super::{Metric, Unit};
use crate::catalog::{Card, Scale};

/// Gradients of the inner or outer objective.
pub static COST_GRADIENTS: Metric = Metric {
    unit: Unit::Calls,
    ..Metric::number(
        Card {
            id: "cost-gradients",
            name: "Gradients",
            source: "",
            equation: "calls of ∇_θ g, ∇_λ g, ∇_θ f, ∇_λ f",
            summary: "Gradients of the inner or outer objective so far.",
            cost: "none",
            fails: "A call over a mini-batch counts as its share of all rows.",
            knobs: &[],
        },
        "gradients",
        |seen| seen.cost().gradients.into(),
    )
};

/// Hessian-vector products.
pub static COST_HVPS: Metric = Metric {
    unit: Unit::Calls,
    ..Metric::number(
        Card {
            id: "cost-hvps",
            name: "Hessian-vector products",
            source: "",
            equation: "calls of v ↦ (∂²_θθ g) v",
            summary: "How many products with the curvature were asked for so far. They are Hessian-vector \
                      products; a dense Hessian counts as d of them.",
            cost: "none",
            fails: "A dense Hessian can take less time than d products.",
            knobs: &[],
        },
        "hvps",
        |seen| seen.cost().hvps.into(),
    )
};

/// Products with the cross derivative or its transpose.
pub static COST_CROSS_PRODUCTS: Metric = Metric {
    unit: Unit::Calls,
    ..Metric::number(
        Card {
            id: "cost-cross-products",
            name: "Cross products",
            source: "",
            equation: "calls of v ↦ Jᵀv and u ↦ Ju, J = ∂²_θλ g",
            summary: "How many products with the mixed second derivative were asked for so far. They are products \
                      with the cross derivative or its transpose.",
            cost: "none",
            fails: "They differ in time by as much as λ differs in length.",
            knobs: &[],
        },
        "cross",
        |seen| seen.cost().cross_products.into(),
    )
};

/// Matrix factorizations.
pub static COST_FACTORIZATIONS: Metric = Metric::number(
    Card {
        id: "cost-factorizations",
        name: "Factorizations",
        source: "",
        equation: "d × d matrices factorized",
        summary: "Matrix factorizations so far; they are no oracle calls.",
        cost: "none",
        fails: "One takes the time of d³/3 multiplications, however cheap the oracle is.",
        knobs: &[],
    },
    "factorizations",
    |seen| seen.cost().factorizations.into(),
);

/// Largest memory that the estimator held.
pub static COST_BYTES: Metric = Metric {
    unit: Unit::Bytes,
    scale: Scale::Logarithmic,
    ..Metric::number(
        Card {
            id: "cost-bytes",
            name: "Memory",
            source: "",
            equation: "bytes beyond θ and λ",
            summary: "The largest memory the estimator held so far: a tape, tangents, a matrix.",
            cost: "none",
            fails: "What the problem keeps for itself is not counted.",
            knobs: &[],
        },
        "memory",
        |seen| seen.cost().bytes.into(),
    )
};
