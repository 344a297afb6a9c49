//! A figure over time, over another clock: outer steps, inner steps, oracle calls, row calls or oracle units.

use super::{Axis, Figure, Ink, Layer, Shape, ink};
use crate::lab::{Snapshot, TrialView};
use crate::metric::Clock;
use crate::trial::Records;

/// Clocks that tell the same moments apart.
const OVER_THE_RUN: [Clock; 5] = [Clock::Outer, Clock::Inner, Clock::Calls, Clock::RowCalls, Clock::Units];
const WITHIN_A_RUN: [Clock; 2] = [Clock::Run, Clock::RunCalls];

/// The axis of a clock.
#[must_use]
pub(super) fn axis(clock: Clock) -> Axis {
    match clock {
        // The first hundred calls of thousands are not to be squeezed into the edge.
        Clock::Calls | Clock::RowCalls | Clock::Units | Clock::RunCalls => Axis::logarithmic(clock.words()),
        Clock::Outer | Clock::Inner | Clock::Run => Axis::steps(clock.words()),
    }
}

/// The clock that a figure is drawn over, where it is one.
#[must_use]
pub fn clock_of(figure: &Figure) -> Option<Clock> {
    Clock::ALL.into_iter().find(|clock| clock.words() == figure.x.label)
}

/// The clock after this one, of those that tell the same moments apart.
#[must_use]
pub fn next_clock(clock: Clock) -> Clock {
    let alike: &[Clock] = if clock.is_of_run() { &WITHIN_A_RUN } else { &OVER_THE_RUN };
    let place = alike.iter().position(|other| *other == clock).unwrap_or(0);
    alike[(place + 1) % alike.len()]
}

/// The same figure over another clock; `None` where it is over none, or something in it belongs to no trial, whose clock
/// could be read. What lies beyond what a trial has recorded is left out, and the figure says so.
#[must_use]
pub fn on_clock(figure: &Figure, snapshot: &Snapshot, clock: Clock) -> Option<Figure> {
    let from = clock_of(figure).filter(|from| from.is_of_run() == clock.is_of_run())?;
    if from == clock {
        return Some(figure.clone());
    }
    let mut moved =
        Figure { x: axis(clock), layers: Vec::with_capacity(figure.layers.len()), settled: None, ..figure.clone() };
    let readings: Vec<(Ink, Reading)> =
        snapshot.shown().map(|trial| (ink(trial).ink, Reading::of(trial, from, clock))).collect();
    let mut is_cut = false;
    for layer in &figure.layers {
        let reading = readings.iter().find(|(ink, _)| *ink == layer.style.ink).map(|(_, reading)| reading);
        let shape = match (&layer.shape, reading) {
            (shape, _) if !lies_on_x(shape) => shape.clone(),
            (shape, Some(reading)) => reading.moved(shape, &mut is_cut)?,
            (Shape::Points(points), None) => Shape::Points(of_several(figure, points, &readings)?),
            (_, None) => return None,
        };
        moved.layers.push(Layer { shape, ..layer.clone() });
    }
    if is_cut {
        moved.notes.push("as far as this run has come: what comes later has no such clock".to_owned());
    }
    Some(moved)
}

/// Points of several trials, as those at which F rose: each lies where the trial's does whose line goes through it.
fn of_several(figure: &Figure, points: &[(f64, f64)], readings: &[(Ink, Reading)]) -> Option<Vec<(f64, f64)>> {
    let moved = |point: &(f64, f64)| {
        let goes_through = |layer: &&Layer| matches!(&layer.shape, Shape::Line(line) if line.contains(point));
        let mut inks = figure.layers.iter().filter(goes_through).map(|layer| layer.style.ink);
        let reading = inks.find_map(|ink| readings.iter().find(|(other, _)| *other == ink))?;
        Some((reading.1.at(point.0)?, point.1))
    };
    points.iter().map(moved).collect()
}

/// Whether a shape has places along x.
fn lies_on_x(shape: &Shape) -> bool {
    !matches!(shape, Shape::Horizontal(_))
}

/// How one clock of a trial stood when another did, in order.
struct Reading {
    pairs: Vec<(f64, f64)>,
    /// Where λ is now: what is drawn there has cost nothing yet, so that no other clock has a place for it.
    now: Option<f64>,
}

impl Reading {
    fn of(trial: &TrialView, from: Clock, to: Clock) -> Self {
        let read = |records: &Records| records.points(from.metric(), to.metric());
        let mut pairs = if from.is_of_run() {
            let behind = trial.behind.as_ref().map(|run| read(&run.steps)).unwrap_or_default();
            read(&trial.run.steps).into_iter().chain(behind).collect()
        } else {
            read(&trial.outer_records)
        };
        pairs.retain(|(from, to)| from.is_finite() && to.is_finite());
        pairs.sort_by(|a, b| a.0.total_cmp(&b.0));
        pairs.dedup_by(|a, b| a.0 == b.0);
        Self { pairs, now: (from == Clock::Outer).then_some(trial.outer as f64) }
    }

    /// How the other clock stood; between two records, in proportion.
    fn at(&self, x: f64) -> Option<f64> {
        let next = self.pairs.partition_point(|(from, _)| *from < x);
        let after = self.pairs.get(next)?;
        if after.0 == x {
            return Some(after.1);
        }
        let before = self.pairs.get(next.checked_sub(1)?)?;
        Some(before.1 + (x - before.0) / (after.0 - before.0) * (after.1 - before.1))
    }

    fn moved(&self, shape: &Shape, is_cut: &mut bool) -> Option<Shape> {
        moved(shape, |x| {
            let found = self.at(x);
            *is_cut |= found.is_none() && x.is_finite() && self.now != Some(x);
            found
        })
    }
}

/// The same shape with other places along x, without what has none; `None` for a shape whose places are no numbers of x.
pub(super) fn moved(shape: &Shape, mut to: impl FnMut(f64) -> Option<f64>) -> Option<Shape> {
    Some(match shape {
        Shape::Line(points) => Shape::Line(points.iter().filter_map(|(x, y)| Some((to(*x)?, *y))).collect()),
        Shape::Points(points) => Shape::Points(points.iter().filter_map(|(x, y)| Some((to(*x)?, *y))).collect()),
        Shape::Band(columns) => {
            Shape::Band(columns.iter().filter_map(|(x, low, high)| Some((to(*x)?, *low, *high))).collect())
        }
        Shape::Whiskers(ends) => {
            Shape::Whiskers(ends.iter().filter_map(|(x, low, high)| Some((to(*x)?, *low, *high))).collect())
        }
        Shape::Texts(texts) => {
            Shape::Texts(texts.iter().filter_map(|(x, y, words)| Some((to(*x)?, *y, words.clone()))).collect())
        }
        Shape::Vertical(x) => Shape::Vertical(to(*x)?),
        _ => return None,
    })
}
