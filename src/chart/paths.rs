//! Where each trial takes λ, in the plane of its first two entries.

use super::{Axis, Empty, Entry, Figure, Fit, Layer, Style, finish, ink, no_outer_step};
use crate::catalog::Card;
use crate::lab::{Snapshot, TrialView};
use crate::metric::LAMBDA;

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "paths",
        name: "Paths of λ",
        source: "Pedregosa 2016, figure 1",
        equation: "λ_k in the plane of its first two entries",
        summary: "Where the hypergradients of each trial take λ, in the plane of its first two entries. Where F has a \
                  least value in closed form, that is drawn too: a biased estimate settles at the zero of itself and \
                  not of ∇F.",
        cost: "none beyond the run",
        fails: "Two entries of many: paths that cross here may be far apart.",
        knobs: &[],
    },
    draw,
    finding: None,
};

fn draw(snapshot: &Snapshot) -> Figure {
    let first = snapshot.shown().next();
    let entries = first.map_or(0, |trial| trial.lambda.len());
    let name = |entry: usize| first.and_then(|trial| trial.lambda_names.get(entry)).cloned().unwrap_or_default();
    // Whoever walks away is what there is to see.
    let y = Axis::linear(name(1)).fitted(Fit::Everything);
    let mut figure = Figure::new(ENTRY.card.id, ENTRY.card.name, Axis::linear(name(0)), y);
    figure.empty = no_outer_step();
    if entries < 2 {
        let reason = "λ has one entry: there is no plane, and the chart of hyperparameters shows it over outer steps";
        figure.empty = Empty::because(reason);
        return finish(figure, snapshot);
    }
    let mut starts = Vec::new();
    for trial in snapshot.shown() {
        let path = path(trial);
        starts.extend(path.first().copied().filter(|start| !starts.contains(start)));
        figure.layers.push(Layer::line(&trial.setting.name, ink(trial), path).whose(&trial.setting.name));
    }
    if snapshot.shown().all(|trial| trial.outer_records.is_empty()) {
        // A path of one point shows nothing.
        figure.layers.clear();
        return finish(figure, snapshot);
    }
    figure.layers.push(Layer::points("start", Style::neutral(), starts));
    if let Some(minimum) = &snapshot.problem.minimum {
        let place = (minimum.lambda[0], minimum.lambda[1]);
        figure.layers.push(Layer::points("minimum of F", Style::foreground().emphasized(true), vec![place]));
    }
    if entries > 2 {
        figure.notes.push(format!("the first two of {entries} entries of λ"));
    }
    finish(figure, snapshot)
}

/// λ of every outer step, the one under way included.
fn path(trial: &TrialView) -> Vec<(f64, f64)> {
    let point = |lambda: &[f64]| Some((*lambda.first()?, *lambda.get(1)?));
    let steps = trial.outer_records.readings(&LAMBDA).filter_map(|(_, lambda)| point(lambda.vector()?));
    let now = trial.has_moved_on().then(|| point(&trial.lambda)).flatten();
    steps.chain(now).collect()
}
