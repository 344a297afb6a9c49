//! What the excess-error probe found.

use serde::Serialize;

use crate::math::number::counted;
use crate::math::statistics::{mean, spearman};
use crate::probe::{Case, Cell, Excerpt, Finding, Mean, Subject, Table, json};

/// Name and version of the JSON layout.
pub const SCHEMA: &str = "hyperlab/excess-error/1";

/// All trials of a scenario.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ExcessError {
    /// Name and version of this layout.
    pub schema: &'static str,
    /// Identifier or path of the scenario.
    pub scenario: String,
    /// Its seed.
    pub seed: u64,
    /// Pools.
    pub replicates: usize,
    /// The least risk found.
    pub least_risk: f64,
    /// One entry a trial.
    pub trials: Vec<TrialFinding>,
    /// Spearman's rank correlation over trials between excess risk and mean squared error along the trajectory.
    pub rank_trajectory: f64,
    /// The same for the error of the time-averaged estimate.
    pub rank_averaged: f64,
}

/// One trial, means over pools.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TrialFinding {
    /// Identifier of the trial in the laboratory.
    #[serde(skip)]
    pub id: u64,
    /// Its name.
    pub trial: String,
    /// Identifier of its estimator.
    pub estimator: String,
    /// Identifier of its ensemble policy.
    pub ensemble: String,
    /// `R(λ_T) − min R`.
    pub excess: Mean,
    /// `mean_t ‖ĥ_t − h_t‖²`.
    pub trajectory: Mean,
    /// `‖mean_t (ĥ_t − h_t)‖`.
    pub averaged: Mean,
    /// Oracle calls of a whole run.
    pub calls: f64,
}

/// A whole run of one trial on one pool.
pub(super) struct Run {
    /// λ in the end, the problem's own entries.
    pub(super) lambda: Vec<f64>,
    pub(super) risk: f64,
    /// `mean_t ‖ĥ_t − h_t‖²`.
    pub(super) trajectory: f64,
    /// `‖mean_t (ĥ_t − h_t)‖`.
    pub(super) averaged: f64,
    pub(super) calls: f64,
}

impl ExcessError {
    pub(super) fn of(case: &Case<'_>, replicates: usize, least: f64, runs: Vec<(&Subject, &[Run])>) -> Self {
        let trials: Vec<TrialFinding> = runs
            .into_iter()
            .map(|(Subject { id, setting, .. }, runs)| {
                let column = |of: fn(&Run) -> f64| -> Vec<f64> { runs.iter().map(of).collect() };
                let excess: Vec<f64> = runs.iter().map(|run| run.risk - least).collect();
                TrialFinding {
                    id: *id,
                    trial: setting.name.clone(),
                    estimator: setting.estimator.id().to_owned(),
                    ensemble: setting.ensemble.id().to_owned(),
                    excess: Mean::of(&excess),
                    trajectory: Mean::of(&column(|run| run.trajectory)),
                    averaged: Mean::of(&column(|run| run.averaged)),
                    calls: mean(&column(|run| run.calls)),
                }
            })
            .collect();
        let column = |of: fn(&TrialFinding) -> f64| -> Vec<f64> { trials.iter().map(of).collect() };
        let excess = column(|trial| trial.excess.value);
        Self {
            schema: SCHEMA,
            scenario: case.name.to_owned(),
            seed: case.scenario().seed,
            replicates,
            least_risk: least,
            rank_trajectory: spearman(&column(|trial| trial.trajectory.value), &excess),
            rank_averaged: spearman(&column(|trial| trial.averaged.value), &excess),
            trials,
        }
    }
}

impl Finding for ExcessError {
    fn to_json(&self) -> String {
        json(self)
    }

    fn rows(&self) -> Table {
        let mut table = Table::new(&["trial", "estimator", "ensemble", "excess", "excess_se", "trajectory"]);
        table.columns.extend(["trajectory_se", "averaged", "averaged_se", "calls"].map(str::to_owned));
        for trial in &self.trials {
            table.rows.push(vec![
                trial.trial.as_str().into(),
                trial.estimator.as_str().into(),
                trial.ensemble.as_str().into(),
                trial.excess.value.into(),
                trial.excess.standard_error.into(),
                trial.trajectory.value.into(),
                trial.trajectory.standard_error.into(),
                trial.averaged.value.into(),
                trial.averaged.standard_error.into(),
                trial.calls.into(),
            ]);
        }
        table
    }

    fn summary(&self) -> Table {
        let mut table =
            Table::new(&["trial", "excess risk", "±", "trajectory MSE", "±", "averaged", "±", "calls", "note"]);
        let ranks = format!(
            "rank correlation with the excess: trajectory {:.2}, averaged {:.2}",
            self.rank_trajectory, self.rank_averaged
        );
        for (place, trial) in self.trials.iter().enumerate() {
            table.rows.push(vec![
                trial.trial.as_str().into(),
                trial.excess.value.into(),
                Cell::known(trial.excess.standard_error),
                trial.trajectory.value.into(),
                Cell::known(trial.trajectory.standard_error),
                trial.averaged.value.into(),
                Cell::known(trial.averaged.standard_error),
                trial.calls.into(),
                if place == 0 { ranks.as_str().into() } else { "".into() },
            ]);
        }
        table
    }

    fn about(&self, trial: u64) -> Option<Excerpt> {
        let found = self.trials.iter().find(|found| found.id == trial)?;
        let value = |name, mean: Mean| (name, mean.value, mean.standard_error);
        let values =
            vec![value("excess", found.excess), value("on path", found.trajectory), value("averaged", found.averaged)];
        Some(Excerpt { values, terms: format!("means over {}", counted(self.replicates, "pool")) })
    }
}
