//! Training, validation and test loss: over outer steps once there are two, before that over inner steps.

use super::last_run::draw_behind;
use super::whole_runs::{WholeRuns, median, quartiles};
use super::{Axis, Entry, Figure, Fit, Layer, by_outer_step, finish, ink, of_the_run, smoothing};
use crate::catalog::Card;
use crate::lab::{Snapshot, TrialView};
use crate::metric::{INNER_STEPS, Metric, OUTER_STEP, OUTER_VALUE, TEST_LOSS, TRAINING_LOSS, VALIDATION_LOSS};
use crate::probe::overfitting::Quantity;
use crate::trial::InnerRun;

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "losses",
        name: "Losses",
        source: "Franceschi et al. 2018, section 2",
        equation: "mean loss of θ_T on training, validation and test rows, without penalty",
        summary: "The loss on the rows that the model learns from, on those that judge λ, and on those that count. \
                  They are called training, validation and test. Once whole runs with several seeds were measured: \
                  their medians, with the quartiles of the test.",
        cost: "none beyond the run",
        fails: "A validation loss that falls while the test loss rises is overfitting to the validation set.",
        knobs: &[],
    },
    draw,
    finding: None,
};

fn draw(snapshot: &Snapshot) -> Figure {
    let over_outer = by_outer_step(snapshot);
    let x = if over_outer { Axis::steps("outer step") } else { Axis::steps("inner step") };
    let title = if over_outer {
        "Losses over outer steps".to_owned()
    } else {
        format!("Losses in outer step {}", snapshot.run)
    };
    let y = Axis::linear("mean loss").fitted(Fit::Bulk);
    let mut figure = Figure::new(ENTRY.card.id, title, x, y);
    match WholeRuns::of(snapshot).filter(|_| over_outer) {
        Some(runs) => draw_seeds(&runs, &mut figure),
        None => draw_run(snapshot, over_outer, &mut figure),
    }
    if !over_outer {
        figure.moment = of_the_run(snapshot);
        draw_behind(&mut figure, snapshot, whole_run);
    }
    finish(figure, snapshot)
}

/// What stands behind a run that goes on: validation and test, or the outer objective of a problem without rows.
fn whole_run(trial: &TrialView, run: &InnerRun) -> Vec<Layer> {
    let line = |metric: &Metric, quantity: &str| {
        let points = run.steps.points(&INNER_STEPS, metric);
        is_drawn(&points).then(|| Layer::line("", ink(trial), points).quantity(quantity))
    };
    let losses: Vec<Layer> =
        [line(&VALIDATION_LOSS, "validation"), line(&TEST_LOSS, "test")].into_iter().flatten().collect();
    if losses.is_empty() { line(&OUTER_VALUE, "outer objective").into_iter().collect() } else { losses }
}

/// Medians over seeds, with the quartiles of the test.
fn draw_seeds(runs: &WholeRuns<'_>, figure: &mut Figure) {
    runs.say(figure);
    for (trial, found) in &runs.trials {
        let of = |quantity| median(found.curves(quantity));
        let test = found.curves(Quantity::Test);
        figure.layers.extend(quartiles(test, ink(trial), &trial.setting.name));
        let curves = [Quantity::Training, Quantity::Validation, Quantity::Test].map(of);
        add(trial, curves, false, figure);
    }
    figure.notes.push("medians; shaded: quartiles of the test".to_owned());
}

fn draw_run(snapshot: &Snapshot, over_outer: bool, figure: &mut Figure) {
    let mut window = 1;
    for trial in snapshot.shown() {
        let curves = [&TRAINING_LOSS, &VALIDATION_LOSS, &TEST_LOSS].map(|loss| points(trial, over_outer, loss));
        if is_drawn(&curves[1]) {
            window = window.max(add(trial, curves, over_outer && smoothing::is_noisy(trial), figure));
        } else {
            // A problem without rows has an outer objective all the same.
            figure.y.label = "outer objective f".to_owned();
            let objective = points(trial, over_outer, &OUTER_VALUE);
            figure.layers.push(Layer::line(&trial.setting.name, ink(trial), objective));
        }
    }
    figure.notes.extend(smoothing::note(window));
}

/// Training dashed, validation thin, test thick; the last of them that there is carries the name. Says how many steps
/// are averaged.
fn add(trial: &TrialView, curves: [Vec<(f64, f64)>; 3], is_noisy: bool, figure: &mut Figure) -> usize {
    let named = curves.iter().rposition(|curve| is_drawn(curve));
    // Without test rows the validation loss is what there is to follow.
    let validation = if is_drawn(&curves[2]) { ink(trial).thin() } else { ink(trial) };
    let mut most = 1;
    for (kind, curve) in curves.into_iter().enumerate().filter(|(_, curve)| is_drawn(curve)) {
        let style = [ink(trial).thin().dashed(), validation, ink(trial).thick()][kind];
        let name = if named == Some(kind) { trial.setting.name.as_str() } else { "" };
        let line = Layer::line(name, style, curve).whose(&trial.setting.name);
        let (layers, window) = smoothing::layers(line.quantity(["training", "validation", "test"][kind]), is_noisy);
        figure.layers.extend(layers);
        most = most.max(window);
    }
    most
}

fn is_drawn(points: &[(f64, f64)]) -> bool {
    points.iter().any(|(_, y)| y.is_finite())
}

fn points(trial: &TrialView, over_outer: bool, metric: &Metric) -> Vec<(f64, f64)> {
    if over_outer {
        trial.outer_records.points(&OUTER_STEP, metric)
    } else {
        trial.run.steps.points(&INNER_STEPS, metric)
    }
}
