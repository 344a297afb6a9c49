//! Quantile regression with learned penalties, its loss smoothed so that there is a Hessian.
//!
//! `g = (1/n) Σ_i ℓ(y_i − x_iᵀθ) + (s/2) Σ_j e^{λ_j} θ_j²` with `ℓ(u) = τu + h log(1 + e^{−u/h})`, the check loss `u (τ − 1{u < 0})` of
//! Koenker and Bassett 1978 convolved with a logistic density of bandwidth h (Fernandes, Guerre and Horta 2021; He, Pan, Tan and Zhou 2023; of
//! the kind of Horowitz 1998); `f` the mean of ℓ over the validation rows. With `s_i = (x_iᵀθ − y_i)/h`:
//! `H = Xᵀ diag(σ(s)σ(−s)) X/nh + s diag(e^λ)` and `(Jᵀv)_j = s e^{λ_j} θ_j v_j`.

use std::sync::Arc;

use super::linear::loss::SmoothedCheck;
use super::linear::{OUTER, PENALTY, PENALTY_WEIGHT, Penalized, REDUCTION, TAU, intake, validation_needed};
use super::{Entry, Level, Needs};
use crate::catalog::{Card, Kind, Knob, Scale};

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "quantile",
        name: "Quantile regression",
        source: "Koenker and Bassett 1978; smoothed as in Horowitz 1998, Fernandes, Guerre and Horta 2021, He et al. 2023",
        equation: "g = (1/n) Σᵢ ℓ(yᵢ − xᵢᵀθ) + (s/2) Σⱼ exp(λⱼ) θⱼ²,  f = (1/m) Σᵢ ℓ(y′ᵢ − x′ᵢᵀθ);  ℓ(u) = τu + h log(1 + exp(−u/h))",
        summary: "Linear regression of a quantile: a given share of all targets is to lie below what is \
                  predicted. The share is τ; the loss is the check loss, smoothed over a bandwidth h so that it has second \
                  derivatives; both losses are in units of the target.",
        cost: "a gradient or Hessian-vector product 2nd; a dense Hessian nd²",
        fails: "With h → 0 the curvature of single rows is 1/4h where they are fitted and nothing elsewhere: H becomes ill-conditioned and \
                steps short. A large h predicts something between quantile and mean. A τ other than ½ needs an intercept even \
                where the target is centred. h is in the units of the target.",
        knobs: &[
            Knob {
                key: "level",
                help: "The quantile τ: ½ is the median.",
                kind: Kind::Real { default: 0.5, range: (0.001, 0.999), scale: Scale::Linear },
            },
            Knob {
                key: "bandwidth",
                help: "Bandwidth h over which the loss is smoothed, in units of the target.",
                kind: Kind::Real { default: 0.1, range: (1e-6, 1e6), scale: Scale::Logarithmic },
            },
            PENALTY,
            REDUCTION,
            PENALTY_WEIGHT,
            OUTER,
            TAU,
        ],
    },
    needs: |_| Needs::Regression,
    level: Level::Column,
    build: |parts| {
        let split = intake::regression(parts, validation_needed(parts.knobs))?;
        let (level, bandwidth) = (parts.knobs.real("level"), parts.knobs.real("bandwidth"));
        Ok(Arc::new(Penalized::new(parts, split, || SmoothedCheck { level, bandwidth })?))
    },
};
