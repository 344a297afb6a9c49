//! The least F that was found so far, against what was paid for it.

use super::{Axis, Entry, Figure, Layer, clock, finish, ink, least, no_outer_step};
use crate::catalog::Card;
use crate::lab::{Snapshot, TrialView};
use crate::metric::{BEST_VALUE, Clock, UNITS};

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "best-f",
        name: "Best F",
        source: "Tao et al. 2020, figures of the best student; oracle units are this project's",
        equation: "min over all that was paid for so far of f(λ, θ), against oracle units",
        summary: "How good the best λ is that each trial has found, against what it has paid. A value of F is one unit, with its hypergradient \
                  two. What a teacher asked for counts on both axes. Where the least F is known, drawn is what is left to it.",
        cost: "none beyond the run",
        fails: "One seed: a single run is the best or the worst. Against outer steps, which the clock can be turned to, K students look as cheap as one.",
        knobs: &[],
    },
    draw,
    finding: None,
};

fn draw(snapshot: &Snapshot) -> Figure {
    let found: Vec<(&TrialView, Vec<(f64, f64)>)> =
        snapshot.shown().map(|trial| (trial, trial.outer_records.points(&UNITS, &BEST_VALUE))).collect();
    let known = snapshot.problem.minimum.as_ref().map(|minimum| minimum.value);
    // An inner run that has not come to its end may leave f below the least F: then there is no excess.
    let is_below = |least: f64| {
        let values = found.iter().flat_map(|(_, points)| points);
        values.into_iter().any(|(_, value)| *value < least - 1e-12 * least.abs().max(1.0))
    };
    let known = known.filter(|least| !is_below(*least));
    let y = match known {
        Some(_) => Axis::logarithmic("best F − least F").ending_in("exact"),
        None => Axis::linear("best F"),
    };
    let mut figure = Figure::new(ENTRY.card.id, ENTRY.card.name, clock::axis(Clock::Units), y);
    for (trial, points) in found {
        let left = |value: f64| known.map_or(value, |least| (value - least).max(0.0));
        let points = points.into_iter().map(|(units, value)| (units, left(value))).collect();
        let name = &trial.setting.name;
        figure.layers.push(Layer::line(name, ink(trial), points).whose(name).quantity("best F"));
    }
    if known.is_none() {
        figure.layers.extend(least(snapshot));
    }
    figure.empty = no_outer_step();
    finish(figure, snapshot)
}
