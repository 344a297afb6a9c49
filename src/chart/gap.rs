//! What a trial thinks it has gained and the world does not confirm, at equal cost.

use super::clock::moved;
use super::whole_runs::{WholeRuns, median, quartiles};
use super::{Axis, Entry, Figure, Fit, Layer, finish, ink, no_outer_step, say_lack, smoothing};
use crate::catalog::Card;
use crate::lab::Snapshot;
use crate::metric::{CALLS, GAP};
use crate::probe::overfitting::Quantity;

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
    let y = Axis::linear("test loss − validation loss").fitted(Fit::Bulk);
    let mut figure = Figure::new(ENTRY.card.id, ENTRY.card.name, x, y);
    figure.empty = no_outer_step();
    match WholeRuns::of(snapshot) {
        Some(runs) => draw_seeds(&runs, &mut figure),
        None => draw_run(snapshot, &mut figure),
    }
    say_lack(&mut figure, snapshot, &[&GAP]);
    finish(figure, snapshot)
}

fn draw_run(snapshot: &Snapshot, figure: &mut Figure) {
    let mut window = 1;
    for trial in snapshot.shown() {
        let points = trial.outer_records.points(&CALLS, &GAP);
        let line = Layer::line(&trial.setting.name, ink(trial), points).whose(&trial.setting.name);
        let (layers, steps) = smoothing::layers(line, smoothing::is_noisy(trial));
        figure.layers.extend(layers);
        window = window.max(steps);
    }
    figure.notes.extend(smoothing::note(window));
}

/// Median and quartiles of each seed's own gap: the median of a difference is not the difference of the medians.
fn draw_seeds(runs: &WholeRuns<'_>, figure: &mut Figure) {
    runs.say(figure);
    for (trial, found) in &runs.trials {
        let (name, gap) = (&trial.setting.name, found.curves(Quantity::Gap));
        // Every seed takes as many steps; what they cost differs little, and the mean stands for it.
        let calls = |step: f64| found.calls.get(step as usize).copied();
        let layers = quartiles(gap, ink(trial), name).into_iter().chain([Layer::line(name, ink(trial), median(gap))]);
        let placed = layers.filter_map(|layer| Some(Layer { shape: moved(&layer.shape, calls)?, ..layer }));
        figure.layers.extend(placed);
    }
    figure.notes.push("medians; shaded: quartiles over the seeds".to_owned());
}
