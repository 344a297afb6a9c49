//! What the super-efficiency probe found, as a value that can be written down.

use serde::Serialize;

use super::super::{Case, Cell, Excerpt, Finding, Table, json};
use crate::estimator::Solver;
use crate::math::number::counted;
use crate::math::statistics::{mean, variance};
use crate::problem::Cost;

/// Name and version of the JSON layout.
pub const SCHEMA: &str = "hyperlab/super-efficiency/1";

/// The errors of every trial at every inner step.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SuperEfficiency {
    /// [`SCHEMA`].
    pub schema: &'static str,
    /// What the scenario is called where it came from.
    pub scenario: String,
    /// Seed of the first replicate, whose rows are kept in full.
    pub seed: u64,
    /// λ ∈ R^p of the first trial and replicate.
    pub lambda: Vec<f64>,
    /// The trials of the first replicate.
    pub trials: Vec<TrialFinding>,
    /// All replicates, when there is more than one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub replicates: Vec<Replicates>,
}

/// One trial.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TrialFinding {
    /// Identifier of the trial in the laboratory.
    #[serde(skip)]
    pub id: u64,
    /// Its name.
    pub trial: String,
    /// Identifier of its estimator.
    pub estimator: String,
    /// Slope of the hypergradient error against the inner error, over the widest stretch from the solution on that is a
    /// power law; at least a decade.
    pub slope: Option<f64>,
    /// One a measurement, from inner step 0.
    pub rows: Vec<Row>,
    /// `log₁₀` of the fitted error at inner error 1.
    pub intercept: Option<f64>,
    /// Decades of inner error the slope was fitted over.
    pub decades: Option<f64>,
    /// Standard error of the slope in this run.
    pub slope_error: Option<f64>,
    /// Smallest and largest inner error that it was fitted to.
    pub fitted: Option<(f64, f64)>,
    /// C = ‖M‖₂, where theory gives it.
    pub efficiency_constant: Option<f64>,
    /// Whether the truth was found to rounding.
    pub truth_converged: bool,
    /// How the run ended.
    pub status: String,
}

/// One measurement.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Row {
    /// Inner steps taken.
    pub inner_step: usize,
    /// θ ∈ R^d.
    pub theta: Vec<f64>,
    /// `‖θ − θ*‖`.
    pub inner_error: f64,
    /// ĥ.
    pub hypergradient: Vec<f64>,
    /// ∇F(λ₀).
    pub truth: Vec<f64>,
    /// `‖ĥ − ∇F‖`.
    pub error: f64,
    /// `‖ĥ − ∇F‖ / ‖∇F‖`.
    pub relative_error: f64,
    /// Cosine between ĥ and ∇F.
    pub cosine: f64,
    /// What the inner run up to here and this one estimate cost; estimates for the other rows are not counted.
    pub cost: Cost,
    /// The health of the linear solver.
    pub solver: Solver,
    /// `‖Mᵀe‖`, the error that first-order theory predicts, where there is theory.
    pub predicted_error: Option<f64>,
}

/// One trial over all replicates.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Replicates {
    /// Its name.
    pub trial: String,
    /// Over the replicates that have a slope.
    pub slope: Spread,
    /// At every inner step that some replicate reached.
    pub curve: Vec<CurvePoint>,
    /// One by one.
    pub runs: Vec<Replicate>,
}

/// Error curves of all replicates at one inner step. What is zero or not finite has no logarithm and is left out.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct CurvePoint {
    /// Inner steps taken.
    pub inner_step: usize,
    /// `log₁₀ ‖θ − θ*‖`.
    pub log10_inner_error: Spread,
    /// `log₁₀ ‖ĥ − ∇F‖`.
    pub log10_error: Spread,
}

/// Mean and spread of some numbers.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Spread {
    /// Arithmetic mean; NaN for nothing.
    pub mean: f64,
    /// Unbiased standard deviation; NaN for fewer than two.
    pub deviation: f64,
    /// How many.
    pub count: usize,
}

