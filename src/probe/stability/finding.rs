//! What the stability probe found.

use serde::Serialize;

use super::ground::Ground;
use super::plan::Plan;
use super::reading::{At, Distance, Pair};
use super::row::RowSeen;
use super::slope::{Slope, Slopes};
use super::{Case, Side};
use crate::data::StandInOrigin;
use crate::draw::Batch;
use crate::math::number::{counted, noun};
use crate::math::statistics::{mean, standard_error};
use crate::probe::mean::{ONE_RUN, differing};
use crate::probe::{Cell, Excerpt, Finding, Subject, Table, json};
use crate::scenario::Setting;

/// Name and version of the JSON layout.
pub const SCHEMA: &str = "hyperlab/stability/1";

/// All trials with their twins over all seeds.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Stability {
    /// Name and version of this layout.
    pub schema: &'static str,
    /// Identifier or path of the scenario.
    pub scenario: String,
    /// Whose row is replaced in the twins that the stabilities are means over.
    pub side: Side,
    /// What was drawn.
    pub population: Population,
    /// Seeds, in the order of whatever is listed by seed.
    pub seeds: Vec<u64>,
    /// m, the rows of that side.
    pub rows: usize,
    /// K from which slopes are fitted.
    pub slope_from: usize,
    /// One entry a trial.
    pub trials: Vec<TrialFinding>,
}

/// What was drawn.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Population {
    /// Where new rows come from; `None` where they are written out.
    pub origin: Option<StandInOrigin>,
    /// Whether all seeds share the data of the first: everything is conditional on them.
    pub is_fixed: bool,
    /// Whether there are test rows, without which there is no gap.
    pub has_test: bool,
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
    /// What was measured, K ascending.
    pub marks: Vec<Mark>,
    /// Every twin, those of a seed together.
    pub twins: Vec<Twin>,
    /// Exponents in K, from `slope_from` on.
    pub slopes: Slopes,
    /// Seeds that count: one, where nothing is drawn and all give the same.
    pub seeds: usize,
    /// Runs that halted, over all seeds, and the first of their reasons.
    pub halted: Option<(usize, String)>,
    /// Runs whose λ is at a bound where they are now, and all runs; there twins may be as one because neither can go on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pressed: Option<(usize, usize)>,
}

/// What was measured after K outer steps.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Mark {
    /// K.
    pub step: usize,
    /// ε₁, the mean distance between base and twin.
    pub epsilon1: Over,
    /// ε₂², the mean squared distance.
    pub epsilon2_squared: Over,
    /// The part of ε₂² that is λ's.
    pub lambda_squared: Over,
    /// The part of ε₂² that is θ's.
    pub theta_squared: Over,
    /// Mean distance of λ.
    pub lambda: Over,
    /// The same without the entry that is about the replaced training row alone, where λ has such entries.
    pub lambda_of_others: Option<Over>,
    /// Mean distance of θ.
    pub theta: Over,
    /// Share of the twins that differ from the base.
    pub touched: Over,
    /// The share that is expected of independent draws: `1 − (1 − 1/m)^(draws)`; `None` where draws are not independent.
    pub touched_expected: Option<f64>,
    /// Loss of the base on all validation rows.
    pub validation: Over,
    /// Loss of the base on all test rows; NaN where there are none.
    pub test: Over,
    /// Test less validation.
    pub gap: Over,
}

/// A number over seeds.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Over {
    /// Mean.
    pub mean: f64,
    /// Standard error of the mean; NaN for one seed.
    pub standard_error: f64,
    /// The number of each seed.
    pub by_seed: Vec<f64>,
}

/// One twin.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Twin {
    /// The seed of its base.
    pub seed: u64,
    /// Whose row is replaced.
    pub side: Side,
    /// Which.
    pub index: usize,
    /// The row that the base has.
    pub old: RowSeen,
    /// The row in its place.
    pub new: RowSeen,
    /// How far λ is from the base's, at each mark.
    pub lambda: Vec<f64>,
    /// The same without the entry that is about the replaced row alone, where there is one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub lambda_of_others: Vec<f64>,
    /// How far θ is, at each mark.
    pub theta: Vec<f64>,
}

