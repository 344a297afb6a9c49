//! Everything that happened to a lab, as branches of commands with keyframes.
//!
//! A position counts commands from the start of a branch. Going to one restores the nearest earlier
//! keyframe and replays: the same commands give the same bits. A command applied anywhere but at the
//! end of a branch starts a new branch there; nothing is ever lost.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::describe::describe;
use super::marks::{Bookmark, MOST_BOOKMARKS, MOST_PINS, Pin, PinnedRun, free_identifier};
use super::starts::{OuterStart, OuterStarts};
use super::view::TrialView;
use super::{Command, CommandError, Lab};
use crate::scenario::Scenario;

/// Keyframes a branch keeps at most; beyond, every other one goes and the spacing doubles.
const MOST_KEYFRAMES: usize = 1024;

/// Bytes that the keyframes of a branch hold at most, beside the records, which they share; likewise.
const MOST_BYTES: usize = 256 << 20;

/// A lab and its past and alternative futures.
#[derive(Clone)]
pub struct History {
    branches: Vec<Branch>,
    current: usize,
    position: usize,
    lab: Lab,
    bookmarks: Vec<Bookmark>,
    pinned: Vec<PinnedRun>,
}

/// A line of commands from the very start.
#[derive(Clone)]
pub struct Branch {
    /// Branch and position this one left.
    fork: Option<(usize, usize)>,
    /// What was done differently there, in words; nothing until something is.
    change: Arc<str>,
    /// The branch as it was before something was taken back.
    taken_back: Option<TakenBack>,
    commands: Vec<Command>,
    keyframes: Vec<(usize, Arc<Lab>)>,
    spacing: usize,
    /// Where trials took their outer steps, in order.
    outer_starts: OuterStarts,
}

/// That a branch is another one without one of its commands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TakenBack {
    /// The branch that has the command.
    pub branch: usize,
    /// Where one was on it.
    pub position: usize,
    /// Commands of this branch that were there then; what comes after them was done since.
    pub kept: usize,
}

impl History {
    /// The history of a lab to which nothing has happened yet.
    #[must_use]
    pub fn new(lab: Lab) -> Self {
        let root = Branch {
            fork: None,
            change: "".into(),
            taken_back: None,
            commands: Vec::new(),
            keyframes: vec![(0, Arc::new(lab.clone()))],
            spacing: 32,
            outer_starts: OuterStarts::default(),
        };
        Self { branches: vec![root], current: 0, position: 0, lab, bookmarks: Vec::new(), pinned: Vec::new() }
    }

    /// The scenario it all started from, before any knob was turned.
    #[must_use]
    pub fn origin(&self) -> &Scenario {
        &self.branches[0].keyframes[0].1.experiment().scenario
    }

    /// The lab now.
    #[must_use]
    pub fn lab(&self) -> &Lab {
        &self.lab
    }

    /// Commands applied to reach this moment.
    #[must_use]
    pub fn position(&self) -> usize {
        self.position
    }

    /// Commands in the current branch.
    #[must_use]
    pub fn length(&self) -> usize {
        self.branch().commands.len()
    }

    /// The current branch's number.
    #[must_use]
    pub fn current(&self) -> usize {
        self.current
    }

    /// Where outer steps begin in the current branch, in order.
    #[must_use]
    pub fn outer_starts(&self) -> &OuterStarts {
        &self.branch().outer_starts
    }

    /// The branches, in the order in which they began.
    #[must_use]
    pub fn branches(&self) -> &[Branch] {
        &self.branches
    }

