//! A learned schedule as a strip of colour: a row for each of its values, a column for each outer step.

use super::figure::Grid;
use super::{Axis, Empty, Entry, Figure, Layer, Scale, Style, beside_trials, finish, no_outer_step, say_first};
use crate::catalog::Card;
use crate::lab::{Snapshot, TrialView};
use crate::metric::{CONVERGED_ENTRIES, FLIPPED_ENTRIES, LAMBDA, Metric, OUTER_STEP};
use crate::problem::Block;

/// Columns drawn at most.
const MOST_COLUMNS: usize = 240;

/// Rows of the largest block beside which a block of a single row is still drawn as high as one of its rows.
const ROWS_BESIDE_ONE: usize = 12;

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "learned-schedule",
        name: "Learned schedule",
        source: "Micaelli and Storkey 2021, figure 3",
        equation: "α_j, β_j, ξ_j of window j, against the outer step",
        summary: "How a schedule takes shape. A row for each value that the dynamics learn, window after window from the top, \
                  a column for each outer step, colours for every kind by themselves, of learning rates by their ratios. Marked is where the \
                  outer rule has turned round, and what it takes to have converged. Of the first trial that is shown.",
        cost: "none beyond the run",
        fails: "A learning rate at or below zero has no colour. Colours of different kinds are not to be compared.",
        knobs: &[],
    },
    draw,
    finding: None,
};

fn draw(snapshot: &Snapshot) -> Figure {
    let mut figure = Figure::new(ENTRY.card.id, ENTRY.card.name, Axis::steps("outer steps taken"), Axis::linear(""));
    figure.empty =
        Empty::because("no trial shown learns a schedule: this chart is about outer variables of the dynamics");
    let learns = |trial: &TrialView| !kinds(trial, snapshot.problem.dimensions.outer).is_empty();
    if let Some(trial) = snapshot.shown().find(|trial| learns(trial)) {
        figure.empty = no_outer_step();
        draw_trial(trial, snapshot, &mut figure);
        say_first(&mut figure, snapshot);
    }
    finish(figure, snapshot)
}

/// What is learned of one kind: where it lies in λ, and the places of its rows on the axis, the first on top.
struct Kind<'a> {
    block: &'a Block,
    first: usize,
    /// What its values are called: `α`.
    symbol: &'a str,
    /// Whether λ holds their logarithms.
    is_logarithm: bool,
}

impl<'a> Kind<'a> {
    fn of(block: &'a Block, first: usize) -> Self {
        let is_logarithm = block.name.starts_with("log_");
        let name = block.entries.first().map_or("", |name| unlogged(name, is_logarithm));
        let symbol = name.split(' ').next().unwrap_or(name);
        Self { block, first, symbol, is_logarithm }
    }

    fn value(&self, lambda: &[f64], entry: usize) -> f64 {
        let value = lambda.get(self.first + entry).copied().unwrap_or(f64::NAN);
        if self.is_logarithm { value.exp() } else { value }
    }

    fn scale(&self) -> Scale {
        if self.is_logarithm || self.block.ratios { Scale::Logarithmic } else { Scale::Linear }
    }

    fn words(&self) -> String {
        let words = self.block.name.strip_prefix("log_").unwrap_or(self.block.name).replace('_', " ");
        format!("{} {words}", self.symbol)
    }
}

fn unlogged(name: &str, is_logarithm: bool) -> &str {
    if is_logarithm { name.strip_prefix("log ").unwrap_or(name) } else { name }
}

/// The dynamics' blocks that are moved.
fn kinds(trial: &TrialView, own: usize) -> Vec<Kind<'_>> {
    let moved = trial.blocks.iter().filter(|(block, range)| range.start >= own && block.scale != 0.0);
    moved.filter(|(_, range)| !range.is_empty()).map(|(block, range)| Kind::of(block, range.start)).collect()
}

/// Outer steps with λ and what the outer rule did on the way to it.
struct Path<'a> {
    steps: Vec<Step<'a>>,
}

struct Step<'a> {
    outer: f64,
    lambda: &'a [f64],
    flipped: &'a [f64],
    converged: &'a [f64],
}

