//! The hyperparameters.

use super::{Metric, When};
use crate::catalog::Card;

/// λ ∈ R^p, the dynamics' entries behind the problem's.
pub static LAMBDA: Metric = Metric {
    when: When::Lambda,
    ..Metric::vector(
        Card {
            id: "lambda",
            name: "Hyperparameters",
            source: "Bengio 2000",
            equation: "λ_k",
            summary: "Where the outer loop has taken λ: the problem's entries, then the dynamics'.",
            cost: "none",
            fails: "Entries that hit a bound stay there.",
            knobs: &[],
        },
        "λ",
        |seen| seen.lambda().into(),
    )
};
