//! No reference: nothing is solved along the run, which is what it takes to step large problems live.

use super::{Entry, Gives, Held};
use crate::catalog::Card;

pub(crate) const ENTRY: Entry = Entry {
    card: Card {
        id: "none",
        name: "None",
        source: "",
        equation: "",
        summary: "Estimates are held against nothing: the exact inner solution is never computed.",
        cost: "none",
        fails: "Errors, cosines and F are not known.",
        knobs: &[],
    },
    spacing: |_| 1,
    gives: |_| Ok(Gives::Nothing),
    find: |ground| Held::nothing(ground.outer_dimension()),
};