impl<'a> Path<'a> {
    fn of(trial: &'a TrialView) -> Self {
        let recorded = trial.outer_records.iter().filter_map(|record| {
            let read = |metric: &'static Metric| {
                record.reading(metric).and_then(|reading| reading.vector()).map(|vector| &**vector)
            };
            Some(Step {
                outer: record.number(&OUTER_STEP)?,
                lambda: read(&LAMBDA)?,
                flipped: read(&FLIPPED_ENTRIES).unwrap_or_default(),
                converged: read(&CONVERGED_ENTRIES).unwrap_or_default(),
            })
        });
        let mut steps: Vec<Step<'a>> = recorded.collect();
        if trial.has_moved_on() {
            let read = |metric: &'static Metric| {
                trial
                    .here
                    .reading(metric)
                    .and_then(|reading| reading.vector())
                    .map(|vector| &**vector)
                    .unwrap_or_default()
            };
            let (flipped, converged) = (read(&FLIPPED_ENTRIES), read(&CONVERGED_ENTRIES));
            steps.push(Step { outer: trial.outer as f64, lambda: &trial.lambda, flipped, converged });
        }
        Self { steps }
    }

    /// The steps that are drawn: all, or as many as there is room for, the last among them.
    fn columns(&self) -> Vec<&Step<'a>> {
        let stride = self.steps.len().div_ceil(MOST_COLUMNS).max(1);
        let last = self.steps.len().saturating_sub(1);
        self.steps
            .iter()
            .enumerate()
            .filter(|(place, _)| (last - place).is_multiple_of(stride))
            .map(|(_, step)| step)
            .collect()
    }
}

/// Units of the axis that a row takes: an odd number, so that its middle is a whole one.
fn height(rows: usize, most: usize) -> usize {
    (most / ROWS_BESIDE_ONE / rows).saturating_sub(1) | 1
}

fn draw_trial(trial: &TrialView, snapshot: &Snapshot, figure: &mut Figure) {
    let (kinds, path) = (kinds(trial, snapshot.problem.dimensions.outer), Path::of(trial));
    let (columns, most) = (path.columns(), kinds.iter().map(|kind| kind.block.entries.len()).max().unwrap_or(1));
    figure.title = format!("Learned schedule: {}", trial.setting.name);
    let x_edges = Grid::edges_around(&columns.iter().map(|step| step.outer).collect::<Vec<f64>>());
    let (mut names, mut marks) = (Vec::new(), Marks::default());
    // From the bottom: the last kind first, and of each the last window.
    for kind in kinds.iter().rev() {
        let height = height(kind.block.entries.len(), most);
        let bottom = names.len();
        let mut rows = Vec::new();
        for (entry, name) in kind.block.entries.iter().enumerate().rev() {
            let middle = names.len() + height / 2;
            names.resize(names.len() + height, String::new());
            unlogged(name, kind.is_logarithm).clone_into(&mut names[middle]);
            rows.push(columns.iter().map(|step| kind.value(step.lambda, entry)).collect());
            marks.gather(&path, kind.first + entry, middle as f64);
        }
        let y_edges = (0..=rows.len()).map(|row| (bottom + row * height) as f64 - 0.5).collect();
        let label = kind.symbol.to_owned();
        let grid = Grid { x_edges: x_edges.clone(), y_edges, rows, label, scale: kind.scale() };
        if grid.rows.iter().flatten().any(|value| grid.scale == Scale::Logarithmic && *value <= 0.0) {
            figure.notes.push(format!("{} at or below 0 has no colour", kind.symbol));
        }
        let layer = Layer::heatmap(grid);
        figure.layers.push(layer.whose(&trial.setting.name).quantity(kind.symbol));
    }
    figure.y = Axis::categories("", names);
    figure.moment = path.steps.last().map_or_else(String::new, |last| format!("outer steps 0 to {}", last.outer));
    figure.layers.extend(marks.layers(snapshot, &trial.setting.name));
    let words: Vec<String> = kinds.iter().map(Kind::words).collect();
    figure.notes.insert(0, format!("{}, windows from the top", words.join(", ")));
}

/// Where the outer rule turned round or has converged: (outer step, row).
#[derive(Default)]
struct Marks {
    flipped: Vec<(f64, f64)>,
    converged: Vec<(f64, f64)>,
    both: Vec<(f64, f64)>,
}

impl Marks {
    fn gather(&mut self, path: &Path<'_>, entry: usize, row: f64) {
        let is_set = |flags: &[f64]| flags.get(entry).is_some_and(|flag| *flag == 1.0);
        for step in &path.steps {
            let list = match (is_set(step.flipped), is_set(step.converged)) {
                (true, false) => &mut self.flipped,
                (false, true) => &mut self.converged,
                (true, true) => &mut self.both,
                (false, false) => continue,
            };
            list.push((step.outer, row));
        }
    }

    fn layers(self, snapshot: &Snapshot, whose: &str) -> impl Iterator<Item = Layer> {
        let kinds = [("flipped", self.flipped), ("converged", self.converged), ("both", self.both)];
        let styles = (0..).map(|series| beside_trials(snapshot, series));
        let drawn = kinds.into_iter().zip(styles).filter(|((_, points), _)| !points.is_empty());
        drawn.map(move |((name, points), style): (_, Style)| {
            Layer::points(name, style, points).whose(whose).quantity(name)
        })
    }
}
