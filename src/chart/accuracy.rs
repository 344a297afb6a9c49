//! How good the model is on rows that neither objective saw, over outer steps, beside what one gets without
//! a bilevel method.

use super::{Axis, Entry, Figure, Layer, finish, ink};
use crate::catalog::Card;
use crate::lab::{Snapshot, TrialView};
use crate::problem::Score;

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "accuracy",
        name: "Accuracy",
        source: "Franceschi et al. 2017, section 5.1; Shaban et al. 2019, section 5",
        equation: "share of the test rows, or of new tasks' rows, classified correctly; their mean loss where nothing is classified",
        summary: "What counts in the end. Where labels are in doubt: beside no cleaning, clean rows alone, and an oracle \
                  that knows which labels are right.",
        cost: "none beyond the run; three inner runs, once, for the baselines",
        fails: "A few hundred test rows tell apart no less than a percent or two.",
        knobs: &[],
    },
    draw,
    finding: None,
};

/// What is drawn of a score.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Accuracy,
    Loss,
}

impl Kind {
    fn of(self, score: Option<Score>) -> f64 {
        score.map_or(f64::NAN, |score| match self {
            Self::Accuracy => score.accuracy.unwrap_or(f64::NAN),
            Self::Loss => score.loss,
        })
    }
}

fn draw(snapshot: &Snapshot) -> Figure {
    let kind = if snapshot.shown().any(classifies) { Kind::Accuracy } else { Kind::Loss };
    let whose = if has_new_tasks(snapshot) { "new tasks" } else { "test rows" };
    let (title, label) = match kind {
        Kind::Accuracy => (format!("Accuracy on {whose}"), format!("accuracy on {whose}")),
        Kind::Loss => (format!("Loss on {whose}"), format!("mean loss on {whose}")),
    };
    let mut figure = Figure::new(ENTRY.card.id, title, Axis::steps("outer step"), Axis::linear(label));
    "no outer step yet: press N for one".clone_into(&mut figure.empty);
    let mut refitted = false;
    for trial in snapshot.shown() {
        let name = &trial.setting.name;
        let tested = path(trial, |record| kind.of(record.scores[2]));
        let last = tested.last().map_or(f64::NAN, |point| point.1);
        let layer = Layer::line(name, ink(trial), tested);
        figure.layers.push(if last.is_finite() { layer.badge(format!("{last:.3}")) } else { layer });
        let refit = path(trial, |record| kind.of(record.refit));
        if refit.iter().any(|(_, y)| y.is_finite()) {
            refitted = true;
            figure.layers.push(Layer::line("", ink(trial).dashed(), refit));
        }
    }
    for baseline in snapshot.problem.baselines.iter() {
        let level = kind.of(Some(baseline.test));
        figure.layers.push(Layer::horizontal(format!("{} {level:.3}", baseline.name), level));
    }
    if refitted {
        figure.notes.push("dashed: refitted on training and validation rows".to_owned());
    }
    if kind == Kind::Loss && has_new_tasks(snapshot) {
        figure.notes.push("half the mean squared error; each new task is learned with this λ".to_owned());
    }
    finish(figure, snapshot)
}

fn classifies(trial: &TrialView) -> bool {
    trial.outer_records.iter().any(|record| record.scores[2].is_some_and(|score| score.accuracy.is_some()))
}

fn has_new_tasks(snapshot: &Snapshot) -> bool {
    snapshot.problem.data.as_ref().is_some_and(|data| !data.new_tasks.is_empty())
}

fn path(trial: &TrialView, of: impl Fn(&crate::trial::OuterRecord) -> f64) -> Vec<(f64, f64)> {
    trial.outer_records.iter().map(|record| (record.step as f64, of(record))).collect()
}
