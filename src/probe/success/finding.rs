//! What the success probe found.

use serde::Serialize;

use crate::math::number::{counted, plain};
use crate::math::statistics::{mean, quantile};
use crate::probe::{Case, Cell, Excerpt, Finding, Mean, Subject, Table, json};

/// Name and version of the JSON layout.
pub const SCHEMA: &str = "hyperlab/success/1";

/// Places along a run at which quartiles are taken.
const MARKS: usize = 60;

/// All trials of a scenario.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Success {
    /// Name and version of this layout.
    pub schema: &'static str,
    /// Identifier or path of the scenario.
    pub scenario: String,
    /// Its seed, the first one.
    pub seed: u64,
    /// Whole runs of every trial.
    pub replicates: usize,
    /// Oracle units of a run.
    pub units: usize,
    /// How far above the least F a run may end.
    pub within: f64,
    /// The least F.
    pub least: f64,
    /// Whether that is a closed form; otherwise it is the least that a run found.
    pub is_known: bool,
    /// One entry a trial.
    pub trials: Vec<TrialFinding>,
}

/// One trial over seeds.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TrialFinding {
    /// Identifier of the trial in the laboratory.
    #[serde(skip)]
    pub id: u64,
    /// Its name.
    pub trial: String,
    /// Identifier of its population.
    pub population: String,
    /// The best F of each run where it ended, seed by seed; NaN where none is finite.
    pub ends: Vec<f64>,
    /// The share of runs that succeeded.
    pub success: Mean,
    /// Quartiles of `best F − least F` where runs ended.
    pub end: At,
    /// The same along the run, after so many oracle units.
    pub by_units: Vec<At>,
    /// The same after so many outer steps.
    pub by_rounds: Vec<At>,
    /// The test loss of each run's best student at the end, seed by seed; NaN without test rows.
    pub tests: Vec<f64>,
    /// Best F and its test loss along the run, means over seeds; empty without test rows.
    pub tested: Vec<Tested>,
    /// Runs that halted.
    pub halted: usize,
    /// Why the first of these did.
    pub halted_by: Option<String>,
}

/// Quartiles of `best F − least F` over seeds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct At {
    /// Units or outer steps.
    pub at: usize,
    /// A quarter of the runs are below this.
    pub lower: f64,
    /// The middle.
    pub median: f64,
    /// A quarter of the runs are above this.
    pub upper: f64,
}

/// What the best student of a run has come to, and how it does on rows that the search does not see: means over seeds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Tested {
    /// Oracle units.
    pub at: usize,
    /// The best F.
    pub best: f64,
    /// The test loss of the student with the least F.
    pub test: f64,
}

/// Where a run is after an outer step.
#[derive(Debug, Clone, Copy)]
pub(super) struct Round {
    /// Units paid.
    pub(super) units: usize,
    /// The best F ever; NaN where none is finite.
    pub(super) best: f64,
    /// The test loss of the student that had the least F at the end of an inner run; NaN without test rows.
    pub(super) test: f64,
}

/// A whole run of one trial with one seed.
pub(super) struct Run {
    /// One for every outer step.
    pub(super) rounds: Vec<Round>,
    /// Why it came to an end before its units.
    pub(super) halted: Option<String>,
}

impl Run {
    fn end(&self) -> f64 {
        self.rounds.last().map_or(f64::NAN, |round| round.best)
    }

    fn tested(&self) -> f64 {
        self.rounds.last().map_or(f64::NAN, |round| round.test)
    }

    /// Where it was when so many units were paid.
    fn after_units(&self, units: usize) -> Option<Round> {
        let rounds = self.rounds.partition_point(|round| round.units <= units);
        self.after_rounds(rounds)
    }

    /// The same after so many outer steps; a run that has ended stays where it was.
    fn after_rounds(&self, rounds: usize) -> Option<Round> {
        self.rounds.get(rounds.min(self.rounds.len()).checked_sub(1)?).copied()
    }
}

