//! A scenario opened, run to its horizon and paused on the way, once for all tests that look at it.

use std::sync::OnceLock;

use hyperlab::front::Source;
use hyperlab::lab::{Command, Lab, Snapshot, TrialView};
use hyperlab::metric::{INNER_STEPS, Metric, OUTER_STEP};
use hyperlab::scenario::{BUILTIN, NoFiles, Scenario, experiment};
use hyperlab::trial::{Status, Trial};

/// A scenario and what there was to see at each pause.
pub struct Walk {
    pub scenario: Scenario,
    /// Before the first step.
    pub opened: Snapshot,
    /// At the end of the first inner run, before its outer step.
    pub ended: Snapshot,
    /// In the middle of an inner run, in the middle of the run.
    pub within: Snapshot,
    /// At the end.
    pub horizon: Snapshot,
}

/// Scenarios that are too long for a test of every day: outer steps after which they are left. What their texts say of
/// later steps is measured among the papers.
const EARLY: [(&str, usize); 8] = [
    ("hyper-cleaning-ensembles", 2),
    ("few-shot-matrix", 2),
    ("stability-strongly-convex", 40),
    ("stability-convex", 40),
    ("stability-nonconvex", 40),
    ("stability-two-timescale", 40),
    ("stability-falling-steps", 40),
    ("stability-which-row", 40),
];

/// The walk through a built-in scenario.
pub fn walk(id: &str) -> &'static Walk {
    static WALKS: [OnceLock<Walk>; 64] = [const { OnceLock::new() }; 64];
    let place = BUILTIN.iter().position(|builtin| builtin.id == id).unwrap_or_else(|| panic!("no scenario `{id}`"));
    WALKS[place].get_or_init(|| {
        let early = EARLY.iter().find(|(early, _)| *early == id).map(|(_, steps)| *steps);
        Walk::through(BUILTIN[place].id, early)
    })
}

impl Walk {
    /// Runs a scenario, to an early end where one is named.
    pub fn through(id: &str, end: Option<usize>) -> Self {
        let scenario = Source::open(id).unwrap().scenario().unwrap().0;
        let mut lab = Lab::new(experiment(&scenario, &NoFiles).unwrap());
        let opened = Snapshot::of_lab(&lab);
        while !has_ended(&lab) {
            tick(&mut lab);
        }
        let ended = Snapshot::of_lab(&lab);
        // Measuring changes nothing, and takes most of the time: only the inner runs that are looked at are measured.
        measure_every(&mut lab, usize::MAX);
        let done = |lab: &Lab| match end {
            Some(end) => lab.trials().map(Trial::outer).min().unwrap_or(0) as f64 / end as f64,
            None => lab.trials().map(Trial::part_done).fold(1.0, f64::min),
        };
        while done(&lab) < 0.5 {
            tick(&mut lab);
        }
        measure_every(&mut lab, scenario.measure_every);
        while !is_within(&lab) {
            tick(&mut lab);
        }
        let within = Snapshot::of_lab(&lab);
        measure_every(&mut lab, usize::MAX);
        while done(&lab) < 1.0 && !lab.is_halted() {
            if done(&lab) > 0.9 && lab.experiment().scenario.inner.steps > 1 {
                measure_every(&mut lab, scenario.measure_every);
            }
            tick(&mut lab);
        }
        let horizon = Snapshot::of_lab(&lab);
        Self { scenario, opened, ended, within, horizon }
    }

    /// The pauses at which a person may look, with their names.
    pub fn pauses(&self) -> [(&'static str, &Snapshot); 3] {
        [("end of an inner run", &self.ended), ("inside an inner run", &self.within), ("horizon", &self.horizon)]
    }
}

pub fn tick(lab: &mut Lab) {
    lab.apply(&Command::Tick).unwrap();
}

fn measure_every(lab: &mut Lab, steps: usize) {
    lab.apply(&Command::MeasureEvery(steps)).unwrap();
}

/// Whether the inner runs are over: all of them, or the first trial's where each has a clock of its own.
fn has_ended(lab: &Lab) -> bool {
    let is_over = |trial: &Trial| trial.status() == Status::Ready || trial.status().is_halted();
    if lab.keeps_rounds() { lab.trials().all(is_over) } else { lab.trials().next().is_some_and(is_over) }
}

/// Whether some trial is half through its inner run, of one step behind it.
fn is_within(lab: &Lab) -> bool {
    let half = |trial: &Trial| trial.inner() > 0 && 2 * trial.inner() >= trial.setting().inner.steps;
    lab.trials().any(half)
}

/// A trial of a snapshot.
pub fn trial<'a>(snapshot: &'a Snapshot, name: &str) -> &'a TrialView {
    let found = snapshot.trials.iter().find(|trial| trial.setting.name == name);
    found.unwrap_or_else(|| panic!("no trial `{name}`"))
}

/// A metric along the inner run that is shown: (inner step, number).
pub fn inner(snapshot: &Snapshot, name: &str, metric: &'static Metric) -> Vec<(f64, f64)> {
    trial(snapshot, name).run.steps.points(&INNER_STEPS, metric)
}

/// The last of these.
pub fn inner_last(snapshot: &Snapshot, name: &str, metric: &'static Metric) -> f64 {
    inner(snapshot, name, metric).last().map_or(f64::NAN, |point| point.1)
}

/// A metric over outer steps, by its number from 0.
pub fn outer(snapshot: &Snapshot, name: &str, metric: &'static Metric) -> Vec<f64> {
    let points = trial(snapshot, name).outer_records.points(&OUTER_STEP, metric);
    points.into_iter().map(|point| point.1).collect()
}

/// The last of these.
pub fn outer_last(snapshot: &Snapshot, name: &str, metric: &'static Metric) -> f64 {
    outer(snapshot, name, metric).last().copied().unwrap_or(f64::NAN)
}

/// The number of the least of a curve, and that.
pub fn least(curve: &[f64]) -> (usize, f64) {
    let least = curve.iter().copied().enumerate().min_by(|a, b| a.1.total_cmp(&b.1));
    least.unwrap_or((usize::MAX, f64::NAN))
}
