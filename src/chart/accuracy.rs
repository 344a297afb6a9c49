//! How good the model is on rows that neither objective saw, over outer steps, beside what one gets without
//! a bilevel method.

use super::whole_runs::{WholeRuns, median, quartiles};
use super::{Axis, Entry, Figure, Layer, finish, ink, no_outer_step, say_lack};
use crate::catalog::Card;
use crate::lab::{Snapshot, TrialView};
use crate::metric::{Metric, OUTER_STEP, REFIT_ACCURACY, REFIT_LOSS, TEST_ACCURACY, TEST_LOSS};
use crate::probe::overfitting::Quantity;

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "accuracy",
        name: "Accuracy",
        source: "Franceschi et al. 2017, section 5.1; Shaban et al. 2019, section 5",
        equation: "share of the test rows, or of new tasks' rows, classified correctly; their mean loss where nothing is classified",
        summary: "How often the model is right or, where nothing is classified, its loss: what counts in the end. \
                  Where labels are in doubt: beside no cleaning, clean rows alone, and an oracle that knows which labels \
                  are right.",
        cost: "none beyond the run; three inner runs, once, for the baselines",
        fails: "A few hundred test rows tell apart no less than a percent or two.",
        knobs: &[],
    },
    draw,
    finding: None,
};

fn draw(snapshot: &Snapshot) -> Figure {
    let classifies = snapshot.shown().any(|trial| trial.offers.has(&TEST_ACCURACY));
    let whose = if has_new_tasks(snapshot) { "new tasks" } else { "test rows" };
    let (title, label, tested_by, refitted) = if classifies {
        (format!("Accuracy on {whose}"), format!("accuracy on {whose}"), &TEST_ACCURACY, &REFIT_ACCURACY)
    } else {
        (format!("Loss on {whose}"), format!("mean loss on {whose}"), &TEST_LOSS, &REFIT_LOSS)
    };
    let y = Axis::linear(label).bounded(tested_by.unit.bounds());
    let mut figure = Figure::new(ENTRY.card.id, title, Axis::steps("outer step"), y);
    figure.empty = no_outer_step();
    match WholeRuns::of(snapshot) {
        Some(runs) => draw_seeds(&runs, classifies, &mut figure),
        None => draw_run(snapshot, [tested_by, refitted], &mut figure),
    }
    for baseline in snapshot.problem.baselines.iter() {
        let level = if classifies { baseline.test.accuracy.unwrap_or(f64::NAN) } else { baseline.test.loss };
        figure.layers.push(Layer::horizontal(format!("{} {level:.3}", baseline.name), level));
    }
    say_lack(&mut figure, snapshot, &[tested_by, refitted]);
    if !classifies && has_new_tasks(snapshot) {
        figure.notes.push("half the mean squared error; each new task is learned with this λ".to_owned());
    }
    finish(figure, snapshot)
}

fn draw_run(snapshot: &Snapshot, [tested_by, refitted]: [&Metric; 2], figure: &mut Figure) {
    for trial in snapshot.shown() {
        let tested = trial.outer_records.points(&OUTER_STEP, tested_by);
        let refitted = trial.outer_records.points(&OUTER_STEP, refitted);
        figure.layers.extend(lines(trial, tested, refitted));
    }
}

/// Medians over seeds, with the quartiles of the test.
fn draw_seeds(runs: &WholeRuns<'_>, classifies: bool, figure: &mut Figure) {
    runs.say(figure);
    let (tested_by, refitted) =
        if classifies { (Quantity::TestAccuracy, Quantity::RefitAccuracy) } else { (Quantity::Test, Quantity::Refit) };
    for (trial, found) in &runs.trials {
        let tested = found.curves(tested_by);
        figure.layers.extend(quartiles(tested, ink(trial), &trial.setting.name));
        figure.layers.extend(lines(trial, median(tested), median(found.curves(refitted))));
    }
    figure.notes.push("medians; shaded: quartiles of the test".to_owned());
}

/// What is tested as a line with its last value, and the refit dashed, where there is one.
fn lines(trial: &TrialView, tested: Vec<(f64, f64)>, refitted: Vec<(f64, f64)>) -> Vec<Layer> {
    let name = &trial.setting.name;
    let last = tested.last().map_or(f64::NAN, |point| point.1);
    let layer = Layer::line(name, ink(trial), tested);
    let mut layers = vec![if last.is_finite() { layer.badge(format!("{last:.3}")) } else { layer }];
    if refitted.iter().any(|(_, y)| y.is_finite()) {
        let quantity = "refitted on training and validation rows";
        layers.push(Layer::line("", ink(trial).dashed(), refitted).whose(name).quantity(quantity));
    }
    layers
}

fn has_new_tasks(snapshot: &Snapshot) -> bool {
    snapshot.problem.data.as_ref().is_some_and(|data| !data.new_tasks.is_empty())
}