/// One trial with one seed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Replicate {
    /// The seed.
    pub seed: u64,
    /// The slope.
    pub slope: Option<f64>,
    /// `‖θ_t − θ*‖`, from inner step 0.
    pub inner_error: Vec<f64>,
    /// `‖ĥ_t − ∇F‖`, from inner step 0.
    pub error: Vec<f64>,
}

/// All trials with one seed.
pub(super) struct Run {
    pub(super) seed: u64,
    pub(super) lambda: Vec<f64>,
    pub(super) trials: Vec<TrialFinding>,
}

impl Spread {
    fn of(values: &[f64]) -> Self {
        Self { mean: mean(values), deviation: variance(values).sqrt(), count: values.len() }
    }

    fn of_logarithms(values: impl Iterator<Item = f64>) -> Self {
        Self::of(&values.filter(|x| *x > 0.0 && x.is_finite()).map(f64::log10).collect::<Vec<_>>())
    }
}

impl SuperEfficiency {
    /// From the runs of all seeds, the first one in full.
    pub(super) fn of(case: &Case<'_>, runs: Vec<Run>) -> Self {
        let replicates = if runs.len() > 1 { Replicates::of(&runs) } else { Vec::new() };
        let (lambda, trials) = runs.into_iter().next().map(|run| (run.lambda, run.trials)).unwrap_or_default();
        let (scenario, seed) = (case.name.to_owned(), case.scenario().seed);
        Self { schema: SCHEMA, scenario, seed, lambda, trials, replicates }
    }
}

impl Replicates {
    fn of(runs: &[Run]) -> Vec<Self> {
        let trials = runs.first().map_or(0, |run| run.trials.len());
        (0..trials).map(|index| Self::of_trial(&runs[0].trials[index].trial, runs, index)).collect()
    }

    fn of_trial(name: &str, runs: &[Run], index: usize) -> Self {
        let runs: Vec<Replicate> = runs
            .iter()
            .map(|run| {
                let trial = &run.trials[index];
                let column = |of: fn(&Row) -> f64| trial.rows.iter().map(of).collect();
                Replicate {
                    seed: run.seed,
                    slope: trial.slope,
                    inner_error: column(|row| row.inner_error),
                    error: column(|row| row.error),
                }
            })
            .collect();
        let length = runs.iter().map(|run| run.error.len()).max().unwrap_or(0);
        let at = |step: usize| CurvePoint {
            inner_step: step,
            log10_inner_error: Spread::of_logarithms(runs.iter().filter_map(|run| run.inner_error.get(step).copied())),
            log10_error: Spread::of_logarithms(runs.iter().filter_map(|run| run.error.get(step).copied())),
        };
        let slopes: Vec<f64> = runs.iter().filter_map(|run| run.slope).collect();
        let curve = (0..length).map(at).collect();
        Self { trial: name.to_owned(), slope: Spread::of(&slopes), curve, runs }
    }
}

impl Finding for SuperEfficiency {
    fn to_json(&self) -> String {
        json(self)
    }

    /// With replicates: one row a replicate and measurement, errors alone.
    fn rows(&self) -> Table {
        if self.replicates.is_empty() { self.measurements() } else { self.replicate_rows() }
    }

    fn summary(&self) -> Table {
        let mut table = Table::new(&[
            "trial",
            "slope",
            "±",
            "decades",
            "C",
            "‖θ-θ*‖ first",
            "last",
            "‖ĥ-∇F‖ first",
            "last",
            "predicted",
            "cosine",
            "calls",
            "note",
        ]);
        for (index, trial) in self.trials.iter().enumerate() {
            let spread = self.replicates.get(index).map(|replicates| replicates.slope);
            let (first, last) = (trial.rows.first(), trial.rows.last());
            table.rows.push(vec![
                trial.trial.as_str().into(),
                spread.map_or(trial.slope, |spread| Some(spread.mean).filter(|mean| !mean.is_nan())).into(),
                spread
                    .map_or(trial.slope_error, |spread| Some(spread.deviation))
                    .filter(|error| !error.is_nan())
                    .into(),
                trial.decades.into(),
                trial.efficiency_constant.into(),
                first.map(|row| row.inner_error).into(),
                last.map(|row| row.inner_error).into(),
                first.map(|row| row.error).into(),
                last.map(|row| row.error).into(),
                last.and_then(|row| row.predicted_error).into(),
                last.map(|row| row.cosine).into(),
                last.map(|row| row.cost.calls()).into(),
                trial.note().into(),
            ]);
        }
        table
    }

