//! Bias and noise of a direction against one value of the scenario.

use serde::Serialize;

use super::finding::{FrozenState, Relative, TrialFinding};
use crate::math::fit::power_law;
use crate::math::number::with_error;
use crate::probe::sweep::Tables;
use crate::probe::{Finding, Point, Table, json};

/// Name and version of the JSON layout.
pub const SWEEP_SCHEMA: &str = "hyperlab/frozen-sweep/1";

/// One finding a value.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SweepFinding {
    /// Name and version of this layout.
    pub schema: &'static str,
    /// Where the value is in the scenario.
    pub path: String,
    /// One entry a value, in the order given.
    pub points: Vec<Point<FrozenState>>,
    /// For each trial the exponent of the value in its bias, over values where it is seen.
    pub bias: Vec<Option<Slope>>,
    /// The same for its noise.
    pub noise: Vec<Option<Slope>>,
}

/// An exponent, fitted by least squares on log-log axes.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Slope {
    /// The exponent.
    pub slope: f64,
    /// Its standard error, from how far the points are from the line.
    pub standard_error: f64,
    /// The quantity at 1, as the line has it.
    pub at_one: f64,
    /// Values it is fitted to.
    pub points: usize,
    /// Values that were measured.
    pub of: usize,
}

/// A quantity of a trial.
type Quantity = fn(&TrialFinding) -> Relative;

impl SweepFinding {
    pub(super) fn of(path: &str, points: Vec<Point<FrozenState>>) -> Self {
        let trials = points.first().map_or(0, |point| point.finding.trials.len());
        let slopes = |of: Quantity| (0..trials).map(|trial| Slope::of(trial, &points, of)).collect();
        let (bias, noise) = (slopes(|found| found.bias), slopes(|found| found.noise));
        Self { schema: SWEEP_SCHEMA, path: path.to_owned(), points, bias, noise }
    }
}

impl Slope {
    /// Over values that are numbers, at which the quantity can be told from zero; nothing where it is the same at all.
    fn of(trial: usize, points: &[Point<FrozenState>], of: Quantity) -> Option<Self> {
        let seen = |point: &Point<FrozenState>| {
            let found = of(&point.finding.trials[trial]);
            found.is_seen().then_some((point.x, found.value))
        };
        if points.iter().any(|point| point.value.parse::<f64>().is_err()) {
            return None;
        }
        let usable: Vec<(f64, f64)> = points.iter().filter_map(seen).collect();
        let first = usable.first()?.1;
        let law = power_law(&usable).filter(|_| usable.iter().any(|(_, y)| y.to_bits() != first.to_bits()))?;
        Some(Self {
            slope: law.slope,
            standard_error: law.error,
            at_one: law.at(1.0),
            points: law.points,
            of: points.len(),
        })
    }

    /// As charts print it.
    #[must_use]
    pub fn in_words(self) -> String {
        let slope = with_error(self.slope, self.standard_error);
        if self.points == self.of {
            format!("slope {slope}")
        } else {
            format!("slope {slope} over {} of {} values", self.points, self.of)
        }
    }
}

impl SweepFinding {
    fn tables(&self) -> Tables<'_, FrozenState> {
        Tables { path: &self.path, points: &self.points }
    }
}

impl Finding for SweepFinding {
    fn to_json(&self) -> String {
        json(self)
    }

    fn rows(&self) -> Table {
        self.tables().rows(FrozenState::columns(), |found| found.trials.iter().map(TrialFinding::cells).collect())
    }

    fn summary(&self) -> Table {
        let row = |found: &FrozenState, trial: usize| found.trials[trial].summary_cells();
        self.tables().summary(FrozenState::summary_columns(), self.bias.len(), row, |trial, place, words| {
            let mut notes: Vec<String> = Vec::new();
            if place + 1 == self.points.len() {
                let slopes = [("bias", self.bias[trial]), ("noise", self.noise[trial])];
                notes.extend(
                    slopes.iter().filter_map(|(name, slope)| Some(format!("{name}: {}", (*slope)?.in_words()))),
                );
            }
            if trial == 0 && place == 0 {
                notes.push(self.points[place].finding.in_words());
            }
            notes.extend(Some(words).filter(|words| !words.is_empty()));
            notes.join("; ")
        })
    }
}
