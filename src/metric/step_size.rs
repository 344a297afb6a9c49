//! The step sizes of both loops.

use super::{Kind, Metric, Reading, When};
use crate::catalog::{Card, Scale};
use crate::scenario::long_steps;

/// Step size in use.
pub static STEP_SIZE: Metric = Metric {
    scale: Scale::Logarithmic,
    rank: 12,
    ..Metric::number(
        Card {
            id: "step-size",
            name: "Inner step size",
            source: "",
            equation: "η",
            summary: "The step size of the inner dynamics in use: as set, or chosen from the curvature at this λ.",
            cost: "none",
            fails: "Not a number for dynamics without one, such as Newton's.",
            knobs: &[],
        },
        "step",
        |seen| seen.loops().step_size().into(),
    )
};

/// Step size of the outer rule in use.
pub static OUTER_STEP_SIZE: Metric = Metric {
    scale: Scale::Logarithmic,
    ..Metric::number(
        Card {
            id: "outer-step-size",
            name: "Outer step size",
            source: "",
            equation: "α",
            summary: "The step size of the outer rule in use: as set, fallen by its schedule, or as the rule has adapted it so far.",
            cost: "none",
            fails: "A rule that adapts its step does so as it takes one: this is what the step before has left.",
            knobs: &[],
        },
        "α",
        |seen| seen.loops().outer_step_size().into(),
    )
};

/// Steps that are too long at this λ.
pub static LONG_STEP: Metric = Metric {
    kind: Kind::Words,
    when: When::Lambda,
    ..Metric::number(
        Card {
            id: "long-step",
            name: "Step that is too long",
            source: "",
            equation: "η > 2/L(λ)",
            summary: "Which step is longer than what the curvature lets converge, in words. A check of the scenario says the same of λ₀; mostly \
                      nothing.",
            cost: "a bound on the curvature, where a step is a number",
            fails: "Where g is not quadratic, or θ has many entries, only the curvature of the penalty is known, so that other steps may be too long as well.",
            knobs: &[],
        },
        "too long",
        |seen| {
            let loops = seen.loops();
            let steps = long_steps(loops.setting(), &seen.stage().problem, loops.lambda(), loops.outer());
            steps.into_iter().next().map_or(Reading::Absent, |step| Reading::Words(step.message.into()))
        },
    )
};
