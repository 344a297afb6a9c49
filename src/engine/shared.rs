//! What the thread of a laboratory and those who watch it share.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::error::EngineError;
use crate::lab::{Session, Snapshot, Stopped};

/// Written by one side, read by the other.
pub(super) struct Shared {
    snapshot: Mutex<Arc<Snapshot>>,
    session: Mutex<Option<Session>>,
    errors: Mutex<Vec<EngineError>>,
    stops: Mutex<Vec<Stopped>>,
    /// Requests not yet carried out.
    pub(super) pending: AtomicUsize,
    /// Counts calls of [`Engine::stop`](super::Engine::stop): ticks asked for before the last one are dropped.
    pub(super) breaks: AtomicUsize,
    /// Counts snapshots, so that a front knows when to redraw.
    version: AtomicUsize,
}

impl Shared {
    pub(super) fn new(snapshot: Snapshot) -> Self {
        Self {
            snapshot: Mutex::new(Arc::new(snapshot)),
            session: Mutex::default(),
            errors: Mutex::default(),
            stops: Mutex::default(),
            pending: AtomicUsize::new(0),
            breaks: AtomicUsize::new(0),
            version: AtomicUsize::new(1),
        }
    }

    /// Shows another moment.
    pub(super) fn publish(&self, snapshot: Snapshot) {
        *lock(&self.snapshot) = Arc::new(snapshot);
        self.version.fetch_add(1, Ordering::Release);
    }

    pub(super) fn snapshot(&self) -> Arc<Snapshot> {
        Arc::clone(&lock(&self.snapshot))
    }

    pub(super) fn version(&self) -> usize {
        self.version.load(Ordering::Acquire)
    }

    pub(super) fn put_session(&self, session: Session) {
        *lock(&self.session) = Some(session);
    }

    pub(super) fn take_session(&self) -> Option<Session> {
        lock(&self.session).take()
    }

    /// Says why a run that was to go on until something is so has stopped.
    pub(super) fn stopped(&self, why: Stopped) {
        lock(&self.stops).push(why);
    }

    pub(super) fn take_stops(&self) -> Vec<Stopped> {
        std::mem::take(&mut lock(&self.stops))
    }

    pub(super) fn complain(&self, error: EngineError) {
        lock(&self.errors).push(error);
    }

    pub(super) fn take_errors(&self) -> Vec<EngineError> {
        std::mem::take(&mut lock(&self.errors))
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
