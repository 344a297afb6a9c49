//! Axes, grid, marks and the labels of reference lines, on the page.

use super::font;
use super::legend;
use super::marker::outline;
use super::page::{Anchor, Axes, FAINT_TEXT, Frame, Item, Outline, Page, TEXT, WHITE};
use crate::chart::figure::{Mark, Placement, marks};
use crate::chart::palette::{self, Rgb};
use crate::chart::{Figure, Ink, Marker, Style};

const GRID: Rgb = (225, 225, 225);
const MINOR_GRID: Rgb = (242, 242, 242);
const AXIS: Rgb = (60, 60, 60);

/// Lengths of drawn and free pieces of broken lines, in line widths.
const DASHES: (f64, f64) = (4.0, 2.6);
const DOTS: (f64, f64) = (1.6, 2.4);

/// Draws everything in and on the frame of the plot.
pub(super) fn draw(figure: &Figure, axes: &Axes, page: &mut Page) {
    grid(axes, page);
    // Two dots a pixel, since pictures are drawn finer than their pixels.
    let marks = marks(figure, &axes.plane, 2 * axes.frame.width() as usize);
    marks.iter().for_each(|mark| draw_mark(mark, &axes.frame, page));
    labels(&marks, axes, page);
    frame(axes, page);
    legend::draw_bar(figure, &axes.frame, page);
    if figure.is_empty() {
        let middle = axes.frame.place((0.5, 0.5));
        let em = page.scale.axis.min(0.9 * axes.frame.width() / font::width(&figure.empty).max(1.0));
        page.text(&figure.empty, middle, Anchor::Middle, em, FAINT_TEXT);
    }
}

fn grid(axes: &Axes, page: &mut Page) {
    let Frame { left, right, top, bottom } = axes.frame;
    let x = |value: f64| axes.plane.x.position(value).map(|position| axes.frame.place((position, 0.0)).0);
    let y = |value: f64| axes.plane.y.position(value).map(|position| axes.frame.place((0.0, position)).1);
    let width = page.scale.hair;
    for (values, colour) in [(&axes.x.minor, MINOR_GRID), (&axes.x.major.iter().map(|tick| tick.value).collect(), GRID)]
    {
        values.iter().filter_map(|value| x(*value)).for_each(|x| page.line(vec![(x, top), (x, bottom)], width, colour));
    }
    for (values, colour) in [(&axes.y.minor, MINOR_GRID), (&axes.y.major.iter().map(|tick| tick.value).collect(), GRID)]
    {
        values.iter().filter_map(|value| y(*value)).for_each(|y| page.line(vec![(left, y), (right, y)], width, colour));
    }
}

/// The frame, ticks and their labels.
fn frame(axes: &Axes, page: &mut Page) {
    let Frame { left, right, top, bottom } = axes.frame;
    let scale = page.scale;
    page.line(vec![(left, top), (right, top), (right, bottom), (left, bottom), (left, top)], scale.hair, AXIS);
    let mut tick = |at: (f64, f64), direction: (f64, f64), length: f64| {
        page.line(vec![at, (at.0 + direction.0 * length, at.1 + direction.1 * length)], scale.hair, AXIS);
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
            page.text(label, (x, y + gap + 0.75 * scale.tick), Anchor::Middle, scale.tick, TEXT);
        }
    }
    for (y, label) in y_labels {
        let (x, y) = place(0.0, y);
        page.text(label, (x - gap, y + 0.36 * scale.tick), Anchor::End, scale.tick, TEXT);
    }
}

fn colour(style: Style) -> Rgb {
    match style.ink {
        Ink::Series(series) => palette::colour(series),
        Ink::Neutral => palette::NEUTRAL,
        Ink::Foreground => TEXT,
    }
}

/// Draws a mark of the unit square into a frame.
pub(super) fn draw_mark(mark: &Mark, frame: &Frame, page: &mut Page) {
    let scale = page.scale;
    let weight = |style: Style| if style.emphasis { 1.6 } else { 1.0 };
    match mark {
        Mark::Cell { left, right, bottom, top, level } => {
            rectangle((*left, *right, *bottom, *top), frame, palette::heat(*level), page);
        }
        Mark::Bar { style, left, right, bottom, top } => {
            rectangle((*left, *right, *bottom, *top), frame, colour(*style), page);
        }
        Mark::Area { style, columns } => {
            let upper = columns.iter().map(|(x, _, high)| frame.place((*x, *high)));
            let lower = columns.iter().rev().map(|(x, low, _)| frame.place((*x, *low)));
            page.items.push(Item::Polygon {
                points: upper.chain(lower).collect(),
                colour: colour(*style),
                opacity: 0.2,
            });
        }
        Mark::Reference { style, from, to, .. } => {
            broken(&[frame.place(*from), frame.place(*to)], 0.75 * scale.line, DOTS, colour(*style), page);
        }
        Mark::Line { style, points } => {
            let points: Vec<(f64, f64)> = points.iter().map(|point| frame.place(*point)).collect();
            if style.dashed {
                broken(&points, 0.8 * scale.line * weight(*style), DASHES, colour(*style), page);
            } else {
                page.line(points, scale.line * weight(*style), colour(*style));
            }
        }
        Mark::Whisker { style, x, low, high, ends } => {
            let (lower, upper) = (frame.place((*x, *low)), frame.place((*x, *high)));
            page.line(vec![lower, upper], 0.8 * scale.line, colour(*style));
            for (_, (x, y)) in [(ends.low, lower), (ends.high, upper)].into_iter().filter(|(shown, _)| *shown) {
                page.line(vec![(x - scale.marker, y), (x + scale.marker, y)], 0.8 * scale.line, colour(*style));
            }
        }
        Mark::Arrow { style, from, to } => {
            arrow(frame.place(*from), frame.place(*to), scale.line * weight(*style), colour(*style), page);
        }
        Mark::Marker { style, at } => {
            let size = if style.emphasis { 1.3 } else { 1.0 } * scale.marker;
            draw_marker(*style, frame.place(*at), size, page);
        }
        Mark::Text { at, text, .. } => {
            let (em, (x, y)) = (0.9 * scale.tick, frame.place(*at));
            page.text(text, (x, y + 0.36 * em), Anchor::Middle, em, TEXT);
        }
    }
}