    fn about(&self, trial: u64) -> Option<Excerpt> {
        let place = self.trials.iter().position(|found| found.id == trial)?;
        let found = &self.trials[place];
        let slopes = self.replicates.get(place).map(|replicates| replicates.slope).filter(|slope| slope.count > 0);
        let alone = found.slope.map(|slope| (slope, f64::NAN));
        let slope = slopes.map(|slopes| (slopes.mean, slopes.deviation)).or(alone);
        let mut values = Vec::new();
        values.extend(slope.map(|(slope, deviation)| ("slope", slope, deviation)));
        values.extend(found.efficiency_constant.map(|constant| ("C", constant, f64::NAN)));
        values.extend(found.rows.last().map(|row| ("relative", row.relative_error, f64::NAN)));
        let seeds = slopes.map_or(usize::from(slope.is_some()), |slopes| slopes.count);
        Some(Excerpt { values, terms: format!("a slope with {seeds} of {}", counted(self.seeds(), "seed")) })
    }
}

impl SuperEfficiency {
    /// Seeds measured.
    #[must_use]
    pub fn seeds(&self) -> usize {
        self.replicates.first().map_or(1, |replicates| replicates.runs.len())
    }

    fn measurements(&self) -> Table {
        let rows = || self.trials.iter().flat_map(|trial| trial.rows.iter().map(move |row| (trial, row)));
        let longest = |of: fn(&Row) -> usize| rows().map(|(_, row)| of(row)).max().unwrap_or(0);
        let inner = longest(|row| row.theta.len());
        let outer = longest(|row| row.hypergradient.len());
        let mut table = Table::new(&["trial", "estimator", "seed", "inner_step", "inner_error", "error"]);
        table.columns.extend(["relative_error", "cosine", "predicted_error"].map(str::to_owned));
        table.add_cost_columns();
        table.add_vector_columns("hypergradient", outer);
        table.add_vector_columns("truth", outer);
        table.add_vector_columns("theta", inner);
        for (trial, row) in rows() {
            let mut cells: Vec<Cell> = vec![
                trial.trial.as_str().into(),
                trial.estimator.as_str().into(),
                Cell::Text(self.seed.to_string()),
                row.inner_step.into(),
                row.inner_error.into(),
                row.error.into(),
                row.relative_error.into(),
                row.cosine.into(),
                row.predicted_error.into(),
            ];
            cells.extend(Cell::cost(&row.cost, &row.solver));
            cells.extend(Cell::vector(&row.hypergradient, outer));
            cells.extend(Cell::vector(&row.truth, outer));
            cells.extend(Cell::vector(&row.theta, inner));
            table.rows.push(cells);
        }
        table
    }

    fn replicate_rows(&self) -> Table {
        let mut table = Table::new(&["trial", "estimator", "seed", "inner_step", "inner_error", "error"]);
        for (trial, replicates) in self.trials.iter().zip(&self.replicates) {
            for run in &replicates.runs {
                for (step, (inner_error, error)) in run.inner_error.iter().zip(&run.error).enumerate() {
                    table.rows.push(vec![
                        trial.trial.as_str().into(),
                        trial.estimator.as_str().into(),
                        Cell::Text(run.seed.to_string()),
                        step.into(),
                        (*inner_error).into(),
                        (*error).into(),
                    ]);
                }
            }
        }
        table
    }
}

impl TrialFinding {
    /// What a person should know beside the numbers.
    fn note(&self) -> String {
        let last = self.rows.last().map(|row| &row.solver);
        let mut notes = Vec::new();
        if self.rows.iter().any(|row| !row.error.is_finite()) {
            notes.push(self.status.clone());
        }
        if !self.truth_converged {
            notes.push("no exact truth here".to_owned());
        }
        notes.extend(last.and_then(Solver::trouble));
        notes.join("; ")
    }
}
