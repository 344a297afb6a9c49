//! The charts, each in its pane.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

use super::frame::panel;
use crate::tui::state::{App, Focus, LabState};
use crate::tui::widget::{Cursor, FigureView};

pub(super) fn draw(app: &App, lab: &LabState, panes: &[(usize, Rect)], buffer: &mut Buffer) {
    for (pane, area) in panes {
        draw_pane(app, lab, *pane, *area, buffer);
    }
}

/// The pane in focus once more, so that its frame lies over its neighbours'.
pub(super) fn draw_focused(app: &App, lab: &LabState, panes: &[(usize, Rect)], buffer: &mut Buffer) {
    if panes.len() > 1 {
        for (pane, area) in panes.iter().filter(|(pane, _)| *pane == lab.pane) {
            draw_pane(app, lab, *pane, *area, buffer);
        }
    }
}

fn draw_pane(app: &App, lab: &LabState, pane: usize, area: Rect, buffer: &mut Buffer) {
    let figure = lab.choice(pane).draw(&lab.snapshot);
    let in_focus = lab.focus == Focus::Charts && pane == lab.pane;
    let title = format!("{} {}", lab.charts[pane] + 1, figure.title);
    let inner = panel(&title, in_focus, &app.theme, area, buffer);
    let cursor = lab.pointer.filter(|at| inner.contains(*at)).map(Cursor::Cell);
    FigureView { figure: &figure, theme: &app.theme, cursor, title: false }.render(inner, buffer);
}
