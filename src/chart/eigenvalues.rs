//! The curvatures that a linear system is solved with, beside those that it should be solved with.

use super::{Axis, Entry, Figure, Layer, finish, ink, no_outer_step, say_lack};
use crate::catalog::Card;
use crate::lab::{Snapshot, TrialView};
use crate::math::number::{counted, plain};
use crate::metric::{
    CURVATURE_CONDITION, CURVATURE_EIGENVALUES, CURVATURE_ERROR, CURVATURE_SMALLEST, HESSIAN_EIGENVALUES, Metric,
    OUTER_STEP, RESETS,
};

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "eigenvalues",
        name: "Eigenvalues of F and H",
        source: "Kong, Chen, Zhang and Mou 2026; the picture is this project's",
        equation: "eigenvalues of F + R + δI, points, and of H = ∂²_θθ g over all rows at θ, thin line; ‖F − H‖/‖H‖ of the loss alone",
        summary: "The curvatures that each trial solves with, as points, and those of the Hessian, as a line, where its last inner run \
                  ended. Points above the line shorten v along their directions, points below it lengthen v.",
        cost: "a Hessian and eigenvalues an outer step, charged to nobody",
        fails: "Equal eigenvalues are no equal matrices: what ‖F − H‖/‖H‖ says beside it is about the matrices.",
        knobs: &[],
    },
    draw,
    finding: None,
};

fn draw(snapshot: &Snapshot) -> Figure {
    let y = Axis::logarithmic("eigenvalue");
    let mut figure = Figure::new(ENTRY.card.id, ENTRY.card.name, Axis::steps("number, from the smallest"), y);
    let mut outer = None;
    for trial in snapshot.shown() {
        let Some((exact, solved)) = last(trial, &HESSIAN_EIGENVALUES).zip(last(trial, &CURVATURE_EIGENVALUES)) else {
            continue;
        };
        let name = &trial.setting.name;
        figure.layers.push(Layer::points(name, ink(trial), solved).whose(name).quantity("eigenvalue of F + R + δI"));
        figure.layers.push(Layer::line("", ink(trial).thin(), exact).whose(name).quantity("eigenvalue of H"));
        figure.notes.extend(said(trial));
        outer = trial.outer_records.last().and_then(|record| record.number(&OUTER_STEP)).or(outer);
    }
    figure.moment = outer.map_or_else(String::new, |step| format!("at the end of the inner run of outer step {step}"));
    figure.empty = no_outer_step();
    say_lack(&mut figure, snapshot, &[&CURVATURE_EIGENVALUES]);
    finish(figure, snapshot)
}

/// The numbers of a vector that was read last, each under its place.
fn last(trial: &TrialView, metric: &'static Metric) -> Option<Vec<(f64, f64)>> {
    let (_, reading) = trial.outer_records.readings(metric).last()?;
    Some(reading.vector()?.iter().enumerate().map(|(place, value)| ((place + 1) as f64, *value)).collect())
}

/// What stands beside the eigenvalues.
fn said(trial: &TrialView) -> Option<String> {
    let record = trial.outer_records.last()?;
    let number = |metric| record.number(metric);
    let (error, smallest) = (number(&CURVATURE_ERROR)?, number(&CURVATURE_SMALLEST)?);
    let condition = number(&CURVATURE_CONDITION)?;
    let resets = number(&RESETS).filter(|resets| *resets > 0.0);
    let resets = resets.map_or_else(String::new, |resets| format!(", {}", counted(resets as usize, "reset")));
    let name = &trial.setting.name;
    let [error, smallest, condition] = [error, smallest, condition].map(plain);
    Some(format!("{name}: ‖F−H‖/‖H‖ {error}, smallest {smallest}, condition {condition}{resets}"))
}
