//! One measurement on a thread of its own, and what it tells of itself.

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use crossbeam_channel::Sender;

use super::defect::{Defect, caught};
use crate::lab::Inquiry;
use crate::probe::{Finding, Outcome, Progress};
use crate::problem::Stop;
use crate::scenario::Files;

/// News from a job.
pub(super) enum Report {
    /// It has got on.
    Progress,
    /// It is over, under this number.
    Over(usize, Result<Outcome, Defect>),
}

/// What a job and the laboratory tell each other while it runs.
pub(super) struct Gauge {
    done: AtomicUsize,
    total: AtomicUsize,
    stop: Stop,
    /// Whether progress was reported and nobody has looked since.
    is_told: AtomicBool,
    /// What is known so far of a finding that grows.
    so_far: Mutex<Option<Arc<dyn Finding>>>,
}

/// A measurement on its own thread.
pub(super) struct Job {
    pub(super) number: usize,
    pub(super) inquiry: Inquiry,
    pub(super) files: Arc<dyn Files + Send + Sync>,
    pub(super) gauge: Arc<Gauge>,
    pub(super) sender: Sender<Report>,
}

impl Job {
    pub(super) fn carry_out(&self) {
        let mut watcher = |progress: Progress| {
            if self.gauge.has_got_on(progress) {
                // When nobody listens any more, it is cancelled as well.
                let _ = self.sender.send(Report::Progress);
            }
            match self.gauge.stop.is_set() {
                true => ControlFlow::Break(()),
                false => ControlFlow::Continue(()),
            }
        };
        let so_far = |finding| self.gauge.show(finding);
        // A defect in a probe is an error of this measurement, and not the end of the laboratory.
        let result = caught(|| self.inquiry.run_until(&self.gauge.stop, &*self.files, &mut watcher, Some(&so_far)));
        let _ = self.sender.send(Report::Over(self.number, result));
    }
}

impl Gauge {
    pub(super) fn new() -> Self {
        Self {
            done: AtomicUsize::new(0),
            total: AtomicUsize::new(0),
            stop: Stop::new(),
            is_told: AtomicBool::new(false),
            so_far: Mutex::new(None),
        }
    }

    /// The job is to end soon.
    pub(super) fn cancel(&self) {
        self.stop.set();
    }

    /// The last word was heard.
    pub(super) fn heard(&self) {
        self.is_told.store(false, Ordering::Relaxed);
    }

    /// What is known so far.
    pub(super) fn so_far(&self) -> Option<Arc<dyn Finding>> {
        self.so_far.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn show(&self, finding: Box<dyn Finding>) {
        *self.so_far.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::from(finding));
    }

    pub(super) fn progress(&self) -> Progress {
        Progress { done: self.done.load(Ordering::Relaxed), total: self.total.load(Ordering::Relaxed) }
    }

    /// Writes progress down, and says whether it is worth a word: the next percent, and the last word was heard.
    fn has_got_on(&self, progress: Progress) -> bool {
        let percent = |progress: Progress| 100 * progress.done / progress.total.max(1);
        let before = percent(self.progress());
        self.done.store(progress.done, Ordering::Relaxed);
        self.total.store(progress.total, Ordering::Relaxed);
        percent(progress) > before && !self.is_told.swap(true, Ordering::Relaxed)
    }
}
