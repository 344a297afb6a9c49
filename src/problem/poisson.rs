//! Poisson regression of counts with learned penalties.
//!
//! `g = (1/n) Σ_i [e^{z_i} − y_i z_i + y_i ln y_i − y_i] + (s/2) Σ_j e^{λ_j} θ_j²` with `z = x_iᵀθ`: half the deviance, so that a perfect
//! fit has loss 0; `f` its mean over the validation rows. Then `H = Xᵀ diag(e^z) X/n + s diag(e^λ)` and
//! `(Jᵀv)_j = s e^{λ_j} θ_j v_j`. Nelder and Wedderburn 1972. The curvature has no bound over θ.

use std::sync::Arc;

use super::linear::loss::Poisson;
use super::linear::{OUTER, PENALTY, PENALTY_WEIGHT, Penalized, REDUCTION, TAU, intake, validation_needed};
use super::{Entry, Level, Needs};
use crate::catalog::Card;

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "poisson",
        name: "Poisson regression",
        source: "Nelder and Wedderburn 1972; Frome 1983",
        equation: "g = (1/n) Σᵢ [exp(zᵢ) − yᵢzᵢ + yᵢ ln yᵢ − yᵢ] + (s/2) Σⱼ exp(λⱼ) θⱼ²,  z = xᵀθ,  f = (1/m) Σᵢ [exp(z′ᵢ) − y′ᵢz′ᵢ + y′ᵢ ln y′ᵢ − y′ᵢ]",
        summary: "Regression of counts, whose logarithm is linear in the features. Targets are not negative, and need not be whole; \
                  the loss is half the deviance, which is 0 where every count is predicted.",
        cost: "a gradient or Hessian-vector product 2nd; a dense Hessian nd²",
        fails: "The curvature grows as exp(z) and has no bound, so that steps are written as numbers and one that is too long overflows, \
                which is shown. Without an intercept a row at the mean of all features is predicted 1.",
        knobs: &[PENALTY, REDUCTION, PENALTY_WEIGHT, OUTER, TAU],
    },
    needs: |_| Needs::Counts,
    level: Level::Column,
    build: |parts| {
        let split = intake::counts(parts, validation_needed(parts.knobs))?;
        Ok(Arc::new(Penalized::new(parts, split, || Poisson)?))
    },
};
