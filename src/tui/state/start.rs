//! The start page as it is set.

use tui_input::Input;

use crate::catalog::Spec;
use crate::estimator::Estimators;

/// The list of what can be opened.
#[derive(Debug, Clone, Default)]
pub struct StartPage {
    /// Which of the items is chosen.
    pub selected: usize,
    /// Estimators to add to the scenario chosen.
    pub extra: Vec<Spec<Estimators>>,
    /// What is searched for, while something is.
    pub search: Option<Input>,
    /// What was opened lately, the latest first: identifiers and absolute paths.
    pub recent: Vec<String>,
    /// The folder that was looked into last for a path being typed.
    pub folder: Option<FolderContents>,
}

/// What a folder holds that can be opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FolderContents {
    /// The folder as typed: empty, or with a separator at its end.
    pub folder: String,
    /// Its folders and files, or what is the matter with it.
    pub names: Result<Vec<String>, String>,
}

/// Something that can be opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Item {
    /// A scenario, by its place in the list.
    Listed(usize),
    /// A file by its path, or a folder to look into.
    Path(String),
}

/// A row of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Row {
    /// What the rows below have in common.
    Heading(&'static str),
    /// Item number so and so.
    Item(usize, Item),
}

/// Whether what is typed means a path and not a word.
#[must_use]
pub fn is_path(typed: &str) -> bool {
    typed.contains(std::path::is_separator) || typed.starts_with(['.', '~'])
}

/// What is to be opened by a command, where that is what is typed.
#[must_use]
pub fn to_open(typed: &str) -> Option<&str> {
    typed.trim_start().strip_prefix("open ").map(str::trim_start)
}
