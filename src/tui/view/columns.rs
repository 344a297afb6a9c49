//! The columns of a table: what each holds and what it is for, and what a scenario over the table would be.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Paragraph, Widget};

use super::frame::panel;
use super::palette;
use crate::data::table::ColumnSurvey;
use crate::front::{sketch, wrap};
use crate::math::number::counted;
use crate::scenario::{Choice, Role, Severity};
use crate::tui::keymap::{Action, Context, KEYS};
use crate::tui::layout::{Layout, inside};
use crate::tui::page::{Note, remarks, troubles};
use crate::tui::state::{App, ColumnsPage};
use crate::tui::text::{cut, fit, width, window};
use crate::tui::theme::Charset;

/// Rows from which the list has a head.
const ROOMY: u16 = 6;

/// Columns of a kind in words, of a count of holes, and of a sketch.
const KIND: usize = 13;
const HOLES: usize = 5;
const SKETCH: usize = 12;

/// Columns of a name at least and at most, and of values.
const NAME: (usize, usize) = (12, 30);
const VALUES: (usize, usize) = (18, 40);

/// Before a name: whether it is chosen, and what it is.
const MARKS: usize = 5;

/// Before what is chosen: what it is about, and its key.
const LABEL: usize = 11;

/// Where the rows are: under the field one types in, and under the head.
#[must_use]
pub fn columns_list(page: &ColumnsPage, area: Rect) -> Rect {
    let inner = inside(area);
    let above = (u16::from(page.search.is_some()) + u16::from(inner.height >= ROOMY)).min(inner.height);
    Rect { y: inner.y + above, height: inner.height - above, ..inner }
}

/// The columns that are shown, in the rows of the list.
#[must_use]
pub fn columns_shown(page: &ColumnsPage, list: Rect) -> Vec<usize> {
    let found = page.found();
    let shown = window(found.len(), page.place(&found), usize::from(list.height));
    found[shown].to_vec()
}

/// The key that does what the line at a cell of the panel beside the list is about.
#[must_use]
pub fn columns_action(app: &App, page: &ColumnsPage, detail: Rect, at: Position) -> Option<Action> {
    let inner = inside(detail);
    let row = usize::from(at.y.checked_sub(inner.y)?);
    choices(app, page, inner).into_iter().nth(row).filter(|_| inner.contains(at))?.1
}

pub(super) fn draw(app: &App, page: &ColumnsPage, layout: &Layout, buffer: &mut Buffer) {
    let survey = &page.draft.survey;
    let title =
        format!("{}: {}, {}", survey.file, counted(survey.rows, "row"), counted(survey.columns.len(), "column"));
    let inner = panel(&title, true, &app.theme, layout.list, buffer);
    if let Some(search) = &page.search {
        palette::field(app, "/", search, inner, buffer);
    }
    let list = columns_list(page, layout.list);
    let longest = survey.columns.iter().map(|column| width(&column.name)).max().unwrap_or(0);
    let room = Room::of(usize::from(list.width), longest);
    if inner.height >= ROOMY {
        let row = Rect { y: list.y.saturating_sub(1), height: 1, ..inner };
        Line::styled(head(&room), app.theme.quiet()).render(row, buffer);
    }
    let shown = columns_shown(page, list);
    if shown.is_empty() {
        Line::styled("  no column answers to that", app.theme.quiet()).render(list, buffer);
    }
    for (y, index) in (list.y..).zip(shown) {
        line(app, page, index, &room).render(Rect { y, height: 1, ..list }, buffer);
    }
    let inner = panel("Scenario", false, &app.theme, layout.detail, buffer);
    let mut lines: Vec<Line<'_>> = choices(app, page, inner).into_iter().map(|(line, _)| line).collect();
    lines.truncate(usize::from(inner.height));
    Paragraph::new(lines).render(inner, buffer);
}

