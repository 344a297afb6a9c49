//! A scenario plus everything done since, as RON: save file, bug report and lesson in one.

use serde::{Deserialize, Serialize};

use super::{Bookmark, Command, CommandError, History, Lab, MOST_BOOKMARKS, MOST_PINS, Pin, TakenBack};
use crate::problem::Stop;
use crate::scenario::{
    BuildFailure, Experiment, Files, Scenario, display_text, experiment, legible, moved_field, moved_name,
};

/// The format's version; a file of another version is refused.
const VERSION: u32 = 1;

/// Commands and ticks of a session at most: 40 bytes each, and hours to replay.
const MOST_COMMANDS: usize = 20_000_000;

/// Everything needed to be where one was.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Session {
    version: u32,
    /// Where it started.
    pub scenario: Scenario,
    /// What was done, by branch.
    pub branches: Vec<SessionBranch>,
    /// The branch one was on.
    pub current: usize,
    /// The position one was at.
    pub position: usize,
    /// Moments to come back to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bookmarks: Vec<Bookmark>,
    /// Runs that stay on the charts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pins: Vec<Pin>,
}

/// One branch: what it shares with an older one, and what it adds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "Branch")]
pub struct SessionBranch {
    /// Branch and position this one left.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fork: Option<(usize, usize)>,
    /// The branch as it was before something was taken back, where that is how this one began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken_back: Option<TakenBack>,
    /// Commands from there on.
    pub commands: Vec<Stretch>,
}

/// A stretch of a branch: ticks come in long rows, everything else comes alone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Stretch {
    /// So many ticks.
    Ticks(usize),
    /// Another command.
    Do(Command),
}

/// Why a session could not be read or replayed.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum SessionError {
    /// The text is no session.
    #[error("line {line}, column {column}: {message}")]
    Syntax {
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
        /// What is wrong.
        message: String,
    },
    /// It was written by another version of the format.
    #[error("this is a session of format {found}; this program reads format {VERSION}")]
    Version {
        /// The file's version.
        found: u32,
    },
    /// A branch leaves one that does not come before it, or beyond its end.
    #[error("branch {0} does not leave an earlier branch within its length")]
    Fork(usize),
    /// A bookmark or a pin is of no moment of the history, or there are too many.
    #[error("{what} {number} is of position {position} of branch {branch}, which is not there")]
    Moment {
        /// `bookmark` or `pin`.
        what: &'static str,
        /// Which, from 0.
        number: usize,
        /// The branch.
        branch: usize,
        /// The position.
        position: usize,
    },
    /// The moment one was at is none.
    #[error("the session was left at position {position} of branch {branch}, which is not there")]
    Present {
        /// The branch.
        branch: usize,
        /// The position.
        position: usize,
    },
    /// More bookmarks or pins than a history may have.
    #[error("the session has {found} {what}; expected at most {most}")]
    Marks {
        /// `bookmarks` or `pins`.
        what: &'static str,
        /// How many.
        found: usize,
        /// How many there may be.
        most: usize,
    },
    /// A bookmark cannot be set.
    #[error("bookmark {number} cannot be set: {error}")]
    Bookmark {
        /// Which, from 0.
        number: usize,
        /// Why.
        error: CommandError,
    },
    /// A run cannot be pinned.
    #[error("pin {number} cannot be set: {error}")]
    Pin {
        /// Which, from 0.
        number: usize,
        /// Why.
        error: CommandError,
    },
    /// Longer than anybody has sat.
    #[error("the session has {0} commands and ticks; expected at most {MOST_COMMANDS}")]
    Length(usize),
    /// Nobody waits for it any more.
    #[error("it was stopped")]
    Stopped,
    /// The scenario inside cannot be built here.
    #[error(transparent)]
    Scenario(#[from] BuildFailure),
    /// A command cannot be replayed.
    #[error("command {position} of branch {branch} cannot be replayed: {error}")]
    Command {
        /// The branch.
        branch: usize,
        /// Its command, from 0.
        position: usize,
        /// Why.
        error: CommandError,
    },
}