impl Over {
    /// Over the seeds.
    pub(super) fn of(by_seed: Vec<f64>) -> Self {
        Self { mean: mean(&by_seed), standard_error: standard_error(&by_seed), by_seed }
    }
}

impl Twin {
    /// How far (λ, θ) is from the base's at a mark.
    #[must_use]
    pub fn distance(&self, mark: usize) -> f64 {
        self.lambda[mark].hypot(self.theta[mark])
    }
}

impl TrialFinding {
    /// The last mark.
    #[must_use]
    pub fn last(&self) -> Option<&Mark> {
        self.marks.last()
    }

    /// The twins of one seed.
    pub fn twins_of(&self, seed: u64) -> impl Iterator<Item = &Twin> {
        self.twins.iter().filter(move |twin| twin.seed == seed)
    }
}

impl Stability {
    /// Of what was measured so far.
    pub(super) fn of(case: &Case<'_>, plan: &Plan, grounds: &[Ground], pairs: &[Pair<'_>]) -> Self {
        let each = grounds.len().max(1);
        let trials = case.subjects.iter().zip(pairs.chunks(each)).zip(&plan.marks);
        let trials = trials.map(|((subject, pairs), marks)| trial(subject, plan, marks, pairs));
        let test = case.experiment.data.as_ref().map_or(0, |data| data.rows.test.len());
        Self {
            schema: SCHEMA,
            scenario: case.name.to_owned(),
            side: plan.side,
            population: Population {
                origin: grounds.first().and_then(|ground| ground.origin),
                is_fixed: plan.is_fixed,
                has_test: test > 0,
            },
            seeds: grounds.iter().map(|ground| ground.seed).collect(),
            rows: plan.rows,
            slope_from: plan.slope_from,
            trials: trials.collect(),
        }
    }

    /// Twins of a seed that the stabilities are means over.
    #[must_use]
    pub fn twins(&self) -> usize {
        let (trial, seed) = (self.trials.first(), self.seeds.first());
        let twins = trial.zip(seed).map(|(trial, seed)| trial.twins_of(*seed).filter(|twin| twin.side == self.side));
        twins.map_or(0, Iterator::count)
    }

    /// Whether all seeds gave the same of a trial, so that one of them is all there is.
    #[must_use]
    pub fn is_one_run(&self, trial: &TrialFinding) -> bool {
        trial.seeds < self.seeds.len()
    }

    /// How often it was taken, of how many rows, and what it is conditional on, in words.
    #[must_use]
    pub fn terms(&self) -> Vec<String> {
        let rows = format!("{} {}", self.rows, noun(&format!("{} row", self.side.name()), self.rows == 1));
        let mut terms = self.terms_of_any_size();
        terms.insert(1, rows);
        terms
    }

    /// The same without the number of rows.
    #[must_use]
    pub fn terms_of_any_size(&self) -> Vec<String> {
        let seeds = self.trials.iter().map(|trial| trial.seeds).max().unwrap_or(self.seeds.len());
        let taken = format!("{} × {}", counted(seeds, "seed"), counted(self.twins(), "twin"));
        let origin = match self.population.origin {
            Some(StandInOrigin::Population) | None => None,
            Some(origin) => Some(format!("new rows {}", origin.in_words())),
        };
        let fixed = self.population.is_fixed.then(|| "conditional on the data: all seeds share them".to_owned());
        let written = self.population.origin.is_none().then(|| "new rows as the study writes them".to_owned());
        [taken].into_iter().chain(origin).chain(written).chain(fixed).collect()
    }
}

