//! What a run found: one row an outer step, one column a metric.

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use super::horizon::reported;
use super::vectors::{Ends, Vectors};
use crate::estimator::Solver;
use crate::lab::{self, End, Lab};
use crate::metric::{self, Kind, Metric, Reading, Record};
use crate::probe::{Cell, Finding, Table};
use crate::problem::Cost;
use crate::reference::LARGE_CONDITION;
use crate::scenario::Horizon;
use crate::trial::Trial;

/// Name and version of the JSON layout.
const SCHEMA: &str = "hyperlab/run/1";

/// Every outer step of every trial.
#[derive(Debug, Serialize)]
pub struct Report {
    schema: &'static str,
    scenario: String,
    seed: u64,
    trials: Vec<TrialReport>,
}

/// One trial.
#[derive(Debug, Serialize)]
struct TrialReport {
    trial: String,
    estimator: String,
    steps: Vec<Step>,
    /// λ after the last outer step.
    lambda: Vec<f64>,
    /// How many of its entries are at a bound, where they may be held back.
    pressed: usize,
    status: String,
    halted: bool,
    /// Whether the truth was found to rounding at the last λ.
    truth_converged: bool,
    /// Why it was not, where one was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    truth_doubt: Option<String>,
    /// The condition number of H at θ*(λ) there; `null` where the truth takes no H.
    truth_condition: f64,
}

/// One outer step: where it was, before λ moved. A reading for each metric that the trial can have.
#[derive(Debug)]
struct Step {
    readings: Vec<(&'static Metric, Reading)>,
    /// Both ends of its inner run, where they were asked for.
    ends: Option<Ends>,
}

/// What stands beside `metrics` in JSON: the vectors, and numbers under the names they had before there was a list.
const BESIDE: &[(&str, &Metric)] = &[
    ("outer_step", &metric::OUTER_STEP),
    ("lambda", &metric::LAMBDA),
    ("theta", &metric::THETA),
    ("inner_value", &metric::INNER_VALUE),
    ("validation", &metric::OUTER_VALUE),
    ("test", &metric::TEST_LOSS),
    ("hypergradient", &metric::HYPERGRADIENT),
    ("filtered", &metric::FILTERED),
    ("truth", &metric::TRUTH),
    ("adjoint", &metric::ADJOINT),
    ("error", &metric::ERROR),
    ("relative_error", &metric::RELATIVE_ERROR),
    ("cosine", &metric::COSINE),
];

impl Report {
    /// The outer steps of every trial up to its horizon.
    pub fn of(lab: &Lab, name: &str, horizons: &[Horizon], mut vectors: Option<Vectors>) -> Self {
        let ends = reported(lab, horizons);
        let report = |(place, (trial, end)): (usize, (&Trial, &End))| {
            let mut report = TrialReport::of(trial, *end);
            if let Some(vectors) = &mut vectors {
                report.steps.iter_mut().enumerate().for_each(|(outer, step)| step.ends = vectors.take(place, outer));
            }
            report
        };
        Self {
            schema: SCHEMA,
            scenario: name.to_owned(),
            seed: lab.experiment().scenario.seed,
            trials: lab.trials().zip(&ends).enumerate().map(report).collect(),
        }
    }

    /// The metrics that some trial has, in the order of the list.
    fn metrics(&self) -> impl Iterator<Item = &'static Metric> {
        let steps = || self.trials.iter().filter_map(|trial| trial.steps.first());
        metric::ALL.iter().copied().filter(move |metric| steps().any(|step| step.reading(metric).is_some()))
    }
}

/// What a person should know beside the last numbers of each trial, by its identifier.
pub fn notes(lab: &Lab, horizons: &[Horizon]) -> Vec<(u64, String)> {
    let ends = reported(lab, horizons);
    let note =
        |(trial, end): (&Trial, End)| (trial.id(), TrialReport::from(trial, end, end.steps.saturating_sub(1)).note());
    lab.trials().zip(ends).map(note).collect()
}

impl TrialReport {
    /// Its first outer steps, which are those of its horizon as far as it came.
    fn of(trial: &Trial, end: End) -> Self {
        Self::from(trial, end, 0)
    }

    /// The same without the outer steps before this one.
    fn from(trial: &Trial, end: End, first: usize) -> Self {
        let records = trial.outer_records();
        let count = end.steps;
        // The λ that the last of these steps led to is where the next one was, or where the trial is now.
        let lambda = records.at(count).map_or(trial.lambda(), |next| next.vector(&metric::LAMBDA));
        let steps = records.iter().skip_while(|record| record.place < first).take_while(|record| record.place < count);
        Self {
            trial: trial.setting().name.clone(),
            estimator: trial.setting().estimator.id().to_owned(),
            steps: steps.map(|record| Step::of(record, trial)).collect(),
            pressed: trial.loops().blocks().pressed(lambda),
            lambda: lambda.to_vec(),
            status: end.words(),
            halted: end.stopped.is_some(),
            truth_converged: trial.truth().converged(),
            truth_doubt: trial.truth().doubt.clone(),
            truth_condition: trial.truth().condition,
        }
    }

