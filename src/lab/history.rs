//! Everything that happened to a lab, as branches of commands with keyframes.
//!
//! A position counts commands from the start of a branch. Going to one restores the nearest earlier
//! keyframe and replays: the same commands give the same bits. A command applied anywhere but at the
//! end of a branch starts a new branch there; nothing is ever lost.

use std::sync::Arc;

use super::starts::{OuterStart, OuterStarts};
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
}

/// A line of commands from the very start.
#[derive(Clone)]
struct Branch {
    /// Branch and position this one left.
    fork: Option<(usize, usize)>,
    commands: Vec<Command>,
    keyframes: Vec<(usize, Arc<Lab>)>,
    spacing: usize,
    /// Where trials took their outer steps, in order.
    outer_starts: OuterStarts,
}

impl History {
    /// The history of a lab to which nothing has happened yet.
    #[must_use]
    pub fn new(lab: Lab) -> Self {
        let root = Branch {
            fork: None,
            commands: Vec::new(),
            keyframes: vec![(0, Arc::new(lab.clone()))],
            spacing: 32,
            outer_starts: OuterStarts::default(),
        };
        Self { branches: vec![root], current: 0, position: 0, lab }
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

    /// Each branch: where it left another, and its commands.
    pub fn branches(&self) -> impl Iterator<Item = (Option<(usize, usize)>, &[Command])> {
        self.branches.iter().map(|branch| (branch.fork, &*branch.commands))
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
                self.lab.apply(command)?;
                if must_fork {
                    self.fork();
                }
                let branch = &mut self.branches[self.current];
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

    fn branch(&self) -> &Branch {
        &self.branches[self.current]
    }

    fn fork(&mut self) {
        let old = self.branch();
        let branch = Branch {
            fork: Some((self.current, self.position)),
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
    fn bytes(&self) -> usize {
        self.keyframes.iter().map(|(_, lab)| lab.bytes()).sum()
    }
}
