//! Bias and variance against one value of the scenario.

use serde::Serialize;

use super::{BiasVariance, Law, LawKind};
use crate::catalog::find;
use crate::ensemble;
use crate::estimator::{self, Order};
use crate::probe::{Cell, Finding, ProbeError, Progress, Request, Table, Watcher};
use crate::scenario::{Sweep, vary};

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
    pub points: Vec<SweepPoint>,
    /// For each trial the law that theory gives for this path, fitted.
    pub laws: Vec<Option<Law>>,
    /// For each trial the number of the point with the least mean squared error.
    pub best: Vec<Option<usize>>,
}

/// The finding at one value.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SweepPoint {
    /// The value as it was given.
    pub value: String,
    /// The value as a number, where it is one; its place among the values otherwise.
    pub x: f64,
    /// What was found.
    #[serde(flatten)]
    pub finding: BiasVariance,
}

/// Measures at every value.
///
/// # Errors
/// When a value does not fit, or what [`super::run`] says of one.
pub fn run(request: &Request<'_>, sweep: &Sweep, watcher: &mut Watcher<'_>) -> Result<SweepFinding, ProbeError> {
    if sweep.values.is_empty() {
        return Err(ProbeError::Refused(format!("no values for `{}`; expected at least 1", sweep.path)));
    }
    let mut scenarios = Vec::new();
    for value in &sweep.values {
        let changed = vary(request.scenario, &format!("{}={value}", sweep.path)).map_err(ProbeError::Refused)?;
        if changed.trials.len() != request.scenario.trials.len() {
            let (now, before) = (changed.trials.len(), request.scenario.trials.len());
            let message = format!("`{}={value}` makes {now} trials of {before}; expected as many", sweep.path);
            return Err(ProbeError::Refused(message));
        }
        scenarios.push((value, changed));
    }
    let count = scenarios.len();
    let mut points = Vec::new();
    for (place, (value, scenario)) in scenarios.iter().enumerate() {
        // The points take different times; each counts as an equal share.
        let mut part = |progress: Progress| {
            let total = progress.total.max(1);
            watcher(Progress { done: place * total + progress.done, total: count * total })
        };
        let finding = super::run(&Request { scenario, sweep: None, ..*request }, &mut part)?;
        let x = value.trim().parse().unwrap_or(place as f64);
        points.push(SweepPoint { value: value.trim().to_owned(), x, finding });
    }
    Ok(SweepFinding::of(&sweep.path, points))
}

impl SweepFinding {
    fn of(path: &str, points: Vec<SweepPoint>) -> Self {
        let trials = points.first().map_or(0, |point| point.finding.trials.len());
        let law = |trial: usize| {
            let kind = law_of(path, trial, &points)?;
            Law::fit(kind, &quantity(kind, trial, &points))
        };
        let laws = (0..trials).map(law).collect();
        let best = (0..trials).map(|trial| best(trial, &points)).collect();
        Self { schema: SWEEP_SCHEMA, path: path.to_owned(), points, laws, best }
    }
}

/// The law of a path for a trial, where theory gives one and the value reaches the trial. Folds train on other numbers
/// of rows with other K, and a truncated estimate keeps its bias whatever the steps.
fn law_of(path: &str, trial: usize, points: &[SweepPoint]) -> Option<LawKind> {
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
fn quantity(kind: LawKind, trial: usize, points: &[SweepPoint]) -> Vec<(f64, f64, f64)> {
    let of = |point: &SweepPoint| {
        let found = &point.finding.trials[trial];
        match kind {
            LawKind::Inverse => (point.x, found.variance, found.standard_errors.variance),
            LawKind::Geometric => (point.x, found.bias_squared, found.standard_errors.bias_squared),
        }
    };
    points.iter().map(of).collect()
}

fn best(trial: usize, points: &[SweepPoint]) -> Option<usize> {
    let errors = points.iter().map(|point| point.finding.trials[trial].mse).enumerate();
    errors.filter(|(_, mse)| mse.is_finite()).min_by(|a, b| a.1.total_cmp(&b.1)).map(|(place, _)| place)
}

impl Finding for SweepFinding {
    fn to_json(&self) -> String {
        // Plain data with string keys, which JSON can always hold.
        serde_json::to_string(self).unwrap_or_default()
    }

    fn rows(&self) -> Table {
        let mut table = Table { columns: BiasVariance::columns(), rows: Vec::new() };
        table.columns.splice(0..0, ["path".to_owned(), "value".to_owned()]);
        for point in &self.points {
            for trial in &point.finding.trials {
                let mut cells: Vec<Cell> = vec![self.path.as_str().into(), point.value.as_str().into()];
                cells.extend(point.finding.cells(trial));
                table.rows.push(cells);
            }
        }
        table
    }

    fn summary(&self) -> Table {
        let mut table = Table { columns: BiasVariance::summary_columns(), rows: Vec::new() };
        table.columns.insert(1, self.path.clone());
        let trials = self.points.first().map_or(0, |point| point.finding.trials.len());
        for trial in 0..trials {
            for (place, point) in self.points.iter().enumerate() {
                let mut cells = point.finding.summary_cells(&point.finding.trials[trial]);
                cells.insert(1, point.value.as_str().into());
                let is_best = self.best[trial] == Some(place);
                let law = self.laws[trial].filter(|_| place + 1 == self.points.len());
                let mut notes: Vec<String> = Vec::new();
                notes.extend(is_best.then(|| "least MSE".to_owned()));
                notes.extend(law.map(|law| law.in_words()));
                if let Some(Cell::Text(note)) = cells.last_mut() {
                    notes.push(std::mem::take(note));
                    *note = notes.join("; ");
                }
                table.rows.push(cells);
            }
        }
        table
    }
}
