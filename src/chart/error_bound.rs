//! The error of the hypergradient that each outer step used, below the bound that takes no exact answer.

use super::{Axis, Entry, Figure, Layer, finish, ink, no_outer_step, say_lack, say_truth};
use crate::catalog::Card;
use crate::lab::{Snapshot, TrialView};
use crate::math::statistics::quantile;
use crate::metric::{ERROR, ERROR_BOUND, OUTER_STEP, TRUTH_FLOOR};
use crate::trial::Record;

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "error-bound",
        name: "Hypergradient error and its bound",
        source: "Ehrhardt and Roberts 2024, a-posteriori bound",
        equation: "‖ĥ − ∇F‖ and a bound on it from ‖∇_θ g‖ and ‖Hv − ∇_θ f‖, over outer steps",
        summary: "How wrong the hypergradient was that moved λ, below a bound that takes no exact answer. The bound is the dashed \
                  line, shaded down to the error; beside the name stands how many times larger it is, in the middle of all \
                  outer steps.",
        cost: "a gradient, a product with H and J over all rows at every outer step",
        fails: "The bound is absent where no constants are known, and for estimators that solve for no v.",
        knobs: &[],
    },
    draw,
    finding: None,
};

fn draw(snapshot: &Snapshot) -> Figure {
    let y = Axis::logarithmic("hypergradient error ‖ĥ − ∇F‖");
    let mut figure = Figure::new(ENTRY.card.id, ENTRY.card.name, Axis::steps("outer step"), y);
    for trial in snapshot.shown() {
        let band = pairs(trial).collect();
        figure.layers.push(Layer::band("", ink(trial), band).whose(&trial.setting.name).quantity("up to the bound"));
    }
    for trial in snapshot.shown() {
        let name = &trial.setting.name;
        let bound = Layer::line("", ink(trial).dashed(), trial.outer_records.points(&OUTER_STEP, &ERROR_BOUND));
        figure.layers.push(bound.whose(name).quantity("bound"));
        let error = Layer::line(name, ink(trial), trial.outer_records.points(&OUTER_STEP, &ERROR)).quantity("error");
        figure.layers.push(match looseness(trial) {
            Some(ratio) => error.badge(format!("bound × {ratio:.1}")),
            None => error,
        });
    }
    say_truth(&mut figure, snapshot);
    figure.empty = no_outer_step();
    say_lack(&mut figure, snapshot, &[&ERROR_BOUND]);
    finish(figure, snapshot)
}

/// Outer steps at which both are known: error and bound.
fn pairs(trial: &TrialView) -> impl Iterator<Item = (f64, f64, f64)> {
    trial.outer_records.iter().filter_map(|record| pair(&record))
}

fn pair(record: &Record<'_>) -> Option<(f64, f64, f64)> {
    let number = |metric| record.number(metric).filter(|value| value.is_finite());
    Some((number(&OUTER_STEP)?, number(&ERROR)?, number(&ERROR_BOUND)?))
}

/// How many times larger the bound is than the error, in the middle of all outer steps.
fn looseness(trial: &TrialView) -> Option<f64> {
    let known = trial.outer_records.iter().filter(|record| {
        // An error that is only rounding of the truth makes no ratio.
        let number = |metric| record.number(metric).unwrap_or(f64::NAN);
        number(&ERROR) > 10.0 * number(&TRUTH_FLOOR)
    });
    let ratios: Vec<f64> = known.filter_map(|record| pair(&record)).map(|(_, error, bound)| bound / error).collect();
    Some(quantile(&ratios, 0.5)).filter(|ratio| ratio.is_finite())
}
