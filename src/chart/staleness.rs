//! How far what is solved with is behind the run: batches that are in it against batches that were seen, and where all were forgotten.

use super::{Axis, Entry, Figure, Layer, Style, finish, ink, no_outer_step, say_lack};
use crate::catalog::Card;
use crate::lab::{Snapshot, TrialView};
use crate::metric::{BATCHES_SEEN, BATCHES_USED, Clock, RESETS};

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "staleness",
        name: "Batches used and batches seen",
        source: "Kong, Chen, Zhang and Mou 2026; the picture is this project's",
        equation: "used: max(τ − s, 0), line;  seen: τ, dashed;  against inner steps",
        summary: "How many batches are in what each trial solves with, beside those that it has seen. The line is the factor \
                  that an estimate used, the dashed one what the run had seen by then; they are as far apart as the staleness \
                  says. A ring marks an estimate before which all batches were forgotten.",
        cost: "none",
        fails: "A batch that was left out, since a score of it was not finite, is in neither line.",
        knobs: &[],
    },
    draw,
    finding: None,
};

fn draw(snapshot: &Snapshot) -> Figure {
    let x = super::clock::axis(Clock::Inner);
    let mut figure = Figure::new(ENTRY.card.id, ENTRY.card.name, x, Axis::linear("batches").counting(true));
    let mut rings = Vec::new();
    let points = |trial: &TrialView, metric| trial.outer_records.points(Clock::Inner.metric(), metric);
    for trial in snapshot.shown() {
        let used = Layer::line(&trial.setting.name, ink(trial), points(trial, &BATCHES_USED));
        figure.layers.push(used.quantity("batches used"));
        rings.extend(resets(trial));
    }
    // On top: beneath the line of a trial without staleness they could not be seen.
    for trial in snapshot.shown() {
        let seen = Layer::line("", ink(trial).dashed(), points(trial, &BATCHES_SEEN)).whose(&trial.setting.name);
        figure.layers.push(seen.quantity("batches seen"));
    }
    if !rings.is_empty() {
        let style = Style::foreground().emphasized(true);
        figure.layers.push(Layer::points("all batches forgotten", style, rings).quantity("reset"));
    }
    figure.empty = no_outer_step();
    say_lack(&mut figure, snapshot, &[&BATCHES_USED]);
    finish(figure, snapshot)
}

/// What was used where there were more resets than at the estimate before.
fn resets(trial: &TrialView) -> Vec<(f64, f64)> {
    let mut before = 0.0;
    let mut found = Vec::new();
    for record in trial.outer_records.iter() {
        let Some(resets) = record.number(&RESETS) else { continue };
        if resets > before {
            found.extend(record.number(Clock::Inner.metric()).zip(record.number(&BATCHES_USED)));
        }
        before = resets;
    }
    found
}
