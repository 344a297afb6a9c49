//! A history on a thread of its own. Fronts send requests and read the latest snapshot; they never
//! wait for it, and it keeps no time: who wants it to run sends ticks. What is measured is measured beside it.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use crossbeam_channel::{Receiver, Sender, select, unbounded};

use super::surveyor::{Report, Surveyor};
use super::{Command, History, Session, Snapshot, Survey};
use crate::probe::bias_variance::Plan;
use crate::scenario::{Files, NoFiles};

/// What a front can ask for.
#[derive(Debug, Clone, PartialEq)]
pub enum Request {
    /// Apply a command at this moment.
    Apply(Command),
    /// So many ticks; snapshots are taken on the way.
    Ticks(usize),
    /// Ticks up to and with the next outer step.
    Outer,
    /// Go to a position of this branch.
    Seek(usize),
    /// Go so many positions on, or back, within this branch. Relative to where the requests before
    /// it lead, so that two in a row are two steps.
    SeekBy(isize),
    /// Go to the previous or next outer step of this branch.
    SeekOuter(bool),
    /// Go to the end of a branch.
    Switch(usize),
    /// Write down everything done so far, for [`Engine::take_session`].
    Save,
    /// Measure this. It is carried out beside everything else and changes nothing; what is being measured
    /// already is broken off.
    Measure(Survey),
    /// Measure bias and variance anew whenever λ or a setting has moved, or no longer.
    KeepMeasuring(bool),
    /// How much the next measurement takes.
    Budget(Plan),
    /// Break off what is being measured. The last complete result stays.
    Cancel,
}

/// A running laboratory.
pub struct Engine {
    requests: Sender<(usize, Request)>,
    shared: Arc<Shared>,
}

struct Shared {
    snapshot: Mutex<Arc<Snapshot>>,
    session: Mutex<Option<Session>>,
    errors: Mutex<Vec<String>>,
    /// Requests not yet carried out.
    pending: AtomicUsize,
    /// Counts calls of [`Engine::stop`]: ticks asked for before the last one are dropped.
    stops: AtomicUsize,
    /// Counts snapshots, so that a front knows when to redraw.
    version: AtomicUsize,
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
        let shared = Arc::new(Shared {
            snapshot: Mutex::new(Arc::new(Snapshot::of(&history))),
            session: Mutex::default(),
            errors: Mutex::default(),
            pending: AtomicUsize::new(0),
            stops: AtomicUsize::new(0),
            version: AtomicUsize::new(1),
        });
        let surveyor = Surveyor::new(&history, files);
        let worker = Worker { history, surveyor, shared: Arc::clone(&shared), stops: 0, notify: Box::new(notify) };
        thread::Builder::new().name("laboratory".to_owned()).spawn(move || worker.run(&inbox))?;
        Ok(Self { requests, shared })
    }

    /// Sends a request; it is carried out after those before it.
    pub fn send(&self, request: Request) {
        self.shared.pending.fetch_add(1, Ordering::Relaxed);
        // The thread lives as long as the engine does.
        let _ = self.requests.send((self.shared.stops.load(Ordering::Relaxed), request));
    }

    /// Breaks off the ticks under way and drops the ticks waiting.
    pub fn stop(&self) {
        self.shared.stops.fetch_add(1, Ordering::Relaxed);
    }

    /// Requests sent and not yet carried out.
    #[must_use]
    pub fn pending(&self) -> usize {
        self.shared.pending.load(Ordering::Relaxed)
    }

    /// Changes whenever there is something new to draw.
    #[must_use]
    pub fn version(&self) -> usize {
        self.shared.version.load(Ordering::Acquire)
    }

    /// The latest snapshot.
    #[must_use]
    pub fn snapshot(&self) -> Arc<Snapshot> {
        Arc::clone(&lock(&self.shared.snapshot))
    }

    /// The session that the last [`Request::Save`] wrote down, once.
    #[must_use]
    pub fn take_session(&self) -> Option<Session> {
        lock(&self.shared.session).take()
    }

    /// What went wrong since the last call.
    #[must_use]
    pub fn take_errors(&self) -> Vec<String> {
        std::mem::take(&mut lock(&self.shared.errors))
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        self.stop();
    }
}