impl At {
    /// A run without a finite F is worse than any.
    fn of(at: usize, values: &[f64]) -> Self {
        let values: Vec<f64> = values.iter().map(|x| if x.is_nan() { f64::INFINITY } else { *x }).collect();
        let [lower, median, upper] = [0.25, 0.5, 0.75].map(|level| quantile(&values, level));
        Self { at, lower, median, upper }
    }
}

impl Tested {
    /// Nothing unless every run has both by then.
    fn of(at: usize, runs: &[&Run]) -> Option<Self> {
        let rounds: Option<Vec<Round>> = runs.iter().map(|run| run.after_units(at)).collect();
        let rounds = rounds.filter(|rounds| !rounds.is_empty())?;
        let over = |read: fn(&Round) -> f64| mean(&rounds.iter().map(read).collect::<Vec<f64>>());
        let (best, test) = (over(|round| round.best), over(|round| round.test));
        (best.is_finite() && test.is_finite()).then_some(Self { at, best, test })
    }
}

/// So many places up to the last, with equal ratios.
fn marks(last: usize) -> Vec<usize> {
    let place = |mark: usize| (last as f64).powf(mark as f64 / MARKS as f64).round() as usize;
    let mut marks: Vec<usize> = (0..=MARKS).map(place).collect();
    marks.dedup();
    marks
}

/// How far a best F lies above the least one, at least none; no number where there is none.
fn excess(value: f64, least: f64) -> f64 {
    if value < least { 0.0 } else { value - least }
}

impl TrialFinding {
    fn of(subject: &Subject, (units, least, within): (usize, f64, f64), runs: &[&Run]) -> Self {
        let excess = |value: f64| excess(value, least);
        let ends: Vec<f64> = runs.iter().map(|run| run.end()).collect();
        let flags: Vec<f64> = ends.iter().map(|end| f64::from(u8::from(*end <= least + within))).collect();
        let along = |last: usize, read: &dyn Fn(&Run, usize) -> Option<Round>| {
            let at = |mark: usize| {
                let values: Option<Vec<f64>> =
                    runs.iter().map(|run| read(run, mark).map(|round| excess(round.best))).collect();
                values.map(|values| At::of(mark, &values))
            };
            marks(last).into_iter().filter_map(at).collect::<Vec<At>>()
        };
        let rounds = runs.iter().map(|run| run.rounds.len()).max().unwrap_or(0);
        Self {
            id: subject.id,
            trial: subject.setting.name.clone(),
            population: subject.setting.population.id().to_owned(),
            success: Mean::of(&flags),
            end: At::of(units, &ends.iter().map(|end| excess(*end)).collect::<Vec<f64>>()),
            by_units: along(units, &Run::after_units),
            by_rounds: if rounds > 0 { along(rounds, &Run::after_rounds) } else { Vec::new() },
            tests: runs.iter().map(|run| run.tested()).collect(),
            tested: marks(units).into_iter().filter_map(|mark| Tested::of(mark, runs)).collect(),
            halted: runs.iter().filter(|run| run.halted.is_some()).count(),
            halted_by: runs.iter().find_map(|run| run.halted.clone()),
            ends,
        }
    }
}

impl Success {
    pub(super) fn of(case: &Case<'_>, units: usize, runs: &[Run]) -> Self {
        let (subjects, within) = (&case.subjects, case.knobs.real("within"));
        let known = case.experiment.problem.minimum().map(|minimum| minimum.value);
        let found = runs.iter().map(Run::end).filter(|end| end.is_finite()).fold(f64::INFINITY, f64::min);
        let least = known.unwrap_or(found);
        let trial = |(place, subject)| {
            let own: Vec<&Run> = runs.iter().skip(place).step_by(subjects.len()).collect();
            TrialFinding::of(subject, (units, least, within), &own)
        };
        Self {
            schema: SCHEMA,
            scenario: case.name.to_owned(),
            seed: case.scenario().seed,
            replicates: runs.len() / subjects.len().max(1),
            units,
            within,
            least,
            is_known: known.is_some(),
            trials: subjects.iter().enumerate().map(trial).collect(),
        }
    }

    /// What the least F is.
    #[must_use]
    pub fn least_in_words(&self) -> String {
        let from = if self.is_known { "in closed form" } else { "the least that a run found" };
        format!("least F {}, {from}", plain(self.least))
    }
}

