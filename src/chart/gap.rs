//! What a trial thinks it has gained and the world does not confirm, at equal cost.

use super::{Axis, Entry, Figure, Layer, finish, ink, no_outer_step, say_lack};
use crate::catalog::Card;
use crate::lab::Snapshot;
use crate::metric::{CALLS, GAP};

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "gap",
        name: "Gap between test and validation",
        source: "Zhou, Shu, Liu, Meng 2026",
        equation: "test loss − validation loss of θ_T(λ_k), against oracle calls",
        summary: "How much better λ looks on the validation rows than it is. The horizontal axis is cost, so that a \
                  trial with K members is not K steps ahead for free.",
        cost: "none beyond the run",
        fails: "A gap can be large and harmless: what counts in the end is the test loss itself.",
        knobs: &[],
    },
    draw,
    finding: None,
};

fn draw(snapshot: &Snapshot) -> Figure {
    let x = Axis::logarithmic("oracle calls");
    let mut figure = Figure::new(ENTRY.card.id, ENTRY.card.name, x, Axis::linear("test loss − validation loss"));
    figure.empty = no_outer_step();
    for trial in snapshot.shown() {
        let points = trial.outer_records.points(&CALLS, &GAP);
        figure.layers.push(Layer::line(&trial.setting.name, ink(trial), points));
    }
    say_lack(&mut figure, snapshot, &[&GAP]);
    finish(figure, snapshot)
}
