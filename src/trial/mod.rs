//! One contender that steps itself: its inner run, its estimator, its λ, and what it costs.
//!
//! A trial knows two moves: an inner step and, once its inner run is over, an outer step. What it does
//! depends on its stage, its identifier and the settings it has had; measuring it changes nothing.

mod ground;
mod lineage;
mod loops;
mod measurement;
mod members;
mod metric;
mod offers;
mod parts;
mod prediction;
mod reading;
mod records;
mod round;
mod run;
mod search;
mod series;
mod stage;
mod status;
mod students;

use std::sync::Arc;

pub use crate::reference::{Gives, Held};
pub use crate::scenario::{Field, Setting, SettingError};
pub use ground::reference;
pub use lineage::Lineage;
pub use loops::{Hold, Loops};
pub use measurement::Measurement;
pub use members::mean_score;
pub use metric::{Metric, Seen, Subject};
pub use offers::Offers;
pub use parts::{OuterDraws, Part};
pub use prediction::Prediction;
pub use reading::{Kind, Reading, Unit, When};
pub use records::{Budget, InnerRun, Readings, Record, Recording, Records};
pub use run::train;
pub use series::Series;
pub use stage::Stage;
pub use status::Status;
pub use students::Students;

use crate::estimator::Estimate;
use crate::problem::Cost;

/// A contender, and what is recorded of it.
#[derive(Clone)]
pub struct Trial {
    students: Students,
    truth: Arc<Held>,
    /// M of this λ, where the estimator's theory gives it.
    prediction: Option<Arc<Prediction>>,
    recording: Recording,
    offers: Offers,
    latest: Option<Arc<Measurement>>,
    run: InnerRun,
    /// The inner run of the outer step before this one.
    last_run: Option<InnerRun>,
    outer_records: Records,
}

impl Trial {
    /// A trial at the stage's λ₀, before its first inner step.
    #[must_use]
    pub fn new(id: u64, setting: Setting, stage: &Arc<Stage>, recording: Recording) -> Self {
        Self::of(Loops::new(id, setting, stage), recording)
    }

    /// The trial that takes these loops on from where they are.
    #[must_use]
    pub fn of(loops: Loops, recording: Recording) -> Self {
        let mut trial = Self {
            truth: loops.held(),
            students: Students::of(loops),
            prediction: None,
            latest: None,
            run: InnerRun { lambda: Readings::default(), steps: Records::of_steps(&recording) },
            last_run: None,
            outer_records: Records::of_outer_steps(&recording),
            offers: Offers::default(),
            recording,
        };
        trial.offer();
        trial.begin();
        trial
    }

    /// The identifier, which seeds its streams and never changes.
    #[must_use]
    pub fn id(&self) -> u64 {
        // The first student's streams are the trial's.
        self.students.all()[0].id()
    }

    /// The two loops it runs; of a population the leader's.
    #[must_use]
    pub fn loops(&self) -> &Loops {
        self.students.leader()
    }

    /// The loops of every student.
    #[must_use]
    pub fn students(&self) -> &[Loops] {
        self.students.all()
    }

    /// Who is whose child among them.
    #[must_use]
    pub fn lineage(&self) -> &Lineage {
        self.students.lineage()
    }

    /// Estimator, inner and outer loop, ensemble.
    #[must_use]
    pub fn setting(&self) -> &Setting {
        self.loops().setting()
    }

    /// λ of the current outer step: the problem's entries, then the dynamics'.
    #[must_use]
    pub fn lambda(&self) -> &[f64] {
        self.loops().lambda()
    }

    /// What each entry of λ stands for.
    #[must_use]
    pub fn lambda_names(&self) -> &Arc<[String]> {
        self.loops().lambda_names()
    }

    /// θ now, the first member's.
    #[must_use]
    pub fn theta(&self) -> &[f64] {
        self.loops().thetas().next().unwrap_or_default()
    }

    /// Outer steps completed.
    #[must_use]
    pub fn outer(&self) -> usize {
        self.loops().outer()
    }

