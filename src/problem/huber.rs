//! Huber regression with learned penalties: least squares that outliers do not rule.
//!
//! `g = (1/n) Σ_i ℓ_δ(x_iᵀθ − y_i) + (s/2) Σ_j e^{λ_j} θ_j²` with `ℓ_δ(u) = u²/2` within the threshold δ and `δ|u| − δ²/2` beyond;
//! `f` the mean of ℓ_δ over the validation rows. Then `H = Xᵀ diag(1{|u| ≤ δ}) X/n + s diag(e^λ)`, which exists where no residual is
//! ±δ, almost everywhere, and `(Jᵀv)_j = s e^{λ_j} θ_j v_j`. Huber 1964. θ*(λ) is piecewise smooth: F has kinks where a
//! row enters or leaves the threshold, and ∇F jumps there.

use std::sync::Arc;

use super::linear::loss::Huber;
use super::linear::{OUTER, PENALTY, PENALTY_WEIGHT, Penalized, REDUCTION, TAU, intake, validation_needed};
use super::{Entry, Level, Needs};
use crate::catalog::{Card, Kind, Knob, Scale};

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "huber",
        name: "Huber regression",
        source: "Huber 1964, Robust estimation of a location parameter",
        equation: "g = (1/n) Σᵢ ℓ(xᵢᵀθ − yᵢ) + (s/2) Σⱼ exp(λⱼ) θⱼ²,  f = (1/m) Σᵢ ℓ(x′ᵢᵀθ − y′ᵢ);  ℓ(u) = u²/2 where |u| ≤ δ, δ|u| − δ²/2 beyond",
        summary: "Linear regression that single rows far off cannot rule. Residuals count by their square within a threshold δ and by \
                  their size beyond it. Training and validation loss are both so, in squared units of the target.",
        cost: "a gradient or Hessian-vector product 2nd; a dense Hessian nd²",
        fails: "The loss has one continuous derivative: H exists where no residual is ±δ, almost everywhere, and jumps where a row \
                crosses, so that ∇F does too and orders of estimators hold between kinks alone. With a small δ few rows are \
                within, and H is little but the penalty. δ is in the units of the target.",
        knobs: &[
            Knob {
                key: "threshold",
                help: "Threshold δ, in units of the target; 1.345 standard deviations of the noise lose 5 % where it is normal.",
                kind: Kind::Real { default: 1.345, range: (1e-6, 1e6), scale: Scale::Logarithmic },
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
        let threshold = parts.knobs.real("threshold");
        Ok(Arc::new(Penalized::new(parts, split, || Huber { threshold })?))
    },
};
