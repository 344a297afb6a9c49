//! The estimators, to add some as trials.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Paragraph, Widget};

use super::frame;
use crate::estimator::{self, Family};
use crate::front::wrap;
use crate::tui::layout::inside;
use crate::tui::state::App;
use crate::tui::text::{cut, fit, window};

/// Rows kept for the selected estimator's equation and summary.
const DETAIL: u16 = 6;

/// Where the rows of estimators are inside the overlay.
#[must_use]
pub fn picker_list(area: Rect) -> Rect {
    let inner = inside(area);
    let detail = if inner.height > 2 * DETAIL { DETAIL } else { inner.height / 3 };
    Rect { height: inner.height - detail, ..inner }
}

pub(super) fn draw(app: &App, selected: usize, marked: &[bool], area: Rect, buffer: &mut Buffer) {
    let inner = frame::window("Add estimators", &app.theme, area, buffer);
    let list = picker_list(area);
    let columns = usize::from(list.width);
    let shown = window(estimator::ALL.len(), selected, usize::from(list.height));
    for (y, index) in (list.y..).zip(shown) {
        let entry = &estimator::ALL[index];
        let is_chosen = index == selected;
        let look = if is_chosen { app.theme.pointed() } else { Style::new() };
        let pointer = if is_chosen { "▸" } else { " " };
        let mark = if marked.get(index).copied().unwrap_or(false) { "[x] " } else { "[ ] " };
        let name_room = columns.saturating_sub(5).min(36);
        let family_room = if columns >= 60 { 14 } else { 0 };
        let help_room = columns.saturating_sub(name_room + family_room + 7);
        let row = Rect { y, height: 1, ..list };
        Line::from(vec![
            Span::raw(pointer),
            Span::raw(mark),
            Span::styled(fit(entry.card.name, name_room), look),
            Span::raw(" "),
            Span::styled(fit(family(entry.family), family_room), app.theme.quiet()),
            Span::styled(cut(entry.card.plain(), help_room), app.theme.quiet()),
        ])
        .render(row, buffer);
    }
    let detail = Rect { y: list.bottom(), height: inner.height - list.height, ..inner };
    if let Some(entry) = estimator::ALL.get(selected) {
        let mut lines = vec![Line::styled(cut(entry.card.equation, columns), app.theme.focus())];
        let words = format!("{} Cost: {}. Fails: {}", entry.card.plain(), entry.card.cost, entry.card.fails);
        lines.extend(wrap(&words, columns).into_iter().map(Line::from));
        let space = usize::from(detail.height >= DETAIL);
        lines.truncate(usize::from(detail.height).saturating_sub(space));
        let place = Rect {
            y: detail.y + u16::from(space > 0),
            height: detail.height.saturating_sub(u16::from(space > 0)),
            ..detail
        };
        Paragraph::new(lines).render(place, buffer);
    }
}

/// The family in a word.
fn family(family: Family) -> &'static str {
    match family {
        Family::Implicit => "implicit",
        Family::Corrected => "corrected",
        Family::Iterative => "iterative",
        Family::SingleLoop => "single loop",
        Family::ZerothOrder => "zeroth order",
    }
}
