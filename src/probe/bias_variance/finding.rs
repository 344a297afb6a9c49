//! What the bias–variance probe found.

use std::sync::Arc;

use serde::Serialize;

use super::plan::Plan;
use crate::data::World;
use crate::math::nested::{Nested, Parts};
use crate::probe::{Case, Cell, Excerpt, Finding, Subject, Table, json};
use crate::problem::Cost;

/// Name and version of the JSON layout.
pub const SCHEMA: &str = "hyperlab/bias-variance/1";

/// All trials of a scenario.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BiasVariance {
    /// Name and version of this layout.
    pub schema: &'static str,
    /// Identifier or path of the scenario.
    pub scenario: String,
    /// Its seed.
    pub seed: u64,
    /// Replicates.
    pub replicates: Replicates,
    /// What estimates were held against, at the first trial's λ.
    pub truth: TruthFinding,
    /// One entry a trial.
    pub trials: Vec<TrialFinding>,
}

/// How many samples were drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Replicates {
    /// R_tr.
    pub training: usize,
    /// R_v for each.
    pub validation: usize,
}

/// The hypergradient that estimates were held against.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TruthFinding {
    /// `training expectation`, `same data` or `population`.
    pub kind: &'static str,
    /// Whether a finite pool stands for the population.
    #[serde(rename = "conditional_on_the_pool")]
    pub conditional: bool,
    /// h ∈ R^p; empty where every replicate has its own.
    pub value: Vec<f64>,
    /// Standard error of each entry; zero where it is known in closed form.
    pub standard_error: Vec<f64>,
    /// Whether every exact answer was found to rounding.
    pub converged: bool,
    /// Where.
    pub lambda: Arc<[f64]>,
}

impl TruthFinding {
    /// As charts and tables name it.
    #[must_use]
    pub fn in_words(&self) -> String {
        let pool = if self.conditional { ", conditional on the pool" } else { "" };
        format!("truth: {}{pool}", self.kind)
    }
}

/// One trial.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TrialFinding {
    /// Its name.
    pub trial: String,
    /// Identifier of its estimator.
    pub estimator: String,
    /// Identifier of its ensemble policy.
    pub ensemble: String,
    /// Whether that policy divides the rows.
    #[serde(skip)]
    pub divides: bool,
    /// Identifier of the trial in the laboratory.
    pub id: u64,
    /// Mean estimate ∈ R^p.
    pub mean: Vec<f64>,
    /// The truth at this trial's λ; empty where every replicate has its own.
    pub truth: Vec<f64>,
    /// Whether it was found to rounding.
    pub truth_converged: bool,
    /// `‖E ĥ − h‖²`, debiased; negative by chance where it is small.
    pub bias_squared: f64,
    /// `tr Cov ĥ`.
    pub variance: f64,
    /// Its part from training samples; for an ensemble from pools. `null` with one validation replicate.
    pub variance_training: Option<f64>,
    /// Its part from validation samples; for an ensemble from divisions of the pool.
    pub variance_validation: Option<f64>,
    /// `E ‖ĥ − h‖²`, the sum of squared bias and variance.
    pub mse: f64,
    /// Mean cosine of the angle between ĥ and h.
    pub cosine: f64,
    /// Standard errors of the numbers above.
    pub standard_errors: StandardErrors,
    /// What one estimate cost, inner run included, on average.
    pub cost: Cost,
    /// Oracle calls of one estimate.
    pub calls: f64,
}

/// Standard errors, jackknifed over training replicates; NaN for fewer than three.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct StandardErrors {
    /// Of the squared bias, the truth's own error included.
    pub bias_squared: f64,
    /// Of the variance.
    pub variance: f64,
    /// Of its training part.
    pub variance_training: Option<f64>,
    /// Of its validation part.
    pub variance_validation: Option<f64>,
    /// Of the mean squared error.
    pub mse: f64,
    /// Of the cosine.
    pub cosine: f64,
}

impl TrialFinding {
    pub(super) fn of(subject: &Subject, truth: &TruthFinding, found: &Nested, cost: Cost, plan: Plan) -> Self {
        let count = (plan.training * plan.validation) as f64;
        let cost = Cost {
            gradients: cost.gradients / count,
            hvps: cost.hvps / count,
            cross_products: cost.cross_products / count,
            rows: cost.rows / count,
            factorizations: cost.factorizations / count,
            bytes: cost.bytes,
        };
        let known = |value: f64| (plan.validation > 1).then_some(value);
        let Parts { bias_squared, variance, between, within, mean_squared_error, cosine } = found.error;
        let errors = found.standard_error;
        Self {
            trial: subject.setting.name.clone(),
            estimator: subject.setting.estimator.id().to_owned(),
            ensemble: subject.setting.ensemble.id().to_owned(),
            divides: subject.setting.ensemble.entry().divides,
            id: subject.id,
            mean: found.mean.clone(),
            truth: truth.value.clone(),
            truth_converged: truth.converged,
            bias_squared,
            variance,
            variance_training: known(between),
            variance_validation: known(within),
            mse: mean_squared_error,
            cosine,
            standard_errors: StandardErrors {
                bias_squared: errors.bias_squared,
                variance: errors.variance,
                variance_training: known(errors.between),
                variance_validation: known(errors.within),
                mse: errors.mean_squared_error,
                cosine: errors.cosine,
            },
            calls: cost.calls(),
            cost,
        }
    }

