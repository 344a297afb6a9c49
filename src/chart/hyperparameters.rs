//! λ over outer steps: every entry while there are few, their spread when there are many.

use super::{Axis, Entry, Figure, Layer, Style, finish, ink, no_outer_step};
use crate::catalog::Card;
use crate::lab::{Snapshot, TrialView};
use crate::math::statistics::quantile;
use crate::metric::{LAMBDA, OUTER_STEP};

/// Entries drawn one by one when several trials share the chart.
const FEW: usize = 3;

/// Entries drawn one by one when a trial has the chart to itself.
const MANY: usize = 64;

/// Quartiles of more trials than this hide one another.
const MOST_BANDS: usize = 2;

/// Entries that the legend names when there are many: those that moved most.
const NAMED: usize = 6;

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "hyperparameters",
        name: "Hyperparameters",
        source: "Bengio 2000",
        equation: "λ_k",
        summary: "Where the outer loop takes λ. Beyond three entries: median and quartiles; a trial shown alone: every entry.",
        cost: "none beyond the run",
        fails: "Entries that hit a bound stay there.",
        knobs: &[],
    },
    draw,
    finding: None,
};

fn draw(snapshot: &Snapshot) -> Figure {
    let mut figure = Figure::new(ENTRY.card.id, ENTRY.card.name, Axis::steps("outer step"), Axis::linear("λ"));
    let entries = snapshot.shown().map(|trial| trial.lambda.len()).max().unwrap_or(0);
    let shown = snapshot.shown().count();
    let alone = shown == 1;
    for trial in snapshot.shown() {
        if entries <= FEW {
            figure.layers.extend(every_entry(trial));
        } else if alone && entries <= MANY {
            figure.layers.extend(one_colour_each(trial));
        } else {
            figure.layers.extend(spread(trial, shown <= MOST_BANDS));
        }
    }
    if (2..=FEW).contains(&entries) {
        let names = snapshot.shown().next().map(|trial| trial.lambda_names.join(", ")).unwrap_or_default();
        figure.notes.push(format!("{entries} lines a trial: {names}"));
    }
    if entries > FEW && !(alone && entries <= MANY) {
        let drawn = if shown <= MOST_BANDS { "median and quartiles" } else { "median" };
        figure.notes.push(format!("{drawn} of {entries} entries"));
        if !alone {
            figure.hints.push("hide all but one trial to see each".to_owned());
        }
    }
    figure.empty = no_outer_step();
    finish(figure, snapshot)
}

/// λ of every outer step, the one under way included.
fn path(trial: &TrialView) -> Vec<(f64, &[f64])> {
    let steps = trial.outer_records.readings(&LAMBDA);
    let mut path: Vec<(f64, &[f64])> =
        steps.filter_map(|(record, lambda)| Some((record.number(&OUTER_STEP)?, &**lambda.vector()?))).collect();
    if trial.has_moved_on() {
        path.push((trial.outer as f64, &*trial.lambda));
    }
    path
}

fn entry_path(path: &[(f64, &[f64])], index: usize) -> Vec<(f64, f64)> {
    path.iter().map(|(x, lambda)| (*x, lambda.get(index).copied().unwrap_or(f64::NAN))).collect()
}

/// One line an entry in the trial's colour; the legend names the trial once.
fn every_entry(trial: &TrialView) -> Vec<Layer> {
    let path = path(trial);
    let title = |index| if index == 0 { trial.setting.name.as_str() } else { "" };
    let line = |index| {
        let line = Layer::line(title(index), ink(trial), entry_path(&path, index)).whose(&trial.setting.name);
        line.quantity(entry_name(trial, index))
    };
    (0..trial.lambda.len()).map(line).collect()
}

/// An entry of λ as a table names it.
fn entry_name(trial: &TrialView, index: usize) -> String {
    trial.lambda_names.get(index).map_or_else(|| format!("λ {}", index + 1), |name| format!("λ of {name}"))
}

fn one_colour_each(trial: &TrialView) -> Vec<Layer> {
    let path = path(trial);
    let moved = |index: &usize| {
        let entry = entry_path(&path, *index);
        match (entry.first(), entry.last()) {
            (Some(first), Some(last)) => (last.1 - first.1).abs(),
            _ => 0.0,
        }
    };
    let mut order: Vec<usize> = (0..trial.lambda.len()).collect();
    order.sort_by(|a, b| moved(b).total_cmp(&moved(a)));
    let layer = |(rank, index): (usize, &usize)| {
        let name = if rank < NAMED { trial.lambda_names[*index].clone() } else { String::new() };
        let style = if rank < NAMED { Style::series(rank) } else { Style::neutral() };
        let line = Layer::line(name, style, entry_path(&path, *index));
        line.whose(&trial.setting.name).quantity(entry_name(trial, *index))
    };
    // The named ones last, so that they lie on top.
    order.iter().enumerate().rev().map(layer).collect()
}

fn spread(trial: &TrialView, with_band: bool) -> Vec<Layer> {
    let path = path(trial);
    let level = |lambda: &[f64], level| quantile(lambda, level);
    let mut layers = Vec::new();
    if with_band {
        let band = path.iter().map(|(x, lambda)| (*x, level(lambda, 0.25), level(lambda, 0.75))).collect();
        layers.push(Layer::band("", ink(trial), band).whose(&trial.setting.name).quantity("quartiles"));
    }
    let median = path.iter().map(|(x, lambda)| (*x, level(lambda, 0.5))).collect();
    layers.push(Layer::line(&trial.setting.name, ink(trial), median).quantity("median"));
    layers
}
