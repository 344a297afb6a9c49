//! The text behind a name: a built-in scenario, a scenario file or a session file.

use std::ffi::OsStr;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use super::content::is_table;
use super::files::{Folder, read_text, shown};
use crate::chart::Choice;
use crate::lab::{History, Session, SessionError};
use crate::metric::{Quantity, Subject};
use crate::probe::{self, Case, ProbeError, Question, quick_knobs};
use crate::problem::Stop;
use crate::scenario::{
    BUILTIN, Diagnostic, KnownCharts, Scenario, Severity, Study, builtin, byte_of, check_text, did_you_mean,
    display_text, experiment, set,
};
use crate::trial::{Setting, Stage};

/// A text that describes an experiment, and where it is from.
#[derive(Debug, Clone)]
pub struct Source {
    /// As a person named it: an identifier or a path, fit for a screen.
    pub name: String,
    /// The text.
    pub text: String,
    /// Where its relative paths start.
    pub files: Folder,
}

/// What is wrong with a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistakes {
    /// What the text is called.
    pub name: String,
    /// The text that the diagnostics point into.
    pub text: String,
    /// Errors and warnings, in the order of the text.
    pub found: Vec<Diagnostic>,
}

/// Why what a person named could not be opened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// Neither a built-in scenario nor a file.
    #[error("no scenario `{name}` comes with the program, and there is no such file")]
    Unknown {
        /// What was named.
        name: String,
    },
    /// There is something, but no text.
    #[error("`{name}` {reason}")]
    Read {
        /// What was named.
        name: String,
        /// What is the matter with it.
        reason: String,
    },
    /// There is a table, which is no scenario yet.
    #[error("`{name}` is a table and no scenario")]
    Table {
        /// What was named.
        name: String,
    },
    /// There is a file that is neither a scenario nor a table.
    #[error("{message}")]
    NoTable {
        /// What is wrong with it as a table.
        message: String,
        /// What to do about it.
        help: Option<String>,
    },
    /// A value to be set does not fit.
    #[error("{message}")]
    Set {
        /// The assignment, what is wrong with it and what was expected.
        message: String,
        /// What to do about it.
        help: Option<String>,
    },
    /// There is a text, with mistakes.
    #[error("`{}` has mistakes", .0.name)]
    Mistakes(Mistakes),
}

impl OpenError {
    /// What to do about it.
    #[must_use]
    pub fn help(&self) -> Option<String> {
        let ids = || BUILTIN.iter().map(|builtin| builtin.id);
        match self {
            Self::Unknown { name } => {
                let nearest = did_you_mean(name, ids()).map(|advice| format!("{advice} "));
                Some(format!("{}`hyperlab list scenarios` shows what there is", nearest.unwrap_or_default()))
            }
            Self::Read { .. } => Some(
                "what opens is a built-in scenario by its name, or by its path a scenario or session (.ron), or a table (.csv, \
                 .tsv, .data, .txt and the like)"
                    .to_owned(),
            ),
            Self::Table { name } => Some(format!(
                "`hyperlab {name}` opens it in the laboratory, `hyperlab new {name}` writes a scenario over it"
            )),
            Self::Set { help, .. } | Self::NoTable { help, .. } => help.clone(),
            Self::Mistakes(_) => None,
        }
    }
}

impl OpenError {
    /// All of it in one line, for where there is room for no more: of several mistakes the first error, with its place.
    #[must_use]
    pub fn in_words(&self) -> String {
        let Self::Mistakes(mistakes) = self else {
            return self.help().map_or_else(|| self.to_string(), |help| format!("{self}; {help}"));
        };
        let errors = || mistakes.found.iter().filter(|mistake| mistake.is_error());
        let Some(first) = errors().next() else { return self.to_string() };
        let help = first.help.as_ref().map(|help| format!("; {help}")).unwrap_or_default();
        let more = match errors().count() - 1 {
            0 => String::new(),
            more => format!("; {more} more: `hyperlab check` lists them"),
        };
        format!("{}:{}:{}: {}{help}{more}", mistakes.name, first.line, first.column, first.message)
    }
}

