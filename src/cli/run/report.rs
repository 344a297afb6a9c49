//! What a run found: one row an outer step.

use serde::Serialize;

use crate::estimator::Solver;
use crate::lab::Lab;
use crate::probe::{Cell, Finding, Table};
use crate::problem::{Cost, Score};
use crate::trial::{OuterRecord, Trial};

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
    status: String,
    halted: bool,
    /// Whether the truth was found to rounding at the last λ.
    truth_converged: bool,
}

/// One outer step: where it was, before λ moved.
#[derive(Debug, Serialize)]
struct Step {
    outer_step: usize,
    lambda: Vec<f64>,
    theta: Vec<f64>,
    /// `g(λ, θ)`.
    inner_value: f64,
    /// `f(λ, θ)`.
    validation: f64,
    /// Mean loss on rows that neither objective sees.
    test: Option<f64>,
    hypergradient: Vec<f64>,
    truth: Vec<f64>,
    error: f64,
    relative_error: f64,
    cosine: f64,
    /// Up to and with this step.
    cost: Cost,
    solver: Solver,
    metrics: Metrics,
}

/// What else is known of an outer step.
#[derive(Debug, Serialize)]
struct Metrics {
    /// `F(λ) = f(λ, θ*(λ))`.
    value: f64,
    inner_steps: usize,
    inner_error: f64,
    hypergradient_norm: f64,
    training_loss: Option<f64>,
    validation_loss: Option<f64>,
    test_loss: Option<f64>,
    training_accuracy: Option<f64>,
    validation_accuracy: Option<f64>,
    test_accuracy: Option<f64>,
    /// Of the model trained on training and validation rows together, where the scenario asks for it.
    refit_loss: Option<f64>,
    refit_accuracy: Option<f64>,
    /// How well the weights of rows tell clean from mislabelled, where there are such.
    precision: Option<f64>,
    recall: Option<f64>,
    f1: Option<f64>,
}

impl Report {
    /// The first `planned` outer steps of every trial.
    pub fn of(lab: &Lab, name: &str, planned: &[usize]) -> Self {
        Self {
            schema: SCHEMA,
            scenario: name.to_owned(),
            seed: lab.experiment().scenario.seed,
            trials: lab.trials().zip(planned).map(|(trial, &steps)| TrialReport::of(trial, steps)).collect(),
        }
    }
}

impl TrialReport {
    fn of(trial: &Trial, planned: usize) -> Self {
        let records = trial.outer_records();
        // The λ that the last of these steps led to is where the next one was, or where the trial is now.
        let lambda = records.get(planned).map_or(trial.lambda(), |next| &next.lambda);
        Self {
            trial: trial.setting().name.clone(),
            estimator: trial.setting().estimator.id().to_owned(),
            steps: records.iter().take(planned).map(Step::of).collect(),
            lambda: lambda.to_vec(),
            status: if trial.status().is_halted() { trial.status().to_string() } else { "done".to_owned() },
            halted: trial.status().is_halted(),
            truth_converged: trial.truth().converged,
        }
    }

    /// What a person should know beside the numbers of the last step.
    fn note(&self) -> String {
        let solver = self.steps.last().map(|step| &step.solver).filter(|solver| !solver.converged);
        let solver = solver.map(|solver| solver.note.as_deref().unwrap_or("the linear solver did not converge"));
        let status = Some(self.status.as_str()).filter(|_| self.halted);
        let truth = Some("no exact truth here").filter(|_| !self.truth_converged);
        status.into_iter().chain(truth).chain(solver).collect::<Vec<_>>().join("; ")
    }
}

