//! Training, validation and test loss: over outer steps once there are two, before that over inner steps.

use super::last_run::draw_behind;
use super::{Axis, Entry, Figure, Layer, by_outer_step, finish, ink, of_the_run};
use crate::catalog::Card;
use crate::lab::{Snapshot, TrialView};
use crate::metric::{INNER_STEPS, Metric, OUTER_STEP, OUTER_VALUE, TEST_LOSS, TRAINING_LOSS, VALIDATION_LOSS};
use crate::trial::InnerRun;

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "losses",
        name: "Losses",
        source: "Franceschi et al. 2018, section 2",
        equation: "mean loss of θ_T on training, validation and test rows, without penalty",
        summary: "The loss on the rows that the model learns from, on those that judge λ, and on those that count. \
                  They are called training, validation and test.",
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
    let mut figure = Figure::new(ENTRY.card.id, title, x, Axis::linear("mean loss"));
    for trial in snapshot.shown() {
        let [training, validation, test] = curves(trial, over_outer);
        let name = &trial.setting.name;
        let drawn = |points: &[(f64, f64)]| points.iter().any(|(_, y)| y.is_finite());
        if drawn(&validation) {
            figure.layers.push(Layer::line(name, ink(trial), validation).quantity("validation"));
        } else {
            // A problem without rows has an outer objective all the same.
            figure.y.label = "outer objective f".to_owned();
            figure.layers.push(Layer::line(name, ink(trial), points(trial, over_outer, &OUTER_VALUE)));
        }
        if drawn(&test) {
            figure.layers.push(Layer::line("", ink(trial).dashed(), test).whose(name).quantity("test"));
        }
        if drawn(&training) {
            figure.layers.push(Layer::points("", ink(trial), training).whose(name).quantity("training"));
        }
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
        points.iter().any(|(_, y)| y.is_finite()).then(|| Layer::line("", ink(trial), points).quantity(quantity))
    };
    let losses: Vec<Layer> =
        [line(&VALIDATION_LOSS, "validation"), line(&TEST_LOSS, "test")].into_iter().flatten().collect();
    if losses.is_empty() { line(&OUTER_VALUE, "outer objective").into_iter().collect() } else { losses }
}

fn curves(trial: &TrialView, over_outer: bool) -> [Vec<(f64, f64)>; 3] {
    [&TRAINING_LOSS, &VALIDATION_LOSS, &TEST_LOSS].map(|loss| points(trial, over_outer, loss))
}

fn points(trial: &TrialView, over_outer: bool, metric: &Metric) -> Vec<(f64, f64)> {
    if over_outer {
        trial.outer_records.points(&OUTER_STEP, metric)
    } else {
        trial.run.steps.points(&INNER_STEPS, metric)
    }
}
