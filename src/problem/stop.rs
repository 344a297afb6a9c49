//! A word from outside that what is being computed is not wanted any more.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Set once, by whoever does not want the rest, and looked at by every [`Oracle`](super::Oracle) that knows of it: from
/// then on its derivatives are NaN and take no time, so that whatever asks for them comes to its end as a run that has
/// diverged does. What was computed with it is no result, and whoever set it throws it away.
#[derive(Debug, Clone, Default)]
pub struct Stop(Option<Arc<AtomicBool>>);

impl Stop {
    /// One that can be set.
    #[must_use]
    pub fn new() -> Self {
        Self(Some(Arc::default()))
    }

    /// Nothing more is wanted.
    pub fn set(&self) {
        self.0.iter().for_each(|flag| flag.store(true, Ordering::Relaxed));
    }

    /// Whether nothing more is wanted. [Nobody's](Self::default) never is set.
    #[must_use]
    pub fn is_set(&self) -> bool {
        self.0.as_ref().is_some_and(|flag| flag.load(Ordering::Relaxed))
    }
}