    /// What a person should know beside the numbers of the last step.
    fn note(&self) -> String {
        let solver = self.steps.last().map(Step::solver).and_then(|solver| solver.trouble());
        let status = Some(self.status.clone()).filter(|_| self.halted);
        let large = || {
            let condition = Some(self.truth_condition).filter(|condition| *condition >= LARGE_CONDITION);
            condition.map(|condition| format!("condition of H {condition:.0e}"))
        };
        let truth = self.truth_doubt.as_ref().map(|doubt| format!("no exact truth here, {doubt}")).or_else(large);
        let pressed = Some(self.pressed).filter(|pressed| *pressed > 0);
        let pressed = pressed.map(|pressed| format!("{pressed} of {} λ at a bound", self.lambda.len()));
        status.into_iter().chain(pressed).chain(truth).chain(solver).collect::<Vec<_>>().join("; ")
    }
}

impl Step {
    fn of(record: Record<'_>, trial: &Trial) -> Self {
        let read = |metric: &'static Metric| {
            let reading = if metric.kind.is_number() {
                record.number(metric).into()
            } else {
                record.reading(metric).cloned().unwrap_or(Reading::Absent)
            };
            (metric, reading)
        };
        Self { readings: trial.offers().iter().map(read).collect(), ends: None }
    }

    fn reading(&self, metric: &Metric) -> Option<&Reading> {
        self.readings.iter().find(|(other, _)| std::ptr::eq(*other, metric)).map(|(_, reading)| reading)
    }

    fn number(&self, metric: &Metric) -> f64 {
        self.reading(metric).and_then(Reading::number).unwrap_or(f64::NAN)
    }

    /// Up to and with this step.
    fn cost(&self) -> Cost {
        Cost {
            gradients: self.number(&metric::COST_GRADIENTS),
            hvps: self.number(&metric::COST_HVPS),
            cross_products: self.number(&metric::COST_CROSS_PRODUCTS),
            rows: self.number(&metric::ROW_CALLS),
            factorizations: self.number(&metric::COST_FACTORIZATIONS),
            bytes: self.number(&metric::COST_BYTES),
        }
    }

    fn solver(&self) -> Solver {
        let note = match self.reading(&metric::SOLVER_NOTE) {
            Some(Reading::Words(words)) => Some(words.to_string().into()),
            _ => None,
        };
        Solver {
            iterations: self.number(&metric::SOLVER_ITERATIONS) as usize,
            residual: self.number(&metric::SOLVER_RESIDUAL),
            converged: self.number(&metric::SOLVER_CONVERGED) == 1.0,
            negative_curvature: self.number(&metric::SOLVER_NEGATIVE_CURVATURE) == 1.0,
            note,
        }
    }
}

/// What stands beside, then cost, solver, and under `metrics` everything that is not a long vector beside.
impl Serialize for Step {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (name, metric) in BESIDE {
            map.serialize_entry(name, &Json(metric.kind, self.reading(metric).unwrap_or(&Reading::Absent)))?;
        }
        map.serialize_entry("cost", &self.cost())?;
        map.serialize_entry("solver", &self.solver())?;
        map.serialize_entry("metrics", &Metrics(self))?;
        if let Some(ends) = &self.ends {
            map.serialize_entry("ends", ends)?;
        }
        map.end()
    }
}

/// The readings by name.
struct Metrics<'a>(&'a Step);

impl Serialize for Metrics<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let is_beside = |metric: &Metric| BESIDE.iter().any(|(_, beside)| std::ptr::eq(*beside, metric));
        let mut map = serializer.serialize_map(None)?;
        for (metric, reading) in
            self.0.readings.iter().filter(|(metric, _)| metric.kind.is_number() || !is_beside(metric))
        {
            map.serialize_entry(&metric.column(), &Json(metric.kind, reading))?;
        }
        map.end()
    }
}

/// A reading as its kind is written. What is not finite is `null`.
struct Json<'a>(Kind, &'a Reading);

