//! Which row moves the run most, and by what it was replaced.

use super::{Axis, Entry, Figure, Layer, SOURCE, STABILITY, Style, draw_found, finish, found};
use crate::catalog::Card;
use crate::lab::{Measured, Snapshot};
use crate::probe::stability::{Stability, Twin};

pub(in crate::chart) const ROWS: Entry = Entry {
    card: Card {
        id: "stability-rows",
        name: "Which row?",
        source: SOURCE,
        equation: "‖Δλ‖² and ‖Δθ‖² at the last K, row by row",
        summary: "Which row decides most. The replaced rows of the first seed, the one that moves the run most first: what of \
                  the squared distance is λ's and what θ's. Above each the pair: the target of the row that the base \
                  has, and of the row in its place.",
        cost: "measured with the twins",
        fails: "A distance is about the pair, not the row alone: another row in its place moves the run elsewhere. One seed \
                is one order of draws.",
        knobs: &[],
    },
    draw,
    finding: Some(STABILITY),
};

/// Pairs written above the bars at most: more run into one another.
const MOST_PAIRS: usize = 12;

/// Rows shown at most, those that move the run most.
const MOST_ROWS: usize = 40;

fn draw(snapshot: &Snapshot) -> Figure {
    let x = Axis::categories("row", [String::new()]);
    let mut figure = Figure::new(ROWS.card.id, ROWS.card.name, x, Axis::linear("squared distance"));
    draw_found(ROWS.finding, snapshot, &mut figure, |measured, finding, figure| {
        draw_measured(measured, finding, snapshot, figure);
    });
    finish(figure, snapshot)
}

fn draw_measured(measured: &Measured, finding: &Stability, snapshot: &Snapshot, figure: &mut Figure) {
    let found = found(snapshot, measured, finding);
    let (Some((trial, found)), Some(seed)) = (found.first(), finding.seeds.first()) else { return };
    let Some(last) = found.marks.len().checked_sub(1) else { return };
    let mut twins: Vec<&Twin> = found.twins_of(*seed).filter(|twin| twin.distance(last).is_finite()).collect();
    twins.sort_by(|a, b| b.distance(last).total_cmp(&a.distance(last)));
    let left_out = twins.len().saturating_sub(MOST_ROWS);
    twins.truncate(MOST_ROWS);
    figure.x =
        Axis::categories(format!("{} row", finding.side.name()), twins.iter().map(|twin| twin.index.to_string()));
    figure.title = format!("Which row? {} at K = {}", trial.setting.name, found.marks[last].step);
    let squares = |of: fn(&Twin) -> &Vec<f64>| twins.iter().map(|twin| of(twin)[last].powi(2)).collect::<Vec<f64>>();
    figure.layers.push(Layer::bars("‖Δλ‖²", Style::series(0), squares(|twin| &twin.lambda)).quantity("‖Δλ‖²"));
    figure.layers.push(Layer::bars("‖Δθ‖²", Style::series(1), squares(|twin| &twin.theta)).quantity("‖Δθ‖²"));
    let most = twins.first().map_or(0.0, |twin| twin.distance(last).powi(2));
    let pair = |(place, twin): (usize, &&Twin)| {
        (place as f64, twin.distance(last).powi(2) + 0.05 * most, format!("{}→{}", twin.old.name, twin.new.name))
    };
    let pairs = twins.iter().enumerate().take(MOST_PAIRS).map(pair).collect();
    figure.layers.push(Layer::texts(Style::foreground(), pairs).quantity("old → new target"));
    if let Some(twin) = twins.first() {
        figure.notes.push(format!(
            "row {}: target {} became {}, features moved by {}",
            twin.index,
            twin.old.name,
            twin.new.name,
            crate::math::number::typeset(twin.old.distance(&twin.new))
        ));
    }
    figure.notes.push(format!("seed {seed}"));
    if left_out > 0 {
        figure.notes.push(format!("{left_out} more rows move it less"));
    }
}
