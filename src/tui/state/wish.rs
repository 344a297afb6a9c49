//! What can be opened, and what a person wants to be.

use std::path::PathBuf;

use crate::data::table::Reading;
use crate::scenario::{Draft, Group, Scenario};
use crate::tui::text::clean;

/// A scenario that can be opened from the start page.
#[derive(Debug, Clone)]
pub struct Listed {
    /// What `hyperlab ID` would open, and the first part of the names of exported files.
    pub id: String,
    /// What it is about, where it comes with the program.
    pub group: Option<Group>,
    /// What it says.
    pub scenario: Scenario,
}

/// What a person wants to be opened.
#[derive(Debug, Clone)]
pub enum Wish {
    /// A scenario of the start page, with what was added to it there.
    Listed(Box<Listed>),
    /// What this names: a built-in scenario, or the path of a scenario, a session or a table.
    Named(String),
    /// A table, read in this way.
    Table(PathBuf, Box<Reading>),
    /// The scenario that a draft over a table is.
    Draft(Box<Draft>, PathBuf),
}

impl Wish {
    /// What to call it while it is being opened.
    #[must_use]
    pub fn title(&self) -> String {
        match self {
            Self::Listed(listed) => clean(&listed.scenario.title),
            Self::Named(name) => clean(name),
            Self::Table(path, _) | Self::Draft(_, path) => clean(&path.display().to_string()),
        }
    }
}
