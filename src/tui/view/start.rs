//! The start page: the scenarios, and what the selected one is about.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Paragraph, Widget};

use super::frame::panel;
use crate::chart::palette::Marker;
use crate::front::wrap;
use crate::scenario::Scenario;
use crate::tui::layout::Layout;
use crate::tui::state::App;
use crate::tui::text::{clean, cut, window};

pub(super) fn draw(app: &App, layout: &Layout, buffer: &mut Buffer) {
    let inner = panel("Scenarios", true, &app.theme, layout.list, buffer);
    let columns = usize::from(inner.width);
    if app.listed.is_empty() {
        let words = wrap("No scenarios here. Start with a file: hyperlab my_scenario.ron", columns);
        let lines: Vec<Line<'_>> = words.into_iter().map(Line::from).collect();
        Paragraph::new(lines).render(inner, buffer);
    }
    let shown = window(app.listed.len(), app.start.selected, usize::from(inner.height));
    for (y, index) in (inner.y..).zip(shown) {
        let chosen = index == app.start.selected;
        let (pointer, look) = if chosen { ("▸ ", app.theme.pointed()) } else { ("  ", Style::new()) };
        let title = cut(&clean(&app.listed[index].scenario.title), columns.saturating_sub(2));
        let row = Rect { y, height: 1, ..inner };
        Line::from(vec![Span::raw(pointer), Span::styled(title, look)]).render(row, buffer);
    }
    let Some(chosen) = app.chosen() else {
        return;
    };
    let inner = panel(&chosen.id, false, &app.theme, layout.detail, buffer);
    Paragraph::new(detail(app, &chosen.scenario, inner)).render(inner, buffer);
}

fn detail(app: &App, scenario: &Scenario, area: Rect) -> Vec<Line<'static>> {
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
            lines.push(Line::from(vec![Span::styled(margin, app.theme.quiet()), Span::styled(text, look)]));
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
    say("inner", &format!("{}, {} steps{start}", inner.dynamics.card().name, inner.steps), plain);
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
        lines.push(Line::from(vec![
            Span::styled(format!("{heading:<10}"), app.theme.quiet()),
            Span::styled(format!("{} ", Marker::of(index).glyph()), app.theme.series(index)),
            Span::raw(cut(&clean(&name), columns.saturating_sub(22))),
            Span::styled(note, app.theme.quiet()),
        ]));
    }
    let most = usize::from(area.height);
    if lines.len() > most && most > 0 {
        lines.truncate(most - 1);
        lines.push(Line::styled("… e shows the rest", app.theme.quiet()));
    }
    lines
}
