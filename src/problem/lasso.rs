//! Lasso with a learned penalty: linear regression that leaves features out.
//!
//! `g = ‖Xθ − y‖²/2n + s Σ_j e^{λ_j} |θ_j|`, `f = ‖X′θ − y′‖²/2m`. θ* is zero outside its support S and
//! `θ*_S = (X_SᵀX_S/n)⁻¹ (X_Sᵀy/n − s e^{λ_S} sign θ_S)`, so that `∇F_j = −s e^{λ_j} sign(θ_j) v_j` with
//! `(X_SᵀX_S/n) v_S = ∇_S f`. Tibshirani 1996; its hypergradient Bertrand et al. 2020, proposition 1.

use std::sync::Arc;

use super::linear::loss::Squared;
use super::linear::{OUTER, PENALTY, PENALTY_WEIGHT, Sparse, TAU, intake, validation_needed};
use super::{Entry, Level, Needs};
use crate::catalog::Card;

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "lasso",
        name: "Lasso",
        source: "Tibshirani 1996; hypergradient Bertrand et al. 2020 (ICML) and 2022 (JMLR)",
        equation: "g = ‖Xθ − y‖²/2n + s Σⱼ exp(λⱼ) |θⱼ|,  f = ‖X′θ − y′‖²/2m",
        summary: "Linear regression that leaves features out: with a stronger penalty more entries of θ are exactly \
                  zero. Those that are not are its support, on which everything is smooth.",
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
        Ok(Arc::new(Sparse::new(parts, split, false, || Squared)?))
    },
};
