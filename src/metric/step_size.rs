//! The step size of the inner dynamics.

use super::Metric;
use crate::catalog::{Card, Scale};

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
