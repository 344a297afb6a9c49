//! What a person keeps of a history: bookmarks, to come back to a moment, and pinned runs, which stay on the charts
//! beside whatever is done since. Neither changes anything that is computed.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Lab;

/// A moment of the history under a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bookmark {
    /// The branch one was on.
    pub branch: usize,
    /// The position one was at.
    pub position: usize,
    /// What it is called.
    pub name: String,
}

/// A trial as it was at a moment of the history.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pin {
    /// The branch one was on.
    pub branch: usize,
    /// The position one was at.
    pub position: usize,
    /// The trial's identifier.
    pub trial: u64,
}

/// A pin, and the lab at its moment.
#[derive(Clone)]
pub struct PinnedRun {
    /// Of which trial, and of when.
    pub pin: Pin,
    /// Its identifier: whatever is drawn of it goes by this one, and not by the trial's.
    pub id: u64,
    /// All trials as they were then.
    pub(super) lab: Arc<Lab>,
}

/// Runs pinned at a time at most: more than a chart can tell apart.
pub const MOST_PINS: usize = 16;

/// Bookmarks at most.
pub const MOST_BOOKMARKS: usize = 1000;

/// Identifiers of pinned runs count down from here, so that their colours are the last of a palette where those of
/// trials are its first: a multiple of whatever a palette has of colours and markers, less one.
const FIRST: u64 = 720_720 * 1_000_000 - 1;

/// The identifier of a newly pinned run: the first that no other has.
pub(super) fn free_identifier(pinned: &[PinnedRun]) -> u64 {
    (0..).map(|number| FIRST - number).find(|id| pinned.iter().all(|run| run.id != *id)).unwrap_or(FIRST)
}
