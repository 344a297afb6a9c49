//! By how much children are changed: a strip of colour, a row for each hyperparameter, a column for each outer step.

use super::figure::Grid;
use super::founders::{replaced, rows};
use super::{Axis, Empty, Entry, Figure, Layer, Scale, finish};
use crate::catalog::Card;
use crate::lab::{Snapshot, TrialView};
use crate::math::statistics::mean;
use crate::metric::MUTATION;

/// Columns drawn at most: the last ones.
const MOST_COLUMNS: usize = 240;

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "mutation",
        name: "Mutation",
        source: "Tao et al. 2020",
        equation: "log₂ α_j, mean and spread over the children of outer step t",
        summary: "By how much each hyperparameter of a child is multiplied. Above, the mean over the children of an outer step, in powers of two: below zero it shrinks. \
                  Below, how far the children are apart: zero for a teacher that does with all parents the same.",
        cost: "none beyond the run",
        fails: "Factors act on places in the box: near a lower bound they move little, near an upper one they are cut off.",
        knobs: &[],
    },
    draw,
    finding: None,
};

fn draw(snapshot: &Snapshot) -> Figure {
    let mut figure = Figure::new(ENTRY.card.id, ENTRY.card.name, Axis::steps("outer step"), Axis::linear(""));
    if let Some(trial) = replaced(snapshot, &mut figure) {
        draw_trial(trial, &mut figure);
    }
    finish(figure, snapshot)
}

/// log₂ α of the children of an outer step, hyperparameter by hyperparameter.
struct Column {
    step: f64,
    entries: Vec<Vec<f64>>,
}

fn columns(trial: &TrialView) -> Vec<Column> {
    let length = trial.lambda.len().max(1);
    let column = |(step, factors): (f64, &[f64])| {
        let entry = |entry: usize| {
            let of_children = factors.chunks_exact(length).map(|child| child[entry].log2());
            of_children.filter(|power| power.is_finite()).collect()
        };
        // The exchange took place at the end of the step before.
        Column { step: step - 1.0, entries: (0..length).map(entry).collect() }
    };
    let all = rows(trial, &MUTATION);
    let first = all.len().saturating_sub(MOST_COLUMNS).max(1);
    all.into_iter().skip(first).map(column).collect()
}

fn draw_trial(trial: &TrialView, figure: &mut Figure) {
    let columns = columns(trial);
    if columns.iter().all(|column| column.entries.iter().all(Vec::is_empty)) {
        // After one step there may be children to come.
        if columns.len() > 1 {
            figure.empty = Empty::because("no child was a mutation of its parent");
        }
        return;
    }
    let names: Vec<String> = trial.lambda_names.iter().rev().cloned().collect();
    let edges = Grid::edges_around(&columns.iter().map(|column| column.step).collect::<Vec<f64>>());
    let count = names.len();
    let grid = |bottom: usize, label: &str, read: fn(&[f64]) -> f64| {
        let row = |entry: usize| columns.iter().map(|column| read(&column.entries[entry])).collect();
        Grid {
            x_edges: edges.clone(),
            y_edges: (0..=count).map(|row| (bottom + row) as f64 - 0.5).collect(),
            rows: (0..count).rev().map(row).collect(),
            label: label.to_owned(),
            scale: Scale::Linear,
        }
    };
    let spread = |powers: &[f64]| {
        let ends = powers.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (x.min(low), x.max(high)));
        if powers.is_empty() { f64::NAN } else { ends.1 - ends.0 }
    };
    let middle = |powers: &[f64]| if powers.is_empty() { f64::NAN } else { mean(powers) };
    let name = &trial.setting.name;
    figure.layers.push(Layer::heatmap(grid(0, "spread of log₂ α", spread)).whose(name).quantity("spread of log₂ α"));
    figure.layers.push(Layer::heatmap(grid(count, "log₂ α", middle)).whose(name).quantity("log₂ α"));
    let apart = names.iter().map(|name| format!("{name}, apart"));
    figure.y = Axis::categories("", apart.chain(names.iter().cloned()).collect::<Vec<_>>());
    figure.notes.push("above the mean over children, below how far they are apart".to_owned());
}
