//! How far F is from its least value, and how steep it is, against what single rows were asked: one run of each trial.

use super::{Axis, Entry, Figure, Layer, finish, ink, no_outer_step, say_lack};
use crate::catalog::Card;
use crate::lab::{Snapshot, TrialView};
use crate::math::number::plain;
use crate::math::statistics::mean;
use crate::metric::{EXCESS_FLOOR, EXCESS_VALUE, LEAST_NOTE, Metric, ROW_CALLS, Reading, TRUTH_NORM};

pub(super) const VALUE: Entry = Entry {
    card: Card {
        id: "excess",
        name: "Excess of F against row calls",
        source: "Dagréou, Ablin, Vaiter, Moreau 2022 (NeurIPS), section 4",
        equation: "F(λ_t) − F* against row calls",
        summary: "How much higher F is than it could be, for what single rows were asked. A plateau is the noise of batches \
                  under steps that do not fall; where a line reaches the rounding of F, no more can be known.",
        cost: "an exact inner solution at every outer step, and once as many as a descent on F takes",
        fails: "One run is a draw: the mean over its last tenth stands beside its name, and the spread over seeds is in the \
                descent of F.",
        knobs: &[],
    },
    draw: |snapshot| draw(snapshot, &VALUE, ("F(λ) − F*", &EXCESS_VALUE)),
    finding: None,
};

pub(super) const GRADIENT: Entry = Entry {
    card: Card {
        id: "stationarity",
        name: "Slope of F against row calls",
        source: "Dagréou, Ablin, Vaiter, Moreau 2022 (NeurIPS), theorems 1 to 4",
        equation: "‖∇F(λ_t)‖ against row calls",
        summary: "How steep F still is under λ, for what single rows were asked: zero at a minimum. Theory of stochastic \
                  methods bounds the mean of its square.",
        cost: "an exact answer at every outer step",
        fails: "Its size depends on how λ is scaled, and it is zero on a plateau of F as well.",
        knobs: &[],
    },
    draw: |snapshot| draw(snapshot, &GRADIENT, ("‖∇F(λ)‖", &TRUTH_NORM)),
    finding: None,
};

/// Of the row calls of a run, what its end is.
const END: f64 = 0.1;

/// Fewer outer steps than this have no end that a mean could be taken of.
const FEWEST: usize = 20;

fn draw(snapshot: &Snapshot, entry: &Entry, (label, metric): (&str, &Metric)) -> Figure {
    let (x, y) = (Axis::logarithmic("row calls"), Axis::logarithmic(label));
    let mut figure = Figure::new(entry.card.id, entry.card.name, x, y);
    for trial in snapshot.shown() {
        let points = trial.outer_records.points(&ROW_CALLS, metric);
        let end = end(&points).map(|end| format!("last tenth {}", plain(end)));
        let layer = Layer::line(&trial.setting.name, ink(trial), points);
        figure.layers.push(match end {
            Some(end) => layer.badge(end),
            None => layer,
        });
    }
    figure.empty = no_outer_step();
    if std::ptr::eq(metric, &EXCESS_VALUE) {
        say_least(&mut figure, snapshot);
    }
    say_lack(&mut figure, snapshot, &[metric]);
    finish(figure, snapshot)
}

/// The mean over the last tenth of the row calls.
fn end(points: &[(f64, f64)]) -> Option<f64> {
    let last = points.last().filter(|_| points.len() >= FEWEST)?.0;
    let of_end: Vec<f64> = points.iter().filter(|(x, _)| *x >= (1.0 - END) * last).map(|(_, y)| *y).collect();
    Some(mean(&of_end)).filter(|end| end.is_finite())
}

/// Where F* is from, and where an excess would be rounding.
fn say_least(figure: &mut Figure, snapshot: &Snapshot) {
    let note = |trial: &TrialView| match trial.outer_records.readings(&LEAST_NOTE).next_back() {
        Some((_, Reading::Words(words))) => Some(words.to_string()),
        _ => None,
    };
    let notes: Vec<String> = snapshot.shown().filter_map(note).collect();
    let floor =
        |trial: &TrialView| trial.outer_records.points(&ROW_CALLS, &EXCESS_FLOOR).last().map(|(_, floor)| *floor);
    let floor = snapshot.shown().filter_map(floor).fold(0.0, f64::max);
    let drawn = || figure.layers.iter().flat_map(Layer::samples).filter(|(_, y)| y.is_finite());
    if drawn().any(|(_, y)| y <= 10.0 * floor) {
        figure.layers.push(Layer::horizontal("rounding of F", floor));
    } else if drawn().next().is_none()
        && let Some(note) = notes.first()
    {
        figure.empty = super::Empty::because(note.clone());
    }
    figure.notes.extend(notes.into_iter().next());
}
