//! What is frozen, and how much is drawn.

use crate::catalog::Knobs;

/// What stays while batches are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holds {
    /// Everything.
    State,
    /// λ and θ.
    Theta,
    /// λ.
    Lambda,
}

/// The state that is frozen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Start {
    /// Where everything has come to rest at λ.
    Exact,
    /// Where the trial is.
    AsItStands,
}

/// The rows of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rows {
    /// As the trial draws them.
    Batches,
    /// All.
    All,
}

/// How it is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Plan {
    /// R.
    pub(super) replicates: usize,
    pub(super) holds: Holds,
    /// Outer steps before the direction is taken, where something is not held.
    pub(super) ticks: usize,
    pub(super) start: Start,
    pub(super) rows: Rows,
}

impl Holds {
    /// What is held, in words that go on in a sentence.
    pub(super) fn in_words(self) -> &'static str {
        match self {
            Self::State => "θ, v and λ held",
            Self::Theta => "θ and λ held",
            Self::Lambda => "λ held",
        }
    }
}

impl Start {
    pub(super) fn of(knobs: &Knobs) -> Self {
        if knobs.choice("state") == "AsItStands" { Self::AsItStands } else { Self::Exact }
    }

    /// The state, in words that go on in a sentence.
    pub(super) fn in_words(self) -> &'static str {
        match self {
            Self::Exact => "from θ* and v*",
            Self::AsItStands => "from where each trial stands",
        }
    }
}

impl Plan {
    /// From the probe's knobs.
    pub(super) fn of(knobs: &Knobs) -> Self {
        Self {
            replicates: knobs.count("replicates"),
            holds: match knobs.choice("held") {
                "Theta" => Holds::Theta,
                "Lambda" => Holds::Lambda,
                _ => Holds::State,
            },
            ticks: knobs.count("ticks"),
            start: Start::of(knobs),
            rows: if knobs.choice("rows") == "All" { Rows::All } else { Rows::Batches },
        }
    }

    /// What was held where, as charts and tables name it.
    pub(super) fn in_words(self) -> String {
        let state = format!("{}, {}", self.holds.in_words(), self.start.in_words());
        if self.holds == Holds::State { state } else { format!("{state}, after {} ticks", self.ticks) }
    }
}
