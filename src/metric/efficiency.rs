//! First-order theory of an estimator: the error it predicts, and the constant that bounds it.

use super::{Metric, When, needs};
use crate::catalog::{Card, Scale};

/// `‖Mᵀ(θ − θ*)‖`.
pub static PREDICTED_ERROR: Metric = Metric {
    scale: Scale::Logarithmic,
    needs: needs::solution,
    ..Metric::number(
        Card {
            id: "predicted-error",
            name: "Predicted error",
            source: "Ye, Peyré, Cremers, Ablin 2024",
            equation: "‖Mᵀ(θ − θ*)‖, where ĥ − ∇F = Mᵀ(θ − θ*) + O(‖θ − θ*‖²)",
            summary: "The error of the hypergradient that first-order theory predicts.",
            cost: "a matrix M of d × p at every λ",
            fails: "Not a number where there is no theory: unrolled estimators, ensembles, large d·p.",
            knobs: &[],
        },
        "‖Mᵀe‖",
        |seen| seen.prediction().map(|prediction| prediction.error(seen.theta())).into(),
    )
};

/// `C = ‖M‖₂`.
pub static EFFICIENCY_CONSTANT: Metric = Metric {
    when: When::Lambda,
    needs: needs::solution,
    ..Metric::number(
        Card {
            id: "efficiency-constant",
            name: "Efficiency constant",
            source: "Ye, Peyré, Cremers, Ablin 2024",
            equation: "C = ‖M‖₂: ‖ĥ − ∇F‖ ≤ C ‖θ − θ*‖ to first order",
            summary: "How much of the inner error can enter the hypergradient at this λ; zero for a super-efficient \
                      estimator.",
            cost: "a matrix M of d × p at every λ",
            fails: "Not a number where there is no theory: unrolled estimators, ensembles, large d·p.",
            knobs: &[],
        },
        "C",
        |seen| seen.prediction().map(|prediction| prediction.constant).into(),
    )
};
