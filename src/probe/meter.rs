//! Progress of work that is spread over threads.

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use super::{ProbeError, Progress, Watcher};
use crate::problem::Stop;

/// Counts units of work from many threads and tells one watcher.
pub(super) struct Meter<'a, 'b> {
    done: AtomicUsize,
    total: usize,
    /// Units between two reports: a report is worth nothing more often than the eye can see.
    stride: usize,
    stopped: AtomicBool,
    /// Set from outside, at any moment.
    stop: Stop,
    watcher: Mutex<&'a mut Watcher<'b>>,
}

/// Units between two reports at most, so that one who says stop is not kept waiting.
const MOST_UNSEEN: usize = 256;

impl<'a, 'b> Meter<'a, 'b> {
    pub(super) fn new(total: usize, stop: &Stop, watcher: &'a mut Watcher<'b>) -> Self {
        Self {
            done: AtomicUsize::new(0),
            total,
            stride: (total / 1000).clamp(1, MOST_UNSEEN),
            stopped: AtomicBool::new(false),
            stop: stop.clone(),
            watcher: Mutex::new(watcher),
        }
    }

    /// An error once the watcher wants no more: asked before work, so that nothing is begun in vain.
    pub(super) fn goes_on(&self) -> Result<(), ProbeError> {
        if self.stopped.load(Ordering::Relaxed) || self.stop.is_set() { Err(ProbeError::Stopped) } else { Ok(()) }
    }

    /// So many units are done; an error when the watcher wants no more.
    pub(super) fn advance(&self, units: usize) -> Result<(), ProbeError> {
        let before = self.done.fetch_add(units, Ordering::Relaxed);
        let after = before + units;
        if before / self.stride != after / self.stride || after >= self.total {
            let mut watcher = self.watcher.lock().unwrap_or_else(PoisonError::into_inner);
            // Read again under the lock, so that the watcher never sees progress run back.
            let done = self.done.load(Ordering::Relaxed).min(self.total);
            if watcher(Progress { done, total: self.total }) == ControlFlow::Break(()) {
                self.stopped.store(true, Ordering::Relaxed);
            }
        }
        self.goes_on()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_rises_to_the_total_and_stops_when_told() {
        let mut seen = Vec::new();
        let mut watcher = |progress: Progress| {
            seen.push(progress.done);
            if progress.done >= 3 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        let meter = Meter::new(5, &Stop::default(), &mut watcher);
        assert_eq!(meter.advance(1), Ok(()));
        assert_eq!(meter.advance(1), Ok(()));
        assert_eq!(meter.advance(1), Err(ProbeError::Stopped));
        assert_eq!(meter.advance(9), Err(ProbeError::Stopped));
        assert_eq!(seen, [1, 2, 3, 5]);
    }
}
