//! The values to measure at, being typed.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::{Paragraph, Widget};
use tui_input::Input;

use super::{frame, palette};
use crate::front::wrap;
use crate::probe::Question;
use crate::tui::state::{App, KnobRow};

pub(super) fn draw(
    app: &App,
    (question, row, is_for_all): (Question, &KnobRow, bool),
    input: &Input,
    error: Option<&str>,
    area: Rect,
    buffer: &mut Buffer,
) {
    let inner = frame::window(&format!("Sweep {}", row.label), &app.theme, area, buffer);
    palette::field(app, "=", input, inner, buffer);
    let columns = usize::from(inner.width);
    let path = row.address.swept(is_for_all, app.lab.as_ref().map_or(0, |lab| lab.trial)).unwrap_or_default();
    let of_whom = match (row.address.is_of_trial(), is_for_all) {
        (false, _) => "for all trials, which share it",
        (true, true) => "of every trial that has it; Tab: of this trial alone",
        (true, false) => "of this trial alone; Tab: of every trial that has it",
    };
    let (verdict, look) = match error {
        Some(error) => (format!("! {error}"), app.theme.warning()),
        None => (format!("{} at each of these values of {path}", capital(question)), app.theme.heading()),
    };
    let mut lines: Vec<Line<'_>> =
        wrap(&verdict.replace('`', ""), columns).into_iter().map(|line| Line::styled(line, look)).collect();
    lines.push(Line::default());
    lines.extend(wrap(of_whom, columns).into_iter().map(Line::from));
    let words = "From λ₀. The values are separated by commas; the scenario keeps them as its sweep.";
    lines.extend(wrap(words, columns).into_iter().map(|line| Line::styled(line, app.theme.quiet())));
    let rest = Rect { y: inner.y + 1, height: inner.height.saturating_sub(1), ..inner };
    Paragraph::new(lines).render(rest, buffer);
}

/// What is measured, as a sentence begins.
fn capital(question: Question) -> &'static str {
    question.probe().card.name
}
