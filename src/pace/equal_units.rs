//! Only the trial that has asked for the fewest values of F moves.

use super::{Alike, Entry, Next, Runner};
use crate::catalog::Card;

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "equal-units",
        name: "Equal oracle units",
        source: "how Tao et al. 2020 compare populations, with hypergradients counted; the rule is this project's",
        equation: "argminᵢ (oracle units of trial i) takes its next step; of several the first",
        summary: "Only the trial that has asked for the fewest values of F moves, a value with a hypergradient counted twice. So populations that take \
                  hypergradients stand beside such that take none.",
        cost: "one step of one trial a tick",
        fails: "A long inner run counts as a short one. A trial that is added later moves alone until it has caught up.",
        knobs: &[],
    },
    moves: |runner, all| {
        let is_before = |other: &Runner| (other.units, other.id) < (runner.units, runner.id);
        runner.next != Next::Nothing && !all.iter().any(|other| other.next != Next::Nothing && is_before(other))
    },
    alike: Alike::Units,
};
