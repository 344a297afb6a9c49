//! Only the trial that has spent least moves: at any moment all have paid about the same.

use super::{Alike, Entry, Next, Runner};
use crate::catalog::Card;

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "equal-cost",
        name: "Equal cost",
        source: "Grazzi et al. 2020, section 5, compares at equal cost; the rule is this project's",
        equation: "argminᵢ (oracle calls of trial i) takes its next step; of several the first",
        summary: "Only the trial that has spent fewest oracle calls moves, so that all have paid the same but for one step.",
        cost: "one step of one trial a tick",
        fails: "Factorizations are no oracle calls. A trial that is added later moves alone until it has caught up.",
        knobs: &[],
    },
    moves: |runner, all| {
        let is_before = |other: &Runner| (other.calls, other.id) < (runner.calls, runner.id);
        runner.next != Next::Nothing && !all.iter().any(|other| other.next != Next::Nothing && is_before(other))
    },
    alike: Alike::Calls,
};
