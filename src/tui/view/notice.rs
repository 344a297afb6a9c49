//! Something to read and close: the files written, or the question before leaving.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::{frame, scrolled};
use crate::tui::state::App;
use crate::tui::text::{clean, cut};

pub(super) fn draw(app: &App, title: &str, lines: &[String], scroll: usize, area: Rect, buffer: &mut Buffer) {
    let inner = frame::window(title, &app.theme, area, buffer);
    let room = usize::from(inner.width);
    let lines: Vec<Line<'static>> = lines.iter().map(|line| Line::from(cut(&clean(line), room))).collect();
    scrolled(lines, scroll, inner, app, buffer);
}

pub(super) fn draw_question(app: &App, area: Rect, buffer: &mut Buffer) {
    let lines = [
        "What you changed here is not saved.".to_owned(),
        "w saves it as a session, q leaves without, Esc stays.".to_owned(),
    ];
    draw(app, "Leave?", &lines, 0, area, buffer);
}
