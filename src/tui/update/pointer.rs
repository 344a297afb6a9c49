//! The mouse: what lies under it, and what it does there.

use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::{Position, Rect};

use super::action::act;
use super::effect::Effect;
use super::selection::moved;
use super::{charts, columns, lab, overlay, start};
use crate::engine::Request;
use crate::lab::Comparison;
use crate::tui::keymap::Action;
use crate::tui::layout::{Layout, inside};
use crate::tui::page;
use crate::tui::state::{App, Focus, Held, LabState, Overlay, Row};
use crate::tui::text::window;
use crate::tui::view::{
    KnobLine, columns_action, columns_list, columns_shown, footer_action, knob_lines, knob_list, knob_slider,
    legend_trial, picker_list, start_list, start_rows, timeline_bar, timeline_position,
};

/// What a click can hit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Target {
    Scenario(usize),
    TableColumn(usize),
    Trial(usize),
    Knob(usize),
    Slider(usize),
    Pane(usize),
    Legend { pane: usize, trial: usize },
    Position(usize),
    Row(usize),
    Column(Option<usize>),
    Key(Action),
    Overlay,
    Outside,
}

/// The mouse did something.
pub(super) fn mouse(app: &mut App, event: MouseEvent) -> Vec<Effect> {
    let at = Position::new(event.column, event.row);
    match event.kind {
        MouseEventKind::Down(MouseButton::Left) => {
            // What is clicked is what is seen: a message, or a legend that the mouse does not read yet.
            let target = target(app, at);
            app.message = None;
            point(app, at);
            click(app, at, target)
        }
        MouseEventKind::Up(MouseButton::Left) => {
            if let Some(lab) = app.lab.as_mut() {
                lab.held = None;
            }
            Vec::new()
        }
        MouseEventKind::Drag(MouseButton::Left) => drag(app, at),
        MouseEventKind::ScrollUp => wheel(app, at, -1),
        MouseEventKind::ScrollDown => wheel(app, at, 1),
        MouseEventKind::Moved => {
            point(app, at);
            Vec::new()
        }
        _ => Vec::new(),
    }
}

/// Over a chart, the crosshair follows the mouse.
fn point(app: &mut App, at: Position) {
    let is_chart = matches!(target(app, at), Some(Target::Pane(_) | Target::Legend { .. }));
    if let Some(lab) = app.lab.as_mut() {
        lab.pointer = is_chart.then_some(at);
    }
}

fn click(app: &mut App, at: Position, target: Option<Target>) -> Vec<Effect> {
    match target {
        // A second click on the chosen row opens it.
        Some(Target::Scenario(row)) if row == app.start.selected => act(app, Action::Accept),
        Some(Target::Scenario(row)) => start::select(app, row),
        Some(Target::TableColumn(column)) => {
            if let Some(page) = app.columns.as_mut() {
                page.selected = column;
            }
            Vec::new()
        }
        Some(Target::Row(row)) => row_clicked(app, row),
        Some(Target::Column(column)) => {
            if let Some(Overlay::Comparison { sorting, .. }) = &mut app.overlay {
                *sorting = sorting.by(column);
            }
            Vec::new()
        }
        Some(Target::Key(action)) => act(app, action),
        Some(Target::Slider(row)) => {
            if let Some(lab) = app.lab.as_mut() {
                (lab.focus, lab.knob, lab.held) = (Focus::Knobs, row, Some(Held::Slider(row)));
            }
            slide(app, at)
        }
        Some(Target::Outside) => act(app, Action::Close),
        Some(Target::Overlay) | None => Vec::new(),
        Some(target) => app.lab.as_mut().map(|lab| lab_clicked(lab, target)).unwrap_or_default(),
    }
}

fn lab_clicked(lab: &mut LabState, target: Target) -> Vec<Effect> {
    match target {
        Target::Trial(row) => (lab.focus, lab.trial) = (Focus::Trials, row),
        Target::Knob(row) => (lab.focus, lab.knob) = (Focus::Knobs, row),
        Target::Pane(pane) => {
            (lab.focus, lab.pane) = (Focus::Charts, pane);
            lab.held = lab.pointer.map(|at| Held::Chart(pane, at));
        }
        Target::Legend { pane, trial } => (lab.focus, lab.pane, lab.trial) = (Focus::Charts, pane, trial),
        Target::Position(position) => {
            lab.is_running = false;
            return vec![Effect::Stop, Effect::Ask(Request::Seek(position))];
        }
        _ => {}
    }
    Vec::new()
}

fn row_clicked(app: &mut App, row: usize) -> Vec<Effect> {
    let chosen = match &mut app.overlay {
        Some(Overlay::Picker { selected, marked }) => {
            *selected = row;
            marked[row] = !marked[row];
            false
        }
        Some(Overlay::Branches { selected } | Overlay::Palette { selected, .. }) => {
            std::mem::replace(selected, row) == row
        }
        _ => false,
    };
    if chosen { act(app, Action::Accept) } else { Vec::new() }
}

/// What is held follows the mouse; so does the head of the timeline, unless the laboratory has not kept up.
fn drag(app: &mut App, at: Position) -> Vec<Effect> {
    match app.lab.as_ref().filter(|_| app.overlay.is_none()).and_then(|lab| lab.held) {
        Some(Held::Chart(pane, from)) => {
            charts::drag(app, pane, from, at);
            return Vec::new();
        }
        Some(Held::Slider(_)) => return slide(app, at),
        None => {}
    }
    match (target(app, at), app.lab.as_mut()) {
        (Some(target @ Target::Position(_)), Some(lab)) if !lab.is_pending => lab_clicked(lab, target),
        _ => Vec::new(),
    }
}

