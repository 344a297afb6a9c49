//! What a front needs to draw the lab at one moment. Cheap to make: the records are shared.

use std::sync::Arc;

use super::view::{TrialView, is_beginning};
use super::{Bookmark, Branch, Findings, History, Lab, OuterStarts};
use crate::catalog::{Card, Knobs, Spec};
use crate::data::Prepared;
use crate::metric::Baseline;
use crate::pace::Paces;
pub use crate::probe::super_efficiency::SLOPE_FLOOR;
use crate::problem::{Dimensions, Minimum};
use crate::reference;
use crate::scenario::{Experiment, Stated};

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
    /// What exact answers take, where that is long.
    pub price: Option<String>,
    /// What one gets without a bilevel method, where training labels are in doubt; empty before the first outer step.
    pub baselines: Arc<[Baseline]>,
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
        let pinned = history.pinned().iter().map(|run| TrialView { hidden: solo, ..TrialView::clone(&run.view) });
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
                price: reference::notice(&scenario.truth, experiment.problem.as_ref()),
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

/// The outer steps whose inner runs are shown, from the first to the last.
fn runs_shown(lab: &Lab) -> String {
    let shown = lab.trials().map(|trial| trial.outer().saturating_sub(usize::from(is_beginning(trial, lab))));
    let (first, last) = shown.fold((usize::MAX, 0), |(first, last), run| (first.min(run), last.max(run)));
    if first < last { format!("{first}–{last}") } else { last.to_string() }
}
