//! How a plant comes back from an angle under the controller of each trial's model.

use super::{Axis, Entry, Figure, Fit, Layer, Style, finish, ink, no_outer_step, say_lack};
use crate::catalog::Card;
use crate::lab::{Snapshot, TrialView};
use crate::metric::{BEST_RESPONSE, Metric, RESPONSE};

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "response",
        name: "Closed-loop response",
        source: "step responses as in any textbook of control",
        equation: "x₁(t) from (0.3, 0) under u = −Kx, without noise",
        summary: "The angle of the plant after it is let go, under the controller that each trial has planned, beside the best one. A curve that \
                  leaves is a plant that is not held.",
        cost: "none",
        fails: "What actions cost is not in it: the quickest return is not the cheapest, which the regret says. A response without noise is one run of many.",
        knobs: &[],
    },
    draw,
    finding: None,
};

fn draw(snapshot: &Snapshot) -> Figure {
    let y = Axis::linear("angle, radians").fitted(Fit::Bulk);
    let mut figure = Figure::new(ENTRY.card.id, ENTRY.card.name, Axis::linear("seconds"), y);
    figure.empty = no_outer_step();
    let last = |trial: &TrialView, metric: &Metric| trial.outer_records.last()?.reading(metric)?.curve().cloned();
    for trial in snapshot.shown() {
        if let Some(found) = last(trial, &RESPONSE) {
            figure.layers.push(Layer::line(&trial.setting.name, ink(trial), found.to_vec()).whose(&trial.setting.name));
        }
    }
    if let Some(best) = snapshot.shown().find_map(|trial| last(trial, &BEST_RESPONSE)) {
        let line = Layer::line("the best controller", Style::foreground().dashed(), best.to_vec());
        figure.layers.push(line.quantity("the best controller"));
    }
    say_lack(&mut figure, snapshot, &[&RESPONSE]);
    finish(figure, snapshot)
}
