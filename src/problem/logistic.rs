//! Two-class logistic regression with learned penalties.
//!
//! `g = (1/n) Σ_i log(1 + exp(−y_i x_iᵀθ)) + (s/2) Σ_j e^{λ_j} θ_j²`, `y_i ∈ {−1, 1}`, `f` the mean
//! loss over the validation rows, without penalty. Then `H = Xᵀ diag(σ(1−σ)) X/n + s diag(e^λ)` and
//! `(Jᵀv)_j = s e^{λ_j} θ_j v_j`. Pedregosa 2016. Cost: two passes over the rows for each product. Where training labels may be flipped,
//! λ has one entry more: see [`label_noise`](super::label_noise).

use std::sync::Arc;

use super::label_noise::{LABEL_NOISE, LabelNoise};
use super::linear::loss::Logistic;
use super::linear::{OUTER, PENALTY, PENALTY_WEIGHT, Penalized, REDUCTION, TAU, intake, validation_needed};
use super::{Entry, Level, Needs};
use crate::catalog::Card;

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "logistic",
        name: "Logistic regression",
        source: "Pedregosa 2016; dial and mean penalty Ye et al. 2024",
        equation: "g = (1/n) Σᵢ log(1 + exp(−yᵢ xᵢᵀθ)) + (s/2) Σⱼ exp(λⱼ) θⱼ²,  f = (1/m) Σᵢ log(1 + exp(−y′ᵢ x′ᵢᵀθ))",
        summary: "A two-class classifier whose penalties are chosen by the validation loss. The Hessian changes \
                  with θ, which is what makes the order of an estimator visible.",
        cost: "a gradient or Hessian-vector product 2nd; a dense Hessian nd²",
        fails: "On separable data a very negative λ lets θ* run off, and the Hessian becomes nearly singular: \
                the inner loop then needs thousands of steps and every estimate is of an unfinished run.",
        knobs: &[PENALTY, REDUCTION, PENALTY_WEIGHT, OUTER, TAU, LABEL_NOISE],
    },
    needs: |_| Needs::TwoClasses,
    level: Level::Column,
    build: |parts| {
        let split = intake::two_classes(parts, validation_needed(parts.knobs))?;
        let fit = Penalized::new(parts, split, || Logistic)?;
        Ok(if parts.knobs.choice("label_noise") == "Learned" { Arc::new(LabelNoise::new(fit)) } else { Arc::new(fit) })
    },
};
