//! The answer to a question: in words, and then with the numbers that were measured.

use ratatui::text::Line;

use crate::front::wrap;
use crate::tui::state::{App, LabState};
use crate::tui::text::clean;

/// The lines at a width; none, where nothing was asked.
pub(in crate::tui) fn lines(app: &App, lab: &LabState, columns: usize) -> Vec<Line<'static>> {
    let Some((words, numbers)) = parts(lab, columns) else {
        return Vec::new();
    };
    let words = words.into_iter().map(Line::from);
    words.chain(numbers.into_iter().map(|row| Line::styled(row, app.theme.focus()))).collect()
}

/// How many lines there are at a width.
#[must_use]
pub fn rows(lab: &LabState, columns: usize) -> usize {
    parts(lab, columns).map_or(0, |(words, numbers)| words.len() + numbers.len())
}

fn parts(lab: &LabState, columns: usize) -> Option<(Vec<String>, Vec<String>)> {
    let posed = lab.posed?;
    let numbers = (posed.shown_by)(&lab.snapshot).map_or_else(|| "…".to_owned(), |numbers| format!("Here: {numbers}"));
    Some((wrap(posed.answer, columns), wrap(&clean(&numbers), columns)))
}
