//! Keys and the mouse on charts: which are shown, in which grid, and what of them is seen.

use ratatui::layout::{Position, Rect};

use super::effect::Effect;
use crate::chart::figure::places;
use crate::chart::{self, Against, Lens, Scale};
use crate::tui::keymap::Action;
use crate::tui::layout::{Layout, inside};
use crate::tui::state::{App, Company, Focus, Grid, Held, METRIC, Pane, Reads, fill, turned};
use crate::tui::widget::FigureView;

/// How much nearer one key or one notch of the wheel goes.
const NEARER: f64 = 1.5;

/// Share of what is seen that one key moves it by.
const ASIDE: f64 = 0.2;

/// Points that a key reads further on, with Shift.
const FAR: isize = 10;

/// Carries out what is about charts; what is not does nothing.
pub(super) fn act(app: &mut App, action: Action) -> Vec<Effect> {
    match action {
        Action::Panes => alone(app),
        Action::NextGrid => next_grid(app),
        Action::Company => next_company(app),
        Action::Crosshair => read(app),
        Action::NextClock => next_clock(app),
        Action::ReadLeft => read_elsewhere(app, -1),
        Action::ReadRight => read_elsewhere(app, 1),
        Action::ReadFarLeft => read_elsewhere(app, -FAR),
        Action::ReadFarRight => read_elsewhere(app, FAR),
        _ => match chart_number(action) {
            Some(number) => return show_chart(app, number),
            None => on_chart(app, action),
        },
    }
    Vec::new()
}

/// Changes the chart in focus, or what is seen of it, and says what is not plain to see.
fn on_chart(app: &mut App, action: Action) {
    let Some(lab) = app.lab.as_mut() else { return };
    let here = lab.pane;
    let figure = lab.figure(here);
    let Some(pane) = lab.panes.get_mut(here) else { return };
    let count = chart::ALL.len();
    let lens = pane.lens;
    match action {
        Action::NextChart => pane.show((pane.chart + 1) % count),
        Action::PreviousChart => pane.show((pane.chart + count - 1) % count),
        Action::ZoomIn => pane.lens = lens.zoomed(&figure, MIDDLE, NEARER),
        Action::ZoomOut => pane.lens = lens.zoomed(&figure, MIDDLE, 1.0 / NEARER),
        Action::PanLeft => pane.lens = lens.panned(&figure, (-ASIDE, 0.0)),
        Action::PanRight => pane.lens = lens.panned(&figure, (ASIDE, 0.0)),
        Action::PanUp => pane.lens = lens.panned(&figure, (0.0, ASIDE)),
        Action::PanDown => pane.lens = lens.panned(&figure, (0.0, -ASIDE)),
        Action::Fit => pane.lens = lens.fitted(),
        Action::ScaleX => pane.lens = lens.with_other_x(&figure),
        Action::ScaleY => pane.lens = lens.with_other_y(&figure),
        Action::Follow => pane.lens.follows = !lens.follows,
        _ => return,
    }
    let is_logarithmic = |scale: Option<Scale>| scale == Some(Scale::Logarithmic);
    let is_named = |axis: &chart::Axis| !axis.categories.is_empty();
    let words = match action {
        Action::Follow if pane.lens.follows => "follows the newest point; f shows everything again",
        Action::Follow => "follows the newest point no longer",
        Action::ScaleX if is_named(&figure.x) => "names have no scale: this axis stays as it is",
        Action::ScaleY if is_named(&figure.y) => "names have no scale: this axis stays as it is",
        Action::ScaleX if is_logarithmic(pane.lens.x_scale) => "x: equal distances are equal ratios",
        Action::ScaleX => "x: equal distances are equal differences",
        Action::ScaleY if is_logarithmic(pane.lens.y_scale) => "y: equal distances are equal ratios",
        Action::ScaleY => "y: equal distances are equal differences",
        _ => return,
    };
    app.say(words);
}

/// Where keys zoom.
const MIDDLE: (f64, f64) = (0.5, 0.5);

/// The chart in focus alone, or the grid again.
fn alone(app: &mut App) {
    let shown = Layout::of(app).charts.len();
    let Some(lab) = app.lab.as_mut() else { return };
    lab.is_alone = shown > 1;
    if !lab.is_alone && lab.grid.is_none_or(|grid| grid.panes() == 1) {
        lab.grid = Some(Grid::new(2, 2));
    }
    if shown == 1 && Layout::of(app).charts.len() == 1 {
        app.say("no room for more charts here: a larger window shows them");
    }
}

/// The next grid that there is room for.
fn next_grid(app: &mut App) {
    let shown = Layout::of(app).charts.len();
    let Some(lab) = app.lab.as_ref() else { return };
    let mut grid = lab.grid.unwrap_or(if shown > 1 { Grid::new(2, 2) } else { Grid::new(1, 1) });
    for _ in Grid::ALL {
        grid = turned(&Grid::ALL, grid, true);
        set_grid(app, grid);
        if Layout::of(app).charts.len() == grid.panes() {
            return app.say(format!("{grid}: rows x panes in a row; `grid 2x3` sets any"));
        }
    }
}

/// Shows the panes in a grid, with further charts where it has more panes than there were.
pub(super) fn set_grid(app: &mut App, grid: Grid) {
    let Some(lab) = app.lab.as_mut() else { return };
    fill(&mut lab.panes, grid.panes());
    lab.is_alone = false;
    lab.grid = Some(grid);
}

fn next_company(app: &mut App) {
    let Some(lab) = app.lab.as_mut() else { return };
    lab.company = turned(&Company::ALL, lab.company, true);
    let words = lab.company.words();
    app.say(words);
}