impl Source {
    /// Opens a built-in scenario by its identifier, or a file by its path. Built-in names win; `./name`
    /// is always a path.
    ///
    /// # Errors
    /// When there is neither, or the file cannot be read.
    pub fn open(name: impl AsRef<OsStr>) -> Result<Self, OpenError> {
        let name = name.as_ref();
        if let Some(builtin) = name.to_str().and_then(|name| builtin(name).ok()) {
            let (name, text) = (builtin.id.to_owned(), builtin.text.to_owned());
            return Ok(Self { name, text, files: Folder::current() });
        }
        let path = Path::new(name);
        let is_path = path.components().count() > 1 || path.extension().is_some();
        if !is_path && !path.exists() {
            return Err(OpenError::Unknown { name: display_text(&name.to_string_lossy()) });
        }
        if is_table(path) {
            return Err(OpenError::Table { name: shown(path) });
        }
        Self::of_file(path)
    }

    /// The text of a file that is neither scenario nor session, such as a configuration.
    ///
    /// # Errors
    /// When the file is not there or cannot be read.
    pub fn of_file(path: &Path) -> Result<Self, OpenError> {
        let name = shown(path);
        match read_text(path) {
            Ok(text) => Ok(Self { name, text, files: Folder::of_file(path) }),
            Err(reason) => Err(OpenError::Read { name, reason }),
        }
    }

    /// What was found wrong with the text.
    #[must_use]
    pub fn mistakes(&self, found: Vec<Diagnostic>) -> Mistakes {
        Mistakes { name: self.name.clone(), text: self.text.clone(), found }
    }

    /// Whether the text is meant as a session.
    #[must_use]
    pub fn is_session(&self) -> bool {
        Session::is_meant(&self.text)
    }

    /// The same scenario with one value changed, as `PATH=VALUE`.
    ///
    /// # Errors
    /// When the text is no scenario, or it has no such path, or the value does not fit.
    pub fn with(self, assignment: &str) -> Result<Self, OpenError> {
        match set(&self.text, assignment) {
            Ok(text) => Ok(Self { text, ..self }),
            Err(mistake) if mistake.span.is_some() => Err(OpenError::Mistakes(self.mistakes(vec![mistake]))),
            Err(mistake) => Err(OpenError::Set { message: mistake.message, help: mistake.help }),
        }
    }

    /// The scenario, with what is doubtful about it.
    ///
    /// # Errors
    /// Every mistake that keeps it from running, and the warnings among them.
    pub fn scenario(&self) -> Result<(Scenario, Vec<Diagnostic>), OpenError> {
        self.read(&Drawable { files: &self.files, begins: false })
    }

    /// The same, and which of its charts nothing can be measured for: that is begun, and broken off where it goes well.
    ///
    /// # Errors
    /// As [`scenario`](Self::scenario).
    pub fn examined(&self) -> Result<(Scenario, Vec<Diagnostic>), OpenError> {
        self.read(&Drawable { files: &self.files, begins: true })
    }

    fn read(&self, charts: &Drawable<'_>) -> Result<(Scenario, Vec<Diagnostic>), OpenError> {
        let (scenario, found) = check_text(&self.text, &self.files, charts);
        match scenario {
            Some(scenario) => Ok((scenario, found)),
            None => Err(OpenError::Mistakes(self.mistakes(found))),
        }
    }

    /// The session, not yet replayed.
    ///
    /// # Errors
    /// The first mistake in its text.
    pub fn session(&self) -> Result<Session, OpenError> {
        Session::from_ron(&self.text).map_err(|error| self.session_mistake(error))
    }

    /// The history of the session, replayed to where it was left.
    ///
    /// # Errors
    /// The first mistake in its text, or the first thing that cannot be done again.
    pub fn replay(&self) -> Result<History, OpenError> {
        self.replay_until(&Stop::default())
    }

    /// The same, which ends when `stop` is set.
    ///
    /// # Errors
    /// The first mistake in its text, the first thing that cannot be done again, or that it was stopped.
    pub fn replay_until(&self, stop: &Stop) -> Result<History, OpenError> {
        self.session()?.replay_until(stop, &self.files).map_err(|error| self.session_mistake(error))
    }

    fn session_mistake(&self, error: SessionError) -> OpenError {
        let found = match error {
            SessionError::Syntax { line, column, message } => {
                let start = byte_of(&self.text, line, column);
                let length = self.text[start..].chars().next().map_or(0, char::len_utf8);
                Diagnostic::at(Severity::Error, message, &self.text, start..start + length)
            }
            SessionError::Scenario(failure) => {
                Diagnostic::general(Severity::Error, format!("in the session's scenario, {failure}"))
                    .with_help(failure.help)
            }
            other => Diagnostic::general(Severity::Error, other.to_string()),
        };
        OpenError::Mistakes(self.mistakes(vec![found]))
    }
}

