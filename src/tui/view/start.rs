//! The start page: what can be opened, and what the selected scenario is about.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Paragraph, Widget};

use super::frame::panel;
use super::palette;
use crate::chart::palette::Marker;
use crate::front::wrap;
use crate::math::number::counted;
use crate::scenario::Scenario;
use crate::tui::layout::{Layout, inside};
use crate::tui::search::{marks, words};
use crate::tui::state::{App, Item, Row, is_path};
use crate::tui::text::{clean, cut, cut_start, window};

/// Rows from which headings stand among what they are about; below, the frame has the heading.
const ROOMY: u16 = 8;

/// Where the rows are: under the field one types in, while something is searched for.
#[must_use]
pub fn start_list(app: &App, area: Rect) -> Rect {
    let inner = inside(area);
    let field = u16::from(app.start.search.is_some()).min(inner.height);
    Rect { y: inner.y + field, height: inner.height - field, ..inner }
}

/// The rows shown, around the chosen one.
#[must_use]
pub fn start_rows(app: &App, list: Rect) -> Vec<Row> {
    let rows = app.rows(list.height >= ROOMY);
    let chosen = |row: &Row| matches!(row, Row::Item(number, _) if *number == app.start.selected);
    let selected = rows.iter().position(chosen).unwrap_or(0);
    let shown = window(rows.len(), selected, usize::from(list.height));
    rows[shown].to_vec()
}

pub(super) fn draw(app: &App, layout: &Layout, buffer: &mut Buffer) {
    let list = start_list(app, layout.list);
    let section = app.section().filter(|_| list.height < ROOMY);
    let title = section.map_or_else(|| "Scenarios".to_owned(), |section| format!("Scenarios: {section}"));
    let inner = panel(&title, true, &app.theme, layout.list, buffer);
    if let Some(search) = &app.start.search {
        palette::field(app, "/", search, inner, buffer);
    }
    let found = Found::of(app);
    let rows = start_rows(app, list);
    if rows.is_empty() {
        let lines: Vec<Line<'_>> = wrap(&nothing(app), usize::from(list.width)).into_iter().map(Line::from).collect();
        Paragraph::new(lines).style(app.theme.quiet()).render(list, buffer);
    }
    for (y, row) in (list.y..).zip(rows) {
        line(app, &row, &found, usize::from(list.width)).render(Rect { y, height: 1, ..list }, buffer);
    }
    detail(app, layout, &found, buffer);
}

/// Why there is no row, and what helps.
fn nothing(app: &App) -> String {
    let typed = app.start.search.as_ref().map(|search| search.value()).unwrap_or_default();
    match app.trouble_with(typed).filter(|_| is_path(typed)) {
        Some(trouble) => format!("The folder {trouble}."),
        None if is_path(typed) => "No table, scenario or session begins so. Enter tries to open it.".to_owned(),
        None if typed.is_empty() => "No scenarios here. o opens a file.".to_owned(),
        None => "Nothing answers to that: fewer words find more, and a path such as ./ lists files.".to_owned(),
    }
}

fn line(app: &App, row: &Row, found: &Found, columns: usize) -> Line<'static> {
    let (number, item) = match row {
        Row::Heading(title) => return Line::styled(cut(title, columns), app.theme.heading()),
        Row::Item(number, item) => (number, item),
    };
    let is_chosen = *number == app.start.selected;
    let (pointer, look) = if is_chosen { ("▸ ", app.theme.pointed()) } else { ("  ", Style::new()) };
    let room = columns.saturating_sub(2);
    let name = match item {
        Item::Listed(index) => {
            cut(&app.listed.get(*index).map(|listed| clean(&listed.scenario.title)).unwrap_or_default(), room)
        }
        // Of a path the end says most.
        Item::Path(path) => cut_start(&clean(path), room),
    };
    let mut spans = vec![Span::raw(pointer)];
    spans.extend(found.marked(&name, look));
    Line::from(spans)
}

/// What is searched for, to be marked wherever it stands.
struct Found {
    words: Vec<String>,
}

impl Found {
    fn of(app: &App) -> Self {
        let typed = app.start.search.as_ref().map(|search| search.value()).filter(|typed| !is_path(typed));
        Self { words: typed.map(words).unwrap_or_default() }
    }

