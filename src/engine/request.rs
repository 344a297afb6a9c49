//! What a front can ask of a laboratory.

use crate::catalog::Value;
use crate::lab::{Command, Until};
use crate::probe::{Entry, Question};
use crate::scenario::MeasuredAt;

/// What a front can ask for.
#[derive(Debug, Clone, PartialEq)]
pub enum Request {
    /// Apply a command at this moment.
    Apply(Command),
    /// So many ticks; snapshots are taken on the way.
    Ticks(usize),
    /// So many ticks, or as many as it takes every trial to its planned end.
    Run(usize),
    /// Ticks up to and with the next outer step: of the trial with this identifier, or of any.
    Outer(Option<u64>),
    /// Ticks until something is so. Why it stopped says [`Engine::take_stops`](super::Engine::take_stops).
    Until(Until),
    /// Go to a position of this branch.
    Seek(usize),
    /// Go so many positions on, or back, within this branch. Relative to where the requests before
    /// it lead, so that two in a row are two steps.
    SeekBy(isize),
    /// Go back to the previous outer step of this branch, or forward to the next: of the trial with this identifier,
    /// or of any.
    SeekOuter {
        /// Whether forward.
        forward: bool,
        /// Whose outer step.
        trial: Option<u64>,
    },
    /// Take back the last thing done that is no step.
    Undo,
    /// Bring back what was taken back.
    Redo,
    /// Go to the end of a branch.
    Switch(usize),
    /// Go to a position of a branch.
    Go {
        /// The branch.
        branch: usize,
        /// The position.
        position: usize,
    },
    /// Set a bookmark here, or remove the one that lies here; with a name, set or rename it.
    Bookmark(Option<String>),
    /// Go to the next bookmark on this line of the history, or to the one before.
    SeekBookmark {
        /// Whether forward.
        forward: bool,
    },
    /// Keep the trial with this identifier as it is now beside whatever is done since.
    Pin(u64),
    /// Let go of the pinned run with this identifier.
    Unpin(u64),
    /// Write down everything done so far, for [`Engine::take_session`](super::Engine::take_session).
    Save,
    /// Measure this. It is carried out beside everything else and changes nothing; what is being measured
    /// already is broken off.
    Measure(Question),
    /// Measure this anew whenever λ or a setting has moved, or nothing any longer.
    KeepMeasuring(Option<Question>),
    /// Turn a knob of a probe, for its next measurement.
    TurnProbe {
        /// Whose knob.
        probe: &'static Entry,
        /// The knob.
        key: &'static str,
        /// Its value.
        value: Value,
    },
    /// Measure at this λ from now on.
    MeasureAt(MeasuredAt),
    /// The trial with this identifier is selected: it is its λ that is meant where all are measured at that of one.
    Select(Option<u64>),
    /// Break off what is being measured. The last complete result stays.
    Cancel,
}