impl Finding for Success {
    fn to_json(&self) -> String {
        json(self)
    }

    fn rows(&self) -> Table {
        let mut table = Table::new(&["trial", "clock", "at", "lower", "median", "upper"]);
        for trial in &self.trials {
            for (clock, along) in [("units", &trial.by_units), ("outer", &trial.by_rounds)] {
                table.rows.extend(along.iter().map(|at| -> Vec<Cell> {
                    vec![
                        trial.trial.as_str().into(),
                        clock.into(),
                        at.at.into(),
                        at.lower.into(),
                        at.median.into(),
                        at.upper.into(),
                    ]
                }));
            }
        }
        table
    }

    fn summary(&self) -> Table {
        let mut table = Table::new(&["trial", "success", "±", "median", "lower", "upper", "note"]);
        for (place, trial) in self.trials.iter().enumerate() {
            let halted = trial.halted_by.as_ref().map(|reason| format!("{} {reason}", counted(trial.halted, "run")));
            let about = (place == 0)
                .then(|| format!("best F above the least after {} units; {}", self.units, self.least_in_words()));
            let early = trial.ends.iter().filter(|end| end.is_nan()).count();
            let early = (early > trial.halted).then(|| {
                format!("{} of no whole outer step, which takes more than {} units", counted(early, "run"), self.units)
            });
            let note: Vec<String> = about.into_iter().chain(halted).chain(early).collect();
            let mut row: Vec<Cell> = vec![trial.trial.as_str().into()];
            row.extend([Cell::known(trial.success.value), Cell::known(trial.success.standard_error)]);
            row.extend([trial.end.median, trial.end.lower, trial.end.upper].map(Cell::from));
            row.push(note.join("; ").into());
            table.rows.push(row);
        }
        table
    }

    fn about(&self, trial: u64) -> Option<Excerpt> {
        let found = self.trials.iter().find(|found| found.id == trial)?;
        let values = vec![
            ("success", found.success.value, found.success.standard_error),
            ("F−least", found.end.median, f64::NAN),
        ];
        let terms =
            format!("within {}, {} units, {}", plain(self.within), self.units, counted(self.replicates, "seed"));
        Some(Excerpt { values, terms })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_worth_what_was_paid_for() {
        let rounds = [(20, 3.0, 7.0), (44, 1.0, 8.0), (64, 1.0, 8.0)];
        let run = Run { rounds: rounds.map(|(units, best, test)| Round { units, best, test }).to_vec(), halted: None };
        assert_eq!(
            [19, 20, 43, 44, 1000].map(|units| Some(run.after_units(units)?.best)),
            [None, Some(3.0), Some(3.0), Some(1.0), Some(1.0)]
        );
        assert_eq!(
            [0, 1, 2, 9].map(|rounds| Some(run.after_rounds(rounds)?.best)),
            [None, Some(3.0), Some(1.0), Some(1.0)]
        );
        let tested = |at| Tested::of(at, &[&run]);
        assert_eq!(tested(19), None);
        assert_eq!(tested(43), Some(Tested { at: 43, best: 3.0, test: 7.0 }));
        assert_eq!((tested(64).unwrap().test, run.tested()), (8.0, 8.0));
    }

    #[test]
    fn a_run_that_found_no_number_is_the_worst_and_not_the_best() {
        assert!(excess(f64::NAN, 1.0).is_nan());
        assert_eq!((excess(1.5, 1.0), excess(1.0 - 1e-15, 1.0)), (0.5, 0.0));
        let at = At::of(1, &[f64::NAN, 0.5, 0.25].map(|value| excess(value, 0.0)));
        assert_eq!((at.median, at.upper), (0.5, f64::INFINITY));
    }

    #[test]
    fn marks_are_evenly_spaced_by_ratio_and_end_where_the_run_does() {
        let marks = marks(1200);
        assert_eq!((marks.first(), marks.last()), (Some(&1), Some(&1200)));
        assert!(marks.windows(2).all(|pair| pair[0] < pair[1]));
    }
}
