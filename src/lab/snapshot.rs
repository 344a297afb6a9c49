//! What a front needs to draw the lab at one moment. Cheap to make: the records are shared.

use std::sync::Arc;

use super::{Bookmark, Branch, Findings, History, Lab, OuterStarts, PinnedRun};
use crate::catalog::{Card, Knobs, Spec};
use crate::data::Prepared;
use crate::estimator::Solver;
use crate::math::fit::PowerLaw;
use crate::metric::{self, Baseline, Metric, Quantity, When};
use crate::pace::Paces;
pub use crate::probe::super_efficiency::SLOPE_FLOOR;
use crate::probe::super_efficiency::error_slope;
use crate::problem::{Cost, Dimensions, Minimum};
use crate::scenario::{Experiment, Stated};
use crate::trial::{Gives, InnerRun, Measurement, Offers, Readings, Records, Setting, Status, Trial};

/// The lab at one moment.
#[derive(Clone)]
pub struct Snapshot {
    /// Title of the scenario.
    pub title: String,
    /// What to watch for.
    pub about: String,
    /// Seed.
    pub seed: u64,
    /// Identifiers of the charts the scenario opens with.
    pub charts: Vec<String>,
    /// Outer steps completed by the trial that is furthest.
    pub outer: usize,
    /// Inner steps taken by the trial that is furthest.
    pub inner: usize,
    /// The outer step whose inner run is shown: this one, or the one before until this one has begun. From the first to
    /// the last, where trials are at different ones: `3–270`.
    pub run: String,
    /// Whether every trial has come as far as its outer loop plans, or has halted.
    pub has_arrived: bool,
    /// Inner steps of the longest inner run.
    pub inner_steps: usize,
    /// Commands applied to reach this moment.
    pub position: usize,
    /// Commands in this branch.
    pub length: usize,
    /// Where outer steps begin in this branch.
    pub outer_starts: OuterStarts,
    /// The trial that is drawn alone.
    pub solo: Option<u64>,
    /// The branches.
    pub branches: Vec<BranchView>,
    /// The current branch's number.
    pub branch: usize,
    /// The bookmarks; beside each, whether it lies on the line of commands that one is on.
    pub bookmarks: Vec<(Bookmark, bool)>,
    /// Hypergradients are measured at every so many inner steps.
    pub measure_every: usize,
    /// What everything was built from, as it is set now; its trials are those that the lab was started with.
    pub experiment: Arc<Experiment>,
    /// What its scenario says beside trials and extensions.
    pub stated: Arc<[Stated]>,
    /// The problem.
    pub problem: ProblemView,
    /// How trials share the clock.
    pub pace: Spec<Paces>,
    /// The trials, in the order shown; behind them the pinned runs.
    pub trials: Vec<TrialView>,
    /// What probes found.
    pub findings: Findings,
}

/// A branch of the history.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BranchView {
    /// Branch and position this one left.
    pub fork: Option<(usize, usize)>,
    /// What was done differently there, in words.
    pub change: Arc<str>,
    /// Whether it is another branch without something that was taken back.
    pub is_without: bool,
    /// Commands in it.
    pub length: usize,
}

/// The problem.
#[derive(Clone)]
pub struct ProblemView {
    /// What it is.
    pub card: &'static Card,
    /// Its knobs now.
    pub knobs: Knobs,
    /// Its sizes.
    pub dimensions: Dimensions,
    /// Where F is least, where that is known in closed form.
    pub minimum: Option<Minimum>,
    /// Its rows, for problems with data.
    pub data: Option<Arc<Prepared>>,
    /// What one gets without a bilevel method, where training labels are in doubt; empty before the first outer step.
    pub baselines: Arc<[Baseline]>,
}

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
    /// How many entries of λ lie at a bound, where the outer rule cannot move them further.
    pub pressed: usize,
    /// What estimates at this λ are held against.
    pub held_against: Gives,
    /// Why that is no truth, where it is none.
    pub truth_doubt: Option<String>,
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
    /// The inner run that is shown: see [`Snapshot::run`].
    pub run: InnerRun,
    /// Completed outer steps.
    pub outer_records: Records,
    /// Which of the metrics there are.
    pub offers: Offers,
}

