//! What the overfitting probe found.

use std::sync::Arc;

use serde::Serialize;

use crate::math::number::counted;
use crate::math::statistics::{mean, quantile, standard_error, variance};
use crate::metric::{self, Baseline, Metric};
use crate::probe::mean::{ONE_RUN, differing};
use crate::probe::{Case, Cell, Excerpt, Finding, Subject, Table, json};
use crate::trial::Status;

/// Name and version of the JSON layout.
pub const SCHEMA: &str = "hyperlab/overfitting/1";

/// What is measured at every outer step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Quantity {
    /// Mean loss on the training rows.
    Training,
    /// Mean loss on the validation rows.
    Validation,
    /// Mean loss on the test rows, or on new tasks.
    Test,
    /// The same after a refit on training and validation rows.
    Refit,
    /// Fraction of the validation rows classified correctly.
    ValidationAccuracy,
    /// Fraction of the test rows classified correctly.
    TestAccuracy,
    /// The same after a refit.
    RefitAccuracy,
    /// Harmonic mean of precision and recall of the rows kept.
    F1,
    /// Test loss less validation loss.
    Gap,
}

/// All of them, in the order of the values of a point.
pub const QUANTITIES: [Quantity; 9] = [
    Quantity::Training,
    Quantity::Validation,
    Quantity::Test,
    Quantity::Refit,
    Quantity::ValidationAccuracy,
    Quantity::TestAccuracy,
    Quantity::RefitAccuracy,
    Quantity::F1,
    Quantity::Gap,
];

impl Quantity {
    /// The metric it is read by.
    pub(super) fn metric(self) -> &'static Metric {
        match self {
            Self::Training => &metric::TRAINING_LOSS,
            Self::Validation => &metric::VALIDATION_LOSS,
            Self::Test => &metric::TEST_LOSS,
            Self::Refit => &metric::REFIT_LOSS,
            Self::ValidationAccuracy => &metric::VALIDATION_ACCURACY,
            Self::TestAccuracy => &metric::TEST_ACCURACY,
            Self::RefitAccuracy => &metric::REFIT_ACCURACY,
            Self::F1 => &metric::F1,
            Self::Gap => &metric::GAP,
        }
    }

    /// As tables and charts name it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Training => "training",
            Self::Validation => "validation",
            Self::Test => "test",
            Self::Refit => "refit",
            Self::ValidationAccuracy => "validation accuracy",
            Self::TestAccuracy => "test accuracy",
            Self::RefitAccuracy => "refit accuracy",
            Self::F1 => "F1",
            Self::Gap => "gap",
        }
    }
}

/// All trials over all seeds.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Overfitting {
    /// Name and version of this layout.
    pub schema: &'static str,
    /// Identifier or path of the scenario.
    pub scenario: String,
    /// The first seed.
    pub seed: u64,
    /// Number of seeds.
    pub replicates: usize,
    /// One entry a trial.
    pub trials: Vec<TrialFinding>,
    /// What one gets without learning weights, where training labels are in doubt.
    pub baselines: Vec<BaselineFinding>,
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
    /// Identifier of the trial in the laboratory.
    pub id: u64,
    /// What was measured at every outer step; quantities that this scenario lacks are left out.
    pub curves: Vec<Curves>,
    /// Oracle calls up to and with each outer step, mean over seeds.
    pub calls: Vec<f64>,
    /// Seeds that count: one, where nothing is drawn and all give the same.
    pub seeds: usize,
    /// Seeds with which it halted, and the first of their reasons.
    pub halted: Option<(usize, String)>,
}

/// One quantity of one trial over outer steps.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Curves {
    /// Which.
    pub quantity: Quantity,
    /// Over seeds, one entry an outer step.
    pub over_seeds: Vec<Spread>,
    /// Its values at the last outer step, one a seed.
    pub last: Vec<f64>,
    /// Outer step at which the mean over seeds is best: least, or for accuracies and F1 greatest.
    pub best_step: usize,
    /// The values there, one a seed.
    pub at_best: Vec<f64>,
    /// How much worse the last step is than that, seed by seed.
    pub turned: Difference,
    /// How much better this trial's last value is than the first trial's, seed by seed.
    pub gain: Difference,
}

/// A number over seeds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Spread {
    /// Mean.
    pub mean: f64,
    /// Standard error of the mean; NaN for one seed.
    pub standard_error: f64,
    /// Median.
    pub median: f64,
    /// First quartile.
    pub lower: f64,
    /// Third quartile.
    pub upper: f64,
}

/// A difference seed by seed.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Difference {
    /// Mean.
    pub mean: f64,
    /// Standard error of the mean.
    pub standard_error: f64,
    /// Seeds in which it is positive.
    pub positive: usize,
}

/// A baseline over seeds.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BaselineFinding {
    /// Which rows it trains on.
    pub name: String,
    /// Test loss.
    pub loss: Spread,
    /// Test accuracy.
    pub accuracy: Spread,
}

/// Where a run was at one outer step, before λ moved. NaN where there is nothing to measure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Point {
    /// In the order of [`QUANTITIES`].
    pub(super) values: [f64; QUANTITIES.len()],
    /// Oracle calls up to and with this step.
    pub(super) calls: f64,
}

