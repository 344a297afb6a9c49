//! What the frozen-state probe found.

use std::sync::Arc;

use serde::Serialize;

use super::plan::Plan;
use super::split::split;
use crate::estimator::Estimate;
use crate::math::number::{counted, plain};
use crate::math::vector::norm;
use crate::probe::{Case, Cell, Excerpt, Finding, Subject, Table, json};
use crate::trial::{Held, Loops};

/// Name and version of the JSON layout.
pub const SCHEMA: &str = "hyperlab/frozen/1";

/// All trials of a scenario.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FrozenState {
    /// Name and version of this layout.
    pub schema: &'static str,
    /// Identifier or path of the scenario.
    pub scenario: String,
    /// Its seed.
    pub seed: u64,
    /// How often batches were drawn, of trials that draw any.
    pub replicates: usize,
    /// What was held, and from which state.
    pub state: String,
    /// One entry a trial.
    pub trials: Vec<TrialFinding>,
}

/// A length relative to another, with its standard error.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Relative {
    /// The ratio; NaN where it is not known.
    pub value: f64,
    /// Its standard error.
    pub standard_error: f64,
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
    /// λ, where it was frozen.
    pub lambda: Arc<[f64]>,
    /// How often batches were drawn; one, where nothing is.
    pub replicates: usize,
    /// Mean direction ∈ R^p.
    pub mean: Vec<f64>,
    /// ∇F ∈ R^p.
    pub truth: Vec<f64>,
    /// `‖E D_λ − ∇F‖/‖∇F‖`; zero where its debiased square is not positive.
    pub bias: Relative,
    /// What the bias is at most, as far as two standard errors say, where it is lost in them.
    pub bias_at_most: Option<f64>,
    /// Its debiased square, negative by chance where it is small.
    pub bias_squared: Relative,
    /// `(tr Cov D_λ)^½/‖∇F‖`.
    pub noise: Relative,
    /// Mean cosine of the angle between D_λ and ∇F.
    pub cosine: Relative,
    /// Of v, for methods that have one.
    pub adjoint: Option<AdjointFinding>,
    /// Oracle calls of one direction, without the ticks before it.
    pub calls: f64,
    /// Why nothing was measured, where that is so.
    pub lack: Option<String>,
}

/// How v scatters around v*.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct AdjointFinding {
    /// Root mean square of `‖v − v*‖/‖v*‖`.
    pub deviation: Relative,
    /// `‖E v − v*‖/‖v*‖`.
    pub bias: Relative,
}

impl Relative {
    const UNKNOWN: Self = Self { value: f64::NAN, standard_error: f64::NAN };

    /// The root of a square that may be negative by chance. Its error is what one standard error of the square adds: half of
    /// it over the root where the root is large, the root of it where there is nothing.
    fn root(square: f64, error: f64) -> Self {
        // NaN stays NaN.
        let kept = if square < 0.0 { 0.0 } else { square };
        Self { value: kept.sqrt(), standard_error: (kept + error).sqrt() - kept.sqrt() }
    }

    /// One standard error of its square, which is what is normal about a root near zero.
    fn of_square(self) -> f64 {
        (self.value + self.standard_error).powi(2) - self.value.powi(2)
    }

    /// Whether it can be told from zero: its square is more than two standard errors of the square.
    #[must_use]
    pub fn is_seen(self) -> bool {
        self.value.powi(2) > 2.0 * self.of_square()
    }

    /// What it is at most, as far as two standard errors of its square say.
    #[must_use]
    pub fn at_most(self) -> f64 {
        (self.value.powi(2) + 2.0 * self.of_square()).sqrt()
    }

    /// Why a log axis, and a slope, have no place for it.
    #[must_use]
    pub fn unseen(self) -> Option<&'static str> {
        if self.is_seen() {
            None
        } else if self.standard_error > 0.0 {
            Some("lost in its standard error")
        } else {
            Some("nothing but rounding")
        }
    }
}

