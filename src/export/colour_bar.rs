//! The colour bars beside the plot: one for each heat map, the first at the bottom as its rows are.

use super::font;
use super::page::{Anchor, Frame, Item, LINE, Page};
use crate::chart::figure::{ColourScale, Grid, Span, Ticks};
use crate::chart::{Axis, Figure};
use crate::math::number::typeset;

/// Letters that a colour bar is wide, without its labels.
const BAR: f64 = 1.2;

/// Free letters between bars.
const BETWEEN: f64 = 1.8;

/// Marks on one bar at most.
const MOST_TICKS: usize = 6;

/// One bar.
struct Bar<'a> {
    label: &'a str,
    colours: ColourScale,
    span: Span,
    /// Positions from 0 to 1, and what stands there.
    ticks: Vec<(f64, String)>,
}

impl<'a> Bar<'a> {
    /// `None` for a heat map without a colour.
    fn of(grid: &'a Grid, wanted: usize) -> Option<Self> {
        let colours = grid.colours()?;
        let span = Span { scale: colours.scale, low: colours.least, high: colours.most, ends_in_nothing: false };
        let axis = Axis { scale: colours.scale, ..Axis::linear("") };
        let ticks = if span.low < span.high { Ticks::of(&axis, &span, wanted) } else { Ticks::default() };
        let places = ticks.major.into_iter().filter_map(|tick| Some((span.position(tick.value)?, tick.label)));
        let mut ticks: Vec<(f64, String)> = places.collect();
        if ticks.is_empty() {
            ticks.push((0.5, typeset(span.low)));
        }
        Some(Self { label: &grid.label, colours, span, ticks })
    }

    fn widest(&self) -> f64 {
        self.ticks.iter().map(|(_, label)| font::width(label)).fold(0.0, f64::max)
    }
}

fn bars(figure: &Figure, wanted: usize) -> Vec<Bar<'_>> {
    figure.grids().filter_map(|grid| Bar::of(grid, wanted)).collect()
}

/// Room that they take on the right of the plot; none without a heat map.
pub(super) fn width(figure: &Figure, page: &Page) -> f64 {
    let widest = bars(figure, MOST_TICKS).iter().map(Bar::widest).reduce(f64::max);
    widest.map_or(0.0, |widest| page.scale.tick * (1.0 + BAR + 0.7 + widest) + 1.1 * LINE * page.scale.axis)
}

/// Draws them beside the plot, each as high as the others.
pub(super) fn draw(figure: &Figure, plot: &Frame, page: &mut Page) {
    let tick = page.scale.tick;
    let count = figure.grids().filter(|grid| grid.colours().is_some()).count().max(1) as f64;
    let height = (plot.height() - (count - 1.0) * BETWEEN * tick) / count;
    let wanted = ((height / (2.0 * tick)) as usize).clamp(2, MOST_TICKS);
    for (place, bar) in bars(figure, wanted).iter().enumerate() {
        let left = plot.right + tick;
        let bottom = plot.bottom - place as f64 * (height + BETWEEN * tick);
        draw_bar(bar, Frame { left, right: left + BAR * tick, top: bottom - height, bottom }, page);
    }
}

fn draw_bar(bar: &Bar<'_>, frame: Frame, page: &mut Page) {
    const STEPS: u32 = 64;
    let scale = page.scale;
    for step in 0..STEPS {
        let (low, high) = (f64::from(step) / f64::from(STEPS), f64::from(step + 1) / f64::from(STEPS));
        let Some(level) = bar.colours.level(bar.span.value_at(f64::midpoint(low, high))) else { continue };
        let ((_, top), (_, bottom)) = (frame.place((0.0, high)), frame.place((0.0, low)));
        page.items.push(Item::Rectangle {
            frame: Frame { top, bottom, ..frame },
            colour: level.colour(),
            opacity: 1.0,
        });
    }
    for (position, label) in &bar.ticks {
        let (_, y) = frame.place((0.0, *position));
        page.line(vec![(frame.right, y), (frame.right + 0.3 * scale.tick, y)], scale.hair, page.colours.text);
        let at = (frame.right + 0.6 * scale.tick, y + 0.36 * scale.tick);
        page.text(label, at, Anchor::Start, scale.tick, page.colours.text);
    }
    if !bar.label.is_empty() {
        let em = scale.axis.min(frame.height() / font::width(bar.label)).max(scale.least);
        let x = frame.right + 0.6 * scale.tick + bar.widest() * scale.tick + 1.15 * scale.axis;
        page.upward(bar.label, (x, f64::midpoint(frame.top, frame.bottom)), Anchor::Middle, em);
    }
}