/// A row of the list of what one can go to in the history.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Landmark {
    /// A branch.
    Branch {
        /// Its number.
        number: usize,
        /// Branches between it and the root.
        depth: usize,
    },
    /// A bookmark, by its place among them.
    Bookmark(usize),
}

impl BranchView {
    fn of(branch: &Branch) -> Self {
        Self {
            fork: branch.fork(),
            change: Arc::clone(branch.change()),
            is_without: branch.taken_back().is_some(),
            length: branch.commands().len(),
        }
    }
}

impl Snapshot {
    /// The branches as a tree, from the root on: the number of each, and how many lie between it and the root. Those
    /// that leave a branch stand below it, where they leave first first.
    #[must_use]
    pub fn tree(&self) -> Vec<(usize, usize)> {
        let mut tree = Vec::with_capacity(self.branches.len());
        let mut next = vec![(0, 0)];
        while let Some((number, depth)) = next.pop() {
            tree.push((number, depth));
            let leaves = self.branches.iter().enumerate().filter_map(|(child, branch)| {
                branch.fork.filter(|(parent, _)| *parent == number).map(|(_, at)| (at, child))
            });
            let mut leaves: Vec<(usize, usize)> = leaves.collect();
            leaves.sort_unstable_by(|a, b| b.cmp(a));
            next.extend(leaves.into_iter().map(|(_, child)| (child, depth + 1)));
        }
        tree
    }

    /// What one can go to: the branches as a tree, then the bookmarks.
    #[must_use]
    pub fn landmarks(&self) -> Vec<Landmark> {
        let branches = self.tree().into_iter().map(|(number, depth)| Landmark::Branch { number, depth });
        branches.chain((0..self.bookmarks.len()).map(Landmark::Bookmark)).collect()
    }

    /// A history now, of which nothing was measured.
    #[must_use]
    pub fn of(history: &History) -> Self {
        let branches = history.branches().iter().map(BranchView::of);
        let bookmark = |mark: &Bookmark| (mark.clone(), history.is_on_this_line(mark.branch, mark.position));
        let now = Self::of_lab(history.lab());
        let solo = now.solo.is_some();
        let pinned = history.pinned().iter().filter_map(TrialView::of_pinned);
        let pinned = pinned.map(|view| TrialView { hidden: solo, ..view });
        Self {
            trials: now.trials.into_iter().chain(pinned).collect(),
            bookmarks: history.bookmarks().iter().map(bookmark).collect(),
            position: history.position(),
            length: history.length(),
            outer_starts: history.outer_starts().clone(),
            branches: branches.collect(),
            branch: history.current(),
            ..now
        }
    }

    /// A lab now, without a history; [`with_findings`](Self::with_findings) adds what was measured.
    #[must_use]
    pub fn of_lab(lab: &Lab) -> Self {
        let experiment = lab.experiment();
        let scenario = &experiment.scenario;
        let trials: Vec<TrialView> = lab.trials().map(|trial| TrialView::of(trial, lab)).collect();
        let furthest = |of: fn(&TrialView) -> usize| trials.iter().map(of).max().unwrap_or(0);
        Self {
            title: scenario.title.clone(),
            about: scenario.about.clone(),
            seed: scenario.seed,
            charts: scenario.charts.clone(),
            outer: furthest(|trial| trial.outer),
            inner: furthest(|trial| trial.inner),
            run: runs_shown(lab),
            has_arrived: lab.has_arrived(),
            inner_steps: furthest(|trial| trial.setting.inner.steps),
            position: 0,
            length: 0,
            outer_starts: OuterStarts::default(),
            solo: lab.solo(),
            branches: vec![BranchView::default()],
            branch: 0,
            bookmarks: Vec::new(),
            measure_every: lab.recording.every,
            experiment: Arc::clone(experiment),
            stated: Arc::clone(&lab.stated),
            problem: ProblemView {
                card: scenario.problem.card(),
                knobs: scenario.problem.knobs.clone(),
                dimensions: experiment.problem.dimensions(),
                minimum: experiment.problem.minimum().cloned(),
                data: experiment.data.clone(),
                baselines: lab.baselines(),
            },
            pace: scenario.pace.clone(),
            trials,
            findings: Findings::none(&scenario.study),
        }
    }

