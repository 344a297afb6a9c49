//! The derivative of what the inner run makes of λ: `d_λ f(λ, θ_T(λ))`, optimizer and schedule included, θ₀ frozen.
//!
//! It is found by reverse differentiation through the very run, taken ahead: the only right reference where λ holds step
//! sizes or a momentum, and where θ* is not unique. Source: Maclaurin et al. 2015; Franceschi et al. 2017.

use super::{EVERY, Entry, Gives, Ground, Held};
use crate::catalog::Card;
use crate::math::vector::norm;

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "of-the-run",
        name: "Of the run",
        source: "Maclaurin et al. 2015; Franceschi et al. 2017, algorithm 1",
        equation: "d_λ f(λ, θ_T(λ)) with θ₀ frozen, f over all validation rows",
        summary: "The derivative of what the whole inner run makes of λ, its optimizer and schedule included.",
        cost: "the inner run once more, and its reverse, at every λ that it is taken at; not charged",
        fails: "It is about T steps from this θ₀, not about θ*; an implicit estimate is right to differ from it.",
        knobs: &[EVERY],
    },
    spacing: |_| 1,
    gives: |_| Ok(Gives::Run),
    find,
};

pub(super) fn find(ground: &dyn Ground) -> Held {
    let (parts, value) = ground.ahead();
    let parts: Vec<&[f64]> = parts.iter().map(Vec::as_slice).collect();
    let hypergradient = ground.mean(&parts);
    Held {
        floor: rounding(ground.steps()) * norm(&hypergradient),
        value,
        gives: Gives::Run,
        ..Held::unknown(hypergradient)
    }
}

/// Roundings of each step that add up as a random walk does. An order of magnitude, not a bound.
fn rounding(steps: usize) -> f64 {
    4.0 * f64::EPSILON * (steps as f64).sqrt().max(1.0)
}
