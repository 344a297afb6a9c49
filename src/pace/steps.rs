//! One step of each: nobody waits.

use super::{Alike, Entry, Next};
use crate::catalog::Card;

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "steps",
        name: "One step each",
        source: "what a comparison at equal iterations asks for",
        equation: "every trial takes its next step: an inner one, or the outer one where it is due",
        summary: "Nobody waits: a trial with short inner runs takes its outer steps while others are still in theirs.",
        cost: "one step of every trial a tick",
        fails: "A step is one step whatever it costs: an outer step with a long linear solve counts as one inner step.",
        knobs: &[],
    },
    moves: |runner, _| runner.next != Next::Nothing,
    alike: Alike::Steps,
};
