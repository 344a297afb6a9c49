//! Cosine between estimate and truth over the inner steps of the current outer step.

use super::last_run::draw_runs;
use super::{Axis, Entry, Figure, Layer, finish, ink, of_the_run, say_lack, say_truth};
use crate::catalog::Card;
use crate::lab::Snapshot;
use crate::metric::{COSINE, INNER_STEPS};

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "cosine",
        name: "Cosine to the truth",
        source: "Lorraine et al. 2020, figure 4",
        equation: "⟨ĥ_t, ∇F⟩ / (‖ĥ_t‖ ‖∇F‖)",
        summary: "Whether the estimate points the right way, whatever its length: above zero, a small step improves F.",
        cost: "an estimate at every measured inner step",
        fails: "Undefined while an estimate is zero, as unrolled ones are before the first step; with one λ it is ±1.",
        knobs: &[],
    },
    draw,
    finding: None,
};

fn draw(snapshot: &Snapshot) -> Figure {
    let title = format!("{} in outer step {}", ENTRY.card.name, snapshot.run);
    let y = Axis::linear("cos(ĥ, ∇F)").bounded(COSINE.unit.bounds());
    let mut figure = Figure::new(ENTRY.card.id, title, Axis::steps("inner step"), y);
    draw_runs(&mut figure, snapshot, |trial, run| {
        vec![Layer::line(&trial.setting.name, ink(trial), run.steps.points(&INNER_STEPS, &COSINE))]
    });
    say_truth(&mut figure, snapshot);
    figure.moment = of_the_run(snapshot);
    say_lack(&mut figure, snapshot, &[&COSINE]);
    finish(figure, snapshot)
}