    /// Inner steps taken in this outer step.
    #[must_use]
    pub fn inner(&self) -> usize {
        self.loops().inner()
    }

    /// What it is doing.
    #[must_use]
    pub fn status(&self) -> Status {
        self.students.status()
    }

    /// What the estimates at this λ are held against.
    #[must_use]
    pub fn truth(&self) -> &Arc<Held> {
        &self.truth
    }

    /// The step size of the inner dynamics, where there is one.
    #[must_use]
    pub fn step_size(&self) -> Option<f64> {
        self.loops().step_size()
    }

    /// C = ‖M‖₂ at this λ, where theory gives it: `‖ĥ − ∇F‖ ≤ C‖e‖` to first order.
    #[must_use]
    pub fn efficiency_constant(&self) -> Option<f64> {
        self.prediction.as_ref().map(|prediction| prediction.constant)
    }

    /// How much of what its outer loop plans it has done, up to 1.
    #[must_use]
    pub fn part_done(&self) -> f64 {
        self.setting().outer.horizon().part_done(self.outer(), self.cost().calls())
    }

    /// What this trial has cost so far, its final estimates included, measurements not.
    #[must_use]
    pub fn cost(&self) -> Cost {
        self.students.cost()
    }

    /// Values of F that were paid for, F with its hypergradient counted twice, teachers' included; completed outer steps only.
    #[must_use]
    pub fn units(&self) -> usize {
        self.students.search().units()
    }

    /// The least of these values; finite.
    #[must_use]
    pub fn best(&self) -> Option<f64> {
        self.students.search().best()
    }