    /// Applies a command now. When the branch goes on from here with this very command, that future
    /// is followed; when it goes on with another, a new branch starts here.
    ///
    /// # Errors
    /// When the lab does not take the command; nothing has changed then.
    pub fn apply(&mut self, command: &Command) -> Result<(), CommandError> {
        match self.branch().commands.get(self.position) {
            Some(next) if next == command => self.lab.apply(command)?,
            ahead => {
                let must_fork = ahead.is_some();
                let is_first = must_fork || self.branch().begins_at(self.position);
                let change = is_first.then(|| describe(command, &self.lab));
                self.lab.apply(command)?;
                if must_fork {
                    self.fork();
                }
                let branch = &mut self.branches[self.current];
                branch.change = change.map_or_else(|| Arc::clone(&branch.change), Arc::from);
                branch.commands.push(command.clone());
                let position = self.position + 1;
                for &trial in self.lab.stepped() {
                    branch.outer_starts.push(OuterStart { position, trial });
                }
            }
        }
        self.position += 1;
        self.keep_keyframe();
        Ok(())
    }

    /// Takes back the last thing done up to here that is no step: a new branch starts before it and goes through
    /// everything that came after it, without it. What is about something that is not there without it (a knob of a
    /// trial that was added) is left out as well. The branch that has it stays.
    ///
    /// # Errors
    /// When there were only steps.
    pub fn undo(&mut self) -> Result<(), CommandError> {
        let (branch, position) = (self.current, self.position);
        let done = &self.branch().commands[..position];
        let at = done.iter().rposition(|command| *command != Command::Tick).ok_or(CommandError::NothingDone)?;
        let (taken, rest) = (done[at].clone(), done[at + 1..].to_vec());
        self.seek(at);
        let change = format!("without {}", describe(&taken, &self.lab));
        self.fork();
        for command in &rest {
            // Refused where it is about what is not there now.
            let _is_left_out = self.apply(command).is_err();
        }
        let kept = self.position;
        let new = &mut self.branches[self.current];
        new.change = change.into();
        new.taken_back = Some(TakenBack { branch, position, kept });
        Ok(())
    }

    /// Brings back what was taken back last on this branch, with what was done since: where nothing was, the branch
    /// that has it, where one was on it; else what was done since goes on from there.
    ///
    /// # Errors
    /// When nothing was taken back on this branch.
    pub fn redo(&mut self) -> Result<(), CommandError> {
        let taken = self.branch().taken_back.ok_or(CommandError::NothingTakenBack)?;
        let done = &self.branch().commands;
        let since = done[taken.kept.min(self.position)..self.position].to_vec();
        let before = self.branches.get(taken.branch).and_then(|branch| branch.taken_back);
        let count = self.branches.len();
        self.restore(taken.branch, taken.position);
        for command in &since {
            let _is_left_out = self.apply(command).is_err();
        }
        if self.branches.len() > count {
            self.branches[self.current].taken_back = before;
        }
        Ok(())
    }

    /// A branch leaves this one here, as it does where something else is done. Replaying makes of it again what it was.
    pub(super) fn fork_again(&mut self, taken_back: Option<TakenBack>) {
        let taken = self.branch().commands.get(self.position);
        let is_undone = taken_back.is_some_and(|taken| taken.branch == self.current && taken.position > self.position);
        let words = taken.filter(|_| is_undone).map(|taken| format!("without {}", describe(taken, &self.lab)));
        self.fork();
        let branch = &mut self.branches[self.current];
        branch.taken_back = taken_back;
        branch.change = words.unwrap_or_default().into();
    }

    /// Goes to a position of the current branch (its end, if beyond).
    pub fn seek(&mut self, position: usize) {
        let position = position.min(self.length());
        let ahead = position >= self.position;
        let branch = &self.branches[self.current];
        let keyframe = branch.keyframes.iter().rev().find(|(at, _)| *at <= position);
        if let Some((at, lab)) = keyframe.filter(|(at, _)| !ahead || *at > self.position) {
            self.lab = Lab::clone(lab);
            self.position = *at;
        }
        while self.position < position {
            let command = self.branches[self.current].commands[self.position].clone();
            // It was applied here before, to the same lab.
            if self.lab.apply(&command).is_err() {
                break;
            }
            self.position += 1;
            self.keep_keyframe();
        }
    }

