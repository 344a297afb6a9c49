//! What the probe of sharing found.

use serde::Serialize;

use super::Law;
use super::source::Source;
use crate::math::number::counted;
use crate::math::statistics::{mean, variance};
use crate::probe::{Case, Excerpt, Finding, Subject, Table, json};

/// Name and version of the JSON layout.
pub const SCHEMA: &str = "hyperlab/sharing/1";

/// All trials of a scenario.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Sharing {
    /// Name and version of this layout.
    pub schema: &'static str,
    /// Identifier or path of the scenario.
    pub scenario: String,
    /// Its seed.
    pub seed: u64,
    /// Runs of each trial.
    pub replicates: usize,
    /// One entry a trial, and of each for what its runs differ in.
    pub trials: Vec<TrialFinding>,
}

/// One trial.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TrialFinding {
    /// Its identifier in the laboratory.
    pub id: u64,
    /// Its name.
    pub trial: String,
    /// What is shared: a block of the dynamics' outer variables.
    pub block: String,
    /// What its runs differ in: `everything` that the scenario draws anew, or a part alone, where all else is as in the first outer step.
    pub fresh: &'static str,
    /// Whether it is of the trial's runs, and not of draws on a ramp.
    pub is_of_runs: bool,
    /// Runs that ended in numbers, of which all else is told.
    pub runs: usize,
    /// Runs that did not.
    pub broken: usize,
    /// `h_t` over runs, step by step.
    pub steps: Vec<Step>,
    /// Windows of every width.
    pub windows: Vec<Window>,
    /// The ramp that is right at W = 1 and W = T; of a ramp itself, what it was drawn with.
    pub law: Law,
    /// W*, where the ramp's error is least.
    pub best_width: f64,
}

/// A derivative over runs: by the value at one step, or the mean of those of a window.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Step {
    /// Its mean.
    pub mean: f64,
    /// Its standard deviation.
    pub deviation: f64,
}

/// Means over windows of one width, the last of which ends with the run.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Window {
    /// W.
    pub width: usize,
    /// `mean_t Var h̄_w(t)`.
    pub variance: f64,
    /// `mean_t (E h̄_w(t) − E h_t)²`, less what the noise of means over so many runs adds to it.
    pub bias_squared: f64,
    /// The sum of both: the mean square error of sharing.
    pub error: f64,
    /// What the law says.
    pub law: f64,
    /// The deviation of `h̄_w` over runs against its mean over runs: sums over windows of each, the means by their size.
    pub fluctuation: f64,
    /// `h̄_w` over runs, window after window.
    pub each: Vec<Step>,
}

impl TrialFinding {
    pub(super) fn of(
        subject: &Subject,
        (block, source): (String, Source),
        runs: &[Vec<f64>],
        broken: usize,
        known: Option<Law>,
    ) -> Self {
        let length = runs.first().map_or(0, Vec::len);
        let column = |step: usize| -> Vec<f64> { runs.iter().map(|run| run[step]).collect() };
        let steps = (0..length).map(column).map(|column| Step::of(&column)).collect();
        let mut windows: Vec<Window> = widths(length).map(|width| window(runs, length, width)).collect();
        let law = known.unwrap_or_else(|| fitted(&windows, length));
        for window in &mut windows {
            window.law = law.mean_square_error(window.width, length);
        }
        Self {
            id: subject.id,
            trial: subject.setting.name.clone(),
            block,
            fresh: source.words(),
            is_of_runs: known.is_none(),
            runs: runs.len(),
            broken,
            steps,
            windows,
            law,
            best_width: law.best_width(),
        }
    }

    /// The width that was measured with the least error.
    #[must_use]
    pub fn best(&self) -> Option<&Window> {
        let known = self.windows.iter().filter(|window| window.error.is_finite());
        known.min_by(|a, b| a.error.total_cmp(&b.error))
    }
}

/// Powers of two below T, and T.
fn widths(steps: usize) -> impl Iterator<Item = usize> {
    let powers = (0..usize::BITS).map(|power| 1usize << power).take_while(move |width| *width < steps);
    powers.chain((steps > 0).then_some(steps))
}