/// How the width of the list is shared.
struct Room {
    name: usize,
    values: usize,
    has_holes: bool,
    has_sketch: bool,
}

impl Room {
    /// `longest` is the longest name.
    fn of(columns: usize, longest: usize) -> Self {
        let left = columns.saturating_sub(MARKS + KIND + 1);
        let has_sketch = left > NAME.0 + SKETCH;
        let left = left.saturating_sub(if has_sketch { SKETCH + 1 } else { 0 });
        let has_holes = left > NAME.0 + HOLES;
        let left = left.saturating_sub(if has_holes { HOLES + 1 } else { 0 });
        let has_values = left > NAME.0 + VALUES.0;
        let wanted = longest.clamp(NAME.0, NAME.1);
        let values = if has_values { left.saturating_sub(wanted + 1).clamp(VALUES.0, VALUES.1) } else { 0 };
        let name = left.saturating_sub(if has_values { values + 1 } else { 0 });
        Self { name: name.min(wanted), values, has_holes, has_sketch }
    }
}

fn head(room: &Room) -> String {
    let mut text = format!("{}{} {}", " ".repeat(MARKS), fit("column", room.name), fit("holds", KIND));
    if room.has_holes {
        text += &format!(" {:>HOLES$}", "holes");
    }
    if room.values > 0 {
        text += &format!(" {}", fit("least · middle · largest", room.values));
    }
    if room.has_sketch {
        text += " sketch";
    }
    text
}

fn line(app: &App, page: &ColumnsPage, index: usize, room: &Room) -> Line<'static> {
    let column = &page.draft.survey.columns[index];
    let is_chosen = index == page.selected;
    let is_doubtful = page.advice.iter().any(|advice| advice.column == Some(index) && advice.severity > Severity::Note);
    let role = page.draft.role_in_effect(index);
    let is_out = role == Role::LeftOut;
    let mark = match role {
        Role::Target => "[y] ",
        Role::Feature => "[x] ",
        Role::LeftOut => "[ ] ",
    };
    let plain = if is_out { app.theme.quiet() } else { Style::new() };
    let name = match (is_chosen, role) {
        (true, _) => app.theme.pointed(),
        (false, Role::Target) => app.theme.heading(),
        _ => plain,
    };
    let kind = if is_doubtful { app.theme.warning() } else { plain };
    let mut spans = vec![
        Span::raw(if is_chosen { "▸" } else { " " }),
        Span::styled(mark, plain),
        Span::styled(fit(&column.name, room.name), name),
        Span::raw(" "),
        Span::styled(fit(&column.kind.in_words(column.distinct), KIND), kind),
    ];
    if room.has_holes {
        let holes = if column.holes == 0 { String::new() } else { column.holes.to_string() };
        spans.push(Span::styled(format!(" {:>HOLES$}", cut(&holes, HOLES)), plain));
    }
    if room.values > 0 {
        spans.push(Span::styled(format!(" {}", fit(&column.in_short(), room.values)), plain));
    }
    if room.has_sketch {
        spans.push(Span::styled(format!(" {}", bars(app, column)), if is_out { plain } else { app.theme.focus() }));
    }
    Line::from(spans)
}

fn bars(app: &App, column: &ColumnSurvey) -> String {
    sketch(&column.sketch, app.theme.charset == Charset::Ascii)
}