fn read(app: &mut App) {
    let Some(lab) = app.lab.as_mut() else { return };
    let is_on = lab.reads == Reads::Nowhere;
    lab.reads = if is_on { Reads::Newest } else { Reads::Nowhere };
    app.say(if is_on {
        "every chart over the same clock is read at the newest point of the selected trial; ← and → read elsewhere"
    } else {
        "charts are not read"
    });
}

/// Moves where charts are read by so many points of the selected trial; beyond its newest one, the newest is followed.
fn read_elsewhere(app: &mut App, by: isize) {
    let Some(lab) = app.lab.as_mut() else { return };
    let figure = lab.figure(lab.pane);
    let id = lab.selected().and_then(|trial| usize::try_from(trial.id).ok());
    let places = id.map(|id| places(&figure, id)).unwrap_or_default();
    let Some(last) = places.len().checked_sub(1) else {
        return app.say("this chart has no line of the selected trial to be read along");
    };
    let now = match &lab.reads {
        Reads::At { label, x } if *label == figure.x.label => places.partition_point(|place| place < x).min(last),
        _ => last,
    };
    let next = now.saturating_add_signed(by);
    lab.reads = match places.get(next) {
        Some(x) if next < last => Reads::At { label: figure.x.label.clone(), x: *x },
        _ => Reads::Newest,
    };
}

/// Draws the chart in focus over the next clock.
fn next_clock(app: &mut App) {
    let Some(lab) = app.lab.as_mut() else { return };
    let here = lab.pane;
    let figure = lab.figure(here);
    let Some(clock) = chart::clock_of(&figure).map(chart::next_clock) else {
        return app.say("this chart is not drawn over time: it has no other clock");
    };
    let is_metric = lab.chart().card.id == METRIC;
    if !is_metric && chart::on_clock(&figure, &lab.snapshot, clock).is_none() {
        return app.say("not all that is drawn here belongs to a trial whose clock could be read");
    }
    if let Some(pane) = lab.panes.get_mut(here) {
        pane.over(clock);
    }
    app.say(format!("over {}", clock.words()));
}

fn chart_number(action: Action) -> Option<usize> {
    const NUMBERED: [Action; 10] = [
        Action::Chart1,
        Action::Chart2,
        Action::Chart3,
        Action::Chart4,
        Action::Chart5,
        Action::Chart6,
        Action::Chart7,
        Action::Chart8,
        Action::Chart9,
        Action::Chart10,
    ];
    NUMBERED.iter().position(|numbered| *numbered == action)
}

/// Shows chart number `number` in the pane in focus; where another pane shows it, the two swap.
pub(super) fn show_chart(app: &mut App, number: usize) -> Vec<Effect> {
    let Some(lab) = app.lab.as_mut() else {
        return Vec::new();
    };
    if number >= chart::ALL.len() {
        app.complain(format!("there are {} charts", chart::ALL.len()));
        return Vec::new();
    }
    let here = lab.pane;
    match lab.panes.iter().position(|pane| pane.chart == number) {
        Some(other) => lab.panes.swap(other, here),
        None => lab.panes[here].show(number),
    }
    Vec::new()
}

/// Draws metrics against a clock in the pane in focus, whatever the other panes show.
pub(super) fn show_metric(app: &mut App, against: Against) -> Vec<Effect> {
    let number = chart::ALL.iter().position(|entry| entry.card.id == METRIC);
    if let (Some(lab), Some(chart)) = (app.lab.as_mut(), number) {
        lab.panes[lab.pane] = Pane { chart, against, clock: None, lens: Lens::default() };
    }
    Vec::new()
}

/// The wheel over a chart: nearer or further at the pointer.
pub(super) fn wheel(app: &mut App, pane: usize, at: Position, nearer: bool) {
    let Some(place) = plot(app, pane) else { return };
    let Some(lab) = app.lab.as_mut() else { return };
    (lab.focus, lab.pane) = (Focus::Charts, pane);
    let figure = lab.figure(pane);
    let factor = if nearer { NEARER } else { 1.0 / NEARER };
    if let Some(pane) = lab.panes.get_mut(pane) {
        pane.lens = pane.lens.zoomed(&figure, share(place, at), factor);
    }
}

/// A chart that is held is moved with the mouse.
pub(super) fn drag(app: &mut App, pane: usize, from: Position, at: Position) {
    let Some(place) = plot(app, pane) else { return };
    let Some(lab) = app.lab.as_mut() else { return };
    let figure = lab.figure(pane);
    let ((x, y), (before_x, before_y)) = (share(place, at), share(place, from));
    if let Some(pane) = lab.panes.get_mut(pane) {
        pane.lens = pane.lens.panned(&figure, (before_x - x, before_y - y));
    }
    lab.held = Some(Held::Chart(pane, at));
}

/// The cells in which a pane draws data.
fn plot(app: &App, pane: usize) -> Option<Rect> {
    let layout = Layout::of(app);
    let (_, area) = layout.charts.iter().find(|(shown, _)| *shown == pane)?;
    let lab = app.shown_lab()?;
    let figure = lab.figure(pane);
    FigureView { title: false, ..FigureView::new(&figure, &app.theme) }.plot_area(inside(*area))
}

/// Where a cell lies in a rectangle: from 0 to 1, right and up.
fn share(place: Rect, at: Position) -> (f64, f64) {
    let along = |at: u16, start: u16, length: u16| {
        ((f64::from(at) - f64::from(start) + 0.5) / f64::from(length.max(1))).clamp(0.0, 1.0)
    };
    (along(at.x, place.x, place.width), 1.0 - along(at.y, place.y, place.height))
}