fn window(runs: &[Vec<f64>], steps: usize, width: usize) -> Window {
    let count = runs.len() as f64;
    let (mut spread, mut bias) = (0.0, 0.0);
    let mut each = Vec::new();
    for first in (0..steps).step_by(width) {
        let end = (first + width).min(steps);
        let means: Vec<f64> = runs.iter().map(|run| mean(&run[first..end])).collect();
        let over_runs = Step::of(&means);
        spread += (end - first) as f64 * over_runs.deviation.powi(2);
        each.push(over_runs);
        for step in first..end {
            let off: Vec<f64> = runs.iter().zip(&means).map(|(run, mean)| mean - run[step]).collect();
            bias += mean(&off).powi(2) - variance(&off) / count;
        }
    }
    let (variance, bias_squared) = (spread / steps as f64, bias / steps as f64);
    let sum = |of: fn(&Step) -> f64| each.iter().map(of).sum::<f64>();
    let fluctuation = sum(|window| window.deviation) / sum(|window| window.mean.abs());
    Window { width, variance, bias_squared, error: variance + bias_squared, law: f64::NAN, fluctuation, each }
}

impl Step {
    fn of(runs: &[f64]) -> Self {
        Self { mean: mean(runs), deviation: variance(runs).sqrt() }
    }
}

/// The ramp that is right for windows of one step and for one window.
fn fitted(windows: &[Window], steps: usize) -> Law {
    let (Some(first), Some(last)) = (windows.first(), windows.last()) else {
        return Law { deviation: f64::NAN, correlation: f64::NAN, drift: f64::NAN };
    };
    let count = steps as f64;
    let correlation = if steps > 1 { (count * last.variance / first.variance - 1.0) / (count - 1.0) } else { 0.0 };
    let drift = if steps > 1 { (12.0 * last.bias_squared.max(0.0) / (count * count - 1.0)).sqrt() } else { 0.0 };
    Law { deviation: first.variance.sqrt(), correlation, drift }
}

impl Sharing {
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

impl Finding for Sharing {
    fn to_json(&self) -> String {
        json(self)
    }

    fn rows(&self) -> Table {
        let mut table = Table::new(&[
            "trial",
            "block",
            "fresh",
            "width",
            "variance",
            "bias_squared",
            "error",
            "law",
            "fluctuation",
        ]);
        for trial in &self.trials {
            for window in &trial.windows {
                table.rows.push(vec![
                    trial.trial.as_str().into(),
                    trial.block.as_str().into(),
                    trial.fresh.into(),
                    window.width.into(),
                    window.variance.into(),
                    window.bias_squared.into(),
                    window.error.into(),
                    window.law.into(),
                    window.fluctuation.into(),
                ]);
            }
        }
        table
    }

    fn summary(&self) -> Table {
        let mut table = Table::new(&[
            "trial",
            "shared",
            "fresh",
            "W",
            "variance",
            "bias²",
            "MSE",
            "law",
            "sd/|mean|",
            "W*",
            "σ",
            "c",
            "ε",
            "note",
        ]);
        for trial in &self.trials {
            for (place, window) in trial.windows.iter().enumerate() {
                let is_first = place == 0;
                let once = |value: f64| if is_first { value.into() } else { "".into() };
                let note = if trial.broken > 0 && is_first {
                    format!("{} not finite, left out", counted(trial.broken, "run"))
                } else if trial.best().is_some_and(|best| best.width == window.width) {
                    "least".to_owned()
                } else {
                    String::new()
                };
                table.rows.push(vec![
                    if is_first { trial.trial.as_str() } else { "" }.into(),
                    if is_first { trial.block.as_str() } else { "" }.into(),
                    if is_first { trial.fresh } else { "" }.into(),
                    window.width.into(),
                    window.variance.into(),
                    window.bias_squared.into(),
                    window.error.into(),
                    window.law.into(),
                    window.fluctuation.into(),
                    once(trial.best_width),
                    once(trial.law.deviation),
                    once(trial.law.correlation),
                    once(trial.law.drift),
                    note.into(),
                ]);
            }
        }
        table
    }

    fn about(&self, trial: u64) -> Option<Excerpt> {
        let found = self.trials.iter().find(|found| found.id == trial)?;
        let best = found.best()?;
        let first = found.windows.first()?;
        let values = vec![
            ("best W", best.width as f64, f64::NAN),
            ("its MSE", best.error, f64::NAN),
            ("W = 1", first.error, f64::NAN),
        ];
        Some(Excerpt { values, terms: counted(found.runs, "run") })
    }
}
