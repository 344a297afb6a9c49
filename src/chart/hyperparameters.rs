//! λ over outer steps: every entry while there are few, their spread when there are many.

use std::ops::Range;

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
        summary: "Where the outer loop takes λ. Beyond three entries: median and quartiles of each block; a trial shown alone: every entry. \
                  What is held is left out.",
        cost: "none beyond the run",
        fails: "Entries that hit a bound stay there.",
        knobs: &[],
    },
    draw,
    finding: None,
};

fn draw(snapshot: &Snapshot) -> Figure {
    let mut figure = Figure::new(ENTRY.card.id, ENTRY.card.name, Axis::steps("outer step"), Axis::linear("λ"));
    let entries = snapshot.shown().map(|trial| moving(trial).iter().map(|part| part.entries.len()).sum()).max();
    let entries: usize = entries.unwrap_or(0);
    let shown = snapshot.shown().count();
    let alone = shown == 1;
    for trial in snapshot.shown() {
        if entries <= FEW {
            figure.layers.extend(every_entry(trial));
        } else if alone && entries <= MANY {
            figure.layers.extend(one_colour_each(trial));
        } else {
            let parts = moving(trial);
            let marks = (parts.len() == 1, shown <= MOST_BANDS);
            figure.layers.extend(parts.iter().enumerate().flat_map(|part| spread(trial, part, marks)));
        }
    }
    let first = || snapshot.shown().next();
    if (2..=FEW).contains(&entries) {
        let names = first().map(|trial| names(trial).join(", ")).unwrap_or_default();
        figure.notes.push(format!("{entries} lines a trial: {names}"));
    }
    if entries > FEW && !(alone && entries <= MANY) {
        let drawn = if shown <= MOST_BANDS { "median and quartiles" } else { "median" };
        figure.notes.extend(snapshot.shown().map(|trial| what_is_drawn(trial, drawn)));
        figure.notes.dedup();
        if !alone {
            figure.hints.push("hide all but one trial to see each".to_owned());
        }
    }
    figure.notes.extend(first().and_then(what_is_held));
    figure.empty = no_outer_step();
    finish(figure, snapshot)
}

/// Entries of λ that are of one kind, by number.
struct Part {
    name: &'static str,
    entries: Range<usize>,
}

/// The blocks that the outer rule moves; all of them where it moves none.
fn moving(trial: &TrialView) -> Vec<Part> {
    let parts = |is_meant: fn(f64) -> bool| {
        let blocks = trial.blocks.iter().filter(|(block, entries)| is_meant(block.scale) && !entries.is_empty());
        blocks.map(|(block, entries)| Part { name: block.name, entries }).collect::<Vec<_>>()
    };
    let moving = parts(|scale| scale != 0.0);
    if moving.is_empty() { parts(|_| true) } else { moving }
}

/// What the entries that are drawn stand for.
fn names(trial: &TrialView) -> Vec<String> {
    let name = |index: usize| trial.lambda_names.get(index).cloned().unwrap_or_default();
    moving(trial).into_iter().flat_map(|part| part.entries).map(name).collect()
}

/// Of how many entries a curve is, block by block.
fn what_is_drawn(trial: &TrialView, drawn: &str) -> String {
    let parts = moving(trial);
    let [part] = &parts[..] else {
        let said = parts.iter().map(|part| format!("{} of {}", part.entries.len(), part.name));
        return format!("{drawn} of each block: {}", said.collect::<Vec<_>>().join(", "));
    };
    format!("{drawn} of {} entries", part.entries.len())
}

/// What is in λ and not drawn, since nothing moves it.
fn what_is_held(trial: &TrialView) -> Option<String> {
    let drawn: Vec<&str> = moving(trial).iter().map(|part| part.name).collect();
    let held = trial.blocks.iter().filter(|(block, entries)| !entries.is_empty() && !drawn.contains(&block.name));
    let held: Vec<&str> = held.map(|(block, _)| block.name).collect();
    (!held.is_empty()).then(|| format!("held and not drawn: {}", held.join(", ")))
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
    let title = |place| if place == 0 { trial.setting.name.as_str() } else { "" };
    let line = |(place, index)| {
        let line = Layer::line(title(place), ink(trial), entry_path(&path, index)).whose(&trial.setting.name);
        line.quantity(entry_name(trial, index))
    };
    let entries = moving(trial).into_iter().flat_map(|part| part.entries);
    entries.enumerate().map(line).collect()
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
    let mut order: Vec<usize> = moving(trial).into_iter().flat_map(|part| part.entries).collect();
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

/// The curve of a block, number `place` of those that are drawn, each in a pattern of its own.
fn spread(trial: &TrialView, (place, part): (usize, &Part), (is_only, with_band): (bool, bool)) -> Vec<Layer> {
    let path = path(trial);
    let level = |lambda: &[f64], level| lambda.get(part.entries.clone()).map_or(f64::NAN, |part| quantile(part, level));
    let said = if is_only { "median" } else { part.name };
    let mut layers = Vec::new();
    if with_band && part.entries.len() > 1 {
        let band = path.iter().map(|(x, lambda)| (*x, level(lambda, 0.25), level(lambda, 0.75))).collect();
        layers.push(Layer::band("", ink(trial), band).whose(&trial.setting.name).quantity("quartiles"));
    }
    let median = path.iter().map(|(x, lambda)| (*x, level(lambda, 0.5))).collect();
    let style = match place {
        0 => ink(trial),
        1 => ink(trial).dashed(),
        _ => ink(trial).thin(),
    };
    let name = if place == 0 { trial.setting.name.as_str() } else { "" };
    layers.push(Layer::line(name, style, median).whose(&trial.setting.name).quantity(said));
    layers
}
