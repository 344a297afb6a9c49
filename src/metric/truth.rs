//! What estimates are held against, its length, and whether it could be computed.

use super::{Kind, Metric, When, needs};
use crate::catalog::{Card, Scale};
use crate::math::vector;
use crate::trial::Gives;

/// ∇F(λ) ∈ R^p, with zeros for the dynamics' entries.
pub static TRUTH: Metric = Metric {
    when: When::Lambda,
    needs: needs::truth,
    ..Metric::vector(
        Card {
            id: "truth",
            name: "Truth",
            source: "Pedregosa 2016, section 2",
            equation: "∇F(λ) = ∇_λ f − Jᵀ H⁻¹ ∇_θ f at θ*(λ)",
            summary: "The exact hypergradient of the very rows that the estimate saw, averaged over members as \
                      estimates are.",
            cost: "an exact inner solution and a factorization at every λ",
            fails: "It is exact about these rows, not about the world.",
            knobs: &[],
        },
        "∇F",
        |seen| seen.truth().map(|truth| truth.hypergradient.as_slice()).into(),
    )
};

/// `‖∇F(λ)‖`.
pub static TRUTH_NORM: Metric = Metric {
    scale: Scale::Logarithmic,
    when: When::Lambda,
    needs: needs::truth,
    ..Metric::number(
        Card {
            id: "truth-norm",
            name: "Length of the truth",
            source: "",
            equation: "‖∇F(λ)‖",
            summary: "How steep the ground under λ is: zero at a minimum of F.",
            cost: "an exact answer at every λ",
            fails: "Its size depends on how λ is scaled.",
            knobs: &[],
        },
        "‖∇F‖",
        |seen| seen.truth().map(|truth| vector::norm(&truth.hypergradient)).into(),
    )
};

/// Whether every inner problem was solved to rounding.
pub static TRUTH_CONVERGED: Metric = Metric {
    kind: Kind::Flag,
    when: When::Lambda,
    needs: needs::truth,
    ..Metric::number(
        Card {
            id: "truth-converged",
            name: "Truth converged",
            source: "",
            equation: "‖∇_θ g(λ, θ*)‖ at rounding, H positive definite, ∇F known to 1e-6",
            summary: "Whether the truth could be computed: every inner problem was solved to rounding, and rounding leaves \
                      six digits of it.",
            cost: "an exact inner solution at every λ",
            fails: "Where it says no, every error at this λ is held against nothing.",
            knobs: &[],
        },
        "truth",
        |seen| seen.truth().filter(|truth| truth.gives != Gives::Nothing).map(|truth| truth.converged()).into(),
    )
};

/// How far the truth may be off.
pub static TRUTH_FLOOR: Metric = Metric {
    scale: Scale::Logarithmic,
    when: When::Lambda,
    needs: needs::truth,
    ..Metric::number(
        Card {
            id: "truth-floor",
            name: "Rounding of the truth",
            source: "Higham 2002, chapter 12",
            equation: "largest ‖δ∇F‖ over roundings of the computation and of the numbers given, times 4",
            summary: "How far the truth may be off: an estimate that is closer to it cannot be told from it.",
            cost: "none beyond the truth",
            fails: "It is sampled, not bounded.",
            knobs: &[],
        },
        "±∇F",
        |seen| seen.truth().filter(|truth| truth.gives != Gives::Nothing).map(|truth| truth.floor).into(),
    )
};

/// How near H is to singular where the truth is taken.
pub static TRUTH_CONDITION: Metric = Metric {
    scale: Scale::Logarithmic,
    when: When::Lambda,
    needs: needs::truth,
    ..Metric::number(
        Card {
            id: "truth-condition",
            name: "Condition of H",
            source: "Higham 2002, chapter 15",
            equation: "‖H‖_∞ ‖H⁻¹‖₂ at θ*, on the support where g has kinks; of members the largest",
            summary: "Says how many digits the linear system behind the truth can lose. About so many times the last digit \
                      of an entry is what rounding does to v; the more, the nearer H at θ* is to singular.",
            cost: "a few solves beyond the truth",
            fails: "It is estimated by inverse power iteration; at 1e15 or more it only says that H is singular to rounding.",
            knobs: &[],
        },
        "cond H",
        |seen| seen.truth().map(|truth| truth.condition).filter(|condition| !condition.is_nan()).into(),
    )
};
