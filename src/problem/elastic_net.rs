//! Elastic net: the lasso with a ridge beside it, and both penalties learned.
//!
//! `g = ‖Xθ − y‖²/2n + s Σ_j e^{λ_j} |θ_j| + (e^{λ₂}/2) ‖θ‖²`, λ₂ the last entry of λ. On the support S,
//! `H = X_SᵀX_S/n + e^{λ₂} I`; `(Jᵀv)_j = s e^{λ_j} sign(θ_j) v_j` and `(Jᵀv)_last = e^{λ₂} θ_Sᵀv_S`. Zou and Hastie 2005; its
//! hypergradient Bertrand et al. 2020. Strictly convex: θ* is unique, with more features than rows too.

use std::sync::Arc;

use super::linear::loss::Squared;
use super::linear::{OUTER, PENALTY, PENALTY_WEIGHT, Sparse, TAU, intake, validation_needed};
use super::{Entry, Level, Needs};
use crate::catalog::Card;

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "elastic-net",
        name: "Elastic net",
        source: "Zou and Hastie 2005; hypergradient Bertrand et al. 2020 (ICML) and 2022 (JMLR)",
        equation: "g = ‖Xθ − y‖²/2n + s Σⱼ exp(λⱼ) |θⱼ| + exp(λ₂) ‖θ‖²/2,  f = ‖X′θ − y′‖²/2m",
        summary: "Linear regression that leaves features out and shrinks the rest. One more penalty than the lasso, on \
                  the squares, lets features that tell the same enter together.",
        cost: "a gradient or Hessian-vector product d², on a mini-batch of B rows 2Bd; θ* a few dozen systems as large \
               as its support",
        fails: "Where a feature enters or leaves, F has a kink and its hypergradient jumps. Beyond the largest useful \
                penalty, |Xᵀy|/n at its largest entry, θ* and the hypergradient are zero, and λ stays where it is.",
        knobs: &[PENALTY, PENALTY_WEIGHT, OUTER, TAU],
    },
    needs: |_| Needs::Regression,
    level: Level::Column,
    build: |parts| {
        let split = intake::regression(parts, validation_needed(parts.knobs))?;
        Ok(Arc::new(Sparse::new(parts, split, true, || Squared)?))
    },
};
