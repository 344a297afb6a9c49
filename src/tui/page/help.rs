//! All keys, from the one table.

use ratatui::text::{Line, Span};

use crate::front::wrap;
use crate::tui::keymap::{Context, KEYS, Key};
use crate::tui::state::{App, Screen};
use crate::tui::text::fit;

/// The contexts in the order in which they matter here.
fn contexts(app: &App) -> Vec<Context> {
    let overlays = [
        Context::Text,
        Context::Card,
        Context::Picker,
        Context::List,
        Context::Palette,
        Context::Value,
        Context::Everywhere,
    ];
    let lab = [Context::Lab, Context::Knobs, Context::Trials, Context::Charts];
    let start = [Context::Start, Context::Search];
    let first: Vec<Context> = match app.screen {
        Screen::Start => start.into_iter().chain(lab).collect(),
        _ => lab.into_iter().chain(start).collect(),
    };
    first.into_iter().chain(overlays).collect()
}

/// The lines at a width.
pub(in crate::tui) fn lines(app: &App, columns: usize) -> Vec<Line<'static>> {
    const KEYS_WIDTH: usize = 16;
    let mut lines = Vec::new();
    for context in contexts(app) {
        if !lines.is_empty() {
            lines.push(Line::default());
        }
        lines.push(Line::styled(context.title(), app.theme.heading()));
        for binding in KEYS.iter().filter(|binding| binding.context == context) {
            let keys = binding.keys.iter().map(|key| Key::label(*key)).collect::<Vec<_>>().join(" ");
            for (row, words) in wrap(&binding.help, columns.saturating_sub(KEYS_WIDTH)).into_iter().enumerate() {
                let margin = fit(if row == 0 { &keys } else { "" }, KEYS_WIDTH - 1);
                lines.push(Line::from(vec![Span::styled(format!("{margin} "), app.theme.focus()), Span::raw(words)]));
            }
        }
    }
    lines.push(Line::default());
    lines.push(Line::styled("Mouse", app.theme.heading()));
    let mouse = "Click a trial, a knob or a chart to select it; the wheel turns the knob under it; click the timeline to \
                 go there; point at a chart to read off its nearest value.";
    lines.extend(wrap(mouse, columns).into_iter().map(Line::from));
    lines
}