impl Serialize for Json<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match (self.0, self.1) {
            (Kind::Count, Reading::Number(x)) if x.is_finite() => serializer.serialize_u64(*x as u64),
            (Kind::Flag, Reading::Number(x)) if x.is_finite() => serializer.serialize_bool(*x == 1.0),
            (_, Reading::Number(x)) => serializer.serialize_f64(*x),
            (_, Reading::Vector(values)) => values.serialize(serializer),
            (_, Reading::Curve(points)) => points.serialize(serializer),
            (_, Reading::Words(words)) => serializer.serialize_str(words),
            (_, Reading::Absent) => serializer.serialize_none(),
        }
    }
}

impl Finding for Report {
    fn to_json(&self) -> String {
        // Plain data with string keys, which JSON can always hold.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Trial, estimator and seed, then a column a metric (a vector takes several), then two under the names they had
    /// before there was a list, then what became of the trial. One that stopped before its first outer step has its row too.
    fn rows(&self) -> Table {
        let steps = || self.trials.iter().flat_map(|trial| &trial.steps);
        let metrics: Vec<(&Metric, usize)> = self
            .metrics()
            .map(|metric| (metric, steps().filter_map(|step| step.reading(metric)).map(entries).max().unwrap_or(0)))
            .collect();
        let mut table = Table::new(&["trial", "estimator", "seed"]);
        for (metric, length) in &metrics {
            match metric.kind {
                Kind::Vector | Kind::Curve => table.add_vector_columns(&metric.column(), *length),
                _ => table.columns.push(metric.column()),
            }
        }
        table.columns.extend(["validation", "test", "status"].map(str::to_owned));
        let row = |trial: &TrialReport, step: Option<&Step>| {
            let reading = |metric: &Metric| step.and_then(|step| step.reading(metric));
            let mut cells: Vec<Cell> =
                vec![trial.trial.as_str().into(), trial.estimator.as_str().into(), Cell::Text(self.seed.to_string())];
            for (metric, length) in &metrics {
                cells.extend(columns(metric, reading(metric), *length));
            }
            cells.extend([&metric::OUTER_VALUE, &metric::TEST_LOSS].map(|old| cell(old, reading(old))));
            cells.push(trial.status.as_str().into());
            cells
        };
        for trial in &self.trials {
            table.rows.extend(trial.steps.iter().map(|step| row(trial, Some(step))));
            if trial.steps.is_empty() && trial.halted {
                table.rows.push(row(trial, None));
            }
        }
        table
    }

    /// The metrics that come first, and a note.
    fn summary(&self) -> Table {
        let mut metrics: Vec<&Metric> = self.metrics().filter(|metric| metric.rank > 0).collect();
        metrics.sort_by_key(|metric| metric.rank);
        metrics.truncate(SUMMARY);
        metrics.insert(0, &metric::OUTER_STEP);
        let mut table = Table::new(&["trial"]);
        table.columns.extend(metrics.iter().map(|metric| metric.symbol.to_owned()));
        table.columns.push("note".to_owned());
        for trial in &self.trials {
            for step in &trial.steps {
                let mut row: Vec<Cell> = vec![trial.trial.as_str().into()];
                row.extend(metrics.iter().map(|metric| lab::read_out(metric, cell(metric, step.reading(metric)))));
                row.push(Cell::Missing);
                table.rows.push(row);
            }
            // A trial that halted before its first outer step still has its line.
            if trial.steps.is_empty() {
                let mut row = vec![Cell::Missing; table.columns.len()];
                row[0] = trial.trial.as_str().into();
                table.rows.push(row);
            }
            if let Some(note) = table.rows.last_mut().and_then(|row| row.last_mut()) {
                *note = Cell::Text(trial.note());
            }
        }
        table
    }
}

/// Metrics in a summary.
const SUMMARY: usize = 10;

/// Columns that a reading takes.
fn entries(reading: &Reading) -> usize {
    match reading {
        Reading::Vector(values) => values.len(),
        Reading::Curve(points) => points.len(),
        _ => 1,
    }
}

/// A reading in columns; of a curve the values y.
fn columns(metric: &Metric, reading: Option<&Reading>, length: usize) -> Vec<Cell> {
    match (metric.kind, reading) {
        (Kind::Vector, Some(Reading::Vector(values))) => Cell::vector(values, length).collect(),
        (Kind::Curve, Some(Reading::Curve(points))) => {
            let values: Vec<f64> = points.iter().map(|(_, y)| *y).collect();
            Cell::vector(&values, length).collect()
        }
        (Kind::Vector | Kind::Curve, _) => vec![Cell::Missing; length],
        _ => vec![cell(metric, reading)],
    }
}

/// A number or words.
fn cell(metric: &Metric, reading: Option<&Reading>) -> Cell {
    match reading {
        Some(Reading::Words(words)) => words.to_string().into(),
        reading => lab::cell(metric, reading.and_then(Reading::number)),
    }
}
