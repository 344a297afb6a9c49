//! The solution of the linear system behind implicit estimates, and how wrong it is.

use super::{Metric, Reading, Seen, needs};
use crate::catalog::{Card, Scale};
use crate::math::vector;

/// v ≈ H⁻¹ ∇_θ f, of members one after the other.
pub static ADJOINT: Metric = Metric::vector(
    Card {
        id: "adjoint",
        name: "Adjoint",
        source: "Pedregosa 2016, section 2",
        equation: "v ≈ H⁻¹ ∇_θ f, so that ĥ = ∇_λ f − Jᵀ v",
        summary: "What the linear solver found, of members one after the other.",
        cost: "none beyond the estimate",
        fails: "Estimators that solve no system have none.",
        knobs: &[],
    },
    "v",
    |seen| seen.estimate().adjoint.as_deref().into(),
);

/// `‖v − v*‖`.
pub static ADJOINT_ERROR: Metric = Metric {
    scale: Scale::Logarithmic,
    needs: needs::solution,
    ..Metric::number(
        Card {
            id: "adjoint-error",
            name: "Error of the adjoint",
            source: "Dagréou, Ablin, Vaiter, Moreau 2022, section 2",
            equation: "‖v − v*(λ)‖ with v* = H⁻¹ ∇_θ f at θ*(λ); over members the root of the mean square",
            summary: "How far the solution of the linear system is from the one at the exact inner solution.",
            cost: "an exact answer at every λ",
            fails: "Not a number for estimators that solve no system.",
            knobs: &[],
        },
        "‖v−v*‖",
        adjoint_error,
    )
};

fn adjoint_error(seen: &Seen<'_>) -> Reading {
    let error = || {
        let (truth, adjoint) = (seen.truth()?, seen.estimate().adjoint.as_ref()?);
        let exact: Vec<f64> = truth.members.iter().flat_map(|member| member.adjoint.iter().copied()).collect();
        let is_comparable = !exact.is_empty() && exact.len() == adjoint.len();
        is_comparable.then(|| vector::distance(adjoint, &exact) / (truth.members.len() as f64).sqrt())
    };
    error().into()
}
