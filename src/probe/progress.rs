//! How far a probe is, and whether it goes on.

use std::ops::ControlFlow;

/// How far a probe is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Units of work done.
    pub done: usize,
    /// Units of work in all.
    pub total: usize,
}

/// Hears of progress and says whether to go on. Called from one thread at a time.
pub type Watcher<'a> = dyn FnMut(Progress) -> ControlFlow<()> + Send + 'a;
