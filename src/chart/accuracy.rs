//! How good the model is on rows that neither objective saw, over outer steps, beside what one gets without
//! a bilevel method.

use super::{Axis, Entry, Figure, Layer, finish, ink, no_outer_step, say_lack};
use crate::catalog::Card;
use crate::lab::Snapshot;
use crate::metric::{OUTER_STEP, REFIT_ACCURACY, REFIT_LOSS, TEST_ACCURACY, TEST_LOSS};

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "accuracy",
        name: "Accuracy",
        source: "Franceschi et al. 2017, section 5.1; Shaban et al. 2019, section 5",
        equation: "share of the test rows, or of new tasks' rows, classified correctly; their mean loss where nothing is classified",
        summary: "How often the model is right: what counts in the end. Where labels are in doubt: beside no \
                  cleaning, clean rows alone, and an oracle that knows which labels are right.",
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
    let mut figure = Figure::new(ENTRY.card.id, title, Axis::steps("outer step"), Axis::linear(label));
    figure.empty = no_outer_step();
    for trial in snapshot.shown() {
        let name = &trial.setting.name;
        let tested = trial.outer_records.points(&OUTER_STEP, tested_by);
        let last = tested.last().map_or(f64::NAN, |point| point.1);
        let layer = Layer::line(name, ink(trial), tested);
        figure.layers.push(if last.is_finite() { layer.badge(format!("{last:.3}")) } else { layer });
        if trial.offers.has(refitted) && !trial.outer_records.is_empty() {
            let points = trial.outer_records.points(&OUTER_STEP, refitted);
            let quantity = "refitted on training and validation rows";
            figure.layers.push(Layer::line("", ink(trial).dashed(), points).whose(name).quantity(quantity));
        }
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

fn has_new_tasks(snapshot: &Snapshot) -> bool {
    snapshot.problem.data.as_ref().is_some_and(|data| !data.new_tasks.is_empty())
}
