//! Relative error of the hypergradient that each outer step used.

use super::{Axis, Entry, Figure, Layer, finish, ink, no_outer_step, say_lack, say_truth};
use crate::catalog::Card;
use crate::lab::Snapshot;
use crate::metric::{OUTER_STEP, RELATIVE_ERROR};

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "outer-error",
        name: "Hypergradient error over outer steps",
        source: "Pedregosa 2016, figure 2",
        equation: "‖ĥ_T(λ_k) − ∇F(λ_k)‖ / ‖∇F(λ_k)‖",
        summary: "How wrong the hypergradient was that moved λ, at every outer step.",
        cost: "none beyond the run",
        fails: "Near a minimum of F the truth vanishes and relative errors grow without anything being wrong.",
        knobs: &[],
    },
    draw,
    finding: None,
};

fn draw(snapshot: &Snapshot) -> Figure {
    let y = Axis::logarithmic("relative error ‖ĥ − ∇F‖ / ‖∇F‖");
    let mut figure = Figure::new(ENTRY.card.id, ENTRY.card.name, Axis::steps("outer step"), y);
    for trial in snapshot.shown() {
        let points = trial.outer_records.points(&OUTER_STEP, &RELATIVE_ERROR);
        figure.layers.push(Layer::line(&trial.setting.name, ink(trial), points));
    }
    say_truth(&mut figure, snapshot);
    figure.empty = no_outer_step();
    say_lack(&mut figure, snapshot, &[&RELATIVE_ERROR]);
    finish(figure, snapshot)
}
