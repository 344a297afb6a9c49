//! One new task: its few points, the curve they come from, and what each trial makes of them.

use super::{Axis, Empty, Entry, Figure, Layer, Style, finish, ink, no_outer_step};
use crate::catalog::Card;
use crate::lab::Snapshot;
use crate::metric::{NEW_TASK, PRIOR};

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "one-task",
        name: "One new task",
        source: "Finn, Abbeel, Levine 2017, figure 2",
        equation: "φ(x)ᵀθ(λ; S) of a task that λ has not seen; dashed: φ(x)ᵀμ, what λ alone says",
        summary: "A task that was not there when λ was learned: a handful of noisy points. A good λ says what the curve \
                  does where there are none.",
        cost: "one inner run an outer step",
        fails: "It is one task: the test loss is the mean over all new ones.",
        knobs: &[],
    },
    draw,
    finding: None,
};

fn draw(snapshot: &Snapshot) -> Figure {
    let mut figure = Figure::new(ENTRY.card.id, ENTRY.card.name, Axis::linear("x"), Axis::linear("y"));
    figure.empty = Empty::because("no curve here: this chart is about tasks of one number, such as sinusoids");
    let data = snapshot.problem.data.as_ref();
    let task = data.and_then(|data| Some((data.places.as_ref()?, data.new_tasks.first()?)));
    if let Some((places, task)) = task {
        let over = |x: &[f64], y: &[f64]| x.iter().copied().zip(y.iter().copied()).collect::<Vec<_>>();
        let truth = over(&places.curve, &task.validation.targets);
        let mut has_model = false;
        for trial in snapshot.shown() {
            let last = trial.outer_records.last();
            let curve = |metric| last?.reading(metric)?.curve().map(|points| points.to_vec());
            if let Some(prior) = curve(&PRIOR) {
                let prior = Layer::line("", ink(trial).dashed(), prior).whose(&trial.setting.name);
                figure.layers.push(prior.quantity("what λ alone says, in the colour of its trial"));
            }
            if let Some(model) = curve(&NEW_TASK) {
                has_model = true;
                figure.layers.push(Layer::line(&trial.setting.name, ink(trial), model));
            }
        }
        // On top of what is made of it, in the ink that is read best.
        let truth = Layer::line("the curve itself", Style::foreground().thin(), truth);
        figure.layers.push(truth.quantity("the curve itself"));
        let support = over(&places.support, &task.training.targets);
        figure
            .layers
            .push(Layer::points("points to learn from", Style::neutral(), support).quantity("points to learn from"));
        if !has_model {
            figure.notes.push(no_outer_step().reason);
            figure.hints.push(no_outer_step().help);
        }
    }
    finish(figure, snapshot)
}