impl Step {
    fn of(record: &OuterRecord) -> Self {
        let [training, validation, test] = record.scores;
        let loss = |score: Option<Score>| score.map(|score| score.loss);
        let accuracy = |score: Option<Score>| score.and_then(|score| score.accuracy);
        Self {
            outer_step: record.step,
            lambda: record.lambda.to_vec(),
            theta: record.theta.to_vec(),
            inner_value: record.inner_value,
            validation: record.outer_value,
            test: loss(test),
            hypergradient: record.hypergradient.to_vec(),
            truth: record.truth.to_vec(),
            error: record.error,
            relative_error: record.relative_error,
            cosine: record.cosine,
            cost: record.cost,
            solver: record.solver.clone(),
            metrics: Metrics {
                value: record.value,
                inner_steps: record.inner_steps,
                inner_error: record.inner_error,
                hypergradient_norm: record.hypergradient_norm(),
                training_loss: loss(training),
                validation_loss: loss(validation),
                test_loss: loss(test),
                training_accuracy: accuracy(training),
                validation_accuracy: accuracy(validation),
                test_accuracy: accuracy(test),
                refit_loss: loss(record.refit),
                refit_accuracy: accuracy(record.refit),
                precision: record.cleaning.map(|cleaning| cleaning.precision),
                recall: record.cleaning.map(|cleaning| cleaning.recall),
                f1: record.cleaning.map(|cleaning| cleaning.f1),
            },
        }
    }
}

impl Finding for Report {
    fn to_json(&self) -> String {
        // Plain data with string keys, which JSON can always hold.
        serde_json::to_string(self).unwrap_or_default()
    }

    fn rows(&self) -> Table {
        let steps = || self.trials.iter().flat_map(|trial| trial.steps.iter().map(move |step| (trial, step)));
        let longest = |of: fn(&Step) -> usize| steps().map(|(_, step)| of(step)).max().unwrap_or(0);
        let (inner, outer) = (longest(|step| step.theta.len()), longest(|step| step.lambda.len()));
        let mut table = Table::new(&["trial", "estimator", "seed", "outer_step", "inner_value", "validation", "test"]);
        table.columns.extend(["error", "relative_error", "cosine", "value", "inner_steps"].map(str::to_owned));
        table.columns.extend(["inner_error", "training_loss", "validation_loss"].map(str::to_owned));
        table.columns.extend(["training_accuracy", "validation_accuracy", "test_accuracy"].map(str::to_owned));
        table.columns.extend(["refit_loss", "refit_accuracy", "precision", "recall", "f1"].map(str::to_owned));
        table.add_cost_columns();
        for (name, length) in [("lambda", outer), ("hypergradient", outer), ("truth", outer), ("theta", inner)] {
            table.add_vector_columns(name, length);
        }
        for (trial, step) in steps() {
            let metrics = &step.metrics;
            let mut cells: Vec<Cell> = vec![
                trial.trial.as_str().into(),
                trial.estimator.as_str().into(),
                Cell::Text(self.seed.to_string()),
                step.outer_step.into(),
                step.inner_value.into(),
                step.validation.into(),
                step.test.into(),
                step.error.into(),
                step.relative_error.into(),
                step.cosine.into(),
                metrics.value.into(),
                metrics.inner_steps.into(),
                metrics.inner_error.into(),
                metrics.training_loss.into(),
                metrics.validation_loss.into(),
                metrics.training_accuracy.into(),
                metrics.validation_accuracy.into(),
                metrics.test_accuracy.into(),
                metrics.refit_loss.into(),
                metrics.refit_accuracy.into(),
                metrics.precision.into(),
                metrics.recall.into(),
                metrics.f1.into(),
            ];
            cells.extend(Cell::cost(&step.cost, &step.solver));
            cells.extend(Cell::vector(&step.lambda, outer));
            cells.extend(Cell::vector(&step.hypergradient, outer));
            cells.extend(Cell::vector(&step.truth, outer));
            cells.extend(Cell::vector(&step.theta, inner));
            table.rows.push(cells);
        }
        table
    }

    fn summary(&self) -> Table {
        let mut table = Table::new(&["trial", "outer", "validation", "test", "accuracy", "F(λ)", "‖ĥ‖", "‖ĥ-∇F‖"]);
        table.columns.extend(["relative", "cosine", "‖θ-θ*‖", "calls", "note"].map(str::to_owned));
        for trial in &self.trials {
            for step in &trial.steps {
                let metrics = &step.metrics;
                table.rows.push(vec![
                    trial.trial.as_str().into(),
                    step.outer_step.into(),
                    step.validation.into(),
                    step.test.into(),
                    metrics.test_accuracy.or(metrics.validation_accuracy).into(),
                    metrics.value.into(),
                    metrics.hypergradient_norm.into(),
                    step.error.into(),
                    step.relative_error.into(),
                    step.cosine.into(),
                    metrics.inner_error.into(),
                    step.cost.calls().into(),
                    Cell::Missing,
                ]);
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
