//! The charts, each in its pane.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::widgets::Widget;

use super::frame::panel;
use crate::chart::Figure;
use crate::chart::figure::newest;
use crate::tui::layout::inside;
use crate::tui::state::{App, Focus, LabState, Look, Reads};
use crate::tui::widget::{Cursor, FigureView};

/// What all panes are read at: a value of x, and what it measures.
struct Place {
    label: String,
    x: f64,
}

/// The pane in focus comes last, so that its frame lies over its neighbours'.
pub(super) fn draw(app: &App, lab: &LabState, panes: &[(usize, Rect)], buffer: &mut Buffer) {
    let place = reading_place(app, lab, panes);
    let (focused, others): (Vec<_>, Vec<_>) = panes.iter().partition(|(pane, _)| *pane == lab.pane);
    for &(pane, area) in others.into_iter().chain(focused) {
        draw_pane(app, lab, (pane, area), place.as_ref(), buffer);
    }
}

/// The identifier of the trial whose entry of a legend is drawn at a cell.
#[must_use]
pub fn legend_trial(app: &App, lab: &LabState, panes: &[(usize, Rect)], at: Position) -> Option<u64> {
    let (pane, area) = panes.iter().find(|(_, area)| inside(*area).contains(at))?;
    let (figure, inner) = (lab.figure(*pane), inside(*area));
    let place = reading_place(app, lab, panes);
    let view = seen(app, lab, &figure, inner, place.as_ref());
    u64::try_from(view.named_trial(inner, at)?).ok()
}

/// What all panes are read at, if they are.
fn reading_place(app: &App, lab: &LabState, panes: &[(usize, Rect)]) -> Option<Place> {
    pointed(app, lab, panes).or_else(|| read_by_keys(lab))
}

/// The point that the mouse is nearest to.
fn pointed(app: &App, lab: &LabState, panes: &[(usize, Rect)]) -> Option<Place> {
    let at = lab.pointer.filter(|_| app.overlay.is_none())?;
    let (pane, area) = panes.iter().find(|(_, area)| inside(*area).contains(at))?;
    let figure = lab.figure(*pane);
    let view = FigureView { title: false, ..FigureView::new(&figure, &app.theme) };
    let nearest = view.nearest(inside(*area), Cursor::Cell(at))?;
    Some(Place { label: figure.x.label.clone(), x: nearest.point.0 })
}

/// Where charts are read without a mouse: a place along the axis of the pane in focus, or else the newest point of the
/// selected trial there.
fn read_by_keys(lab: &LabState) -> Option<Place> {
    if lab.reads == Reads::Nowhere {
        return None;
    }
    let figure = lab.figure(lab.pane);
    let place = |x: f64| Place { label: figure.x.label.clone(), x };
    match &lab.reads {
        Reads::At { label, x } if *label == figure.x.label => Some(place(*x)),
        _ => {
            let id = usize::try_from(lab.selected()?.id).ok()?;
            newest(&figure, id).map(|(x, _)| place(x))
        }
    }
}

fn draw_pane(app: &App, lab: &LabState, (pane, area): (usize, Rect), place: Option<&Place>, buffer: &mut Buffer) {
    let figure = lab.figure(pane);
    let in_focus = lab.focus == Focus::Charts && pane == lab.pane;
    // The frame is not kept: where it meets its neighbours depends on them.
    let number = lab.panes.get(pane).map_or(0, |pane| pane.chart + 1);
    let inner = panel(&format!("{number} {}", figure.title), in_focus, &app.theme, area, buffer);
    let look = Look { area: inner, theme: app.theme };
    let view = seen(app, lab, &figure, inner, place);
    if view.cursor.is_some() || view.reads.is_some() {
        return view.render(inner, buffer);
    }
    if lab.drawn.copy(pane, look, buffer) {
        return;
    }
    let mut own = Buffer::empty(inner);
    view.render(inner, &mut own);
    buffer.merge(&own);
    lab.drawn.keep(pane, look, own);
}

/// A figure as it stands in its pane: with the mouse on it, or read at a place where its axis is the same.
fn seen<'a>(app: &'a App, lab: &LabState, figure: &'a Figure, inner: Rect, place: Option<&Place>) -> FigureView<'a> {
    let pointer = lab.pointer.filter(|at| app.overlay.is_none() && inner.contains(*at));
    let reads = place.filter(|place| place.label == figure.x.label && figure.x.categories.is_empty());
    FigureView {
        cursor: pointer.map(Cursor::Cell),
        reads: reads.map(|place| place.x),
        title: false,
        ..FigureView::new(figure, &app.theme)
    }
}