    /// The same moment with what was measured.
    #[must_use]
    pub fn with_findings(self, findings: Findings) -> Self {
        Self { findings, ..self }
    }

    /// Outer steps completed and inner steps taken: by a trial, or by whichever is furthest.
    #[must_use]
    pub fn clock(&self, trial: Option<u64>) -> (usize, usize) {
        let trial = trial.and_then(|id| self.trials.iter().find(|trial| trial.id == id));
        trial.map_or((self.outer, self.inner), |trial| (trial.outer, trial.inner))
    }

    /// Whether all trials take their outer steps together.
    #[must_use]
    pub fn keeps_rounds(&self) -> bool {
        self.pace.entry().keeps_rounds()
    }

    /// The trials of the laboratory, without the pinned runs.
    pub fn of_the_laboratory(&self) -> impl Iterator<Item = &TrialView> {
        self.trials.iter().filter(|trial| !trial.is_pinned)
    }

    /// The trials that are drawn, and the pinned runs.
    pub fn shown(&self) -> impl Iterator<Item = &TrialView> {
        self.trials.iter().filter(|trial| !trial.hidden)
    }
}

/// Whether the inner run that a trial is about to take has not begun. Where trials take their outer steps together,
/// it has as soon as one of them has begun.
fn is_beginning(trial: &Trial, lab: &Lab) -> bool {
    let is_at_start = |trial: &Trial| trial.inner() == 0 && trial.last_run().is_some();
    if lab.keeps_rounds() {
        lab.trials().filter(|trial| !trial.status().is_halted()).all(is_at_start)
    } else {
        is_at_start(trial)
    }
}

/// The outer steps whose inner runs are shown, from the first to the last.
fn runs_shown(lab: &Lab) -> String {
    let shown = lab.trials().map(|trial| trial.outer().saturating_sub(usize::from(is_beginning(trial, lab))));
    let (first, last) = shown.fold((usize::MAX, 0), |(first, last), run| (first.min(run), last.max(run)));
    if first < last { format!("{first}–{last}") } else { last.to_string() }
}

impl TrialView {
    /// A trial as it was when it was pinned, under an identifier and a name of its own.
    fn of_pinned(run: &PinnedRun) -> Option<Self> {
        let view = Self::of(run.lab.trial(run.pin.trial)?, &run.lab);
        let mut setting = view.setting.clone();
        let inner = if view.inner > 0 { format!(", inner step {}", view.inner) } else { String::new() };
        setting.name = format!("{}, pinned at outer step {}{inner}", setting.name, view.outer);
        Some(Self { id: run.id, hidden: false, is_pinned: true, setting, ..view })
    }

    fn of(trial: &Trial, lab: &Lab) -> Self {
        // A run that has not begun is one point; the one that has just ended says more.
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
            pressed: trial.loops().blocks().pressed(trial.lambda()),
            held_against: trial.truth().gives,
            truth_converged: trial.truth().converged(),
            truth_doubt: trial.truth().doubt.clone(),
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
            outer_records: trial.outer_records().clone(),
            offers: trial.offers().clone(),
        }
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

    /// The slope in words: that of a run that goes on is one so far, and the last whole run's stands beside it.
    #[must_use]
    pub fn slope_in_words(&self) -> Option<String> {
        let number = |law: PowerLaw| format!("{:.2}", law.slope);
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

    /// The health of the solver behind the latest estimate.
    #[must_use]
    pub fn solver(&self) -> Option<&Solver> {
        self.latest.as_ref().map(|measurement| &measurement.estimate.solver)
    }
}

fn slope(run: &InnerRun) -> Option<PowerLaw> {
    let errors = run.steps.points(&metric::INNER_ERROR, &metric::ERROR);
    error_slope(errors.into_iter(), run.lambda.number(&metric::TRUTH_NORM).unwrap_or(f64::NAN))
}

/// A measured slope beyond this is called super-efficient.
const SUPER_EFFICIENT: f64 = 1.8;
