//! One student: a trial as it is without a population.

use super::Entry;
use crate::catalog::Card;

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "alone",
        name: "Alone",
        source: "what a bilevel method does when nothing else is said",
        equation: "λ, θ",
        summary: "One λ, moved by its own hypergradients.",
        cost: "one inner run and one estimate an outer step",
        fails: "Where F has several minima it ends in the one that λ₀ lies above.",
        knobs: &[],
    },
    students: |_| 1,
    start: |_, ground, _| ground.lambda.to_vec(),
    exchange: None,
};
