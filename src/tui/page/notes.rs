//! Everything that is to be said of a table: what is wrong first, then what was mended, then how it was read.

use ratatui::text::Line;

use crate::front::wrap;
use crate::scenario::Severity;
use crate::tui::state::{App, ColumnsPage};
use crate::tui::theme::Theme;

/// One thing to be said, and how it looks.
pub(in crate::tui) type Note = (String, ratatui::style::Style);

/// What is wrong or doubtful, the worst first.
pub(in crate::tui) fn troubles(page: &ColumnsPage, theme: &Theme) -> Vec<Note> {
    let mut troubles: Vec<_> = page.advice.iter().filter(|advice| advice.severity > Severity::Note).collect();
    troubles.sort_by_key(|advice| std::cmp::Reverse(advice.severity));
    troubles.into_iter().map(|advice| (format!("! {}", advice.text), theme.warning())).collect()
}

/// What was mended or left out, and how the file was read.
pub(in crate::tui) fn remarks(page: &ColumnsPage, theme: &Theme) -> Vec<Note> {
    let notes = page.advice.iter().filter(|advice| advice.severity == Severity::Note);
    let notes = notes.map(|advice| (format!("· {}", advice.text), theme.quiet()));
    let read = (format!("Read as: {}.", page.draft.survey.dialect()), theme.quiet());
    notes.chain([read]).collect()
}

/// The lines at a width.
pub(in crate::tui) fn lines(app: &App, columns: usize) -> Vec<Line<'static>> {
    let Some(page) = &app.columns else { return Vec::new() };
    let notes = troubles(page, &app.theme).into_iter().chain(remarks(page, &app.theme));
    let rows = |(text, look): Note| wrap(&text, columns).into_iter().map(move |row| Line::styled(row, look));
    notes.flat_map(rows).collect()
}
