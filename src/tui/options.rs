//! What the laboratory is started with.

use std::path::PathBuf;
use std::sync::Arc;

use super::config::Config;
use super::state::Listed;
use crate::lab::Session;
use crate::scenario::{BUILTIN, Files, NoFiles, parse};

/// What the laboratory opens with.
pub enum Start {
    /// The list of scenarios.
    Page,
    /// A scenario.
    Scenario(Box<Listed>),
    /// A table, by its path.
    Table(PathBuf),
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
    /// What a person has set once and for all.
    pub config: Config,
    /// What is wrong with where that was read from, to be said first of all.
    pub complaint: Option<String>,
    /// Where what was opened lately is kept, where it is.
    pub recent: Option<PathBuf>,
    /// As what is opened was named on the command line, to be kept among what was opened lately.
    pub name: Option<String>,
}

impl Default for Options {
    /// The start page with the scenarios that come with the program.
    fn default() -> Self {
        Self {
            start: Start::Page,
            listed: built_in(),
            files: Arc::new(NoFiles),
            config: Config::default(),
            complaint: None,
            recent: None,
            name: None,
        }
    }
}

/// The scenarios that come with the program.
#[must_use]
pub fn built_in() -> Vec<Listed> {
    let listed = |builtin: &crate::scenario::Builtin| {
        let scenario = parse(builtin.text).ok()?;
        Some(Listed { id: builtin.id.to_owned(), group: Some(builtin.group), scenario })
    };
    BUILTIN.iter().filter_map(listed).collect()
}
