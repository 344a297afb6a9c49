//! The knobs of the selected trial and those that all trials share, with sliders.

use std::ops::Range;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Paragraph, Widget};

use super::frame::panel;
use crate::catalog::{Kind, Value};
use crate::front::wrap;
use crate::tui::layout::inside;
use crate::tui::state::{App, Content, Focus, KnobRow, LabState};
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

/// The columns of the screen in which a row of the panel has its slider; nothing where it has none.
#[must_use]
pub fn knob_slider(panel: Rect, row: &KnobRow) -> Option<Range<u16>> {
    let list = knob_list(panel);
    let columns = usize::from(list.width);
    let cells = u16::try_from(slider_cells(row, columns)?).ok()?;
    // The slider stands at the end of its row.
    Some(list.right() - cells..list.right())
}

/// Cells of a row's slider; nothing where it has none, or no room for one.
fn slider_cells(row: &KnobRow, columns: usize) -> Option<usize> {
    let Content::Knob(knob, value) = &row.content else { return None };
    let rest = value_and_slider(columns);
    knob.handle(*value, rest).filter(|_| rest >= 16).map(|_| rest - VALUE - 1)
}

/// Cells of a value that has a slider beside it.
const VALUE: usize = 9;

/// Cells of a row's name.
fn name_room(columns: usize) -> usize {
    (columns * 9 / 20).max(10)
}

/// Cells behind a row's name and the blanks around it.
fn value_and_slider(columns: usize) -> usize {
    columns.saturating_sub(name_room(columns) + 2)
}

fn help_rows(inner: Rect) -> u16 {
    if inner.height >= 2 * HELP + 2 { HELP } else { u16::from(inner.height >= 4) }
}

/// A line of the panel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KnobLine {
    /// The heading of a section.
    Heading {
        /// The first row of the section.
        first: usize,
        /// How many rows it has, where they are folded away.
        folded: Option<usize>,
    },
    /// Sections that are folded into one line.
    Folded {
        /// The first row of the first of them.
        first: usize,
        /// The first row behind them.
        end: usize,
    },
    /// A row.
    Row(usize),
}

impl KnobLine {
    /// The row that a click on it means.
    #[must_use]
    pub fn row(self) -> usize {
        match self {
            Self::Heading { first, .. } | Self::Folded { first, .. } | Self::Row(first) => first,
        }
    }
}

/// A section of the panel.
struct Section {
    rows: Range<usize>,
    is_open: bool,
}

/// The lines in sight. Where there is no room for all rows, that section is open to which the selected row belongs, and
/// of the others the first ones, as many as there is room for; the rest are folded to their headings, or together into
/// one line.
#[must_use]
pub fn knob_lines(rows: &[KnobRow], selected: usize, height: usize) -> Vec<KnobLine> {
    let mut sections: Vec<Section> = Vec::new();
    for section in rows.chunk_by(|a, b| a.section == b.section) {
        let start = sections.last().map_or(0, |section| section.rows.end);
        let rows = start..start + section.len();
        sections.push(Section { is_open: rows.contains(&selected), rows });
    }
    for index in 0..sections.len() {
        let was_open = std::mem::replace(&mut sections[index].is_open, true);
        if least_height(&sections) > height {
            sections[index].is_open = was_open;
            if !was_open {
                break;
            }
        }
    }
    let mut spare = height.saturating_sub(least_height(&sections));
    let mut lines = Vec::new();
    for group in sections.chunk_by(|a, b| a.is_open == b.is_open) {
        for (index, Section { rows, is_open }) in group.iter().enumerate() {
            let left = group.len() - index;
            if *is_open {
                lines.push(KnobLine::Heading { first: rows.start, folded: None });
                lines.extend(rows.clone().map(KnobLine::Row));
            } else if left == 1 || spare > 0 {
                spare -= usize::from(left > 1);
                lines.push(KnobLine::Heading { first: rows.start, folded: Some(rows.len()) });
            } else {
                lines.push(KnobLine::Folded { first: rows.start, end: group[group.len() - 1].rows.end });
                break;
            }
        }
    }
    let at = lines.iter().position(|line| *line == KnobLine::Row(selected)).unwrap_or(0);
    lines[window(lines.len(), at, height)].to_vec()
}

/// How many lines sections take, where neighbours that are folded share one.
fn least_height(sections: &[Section]) -> usize {
    let groups = sections.chunk_by(|a, b| a.is_open == b.is_open);
    let height = |group: &[Section]| match group {
        [Section { is_open: false, .. }, ..] => 1,
        open => open.iter().map(|section| section.rows.len() + 1).sum(),
    };
    groups.map(height).sum()
}

