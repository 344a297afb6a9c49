//! The exact hypergradient of the very rows that the members saw: `∇F = ∇_λ f − Jᵀ H⁻¹ ∇_θ f` at θ*(λ).
//!
//! Outer variables of the dynamics, on which θ* does not depend, have a zero in it. Source: Pedregosa 2016, section 2.

use super::{EVERY, Entry, Gives, Ground, Held};
use crate::catalog::Card;

pub(crate) const ENTRY: Entry = Entry {
    card: Card {
        id: "same-data",
        name: "Same data",
        source: "Pedregosa 2016, section 2",
        equation: "∇F(λ) = ∇_λ f − Jᵀ H⁻¹ ∇_θ f at θ*(λ)",
        summary: "The exact hypergradient of the very rows that the estimate saw, averaged over members as estimates are.",
        cost: "an exact inner solution and a factorization at every λ that it is taken at",
        fails: "It is exact about these rows, not about the world; it knows nothing of a learned schedule.",
        knobs: &[EVERY],
    },
    spacing: |_| 1,
    gives: |about| {
        if about.is_unique {
            Ok(Gives::Solution)
        } else {
            Err("`SameData` is taken at θ*, which this problem has several of; `OfTheRun` asks for none".to_owned())
        }
    },
    find,
};

pub(super) fn find(ground: &dyn Ground) -> Held {
    let members = ground.solved();
    let parts: Vec<&[f64]> = members.iter().map(|truth| &*truth.hypergradient).collect();
    let mut hypergradient = ground.mean(&parts);
    hypergradient.resize(ground.outer_dimension(), 0.0);
    let count = members.len() as f64;
    Held {
        hypergradient,
        floor: members.iter().map(|truth| truth.floor).sum::<f64>() / count,
        value: members.iter().map(|truth| truth.value).sum::<f64>() / count,
        condition: members.iter().map(|truth| truth.condition).fold(f64::NAN, f64::max),
        doubt: members.iter().find_map(|truth| truth.doubt.clone()),
        gives: Gives::Solution,
        members,
    }
}
