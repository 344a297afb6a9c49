//! What the descent probe found.

use serde::Serialize;

use crate::math::fit::power_law;
use crate::math::number::counted;
use crate::math::statistics::mean;
use crate::metric::in_words;
use crate::probe::mean::{ONE_RUN, differing};
use crate::probe::{Case, Cell, Excerpt, Finding, Mean, Table, json};
use crate::problem::Least;

/// Name and version of the JSON layout.
pub const SCHEMA: &str = "hyperlab/descent/1";

/// All trials of a scenario.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Descent {
    /// Name and version of this layout.
    pub schema: &'static str,
    /// Identifier or path of the scenario.
    pub scenario: String,
    /// Its seed, the first one.
    pub seed: u64,
    /// Whole runs of every trial.
    pub replicates: usize,
    /// Row calls of a run.
    pub calls: f64,
    /// Where the least F is from, with the first seed.
    pub least: String,
    /// What rounding makes of an excess where runs end, at least.
    pub floor: f64,
    /// One entry a trial.
    pub trials: Vec<TrialFinding>,
}

/// One trial, means over seeds.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TrialFinding {
    /// Identifier of the trial in the laboratory.
    #[serde(skip)]
    pub id: u64,
    /// Its name.
    pub trial: String,
    /// Identifier of its estimator.
    pub estimator: String,
    /// Along the run.
    pub curve: Vec<CurvePoint>,
    /// A 64th, a 16th, a quarter and all of the row calls.
    pub marks: Vec<CurvePoint>,
    /// Means of `F − F*` over the last tenth of each run.
    pub tail: Mean,
    /// The same of `‖∇F‖`.
    pub tail_gradient: Mean,
    /// Slope of log `F − F*` against log row calls, of each run from a 64th of its calls on, above rounding.
    pub slope: Mean,
    /// Runs that count: one, where nothing is drawn and all seeds give the same.
    pub runs: usize,
    /// Runs that halted.
    pub halted: usize,
    /// Why the first of these did.
    pub halted_by: Option<String>,
}

/// After so many row calls.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CurvePoint {
    /// Row calls.
    pub calls: f64,
    /// `F − F*`.
    pub excess: Mean,
    /// `‖∇F‖`.
    pub gradient: Mean,
}

/// A whole run of one trial with one seed: excess and `‖∇F‖`.
pub(super) struct Run {
    pub(super) curve: Vec<(f64, (f64, f64))>,
    pub(super) tail: Vec<(f64, f64)>,
    /// Of the last place that was looked at.
    pub(super) floor: f64,
    /// Why it came to an end before its row calls.
    pub(super) halted: Option<String>,
}

impl Run {
    fn tail(&self, of: fn(&(f64, f64)) -> f64) -> f64 {
        mean(&self.tail.iter().map(of).collect::<Vec<f64>>())
    }

    /// Whether another seed gave the same to the last bit, and anything at all.
    fn is_same(&self, other: &Self) -> bool {
        let numbers = |run: &Self| -> Vec<u64> {
            let pairs = run.curve.iter().map(|(_, pair)| pair).chain(&run.tail);
            pairs.flat_map(|(excess, gradient)| [excess.to_bits(), gradient.to_bits()]).collect()
        };
        self.curve.iter().any(|(_, (excess, _))| excess.is_finite()) && numbers(self) == numbers(other)
    }

    /// Slope from these row calls on.
    fn slope(&self, from: f64) -> f64 {
        let points =
            self.curve.iter().filter(|(calls, _)| *calls >= from).map(|(calls, (excess, _))| (*calls, *excess));
        let above: Vec<(f64, f64)> = points.filter(|(_, excess)| *excess > 10.0 * self.floor).collect();
        power_law(&above).map_or(f64::NAN, |law| law.slope)
    }
}

fn excess(pair: &(f64, f64)) -> f64 {
    pair.0
}

fn gradient(pair: &(f64, f64)) -> f64 {
    pair.1
}

