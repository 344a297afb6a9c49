//! The value function over outer steps, with every step that made it worse marked.

use super::{Axis, Entry, Figure, Layer, Style, finish, ink, least, no_outer_step, say_lack};
use crate::catalog::Card;
use crate::lab::Snapshot;
use crate::metric::{OUTER_STEP, VALUE, WORSE};

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "value",
        name: "Value function",
        source: "Franceschi et al. 2018, equation 2",
        equation: "F(λ_k) = f(λ_k, θ*(λ_k))",
        summary: "What the outer loop really minimizes, at the exact inner solution; steps that made it worse are marked.",
        cost: "an exact inner solution at every outer step",
        fails: "It is the value on these very rows, not the value out in the world.",
        knobs: &[],
    },
    draw,
    finding: None,
};

fn draw(snapshot: &Snapshot) -> Figure {
    let mut figure =
        Figure::new(ENTRY.card.id, ENTRY.card.name, Axis::steps("outer step"), Axis::linear("F(λ) = f(λ, θ*(λ))"));
    let mut worse = Vec::new();
    for trial in snapshot.shown() {
        let mut points = trial.outer_records.points(&OUTER_STEP, &VALUE);
        if trial.has_moved_on() {
            points.push((trial.outer as f64, trial.here.number(&VALUE).unwrap_or(f64::NAN)));
        }
        let rose = trial.outer_records.iter().filter(|record| record.number(&WORSE) == Some(1.0));
        worse.extend(rose.filter_map(|record| record.number(&OUTER_STEP).zip(record.number(&VALUE))));
        figure.layers.push(Layer::line(&trial.setting.name, ink(trial), points));
    }
    if !worse.is_empty() {
        let name = format!("F rose ({} of the steps)", worse.len());
        figure.layers.push(Layer::points(&name, Style::neutral(), worse).quantity(name));
    }
    figure.layers.extend(least(snapshot));
    figure.empty = no_outer_step();
    say_lack(&mut figure, snapshot, &[&VALUE]);
    finish(figure, snapshot)
}
