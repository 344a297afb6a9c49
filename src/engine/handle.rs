//! What a front holds of a running laboratory.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread;

use crossbeam_channel::{Sender, unbounded};

use super::error::EngineError;
use super::request::Request;
use super::shared::Shared;
use super::surveyor::Surveyor;
use super::worker::Worker;
use crate::lab::{History, Session, Snapshot, Stopped};
use crate::scenario::{Files, NoFiles};

/// A running laboratory.
pub struct Engine {
    requests: Sender<(usize, Request)>,
    shared: Arc<Shared>,
}

impl Engine {
    /// Starts a thread for a history without files of its own. The thread ends when the engine is dropped.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(history: History) -> std::io::Result<Self> {
        Self::start_with(history, Arc::new(NoFiles), || {})
    }

    /// As [`start`](Self::start), reads the files that a sweep takes its data from, and calls `notify` on that thread whenever there is something new
    /// to draw and whenever a request has been carried out, so that a front need not ask.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start_with(
        history: History,
        files: Arc<dyn Files + Send + Sync>,
        notify: impl Fn() + Send + 'static,
    ) -> std::io::Result<Self> {
        let (requests, inbox) = unbounded();
        let shared = Arc::new(Shared::new(Snapshot::of(&history)));
        let surveyor = Surveyor::new(&history, files);
        let worker = Worker { history, surveyor, shared: Arc::clone(&shared), stops: 0, notify: Box::new(notify) };
        thread::Builder::new().name("laboratory".to_owned()).spawn(move || worker.run(&inbox))?;
        Ok(Self { requests, shared })
    }

    /// Sends a request; it is carried out after those before it.
    pub fn send(&self, request: Request) {
        self.shared.pending.fetch_add(1, Ordering::Relaxed);
        // The thread lives as long as the engine does.
        let _ = self.requests.send((self.shared.breaks.load(Ordering::Relaxed), request));
    }

    /// Breaks off the ticks under way and drops the ticks waiting.
    pub fn stop(&self) {
        self.shared.breaks.fetch_add(1, Ordering::Relaxed);
    }

    /// Requests sent and not yet carried out.
    #[must_use]
    pub fn pending(&self) -> usize {
        self.shared.pending.load(Ordering::Relaxed)
    }

    /// Changes whenever there is something new to draw.
    #[must_use]
    pub fn version(&self) -> usize {
        self.shared.version()
    }

    /// The latest snapshot.
    #[must_use]
    pub fn snapshot(&self) -> Arc<Snapshot> {
        self.shared.snapshot()
    }

    /// The session that the last [`Request::Save`] wrote down, once.
    #[must_use]
    pub fn take_session(&self) -> Option<Session> {
        self.shared.take_session()
    }

    /// Why runs that were to go on until something is so have stopped, since the last call.
    #[must_use]
    pub fn take_stops(&self) -> Vec<Stopped> {
        self.shared.take_stops()
    }

    /// What went wrong since the last call.
    #[must_use]
    pub fn take_errors(&self) -> Vec<EngineError> {
        self.shared.take_errors()
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        self.stop();
    }
}
