//! Marks on the page: lines, bars, areas, markers.

use super::font;
use super::marker::outline;
use super::page::{Anchor, Frame, Item, Outline, Page};
use crate::chart::figure::Mark;
use crate::chart::palette::Rgb;
use crate::chart::{Ink, Marker, Style, Weight};

/// Lengths of drawn and free pieces of broken lines, in line widths.
const DASHES: (f64, f64) = (4.0, 2.6);
const DOTS: (f64, f64) = (1.6, 2.4);

/// Draws a mark of the unit square into a frame.
pub(super) fn draw_mark(mark: &Mark, frame: &Frame, page: &mut Page) {
    let (scale, colours) = (page.scale, page.colours);
    let colour = |style: Style| colours.of(style);
    let weight = |style: Style| {
        let own = match style.weight {
            Weight::Thin => 0.6,
            Weight::Normal => 1.0,
            Weight::Thick => 1.7,
        };
        if style.emphasis { 1.6 * own } else { own }
    };
    match mark {
        Mark::Cell { left, right, bottom, top, level } => {
            rectangle((*left, *right, *bottom, *top), frame, level.colour(), page);
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
        Mark::Beyond { style, at, up } => beyond(*style, frame.place(*at), *up, page),
        Mark::Text { at, text, .. } => {
            let (em, (x, y)) = ((0.9 * scale.tick).max(scale.least), frame.place(*at));
            // On a ground of its own: a curve through a number strikes it out.
            let (half, paper) = (0.5 * font::width(text) * em, colours.paper);
            let ground = Frame { left: x - half, top: y - 0.5 * em, right: x + half, bottom: y + 0.5 * em };
            page.items.push(Item::Rectangle { frame: ground, colour: paper, opacity: 0.8 });
            page.text(text, (x, y + 0.36 * em), Anchor::Middle, em, colours.text);
        }
    }
}

fn rectangle((left, right, bottom, top): (f64, f64, f64, f64), frame: &Frame, colour: Rgb, page: &mut Page) {
    let ((left, top), (right, bottom)) = (frame.place((left, top)), frame.place((right, bottom)));
    page.items.push(Item::Rectangle { frame: Frame { left, top, right, bottom }, colour, opacity: 1.0 });
}

/// How much of an open marker is open.
const OPENING: f64 = 0.55;

/// A marker with a thin rim of the ground, which keeps crowded ones apart; an open one shows the ground inside.
fn draw_marker(style: Style, (x, y): (f64, f64), size: f64, page: &mut Page) {
    let (paper, colour) = (page.colours.paper, page.colours.of(style));
    let marker = match style.ink {
        Ink::Trial(series) | Ink::Series(series) => Marker::of(series),
        Ink::Neutral => Marker::Circle,
        Ink::Foreground => return ring((x, y), 1.9 * size, colour, page),
    };
    let rim = 0.5 * page.scale.hair;
    match outline(marker) {
        Outline::Circle => {
            page.items.push(Item::Circle { centre: (x, y), radius: size + rim, colour: paper });
            page.items.push(Item::Circle { centre: (x, y), radius: size, colour });
            if marker.outlined().is_some() {
                page.items.push(Item::Circle { centre: (x, y), radius: OPENING * size, colour: paper });
            }
        }
        Outline::Polygon(corners) => {
            let grown = |size: f64| corners.iter().map(|(dx, dy)| (x + size * dx, y + size * dy)).collect();
            let mut polygon = |points: Vec<(f64, f64)>, colour: Rgb| {
                page.items.push(Item::Polygon { points, colour, opacity: 1.0 });
            };
            polygon(grown(size + rim), paper);
            polygon(grown(size), colour);
            if marker.outlined().is_some() {
                polygon(grown(OPENING * size), paper);
            }
        }
    }
}

/// A chevron at the edge that points to what lies beyond it: filled triangles are markers of trials.
fn beyond(style: Style, (x, y): (f64, f64), up: bool, page: &mut Page) {
    let size = 1.1 * page.scale.marker;
    let toward = if up { 1.0 } else { -1.0 };
    let (foot, width) = (y + toward * 1.6 * size, 1.2 * page.scale.line);
    page.line(vec![(x - size, foot), (x, y), (x + size, foot)], width, page.colours.of(style));
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
