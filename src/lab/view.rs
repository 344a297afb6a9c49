//! A trial at one moment, as a front draws it.

use std::sync::Arc;

use super::Lab;
use crate::estimator::Solver;
use crate::math::fit::PowerLaw;
use crate::metric::{self, Metric, Quantity, When};
use crate::probe::super_efficiency::error_slope;
use crate::problem::{Blocks, Cost};
use crate::trial::{Gives, InnerRun, Measurement, Offers, Reading, Readings, Records, Setting, Status, Trial};

/// A trial.
#[derive(Clone)]
pub struct TrialView {
    /// Identifier; also its place in the palette.
    pub id: u64,
    /// Whether it is left out of the charts.
    pub hidden: bool,
    /// Whether it is a run that was pinned: as it was then, and no longer a trial of the laboratory.
    pub is_pinned: bool,
    /// The identifier of the trial that it is or, of a pinned run, that it was.
    pub trial: u64,
    /// Name, estimator, inner and outer loop.
    pub setting: Setting,
    /// What it is doing.
    pub status: Status,
    /// Outer steps completed.
    pub outer: usize,
    /// Inner steps taken.
    pub inner: usize,
    /// λ now.
    pub lambda: Arc<[f64]>,
    /// What each entry of λ stands for.
    pub lambda_names: Arc<[String]>,
    /// The blocks of λ under the setting.
    pub blocks: Arc<Blocks>,
    /// What estimates at this λ are held against.
    pub held_against: Gives,
    /// Why that is no truth, where it is none.
    pub truth_doubt: Option<String>,
    /// The condition number of H where it is taken; NaN where it takes no H.
    pub truth_condition: f64,
    /// Decimal digits of it that are known.
    pub truth_digits: f64,
    /// Whether the truth at this λ was found to rounding.
    pub truth_converged: bool,
    /// Inner step size in use.
    pub step_size: Option<f64>,
    /// The latest measurement.
    pub latest: Option<Arc<Measurement>>,
    /// Slope of the hypergradient error against the inner error over the last decade of the run that is shown.
    pub slope: Option<PowerLaw>,
    /// Whether the run that is shown goes on, so that its slope is one so far.
    pub is_unfinished: bool,
    /// The whole run of the outer step before, while the one that is shown goes on.
    pub behind: Option<InnerRun>,
    /// Slope of that run.
    pub slope_behind: Option<PowerLaw>,
    /// What is a function of λ, at λ now.
    pub here: Readings,
    /// What it has cost.
    pub cost: Cost,
    /// The inner run that is shown: as a snapshot says which.
    pub run: InnerRun,
    /// Whether that has ended, and the next one has not begun.
    pub shows_ended: bool,
    /// Completed outer steps.
    pub outer_records: Records,
    /// Which of the metrics there are.
    pub offers: Offers,
}

/// Whether of the inner run that a trial takes nothing was measured yet beyond its start. Where trials take their outer steps
/// together, something was as soon as it was of one of them.
pub(super) fn is_beginning(trial: &Trial, lab: &Lab) -> bool {
    let is_at_start = |trial: &Trial| trial.run().steps.len() <= 1 && trial.last_run().is_some();
    if lab.keeps_rounds() {
        lab.trials().filter(|trial| !trial.status().is_halted()).all(is_at_start)
    } else {
        is_at_start(trial)
    }
}

impl TrialView {
    /// A trial as it is now.
    pub(super) fn of(trial: &Trial, lab: &Lab) -> Self {
        // A run of which only the start was measured is one point; the one that has ended says more.
        let ended = trial.last_run().filter(|_| is_beginning(trial, lab));
        let run = ended.unwrap_or_else(|| trial.run());
        let is_unfinished = ended.is_none() && trial.status() == Status::Running;
        let behind = trial.last_run().filter(|_| is_unfinished);
        Self {
            id: trial.id(),
            hidden: lab.is_hidden(trial.id()),
            is_pinned: false,
            trial: trial.id(),
            setting: trial.setting().clone(),
            status: trial.status(),
            outer: trial.outer(),
            inner: trial.inner(),
            lambda: trial.lambda().into(),
            lambda_names: Arc::clone(trial.lambda_names()),
            blocks: Arc::clone(trial.loops().blocks()),
            held_against: trial.truth().gives,
            truth_converged: trial.truth().converged(),
            truth_doubt: trial.truth().doubt.clone(),
            truth_condition: trial.truth().condition,
            truth_digits: trial.truth().digits(),
            step_size: trial.step_size(),
            latest: trial.latest().cloned(),
            slope: slope(run),
            is_unfinished,
            behind: behind.cloned(),
            slope_behind: behind.and_then(slope),
            here: trial.run().lambda.clone(),
            cost: trial.cost(),
            run: run.clone(),
            shows_ended: ended.is_some(),
            outer_records: trial.outer_records().clone(),
            offers: trial.offers().clone(),
        }
    }