/// The charts that a scenario may ask for.
struct Drawable<'a> {
    files: &'a Folder,
    /// Whether measurements are begun, to see whether they can be.
    begins: bool,
}

/// Longest that the beginning of a measurement is waited for.
const LONG: Duration = Duration::from_millis(500);

/// Why a question is refused in a scenario; nothing where it is not, or where that takes long to find out.
fn refusal(question: Question, scenario: &Scenario, files: &Folder) -> Option<String> {
    let knobs = quick_knobs(question.probe(), &scenario.study);
    let stop = Stop::new();
    // Where nothing can be built, that is said in its own place.
    let case = Case::of("check", scenario, files, &knobs).ok()?.until(&stop);
    let (done, waits) = mpsc::channel::<()>();
    let outcome = thread::scope(|scope| {
        let stop = stop.clone();
        scope.spawn(move || {
            if waits.recv_timeout(LONG) == Err(RecvTimeoutError::Timeout) {
                stop.set();
            }
        });
        let outcome = question.probe().measure(&case, &mut |_| ControlFlow::Break(()));
        drop(done);
        outcome
    });
    match outcome {
        Err(ProbeError::Refused(reason)) => Some(reason),
        _ => None,
    }
}

impl KnownCharts for Drawable<'_> {
    fn mistakes_of_study(&self, study: &Study) -> Vec<(String, Option<String>)> {
        probe::mistakes(study)
    }

    fn doubt(&self, chart: &str, scenario: &Scenario) -> Option<(String, Option<String>)> {
        let question =
            Choice::parse(chart).ok()?.entry.finding.filter(|question| self.begins && !question.is_over_sweep())?;
        let reason = refusal(question, scenario, self.files)?;
        Some((format!("`{chart}` stays empty: {} cannot be measured here: {reason}", question.name()), None))
    }

    fn mistake(&self, chart: &str, scenario: &Scenario) -> Option<(String, Option<String>)> {
        let against = match Choice::parse(chart) {
            Ok(choice) => choice.against?,
            Err(error) => return Some((error.message, error.help)),
        };
        // Where nothing can be built, that is said in its own place.
        let stage = Stage::of(&Arc::new(experiment(scenario, self.files).ok()?));
        let settings: Vec<Setting> = scenario.trials.iter().map(|trial| Setting::of(trial, scenario)).collect();
        let lacking = |quantity: &Quantity| {
            let needs = |setting| (quantity.metric.needs)(&Subject { stage: &stage, setting });
            let lacks: Vec<String> = settings.iter().filter_map(|setting| needs(setting).err()).collect();
            let lack = lacks.first().filter(|_| lacks.len() == settings.len())?;
            Some(format!("`{quantity}` cannot be had here: {lack}"))
        };
        against.quantities().iter().find_map(lacking).map(|message| (message, None))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_scenario_is_named_with_the_nearest() {
        let error = Source::open("quadratik").unwrap_err();
        assert!(matches!(error, OpenError::Unknown { .. }));
        assert!(error.help().unwrap().starts_with("did you mean `quadratic`?"));
        let error = Source::open("missing/file.ron").unwrap_err();
        assert_eq!(error.to_string(), "`missing/file.ron` does not exist");
    }

    #[test]
    fn one_line_says_the_first_mistake_with_its_place() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("wrong.ron");
        std::fs::write(&path, "Scenario(\n  title: 3,\n)").unwrap();
        let words = Source::open(path.display().to_string()).unwrap().scenario().unwrap_err().in_words();
        assert!(words.contains("wrong.ron:2:10: ") && words.contains("text in quotes"), "{words}");
        let words = Source::open("quadratik").unwrap_err().in_words();
        assert!(words.contains("quadratik") && words.contains("did you mean `quadratic`?"), "{words}");
    }

    #[test]
    fn values_are_set_before_anything_is_built() {
        let source = Source::open("quadratic").unwrap().with("inner.steps=3").unwrap();
        assert_eq!(source.scenario().unwrap().0.inner.steps, 3);
        let error = Source::open("quadratic").unwrap().with("inner.stps=3").unwrap_err();
        assert!(error.to_string().contains("stps"), "{error}");
    }
}
