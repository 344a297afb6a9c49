//! A value, being typed.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::{Paragraph, Widget};
use tui_input::Input;

use super::{frame, palette};
use crate::front::wrap;
use crate::tui::state::{App, KnobRow};
use crate::tui::text::clean;

pub(super) fn draw(
    app: &App,
    (row, before): (&KnobRow, &str),
    input: &Input,
    error: Option<&str>,
    area: Rect,
    buffer: &mut Buffer,
) {
    let inner = frame::window(&row.label, &app.theme, area, buffer);
    palette::field(app, "=", input, inner, buffer);
    let columns = usize::from(inner.width);
    let verdict = match error {
        Some(error) => (format!("! {error}"), app.theme.warning()),
        // What Enter would do, or what could be typed.
        None if input.value() != before && row.content.retyped(input.value()).is_ok() => {
            (format!("{} → {}", clean(before), clean(input.value())), app.theme.heading())
        }
        None => (row.expected(), app.theme.quiet()),
    };
    let mut lines: Vec<Line<'_>> =
        wrap(&verdict.0.replace('`', ""), columns).into_iter().map(|line| Line::styled(line, verdict.1)).collect();
    lines.push(Line::default());
    lines.extend(wrap(&row.help, columns).into_iter().map(Line::from));
    let rest = Rect { y: inner.y + 1, height: inner.height.saturating_sub(1), ..inner };
    Paragraph::new(lines).render(rest, buffer);
}
