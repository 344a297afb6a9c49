//! What the probe of memory and calls against T found.

use serde::Serialize;

use crate::math::fit::power_law;
use crate::math::number::counted;
use crate::probe::{Case, Cell, Excerpt, Finding, Subject, Table, json};
use crate::problem::Cost;

/// Name and version of the JSON layout.
pub const SCHEMA: &str = "hyperlab/horizon-cost/1";

/// All trials of a scenario.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct HorizonCost {
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
    /// Its identifier in the laboratory.
    pub id: u64,
    /// Its name.
    pub trial: String,
    /// From the shortest run to the longest.
    pub lengths: Vec<Length>,
    /// Where lengths are not those that the knobs say: which, and why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The exponent s of `bytes ∝ T^s` over the longer half of the lengths, by least squares; NaN for fewer than three of them, or without bytes.
    pub order: f64,
}

/// An outer step of all students with a run of T steps. Without an estimate all counts are NaN.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Length {
    /// T.
    pub steps: usize,
    /// Inner steps that were taken: fewer where a run ends at a tolerance, or broke off.
    pub taken: usize,
    /// Why there is no estimate, in a word or two.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stopped: Option<&'static str>,
    /// The most that the estimator held, in bytes.
    pub bytes: f64,
    /// Gradients, run and estimate together; a batch counts as its share of all rows.
    pub gradients: f64,
    /// Products with H.
    pub hvps: f64,
    /// Products with the cross derivative.
    pub cross_products: f64,
}

impl Length {
    pub(super) fn of(steps: usize, taken: usize, cost: Result<Cost, &'static str>) -> Self {
        let of = |read: fn(&Cost) -> f64| cost.as_ref().map_or(f64::NAN, read);
        Self {
            steps,
            taken,
            stopped: cost.err(),
            bytes: of(|cost| cost.bytes),
            gradients: of(|cost| cost.gradients),
            hvps: of(|cost| cost.hvps),
            cross_products: of(|cost| cost.cross_products),
        }
    }

    /// Calls of all kinds.
    #[must_use]
    pub fn calls(&self) -> f64 {
        self.gradients + self.hvps + self.cross_products
    }
}

impl TrialFinding {
    pub(super) fn of(subject: &Subject, lengths: Vec<Length>, note: Option<String>) -> Self {
        let longer = &lengths[lengths.len() / 2..];
        let points: Vec<(f64, f64)> = longer.iter().map(|length| (length.steps as f64, length.bytes)).collect();
        let order = power_law(&points).map_or(f64::NAN, |law| law.slope);
        Self { id: subject.id, trial: subject.setting.name.clone(), lengths, note, order }
    }

    /// What became of the longest run, where there is no estimate at its end, and what is not as the knobs say.
    fn words(&self) -> Vec<String> {
        let stopped = self.lengths.last().and_then(|longest| {
            let stopped = longest.stopped?;
            Some(format!("{stopped} after {}", counted(longest.taken, "inner step")))
        });
        stopped.into_iter().chain(self.note.clone()).collect()
    }
}

impl HorizonCost {
    pub(super) fn of(case: &Case<'_>, trials: Vec<TrialFinding>) -> Self {
        Self { schema: SCHEMA, scenario: case.name.to_owned(), seed: case.scenario().seed, trials }
    }
}

impl Finding for HorizonCost {
    fn to_json(&self) -> String {
        json(self)
    }

    fn rows(&self) -> Table {
        let mut table = Table::new(&["trial", "T", "taken", "bytes", "gradients", "hvps", "cross_products"]);
        for (trial, length) in self.trials.iter().flat_map(|trial| trial.lengths.iter().map(move |own| (trial, own))) {
            table.rows.push(vec![
                trial.trial.as_str().into(),
                length.steps.into(),
                length.taken.into(),
                length.bytes.into(),
                length.gradients.into(),
                length.hvps.into(),
                length.cross_products.into(),
            ]);
        }
        table
    }

    fn summary(&self) -> Table {
        let mut table = Table::new(&["trial", "T", "bytes", "bytes ∝ T^", "gradients", "products with H", "note"]);
        for trial in &self.trials {
            let Some(longest) = trial.lengths.last() else { continue };
            table.rows.push(vec![
                trial.trial.as_str().into(),
                longest.steps.into(),
                Cell::known(longest.bytes),
                Cell::known(trial.order),
                Cell::known(longest.gradients),
                Cell::known(longest.hvps),
                trial.words().join("; ").into(),
            ]);
        }
        table
    }

    fn outer_steps(&self) -> Vec<(u64, usize)> {
        let longest = |trial: &TrialFinding| Some((trial.id, trial.lengths.last()?.steps));
        self.trials.iter().filter_map(longest).collect()
    }

    fn about(&self, trial: u64) -> Option<Excerpt> {
        let found = self.trials.iter().find(|found| found.id == trial)?;
        let longest = found.lengths.last()?;
        let known =
            [("bytes", longest.bytes), ("exponent", found.order)].into_iter().filter(|(_, value)| !value.is_nan());
        let values = known.map(|(name, value)| (name, value, f64::NAN)).collect();
        let terms = std::iter::once(format!("T = {}", longest.steps)).chain(found.words());
        Some(Excerpt { values, terms: terms.collect::<Vec<_>>().join("; ") })
    }
}