impl Session {
    /// The session of a history.
    #[must_use]
    pub fn of(history: &History) -> Self {
        let branches = history.branches().iter().map(|branch| SessionBranch {
            fork: branch.fork(),
            taken_back: branch.taken_back(),
            commands: compress(&branch.commands()[branch.fork().map_or(0, |(_, at)| at)..]),
        });
        Self {
            version: VERSION,
            scenario: history.origin().clone(),
            branches: branches.collect(),
            current: history.current(),
            position: history.position(),
            bookmarks: history.bookmarks().to_vec(),
            pins: history.pinned().iter().map(|run| run.pin).collect(),
        }
    }

    /// The same with the paths of its data written as `whole` says, so that they are found wherever the session is kept.
    #[must_use]
    pub fn with_path(mut self, whole: impl Fn(&str) -> Option<String>) -> Self {
        for path in self.scenario.data.iter_mut().flat_map(|data| data.source.paths_mut()) {
            if let Some(whole) = whole(path) {
                *path = whole;
            }
        }
        self
    }

    /// The session as text that [`from_ron`](Self::from_ron) reads back to the same value, bit for bit.
    ///
    /// # Errors
    /// When a value has no RON form; none of a session that was replayed has.
    pub fn to_ron(&self) -> Result<String, ron::Error> {
        let pretty = ron::ser::PrettyConfig::new().struct_names(true).compact_arrays(true);
        Ok(ron::Options::default().to_string_pretty(self, pretty)? + "\n")
    }

    /// Whether a text is meant as a session rather than as a scenario.
    #[must_use]
    pub fn is_meant(text: &str) -> bool {
        let code = text.lines().map(str::trim_start).find(|line| !line.is_empty() && !line.starts_with("//"));
        code.is_some_and(|line| line.starts_with("Session"))
    }

    /// Reads a session.
    ///
    /// # Errors
    /// When the text is no session of this version.
    pub fn from_ron(text: &str) -> Result<Self, SessionError> {
        let options = ron::Options::default().with_default_extension(ron::extensions::Extensions::IMPLICIT_SOME);
        let mut session: Self = options.from_str(text).map_err(|error| SessionError::Syntax {
            line: error.span.start.line,
            column: error.span.start.col,
            message: legible(&display_text(&in_words(&error.code))),
        })?;
        session.scenario.clean();
        if session.version != VERSION {
            return Err(SessionError::Version { found: session.version });
        }
        Ok(session)
    }

    /// Builds the lab and replays everything done to it.
    ///
    /// # Errors
    /// When the scenario cannot be built or a command does not apply.
    pub fn replay(&self, files: &dyn Files) -> Result<History, SessionError> {
        self.replay_until(&Stop::default(), files)
    }

