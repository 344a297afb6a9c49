//! One member on the scenario's own split: no ensemble.

use super::{Division, Entry};
use crate::catalog::Card;

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "single",
        name: "Single split",
        source: "what a bilevel method does when nothing else is said",
        equation: "ĥ = ĥ(λ; S_tr, S_val)",
        summary: "One split, one inner run. Every outer step judges λ by the same validation rows.",
        cost: "one inner run and one estimate an outer step",
        fails: "λ is fitted to these validation rows: their loss goes on falling after the test loss has turned.",
        knobs: &[],
    },
    divides: false,
    is_fresh: false,
    is_drawn: false,
    divide: |_, rows, _| vec![Division::identity(rows)],
};
