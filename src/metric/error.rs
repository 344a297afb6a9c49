//! How far a trial is from the exact answer on the same data: in θ, in the hypergradient, in its direction.

use super::{Metric, Seen, Unit, needs};
use crate::catalog::{Card, Scale};
use crate::math::vector;

/// `‖θ − θ*‖`.
pub static INNER_ERROR: Metric = Metric {
    scale: Scale::Logarithmic,
    rank: 1,
    needs: needs::solution,
    ..Metric::number(
        Card {
            id: "inner-error",
            name: "Inner error",
            source: "Ye, Peyré, Cremers, Ablin 2024",
            equation: "‖θ − θ*(λ)‖; over members the root of the mean square",
            summary: "How far the inner run is from the solution of the inner problem.",
            cost: "an exact inner solution at every λ",
            fails: "Where the solution is not unique it says how far one of them is.",
            knobs: &[],
        },
        "‖θ−θ*‖",
        |seen| seen.truth().map(|truth| truth.inner_error(seen.loops().thetas())).into(),
    )
};

/// `‖ĥ − ∇F‖`.
pub static ERROR: Metric = Metric {
    scale: Scale::Logarithmic,
    rank: 9,
    needs: needs::truth,
    ..Metric::number(
        Card {
            id: "error",
            name: "Hypergradient error",
            source: "Pedregosa 2016",
            equation: "‖ĥ − ∇F(λ)‖",
            summary: "How wrong the estimate is, as far as the truth has digits: an error below them is shown as large as they \
                      are.",
            cost: "an exact answer at every λ, an estimate at every measured inner step",
            fails: "The truth is that of the same data: an exact estimate can still be wrong about the world.",
            knobs: &[],
        },
        "‖ĥ−∇F‖",
        |seen| error(seen).into(),
    )
};

/// `‖ĥ − ∇F‖ / ‖∇F‖`.
pub static RELATIVE_ERROR: Metric = Metric {
    scale: Scale::Logarithmic,
    rank: 2,
    needs: needs::truth,
    ..Metric::number(
        Card {
            id: "relative-error",
            name: "Relative error",
            source: "Grazzi et al. 2020, figure 1",
            equation: "‖ĥ − ∇F(λ)‖ / ‖∇F(λ)‖",
            summary: "How wrong the estimate is, in lengths of the truth.",
            cost: "an exact answer at every λ, an estimate at every measured inner step",
            fails: "Near a minimum of F the truth vanishes, and relative errors grow without anything being wrong; where not \
                    even its first digit is known there is none.",
            knobs: &[],
        },
        "relative",
        |seen| relative_error(seen).into(),
    )
};

/// Cosine between ĥ and ∇F.
pub static COSINE: Metric = Metric {
    unit: Unit::Cosine,
    rank: 3,
    needs: needs::truth,
    ..Metric::number(
        Card {
            id: "cosine",
            name: "Cosine to the truth",
            source: "Lorraine et al. 2020, figure 4",
            equation: "⟨ĥ, ∇F⟩ / (‖ĥ‖ ‖∇F‖)",
            summary: "Whether the estimate points the right way, whatever its length: above zero, a small step \
                      improves F.",
            cost: "an exact answer at every λ, an estimate at every measured inner step",
            fails: "Undefined while an estimate is zero, as unrolled ones are before the first step; with one λ it is ±1.",
            knobs: &[],
        },
        "cos",
        |seen| cosine(seen).into(),
    )
};

/// At least as far as the truth has digits; nothing where it is no truth.
fn error(seen: &Seen<'_>) -> Option<f64> {
    seen.truth()?.error(&seen.estimate().hypergradient)
}

fn relative_error(seen: &Seen<'_>) -> Option<f64> {
    Some(error(seen)? / seen.truth()?.length()?)
}

fn cosine(seen: &Seen<'_>) -> Option<f64> {
    let truth = seen.truth()?;
    truth.length()?;
    Some(vector::cosine(&seen.estimate().hypergradient, &truth.hypergradient))
}