pub(super) fn draw(app: &App, lab: &LabState, area: Rect, buffer: &mut Buffer) {
    let in_focus = lab.focus == Focus::Knobs;
    let title = match lab.selected() {
        Some(trial) => format!("Knobs of {}", clean(&trial.setting.name)),
        None => "Knobs".to_owned(),
    };
    let inner = panel(&title, in_focus, &app.theme, area, buffer);
    let (list, rows) = (knob_list(area), lab.knobs());
    let columns = usize::from(list.width);
    let lines = knob_lines(&rows, lab.knob, usize::from(list.height));
    for (line, y) in lines.into_iter().zip(list.y..) {
        let place = Rect { y, height: 1, ..list };
        match line {
            KnobLine::Row(index) => {
                let chosen = (index == lab.knob).then_some(in_focus);
                row(&rows[index], chosen, columns, &app.theme).render(place, buffer);
            }
            KnobLine::Heading { first, folded } => {
                heading(&rows[first].section, folded, columns, &app.theme).render(place, buffer);
            }
            KnobLine::Folded { first, end } => {
                let words = names(&rows[first..end]);
                Line::styled(cut(&words, columns), app.theme.quiet()).render(place, buffer);
            }
        }
    }
    let help = Rect { y: list.bottom(), height: inner.height - list.height, ..inner };
    if let Some(row) = rows.get(lab.knob).filter(|_| help.height > 0) {
        draw_help(app, row, help, buffer);
    }
}

/// The name of a section; of one that is folded, how many rows it has.
fn heading(section: &str, folded: Option<usize>, columns: usize, theme: &Theme) -> Line<'static> {
    let words = match folded {
        Some(rows) => {
            let more = format!(" ▸ {rows} more");
            format!("{}{more}", cut(section, columns.saturating_sub(width(&more))))
        }
        None => section.to_owned(),
    };
    Line::styled(cut(&words, columns), theme.quiet())
}

/// Sections that share a line: how many, and what they are about.
fn names(rows: &[KnobRow]) -> String {
    let sections: Vec<&str> = rows.chunk_by(|a, b| a.section == b.section).map(|rows| &*rows[0].section).collect();
    let mut names: Vec<&str> = sections.iter().map(|section| section.split(':').next().unwrap_or(section)).collect();
    names.dedup();
    format!("▸ {} more: {}", sections.len(), names.join(", "))
}

/// Name, value, slider.
fn row(row: &KnobRow, chosen: Option<bool>, columns: usize, theme: &Theme) -> Line<'static> {
    let pointer = if chosen.is_some() { "▸" } else { " " };
    let name = fit(&row.label, name_room(columns));
    let look = chosen.map_or_else(Style::new, |in_focus| theme.chosen(in_focus));
    let (words, is_default) = match &row.content {
        Content::Knob(knob, value) => {
            let words = match knob.kind {
                Kind::Choice { .. } | Kind::Sized { .. } => format!("‹ {value} ›"),
                _ => value.to_string(),
            };
            (words, *value == knob.default())
        }
        Content::Text(text) => (clean(text), true),
    };
    let cells = slider_cells(row, columns);
    let value_room = if cells.is_some() { VALUE } else { value_and_slider(columns) };
    let mut spans = vec![
        Span::raw(pointer),
        Span::styled(name, look),
        Span::raw(" "),
        Span::styled(fit(&words, value_room), if is_default { look } else { theme.heading().patch(look) }),
    ];
    if let (Some(cells), Content::Knob(knob, value)) = (cells, &row.content)
        && let Some(at) = knob.handle(*value, cells)
    {
        spans.extend(slider(at, cells, chosen.is_some(), theme));
    }
    Line::from(spans)
}

fn slider(at: usize, cells: usize, is_chosen: bool, theme: &Theme) -> [Span<'static>; 4] {
    let handle = if is_chosen { theme.focus() } else { Style::new() };
    [
        Span::raw(" "),
        Span::styled("─".repeat(at), theme.quiet()),
        Span::styled("●", handle),
        Span::styled("─".repeat(cells - 1 - at), theme.quiet()),
    ]
}

fn draw_help(app: &App, row: &KnobRow, area: Rect, buffer: &mut Buffer) {
    let mut words = row.help.clone();
    if let Content::Knob(knob, Value::Choice(name) | Value::Sized(name, _)) = &row.content
        && let Some((_, help)) = knob.kind.options().find(|(option, help)| option == name && !help.is_empty())
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
