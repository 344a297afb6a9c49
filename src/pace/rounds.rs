//! Everyone waits for the slowest: outer steps are taken together.

use super::{Alike, Entry, Next};
use crate::catalog::Card;

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "rounds",
        name: "Rounds",
        source: "what a comparison at equal outer steps asks for",
        equation: "an inner step of every trial whose inner run goes on; when none does, every outer step",
        summary: "Outer steps are taken together: trials stand at the same outer step at any moment.",
        cost: "ticks of a round: the longest inner run, and one",
        fails: "Compares at equal outer steps, however differently they were paid for.",
        knobs: &[],
    },
    moves: |runner, all| match runner.next {
        Next::Inner => true,
        Next::Outer => all.iter().all(|other| other.next != Next::Inner),
        Next::Nothing => false,
    },
    alike: Alike::OuterSteps,
};
