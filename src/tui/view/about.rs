//! What to watch for, in the scenario's own words, where the window is tall enough to keep it in sight.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::{Paragraph, Widget};

use super::frame::panel;
use crate::front::wrap;
use crate::tui::state::{App, LabState};
use crate::tui::text::clean;

pub(super) fn draw(app: &App, lab: &LabState, area: Rect, buffer: &mut Buffer) {
    let inner = panel("What to watch", false, &app.theme, area, buffer);
    let words = wrap(&clean(&lab.snapshot.about), usize::from(inner.width));
    Paragraph::new(words.into_iter().map(Line::from).collect::<Vec<_>>()).render(inner, buffer);
}
