//! Who is replaced by whose child, and how often: truncation selection, with the knobs that say so.

use super::exchange::{Round, pairs};
use crate::catalog::{Kind, Knob, Knobs, Scale};

/// Students of a population.
pub(super) const STUDENTS: Knob = Knob {
    key: "students",
    help: "Students K.",
    kind: Kind::Integer { default: 10, range: (2, 256), scale: Scale::Logarithmic },
};

/// How many are replaced.
pub(super) const SHARE: Knob = Knob {
    key: "share",
    help: "The share of students that is replaced: at least one, at most half.",
    kind: Kind::Real { default: 0.2, range: (0.0, 0.5), scale: Scale::Linear },
};

/// How often.
pub(super) const EVERY: Knob = Knob {
    key: "every",
    help: "Rounds from one exchange to the next; more of them keep a population diverse.",
    kind: Kind::Integer { default: 1, range: (1, 10_000), scale: Scale::Logarithmic },
};

/// The share of students that is replaced, and how often.
#[derive(Clone, Copy)]
pub(super) struct Selection {
    share: f64,
    every: usize,
}

impl Selection {
    pub fn of(knobs: &Knobs) -> Self {
        Self { share: knobs.real(SHARE.key), every: knobs.count(EVERY.key).max(1) }
    }

    /// The slots that are lost in a round with the places of the parents whose children take them over; none between two exchanges.
    pub fn pairs(self, round: &Round<'_>) -> Vec<(usize, usize)> {
        if round.number.is_multiple_of(self.every) { pairs(round.standings, self.share) } else { Vec::new() }
    }
}
