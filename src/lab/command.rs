//! What can be done to a lab.

use serde::{Deserialize, Serialize};

use crate::scenario::{BuildFailure, TrialSpec};
use crate::trial::SettingError;

/// One thing done to a lab. Values of knobs are kept as typed, in full precision.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Command {
    /// One tick of the clock.
    Tick,
    /// A new trial, at λ₀.
    Add(Box<TrialSpec>),
    /// A copy of a trial's setting as a new trial, at λ₀.
    Duplicate(u64),
    /// A trial goes.
    Remove(u64),
    /// A trial is left out of the charts, or drawn again.
    Hide(u64, bool),
    /// A knob of a trial is turned.
    Turn {
        /// The trial's identifier.
        trial: u64,
        /// `estimator.damping`, `inner.steps`, `inner.dynamics.step`, `outer.rule.step`, …
        path: Box<str>,
        /// The value as typed.
        value: Box<str>,
    },
    /// A knob of the problem is turned, for all trials.
    TurnProblem {
        /// The knob.
        key: Box<str>,
        /// The value as typed.
        value: Box<str>,
    },
    /// A value of the scenario as it is set now is replaced: whatever a scenario file can say, by the path that
    /// `--set` takes.
    Set {
        /// `inner.steps`, `trials[*].estimator.damping`, `lambda`, `seed`, `data.split.validation`, …
        path: Box<str>,
        /// The value as typed.
        value: Box<str>,
    },
    /// Hypergradients are measured at every so many inner steps.
    MeasureEvery(usize),
    /// A trial has another name.
    Rename(u64, Box<str>),
    /// A trial stands at this place of the list, from 0.
    Move(u64, usize),
    /// One trial is drawn alone, or again all that are not hidden.
    Solo(Option<u64>),
}

/// Why a command was not carried out.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum CommandError {
    /// No trial has this identifier.
    #[error("there is no trial {0}")]
    NoTrial(u64),
    /// A trial's knob does not exist or does not take the value.
    #[error(transparent)]
    Setting(#[from] SettingError),
    /// The scenario has no such path or does not take the value.
    #[error("{0}")]
    Path(String),
    /// What is measured every 0 inner steps is never measured.
    #[error("`measure_every` is 0; expected at least 1")]
    Never,
    /// A trial is named by something.
    #[error("a trial needs a name; expected some letters")]
    NoName,
    /// Nothing but steps was done so far.
    #[error("nothing was done here that could be taken back: there were only steps")]
    NothingDone,
    /// So many runs are pinned already.
    #[error("{0} runs are pinned already; let go of one first")]
    Pins(usize),
    /// So many bookmarks are set already.
    #[error("{0} bookmarks are set already; remove one first")]
    Bookmarks(usize),
    /// A bookmark is named by something.
    #[error("a bookmark needs a name; expected some letters")]
    NoBookmarkName,
    /// No bookmark lies there.
    #[error("no bookmark lies {0} on this line of the history")]
    NoBookmark(&'static str),
    /// Nothing was taken back on this branch.
    #[error("nothing was taken back on this branch")]
    NothingTakenBack,
    /// Trials come and go one by one.
    #[error("trials are added, duplicated and removed one by one, not set as a list")]
    Trials,
    /// The problem's knob does not exist or does not take the value, or no run can start like this.
    #[error(transparent)]
    Build(#[from] BuildFailure),
}
