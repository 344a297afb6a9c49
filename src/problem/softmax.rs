//! Softmax regression over K classes with learned penalties.
//!
//! θ is `W ∈ R^{features × K}`, row-major. `g = (1/n) Σ_i CE(Wᵀx_i, y_i) + (s/2) Σ_j e^{λ_j} Σ_k W_jk²`:
//! λ_j belongs to feature j and penalises its weights for all classes. With `Q = XV` and P the
//! probabilities, `Hv = Xᵀ[P ∘ (Q − rowsum(P ∘ Q))]/n + s e^λ ∘ V`. Cost: two passes over the rows
//! times K for each product; the dense Hessian takes K(K+1)/2 matrix products.

use std::sync::Arc;

use super::linear::loss::Softmax;
use super::linear::{OUTER, PENALTY, PENALTY_WEIGHT, Penalized, REDUCTION, TAU, intake, validation_needed};
use super::{Entry, Level, Needs};
use crate::catalog::Card;

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "softmax",
        name: "Softmax regression",
        source: "Multinomial logistic regression; many penalties by hypergradients Bengio 2000, Lorraine et al. 2020",
        equation: "g = (1/n) Σᵢ CE(Wᵀxᵢ, yᵢ) + (s/2) Σⱼ exp(λⱼ) Σₖ Wⱼₖ²,  f = (1/m) Σᵢ CE(Wᵀx′ᵢ, y′ᵢ)",
        summary: "A classifier for K classes with one penalty per feature, shared by the classes. The first \
                  problem here whose Hessian is too large to write down at every step.",
        cost: "a gradient or Hessian-vector product 2ndK; a dense Hessian nd²K(K+1)/2",
        fails: "Shifting all classes of a feature alike changes no prediction, so the curvature there is the \
                penalty alone: with very negative λ the Hessian is singular to rounding and solvers say so.",
        knobs: &[PENALTY, REDUCTION, PENALTY_WEIGHT, OUTER, TAU],
    },
    needs: |_| Needs::Classes,
    level: Level::Column,
    build: |parts| {
        let (split, classes) = intake::classes(parts, validation_needed(parts.knobs))?;
        Ok(Arc::new(Penalized::new(parts, split, || Softmax { classes })?))
    },
};
