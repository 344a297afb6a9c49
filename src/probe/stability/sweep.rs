//! Stability against one value of the scenario: m, T, γ, or any other.

use serde::Serialize;

use super::finding::{Mark, Over, Stability, TrialFinding};
use super::slope::{Slope, Slopes};
use crate::probe::sweep::Tables;
use crate::probe::{Finding, Point, Table, json};

/// Name and version of the JSON layout.
pub const SWEEP_SCHEMA: &str = "hyperlab/stability-sweep/1";

/// One finding a value.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StabilitySweep {
    /// Name and version of this layout.
    pub schema: &'static str,
    /// Where the value is in the scenario.
    pub path: String,
    /// One entry a value, in the order given.
    pub points: Vec<Point<Stability>>,
    /// For each trial the exponents in the value, at every K that all values have; none where some value is no positive
    /// number.
    pub slopes: Vec<Vec<MarkSlopes>>,
}

/// Exponents in the value after K outer steps.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct MarkSlopes {
    /// K.
    pub step: usize,
    /// The exponents.
    pub slopes: Slopes,
}

impl StabilitySweep {
    pub(super) fn of(path: &str, points: Vec<Point<Stability>>) -> Self {
        let trials = points.first().map_or(0, |point| point.finding.trials.len());
        let slopes = (0..trials).map(|trial| slopes(&points, trial)).collect();
        Self { schema: SWEEP_SCHEMA, path: path.to_owned(), points, slopes }
    }

    /// How often each value was measured, and what that is conditional on.
    #[must_use]
    pub fn terms(&self) -> Vec<String> {
        let Some(first) = self.points.first() else { return Vec::new() };
        let is_one_size = self.points.iter().all(|point| point.finding.rows == first.finding.rows);
        if is_one_size { first.finding.terms() } else { first.finding.terms_of_any_size() }
    }

    /// The exponents of a trial at the last K.
    #[must_use]
    pub fn last_slopes(&self, trial: usize) -> Option<MarkSlopes> {
        self.slopes.get(trial)?.last().copied()
    }
}

fn slopes(points: &[Point<Stability>], trial: usize) -> Vec<MarkSlopes> {
    let is_number = |point: &Point<Stability>| point.value.parse::<f64>().is_ok_and(|x| x.is_finite() && x > 0.0);
    let Some(first) = points.first().filter(|_| points.iter().all(is_number)) else { return Vec::new() };
    let at = |point: &'_ Point<Stability>, step: usize| -> Option<(f64, Mark)> {
        let mark = point.finding.trials.get(trial)?.marks.iter().find(|mark| mark.step == step)?;
        Some((point.x, mark.clone()))
    };
    let of_step = |step: usize| -> Option<MarkSlopes> {
        let found: Vec<(f64, Mark)> = points.iter().map(|point| at(point, step)).collect::<Option<_>>()?;
        let seeds = found.iter().map(|(_, mark)| mark.epsilon1.by_seed.len()).min()?;
        let slope = |of: fn(&Mark) -> &Over| {
            Slope::over((0..seeds).map(|seed| found.iter().map(|(x, mark)| (*x, of(mark).by_seed[seed])).collect()))
        };
        let slopes =
            Slopes { epsilon1: slope(|mark| &mark.epsilon1), epsilon2_squared: slope(|mark| &mark.epsilon2_squared) };
        Some(MarkSlopes { step, slopes })
    };
    let marks = first.finding.trials.get(trial).map_or(&[][..], |found| &found.marks);
    marks.iter().filter_map(|mark| of_step(mark.step)).collect()
}

impl StabilitySweep {
    fn tables(&self) -> Tables<'_, Stability> {
        Tables { path: &self.path, points: &self.points }
    }
}

impl Finding for StabilitySweep {
    fn to_json(&self) -> String {
        json(self)
    }

    fn rows(&self) -> Table {
        let marks =
            |trial: &TrialFinding| trial.marks.iter().map(|mark| Stability::cells(trial, mark)).collect::<Vec<_>>();
        self.tables().rows(Stability::columns(), |found| found.trials.iter().flat_map(marks).collect())
    }

    fn summary(&self) -> Table {
        let row = |found: &Stability, trial: usize| found.summary_cells(&found.trials[trial]);
        self.tables().summary(Stability::summary_columns(), self.slopes.len(), row, |trial, place, words| {
            let is_last = place + 1 == self.points.len();
            let slopes = self.last_slopes(trial).filter(|_| is_last).map(|at| at.slopes);
            let word = |name: &str, slope: Option<Slope>| Some(format!("{name} {}", slope?.in_words()));
            let first = slopes.and_then(|slopes| word("over these values ε₁", slopes.epsilon1));
            let second = slopes.and_then(|slopes| word("ε₂²", slopes.epsilon2_squared));
            let left_out = slopes.and_then(|slopes| slopes.epsilon1?.left_out_in_words());
            let mut notes: Vec<String> = first.into_iter().chain(second).chain(left_out).collect();
            notes.extend(Some(words).filter(|words| !words.is_empty()));
            notes.join(", ")
        })
    }
}