impl TrialFinding {
    pub(super) fn of(subject: &Subject, loops: &Loops, truth: &Held, estimates: &[Estimate]) -> Self {
        let directions: Vec<&[f64]> = estimates.iter().map(|estimate| &*estimate.hypergradient).collect();
        let found = split(&directions, &truth.hypergradient);
        let square = norm(&truth.hypergradient).powi(2);
        let (error, spread) = (found.error, found.standard_error);
        // What is within rounding of ∇F cannot be told from it.
        let is_rounding = error.variance == 0.0 && error.bias_squared.sqrt() <= truth.floor;
        let bias_squared = if is_rounding { 0.0 } else { error.bias_squared / square };
        if !(bias_squared.is_finite() && error.variance.is_finite() && spread.bias_squared.is_finite()) {
            return Self::none(
                subject,
                "not finite: the square of its direction is more than a number can hold".to_owned(),
            );
        }
        let bias = Relative::root(bias_squared, spread.bias_squared / square);
        let calls = estimates.iter().map(|estimate| estimate.cost.calls()).sum::<f64>() / estimates.len() as f64;
        Self {
            lambda: loops.lambda().into(),
            replicates: estimates.len(),
            mean: found.mean,
            truth: truth.hypergradient.clone(),
            bias,
            bias_at_most: (!bias.is_seen() && bias.standard_error > 0.0).then(|| bias.at_most()),
            bias_squared: Relative { value: bias_squared, standard_error: spread.bias_squared / square },
            noise: Relative::root(error.variance / square, spread.variance / square),
            cosine: Relative { value: error.cosine, standard_error: spread.cosine },
            adjoint: AdjointFinding::of(truth, estimates),
            calls,
            lack: None,
            ..Self::none(subject, String::new())
        }
    }

    /// A trial that cannot be frozen, and why.
    pub(super) fn none(subject: &Subject, lack: String) -> Self {
        Self {
            trial: subject.setting.name.clone(),
            estimator: subject.setting.estimator.id().to_owned(),
            id: subject.id,
            lambda: subject.lambda.clone().unwrap_or_else(|| Arc::from([])),
            replicates: 0,
            mean: Vec::new(),
            truth: Vec::new(),
            bias: Relative::UNKNOWN,
            bias_at_most: None,
            bias_squared: Relative::UNKNOWN,
            noise: Relative::UNKNOWN,
            cosine: Relative::UNKNOWN,
            adjoint: None,
            calls: f64::NAN,
            lack: Some(lack),
        }
    }

    fn note(&self) -> String {
        if let Some(lack) = &self.lack {
            return format!("not measured: {lack}");
        }
        if self.replicates == 1 {
            let bias = if self.bias.value == 0.0 { "exact to rounding" } else { "the bias is exact" };
            return format!("nothing is drawn: {bias}");
        }
        if self.noise.value == 0.0 {
            return "no batch enters: what noise it has is in θ and v, which are held".to_owned();
        }
        if self.bias.is_seen() { String::new() } else { "bias too small to tell from 0".to_owned() }
    }

    pub(super) fn cells(&self) -> Vec<Cell> {
        let adjoint = |of: fn(&AdjointFinding) -> f64| self.adjoint.as_ref().map(of);
        vec![
            self.trial.as_str().into(),
            self.estimator.as_str().into(),
            self.replicates.into(),
            self.bias.value.into(),
            self.bias.standard_error.into(),
            self.bias_at_most.into(),
            self.bias_squared.value.into(),
            self.bias_squared.standard_error.into(),
            self.noise.value.into(),
            self.noise.standard_error.into(),
            self.cosine.value.into(),
            self.cosine.standard_error.into(),
            adjoint(|found| found.deviation.value).into(),
            adjoint(|found| found.deviation.standard_error).into(),
            adjoint(|found| found.bias.value).into(),
            adjoint(|found| found.bias.standard_error).into(),
            self.calls.into(),
        ]
    }

    pub(super) fn summary_cells(&self) -> Vec<Cell> {
        let deviation = self.adjoint.map(|found| found.deviation);
        let [bias, error] = match self.bias_at_most {
            Some(most) => [Cell::Text(format!("≤ {}", plain(most))), Cell::Missing],
            None => [Cell::known(self.bias.value), Cell::known(self.bias.standard_error)],
        };
        vec![
            self.trial.as_str().into(),
            bias,
            error,
            Cell::known(self.noise.value),
            Cell::known(self.noise.standard_error),
            Cell::known(self.cosine.value),
            deviation.map_or(Cell::Missing, |found| Cell::known(found.value)),
            deviation.map_or(Cell::Missing, |found| Cell::known(found.standard_error)),
            Cell::known(self.calls),
            self.note().into(),
        ]
    }
}

