//! Drawing: a function of the state, panel by panel. Nothing here computes anything of the
//! laboratory; figures come ready from [`chart`](crate::chart).

mod about;
mod branches;
mod charts;
mod columns;
mod footer;
mod frame;
mod header;
mod knobs;
mod page;
mod palette;
mod picker;
mod reading;
mod start;
mod sweep;
mod timeline;
mod trials;
mod value;

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::{Clear, Widget};

pub use charts::legend_trial;
pub use columns::{columns_action, columns_list, columns_shown};
pub use footer::footer_action;
pub use knobs::{KnobLine, knob_lines, knob_list, knob_slider};
pub use picker::picker_list;
pub use start::{start_list, start_rows};
pub use timeline::{timeline_bar, timeline_position};

use super::layout::{Layout, SMALLEST, inside};
use super::state::{App, Focus, Overlay, Screen};
use super::text;

/// Draws the screen, and puts the cursor where one types.
pub fn draw(app: &App, frame: &mut Frame<'_>) {
    let layout = Layout::of(app);
    render(app, &layout, frame.buffer_mut());
    if let Some(cursor) = cursor(app, &layout).filter(|_| !layout.is_too_small) {
        frame.set_cursor_position(cursor);
    }
}

/// Draws the screen into a buffer.
pub fn render(app: &App, layout: &Layout, buffer: &mut Buffer) {
    if layout.is_too_small {
        too_small(buffer);
        return app.theme.paint(buffer);
    }
    header::draw(app, layout.header, buffer);
    match (app.screen, app.shown_lab()) {
        (Screen::Start, _) => start::draw(app, layout, buffer),
        (Screen::Columns, _) => {
            if let Some(page) = &app.columns {
                columns::draw(app, page, layout, buffer);
            }
        }
        (_, Some(lab)) => {
            page::draw_answer(app, lab, layout.answer, buffer);
            if lab.focus != Focus::Charts {
                charts::draw(app, lab, &layout.charts, buffer);
            }
            reading::draw(app, lab, layout.reading, buffer);
            about::draw(app, lab, layout.about, buffer);
            trials::draw(app, lab, layout.trials, buffer);
            knobs::draw(app, lab, layout.knobs, buffer);
            // The panel in focus last: its frame lies over its neighbours'.
            match lab.focus {
                Focus::Trials => trials::draw(app, lab, layout.trials, buffer),
                Focus::Charts => charts::draw(app, lab, &layout.charts, buffer),
                Focus::Knobs => {}
            }
            reading::draw_strip(app, lab, layout.strip, buffer);
            timeline::draw(app, lab, layout.timeline, buffer);
        }
        _ => opening(app, buffer),
    }
    if let Some(overlay) = &app.overlay {
        draw_overlay(app, overlay, layout.overlay, buffer);
    }
    footer::draw(app, layout.footer, buffer);
    app.theme.paint(buffer);
}

fn draw_overlay(app: &App, overlay: &Overlay, area: Rect, buffer: &mut Buffer) {
    Clear.render(area, buffer);
    match overlay {
        Overlay::Help(help) => page::draw_help(app, help, area, buffer),
        Overlay::Explain { page, scroll } => page::draw_explained(app, *page, *scroll, area, buffer),
        Overlay::Picker { selected, marked } => picker::draw(app, *selected, marked, area, buffer),
        Overlay::Branches { selected } => branches::draw(app, *selected, area, buffer),
        Overlay::Palette { input, selected } => palette::draw(app, input, *selected, area, buffer),
        Overlay::Value { row, input, error, before, .. } => {
            value::draw(app, (row, before), input, error.as_deref(), area, buffer);
        }
        Overlay::Sweep { question, row, input, is_for_all, error } => {
            sweep::draw(app, (*question, row, *is_for_all), input, error.as_deref(), area, buffer);
        }
        Overlay::Findings { scroll } => page::draw_findings(app, *scroll, area, buffer),
        Overlay::Comparison { sorting, scroll } => page::draw_comparison(app, *sorting, *scroll, area, buffer),
        Overlay::Notes { scroll } => page::draw_notes(app, *scroll, area, buffer),
        Overlay::Notice { title, lines, scroll } => page::draw_notice(app, title, lines, *scroll, area, buffer),
        Overlay::Question(_) => page::draw_question(app, area, buffer),
    }
}

/// Where the cursor stands, where there is a text field: behind its prompt.
fn cursor(app: &App, layout: &Layout) -> Option<(u16, u16)> {
    let (input, area, row) = match (&app.overlay, app.screen) {
        (Some(Overlay::Palette { input, .. } | Overlay::Value { input, .. } | Overlay::Sweep { input, .. }), _) => {
            (input, layout.overlay, 0)
        }
        (Some(Overlay::Help(help)), _) if help.is_typing => (&help.search, layout.overlay, 1),
        (None, Screen::Start) => (app.start.search.as_ref()?, layout.list, 0),
        (None, Screen::Columns) => (app.columns.as_ref()?.search.as_ref()?, layout.list, 0),
        _ => return None,
    };
    let inner = inside(area);
    let column = u16::try_from(input.visual_cursor()).unwrap_or(u16::MAX).saturating_add(palette::PROMPT_WIDTH);
    Some((inner.x + column.min(inner.width.saturating_sub(1)), inner.y + row))
}

fn too_small(buffer: &mut Buffer) {
    let (columns, rows) = SMALLEST;
    let area = buffer.area;
    let is = format!("{}×{}", area.width, area.height);
    let wordings = [
        format!("Hyperlab needs {columns}×{rows}; this is {is}."),
        format!("needs {columns}×{rows}, is {is}"),
        format!("{columns}×{rows} needed"),
    ];
    let fitting = wordings.iter().find(|words| text::width(words) <= usize::from(area.width)).or(wordings.last());
    if let Some(words) = fitting.filter(|_| !area.is_empty()) {
        Line::from(words.as_str()).render(Rect { height: 1, ..area }, buffer);
    }
}

fn opening(app: &App, buffer: &mut Buffer) {
    let area = buffer.area;
    let row = Rect { y: area.y + area.height / 2, height: 1, ..area };
    Line::from(format!("opening {}…", app.opening)).centered().render(row, buffer);
}