    /// The text in this look, what is searched for underlined.
    fn marked(&self, text: &str, look: Style) -> Vec<Span<'static>> {
        let mark = look.add_modifier(Modifier::UNDERLINED | Modifier::BOLD);
        let mut spans = Vec::new();
        let mut done = 0;
        for place in marks(&self.words, text) {
            spans.push(Span::styled(text[done..place.start].to_owned(), look));
            spans.push(Span::styled(text[place.clone()].to_owned(), mark));
            done = place.end;
        }
        spans.push(Span::styled(text[done..].to_owned(), look));
        spans
    }
}

fn detail(app: &App, layout: &Layout, found: &Found, buffer: &mut Buffer) {
    match app.chosen_item() {
        Some(Item::Path(path)) => {
            let inner = panel("file", false, &app.theme, layout.detail, buffer);
            let is_folder = path.ends_with(std::path::is_separator);
            let words = if is_folder { "A folder. Enter looks into it." } else { "Enter opens it." };
            let lines = [clean(&path), words.to_owned()].map(|text| wrap(&text, usize::from(inner.width)));
            let lines: Vec<Line<'_>> = lines.into_iter().flatten().map(Line::from).collect();
            Paragraph::new(lines).render(inner, buffer);
        }
        Some(Item::Listed(_)) => {
            if let Some(chosen) = app.chosen() {
                let inner = panel(&chosen.id, false, &app.theme, layout.detail, buffer);
                Paragraph::new(about(app, &chosen.scenario, found, inner)).render(inner, buffer);
            }
        }
        None => {}
    }
}

fn about(app: &App, scenario: &Scenario, found: &Found, area: Rect) -> Vec<Line<'static>> {
    let columns = usize::from(area.width);
    let is_roomy = area.height >= 18;
    let mut lines = Vec::new();
    let mut say = |heading: &str, words: &str, look: Style| {
        let indent = if heading.is_empty() { 0 } else { 10 };
        if is_roomy && (heading == "problem" || heading == "inner" || words == scenario.about) {
            lines.push(Line::default());
        }
        for (row, text) in wrap(&clean(words), columns.saturating_sub(indent)).into_iter().enumerate() {
            let name = if row == 0 { heading } else { "" };
            let margin = if indent > 0 { format!("{name:<indent$}") } else { String::new() };
            let mut spans = vec![Span::styled(margin, app.theme.quiet())];
            spans.extend(found.marked(&text, look));
            lines.push(Line::from(spans));
        }
    };
    // Where there is little room, the list has said the title already.
    if is_roomy {
        say("", &scenario.title, app.theme.heading());
    }
    say("", &scenario.about, Style::new());
    let plain = Style::new();
    let problem = scenario.problem.card();
    say("problem", &format!("{}. {}", problem.name, problem.summary), plain);
    if let Some(data) = &scenario.data {
        say("data", &crate::data::in_words(data), plain);
    }
    let (inner, outer) = (&scenario.inner, &scenario.outer);
    let start = if inner.warm_start { ", warm-started" } else { "" };
    say("inner", &format!("{}, {}{start}", inner.dynamics.card().name, counted(inner.steps, "step")), plain);
    say("outer", outer.rule.card().name, plain);
    let own = scenario.trials.iter().map(|trial| {
        let name = trial.name.clone();
        (name.unwrap_or_else(|| trial.estimator.card().name.to_owned()), "")
    });
    let extra = app.start.extra.iter().map(|spec| (spec.card().name.to_owned(), "  (added)"));
    if is_roomy {
        lines.push(Line::default());
    }
    for (index, (name, note)) in own.chain(extra).enumerate() {
        let heading = if index == 0 { "trials" } else { "" };
        let mut spans = vec![
            Span::styled(format!("{heading:<10}"), app.theme.quiet()),
            Span::styled(format!("{} ", Marker::of(index).glyph()), app.theme.series(index)),
        ];
        spans.extend(found.marked(&cut(&clean(&name), columns.saturating_sub(22)), plain));
        spans.push(Span::styled(note, app.theme.quiet()));
        lines.push(Line::from(spans));
    }
    let most = usize::from(area.height);
    if lines.len() > most && most > 0 {
        lines.truncate(most - 1);
        lines.push(Line::styled("… e shows the rest", app.theme.quiet()));
    }
    lines
}