impl AdjointFinding {
    /// Of estimates all of which have a v, as long as that of the exact answer.
    fn of(truth: &Held, estimates: &[Estimate]) -> Option<Self> {
        let exact: Vec<f64> = truth.members.iter().flat_map(|member| member.adjoint.iter().copied()).collect();
        let found: Option<Vec<&[f64]>> = estimates.iter().map(|estimate| estimate.adjoint.as_deref()).collect();
        let found = found?;
        let fits = !exact.is_empty() && found.iter().all(|adjoint| adjoint.len() == exact.len());
        fits.then(|| {
            let found = split(&found, &exact);
            let square = norm(&exact).powi(2);
            let (error, spread) = (found.error, found.standard_error);
            let root = |value: f64, error: f64| Relative::root(value / square, error / square);
            Self {
                deviation: root(error.mean_squared_error, spread.mean_squared_error),
                bias: root(error.bias_squared, spread.bias_squared),
            }
        })
    }
}

impl FrozenState {
    pub(super) fn of(case: &Case<'_>, plan: Plan, trials: Vec<TrialFinding>) -> Self {
        Self {
            schema: SCHEMA,
            scenario: case.name.to_owned(),
            seed: case.scenario().seed,
            replicates: plan.replicates,
            state: plan.in_words(),
            trials,
        }
    }

    /// What was found about the trial with this identifier.
    #[must_use]
    pub fn of_trial(&self, id: u64) -> Option<&TrialFinding> {
        self.trials.iter().find(|found| found.id == id)
    }

    /// What was held, how often batches were drawn.
    #[must_use]
    pub fn in_words(&self) -> String {
        let most = self.trials.iter().map(|trial| trial.replicates).max().unwrap_or(0);
        let drawn = if most > 1 { format!(", {}", counted(most, "draw")) } else { ", all rows".to_owned() };
        format!("{}{drawn}", self.state)
    }

    pub(super) fn columns() -> Vec<String> {
        let mut columns: Vec<String> = ["trial", "estimator", "replicates"].map(str::to_owned).to_vec();
        for name in ["bias", "bias_squared", "noise", "cosine", "adjoint_deviation", "adjoint_bias"] {
            columns.extend([name.to_owned(), format!("{name}_se")]);
            columns.extend((name == "bias").then(|| "bias_at_most".to_owned()));
        }
        columns.push("calls".to_owned());
        columns
    }

    pub(super) fn summary_columns() -> Vec<String> {
        ["trial", "bias/‖∇F‖", "±", "noise/‖∇F‖", "±", "cosine", "‖v−v*‖/‖v*‖", "±", "calls", "note"]
            .map(str::to_owned)
            .to_vec()
    }
}

impl Finding for FrozenState {
    fn to_json(&self) -> String {
        json(self)
    }

    fn rows(&self) -> Table {
        let length = self.trials.iter().map(|trial| trial.mean.len()).max().unwrap_or(0);
        let mut table = Table { columns: Self::columns(), rows: Vec::new() };
        table.add_vector_columns("mean", length);
        table.add_vector_columns("truth", length);
        for trial in &self.trials {
            let mut cells = trial.cells();
            cells.extend(Cell::vector(&trial.mean, length));
            cells.extend(Cell::vector(&trial.truth, length));
            table.rows.push(cells);
        }
        table
    }

    fn summary(&self) -> Table {
        let rows = self.trials.iter().map(TrialFinding::summary_cells).collect();
        let mut table = Table { columns: Self::summary_columns(), rows };
        if let Some(Cell::Text(note)) = table.rows.first_mut().and_then(|row| row.last_mut()) {
            *note = [self.in_words(), std::mem::take(note)]
                .into_iter()
                .filter(|part| !part.is_empty())
                .collect::<Vec<_>>()
                .join("; ");
        }
        table
    }

    fn about(&self, trial: u64) -> Option<Excerpt> {
        let found = self.of_trial(trial)?;
        let value = |name, found: Relative| (name, found.value, found.standard_error);
        let bias = found.bias_at_most.map(|most| ("bias at most", most, f64::NAN));
        let values =
            vec![bias.unwrap_or(value("bias", found.bias)), value("noise", found.noise), value("cosine", found.cosine)];
        Some(Excerpt { values, terms: self.in_words() })
    }
}