/// One trial with one seed.
pub(super) struct Run {
    pub(super) points: Vec<Point>,
    pub(super) status: Status,
}

/// All trials with one seed.
pub(super) struct Replicate {
    pub(super) seed: u64,
    pub(super) runs: Vec<Run>,
    pub(super) baselines: Arc<[Baseline]>,
}

impl Run {
    /// Whether another seed gave the same to the last bit, over more than the start.
    fn is_same(&self, other: &Self) -> bool {
        let numbers = |run: &Self| -> Vec<u64> {
            run.points.iter().flat_map(|point| point.values.iter().map(|x| x.to_bits())).collect()
        };
        self.points.len() > 1 && numbers(self) == numbers(other)
    }
}

impl Spread {
    /// Of some values.
    #[must_use]
    pub fn of(values: &[f64]) -> Self {
        Self {
            mean: mean(values),
            standard_error: standard_error(values),
            median: quantile(values, 0.5),
            lower: quantile(values, 0.25),
            upper: quantile(values, 0.75),
        }
    }
}

impl Difference {
    fn of(values: &[f64]) -> Self {
        let Spread { mean, standard_error, .. } = Spread::of(values);
        Self { mean, standard_error, positive: values.iter().filter(|value| **value > 0.0).count() }
    }
}

impl TrialFinding {
    /// A quantity, where this scenario has it.
    #[must_use]
    pub fn curves(&self, quantity: Quantity) -> Option<&Curves> {
        self.curves.iter().find(|curves| curves.quantity == quantity)
    }

    /// What counts in the end: the refit where there is one.
    fn tested(&self) -> Option<&Curves> {
        self.curves(Quantity::Refit).or_else(|| self.curves(Quantity::Test))
    }
}

impl Overfitting {
    pub(super) fn of(case: &Case<'_>, replicates: &[Replicate]) -> Self {
        let runs = |trial: usize| -> Vec<&Run> { replicates.iter().map(|replicate| &replicate.runs[trial]).collect() };
        let trials =
            case.subjects.iter().enumerate().map(|(place, subject)| trial_finding(subject, &runs(place), &runs(0)));
        Self {
            schema: SCHEMA,
            scenario: case.name.to_owned(),
            seed: replicates.first().map_or(case.scenario().seed, |replicate| replicate.seed),
            replicates: replicates.len(),
            trials: trials.collect(),
            baselines: baselines(replicates),
        }
    }

    /// What is to be said of a trial beside its numbers.
    #[must_use]
    pub fn remarks(&self, trial: &TrialFinding) -> Vec<String> {
        let halted = trial.halted.as_ref().map(|(count, reason)| format!("{} {reason}", counted(*count, "seed")));
        let one = (trial.seeds < self.replicates).then(|| ONE_RUN.to_owned());
        halted.into_iter().chain(one).collect()
    }
}

fn trial_finding(subject: &Subject, runs: &[&Run], first: &[&Run]) -> TrialFinding {
    let Subject { id, setting, .. } = subject;
    let steps = setting.outer.steps;
    let own = differing(runs, |a, b| a.is_same(b));
    // What is compared seed by seed has one as well.
    let (runs, first) = if own.len() < runs.len() && differing(first, |a, b| a.is_same(b)).len() == 1 {
        (own, &first[..1])
    } else {
        (runs, first)
    };
    let calls = |step: usize| mean(&column(runs, step, |point| point.calls));
    let halted: Vec<String> =
        runs.iter().filter(|run| run.status.is_halted()).map(|run| run.status.to_string()).collect();
    TrialFinding {
        trial: setting.name.clone(),
        estimator: setting.estimator.id().to_owned(),
        ensemble: setting.ensemble.id().to_owned(),
        id: *id,
        curves: (0..QUANTITIES.len()).filter_map(|place| curves(place, runs, first, steps)).collect(),
        calls: (0..steps).map(calls).collect(),
        seeds: runs.len(),
        halted: halted.first().map(|reason| (halted.len(), reason.clone())),
    }
}

/// The values at one step, one a run; NaN for a run that did not get there.
fn column(runs: &[&Run], step: usize, of: impl Fn(&Point) -> f64) -> Vec<f64> {
    runs.iter().map(|run| run.points.get(step).map_or(f64::NAN, &of)).collect()
}