    /// Whether the squared bias can be told from zero: beyond two standard errors of it.
    #[must_use]
    pub fn bias_is_seen(&self) -> bool {
        // Of a single replicate there is no error, and nothing to hold it against.
        self.bias_squared > 0.0 && self.bias_squared >= 2.0 * self.standard_errors.bias_squared.max(0.0)
    }

    /// What the two parts of the variance are from.
    #[must_use]
    pub fn sources(&self) -> [&'static str; 2] {
        if self.divides { ["pool", "division"] } else { ["training sample", "validation sample"] }
    }
}

impl BiasVariance {
    pub(super) fn of(
        case: &Case<'_>,
        plan: Plan,
        world: &World,
        truths: &[TruthFinding],
        trials: Vec<TrialFinding>,
    ) -> Self {
        let none = || TruthFinding {
            kind: plan.truth.name(),
            conditional: !world.is_population(),
            value: Vec::new(),
            standard_error: Vec::new(),
            converged: true,
            lambda: Arc::from(&*case.experiment.lambda),
        };
        Self {
            schema: SCHEMA,
            scenario: case.name.to_owned(),
            seed: case.scenario().seed,
            replicates: Replicates { training: plan.training, validation: plan.validation },
            truth: truths.first().cloned().unwrap_or_else(none),
            trials,
        }
    }

    /// What was found about the trial with this identifier.
    #[must_use]
    pub fn of_trial(&self, id: u64) -> Option<&TrialFinding> {
        self.trials.iter().find(|found| found.id == id)
    }

    pub(super) fn columns() -> Vec<String> {
        let mut columns: Vec<String> = ["trial", "estimator", "ensemble", "seed"].map(str::to_owned).to_vec();
        for name in ["bias_squared", "variance", "variance_training", "variance_validation", "mse", "cosine"] {
            columns.extend([name.to_owned(), format!("{name}_se")]);
        }
        columns.extend(
            ["gradients", "hvps", "cross_products", "factorizations", "bytes"].map(|name| format!("cost_{name}")),
        );
        columns
    }

    pub(super) fn cells(&self, trial: &TrialFinding) -> Vec<Cell> {
        let errors = &trial.standard_errors;
        vec![
            trial.trial.as_str().into(),
            trial.estimator.as_str().into(),
            trial.ensemble.as_str().into(),
            Cell::Text(self.seed.to_string()),
            trial.bias_squared.into(),
            errors.bias_squared.into(),
            trial.variance.into(),
            errors.variance.into(),
            trial.variance_training.into(),
            errors.variance_training.into(),
            trial.variance_validation.into(),
            errors.variance_validation.into(),
            trial.mse.into(),
            errors.mse.into(),
            trial.cosine.into(),
            errors.cosine.into(),
            trial.cost.gradients.into(),
            trial.cost.hvps.into(),
            trial.cost.cross_products.into(),
            trial.cost.factorizations.into(),
            trial.cost.bytes.into(),
        ]
    }

    pub(super) fn summary_columns() -> Vec<String> {
        ["trial", "bias²", "±", "variance", "±", "training", "validation", "MSE", "±", "cosine", "calls", "note"]
            .map(str::to_owned)
            .to_vec()
    }

    pub(super) fn summary_cells(&self, trial: &TrialFinding) -> Vec<Cell> {
        let errors = &trial.standard_errors;
        vec![
            trial.trial.as_str().into(),
            trial.bias_squared.into(),
            Cell::known(errors.bias_squared),
            trial.variance.into(),
            Cell::known(errors.variance),
            trial.variance_training.into(),
            trial.variance_validation.into(),
            trial.mse.into(),
            Cell::known(errors.mse),
            trial.cosine.into(),
            trial.calls.into(),
            self.note(trial).into(),
        ]
    }

    fn note(&self, trial: &TrialFinding) -> String {
        let mut notes = vec![self.truth.in_words()];
        if trial.divides {
            notes.push("variance of pools and of their divisions".to_owned());
        }
        if !trial.mse.is_finite() {
            notes.push("some run diverged or gave no estimate".to_owned());
        } else if trial.bias_squared.abs() < 2.0 * trial.standard_errors.bias_squared {
            notes.push("bias² too small to tell from 0".to_owned());
        }
        if !trial.truth_converged {
            notes.push("the truth did not converge".to_owned());
        }
        notes.join("; ")
    }
}

impl Finding for BiasVariance {
    fn to_json(&self) -> String {
        json(self)
    }

    fn rows(&self) -> Table {
        let length = self.trials.iter().map(|trial| trial.mean.len()).max().unwrap_or(0);
        let mut table = Table { columns: Self::columns(), rows: Vec::new() };
        table.add_vector_columns("mean", length);
        table.add_vector_columns("truth", length);
        for trial in &self.trials {
            let mut cells = self.cells(trial);
            cells.extend(Cell::vector(&trial.mean, length));
            cells.extend(Cell::vector(&trial.truth, length));
            table.rows.push(cells);
        }
        table
    }

    fn summary(&self) -> Table {
        let rows = self.trials.iter().map(|trial| self.summary_cells(trial)).collect();
        Table { columns: Self::summary_columns(), rows }
    }

    fn about(&self, trial: u64) -> Option<Excerpt> {
        let found = self.of_trial(trial)?;
        let errors = &found.standard_errors;
        let values = vec![
            ("bias²", found.bias_squared, errors.bias_squared),
            ("variance", found.variance, errors.variance),
            ("cosine", found.cosine, errors.cosine),
        ];
        Some(Excerpt { values, terms: self.truth.in_words() })
    }
}
