//! Relative error of the hypergradient over the inner steps of the current outer step.

use super::last_run::draw_runs;
use super::{Axis, Entry, Figure, Layer, finish, ink, of_the_run, say_lack, say_truth};
use crate::catalog::Card;
use crate::lab::Snapshot;
use crate::metric::{INNER_STEPS, RELATIVE_ERROR};

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "hypergradient-error",
        name: "Hypergradient error",
        source: "Grazzi et al. 2020, figure 1",
        equation: "‖ĥ_t − ∇F‖ / ‖∇F‖",
        summary: "How wrong each estimate would be if the inner run stopped here.",
        cost: "an estimate at every measured inner step",
        fails: "The truth is that of the same data: an exact estimate can still be wrong about the world.",
        knobs: &[],
    },
    draw,
    finding: None,
};

fn draw(snapshot: &Snapshot) -> Figure {
    let title = format!("{} in outer step {}", ENTRY.card.name, snapshot.run);
    let y = Axis::logarithmic("relative error ‖ĥ − ∇F‖ / ‖∇F‖");
    let mut figure = Figure::new(ENTRY.card.id, title, Axis::steps("inner step"), y);
    draw_runs(&mut figure, snapshot, |trial, run| {
        vec![Layer::line(&trial.setting.name, ink(trial), run.steps.points(&INNER_STEPS, &RELATIVE_ERROR))]
    });
    say_truth(&mut figure, snapshot);
    figure.moment = of_the_run(snapshot);
    say_lack(&mut figure, snapshot, &[&RELATIVE_ERROR]);
    finish(figure, snapshot)
}
