//! The scenario's own rows at every outer step.

use super::Entry;
use crate::catalog::Card;

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "fixed",
        name: "Fixed world",
        source: "what a bilevel method does when nothing else is said",
        equation: "S_tr, S_val, θ₀ at every outer step",
        summary: "The same rows and the same start at every outer step.",
        cost: "none",
        fails: "λ is fitted to these rows, and to inner runs from this start.",
        knobs: &[],
    },
    moves: false,
    is_in_order: true,
    restarts: |_| false,
    split: |_, ground, _| Ok(ground.split.clone()),
};
