//! Hypergradient error against inner error, log-log: the chart in which a slope of 2 is seen.
//!
//! One point a measured inner step, at the iterates, no interpolation. Dashed: the first-order
//! prediction `‖Mᵀe_t‖` of Ye et al. 2024, and with few trials its bound `C‖e_t‖`.

use super::last_run::draw_behind;
use super::{Axis, Entry, Figure, Layer, Style, finish, ink, of_the_run, say_lack, truth};
use crate::catalog::Card;
use crate::lab::{SLOPE_FLOOR, Snapshot, TrialView};
use crate::metric::{EFFICIENCY_CONSTANT, ERROR, INNER_ERROR, PREDICTED_ERROR, TRUTH_NORM};
use crate::reference::Gives;

/// Bounds of more trials than this hide the data.
const MOST_BOUNDS: usize = 2;

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "super-efficiency",
        name: "Super-efficiency",
        source: "Ye, Peyré, Cremers, Ablin 2024, figures 1 to 3",
        equation: "‖ĥ_t − ∇F‖ against ‖θ_t − θ*‖;  dashed ‖Mᵀe_t‖ and C‖e_t‖",
        summary: "How the error of the hypergradient follows the error of the inner solution: slope 1 as a rule, \
                  slope 2 when the estimator is super-efficient.",
        cost: "an estimate at every measured inner step",
        fails: "Errors at rounding have no slope; a stochastic inner loop gives a cloud.",
        knobs: &[],
    },
    draw,
    finding: None,
};

fn draw(snapshot: &Snapshot) -> Figure {
    let x = Axis::logarithmic("inner error ‖θ − θ*‖");
    let y = Axis::logarithmic("hypergradient error ‖ĥ − ∇F‖");
    let title = format!("{} in outer step {}", ENTRY.card.name, snapshot.run);
    let mut figure = Figure::new(ENTRY.card.id, title, x, y);
    let runs = snapshot.shown().flat_map(|trial| trial.behind.iter().chain([&trial.run]));
    let points = runs.flat_map(|run| run.steps.points(&INNER_ERROR, &ERROR));
    figure.layers.extend(guides(points));
    let with_bound = snapshot.shown().filter(|trial| constant(trial).is_some()).count() <= MOST_BOUNDS;
    for trial in snapshot.shown() {
        figure.layers.extend(predictions(trial, with_bound));
        let points = trial.run.steps.points(&INNER_ERROR, &ERROR);
        let layer = Layer::line(&trial.setting.name, ink(trial), points);
        figure.layers.push(match badge(trial) {
            Some(badge) => layer.badge(badge),
            None => layer,
        });
        if is_exact(trial) {
            figure.notes.push(format!("{}: exact to rounding, so there is no slope", trial.setting.name));
        }
    }
    figure.moment = of_the_run(snapshot);
    figure.truth.full = truth(snapshot, Gives::in_full);
    draw_behind(&mut figure, snapshot, |trial, run| {
        vec![Layer::line(&trial.setting.name, ink(trial), run.steps.points(&INNER_ERROR, &ERROR))]
    });
    say_lack(&mut figure, snapshot, &[&ERROR]);
    finish(figure, snapshot)
}

fn badge(trial: &TrialView) -> Option<String> {
    let slope = trial.slope_in_words().filter(|_| !is_exact(trial))?;
    let verdict = if trial.is_super_efficient() { ", super-efficient" } else { "" };
    Some(format!("slope {slope}{verdict}"))
}

fn predictions(trial: &TrialView, with_bound: bool) -> Vec<Layer> {
    let Some(constant) = constant(trial) else { return Vec::new() };
    let predicted = trial.run.steps.points(&INNER_ERROR, &PREDICTED_ERROR);
    // Zero to rounding is the prediction of slope 2; there is no line to draw.
    let matters = predicted.iter().any(|(_, y)| *y > rounding(trial));
    let mut layers = Vec::new();
    if matters {
        let name = &trial.setting.name;
        let prediction = Layer::line("", ink(trial).dashed(), predicted.clone()).whose(name);
        layers.push(prediction.quantity("first-order prediction ‖Mᵀe‖"));
        if with_bound {
            let bound = predicted.iter().map(|(x, _)| (*x, constant * x)).collect();
            let bound = Layer::line(format!("{name}: bound C‖e‖"), Style::neutral().dashed(), bound);
            layers.push(bound.whose(name));
        }
    }
    layers
}

/// Slopes 1 and 2 through the upper right corner of the data.
pub(super) fn guides(points: impl Iterator<Item = (f64, f64)>) -> Vec<Layer> {
    let larger = |most: f64, x: f64| if x.is_finite() { most.max(x) } else { most };
    let corner = points.fold((0.0, 0.0), |corner, point| (larger(corner.0, point.0), larger(corner.1, point.1)));
    if corner.0 <= 0.0 || corner.1 <= 0.0 {
        return Vec::new();
    }
    vec![Layer::guide("slope 1", 1.0, corner), Layer::guide("slope 2", 2.0, corner)]
}

fn is_exact(trial: &TrialView) -> bool {
    let records = &trial.run.steps;
    records.len() > 2
        && records.iter().skip(1).all(|record| record.number(&ERROR).is_some_and(|error| error <= rounding(trial)))
}

/// What is left of an error when nothing but rounding is wrong.
fn rounding(trial: &TrialView) -> f64 {
    100.0 * SLOPE_FLOOR * trial.run.lambda.number(&TRUTH_NORM).unwrap_or(f64::NAN)
}

/// C = ‖M‖₂ of the run that is shown, where theory gives it.
fn constant(trial: &TrialView) -> Option<f64> {
    trial.run.lambda.number(&EFFICIENCY_CONSTANT)
}
