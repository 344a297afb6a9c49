//! Two-class logistic regression that leaves features out.
//!
//! `g = (1/n) Σ_i log(1 + exp(−y_i x_iᵀθ)) + s Σ_j e^{λ_j} |θ_j|`, `y_i ∈ {−1, 1}`, `f` the mean loss over the validation rows,
//! without penalty. On the support S, `H = X_Sᵀ diag(σ(1−σ)) X_S/n` and `(Jᵀv)_j = s e^{λ_j} sign(θ_j) v_j`. Koh, Kim and Boyd
//! 2007; its hypergradient Bertrand et al. 2022, section 5.

use std::sync::Arc;

use super::linear::loss::Logistic;
use super::linear::{OUTER, PENALTY, PENALTY_WEIGHT, Sparse, TAU, intake, validation_needed};
use super::{Entry, Level, Needs};
use crate::catalog::Card;

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "sparse-logistic",
        name: "Sparse logistic regression",
        source: "Koh, Kim and Boyd 2007; hypergradient Bertrand et al. 2022 (JMLR), section 5",
        equation: "g = (1/n) Σᵢ log(1 + exp(−yᵢ xᵢᵀθ)) + s Σⱼ exp(λⱼ) |θⱼ|,  f = (1/m) Σᵢ log(1 + exp(−y′ᵢ x′ᵢᵀθ))",
        summary: "A two-class classifier that leaves features out. Its Hessian changes with θ, so that the order of an \
                  estimator is visible once the support has settled.",
        cost: "a gradient or Hessian-vector product 2nd; a dense Hessian nd²",
        fails: "Where a feature enters or leaves, F has a kink and its hypergradient jumps. On separable data weak \
                penalties let θ* run off.",
        knobs: &[PENALTY, PENALTY_WEIGHT, OUTER, TAU],
    },
    needs: |_| Needs::TwoClasses,
    level: Level::Column,
    build: |parts| {
        let split = intake::two_classes(parts, validation_needed(parts.knobs))?;
        Ok(Arc::new(Sparse::new(parts, split, false, || Logistic)?))
    },
};
