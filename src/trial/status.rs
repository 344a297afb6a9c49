//! What a trial is doing.

use std::fmt;

/// What a trial is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Its inner run goes on.
    Running,
    /// Its inner run is over; the outer step comes next.
    Ready,
    /// θ is not finite. The trial waits for a knob to be turned.
    Diverged {
        /// Outer step at which it happened.
        outer: usize,
        /// Inner step at which it happened.
        inner: usize,
    },
    /// The hypergradient estimate is not finite, so λ cannot move.
    NoEstimate {
        /// Outer step at which it happened.
        outer: usize,
    },
    /// The rows cannot be divided as the ensemble asks: a class would be left out of training.
    NoSplit {
        /// Outer step at which it happened.
        outer: usize,
    },
    /// The lists of rows that the scenario writes out have come to their end.
    NoLists {
        /// Outer step that has none.
        outer: usize,
    },
}

impl Status {
    /// Whether the trial has stopped for good, short of a changed setting.
    #[must_use]
    pub fn is_halted(self) -> bool {
        !matches!(self, Self::Running | Self::Ready)
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Running => f.write_str("running"),
            Self::Ready => f.write_str("inner run over"),
            Self::Diverged { outer, inner } => write!(f, "diverged at outer {outer}, inner {inner}: θ is not finite"),
            Self::NoEstimate { outer } => write!(f, "stopped at outer {outer}: ĥ is not finite"),
            Self::NoLists { outer } => write!(f, "stopped at outer {outer}: `draws` lists no more rows"),
            Self::NoSplit { outer } => write!(f, "stopped at outer {outer}: no split has every class in training"),
        }
    }
}
