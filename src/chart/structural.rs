//! The function of a regressor that instrumental variables are to find, beside what least squares make of it.

use super::{Axis, Entry, Figure, Fit, Layer, Style, beside_trials, finish, ink, no_outer_step, say_lack};
use crate::catalog::Card;
use crate::data::{Prepared, Samples};
use crate::lab::Snapshot;
use crate::metric::{LEAST_SQUARES_FUNCTION, Metric, STRUCTURAL_FUNCTION};

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "structural",
        name: "What the regressor does",
        source: "Petrulionyte, Mairal, Arbel 2024, section 4",
        equation: "f_λ(x) = λᵀψ(x); points: (x, y) of the validation rows; the curve itself, where the source knows it",
        summary: "The function of the regressor that each trial has found, beside the true one and least squares. The points do not lie \
                  around the true curve, since what is left out moves both x and y.",
        cost: "none",
        fails: "It is drawn for one regressor without controls.",
        knobs: &[],
    },
    draw,
    finding: None,
};

/// Rows drawn at most: more would hide the curves.
const MOST_POINTS: usize = 150;

fn draw(snapshot: &Snapshot) -> Figure {
    let y = Axis::linear("y").fitted(Fit::Bulk);
    let mut figure = Figure::new(ENTRY.card.id, ENTRY.card.name, Axis::linear("x"), y);
    figure.empty = no_outer_step();
    let mut points = rows(snapshot);
    let all = points.len();
    let every = all.div_ceil(MOST_POINTS).max(1);
    points = points.into_iter().step_by(every).collect();
    if every > 1 {
        figure.notes.push(format!("{} of {all} rows", points.len()));
    }
    figure
        .layers
        .push(Layer::points("rows that validate", Style::neutral().faint(), points).quantity("rows that validate"));
    let last = |metric: &Metric| {
        let mut trials =
            snapshot.shown().filter_map(|trial| trial.outer_records.last()?.reading(metric)?.curve().cloned());
        trials.next()
    };
    if let Some(least_squares) = last(&LEAST_SQUARES_FUNCTION) {
        let name = "least squares";
        let line = Layer::line(name, beside_trials(snapshot, 0).dashed(), least_squares.to_vec());
        figure.layers.push(line.quantity(name));
    }
    let mut has_curve = false;
    for trial in snapshot.shown() {
        let found = trial.outer_records.last().and_then(|last| last.reading(&STRUCTURAL_FUNCTION)?.curve().cloned());
        if let Some(found) = found {
            has_curve = true;
            figure.layers.push(Layer::line(&trial.setting.name, ink(trial), found.to_vec()));
        }
    }
    if let Some(curve) = known(snapshot) {
        figure
            .layers
            .push(Layer::line("the curve itself", Style::foreground().thin(), curve).quantity("the curve itself"));
    }
    if !has_curve && regressor(snapshot).is_some() {
        figure.notes.push(no_outer_step().reason);
        figure.hints.push(no_outer_step().help);
    }
    say_lack(&mut figure, snapshot, &[&STRUCTURAL_FUNCTION]);
    finish(figure, snapshot)
}

/// The target against the only regressor, of the rows that validate.
fn rows(snapshot: &Snapshot) -> Vec<(f64, f64)> {
    let of = |data: &Prepared, column: usize| points(&data.split.validation, column);
    regressor(snapshot).map(|(data, column)| of(data, column)).unwrap_or_default()
}

/// The true function at the test rows, which are judged by it, where the source knows it.
fn known(snapshot: &Snapshot) -> Option<Vec<(f64, f64)>> {
    let (data, column) = regressor(snapshot).filter(|(data, _)| !data.dataset.curve.is_empty())?;
    let mut points = points(&data.split.test, column);
    points.sort_by(|a, b| a.0.total_cmp(&b.0));
    Some(points)
}

fn regressor(snapshot: &Snapshot) -> Option<(&Prepared, usize)> {
    let column = snapshot.experiment.problem.structural()?.regressor()?;
    Some((snapshot.problem.data.as_deref()?, column))
}

fn points(samples: &Samples, column: usize) -> Vec<(f64, f64)> {
    samples.features.column(column).into_iter().zip(samples.targets.iter().copied()).collect()
}