impl TrialFinding {
    fn of(calls: f64, marks: &[f64], runs: &[&Run]) -> Self {
        let point = |place: usize| {
            let read = |of: fn(&(f64, f64)) -> f64| {
                Mean::of(&runs.iter().map(|run| of(&run.curve[place].1)).collect::<Vec<f64>>())
            };
            CurvePoint { calls: runs[0].curve[place].0, excess: read(excess), gradient: read(gradient) }
        };
        let curve: Vec<CurvePoint> = (0..runs[0].curve.len()).map(point).collect();
        let nearest = |mark: f64| {
            let distance = |at: &&CurvePoint| (at.calls / (mark * calls)).ln().abs();
            curve.iter().min_by(|a, b| distance(a).total_cmp(&distance(b))).cloned()
        };
        let each = |of: &dyn Fn(&Run) -> f64| Mean::of(&runs.iter().map(|run| of(run)).collect::<Vec<f64>>());
        Self {
            id: 0,
            trial: String::new(),
            estimator: String::new(),
            marks: marks.iter().filter_map(|mark| nearest(*mark)).collect(),
            tail: each(&|run| run.tail(excess)),
            tail_gradient: each(&|run| run.tail(gradient)),
            slope: each(&|run| run.slope(marks[0] * calls)),
            runs: runs.len(),
            halted: runs.iter().filter(|run| run.halted.is_some()).count(),
            halted_by: runs.iter().find_map(|run| run.halted.clone()),
            curve,
        }
    }
}

impl Descent {
    pub(super) fn of(case: &Case<'_>, (calls, marks): (f64, &[f64]), least: &Least, runs: &[Run]) -> Self {
        let subjects = &case.subjects;
        let trial = |(place, subject): (usize, &crate::probe::Subject)| {
            let own: Vec<&Run> = runs.iter().skip(place).step_by(subjects.len()).collect();
            TrialFinding {
                id: subject.id,
                trial: subject.setting.name.clone(),
                estimator: subject.setting.estimator.id().to_owned(),
                ..TrialFinding::of(calls, marks, differing(&own, |a, b| a.is_same(b)))
            }
        };
        Self {
            schema: SCHEMA,
            scenario: case.name.to_owned(),
            seed: case.scenario().seed,
            replicates: runs.len() / subjects.len().max(1),
            calls,
            least: in_words(&Ok(least.clone())),
            floor: runs.iter().map(|run| run.floor).fold(f64::INFINITY, f64::min),
            trials: subjects.iter().enumerate().map(trial).collect(),
        }
    }

    /// What is to be said of a trial beside its numbers.
    #[must_use]
    pub fn remarks(&self, trial: &TrialFinding) -> Vec<String> {
        let halted = trial.halted_by.as_ref().map(|reason| format!("{} {reason}", counted(trial.halted, "run")));
        let one = (trial.runs < self.replicates).then(|| ONE_RUN.to_owned());
        halted.into_iter().chain(one).collect()
    }
}

impl Finding for Descent {
    fn to_json(&self) -> String {
        json(self)
    }

    fn rows(&self) -> Table {
        let mut table = Table::new(&["trial", "estimator", "calls", "excess", "excess_se", "gradient", "gradient_se"]);
        for trial in &self.trials {
            for at in &trial.curve {
                table.rows.push(vec![
                    trial.trial.as_str().into(),
                    trial.estimator.as_str().into(),
                    at.calls.into(),
                    at.excess.value.into(),
                    at.excess.standard_error.into(),
                    at.gradient.value.into(),
                    at.gradient.standard_error.into(),
                ]);
            }
        }
        table
    }

    fn summary(&self) -> Table {
        let marks = self.trials.first().map_or(&[][..], |trial| &trial.marks);
        let mut table = Table::new(&["trial"]);
        table.columns.extend(marks.iter().map(|mark| format!("{:.3e} calls", mark.calls)));
        table.columns.extend(["last tenth", "±", "‖∇F‖", "±", "slope", "±", "note"].map(str::to_owned));
        for (place, trial) in self.trials.iter().enumerate() {
            let about = (place == 0).then(|| self.least.clone());
            let note: Vec<String> = self.remarks(trial).into_iter().chain(about).collect();
            let mut row: Vec<Cell> = vec![trial.trial.as_str().into()];
            row.extend(trial.marks.iter().map(|mark| Cell::from(mark.excess.value)));
            for mean in [trial.tail, trial.tail_gradient, trial.slope] {
                row.extend([Cell::known(mean.value), Cell::known(mean.standard_error)]);
            }
            row.push(note.join("; ").into());
            table.rows.push(row);
        }
        table
    }

    fn about(&self, trial: u64) -> Option<Excerpt> {
        let found = self.trials.iter().find(|found| found.id == trial)?;
        let value = |name, mean: Mean| (name, mean.value, mean.standard_error);
        let values = vec![value("F−F*", found.tail), value("‖∇F‖", found.tail_gradient), value("slope", found.slope)];
        let terms = format!("last tenth of {:.1e} row calls, {}", self.calls, counted(found.runs, "seed"));
        Some(Excerpt { values, terms })
    }
}