fn trial(subject: &Subject, plan: &Plan, marks: &[usize], pairs: &[Pair<'_>]) -> TrialFinding {
    let pairs = differing(pairs, Pair::is_same);
    let done = pairs.iter().map(|pair| pair.found.len()).min().unwrap_or(0);
    let marks: Vec<Mark> = marks[..done]
        .iter()
        .enumerate()
        .map(|(place, step)| mark(&subject.setting, plan, (place, *step), pairs))
        .collect();
    let halted: Vec<_> = pairs.iter().filter_map(Pair::halted).collect();
    let curve = |of: fn(&Mark) -> &Over| slope_in_k(&marks, plan.slope_from, pairs.len(), of);
    TrialFinding {
        trial: subject.setting.name.clone(),
        estimator: subject.setting.estimator.id().to_owned(),
        id: subject.id,
        twins: pairs.iter().flat_map(|pair| twins(pair, done)).collect(),
        seeds: pairs.len(),
        slopes: Slopes {
            epsilon1: curve(|mark| &mark.epsilon1),
            epsilon2_squared: curve(|mark| &mark.epsilon2_squared),
        },
        pressed: Some(pairs.iter().map(Pair::pressed).sum())
            .filter(|pressed| *pressed > 0)
            .map(|pressed| (pressed, pairs.iter().map(Pair::runs).sum())),
        halted: halted.first().map(|(_, reason)| (halted.iter().map(|(count, _)| count).sum(), reason.to_string())),
        marks,
    }
}

fn slope_in_k(marks: &[Mark], from: usize, seeds: usize, of: fn(&Mark) -> &Over) -> Option<Slope> {
    let late = || marks.iter().filter(|mark| mark.step >= from);
    Slope::over((0..seeds).map(|seed| late().map(|mark| (mark.step as f64, of(mark).by_seed[seed])).collect()))
}

fn mark(setting: &Setting, plan: &Plan, (place, step): (usize, usize), pairs: &[Pair<'_>]) -> Mark {
    let over = |of: &dyn Fn(&At) -> f64| Over::of(pairs.iter().map(|pair| of(&pair.found[place])).collect());
    let is_meant: Vec<Vec<bool>> =
        pairs.iter().map(|pair| pair.ground.twins.iter().map(|twin| twin.side == plan.side).collect()).collect();
    let over_twins = |of: &dyn Fn(Distance) -> f64| {
        let mean_of = |(pair, is_meant): (&Pair<'_>, &Vec<bool>)| {
            let meant = pair.found[place].distances.iter().zip(is_meant).filter(|(_, is_meant)| **is_meant);
            mean(&meant.map(|(distance, _)| of(*distance)).collect::<Vec<_>>())
        };
        Over::of(pairs.iter().zip(&is_meant).map(mean_of).collect())
    };
    let is_touched = |pair: &Pair<'_>, twin: usize| {
        // A twin may come back to its base, at a bound of λ say; its row was drawn all the same.
        let until_now = || pair.found[..=place].iter().map(|at| at.distances[twin].squared());
        let is_known = !pair.found[place].distances[twin].squared().is_nan();
        if is_known { f64::from(u8::from(until_now().any(|squared| squared > 0.0))) } else { f64::NAN }
    };
    let touched_of = |(pair, is_meant): (&Pair<'_>, &Vec<bool>)| {
        let meant = (0..is_meant.len()).filter(|twin| is_meant[*twin]);
        mean(&meant.map(|twin| is_touched(pair, twin)).collect::<Vec<_>>())
    };
    let has_others = pairs.iter().any(|pair| {
        let mut all = pair.found[place].distances.iter().zip(&pair.ground.twins);
        all.any(|(distance, twin)| twin.side == plan.side && distance.lambda_of_others.is_some())
    });
    Mark {
        step,
        epsilon1: over_twins(&|distance| distance.squared().sqrt()),
        epsilon2_squared: over_twins(&Distance::squared),
        lambda_squared: over_twins(&|distance| distance.lambda * distance.lambda),
        theta_squared: over_twins(&|distance| distance.theta * distance.theta),
        lambda: over_twins(&|distance| distance.lambda),
        lambda_of_others: has_others
            .then(|| over_twins(&|distance| distance.lambda_of_others.unwrap_or(distance.lambda))),
        theta: over_twins(&|distance| distance.theta),
        touched: Over::of(pairs.iter().zip(&is_meant).map(touched_of).collect()),
        touched_expected: expected(setting, plan, step),
        validation: over(&|at| at.seen.validation),
        test: over(&|at| at.seen.test),
        gap: over(&|at| at.seen.test - at.seen.validation),
    }
}

/// The share of rows that independent draws have hit.
fn expected(setting: &Setting, plan: &Plan, step: usize) -> Option<f64> {
    if !matches!(setting.draws, crate::draw::Drawing::Own | crate::draw::Drawing::Shared) {
        return None;
    }
    let draws = match plan.side {
        Side::Validation => drawn(setting.outer.batch)?.map(|size| size * step),
        Side::Training => drawn(setting.inner.batch)?.map(|size| size * step * setting.inner.steps),
    };
    Some(draws.map_or(1.0, |draws| 1.0 - (1.0 - 1.0 / plan.rows as f64).powf(draws as f64)))
}

/// Rows of an independent draw; `Some(None)` for all, `None` where draws depend on one another.
fn drawn(batch: Batch) -> Option<Option<usize>> {
    match batch {
        Batch::Full => Some(None),
        Batch::Rows(size) => Some(Some(size)),
        Batch::Epoch(_) => None,
    }
}

fn twins<'a>(pair: &'a Pair<'_>, done: usize) -> impl Iterator<Item = Twin> + 'a {
    let at = move |twin: usize, of: fn(&Distance) -> f64| -> Vec<f64> {
        pair.found[..done].iter().map(|at| of(&at.distances[twin])).collect()
    };
    pair.ground.twins.iter().enumerate().map(move |(place, twin)| Twin {
        seed: pair.ground.seed,
        side: twin.side,
        index: twin.index,
        old: twin.old.clone(),
        new: twin.new.clone(),
        lambda: at(place, |distance| distance.lambda),
        lambda_of_others: if twin.own_entry.is_some() {
            at(place, |distance| distance.lambda_of_others.unwrap_or(f64::NAN))
        } else {
            Vec::new()
        },
        theta: at(place, |distance| distance.theta),
    })
}

impl Stability {
    pub(super) fn columns() -> Vec<String> {
        let columns = [
            "trial",
            "estimator",
            "outer_step",
            "epsilon1",
            "epsilon1_error",
            "epsilon2_squared",
            "epsilon2_squared_error",
            "lambda_squared",
            "theta_squared",
            "lambda_distance",
            "lambda_distance_of_others",
            "theta_distance",
            "touched",
            "touched_expected",
            "validation",
            "validation_error",
            "test",
            "test_error",
            "gap",
            "gap_error",
        ];
        columns.map(str::to_owned).to_vec()
    }

    pub(super) fn cells(trial: &TrialFinding, mark: &Mark) -> Vec<Cell> {
        vec![
            trial.trial.as_str().into(),
            trial.estimator.as_str().into(),
            mark.step.into(),
            mark.epsilon1.mean.into(),
            mark.epsilon1.standard_error.into(),
            mark.epsilon2_squared.mean.into(),
            mark.epsilon2_squared.standard_error.into(),
            mark.lambda_squared.mean.into(),
            mark.theta_squared.mean.into(),
            mark.lambda.mean.into(),
            mark.lambda_of_others.as_ref().map(|over| over.mean).into(),
            mark.theta.mean.into(),
            mark.touched.mean.into(),
            mark.touched_expected.into(),
            mark.validation.mean.into(),
            mark.validation.standard_error.into(),
            mark.test.mean.into(),
            mark.test.standard_error.into(),
            mark.gap.mean.into(),
            mark.gap.standard_error.into(),
        ]
    }

    pub(super) fn summary_columns() -> Vec<String> {
        let columns = [
            "trial",
            "K",
            "validation",
            "test",
            "gap",
            "±",
            "ε₁",
            "±",
            "ε₂²",
            "±",
            "λ's share",
            "touched",
            "ε₁ in K",
            "±",
            "ε₂² in K",
            "±",
            "note",
        ];
        columns.map(str::to_owned).to_vec()
    }

    /// What is read of a trial at its last mark.
    pub(super) fn summary_cells(&self, trial: &TrialFinding) -> Vec<Cell> {
        let Some(mark) = trial.last() else {
            let mut cells = vec![Cell::Missing; Self::summary_columns().len()];
            cells[0] = trial.trial.as_str().into();
            return cells;
        };
        let slope = |slope: Option<Slope>| {
            [
                slope.map(|slope| slope.mean).into(),
                slope.map_or(Cell::Missing, |slope| Cell::known(slope.standard_error)),
            ]
        };
        let over = |over: &Over| [Cell::known(over.mean), Cell::known(over.standard_error)];
        let mut cells: Vec<Cell> = vec![trial.trial.as_str().into(), mark.step.into()];
        cells.extend([Cell::known(mark.validation.mean), Cell::known(mark.test.mean)]);
        cells.extend(over(&mark.gap));
        cells.extend(over(&mark.epsilon1));
        cells.extend(over(&mark.epsilon2_squared));
        cells.push(Cell::known(mark.lambda_squared.mean / mark.epsilon2_squared.mean));
        cells.push(Cell::known(mark.touched.mean));
        cells.extend(slope(trial.slopes.epsilon1));
        cells.extend(slope(trial.slopes.epsilon2_squared));
        cells.push(self.note(trial).into());
        cells
    }

    fn note(&self, trial: &TrialFinding) -> String {
        let halted = trial.halted.as_ref().map(|(count, reason)| format!("{} {reason}", counted(*count, "run")));
        let no_gap = (!self.population.has_test).then(|| "no test rows, so no gap: give the split some".to_owned());
        let slope = trial.slopes.epsilon1.and_then(|slope| slope.left_out_in_words());
        let slope = slope.map(|words| format!("slopes in K {words}"));
        let one = self.is_one_run(trial).then(|| ONE_RUN.to_owned());
        let pressed =
            trial.pressed.map(|(pressed, runs)| format!("λ at a bound in {pressed} of {}", counted(runs, "run")));
        halted.into_iter().chain(pressed).chain(one).chain(no_gap).chain(slope).collect::<Vec<_>>().join("; ")
    }
}

impl Finding for Stability {
    fn to_json(&self) -> String {
        json(self)
    }

    /// One row a trial and K.
    fn rows(&self) -> Table {
        let rows = self.trials.iter().flat_map(|trial| trial.marks.iter().map(|mark| Self::cells(trial, mark)));
        Table { columns: Self::columns(), rows: rows.collect() }
    }

    /// The last K.
    fn summary(&self) -> Table {
        let rows = self.trials.iter().map(|trial| self.summary_cells(trial));
        Table { columns: Self::summary_columns(), rows: rows.collect() }
    }

    fn about(&self, trial: u64) -> Option<Excerpt> {
        let found = self.trials.iter().find(|found| found.id == trial)?;
        let mark = found.last()?;
        let mut values = vec![
            ("ε₁", mark.epsilon1.mean, mark.epsilon1.standard_error),
            ("test", mark.test.mean, mark.test.standard_error),
            ("gap", mark.gap.mean, mark.gap.standard_error),
        ];
        values.retain(|(_, value, _)| !value.is_nan());
        Some(Excerpt { values, terms: format!("K = {}, {}", mark.step, self.terms().join(", ")) })
    }
}
