//! The terminal: what the screen looks like and how keys reach the laboratory.
//!
//! [`state`] is a value; [`update`] turns keys and clicks into a new state and effects; [`view`]
//! draws the state; [`layout`] says where everything is, to both. [`run`] joins them to a terminal
//! and to an [`Engine`](crate::engine::Engine), which computes on its own thread.

mod event;
mod front;
pub mod keymap;
pub mod layout;
mod look;
pub mod palette;
mod report;
#[cfg(test)]
mod screens;
pub mod state;
pub mod terminal;
pub mod text;
pub mod theme;
pub mod update;
pub mod view;
pub mod widget;

use std::path::PathBuf;
use std::sync::Arc;

pub use state::Listed;

use crate::lab::Session;
use crate::scenario::{BUILTIN, Files, NoFiles, parse};

/// What the laboratory opens with.
pub enum Start {
    /// The list of scenarios.
    Page,
    /// A scenario.
    Scenario(Box<Listed>),
    /// A session: a scenario and everything done since.
    Session {
        /// First part of the names of exported files.
        id: String,
        /// What was done.
        session: Box<Session>,
    },
}

/// What the laboratory needs of the outside.
pub struct Options {
    /// What to open.
    pub start: Start,
    /// The scenarios of the start page.
    pub listed: Vec<Listed>,
    /// Reads the files that a scenario names.
    pub files: Arc<dyn Files + Send + Sync>,
    /// Where figures and sessions are written. It is made when it is needed.
    pub folder: PathBuf,
}

impl Default for Options {
    /// The start page with the scenarios that come with the program.
    fn default() -> Self {
        Self {
            start: Start::Page,
            listed: built_in(),
            files: Arc::new(NoFiles),
            folder: PathBuf::from("hyperlab-export"),
        }
    }
}

/// The scenarios that come with the program.
#[must_use]
pub fn built_in() -> Vec<Listed> {
    let listed = |builtin: &crate::scenario::Builtin| {
        let scenario = parse(builtin.text).ok()?;
        Some(Listed { id: builtin.id.to_owned(), scenario })
    };
    BUILTIN.iter().filter_map(listed).collect()
}

/// Why the laboratory ended otherwise than by a person's wish.
#[derive(Debug, thiserror::Error)]
pub enum TuiError {
    /// Standard input or output is no terminal.
    #[error("the laboratory needs a terminal, and standard {0} is none; `hyperlab run SCENARIO` works without one")]
    NoTerminal(&'static str),
    /// The terminal failed.
    #[error("the terminal failed: {0}")]
    Terminal(#[from] std::io::Error),
    /// What was asked for on the command line cannot be opened.
    #[error("{0}")]
    Open(String),
    /// A thread panicked; it has said why.
    #[error("this is a mistake in hyperlab, not in what you did; the terminal has been restored")]
    Panicked,
}

impl TuiError {
    /// The program's exit code: 2 where what was asked for was wrong, 1 where something failed.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::NoTerminal(_) | Self::Open(_) => 2,
            Self::Terminal(_) | Self::Panicked => 1,
        }
    }
}

/// Runs the laboratory until a person leaves it.
///
/// # Errors
/// When there is no terminal, the terminal fails, what was asked for cannot be opened, or a thread panics.
pub fn run(options: Options) -> Result<(), TuiError> {
    let ending = front::run(options)?;
    if let Some(signal) = ending {
        event::die_of(signal);
    }
    Ok(())
}