fn rectangle((left, right, bottom, top): (f64, f64, f64, f64), frame: &Frame, colour: Rgb, page: &mut Page) {
    let ((left, top), (right, bottom)) = (frame.place((left, top)), frame.place((right, bottom)));
    page.items.push(Item::Rectangle { frame: Frame { left, top, right, bottom }, colour, opacity: 1.0 });
}

/// A marker with a thin white rim, which keeps crowded ones apart.
fn draw_marker(style: Style, (x, y): (f64, f64), size: f64, page: &mut Page) {
    let marker = match style.ink {
        Ink::Series(series) => Marker::of(series),
        Ink::Neutral => Marker::Circle,
        Ink::Foreground => return ring((x, y), 1.9 * size, colour(style), page),
    };
    let rim = 0.5 * page.scale.hair;
    match outline(marker) {
        Outline::Circle => {
            page.items.push(Item::Circle { centre: (x, y), radius: size + rim, colour: WHITE });
            page.items.push(Item::Circle { centre: (x, y), radius: size, colour: colour(style) });
        }
        Outline::Polygon(corners) => {
            let grown = |size: f64| corners.iter().map(|(dx, dy)| (x + size * dx, y + size * dy)).collect();
            let mut polygon = |points: Vec<(f64, f64)>, colour: Rgb| {
                page.items.push(Item::Polygon { points, colour, opacity: 1.0 });
            };
            polygon(grown(size + rim), WHITE);
            polygon(grown(size), colour(style));
        }
    }
}

/// A ring around what is marked already.
fn ring((x, y): (f64, f64), radius: f64, colour: Rgb, page: &mut Page) {
    const CORNERS: u32 = 40;
    let angles = (0..=CORNERS).map(|corner| std::f64::consts::TAU * f64::from(corner) / f64::from(CORNERS));
    let points = angles.map(|angle| (x + radius * angle.cos(), y + radius * angle.sin())).collect();
    page.line(points, 0.7 * page.scale.line, colour);
}

fn arrow(from: (f64, f64), to: (f64, f64), width: f64, colour: Rgb, page: &mut Page) {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let length = dx.hypot(dy);
    if length < 1e-6 {
        return;
    }
    let (dx, dy) = (dx / length, dy / length);
    let head = (6.0 * width).min(length);
    let neck = (to.0 - head * dx, to.1 - head * dy);
    let half = 0.4 * head;
    page.line(vec![from, neck], width, colour);
    let points = vec![to, (neck.0 - half * dy, neck.1 + half * dx), (neck.0 + half * dy, neck.1 - half * dx)];
    page.items.push(Item::Polygon { points, colour, opacity: 1.0 });
}

/// A broken line, whose pattern runs on around corners.
fn broken(points: &[(f64, f64)], width: f64, (on, off): (f64, f64), colour: Rgb, page: &mut Page) {
    let (on, period) = (on * width, (on + off) * width);
    // Where each point is along the line.
    let mut along = vec![0.0];
    for pair in points.windows(2) {
        along.push(along[along.len() - 1] + (pair[1].0 - pair[0].0).hypot(pair[1].1 - pair[0].1));
    }
    let whole = along[along.len() - 1];
    let at = |distance: f64| {
        let next = along.partition_point(|reached| *reached < distance).clamp(1, points.len() - 1);
        let (from, to) = (points[next - 1], points[next]);
        let share = (distance - along[next - 1]) / (along[next] - along[next - 1]).max(f64::MIN_POSITIVE);
        (from.0 + share * (to.0 - from.0), from.1 + share * (to.1 - from.1))
    };
    let mut start = 0.0;
    while points.len() > 1 && start < whole {
        let end = (start + on).min(whole);
        let corners = points.iter().zip(&along).filter(|(_, reached)| start < **reached && **reached < end);
        let piece = std::iter::once(at(start)).chain(corners.map(|(point, _)| *point)).chain([at(end)]);
        page.line(piece.collect(), width, colour);
        start += period;
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
        page.items.push(Item::Rectangle { frame: ground, colour: WHITE, opacity: 0.75 });
        page.text(label, (f64::midpoint(left, right), bottom - 0.34 * em), Anchor::Middle, em, FAINT_TEXT);
    }
}