struct Worker {
    history: History,
    surveyor: Surveyor,
    shared: Arc<Shared>,
    /// Stops at the time the current request was sent.
    stops: usize,
    notify: Box<dyn Fn() + Send>,
}

/// Ticks between two looks at whether to publish; long enough to cost nothing, short enough to see.
const TICKS_PER_SNAPSHOT: usize = 16;

impl Worker {
    fn run(mut self, inbox: &Receiver<(usize, Request)>) {
        let reports = self.surveyor.reports();
        loop {
            select! {
                recv(inbox) -> asked => {
                    let Ok((stops, request)) = asked else { return };
                    self.stops = stops;
                    self.carry_out(&request);
                    self.keep_up();
                    self.publish();
                    // Published first: no front may see nothing pending and an old snapshot.
                    self.shared.pending.fetch_sub(1, Ordering::Release);
                }
                recv(reports) -> report => report.into_iter().for_each(|report| self.take_in(report)),
            }
            (self.notify)();
        }
    }

    fn take_in(&mut self, report: Report) {
        if let Err(error) = self.surveyor.take_in(report) {
            self.complain(error);
        }
        self.keep_up();
        self.publish();
    }

    /// Measures anew, where that is wished and something has moved.
    fn keep_up(&mut self) {
        if let Err(error) = self.surveyor.keep_up(&self.history) {
            self.complain(error);
        }
    }

    fn complain(&self, error: String) {
        lock(&self.shared.errors).push(error);
    }

    fn carry_out(&mut self, request: &Request) {
        match request {
            Request::Apply(command) => {
                if let Err(error) = self.history.apply(command) {
                    self.complain(error.to_string());
                }
            }
            Request::Ticks(count) => self.ticks(*count),
            Request::Outer => self.outer(),
            Request::Seek(position) => self.history.seek(*position),
            Request::SeekBy(by) => self.history.seek(self.history.position().saturating_add_signed(*by)),
            Request::SeekOuter(forward) => self.history.seek_outer(*forward),
            Request::Switch(branch) => self.history.switch(*branch),
            Request::Save => *lock(&self.shared.session) = Some(Session::of(&self.history)),
            Request::Measure(survey) => {
                if let Err(error) = self.surveyor.begin(*survey, &self.history) {
                    self.complain(error);
                }
            }
            Request::KeepMeasuring(keeps) => self.surveyor.keep_measuring(*keeps),
            Request::Budget(plan) => self.surveyor.set_plan(*plan),
            Request::Cancel => self.surveyor.cancel(),
        }
    }

    fn ticks(&mut self, count: usize) {
        for index in 1..=count {
            if !self.tick() {
                break;
            }
            if index % TICKS_PER_SNAPSHOT == 0 {
                self.publish();
                (self.notify)();
            }
        }
    }

    fn outer(&mut self) {
        let before = self.history.lab().outer_ticks();
        let mut ticks = 0;
        while self.history.lab().outer_ticks() == before && self.tick() {
            ticks += 1;
            if ticks % TICKS_PER_SNAPSHOT == 0 {
                self.publish();
                (self.notify)();
            }
        }
    }

    /// One tick, unless told to stop or nothing can move.
    fn tick(&mut self) -> bool {
        self.shared.stops.load(Ordering::Relaxed) == self.stops
            && !self.history.lab().is_halted()
            && self.history.apply(&Command::Tick).is_ok()
    }

    fn publish(&self) {
        let findings = self.surveyor.findings(self.history.lab());
        *lock(&self.shared.snapshot) = Arc::new(Snapshot::of(&self.history).with_findings(findings));
        self.shared.version.fetch_add(1, Ordering::Release);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