/// The slider that is held goes to the place under the mouse, or to its end nearest to it.
fn slide(app: &mut App, at: Position) -> Vec<Effect> {
    let panel = Layout::of(app).knobs;
    let held = |lab: &LabState| match lab.held {
        Some(Held::Slider(row)) if row == lab.knob => knob_slider(panel, lab.knobs().get(row)?),
        _ => None,
    };
    let Some(slider) = app.lab.as_ref().and_then(held) else { return Vec::new() };
    let cell = at.x.clamp(slider.start, slider.end - 1) - slider.start;
    lab::slide_selected(app, usize::from(cell), slider.len())
}

fn wheel(app: &mut App, at: Position, by: i32) -> Vec<Effect> {
    let target = target(app, at);
    let signed = isize::try_from(by).unwrap_or(0);
    match (target, app.lab.as_mut()) {
        (Some(Target::Overlay | Target::Row(_) | Target::Column(_)), _) => overlay::scroll(app, signed),
        (Some(Target::Scenario(_)), _) => {
            let row = moved(app.start.selected, signed, app.items().len());
            start::select(app, row)
        }
        (Some(Target::TableColumn(_)), _) => {
            if let Some(page) = app.columns.as_mut() {
                columns::move_by(page, signed);
            }
            Vec::new()
        }
        (Some(Target::Knob(row) | Target::Slider(row)), Some(lab)) => {
            (lab.focus, lab.knob) = (Focus::Knobs, row);
            lab::turn_selected(app, -by)
        }
        (Some(Target::Pane(pane) | Target::Legend { pane, .. }), _) => {
            charts::wheel(app, pane, at, by < 0);
            Vec::new()
        }
        (Some(Target::Trial(_)), Some(lab)) => {
            lab.trial = moved(lab.trial, signed, lab.snapshot.trials.len());
            Vec::new()
        }
        _ => Vec::new(),
    }
}

/// What lies at a cell.
fn target(app: &App, at: Position) -> Option<Target> {
    let layout = Layout::of(app);
    // The footer speaks of what lies over the screen, and is never under it.
    if let Some(action) = footer_action(app, layout.footer, at) {
        return Some(Target::Key(action));
    }
    if let Some(overlay) = &app.overlay {
        return Some(over(app, overlay, layout.overlay, at));
    }
    if let Some(page) = app.shown_columns() {
        let list = columns_list(page, layout.list);
        let shown = columns_shown(page, list);
        let row = at.y.checked_sub(list.y).filter(|_| list.contains(at));
        let column = row.and_then(|row| shown.get(usize::from(row)).copied()).map(Target::TableColumn);
        return column.or_else(|| columns_action(app, page, layout.detail, at).map(Target::Key));
    }
    if inside(layout.list).contains(at) {
        let list = start_list(app, layout.list);
        let rows = start_rows(app, list);
        return match rows.get(usize::from(at.y.checked_sub(list.y)?))? {
            Row::Item(number, _) => Some(Target::Scenario(*number)),
            Row::Heading(_) => None,
        };
    }
    let lab = app.shown_lab()?;
    if layout.trials.contains(at) {
        return row(inside(layout.trials), at, lab.snapshot.trials.len(), lab.trial).map(Target::Trial);
    }
    if layout.knobs.contains(at) {
        let list = knob_list(layout.knobs);
        let rows = lab.knobs();
        let lines = knob_lines(&rows, lab.knob, usize::from(list.height));
        let line = *lines.get(usize::from(at.y.checked_sub(list.y)?))?;
        let slider = rows.get(line.row()).filter(|_| matches!(line, KnobLine::Row(_)));
        let is_slid =
            slider.and_then(|row| knob_slider(layout.knobs, row)).is_some_and(|slider| slider.contains(&at.x));
        return Some(if is_slid { Target::Slider(line.row()) } else { Target::Knob(line.row()) });
    }
    let bar = timeline_bar(layout.timeline, &lab.snapshot);
    if bar.contains(at) {
        return Some(Target::Position(timeline_position(bar, &lab.snapshot, at.x)));
    }
    let (pane, _) = *layout.charts.iter().find(|(_, place)| place.contains(at))?;
    let named = legend_trial(app, lab, &layout.charts, at);
    let trial = named.and_then(|id| lab.snapshot.trials.iter().position(|trial| trial.id == id));
    Some(trial.map_or(Target::Pane(pane), |trial| Target::Legend { pane, trial }))
}

fn over(app: &App, overlay: &Overlay, place: Rect, at: Position) -> Target {
    if !place.contains(at) {
        return Target::Outside;
    }
    let inner = inside(place);
    let found = match overlay {
        Overlay::Picker { selected, marked } => row(picker_list(place), at, marked.len(), *selected),
        Overlay::Branches { selected } => {
            let landmarks = app.lab.as_ref().map_or(0, |lab| lab.snapshot.landmarks().len());
            row(inner, at, landmarks, *selected)
        }
        Overlay::Comparison { sorting, scroll: 0 } if at.y == inner.y && inner.contains(at) => {
            let column = page::compared_column(app, *sorting, usize::from(inner.width), usize::from(at.x - inner.x));
            return column.map_or(Target::Overlay, |column| Target::Column(column.checked_sub(Comparison::LEADING)));
        }
        _ => None,
    };
    found.map_or(Target::Overlay, Target::Row)
}

/// The row of a list that lies at a cell.
fn row(list: Rect, at: Position, length: usize, selected: usize) -> Option<usize> {
    if !list.contains(at) {
        return None;
    }
    let shown = window(length, selected, usize::from(list.height));
    let row = shown.start + usize::from(at.y - list.y);
    shown.contains(&row).then_some(row)
}