    /// Bytes its estimator holds: a tape, tangents.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.students.bytes()
    }

    /// The most recent measurement.
    #[must_use]
    pub fn latest(&self) -> Option<&Arc<Measurement>> {
        self.latest.as_ref()
    }

    /// Which of the metrics recorded it can have.
    #[must_use]
    pub fn offers(&self) -> &Offers {
        &self.offers
    }

    /// The inner run of this outer step, as far as it was measured.
    #[must_use]
    pub fn run(&self) -> &InnerRun {
        &self.run
    }

    /// The same of the outer step before this one, unless a knob was turned since.
    #[must_use]
    pub fn last_run(&self) -> Option<&InnerRun> {
        self.last_run.as_ref()
    }

    /// One record a completed outer step: where it was, before λ moved.
    #[must_use]
    pub fn outer_records(&self) -> &Records {
        &self.outer_records
    }

    /// One inner step. Nothing happens when the inner run is over or the trial has halted.
    pub fn step_inner(&mut self) {
        if self.status() != Status::Running {
            return;
        }
        let before = self.inner();
        if self.students.step_inner() {
            self.follow();
        }
        // A leader whose inner run is over waits for the other students.
        let is_waiting = self.inner() == before && self.status() == Status::Running;
        let is_due = self.status() != Status::Running || self.inner().is_multiple_of(self.recording.every);
        if is_due && !is_waiting {
            self.record_inner();
        }
    }

    /// The outer step: the estimate at the end of the inner run moves λ, and a new inner run begins.
    /// Nothing happens unless the inner run is over.
    pub fn step_outer(&mut self) {
        if self.status() != Status::Ready {
            return;
        }
        let measurement = self.measured();
        self.record_outer(&measurement);
        let run = self.run.clone();
        let has_changed = self.students.step_outer(&measurement.estimate);
        if self.status().is_halted() && self.loops().outer() == measurement.outer {
            return;
        }
        self.last_run = Some(run).filter(|_| !has_changed);
        self.truth = self.loops().held();
        self.begin();
    }

    /// Puts a new setting in force: the current inner run is taken again, to the same inner step, as
    /// it would have gone with it. λ, completed outer steps and warm starts stay.
    pub fn change(&mut self, setting: Setting) {
        let now = self.setting();
        let other_start = setting.inner.dynamics != now.inner.dynamics || !setting.outer.starts_like(&now.outer);
        let inner = self.inner();
        if setting.population != now.population {
            // Where students start is where the trial does.
            *self = Self::new(self.id(), setting, &Arc::clone(self.loops().stage()), self.recording.clone());
            return;
        }
        let takes_run_again = self.students.change(&setting);
        self.offer();
        if takes_run_again {
            self.rerun(inner, other_start);
        }
    }

    /// Puts another stage in force (a knob of the problem was turned), as [`change`](Self::change) does.
    pub fn enter(&mut self, stage: &Arc<Stage>) {
        let inner = self.inner();
        self.students.enter(stage);
        self.offer();
        self.rerun(inner, false);
    }

    /// Measures every so many inner steps from now on.
    pub fn measure_every(&mut self, steps: usize) {
        self.recording.every = steps.max(1);
    }

    /// The estimate here, and the numbers that are recorded.
    #[must_use]
    pub fn measure(&self) -> Measurement {
        let estimate = self.students.estimate().cloned().unwrap_or_else(|| self.loops().estimate());
        let numbers = self.recording.columns.read_step(&self.offers, &self.seen(&estimate));
        Measurement::of(self.loops(), estimate, numbers, &self.recording.columns)
    }

    /// Takes the inner run again, to the inner step given. Outer variables of the dynamics' own start anew with
    /// `other_start`.
    fn rerun(&mut self, inner: usize, other_start: bool) {
        let inner = inner.min(self.setting().inner.steps);
        self.students.restart(other_start);
        self.last_run = None;
        self.truth = self.loops().held();
        self.begin();
        while self.status() == Status::Running && self.inner() < inner {
            self.step_inner();
        }
    }

    fn offer(&mut self) {
        let subject = Subject { stage: self.loops().stage(), setting: self.loops().setting() };
        self.offers = Offers::of(&self.recording.columns.all, &subject);
    }

    /// Another student leads from here on: what is recorded of this inner run begins anew.
    fn follow(&mut self) {
        self.truth = self.loops().held();
        self.meet();
    }

    /// Begins to record an inner run from here.
    fn begin(&mut self) {
        let measurement = self.meet();
        self.run.steps.push_step(Arc::clone(&measurement.numbers));
    }

    /// Forgets what was recorded of another inner run, and reads what is a function of this λ.
    fn meet(&mut self) -> Arc<Measurement> {
        self.prediction = Prediction::of(self.loops(), &self.truth).map(Arc::new);
        self.run.steps = Records::of_steps(&self.recording);
        self.latest = None;
        let measurement = self.measured();
        self.run.lambda = self.recording.columns.read_lambda(&self.offers, &self.seen(&measurement.estimate));
        measurement
    }

    /// This trial as a metric sees it.
    fn seen<'a>(&'a self, estimate: &'a Estimate) -> Seen<'a> {
        Seen::of(self.loops(), estimate)
            .against(&self.truth, self.prediction.as_deref())
            .after(&self.outer_records)
            .among(&self.students)
    }

    /// The measurement at this very step, taken now unless it was.
    fn measured(&mut self) -> Arc<Measurement> {
        let here = |m: &&Arc<Measurement>| m.outer == self.outer() && m.inner == self.inner();
        if let Some(measurement) = self.latest.as_ref().filter(here) {
            return Arc::clone(measurement);
        }
        let measurement = Arc::new(self.measure());
        self.latest = Some(Arc::clone(&measurement));
        measurement
    }

    fn record_inner(&mut self) {
        self.latest = None;
        let measurement = self.measured();
        self.run.steps.push_step(Arc::clone(&measurement.numbers));
    }

    fn record_outer(&mut self, measurement: &Measurement) {
        let seen = self.seen(&measurement.estimate);
        let readings = self.recording.columns.read_outer(&self.offers, &seen, &measurement.numbers, &self.run.lambda);
        // A trial that was halted here and goes on again says this step once.
        self.outer_records.truncate(self.outer());
        self.outer_records.push_outer(readings);
    }
}
