//! Relative error of the hypergradient against what it cost, in this outer step.

use super::last_run::draw_runs;
use super::{Axis, Entry, Figure, Layer, finish, ink, of_the_run, say_lack, say_truth};
use crate::catalog::Card;
use crate::lab::Snapshot;
use crate::metric::{RELATIVE_ERROR, RUN_CALLS};

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "error-against-cost",
        name: "Error against cost",
        source: "Grazzi et al. 2020, section 5",
        equation: "‖ĥ_t − ∇F‖ / ‖∇F‖ against oracle calls",
        summary: "How wrong an estimate is against what it has cost, if the inner run stops here. The inner steps \
                  and the estimate itself count, in gradients, Hessian-vector and cross products.",
        cost: "an estimate at every measured inner step",
        fails: "Calls are counted alike, and factorizations and memory not at all: see the reading for those.",
        knobs: &[],
    },
    draw,
    finding: None,
};

fn draw(snapshot: &Snapshot) -> Figure {
    let x = Axis::logarithmic("oracle calls since the inner run began");
    let y = Axis::logarithmic("relative error ‖ĥ − ∇F‖ / ‖∇F‖");
    let title = format!("{} in outer step {}", ENTRY.card.name, snapshot.run);
    let mut figure = Figure::new(ENTRY.card.id, title, x, y);
    draw_runs(&mut figure, snapshot, |trial, run| {
        vec![Layer::line(&trial.setting.name, ink(trial), run.steps.points(&RUN_CALLS, &RELATIVE_ERROR))]
    });
    say_truth(&mut figure, snapshot);
    figure.moment = of_the_run(snapshot);
    say_lack(&mut figure, snapshot, &[&RELATIVE_ERROR]);
    finish(figure, snapshot)
}
