//! What the laboratory is started with.

use std::path::PathBuf;
use std::sync::Arc;

use super::state::Listed;
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
