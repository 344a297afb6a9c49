//! Ridge regression with learned penalties.
//!
//! `g = ‖Xθ − y‖²/2n + (s/2) Σ_j e^{λ_j} θ_j²`, `f = ‖X′θ − y′‖²/2m`. Then
//! `H = XᵀX/n + s diag(e^λ)` and `(Jᵀv)_j = s e^{λ_j} θ_j v_j`. Hoerl and Kennard 1970; its
//! hypergradient Bengio 2000, Pedregosa 2016. With `XᵀX/n` and `Xᵀy/n` cached a gradient or a
//! Hessian-vector product costs `O(d²)`, and θ*(λ) is one Cholesky solve.

use std::sync::Arc;

use super::linear::loss::Squared;
use super::linear::{OUTER, PENALTY, PENALTY_WEIGHT, Penalized, REDUCTION, TAU, intake, validation_needed};
use super::{Entry, Level, Needs};
use crate::catalog::Card;

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "ridge",
        name: "Ridge regression",
        source: "Hoerl and Kennard 1970; hypergradient Bengio 2000; dial and mean penalty Ye et al. 2024",
        equation: "g = ‖Xθ − y‖²/2n + (s/2) Σⱼ exp(λⱼ) θⱼ²,  f = ‖X′θ − y′‖²/2m",
        summary: "Linear regression whose penalties are chosen by the validation error. The inner problem is \
                  quadratic, so θ* has a closed form and everything on the screen can be checked.",
        cost: "a gradient or Hessian-vector product d², on a mini-batch of B rows 2Bd; θ* one Cholesky solve, d³/3",
        fails: "With few rows many penalties overfit the validation set. A large λⱼ drives θⱼ to zero, where its \
                own hypergradient vanishes. Newton steps are exact here, so slope 2 cannot be seen: use logistic.",
        knobs: &[PENALTY, REDUCTION, PENALTY_WEIGHT, OUTER, TAU],
    },
    needs: |_| Needs::Regression,
    level: Level::Column,
    build: |parts| {
        let split = intake::regression(parts, validation_needed(parts.knobs))?;
        Ok(Arc::new(Penalized::new(parts, split, || Squared)?))
    },
};
