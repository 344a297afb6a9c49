//! Axes, grid, marks and the labels of reference lines, in the plot's frame.

use super::colour_bar;
use super::font;
use super::mark::draw_mark;
use super::page::{Anchor, Frame, Item, LINE, Page};
use crate::chart::Figure;
use crate::chart::figure::{Mark, Placement, Plane, Ticks, marks};

/// The plot's frame and the ticks on it.
pub(super) struct Axes {
    pub(super) plane: Plane,
    pub(super) x: Ticks,
    pub(super) y: Ticks,
    pub(super) frame: Frame,
    /// Whether the names on x read upward, since they are too long for their places.
    pub(super) upward: bool,
}

/// Draws everything in and on the frame of the plot.
pub(super) fn draw(figure: &Figure, axes: &Axes, page: &mut Page) {
    grid(axes, page);
    // Two dots a pixel, since pictures are drawn finer than their pixels.
    let marks = marks(figure, &axes.plane, 2 * axes.frame.width() as usize);
    marks.iter().for_each(|mark| draw_mark(mark, &axes.frame, page));
    labels(&marks, axes, page);
    frame(axes, page);
    colour_bar::draw(figure, &axes.frame, page);
    if figure.is_empty() {
        let middle = axes.frame.place((0.5, 0.5));
        let em = page.scale.axis;
        let lines = font::wrap(&figure.empty.reason, 0.9 * axes.frame.width() / em);
        for (index, line) in lines.iter().enumerate() {
            let below = (index as f64 - (lines.len() - 1) as f64 / 2.0) * LINE * em;
            page.text(line, (middle.0, middle.1 + below), Anchor::Middle, em, page.colours.faint);
        }
    }
}

fn grid(axes: &Axes, page: &mut Page) {
    let Frame { left, right, top, bottom } = axes.frame;
    let x = |value: f64| axes.plane.x.position(value).map(|position| axes.frame.place((position, 0.0)).0);
    let y = |value: f64| axes.plane.y.position(value).map(|position| axes.frame.place((0.0, position)).1);
    let (width, minor, major) = (page.scale.hair, page.colours.minor_grid, page.colours.grid);
    for (values, colour) in [(&axes.x.minor, minor), (&axes.x.major.iter().map(|tick| tick.value).collect(), major)] {
        values.iter().filter_map(|value| x(*value)).for_each(|x| page.line(vec![(x, top), (x, bottom)], width, colour));
    }
    for (values, colour) in [(&axes.y.minor, minor), (&axes.y.major.iter().map(|tick| tick.value).collect(), major)] {
        values.iter().filter_map(|value| y(*value)).for_each(|y| page.line(vec![(left, y), (right, y)], width, colour));
    }
}

/// The frame, ticks and their labels.
fn frame(axes: &Axes, page: &mut Page) {
    let Frame { left, right, top, bottom } = axes.frame;
    let (scale, colours) = (page.scale, page.colours);
    page.line(vec![(left, top), (right, top), (right, bottom), (left, bottom), (left, top)], scale.hair, colours.axis);
    let mut tick = |at: (f64, f64), direction: (f64, f64), length: f64| {
        page.line(vec![at, (at.0 + direction.0 * length, at.1 + direction.1 * length)], scale.hair, colours.axis);
    };
    let minor = 0.55 * scale.tick_length;
    let place = |x: f64, y: f64| axes.frame.place((x, y));
    let (on_x, on_y) = (|value: f64| axes.plane.x.position(value), |value: f64| axes.plane.y.position(value));
    axes.x.minor.iter().filter_map(|value| on_x(*value)).for_each(|x| tick(place(x, 0.0), (0.0, 1.0), minor));
    axes.y.minor.iter().filter_map(|value| on_y(*value)).for_each(|y| tick(place(0.0, y), (-1.0, 0.0), minor));
    let x_labels: Vec<_> = axes.x.major.iter().filter_map(|tick| Some((on_x(tick.value)?, &tick.label))).collect();
    let y_labels: Vec<_> = axes.y.major.iter().filter_map(|tick| Some((on_y(tick.value)?, &tick.label))).collect();
    x_labels.iter().for_each(|(x, _)| tick(place(*x, 0.0), (0.0, 1.0), scale.tick_length));
    y_labels.iter().for_each(|(y, _)| tick(place(0.0, *y), (-1.0, 0.0), scale.tick_length));

    let gap = scale.tick_length + 0.4 * scale.tick;
    for (x, label) in x_labels {
        let (x, y) = place(x, 0.0);
        if axes.upward {
            page.upward(label, (x + 0.36 * scale.tick, y + gap), Anchor::End, scale.tick);
        } else {
            page.text(label, (x, y + gap + 0.75 * scale.tick), Anchor::Middle, scale.tick, colours.text);
        }
    }
    for (y, label) in y_labels {
        let (x, y) = place(0.0, y);
        page.text(label, (x - gap, y + 0.36 * scale.tick), Anchor::End, scale.tick, colours.text);
    }
}

/// Labels of guides and reference lines, where they hide the least.
fn labels(marks: &[Mark], axes: &Axes, page: &mut Page) {
    let em = page.scale.tick;
    let mut placement = Placement::among(marks);
    for mark in marks {
        let Mark::Reference { from, to, label, .. } = mark else { continue };
        if label.is_empty() {
            continue;
        }
        let size = ((font::width(label) + 0.6) * em / axes.frame.width(), 1.25 * em / axes.frame.height());
        let Some(place) = placement.beside(*from, *to, size) else { continue };
        let ((left, top), (right, bottom)) =
            (axes.frame.place((place.left, place.top)), axes.frame.place((place.right, place.bottom)));
        let ground = Frame { left, top, right, bottom };
        page.items.push(Item::Rectangle { frame: ground, colour: page.colours.paper, opacity: 0.75 });
        page.text(label, (f64::midpoint(left, right), bottom - 0.34 * em), Anchor::Middle, em, page.colours.faint);
    }
}