fn curves(place: usize, runs: &[&Run], first: &[&Run], steps: usize) -> Option<Curves> {
    let quantity = QUANTITIES[place];
    let at = |runs: &[&Run], step: usize| column(runs, step, |point| point.values[place]);
    let is_measured = runs.iter().flat_map(|run| &run.points).any(|point| point.values[place].is_finite());
    if !is_measured || steps == 0 {
        return None;
    }
    let over_seeds: Vec<Spread> = (0..steps).map(|step| Spread::of(&at(runs, step))).collect();
    // For accuracies and F1 more is better.
    let sign = match quantity {
        Quantity::Training | Quantity::Validation | Quantity::Test | Quantity::Refit | Quantity::Gap => 1.0,
        _ => -1.0,
    };
    let means = over_seeds.iter().map(|spread| sign * spread.mean).enumerate().filter(|(_, mean)| mean.is_finite());
    let best_step = means.min_by(|a, b| a.1.total_cmp(&b.1)).map_or(0, |(step, _)| step);
    let (last, at_best) = (at(runs, steps - 1), at(runs, best_step));
    // The first trial may take another number of steps.
    let reference: Vec<f64> =
        first.iter().map(|run| run.points.last().map_or(f64::NAN, |point| point.values[place])).collect();
    let difference =
        |a: &[f64], b: &[f64]| Difference::of(&a.iter().zip(b).map(|(a, b)| sign * (a - b)).collect::<Vec<f64>>());
    Some(Curves {
        quantity,
        turned: difference(&last, &at_best),
        gain: difference(&reference, &last),
        over_seeds,
        last,
        best_step,
        at_best,
    })
}

fn baselines(replicates: &[Replicate]) -> Vec<BaselineFinding> {
    let count = replicates.iter().map(|replicate| replicate.baselines.len()).min().unwrap_or(0);
    let finding = |index: usize| {
        let all: Vec<_> = replicates.iter().map(|replicate| replicate.baselines[index]).collect();
        let losses: Vec<f64> = all.iter().map(|baseline| baseline.test.loss).collect();
        let accuracies: Vec<f64> = all.iter().map(|baseline| baseline.test.accuracy.unwrap_or(f64::NAN)).collect();
        BaselineFinding { name: all[0].name.to_owned(), loss: Spread::of(&losses), accuracy: Spread::of(&accuracies) }
    };
    (0..count).map(finding).collect()
}

impl Finding for Overfitting {
    fn to_json(&self) -> String {
        json(self)
    }

    /// One row a trial, quantity and outer step.
    fn rows(&self) -> Table {
        let mut table = Table::new(&["trial", "estimator", "ensemble", "quantity", "outer_step", "calls"]);
        table.columns.extend(["mean", "standard_error", "median", "lower", "upper"].map(str::to_owned));
        for trial in &self.trials {
            for curves in &trial.curves {
                for (step, spread) in curves.over_seeds.iter().enumerate() {
                    table.rows.push(vec![
                        trial.trial.as_str().into(),
                        trial.estimator.as_str().into(),
                        trial.ensemble.as_str().into(),
                        curves.quantity.name().into(),
                        step.into(),
                        trial.calls[step].into(),
                        spread.mean.into(),
                        spread.standard_error.into(),
                        spread.median.into(),
                        spread.lower.into(),
                        spread.upper.into(),
                    ]);
                }
            }
        }
        table
    }

    /// The last outer step: means, the spread of what counts in the end, where that was best.
    fn summary(&self) -> Table {
        let mut table = Table::new(&["trial", "training", "validation", "test", "refit", "± sd", "best", "at", "rise"]);
        table.columns.extend(["±", "gain", "±", "accuracy", "refit acc.", "F1", "calls", "note"].map(str::to_owned));
        for trial in &self.trials {
            let last = |quantity: Quantity| trial.curves(quantity).map(|curves| mean(&curves.last));
            let counts = trial.tested();
            let known = |value: Option<f64>| value.map_or(Cell::Missing, Cell::known);
            table.rows.push(vec![
                trial.trial.as_str().into(),
                last(Quantity::Training).into(),
                last(Quantity::Validation).into(),
                last(Quantity::Test).into(),
                last(Quantity::Refit).into(),
                known(counts.map(|curves| variance(&curves.last).sqrt())),
                counts.map(|curves| mean(&curves.at_best)).into(),
                counts.map(|curves| curves.best_step).into(),
                counts.map(|curves| curves.turned.mean).into(),
                known(counts.map(|curves| curves.turned.standard_error)),
                counts.map(|curves| curves.gain.mean).into(),
                known(counts.map(|curves| curves.gain.standard_error)),
                last(Quantity::TestAccuracy).into(),
                last(Quantity::RefitAccuracy).into(),
                last(Quantity::F1).into(),
                trial.calls.last().copied().into(),
                self.remarks(trial).join("; ").into(),
            ]);
        }
        for baseline in &self.baselines {
            let mut row = vec![Cell::Missing; table.columns.len()];
            row[0] = baseline.name.as_str().into();
            row[3] = baseline.loss.mean.into();
            row[12] = baseline.accuracy.mean.into();
            table.rows.push(row);
        }
        table
    }

    fn about(&self, trial: u64) -> Option<Excerpt> {
        let found = self.trials.iter().find(|found| found.id == trial)?;
        let counts = found.tested()?;
        let end = Spread::of(&counts.last);
        let values = vec![
            ("test", end.mean, end.standard_error),
            ("at best", mean(&counts.at_best), standard_error(&counts.at_best)),
            ("rise", counts.turned.mean, counts.turned.standard_error),
        ];
        Some(Excerpt { values, terms: format!("{} over {}", counts.quantity.name(), counted(found.seeds, "seed")) })
    }
}
