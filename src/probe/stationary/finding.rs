//! What the probe of stationary points found.

use serde::Serialize;

use super::field::Found;
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
    /// Where descent along its direction ends; nothing where it does not.
    pub lambda: Vec<f64>,
    /// Where descent along ∇F ends, from the same start; nothing where it does not.
    pub exact_lambda: Vec<f64>,
    /// The distance between the two, where there are both.
    pub distance: f64,
    /// F at the first.
    pub value: f64,
    /// F at the second.
    pub exact_value: f64,
    /// `F(λ̂) − F(λ*)`, where there are both.
    pub excess: f64,
    /// What is left of ‖D̄‖ at the first.
    pub residual: f64,
    /// Where else its direction is zero, within reach and for a λ of one number.
    pub others: Vec<Root>,
    /// Its direction over λ, and ∇F; for a λ of one number.
    pub curve: Curve,
    /// Why descent along its direction has no end that is known, where that is so.
    pub lack: Option<String>,
    /// The same of descent along ∇F.
    pub exact_lack: Option<String>,
}

/// Another zero of a direction.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Root {
    /// Where.
    pub lambda: f64,
    /// Whether descent comes to rest there; it leaves it otherwise.
    pub rests: bool,
    /// F there.
    pub value: f64,
    /// The same above F(λ*), where there is a λ*.
    pub excess: f64,
    /// Whether ∇F has no zero of the same kind that would go with it.
    pub is_spurious: bool,
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
        let end = |found: &Found| found.end.as_ref().map(|(end, _)| end.clone()).unwrap_or_default();
        let value_at = |lambda: &[f64]| if lambda.is_empty() { f64::NAN } else { value(lambda) };
        let (lambda, exact_lambda) = (end(found), end(exact));
        let (reached, least) = (value_at(&lambda), value_at(&exact_lambda));
        let spurious = without_counterpart(&found.others, &exact.others);
        let other = |(&(lambda, rests), is_spurious): (&(f64, bool), bool)| {
            let value = value(&[lambda]);
            Root { lambda, rests, value, excess: value - least, is_spurious }
        };
        Self {
            trial: subject.setting.name.clone(),
            estimator: subject.setting.estimator.id().to_owned(),
            id: subject.id,
            distance: if lambda.len() == exact_lambda.len() && !lambda.is_empty() {
                distance(&lambda, &exact_lambda)
            } else {
                f64::NAN
            },
            lambda,
            exact_lambda,
            value: reached,
            exact_value: least,
            excess: reached - least,
            residual: found.end.as_ref().map_or(f64::NAN, |(_, left)| *left),
            others: found.others.iter().zip(spurious).map(other).collect(),
            curve: Curve { direction: found.curve.clone(), exact: exact.curve.clone() },
            lack: found.end.as_ref().err().cloned(),
            exact_lack: exact.end.as_ref().err().cloned(),
        }
    }

    /// Whether the excess is more than rounding of F.
    #[must_use]
    pub fn is_seen(&self) -> bool {
        const ROUNDING: f64 = 1e-13;
        self.excess.abs() > ROUNDING * self.value.abs()
    }

    /// Whether there is an excess, and it is none but rounding.
    #[must_use]
    pub fn is_none(&self) -> bool {
        self.excess.is_finite() && !self.is_seen()
    }

    /// The excess without what is only rounding; NaN where there is none to speak of.
    #[must_use]
    pub fn known_excess(&self) -> f64 {
        if self.is_none() { 0.0 } else { self.excess }
    }

    /// What was not found, of its descent and of that along ∇F, and why.
    pub fn lacks(&self) -> impl Iterator<Item = &str> {
        [&self.lack, &self.exact_lack].into_iter().flatten().map(String::as_str)
    }

    /// What is to be said of it beside its numbers.
    #[must_use]
    pub fn remarks(&self) -> Vec<String> {
        let mut remarks: Vec<String> = self.lacks().map(|lack| format!("no end: {lack}")).collect();
        if self.is_none() {
            remarks.push("no excess but rounding".to_owned());
        }
        remarks.extend(self.others.iter().map(Root::in_words));
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
            Cell::known(self.known_excess()),
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
        let at = plain(self.lambda);
        let kind = match (self.is_spurious, self.rests) {
            (true, true) => "spurious stationary point",
            (true, false) => "spurious zero that descent leaves",
            (false, true) => "another stationary point",
            (false, false) => "a zero that descent leaves",
        };
        if self.excess.is_finite() {
            format!("{kind} at λ = {at}, {} above the least F", plain(self.excess))
        } else {
            format!("{kind} at λ = {at}, where F is {}", plain(self.value))
        }
    }
}

/// Which zeros of a direction have none of ∇F that would go with them: each of the same kind, and the nearest.
fn without_counterpart(zeros: &[(f64, bool)], exact: &[(f64, bool)]) -> Vec<bool> {
    let mut pairs: Vec<(usize, usize)> = (0..zeros.len())
        .flat_map(|of| (0..exact.len()).map(move |to| (of, to)))
        .filter(|&(of, to)| zeros[of].1 == exact[to].1)
        .collect();
    let apart = |&(of, to): &(usize, usize)| (zeros[of].0 - exact[to].0).abs();
    pairs.sort_by(|a, b| apart(a).total_cmp(&apart(b)));
    let (mut alone, mut is_free) = (vec![true; zeros.len()], vec![true; exact.len()]);
    for (of, to) in pairs {
        if alone[of] && is_free[to] {
            (alone[of], is_free[to]) = (false, false);
        }
    }
    alone
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
        let values = vec![("excess F", found.known_excess(), f64::NAN), ("distance", found.distance, f64::NAN)];
        Some(Excerpt { values, terms: "over all rows, against where ∇F leads".to_owned() })
    }
}