    /// The same, which ends between two commands when `stop` is set.
    ///
    /// # Errors
    /// When the scenario cannot be built, a command does not apply, or it is stopped.
    pub fn replay_until(&self, stop: &Stop, files: &dyn Files) -> Result<History, SessionError> {
        let count = self.branches.iter().flat_map(|branch| &branch.commands).fold(0usize, |count, run| {
            count.saturating_add(match run {
                Stretch::Ticks(ticks) => *ticks,
                Stretch::Do(_) => 1,
            })
        });
        if count > MOST_COMMANDS {
            return Err(SessionError::Length(count));
        }
        self.check_marks()?;
        let start: Experiment = experiment(&self.scenario, files)?;
        let mut history = History::new(Lab::new(start));
        let mut numbers = Vec::with_capacity(self.branches.len());
        for (number, branch) in self.branches.iter().enumerate() {
            if number > 0 && branch.fork.is_none() {
                return Err(SessionError::Fork(number));
            }
            if let Some((parent, at)) = branch.fork {
                let parent = *numbers.get(parent).ok_or(SessionError::Fork(number))?;
                history.switch(parent);
                if at > history.length() {
                    return Err(SessionError::Fork(number));
                }
                history.seek(at);
                let is_known = |taken: &TakenBack| {
                    let length = history.branches().get(taken.branch).map(|branch| branch.commands().len());
                    length.is_some_and(|length| taken.position <= length)
                };
                if !branch.taken_back.iter().all(is_known) {
                    return Err(SessionError::Fork(number));
                }
                history.fork_again(branch.taken_back);
            }
            for command in expand(&branch.commands) {
                let position = history.position();
                let error = |error| SessionError::Command { branch: number, position, error };
                if stop.is_set() {
                    return Err(SessionError::Stopped);
                }
                history.apply(command).map_err(error)?;
            }
            numbers.push(history.current());
        }
        self.set_marks(&mut history, &numbers)?;
        let length = |branch: usize| Some(history.branches().get(*numbers.get(branch)?)?.commands().len());
        if length(self.current).is_none_or(|length| self.position > length) {
            return Err(SessionError::Present { branch: self.current, position: self.position });
        }
        history.restore(numbers.get(self.current).copied().unwrap_or(0), self.position);
        Ok(history)
    }

    /// Counts come before anything is made of them.
    fn check_marks(&self) -> Result<(), SessionError> {
        let counts = [("bookmarks", self.bookmarks.len(), MOST_BOOKMARKS), ("pins", self.pins.len(), MOST_PINS)];
        let beyond = counts.into_iter().find(|(_, found, most)| found > most);
        beyond.map_or(Ok(()), |(what, found, most)| Err(SessionError::Marks { what, found, most }))
    }

    /// Goes to every moment that is marked, and marks it again.
    fn set_marks(&self, history: &mut History, numbers: &[usize]) -> Result<(), SessionError> {
        let go = |history: &mut History,
                  what: &'static str,
                  number: usize,
                  (branch, position): (usize, usize)|
         -> Result<(), SessionError> {
            let length = |branch: usize| history.branches().get(branch).map(|branch| branch.commands().len());
            let found = numbers.get(branch).copied().filter(|branch| length(*branch) >= Some(position));
            let found = found.ok_or(SessionError::Moment { what, number, branch, position })?;
            history.restore(found, position);
            Ok(())
        };
        for (number, mark) in self.bookmarks.iter().enumerate() {
            go(history, "bookmark", number, (mark.branch, mark.position))?;
            history.name_bookmark(&mark.name).map_err(|error| SessionError::Bookmark { number, error })?;
        }
        for (number, pin) in self.pins.iter().enumerate() {
            go(history, "pin", number, (pin.branch, pin.position))?;
            history.pin(pin.trial).map_err(|error| SessionError::Pin { number, error })?;
        }
        Ok(())
    }
}

/// What is wrong with the text, and what to write instead of what older sessions have.
fn in_words(error: &ron::Error) -> String {
    let moved = match error {
        ron::Error::NoSuchStructField { found, outer: Some(owner), .. } => moved_field(owner, found),
        ron::Error::NoSuchEnumVariant { found, .. } => moved_name(found),
        _ => None,
    };
    moved.map_or_else(|| error.to_string(), |now| format!("{error}; {now}"))
}

fn compress(commands: &[Command]) -> Vec<Stretch> {
    let mut runs = Vec::new();
    for command in commands {
        match (command, runs.last_mut()) {
            (Command::Tick, Some(Stretch::Ticks(count))) => *count += 1,
            (Command::Tick, _) => runs.push(Stretch::Ticks(1)),
            _ => runs.push(Stretch::Do(command.clone())),
        }
    }
    runs
}

fn expand(runs: &[Stretch]) -> impl Iterator<Item = &Command> {
    runs.iter().flat_map(|run| {
        let (command, times) = match run {
            Stretch::Ticks(count) => (&Command::Tick, *count),
            Stretch::Do(command) => (command, 1),
        };
        std::iter::repeat_n(command, times)
    })
}
