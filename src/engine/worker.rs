//! The thread of a laboratory: carries requests out, one after the other, and takes in what was measured meanwhile.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use crossbeam_channel::{Receiver, select};

use super::defect::caught;
use super::error::EngineError;
use super::request::Request;
use super::shared::Shared;
use super::surveyor::Surveyor;
use crate::lab::{Command, CommandError, History, Lab, Session, Snapshot, Until, Watch};

/// A history, and who asked for what.
pub(super) struct Worker {
    pub(super) history: History,
    pub(super) surveyor: Surveyor,
    pub(super) shared: Arc<Shared>,
    /// Stops at the time the current request was sent.
    pub(super) stops: usize,
    pub(super) notify: Box<dyn Fn() + Send>,
}

/// Ticks between two looks at whether to publish; long enough to cost nothing, short enough to see.
const TICKS_PER_SNAPSHOT: usize = 16;

impl Worker {
    pub(super) fn run(mut self, inbox: &Receiver<(usize, Request)>) {
        let reports = self.surveyor.reports();
        loop {
            select! {
                recv(inbox) -> asked => {
                    let Ok((stops, request)) = asked else { return };
                    self.stops = stops;
                    self.guard(|worker| worker.carry_out(&request));
                    self.look();
                    // Published first: no front may see nothing pending and an old snapshot.
                    self.shared.pending.fetch_sub(1, Ordering::Release);
                }
                recv(reports) -> report => {
                    let taken_in = report.map(|report| self.surveyor.take_in(report));
                    self.hear(taken_in.unwrap_or(Ok(())));
                    self.look();
                }
            }
            (self.notify)();
        }
    }

    /// Measures anew, where that is wished and something has moved, and shows how things are.
    fn look(&mut self) {
        self.guard(|worker| {
            let kept_up = worker.surveyor.keep_up(&worker.history);
            worker.hear(kept_up);
            worker.publish();
        });
    }

    /// A defect here is said, and ends neither the thread nor the wait for it.
    fn guard(&mut self, work: impl FnOnce(&mut Self)) {
        if let Err(defect) = caught(|| work(self)) {
            self.shared.complain(defect.into());
        }
    }

    fn hear(&self, result: Result<(), EngineError>) {
        if let Err(error) = result {
            self.shared.complain(error);
        }
    }

    fn carry_out(&mut self, request: &Request) {
        match request {
            Request::Apply(command) => {
                self.change(|history| history.apply(command));
            }
            Request::Ticks(count) => self.ticks(*count, false),
            Request::Run(count) => self.ticks(*count, true),
            Request::Outer(trial) => self.outer(*trial),
            Request::Until(until) => self.until(until),
            Request::Seek(position) => self.travel(|history| history.seek(*position)),
            Request::SeekBy(by) => self.travel(|history| history.seek(history.position().saturating_add_signed(*by))),
            Request::SeekOuter { forward, trial } => self.travel(|history| history.seek_outer(*forward, *trial)),
            Request::Undo => {
                self.change(History::undo);
            }
            Request::Redo => {
                self.change(History::redo);
            }
            Request::Switch(branch) => self.travel(|history| history.switch(*branch)),
            Request::Go { branch, position } => self.travel(|history| history.restore(*branch, *position)),
            Request::Bookmark(name) => {
                self.change(|history| match name {
                    Some(name) => history.name_bookmark(name),
                    None => history.toggle_bookmark(),
                });
            }
            Request::SeekBookmark { forward } => {
                self.change(|history| history.seek_bookmark(*forward));
            }
            Request::Pin(trial) => {
                self.change(|history| history.pin(*trial));
            }
            Request::Unpin(id) => self.travel(|history| history.unpin(*id)),
            // Where it will be kept nobody knows here.
            Request::Save => {
                let session = Session::of(&self.history).with_path(|path| self.surveyor.whole_path(path));
                self.shared.put_session(session);
            }
            Request::Measure(question) => {
                let begun = self.surveyor.begin(*question, &self.history);
                self.hear(begun);
            }
            Request::KeepMeasuring(question) => self.surveyor.keep_measuring(*question),
            Request::TurnProbe { probe, key, value } => {
                let turned = self.surveyor.turn((probe, key, *value), self.history.lab());
                self.hear(turned);
            }
            Request::MeasureAt(choice) => self.surveyor.measure_at(*choice, self.history.lab()),
            Request::Select(trial) => self.surveyor.select(*trial),
            Request::Cancel => self.surveyor.cancel(),
        }
    }

    /// Changes the history, and says whether it did. Where the change is refused or panics, the history is where it
    /// was before.
    fn change(&mut self, change: impl FnOnce(&mut History) -> Result<(), CommandError>) -> bool {
        let (branch, position) = (self.history.current(), self.history.position());
        let error = match caught(|| change(&mut self.history)) {
            Ok(Ok(())) => return true,
            Ok(Err(error)) => error.into(),
            Err(defect) => {
                // It got there before, by the same commands. Should even that fail, there is the start.
                if caught(|| self.history.restore(branch, position)).is_err() {
                    self.history.restore(branch, 0);
                }
                EngineError::Undone(defect)
            }
        };
        self.shared.complain(error);
        false
    }

    fn travel(&mut self, travel: impl FnOnce(&mut History)) {
        self.change(|history| {
            travel(history);
            Ok(())
        });
    }

    fn ticks(&mut self, count: usize, as_planned: bool) {
        for index in 1..=count {
            if as_planned && self.history.lab().has_arrived() || !self.tick() {
                break;
            }
            if index % TICKS_PER_SNAPSHOT == 0 {
                self.publish();
                (self.notify)();
            }
        }
    }

    fn outer(&mut self, trial: Option<u64>) {
        let is_awaited = |lab: &Lab, id: u64| lab.trial(id).is_some_and(|trial| !trial.status().is_halted());
        let mut ticks = 0;
        loop {
            let lab = self.history.lab();
            // A trial that has halted takes no outer step any more: the next of any other will do.
            let awaited = trial.filter(|id| is_awaited(lab, *id));
            let has_come = awaited.map_or(!lab.stepped().is_empty(), |id| lab.stepped().contains(&id));
            if ticks > 0 && has_come || !self.tick() {
                break;
            }
            ticks += 1;
            if ticks % TICKS_PER_SNAPSHOT == 0 {
                self.publish();
                (self.notify)();
            }
        }
    }

    /// Looked at after every tick, so that it stops at the very one.
    fn until(&mut self, until: &Until) {
        let mut watch = Watch::of(until.clone(), self.history.lab());
        let mut ticks = 0;
        loop {
            if let Some(why) = watch.look(self.history.lab()) {
                return self.shared.stopped(why);
            }
            if !self.tick() {
                return;
            }
            ticks += 1;
            if ticks % TICKS_PER_SNAPSHOT == 0 {
                self.publish();
                (self.notify)();
            }
        }
    }

    /// One tick, unless told to stop or nothing can move.
    fn tick(&mut self) -> bool {
        self.shared.breaks.load(Ordering::Relaxed) == self.stops
            && !self.history.lab().is_halted()
            && self.change(|history| history.apply(&Command::Tick))
    }

    fn publish(&mut self) {
        let findings = self.surveyor.findings(self.history.lab());
        self.shared.publish(Snapshot::of(&self.history).with_findings(findings));
    }
}