    /// Goes to the end of a branch; nothing happens when there is no such branch.
    pub fn switch(&mut self, branch: usize) {
        if branch != self.current {
            self.restore(branch, usize::MAX);
        }
    }

    /// Goes to a position of a branch (its end, if beyond) from the labs that were kept, whatever has become of the
    /// present one; nothing happens when there is no such branch.
    pub fn restore(&mut self, branch: usize, position: usize) {
        if let Some((start, lab)) = self.branches.get(branch).and_then(|branch| branch.keyframes.first()) {
            (self.position, self.lab) = (*start, Lab::clone(lab));
            self.current = branch;
            self.seek(position);
        }
    }

    /// Goes forward to where the next outer step begins, or back to where this one did (the one
    /// before, when it is just beginning): of a trial, or of any.
    pub fn seek_outer(&mut self, forward: bool, trial: Option<u64>) {
        let starts = &self.branch().outer_starts;
        let is_meant = |start: &OuterStart| trial.is_none_or(|trial| start.trial == trial);
        let target = if forward {
            let next = starts.from(starts.count_before(self.position + 1)).find(is_meant);
            next.map_or(self.length(), |start| start.position)
        } else {
            starts.before(starts.count_before(self.position)).find(is_meant).map_or(0, |start| start.position)
        };
        self.seek(target);
    }

    /// The bookmarks, in the order in which they were set.
    #[must_use]
    pub fn bookmarks(&self) -> &[Bookmark] {
        &self.bookmarks
    }

    /// The pinned runs, in the order in which they were pinned.
    #[must_use]
    pub fn pinned(&self) -> &[PinnedRun] {
        &self.pinned
    }

    /// Whether a moment of a branch lies on the line of commands that the present one is on: on this branch, or on what it
    /// shares with that one.
    #[must_use]
    pub fn is_on_this_line(&self, branch: usize, position: usize) -> bool {
        let mut line = (self.current, usize::MAX);
        loop {
            let (number, end) = line;
            if number == branch && position <= end {
                return true;
            }
            match self.branches.get(number).and_then(Branch::fork) {
                Some((parent, at)) => line = (parent, end.min(at)),
                None => return false,
            }
        }
    }

    /// Removes the bookmark that lies here, or sets one, named after the clock.
    ///
    /// # Errors
    /// When there are too many.
    pub fn toggle_bookmark(&mut self) -> Result<(), CommandError> {
        if let Some(here) = self.bookmark_here() {
            self.bookmarks.remove(here);
            return Ok(());
        }
        let furthest = self.lab.trials().max_by_key(|trial| (trial.outer(), trial.inner()));
        let (outer, inner) = furthest.map_or((0, 0), |trial| (trial.outer(), trial.inner()));
        self.name_bookmark(&format!("outer step {outer}, inner step {inner}"))
    }

    /// Gives the bookmark that lies here a name; sets it, where there is none.
    ///
    /// # Errors
    /// When there are too many.
    pub fn name_bookmark(&mut self, name: &str) -> Result<(), CommandError> {
        let name = crate::data::display_text(name);
        if name.is_empty() {
            return Err(CommandError::NoBookmarkName);
        }
        if let Some(here) = self.bookmark_here() {
            self.bookmarks[here].name = name;
            return Ok(());
        }
        if self.bookmarks.len() >= MOST_BOOKMARKS {
            return Err(CommandError::Bookmarks(MOST_BOOKMARKS));
        }
        self.bookmarks.push(Bookmark { branch: self.current, position: self.position, name });
        Ok(())
    }

