//! How much each past block counts, as a strip of colour: a row for each age, a column for each outer step.

use super::figure::Grid;
use super::{Axis, Empty, Entry, Figure, Layer, Scale, finish, no_outer_step, say_first, say_lack};
use crate::catalog::Card;
use crate::lab::{Snapshot, TrialView};
use crate::metric::{AGE_WEIGHTS, OUTER_STEP};

/// Columns drawn at most.
const MOST_COLUMNS: usize = 240;

/// Ages that have a name on the axis.
const MOST_NAMES: usize = 12;

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "age-weights",
        name: "Weights of past blocks",
        source: "Bohne, Petrulionyte, Arbel, Mairal, Polak 2026, arXiv 2601.15363",
        equation: "λ_s / Σ_r λ_r by age s, over outer steps",
        summary: "Which past is worth learning from, as the outer loop sees it: a row for each age, the newest on top. Where nothing moves \
                  all ages are alike; the faster things move, the less the old ones count.",
        cost: "none beyond the run",
        fails: "It is of one trial. A common factor of all weights is left out.",
        knobs: &[],
    },
    draw,
    finding: None,
};

fn draw(snapshot: &Snapshot) -> Figure {
    let mut figure = Figure::new(ENTRY.card.id, ENTRY.card.name, Axis::steps("outer step"), Axis::linear(""));
    figure.empty = no_outer_step();
    say_lack(&mut figure, snapshot, &[&AGE_WEIGHTS]);
    if let Some(trial) = snapshot.shown().find(|trial| trial.offers.has(&AGE_WEIGHTS)) {
        draw_trial(trial, &mut figure);
        say_first(&mut figure, snapshot);
    }
    finish(figure, snapshot)
}

fn draw_trial(trial: &TrialView, figure: &mut Figure) {
    let columns = trial.outer_records.vectors(&OUTER_STEP, &AGE_WEIGHTS);
    let stride = columns.len().div_ceil(MOST_COLUMNS).max(1);
    let columns: Vec<_> = columns.into_iter().step_by(stride).collect();
    let Some((_, first)) = columns.first() else { return };
    let ages = first.len();
    figure.title = format!("{}: {}", ENTRY.card.name, trial.setting.name);
    // From the bottom: the oldest first.
    let rows: Vec<Vec<f64>> =
        (0..ages).rev().map(|age| columns.iter().map(|(_, shares)| shares[age]).collect()).collect();
    if rows.iter().flatten().all(|share| !share.is_finite()) {
        figure.empty = Empty::because("the weights add up to nothing");
    }
    let x_edges = Grid::edges_around(&columns.iter().map(|(step, _)| *step).collect::<Vec<f64>>());
    let y_edges = (0..=ages).map(|row| row as f64 - 0.5).collect();
    let every = ages.div_ceil(MOST_NAMES).max(1);
    let name = |age: usize| if age.is_multiple_of(every) { format!("age {age}") } else { String::new() };
    figure.y = Axis::categories("", (0..ages).rev().map(name));
    let grid = Grid { x_edges, y_edges, rows, label: "λ_s/Σλ".to_owned(), scale: Scale::Linear };
    figure.layers.push(Layer::heatmap(grid).whose(&trial.setting.name).quantity("λ_s/Σλ"));
}
