//! Overlays to read and close: keys, explanations, the files written, the question before leaving.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::{Paragraph, Widget};

use super::frame::window;
use crate::tui::page::{compared, explained, keys, measured};
use crate::tui::state::{App, Explained, Sorting};
use crate::tui::text::{clean, cut};

pub(super) fn draw_keys(app: &App, scroll: usize, area: Rect, buffer: &mut Buffer) {
    let inner = window("Keys", &app.theme, area, buffer);
    scrolled(keys(app, usize::from(inner.width)), scroll, inner, app, buffer);
}

pub(super) fn draw_explained(app: &App, page: Explained, scroll: usize, area: Rect, buffer: &mut Buffer) {
    let at = Explained::ALL.iter().position(|other| *other == page).unwrap_or(0) + 1;
    let title = format!("{}  {at} of {}", page.title(), Explained::ALL.len());
    let inner = window(&title, &app.theme, area, buffer);
    scrolled(explained(app, page, usize::from(inner.width)), scroll, inner, app, buffer);
}

pub(super) fn draw_findings(app: &App, scroll: usize, area: Rect, buffer: &mut Buffer) {
    let inner = window("Measured", &app.theme, area, buffer);
    scrolled(measured(app, usize::from(inner.width)), scroll, inner, app, buffer);
}

pub(super) fn draw_comparison(app: &App, sorting: Sorting, scroll: usize, area: Rect, buffer: &mut Buffer) {
    let moment = app.shown_lab().map_or_else(String::new, |lab| format!(" in outer step {}", lab.snapshot.run));
    let inner = window(&format!("Trials side by side{moment}"), &app.theme, area, buffer);
    scrolled(compared(app, sorting, usize::from(inner.width)), scroll, inner, app, buffer);
}

pub(super) fn draw_notice(app: &App, title: &str, lines: &[String], scroll: usize, area: Rect, buffer: &mut Buffer) {
    let inner = window(title, &app.theme, area, buffer);
    let room = usize::from(inner.width);
    let lines: Vec<Line<'static>> = lines.iter().map(|line| Line::from(cut(&clean(line), room))).collect();
    scrolled(lines, scroll, inner, app, buffer);
}

pub(super) fn draw_question(app: &App, area: Rect, buffer: &mut Buffer) {
    let lines = [
        "What you changed here is not saved.".to_owned(),
        "w saves it as a session, q leaves without, Esc stays.".to_owned(),
    ];
    draw_notice(app, "Leave?", &lines, 0, area, buffer);
}

/// Lines of text from line `scroll` on; where some are out of sight, the last row says so.
fn scrolled(lines: Vec<Line<'static>>, scroll: usize, area: Rect, app: &App, buffer: &mut Buffer) {
    let (total, height) = (lines.len(), usize::from(area.height));
    let start = scroll.min((total + 1).saturating_sub(height));
    let hides_some = total > height;
    let shown = if hides_some { height.saturating_sub(1) } else { height };
    let page: Vec<Line<'static>> = lines.into_iter().skip(start).take(shown).collect();
    let end = start + page.len();
    Paragraph::new(page).render(area, buffer);
    if hides_some && area.height > 0 {
        let row = Rect { y: area.bottom() - 1, height: 1, ..area };
        let words = if end < total { format!("↓ {} more lines", total - end) } else { "the end".to_owned() };
        Line::styled(words, app.theme.quiet()).right_aligned().render(row, buffer);
    }
}
