//! What the probe of horizons found.

use serde::Serialize;

use crate::math::number::counted;
use crate::probe::mean::{ONE_RUN, differing};
use crate::probe::{Case, Cell as Entry, Excerpt, Finding, Mean, Subject, Table, json};

/// Name and version of the JSON layout.
pub const SCHEMA: &str = "hyperlab/foresight/1";

/// All trials of a scenario.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Foresight {
    /// Name and version of this layout.
    pub schema: &'static str,
    /// Identifier or path of the scenario.
    pub scenario: String,
    /// Its seed.
    pub seed: u64,
    /// Runs for every value.
    pub replicates: usize,
    /// One entry a trial.
    pub trials: Vec<TrialFinding>,
}

/// One trial.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TrialFinding {
    /// Its identifier in the laboratory.
    pub id: u64,
    /// Its name.
    pub trial: String,
    /// The block of the dynamics' outer variables that was held.
    pub block: String,
    /// T_h.
    pub horizons: Vec<usize>,
    /// The values that it was held at.
    pub values: Vec<f64>,
    /// For every value, one entry a horizon.
    pub slopes: Vec<Vec<Cell>>,
}

/// The derivative by a value at one horizon.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Cell {
    /// Over runs, without a standard error where all are the same; above zero where the value should fall.
    pub slope: Mean,
    /// Runs that ended in no number; of the others the mean is.
    pub broken: usize,
}

impl Cell {
    /// Whether runs are all the same.
    fn is_one_run(&self) -> bool {
        self.slope.value.is_finite() && self.slope.standard_error.is_nan()
    }
}

impl TrialFinding {
    /// Runs value after value, `replicates` each.
    pub(super) fn of(
        subject: &Subject,
        block: String,
        horizons: &[usize],
        (values, replicates): (&[f64], usize),
        runs: &[Vec<f64>],
    ) -> Self {
        let cell = |runs: &[Vec<f64>], place: usize| {
            let all: Vec<f64> = runs.iter().map(|run| run[place]).filter(|slope| slope.is_finite()).collect();
            Cell { slope: Mean::of(differing(&all, PartialEq::eq)), broken: runs.len() - all.len() }
        };
        let row = |runs: &[Vec<f64>]| (0..horizons.len()).map(|place| cell(runs, place)).collect();
        Self {
            id: subject.id,
            trial: subject.setting.name.clone(),
            block,
            horizons: horizons.to_vec(),
            values: values.to_vec(),
            slopes: runs.chunks(replicates.max(1)).map(row).collect(),
        }
    }
}

impl Foresight {
    pub(super) fn of(case: &Case<'_>, trials: Vec<TrialFinding>) -> Self {
        Self {
            schema: SCHEMA,
            scenario: case.name.to_owned(),
            seed: case.scenario().seed,
            replicates: case.knobs.count("replicates"),
            trials,
        }
    }
}

impl Finding for Foresight {
    fn to_json(&self) -> String {
        json(self)
    }

    fn rows(&self) -> Table {
        let mut table = Table::new(&["trial", "block", "value", "horizon", "slope", "slope_se", "broken"]);
        for trial in &self.trials {
            for (value, slopes) in trial.values.iter().zip(&trial.slopes) {
                for (horizon, cell) in trial.horizons.iter().zip(slopes) {
                    table.rows.push(vec![
                        trial.trial.as_str().into(),
                        trial.block.as_str().into(),
                        (*value).into(),
                        (*horizon).into(),
                        cell.slope.value.into(),
                        cell.slope.standard_error.into(),
                        cell.broken.into(),
                    ]);
                }
            }
        }
        table
    }

    fn summary(&self) -> Table {
        let Some(first) = self.trials.first() else { return Table::new(&["trial"]) };
        let horizons: Vec<String> =
            first.horizons.iter().flat_map(|h| [format!("T_h = {h}"), "±".to_owned()]).collect();
        let names = ["trial", "value"].into_iter().chain(horizons.iter().map(String::as_str)).chain(["note"]);
        let names: Vec<&str> = names.collect();
        let mut table = Table::new(&names);
        for trial in &self.trials {
            for (value, slopes) in trial.values.iter().zip(&trial.slopes) {
                let mut row = vec![trial.trial.as_str().into(), (*value).into()];
                let cells = slopes.iter().flat_map(|cell| [cell.slope.value, cell.slope.standard_error]);
                row.extend(cells.map(Entry::known));
                row.resize(names.len() - 1, "".into());
                let is_one_run = slopes.iter().all(Cell::is_one_run);
                row.push(if is_one_run { ONE_RUN } else { "" }.into());
                table.rows.push(row);
            }
        }
        table
    }

    fn about(&self, trial: u64) -> Option<Excerpt> {
        let found = self.trials.iter().find(|found| found.id == trial)?;
        let last = found.slopes.last()?;
        let of = |cell: &Cell| (cell.slope.value, cell.slope.standard_error);
        let (near, far) = (of(last.first()?), of(last.last()?));
        let values = vec![("at T_h = 1", near.0, near.1), ("at T", far.0, far.1)];
        Some(Excerpt { values, terms: format!("highest value, {}", counted(self.replicates, "run")) })
    }
}
