//! Reverse-mode differentiation of the last K inner steps; the state before them counts as given.
//!
//! Source: Shaban et al. 2019 (T-RHG). Cost: K Hessian-vector and K cross products, K states of
//! memory whatever T is. The bias falls like `(1 − η·λ_min)^K` and remains at θ*; less depth also
//! means less variance over data.

use super::unroll::Unrolled;
use super::{Entry, Family, Order};
use crate::catalog::{Card, Kind, Knob, Scale};

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "truncated",
        name: "Truncated unrolling (T-RHG)",
        source: "Shaban et al. 2019, section 3",
        equation: "a ← ∇_θ f(θ_T);  ĥ ← ∇_λ f;  t = T−1…T−K:  ĥ += (∂_λΦ_t)ᵀa,  a ← (∂_θΦ_t)ᵀa",
        summary: "Differentiates only the last few training steps, backwards. Reverse unrolling of the last K \
                  inner steps.",
        cost: "K Hessian-vector and K cross products; memory K·d",
        fails: "Biased even at θ*: what λ did to the run more than K steps ago is left out.",
        knobs: &[Knob {
            key: "last",
            help: "K, the number of last steps differentiated.",
            kind: Kind::Integer { default: 20, range: (1, 100_000), scale: Scale::Logarithmic },
        }],
    },
    order: Order::Biased,
    family: Family::Iterative,
    build: |knobs| Box::new(Unrolled::over_last(knobs.count("last").max(1), &["last"])),
};
