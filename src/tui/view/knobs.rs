//! The knobs of the selected trial and those that all trials share, with sliders.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Paragraph, Widget};

use super::frame::panel;
use crate::catalog::{Kind, Value};
use crate::front::wrap;
use crate::tui::layout::inside;
use crate::tui::state::{App, Focus, KnobRow, LabState};
use crate::tui::text::{clean, cut, fit, width, window};
use crate::tui::theme::Theme;

/// Rows kept for the help of the selected knob, where the panel has room for it.
const HELP: u16 = 3;

/// Where the rows of knobs are inside the panel.
#[must_use]
pub fn knob_list(panel: Rect) -> Rect {
    let inner = inside(panel);
    Rect { height: inner.height.saturating_sub(help_rows(inner)), ..inner }
}

fn help_rows(inner: Rect) -> u16 {
    if inner.height >= 2 * HELP + 2 { HELP } else { u16::from(inner.height >= 4) }
}

/// The rows in sight: the index of a knob, or `None` for a heading.
#[must_use]
pub fn knob_lines(rows: &[KnobRow], selected: usize, height: usize) -> Vec<Option<usize>> {
    let mut lines = Vec::new();
    for (index, row) in rows.iter().enumerate() {
        if index == 0 || rows[index - 1].section != row.section {
            lines.push(None);
        }
        lines.push(Some(index));
    }
    let at = lines.iter().position(|line| *line == Some(selected)).unwrap_or(0);
    lines[window(lines.len(), at, height)].to_vec()
}

pub(super) fn draw(app: &App, lab: &LabState, area: Rect, buffer: &mut Buffer) {
    let in_focus = lab.focus == Focus::Knobs;
    let title = match lab.selected() {
        Some(trial) => format!("Knobs of {}", clean(&trial.setting.name)),
        None => "Knobs".to_owned(),
    };
    let inner = panel(&title, in_focus, &app.theme, area, buffer);
    let (list, rows) = (knob_list(area), lab.knobs());
    let lines = knob_lines(&rows, lab.knob, usize::from(list.height));
    for (line, y) in lines.iter().enumerate().zip(list.y..) {
        let place = Rect { y, height: 1, ..list };
        match line {
            (_, Some(index)) => {
                let chosen = (*index == lab.knob).then_some(in_focus);
                row(&rows[*index], chosen, usize::from(list.width), &app.theme).render(place, buffer);
            }
            (at, None) => {
                let next = lines.get(at + 1).copied().flatten();
                let heading = next.map_or("", |index| rows[index].section.as_str());
                Line::styled(cut(heading, usize::from(list.width)), app.theme.quiet()).render(place, buffer);
            }
        }
    }
    let help = Rect { y: list.bottom(), height: inner.height - list.height, ..inner };
    if let Some(row) = rows.get(lab.knob).filter(|_| help.height > 0) {
        draw_help(app, row, help, buffer);
    }
}

/// Name, value, slider.
fn row(row: &KnobRow, chosen: Option<bool>, columns: usize, theme: &Theme) -> Line<'static> {
    let pointer = if chosen.is_some() { "▸" } else { " " };
    let value = match row.knob.kind {
        Kind::Choice { .. } | Kind::Sized { .. } => format!("‹ {} ›", row.value),
        _ => row.value.to_string(),
    };
    let name_room = (columns * 9 / 20).max(10);
    let name = fit(&row.label(), name_room);
    let rest = columns.saturating_sub(name_room + 2);
    let look = chosen.map_or_else(Style::new, |in_focus| theme.chosen(in_focus));
    let position = row.knob.position(row.value).filter(|_| rest >= 16);
    let value_room = if position.is_some() { 9 } else { rest };
    let mut spans = vec![
        Span::raw(pointer),
        Span::styled(name, look),
        Span::raw(" "),
        Span::styled(
            fit(&value, value_room),
            if row.value == row.knob.default() { look } else { theme.heading().patch(look) },
        ),
    ];
    if let Some(position) = position {
        spans.extend(slider(position, rest - 10, chosen.is_some(), theme));
    }
    Line::from(spans)
}

fn slider(position: f64, columns: usize, is_chosen: bool, theme: &Theme) -> [Span<'static>; 4] {
    let last = columns.saturating_sub(1);
    let at = ((position.clamp(0.0, 1.0) * last as f64).round() as usize).min(last);
    let handle = if is_chosen { theme.focus() } else { Style::new() };
    [
        Span::raw(" "),
        Span::styled("─".repeat(at), theme.quiet()),
        Span::styled("●", handle),
        Span::styled("─".repeat(last - at), theme.quiet()),
    ]
}

fn draw_help(app: &App, row: &KnobRow, area: Rect, buffer: &mut Buffer) {
    let mut words = row.knob.help.to_owned();
    if let Value::Choice(name) | Value::Sized(name, _) = row.value
        && let Some((_, help)) = row.knob.kind.options().find(|(option, help)| *option == name && !help.is_empty())
    {
        words = format!("{name}: {help}");
    }
    let columns = usize::from(area.width);
    let mut lines = wrap(&words, columns);
    if lines.len() > usize::from(area.height) {
        lines.truncate(usize::from(area.height));
        if let Some(last) = lines.last_mut() {
            let room = columns.saturating_sub(2);
            *last = if width(last) > room { cut(last, room) } else { format!("{last} …") };
        }
    }
    let lines: Vec<Line<'_>> = lines.into_iter().map(Line::from).collect();
    Paragraph::new(lines).style(app.theme.quiet()).render(area, buffer);
}
