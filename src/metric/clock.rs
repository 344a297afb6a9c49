//! Clocks: what other metrics are drawn against.

use super::{Kind, Metric, UNITS, Unit};
use crate::catalog::Card;

/// What a metric can be drawn against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clock {
    /// Outer steps.
    Outer,
    /// Inner steps since the start, at every outer step.
    Inner,
    /// Oracle calls since the start, at every outer step.
    Calls,
    /// The same, counted in rows.
    RowCalls,
    /// Oracle units since the start, at every outer step: values of F, with a hypergradient counted twice.
    Units,
    /// Inner steps of the inner run that is shown.
    Run,
    /// Oracle calls of that run.
    RunCalls,
}

impl Clock {
    /// Every clock, in the order shown.
    pub const ALL: [Self; 7] =
        [Self::Outer, Self::Inner, Self::Calls, Self::RowCalls, Self::Units, Self::Run, Self::RunCalls];

    /// As a scenario spells it.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Outer => "outer",
            Self::Inner => "inner",
            Self::Calls => "calls",
            Self::RowCalls => "row-calls",
            Self::Units => "units",
            Self::Run => "run",
            Self::RunCalls => "run-calls",
        }
    }

    /// On an axis.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Outer => "outer step",
            Self::Inner => "inner steps in all",
            Self::Calls => "oracle calls",
            Self::RowCalls => "row calls",
            Self::Units => "oracle units",
            Self::Run => "inner step",
            Self::RunCalls => "oracle calls since the inner run began",
        }
    }

    /// The metric that reads it.
    #[must_use]
    pub const fn metric(self) -> &'static Metric {
        match self {
            Self::Outer => &OUTER_STEP,
            Self::Inner => &TOTAL_INNER_STEPS,
            Self::Calls => &CALLS,
            Self::RowCalls => &ROW_CALLS,
            Self::Units => &UNITS,
            Self::Run => &INNER_STEPS,
            Self::RunCalls => &RUN_CALLS,
        }
    }

    /// Whether it runs within one inner run.
    #[must_use]
    pub const fn is_of_run(self) -> bool {
        matches!(self, Self::Run | Self::RunCalls)
    }
}

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

/// Oracle calls since the start, in rows.
pub static ROW_CALLS: Metric = Metric {
    unit: Unit::Calls,
    ..Metric::number(
        Card {
            id: "row-calls",
            name: "Row calls",
            source: "Dagréou, Ablin, Vaiter, Moreau 2022, section 4",
            equation: "gradients, Hessian-vector products, cross products and outer gradients of one row each",
            summary: "Oracle calls so far, counted in rows. A call over a list of 16 rows is 16 row calls, on either side. \
                      Products with H and Jᵀ of the same vector at the same place go over their rows once, and the \
                      gradient of a penalty in λ over none.",
            cost: "none",
            fails: "Rows of all kinds of calls count alike, and factorizations and memory not at all. A problem that \
                    is no sum has one row.",
            knobs: &[],
        },
        "row calls",
        |seen| seen.cost().rows.into(),
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
