//! The bare `hyperlab [SCENARIO|SESSION]`: what the laboratory opens with.

use std::ffi::{OsStr, OsString};
use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;

use super::console::{self, Console};
use super::failure::Failure;
use super::input::Input;
use crate::front::{Folder, OpenError, Settings, Source};
use crate::lab::Session;
use crate::scenario::{Scenario, did_you_mean, display_text};

/// Arguments of the laboratory.
#[derive(Debug, Args)]
pub struct Laboratory {
    /// A built-in scenario's name, or the path of a scenario, a session or a table (a CSV file of any dialect)
    #[arg(value_name = "SCENARIO|SESSION|TABLE")]
    scenario: Option<OsString>,
    #[command(flatten)]
    input: Input,
    #[command(flatten)]
    look: Look,
}

/// What the laboratory's configuration is, and what is otherwise than it says.
#[derive(Debug, Args)]
struct Look {
    /// Read the configuration from this file and not from the usual place
    #[arg(long, value_name = "PATH")]
    config: Option<PathBuf>,
    /// Print a configuration with every value there is, as it is when nothing is said
    #[arg(long)]
    print_config: bool,
    /// Colours: auto, dark, light, high-contrast, mono
    #[arg(long, value_name = "NAME")]
    theme: Option<String>,
    /// Colours of the trials: okabe-ito, tol-bright, tol-vibrant, tol-muted, petroff-6, petroff-8
    #[arg(long, value_name = "NAME")]
    palette: Option<String>,
    /// Characters that charts are drawn with: ascii, blocks, braille
    #[arg(long, value_name = "NAME")]
    charset: Option<String>,
}

/// What the laboratory opens with. `id` begins the names of the files it writes.
pub enum Opening {
    /// Nothing was named: the list of scenarios.
    Nothing,
    /// A scenario, with all changes made.
    Scenario {
        /// Identifier of a built-in scenario, or the file's name without its ending.
        id: String,
        /// The scenario.
        scenario: Box<Scenario>,
        /// Reads the files it names.
        files: Folder,
    },
    /// A table.
    Table(PathBuf),
    /// A session.
    Session {
        /// The file's name without its ending.
        id: String,
        /// The session.
        session: Box<Session>,
        /// Reads the files its scenario names.
        files: Folder,
    },
}

impl Laboratory {
    /// How it is to look.
    #[must_use]
    pub fn settings(&self) -> Settings {
        let Look { config, theme, palette, charset, .. } = &self.look;
        Settings { config: config.clone(), theme: theme.clone(), palette: palette.clone(), charset: charset.clone() }
    }

    /// Whether a configuration is to be printed, and nothing opened.
    #[must_use]
    pub fn prints_config(&self) -> bool {
        self.look.print_config
    }

    /// What was named to be opened, where nothing about it is to be changed.
    #[must_use]
    pub fn name(&self) -> Option<String> {
        // What was opened lately is kept as text, and offered as such.
        self.scenario.clone().filter(|_| !self.input.changes())?.into_string().ok()
    }

    /// Opens what was named. What is wrong has been said when it is an error, which is the process's exit code.
    /// A name that is nearly one of the `commands` is taken for a mistyped one.
    ///
    /// # Errors
    /// Without a terminal, or when what was named cannot be opened.
    pub(super) fn open(&self, commands: &[&str]) -> Result<Opening, ExitCode> {
        self.try_open(commands).map_err(|failure| console::report(&failure))
    }

    fn try_open(&self, commands: &[&str]) -> Result<Opening, Failure> {
        let opening = match &self.scenario {
            Some(name) => self.opening(name, commands)?,
            None if self.input.changes() => {
                return Err(Failure::input("there is nothing to change without a scenario"));
            }
            None => Opening::Nothing,
        };
        let streams = [("input", io::stdin().is_terminal()), ("output", io::stdout().is_terminal())];
        match streams.into_iter().find(|(_, is_terminal)| !is_terminal) {
            None => Ok(opening),
            Some((stream, _)) => {
                let name = self
                    .scenario
                    .as_deref()
                    .map_or("SCENARIO".to_owned(), |name| display_text(&name.to_string_lossy()));
                Err(Failure::input(format!("the laboratory needs a terminal, and standard {stream} is none"))
                    .with_help(format!("`hyperlab run {name}` works without one; so do probe and export")))
            }
        }
    }

    fn opening(&self, name: &OsStr, commands: &[&str]) -> Result<Opening, Failure> {
        let source = match Source::open(name) {
            Err(OpenError::Table { .. }) if !self.input.changes() => return Ok(Opening::Table(PathBuf::from(name))),
            source => source.map_err(|error| command_instead(&name.to_string_lossy(), commands, error))?,
        };
        let id = Path::new(&source.name).file_stem().map_or_else(String::new, |stem| stem.display().to_string());
        if source.is_session() && !self.input.changes() {
            return Ok(Opening::Session { id, session: Box::new(source.session()?), files: source.files });
        }
        let (scenario, source) = self.input.scenario(source, &mut Console::new())?;
        Ok(Opening::Scenario { id, scenario: Box::new(scenario), files: source.files })
    }
}

/// A misspelled command arrives here as a scenario that is not there.
fn command_instead(name: &str, commands: &[&str], error: OpenError) -> Failure {
    match (&error, did_you_mean(name, commands.iter().copied())) {
        (OpenError::Unknown { .. }, Some(advice)) if error.help().is_none_or(|help| !help.starts_with("did")) => {
            Failure::input(error.to_string()).with_help(advice)
        }
        _ => error.into(),
    }
}