/// The lines beside the list, each with the action that its key does; what matters most comes first.
fn choices(app: &App, page: &ColumnsPage, area: Rect) -> Vec<(Line<'static>, Option<Action>)> {
    let columns = usize::from(area.width);
    let is_roomy = area.height >= 9;
    let mut lines: Vec<(Line<'static>, Option<Action>)> = Vec::new();
    // Where there is little room, each is cut to a line.
    let mut say = |key: &str, title: &str, words: &str, look: Style, action: Option<Action>, most: usize| {
        let room = columns.saturating_sub(LABEL);
        let mut rows = wrap(words, room);
        if rows.len() > most {
            rows = vec![cut(words, room)];
        }
        for (row, text) in rows.into_iter().enumerate() {
            let label = if row == 0 { (key, title) } else { ("", "") };
            let spans = vec![
                Span::styled(fit(label.0, 2), app.theme.focus()),
                Span::styled(fit(label.1, LABEL - 2), app.theme.quiet()),
                Span::styled(text, look),
            ];
            lines.push((Line::from(spans), action));
        }
    };
    let draft = &page.draft;
    let target = &draft.survey.columns[draft.target()];
    let most = if area.height >= 20 { 3 } else { 1 };
    let plain = Style::new();
    let worst = page.advice.first().filter(|advice| advice.is_error() && !is_roomy);
    if let Some(advice) = worst {
        say("", "error", &advice.text, app.theme.warning(), None, 2);
    }
    let learned = format!("{}, {}", target.name, target.kind.in_words(target.distinct));
    say(&key(Action::Target), "target", &learned, app.theme.heading(), None, 1);
    for choice in Choice::ALL {
        let action = action(choice);
        say(&key(action), choice.title(), &draft.chosen(choice), plain, Some(action), most);
        // What all that leaves stands last, unless it would not be seen there.
        let is_gives_next = if is_roomy { choice == Choice::Texts } else { choice == Choice::Problem };
        if is_gives_next {
            say("", "gives", &page.draft.gives(), plain, None, most);
        }
    }
    if is_roomy {
        let rest = usize::from(area.height).saturating_sub(lines.len());
        lines.extend(said(app, page, columns, rest).into_iter().map(|line| (line, None)));
    }
    lines
}

/// What is wrong, then the chosen column in full, then what was mended, as far as there is room. What is cut off goes on in the
/// notes, and the last line names their key.
fn said(app: &App, page: &ColumnsPage, columns: usize, room: usize) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    let mut blocks: Vec<Note> = troubles(page, &app.theme);
    if let Some(column) = page.draft.survey.columns.get(page.selected) {
        let kind = column.kind.in_words(column.distinct);
        let values = column.in_short();
        let values = if values.is_empty() { String::new() } else { format!("; {values}") };
        blocks.push((format!("▸ {}: {kind}{values}", column.name), app.theme.heading()));
    }
    blocks.extend(remarks(page, &app.theme));
    if room > 2 {
        lines.push(Line::default());
    }
    for (place, (text, look)) in blocks.iter().enumerate() {
        let mut rows = wrap(text, columns);
        let left = room.saturating_sub(lines.len());
        let others = blocks.len() - place - 1;
        let is_whole = rows.len() + usize::from(others > 0) <= left;
        if is_whole {
            lines.extend(rows.into_iter().map(|row| Line::styled(row, *look)));
            continue;
        }
        // As much of it as there is above the line that says where the rest is: the first one is the cause of a failure.
        let begun = left.saturating_sub(1).min(rows.len());
        let rest = others + usize::from(begun < rows.len());
        rows.truncate(begun);
        lines.extend(rows.into_iter().map(|row| Line::styled(row, *look)));
        if left > 0 && rest > 0 {
            let words = format!("… {rest} more: {} reads all", key(Action::Explain));
            lines.push(Line::styled(cut(&words, columns), app.theme.quiet()));
        }
        break;
    }
    lines
}

/// What turns a choice.
fn action(choice: Choice) -> Action {
    match choice {
        Choice::Problem => Action::NextProblem,
        Choice::Split => Action::NextSplit,
        Choice::Missing => Action::NextHoles,
        Choice::Texts => Action::NextTexts,
    }
}

/// The key of an action here.
fn key(action: Action) -> String {
    let found = KEYS.iter().find(|binding| binding.context == Context::Columns && binding.action == action);
    found.and_then(|binding| binding.keys.first()).map(|key| key.label()).unwrap_or_default()
}