    /// How many entries of λ lie at a bound, where the outer rule cannot move them further.
    #[must_use]
    pub fn pressed(&self) -> usize {
        self.blocks.pressed(&self.lambda)
    }

    /// A number at the end of what is shown: of the run that is shown or, where it is read only at outer steps, of the
    /// last of these.
    #[must_use]
    pub fn now(&self, quantity: impl Into<Quantity>) -> Option<f64> {
        let quantity: Quantity = quantity.into();
        match quantity.metric.when {
            When::Lambda => quantity.of(self.run.lambda.reading(quantity.metric)?),
            When::Step => quantity.at(self.run.steps.last()?),
            When::Outer => quantity.at(self.outer_records.last()?),
        }
    }

    /// Entries of a vector, where it was read.
    #[must_use]
    pub fn length(&self, metric: &Metric) -> Option<usize> {
        let last = || self.outer_records.last()?.reading(metric);
        let reading = self.here.reading(metric).or_else(last)?;
        reading.vector().map(|values| values.len())
    }

    /// The metrics that panels and tables show first, in their order.
    #[must_use]
    pub fn ranked(&self) -> Vec<&'static Metric> {
        let mut ranked: Vec<&Metric> = self.offers.iter().filter(|metric| metric.rank > 0).collect();
        ranked.sort_by_key(|metric| metric.rank);
        ranked
    }

    /// Whether λ is another one than in the last outer record.
    #[must_use]
    pub fn has_moved_on(&self) -> bool {
        self.outer_records.len() <= self.outer
    }

    /// The step that is too long at this λ, as a check of the scenario says it.
    #[must_use]
    pub fn too_long(&self) -> Option<&str> {
        match self.here.reading(&metric::LONG_STEP)? {
            Reading::Words(words) => Some(words),
            _ => None,
        }
    }

    /// The slope in words: that of a run that goes on is one so far, and the last whole run's stands beside it.
    #[must_use]
    pub fn slope_in_words(&self) -> Option<String> {
        // Without the sign of a zero.
        let number = |law: PowerLaw| format!("{:.2}", (100.0 * law.slope).round() / 100.0 + 0.0);
        match (self.slope.map(number), self.slope_behind.map(number)) {
            (Some(slope), _) if !self.is_unfinished => Some(slope),
            (Some(slope), Some(last)) => Some(format!("{slope} so far, last run {last}")),
            (Some(slope), None) => Some(format!("{slope} so far")),
            (None, Some(last)) => Some(format!("of last run {last}")),
            (None, None) => None,
        }
    }

    /// Whether the error is of second order, as far as a whole run can tell: the slope says so, and the first-order prediction does not
    /// account for the error. Without the second, a first-order estimator passes for super-efficient
    /// while its inner error turns towards directions that hardly matter.
    #[must_use]
    pub fn is_super_efficient(&self) -> bool {
        let numbers = || self.now(&metric::PREDICTED_ERROR).zip(self.now(&metric::ERROR));
        let is_explained = numbers().is_some_and(|(predicted, error)| predicted > 0.5 * error);
        let has_slope = self.slope.is_some_and(|law| law.slope > SUPER_EFFICIENT);
        has_slope && !is_explained && !self.is_unfinished && !self.status.is_halted()
    }

    /// The health of the solver behind the estimate that is shown: the latest, or, where a new inner run has not begun, that
    /// of the one which has ended, as of all other numbers.
    #[must_use]
    pub fn solver(&self) -> Option<Solver> {
        let latest = || self.latest.as_ref().map(|measurement| measurement.estimate.solver.clone());
        if self.shows_ended { self.solver_behind().or_else(latest) } else { latest() }
    }

    /// What was recorded of the solver at the end of the inner run that is shown.
    fn solver_behind(&self) -> Option<Solver> {
        let is = |metric: &'static Metric| self.now(metric).map(|flag| flag == 1.0);
        let note = match self.outer_records.last().and_then(|record| record.reading(&metric::SOLVER_NOTE).cloned()) {
            Some(Reading::Words(words)) => Some(words.to_string().into()),
            _ => None,
        };
        Some(Solver {
            iterations: self.now(&metric::SOLVER_ITERATIONS)? as usize,
            residual: self.now(&metric::SOLVER_RESIDUAL).unwrap_or(f64::NAN),
            converged: is(&metric::SOLVER_CONVERGED)?,
            negative_curvature: is(&metric::SOLVER_NEGATIVE_CURVATURE)?,
            note,
        })
    }
}

fn slope(run: &InnerRun) -> Option<PowerLaw> {
    let errors = run.steps.points(&metric::INNER_ERROR, &metric::ERROR);
    let number = |metric| run.lambda.number(metric).unwrap_or(f64::NAN);
    error_slope(errors.into_iter(), number(&metric::TRUTH_NORM), number(&metric::TRUTH_FLOOR))
}

/// A measured slope beyond this is called super-efficient.
const SUPER_EFFICIENT: f64 = 1.8;
