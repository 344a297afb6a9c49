//! The command palette: a text field and the commands that match.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;
use tui_input::Input;

use super::frame::window;
use crate::tui::palette::{Candidate, candidates};
use crate::tui::state::App;
use crate::tui::text::{self, cut, fit, width};

/// Columns before what is typed.
pub(super) const PROMPT_WIDTH: u16 = 2;

pub(super) fn draw(app: &App, input: &Input, selected: usize, area: Rect, buffer: &mut Buffer) {
    let inner = window("Commands", &app.theme, area, buffer);
    field(app, ":", input, inner, buffer);
    let rows = candidates(app, input.value());
    let list = Rect { y: inner.y + 1, height: inner.height.saturating_sub(1), ..inner };
    if rows.is_empty() {
        Line::styled("  nothing is called that", app.theme.quiet()).render(list, buffer);
    }
    let shown = text::window(rows.len(), selected, usize::from(list.height));
    for (y, index) in (list.y..).zip(shown) {
        let place = Rect { y, height: 1, ..list };
        row(app, &rows[index], index == selected, usize::from(list.width)).render(place, buffer);
    }
}

/// The field one types in, in the first row.
pub(super) fn field(app: &App, prompt: &str, input: &Input, inner: Rect, buffer: &mut Buffer) {
    let room = usize::from(inner.width.saturating_sub(PROMPT_WIDTH));
    // The end that is being typed stays in sight.
    let start = input.visual_scroll(room.saturating_sub(1));
    let shown: String = text::clean(input.value()).chars().skip(start).collect();
    let row = Rect { height: inner.height.min(1), ..inner };
    Line::from(vec![Span::styled(format!("{prompt} "), app.theme.focus()), Span::raw(cut(&shown, room))])
        .render(row, buffer);
}

fn row(app: &App, candidate: &Candidate, is_chosen: bool, columns: usize) -> Line<'static> {
    let (pointer, look) = if is_chosen { ("▸ ", app.theme.pointed()) } else { ("  ", Style::new()) };
    let name_room = (columns * 2 / 5).min(30);
    let key = if candidate.key.is_empty() { String::new() } else { format!(" {}", candidate.key) };
    let help_room = columns.saturating_sub(name_room + 3 + width(&key));
    Line::from(vec![
        Span::raw(pointer),
        Span::styled(fit(&candidate.name, name_room), look),
        Span::raw(" "),
        Span::styled(fit(&candidate.help, help_room), app.theme.quiet()),
        Span::styled(key, app.theme.focus()),
    ])
}
