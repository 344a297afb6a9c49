//! The value function against what it cost to get there.

use super::{Axis, Entry, Figure, Layer, finish, ink, least, no_outer_step, say_lack};
use crate::catalog::Card;
use crate::lab::Snapshot;
use crate::metric::{CALLS, VALUE};

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "value-against-cost",
        name: "Value against cost",
        source: "Grazzi et al. 2020, section 5",
        equation: "F(λ_k) = f(λ_k, θ*(λ_k)) against the oracle calls spent with outer step k",
        summary: "What the outer loop has got for its money: long inner runs buy few good steps, short ones many rough ones.",
        cost: "an exact inner solution at every outer step",
        fails: "Factorizations and memory are no calls. Under another pace than equal cost the lines end at different calls.",
        knobs: &[],
    },
    draw,
    finding: None,
};

fn draw(snapshot: &Snapshot) -> Figure {
    let x = Axis::logarithmic("oracle calls");
    let mut figure = Figure::new(ENTRY.card.id, ENTRY.card.name, x, Axis::linear("F(λ) = f(λ, θ*(λ))"));
    for trial in snapshot.shown() {
        figure.layers.push(Layer::line(&trial.setting.name, ink(trial), trial.outer_records.points(&CALLS, &VALUE)));
    }
    figure.notes.push(format!("pace: {}", snapshot.pace.card().name.to_lowercase()));
    figure.layers.extend(least(snapshot));
    figure.empty = no_outer_step();
    say_lack(&mut figure, snapshot, &[&VALUE]);
    finish(figure, snapshot)
}
