//! Clocks: what other metrics are drawn against.

use super::{Kind, Metric, Unit};
use crate::catalog::Card;

/// Outer steps completed.
pub static OUTER_STEP: Metric = Metric {
    kind: Kind::Count,
    unit: Unit::Steps,
    ..Metric::number(
        Card {
            id: "outer-step",
            name: "Outer step",
            source: "",
            equation: "k",
            summary: "Outer steps completed before this one.",
            cost: "none",
            fails: "Outer steps of different trials can cost very different amounts.",
            knobs: &[],
        },
        "outer",
        |seen| seen.loops().outer().into(),
    )
};

/// Inner steps of this outer step.
pub static INNER_STEPS: Metric = Metric {
    kind: Kind::Count,
    unit: Unit::Steps,
    ..Metric::number(
        Card {
            id: "inner-steps",
            name: "Inner steps",
            source: "",
            equation: "t",
            summary: "Inner steps taken in this outer step.",
            cost: "none",
            fails: "A step of one inner loop can cost more than a step of another.",
            knobs: &[],
        },
        "inner",
        |seen| seen.loops().inner().into(),
    )
};

/// Inner steps since the start.
pub static TOTAL_INNER_STEPS: Metric = Metric {
    kind: Kind::Count,
    unit: Unit::Steps,
    ..Metric::number(
        Card {
            id: "total-inner-steps",
            name: "Inner steps in all",
            source: "",
            equation: "Σ_k T_k + t",
            summary: "Inner steps taken in all outer steps so far.",
            cost: "none",
            fails: "Estimates are not counted: a trial that takes one at every inner step looks as cheap as any.",
            knobs: &[],
        },
        "all inner",
        |seen| seen.loops().total_inner().into(),
    )
};

/// Oracle calls since the start.
pub static CALLS: Metric = Metric {
    unit: Unit::Calls,
    rank: 8,
    ..Metric::number(
        Card {
            id: "calls",
            name: "Oracle calls",
            source: "Grazzi et al. 2020, section 5",
            equation: "gradients + Hessian-vector products + cross products",
            summary: "Oracle calls so far, had the trial ended here with the estimate made here. A call over a \
                      mini-batch counts as its share of all rows.",
            cost: "none",
            fails: "Calls are counted alike, and factorizations and memory not at all.",
            knobs: &[],
        },
        "calls",
        |seen| seen.cost().calls().into(),
    )
};

/// Oracle calls of this inner run.
pub static RUN_CALLS: Metric = Metric {
    unit: Unit::Calls,
    ..Metric::number(
        Card {
            id: "run-calls",
            name: "Oracle calls of the inner run",
            source: "Grazzi et al. 2020, section 5",
            equation: "gradients + Hessian-vector products + cross products",
            summary: "Oracle calls since the inner run began, had it ended here with the estimate made here.",
            cost: "none",
            fails: "Calls are counted alike, and factorizations and memory not at all.",
            knobs: &[],
        },
        "run calls",
        |seen| seen.run_cost().calls().into(),
    )
};
