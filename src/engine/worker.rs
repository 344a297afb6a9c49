//! The thread of a laboratory: carries requests out, one after the other, and takes in what was measured meanwhile.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use crossbeam_channel::{Receiver, select};

use super::job::Report;
use super::request::Request;
use super::shared::Shared;
use super::surveyor::Surveyor;
use crate::lab::{Command, History, Session, Snapshot};

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
        self.shared.complain(error);
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
            Request::Save => self.shared.put_session(Session::of(&self.history)),
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
        self.shared.publish(Snapshot::of(&self.history).with_findings(findings));
    }
}