    /// Goes to the next bookmark on this line, or to the one before.
    ///
    /// # Errors
    /// When there is none.
    pub fn seek_bookmark(&mut self, forward: bool) -> Result<(), CommandError> {
        let here = self.position;
        let on_line = self.bookmarks.iter().filter(|mark| self.is_on_this_line(mark.branch, mark.position));
        let places = on_line.map(|mark| mark.position);
        let target = if forward {
            places.filter(|at| *at > here).min().ok_or(CommandError::NoBookmark("ahead"))?
        } else {
            places.filter(|at| *at < here).max().ok_or(CommandError::NoBookmark("behind"))?
        };
        self.seek(target);
        Ok(())
    }

    fn bookmark_here(&self) -> Option<usize> {
        let is_here =
            |mark: &Bookmark| mark.position == self.position && self.is_on_this_line(mark.branch, mark.position);
        self.bookmarks.iter().position(is_here)
    }

    /// Keeps a trial as it is now beside whatever is done since; once more of the same moment changes nothing.
    ///
    /// # Errors
    /// When there is no such trial, or too many are pinned.
    pub fn pin(&mut self, trial: u64) -> Result<(), CommandError> {
        let pin = Pin { branch: self.current, position: self.position, trial };
        if self.pinned.iter().any(|run| run.pin == pin) {
            return Ok(());
        }
        if self.pinned.len() >= MOST_PINS {
            return Err(CommandError::Pins(MOST_PINS));
        }
        let found = self.lab.trial(trial).ok_or(CommandError::NoTrial(trial))?;
        let id = free_identifier(&self.pinned);
        self.pinned.push(PinnedRun::of(pin, id, TrialView::of(found, &self.lab)));
        Ok(())
    }

    /// Lets go of a pinned run; nothing happens where there is none with this identifier.
    pub fn unpin(&mut self, id: u64) {
        self.pinned.retain(|run| run.view.id != id);
    }

    fn branch(&self) -> &Branch {
        &self.branches[self.current]
    }

    fn fork(&mut self) {
        let old = self.branch();
        let branch = Branch {
            fork: Some((self.current, self.position)),
            change: "".into(),
            taken_back: None,
            commands: old.commands[..self.position].to_vec(),
            keyframes: old.keyframes.iter().filter(|(at, _)| *at <= self.position).cloned().collect(),
            spacing: old.spacing,
            outer_starts: old.outer_starts.up_to(self.position),
        };
        self.branches.push(branch);
        self.current = self.branches.len() - 1;
    }

    fn keep_keyframe(&mut self) {
        let (position, lab) = (self.position, &self.lab);
        let branch = &mut self.branches[self.current];
        let last = branch.keyframes.last().map_or(0, |(at, _)| *at);
        if position < last + branch.spacing {
            return;
        }
        branch.keyframes.push((position, Arc::new(lab.clone())));
        while branch.keyframes.len() > MOST_KEYFRAMES || branch.keyframes.len() > 2 && branch.bytes() > MOST_BYTES {
            let mut index = 0;
            branch.keyframes.retain(|_| {
                index += 1;
                index % 2 == 1
            });
            branch.spacing *= 2;
        }
    }
}

impl Branch {
    /// Branch and position this one left; nothing of the first.
    #[must_use]
    pub fn fork(&self) -> Option<(usize, usize)> {
        self.fork
    }

    /// What was done differently where it left, in words: `damping 0.1 → 1`.
    #[must_use]
    pub fn change(&self) -> &Arc<str> {
        &self.change
    }

    /// The branch as it was before something was taken back, where that is how it began.
    #[must_use]
    pub fn taken_back(&self) -> Option<TakenBack> {
        self.taken_back
    }

    /// Its commands, those that it shares with the branch it left included.
    #[must_use]
    pub fn commands(&self) -> &[Command] {
        &self.commands
    }

    /// Whether the next command at a position is the first of its own, and nobody has said what is different.
    fn begins_at(&self, position: usize) -> bool {
        self.change.is_empty() && self.fork.is_some_and(|(_, at)| at == position)
    }

    fn bytes(&self) -> usize {
        self.keyframes.iter().map(|(_, lab)| lab.bytes()).sum()
    }
}
