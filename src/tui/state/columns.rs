//! The page of a table's columns as it is set.

use std::path::PathBuf;

use tui_input::Input;

use crate::scenario::{Advice, Draft};
use crate::tui::search::words;

/// The columns of a table, and the scenario over it as far as it is chosen.
#[derive(Debug, Clone)]
pub struct ColumnsPage {
    /// The file.
    pub path: PathBuf,
    /// What is chosen.
    pub draft: Draft,
    /// Everything that is to be said of that.
    pub advice: Vec<Advice>,
    /// The column chosen.
    pub selected: usize,
    /// What is looked for, while something is.
    pub search: Option<Input>,
}

impl ColumnsPage {
    /// The page of a draft, at its target.
    #[must_use]
    pub fn new(draft: Draft, path: PathBuf) -> Self {
        let (advice, selected) = (draft.advice(), draft.target());
        Self { path, draft, advice, selected, search: None }
    }

    /// Changes the draft.
    pub fn change(&mut self, change: impl FnOnce(&mut Draft)) {
        change(&mut self.draft);
        self.advice = self.draft.advice();
    }

    /// The columns that answer to what is looked for, in the order of the file; all of them while nothing is.
    #[must_use]
    pub fn found(&self) -> Vec<usize> {
        let columns = &self.draft.survey.columns;
        let wanted = self.search.as_ref().map(|search| words(search.value())).unwrap_or_default();
        let is_found = |index: &usize| {
            let column = &columns[*index];
            let text = format!("{} {}", column.name, column.kind.in_words(column.distinct)).to_lowercase();
            wanted.iter().all(|word| text.contains(word.as_str()))
        };
        (0..columns.len()).filter(is_found).collect()
    }

    /// The place of the chosen column among those found; the first, where it is none of them.
    #[must_use]
    pub fn place(&self, found: &[usize]) -> usize {
        found.iter().position(|index| *index == self.selected).unwrap_or(0)
    }

    /// Chooses the column at a place among those found.
    pub fn select(&mut self, place: usize) {
        if let Some(column) = self.found().get(place) {
            self.selected = *column;
        }
    }
}
