//! stocBiO: a double loop that solves the linear system anew, by a Neumann series over batches.
//!
//! `p = s = ∇_θ f(θ)` at the θ that the inner run ended at; then Q times `p ← p − ηH_j p`, `s ← s + p`, every product over
//! rows of its own; `v = ηs`: Q products, Q + 1 terms. At θ* its mean is `(I − (I − ηH)^{Q+1}) H⁻¹ ∇_θ f`. With gradient
//! descent as inner dynamics and as outer rule, and a warm start, it is the algorithm of the paper. Source: Ji, Yang and
//! Liang 2021 (ICML), algorithm 2 with equation 5. Cost: Q Hessian-vector products. Diverges for η > 2/L, over batches with
//! the L of the worst batch.

use super::neumann::Neumann;
use super::own_step::{OF_SERIES, OwnStep};
use super::{Entry, Family, Order};
use crate::catalog::{Card, Kind, Knob, Scale};

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "stocbio",
        name: "Fresh double loop (stocBiO)",
        source: "Ji, Yang and Liang 2021 (ICML), algorithm 2",
        equation: "ĥ = ∇_λ f − Jᵀ v,  v = η_t Σ_{q≤Q} Π_{j≤q} (I − η_t H_j) ∇_θ f",
        summary: "Goes on with the model, and solves the linear system anew at every outer step by adding up a series. Each \
                  product of the series is taken over rows of its own. Write it with a warm start and gradient descent.",
        cost: "Q Hessian-vector products, 1 cross product, 1 outer gradient",
        fails: "Too few terms leave a bias at θ*; many make it noisy; diverges for η > 2/L of the worst batch.",
        knobs: &[
            Knob {
                key: "iterations",
                help: "Q: Hessian-vector products; the sum has Q + 1 terms.",
                kind: Kind::Integer { default: 10, range: (0, 100_000), scale: Scale::Logarithmic },
            },
            OF_SERIES[0],
            OF_SERIES[1],
            OF_SERIES[2],
        ],
    },
    order: Order::Biased,
    family: Family::Implicit,
    build: |knobs| Box::new(Neumann::new(knobs.count("iterations"), OwnStep::of_series(knobs), true)),
};
