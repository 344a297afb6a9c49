//! AmIGO: a double loop in which both θ and v go on from where the last outer step left them.
//!
//! `b = ∇_θ f(θ)` once, at the θ that the inner run ended at; then M times `v ← v − ρ (Hv − b)`, every product over rows of
//! its own, from the v of the last outer step; `ĥ = ∇_λ f − Jᵀv`. With gradient descent as inner dynamics and as outer rule,
//! and a warm start, it is the algorithm of the paper; with one step on each level it is not SOBA, whose directions are all
//! taken where the tick began. Source: Arbel and Mairal 2022 (ICLR), algorithm 1, with v of the opposite sign. Cost: M
//! Hessian-vector products. Diverges for ρ > 2/L, over batches with the L of the worst batch.

use super::fixed_point::FixedPoint;
use super::own_step::{OF_ADJOINT, OwnStep};
use super::{Entry, Family, Order};
use crate::catalog::{Card, Kind, Knob, Scale};

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "amigo",
        name: "Warm double loop (AmIGO)",
        source: "Arbel and Mairal 2022 (ICLR), algorithm 1",
        equation: "ĥ = ∇_λ f − Jᵀ v,  v ← v − ρ_t (Hv − ∇_θ f)  (M times, carried over)",
        summary: "Goes on with the model and with the solution of the linear system from where the last outer step left \
                  both. Each takes a few steps of its own before the hyperparameters move. Write it with a warm start and \
                  gradient descent.",
        cost: "M Hessian-vector products, 1 cross product, 1 outer gradient",
        fails: "Lags when λ moves fast; noise remains at constant steps; diverges for ρ > 2/L of the worst batch.",
        knobs: &[
            Knob {
                key: "iterations",
                help: "M: steps on the linear system at every outer step, one Hessian-vector product each.",
                kind: Kind::Integer { default: 10, range: (1, 100_000), scale: Scale::Logarithmic },
            },
            OF_ADJOINT[0],
            OF_ADJOINT[1],
            OF_ADJOINT[2],
        ],
    },
    order: Order::Biased,
    family: Family::Implicit,
    build: |knobs| Box::new(FixedPoint::carried(knobs.count("iterations"), OwnStep::of(knobs))),
};
