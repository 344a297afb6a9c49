//! Bias and variance against one value of the scenario.

use serde::Serialize;

use super::finding::BiasVariance;
use super::law::{Law, LawKind};
use crate::catalog::find;
use crate::ensemble;
use crate::estimator::{self, Order};
use crate::math::vector::dot;
use crate::probe::sweep::Tables;
use crate::probe::{Finding, Point, Table, json};

/// Name and version of the JSON layout.
pub const SWEEP_SCHEMA: &str = "hyperlab/bias-variance-sweep/1";

/// One finding a value.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SweepFinding {
    /// Name and version of this layout.
    pub schema: &'static str,
    /// Where the value is in the scenario.
    pub path: String,
    /// One entry a value, in the order given.
    pub points: Vec<Point<BiasVariance>>,
    /// For each trial the law that theory gives for this path, fitted.
    pub laws: Vec<Option<Law>>,
    /// For each trial the number of the point with the least mean squared error.
    pub best: Vec<Option<usize>>,
    /// For each trial what more training rows do not lower.
    pub floors: Vec<Option<Floor>>,
}

/// Squared bias at the most training rows of a sweep over them, where it can be told from zero.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Floor {
    /// Rows.
    pub rows: f64,
    /// `‖E ĥ − h‖²`, debiased.
    pub value: f64,
    /// Its standard error.
    pub standard_error: f64,
}

impl Floor {
    /// As charts and tables print it.
    #[must_use]
    pub fn in_words(&self) -> String {
        let Self { rows, value, standard_error } = self;
        format!("floor: bias² {value:.2e} ± {standard_error:.1e} is left at {rows} rows")
    }
}

/// Whether the values of a path are numbers of training rows.
#[must_use]
pub fn is_over_rows(path: &str) -> bool {
    path.ends_with("split.training")
}

impl SweepFinding {
    pub(super) fn of(path: &str, points: Vec<Point<BiasVariance>>) -> Self {
        let trials = points.first().map_or(0, |point| point.finding.trials.len());
        let law = |trial: usize| {
            let kind = law_of(path, trial, &points)?;
            Law::fit(kind, &quantity(kind, trial, &points))
        };
        let laws = (0..trials).map(law).collect();
        let best = (0..trials).map(|trial| best(trial, &points)).collect();
        let floors = (0..trials).map(|trial| is_over_rows(path).then(|| floor(trial, &points)).flatten()).collect();
        Self { schema: SWEEP_SCHEMA, path: path.to_owned(), points, laws, best, floors }
    }
}

/// The law of a path for a trial, where theory gives one and the value reaches the trial. Folds train on other numbers
/// of rows with other K, and a truncated estimate keeps its bias whatever the steps.
fn law_of(path: &str, trial: usize, points: &[Point<BiasVariance>]) -> Option<LawKind> {
    let found = || points.iter().map(|point| &point.finding.trials[trial]);
    let first = found().next()?;
    if found().all(|other| other.mse.to_bits() == first.mse.to_bits()) {
        return None;
    }
    let is_drawn = find(ensemble::ALL, &first.ensemble).is_some_and(|policy| policy.divides && policy.is_drawn);
    let is_biased = find(estimator::ALL, &first.estimator).is_some_and(|entry| entry.order == Order::Biased);
    match path {
        _ if path.ends_with("split.validation") => (!first.divides).then_some(LawKind::Inverse),
        _ if path.ends_with("ensemble.members") => is_drawn.then_some(LawKind::Inverse),
        _ if path.ends_with("inner.steps") => (!is_biased).then_some(LawKind::Geometric),
        _ => None,
    }
}

/// What the law is about, over the values: (x, y, standard error).
fn quantity(kind: LawKind, trial: usize, points: &[Point<BiasVariance>]) -> Vec<(f64, f64, f64)> {
    let of = |point: &Point<BiasVariance>| {
        let found = &point.finding.trials[trial];
        match kind {
            LawKind::Inverse => (point.x, found.variance, found.standard_errors.variance),
            LawKind::Geometric => (point.x, found.bias_squared, found.standard_errors.bias_squared),
        }
    };
    points.iter().map(of).collect()
}

fn best(trial: usize, points: &[Point<BiasVariance>]) -> Option<usize> {
    let errors = points.iter().map(|point| point.finding.trials[trial].mse).enumerate();
    errors.filter(|(_, mse)| mse.is_finite()).min_by(|a, b| a.1.total_cmp(&b.1)).map(|(place, _)| place)
}

fn floor(trial: usize, points: &[Point<BiasVariance>]) -> Option<Floor> {
    // Below three standard errors it may be chance, and below this share of ĥ it is rounding.
    const TOLD: f64 = 3.0;
    const ROUNDING: f64 = 1e-20;
    let last = points.iter().max_by(|a, b| a.x.total_cmp(&b.x)).filter(|_| points.len() > 1)?;
    let found = &last.finding.trials[trial];
    let (value, standard_error) = (found.bias_squared, found.standard_errors.bias_squared);
    let is_told = value > TOLD * standard_error && value > ROUNDING * dot(&found.mean, &found.mean);
    is_told.then_some(Floor { rows: last.x, value, standard_error })
}

impl SweepFinding {
    fn tables(&self) -> Tables<'_, BiasVariance> {
        Tables { path: &self.path, points: &self.points }
    }
}

impl Finding for SweepFinding {
    fn to_json(&self) -> String {
        json(self)
    }

    fn rows(&self) -> Table {
        self.tables()
            .rows(BiasVariance::columns(), |found| found.trials.iter().map(|trial| found.cells(trial)).collect())
    }

    fn summary(&self) -> Table {
        let row = |found: &BiasVariance, trial: usize| found.summary_cells(&found.trials[trial]);
        self.tables().summary(BiasVariance::summary_columns(), self.laws.len(), row, |trial, place, words| {
            let is_best = self.best[trial] == Some(place);
            let law = self.laws[trial].filter(|_| place + 1 == self.points.len());
            let mut notes: Vec<String> = Vec::new();
            notes.extend(is_best.then(|| "least MSE".to_owned()));
            notes.extend(law.map(|law| law.in_words()));
            let floor = self.floors[trial].filter(|floor| floor.rows.to_bits() == self.points[place].x.to_bits());
            notes.extend(floor.map(|floor| floor.in_words()));
            notes.push(words);
            notes.join("; ")
        })
    }
}
