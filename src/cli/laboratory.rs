//! The bare `hyperlab [SCENARIO|SESSION]`: what the laboratory opens with.

use std::io::{self, IsTerminal};
use std::process::ExitCode;

use clap::{Args, CommandFactory};

use super::console::{self, Console};
use super::failure::Failure;
use super::input::Input;
use crate::front::{OpenError, Source};
use crate::lab::{History, Lab};
use crate::scenario::{did_you_mean, experiment};

/// Arguments of the laboratory.
#[derive(Debug, Args)]
pub struct Laboratory {
    /// A built-in scenario's name, or the path of a scenario or session file
    #[arg(value_name = "SCENARIO|SESSION")]
    scenario: Option<String>,
    #[command(flatten)]
    input: Input,
}

impl Laboratory {
    /// Opens what was named: its name and its history, or `None` where nothing was. What is wrong has been
    /// said when it is an error, which is the process's exit code.
    ///
    /// # Errors
    /// Without a terminal, or when what was named cannot be opened.
    pub fn open(&self) -> Result<Option<(Source, History)>, ExitCode> {
        self.try_open().map_err(|failure| console::report(&failure))
    }

    fn try_open(&self) -> Result<Option<(Source, History)>, Failure> {
        let opened = self.scenario.as_deref().map(|name| self.history(name)).transpose()?;
        let streams = [("input", io::stdin().is_terminal()), ("output", io::stdout().is_terminal())];
        match streams.into_iter().find(|(_, is_terminal)| !is_terminal) {
            None => Ok(opened),
            Some((stream, _)) => {
                let name = self.scenario.as_deref().unwrap_or("SCENARIO");
                Err(Failure::input(format!("the laboratory needs a terminal, and standard {stream} is none"))
                    .with_help(format!("`hyperlab run {name}` works without one; so do probe and export")))
            }
        }
    }

    fn history(&self, name: &str) -> Result<(Source, History), Failure> {
        let source = Source::open(name).map_err(|error| command_instead(name, error))?;
        if source.is_session() && !self.input.changes() {
            let history = source.session()?;
            return Ok((source, history));
        }
        let (scenario, source) = self.input.scenario(source, &mut Console::new())?;
        let experiment = experiment(&scenario, &source.files).map_err(|failure| Failure::input(failure.to_string()))?;
        Ok((source, History::new(Lab::new(experiment))))
    }
}

/// A misspelled command arrives here as a scenario that is not there.
fn command_instead(name: &str, error: OpenError) -> Failure {
    let arguments = super::Arguments::command();
    let commands: Vec<&str> = arguments.get_subcommands().map(clap::Command::get_name).collect();
    match (&error, did_you_mean(name, commands)) {
        (OpenError::Unknown { .. }, Some(advice)) if error.help().is_none_or(|help| !help.starts_with("did")) => {
            Failure::input(error.to_string()).with_help(advice)
        }
        _ => error.into(),
    }
}
