//! What the probe of stationary points found.

use serde::Serialize;

use super::roots::Found;
use crate::math::number::plain;
use crate::math::vector::distance;
use crate::probe::{Case, Cell, Excerpt, Finding, Subject, Table, json};

/// Name and version of the JSON layout.
pub const SCHEMA: &str = "hyperlab/stationary/1";

/// All trials of a scenario.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StationaryPoint {
    /// Name and version of this layout.
    pub schema: &'static str,
    /// Identifier or path of the scenario.
    pub scenario: String,
    /// Its seed.
    pub seed: u64,
    /// One entry a trial.
    pub trials: Vec<TrialFinding>,
}

/// One trial.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TrialFinding {
    /// Its name.
    pub trial: String,
    /// Identifier of its estimator.
    pub estimator: String,
    /// Identifier of the trial in the laboratory.
    pub id: u64,
    /// Where descent along its direction ends.
    pub lambda: Vec<f64>,
    /// Where descent along ∇F ends, from the same start.
    pub exact_lambda: Vec<f64>,
    /// The distance between the two.
    pub distance: f64,
    /// F at the first.
    pub value: f64,
    /// `F(λ̂) − F(λ*)`.
    pub excess: f64,
    /// What is left of ‖D̄‖ at the first.
    pub residual: f64,
    /// Where else its direction is zero, within reach and for a λ of one number.
    pub others: Vec<Root>,
    /// Its direction over λ, and ∇F; for a λ of one number.
    pub curve: Curve,
    /// Why nothing was found, where that is so.
    pub lack: Option<String>,
}

/// Another zero of a direction.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Root {
    /// Where.
    pub lambda: f64,
    /// Whether descent comes to rest there; it leaves it otherwise.
    pub rests: bool,
    /// F there, above F(λ*).
    pub excess: f64,
}

/// A direction and ∇F over a λ of one number.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Curve {
    /// (λ, D̄).
    pub direction: Vec<(f64, f64)>,
    /// (λ, ∇F).
    pub exact: Vec<(f64, f64)>,
}

impl TrialFinding {
    /// `value` is F at a λ.
    pub(super) fn of(subject: &Subject, found: &Found, exact: &Found, value: impl Fn(&[f64]) -> f64) -> Self {
        let least = value(&exact.end);
        let reached = value(&found.end);
        let other = |&(lambda, rests): &(f64, bool)| Root { lambda, rests, excess: value(&[lambda]) - least };
        Self {
            lambda: found.end.clone(),
            exact_lambda: exact.end.clone(),
            distance: distance(&found.end, &exact.end),
            value: reached,
            excess: reached - least,
            residual: found.left,
            others: found.others.iter().map(other).collect(),
            curve: Curve { direction: found.curve.clone(), exact: exact.curve.clone() },
            lack: None,
            ..Self::none(subject, String::new())
        }
    }

    /// A trial of which none was found, and why.
    pub(super) fn none(subject: &Subject, lack: String) -> Self {
        Self {
            trial: subject.setting.name.clone(),
            estimator: subject.setting.estimator.id().to_owned(),
            id: subject.id,
            lambda: Vec::new(),
            exact_lambda: Vec::new(),
            distance: f64::NAN,
            value: f64::NAN,
            excess: f64::NAN,
            residual: f64::NAN,
            others: Vec::new(),
            curve: Curve::default(),
            lack: Some(lack),
        }
    }

    /// Whether the excess is more than rounding of F.
    #[must_use]
    pub fn is_seen(&self) -> bool {
        const ROUNDING: f64 = 1e-13;
        self.excess.abs() > ROUNDING * self.value.abs()
    }

    /// What is to be said of it beside its numbers.
    #[must_use]
    pub fn remarks(&self) -> Vec<String> {
        if let Some(lack) = &self.lack {
            return vec![format!("not found: {lack}")];
        }
        let mut remarks: Vec<String> = self.others.iter().map(Root::in_words).collect();
        if !self.is_seen() {
            remarks.insert(0, "no excess but rounding".to_owned());
        }
        remarks
    }

    pub(super) fn cells(&self) -> Vec<Cell> {
        vec![
            self.trial.as_str().into(),
            self.estimator.as_str().into(),
            self.excess.into(),
            self.value.into(),
            self.distance.into(),
            self.residual.into(),
            self.others.len().into(),
        ]
    }

    pub(super) fn summary_cells(&self) -> Vec<Cell> {
        let single = |lambda: &[f64]| if let [lambda] = lambda { Cell::Real(*lambda) } else { Cell::Missing };
        vec![
            self.trial.as_str().into(),
            if self.is_seen() {
                Cell::known(self.excess)
            } else if self.lack.is_some() {
                Cell::Missing
            } else {
                Cell::Real(0.0)
            },
            Cell::known(self.value),
            single(&self.lambda),
            single(&self.exact_lambda),
            Cell::known(self.distance),
            self.remarks().join("; ").into(),
        ]
    }
}

impl Root {
    /// As tables and notes say it.
    #[must_use]
    pub fn in_words(&self) -> String {
        let (at, excess) = (plain(self.lambda), plain(self.excess));
        let what = if self.rests { "spurious stationary point" } else { "spurious zero that descent leaves" };
        format!("{what} at λ = {at}, {excess} above the least F")
    }
}

impl StationaryPoint {
    pub(super) fn of(case: &Case<'_>, trials: Vec<TrialFinding>) -> Self {
        Self { schema: SCHEMA, scenario: case.name.to_owned(), seed: case.scenario().seed, trials }
    }

    /// What was found about the trial with this identifier.
    #[must_use]
    pub fn of_trial(&self, id: u64) -> Option<&TrialFinding> {
        self.trials.iter().find(|found| found.id == id)
    }

    pub(super) fn columns() -> Vec<String> {
        ["trial", "estimator", "excess", "outer_value", "distance", "residual", "other_zeros"]
            .map(str::to_owned)
            .to_vec()
    }

    pub(super) fn summary_columns() -> Vec<String> {
        ["trial", "excess F", "F", "λ", "exact λ", "distance", "note"].map(str::to_owned).to_vec()
    }
}

impl Finding for StationaryPoint {
    fn to_json(&self) -> String {
        json(self)
    }

    fn rows(&self) -> Table {
        let length = self.trials.iter().map(|trial| trial.lambda.len()).max().unwrap_or(0);
        let mut table = Table { columns: Self::columns(), rows: Vec::new() };
        table.add_vector_columns("lambda", length);
        table.add_vector_columns("exact_lambda", length);
        for trial in &self.trials {
            let mut cells = trial.cells();
            cells.extend(Cell::vector(&trial.lambda, length));
            cells.extend(Cell::vector(&trial.exact_lambda, length));
            table.rows.push(cells);
        }
        table
    }

    fn summary(&self) -> Table {
        Table { columns: Self::summary_columns(), rows: self.trials.iter().map(TrialFinding::summary_cells).collect() }
    }

    fn about(&self, trial: u64) -> Option<Excerpt> {
        let found = self.of_trial(trial)?;
        let values = vec![("excess F", found.excess, f64::NAN), ("distance", found.distance, f64::NAN)];
        Some(Excerpt { values, terms: "over all rows, against where ∇F leads".to_owned() })
    }
}
