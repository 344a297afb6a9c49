//! What a person keeps of a history: bookmarks, to come back to a moment, and pinned runs, which stay on the charts
//! beside whatever is done since. Neither changes anything that is computed.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::view::TrialView;

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

/// A pin, and what there was to see of the trial.
#[derive(Clone)]
pub struct PinnedRun {
    /// Of which trial, and of when.
    pub pin: Pin,
    /// The trial at that moment, under an identifier and a name of its own.
    pub view: Arc<TrialView>,
}

impl PinnedRun {
    /// A trial as it is now, to stay so.
    pub(super) fn of(pin: Pin, id: u64, now: TrialView) -> Self {
        let inner = if now.inner > 0 { format!(", inner step {}", now.inner) } else { String::new() };
        let mut setting = now.setting.clone();
        setting.name = format!("{}, pinned at outer step {}{inner}", setting.name, now.outer);
        Self { pin, view: Arc::new(TrialView { id, is_pinned: true, setting, ..now }) }
    }
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
    (0..).map(|number| FIRST - number).find(|id| pinned.iter().all(|run| run.view.id != *id)).unwrap_or(FIRST)
}
