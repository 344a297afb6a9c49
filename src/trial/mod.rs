//! One contender that steps itself: its inner run, its estimator, its λ, and what it costs.
//!
//! A trial knows two moves: an inner step and, once its inner run is over, an outer step. What it does
//! depends on its stage, its identifier and the settings it has had; measuring it changes nothing.

mod baseline;
mod exact;
mod loops;
mod measurement;
mod members;
mod record;
mod run;
mod stage;
mod task;

use std::sync::Arc;

pub use crate::scenario::{Field, Setting, SettingError};
pub use baseline::{Baseline, Cleaning};
pub use exact::Exact;
pub use loops::Loops;
pub use measurement::Measurement;
pub use record::{InnerRecord, InnerRun, OuterRecord, Status};
pub use stage::Stage;
pub use task::Adapted;

use crate::math::{Matrix, vector};
use crate::problem::Cost;

/// A contender.
#[derive(Clone)]
pub struct Trial {
    loops: Loops,
    truth: Arc<Exact>,
    /// M of this λ, where the estimator's theory gives it.
    prediction: Option<Arc<Prediction>>,
    latest: Option<Arc<Measurement>>,
    inner_records: Arc<Vec<InnerRecord>>,
    /// The inner run of the outer step before this one.
    last_run: Option<InnerRun>,
    outer_records: Arc<Vec<OuterRecord>>,
    measure_every: usize,
}

/// The first-order theory of an estimator at one λ.
struct Prediction {
    /// M ∈ R^{d×p}: `ĥ − ∇F ≈ Mᵀe`.
    matrix: Matrix,
    /// C = ‖M‖₂.
    constant: f64,
}

/// Where d·p is beyond this, M is not worth its cost at every λ.
const LARGEST_PREDICTION: usize = 100_000;

impl Trial {
    /// A trial at the stage's λ₀, before its first inner step.
    #[must_use]
    pub fn new(id: u64, setting: Setting, stage: &Arc<Stage>, measure_every: usize) -> Self {
        let loops = Loops::new(id, setting, stage);
        let mut trial = Self {
            truth: loops.exact(),
            loops,
            prediction: None,
            latest: None,
            inner_records: Arc::default(),
            last_run: None,
            outer_records: Arc::default(),
            measure_every: measure_every.max(1),
        };
        trial.begin();
        trial
    }

    /// The identifier, which seeds its streams and never changes.
    #[must_use]
    pub fn id(&self) -> u64 {
        self.loops.id()
    }

    /// The two loops it runs.
    #[must_use]
    pub fn loops(&self) -> &Loops {
        &self.loops
    }

    /// Estimator, inner and outer loop, ensemble.
    #[must_use]
    pub fn setting(&self) -> &Setting {
        self.loops.setting()
    }

    /// λ of the current outer step: the problem's entries, then the dynamics'.
    #[must_use]
    pub fn lambda(&self) -> &[f64] {
        self.loops.lambda()
    }

    /// What each entry of λ stands for.
    #[must_use]
    pub fn lambda_names(&self) -> &Arc<[String]> {
        self.loops.lambda_names()
    }

    /// θ now, the first member's.
    #[must_use]
    pub fn theta(&self) -> &[f64] {
        self.loops.thetas().next().unwrap_or_default()
    }

    /// Outer steps completed.
    #[must_use]
    pub fn outer(&self) -> usize {
        self.loops.outer()
    }

    /// Inner steps taken in this outer step.
    #[must_use]
    pub fn inner(&self) -> usize {
        self.loops.inner()
    }

    /// What it is doing.
    #[must_use]
    pub fn status(&self) -> Status {
        self.loops.status()
    }

    /// The exact answer at this λ.
    #[must_use]
    pub fn truth(&self) -> &Arc<Exact> {
        &self.truth
    }

    /// The step size of the inner dynamics, where there is one.
    #[must_use]
    pub fn step_size(&self) -> Option<f64> {
        self.loops.step_size()
    }

    /// C = ‖M‖₂ at this λ, where theory gives it: `‖ĥ − ∇F‖ ≤ C‖e‖` to first order.
    #[must_use]
    pub fn efficiency_constant(&self) -> Option<f64> {
        self.prediction.as_ref().map(|prediction| prediction.constant)
    }

    /// What this trial has cost so far, its final estimates included, measurements not.
    #[must_use]
    pub fn cost(&self) -> Cost {
        self.loops.cost()
    }

    /// Bytes its estimator holds: a tape, tangents.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.loops.bytes()
    }

    /// The most recent measurement.
    #[must_use]
    pub fn latest(&self) -> Option<&Arc<Measurement>> {
        self.latest.as_ref()
    }

    /// One record a measured inner step of the current outer step.
    #[must_use]
    pub fn inner_records(&self) -> &Arc<Vec<InnerRecord>> {
        &self.inner_records
    }

    /// The inner run of this outer step, with what it is held against.
    #[must_use]
    pub fn this_run(&self) -> InnerRun {
        InnerRun {
            records: Arc::clone(&self.inner_records),
            efficiency_constant: self.efficiency_constant(),
            truth_norm: vector::norm(&self.truth.hypergradient),
        }
    }

    /// The same of the outer step before this one, unless a knob was turned since.
    #[must_use]
    pub fn last_run(&self) -> Option<&InnerRun> {
        self.last_run.as_ref()
    }

    /// One record a completed outer step.
    #[must_use]
    pub fn outer_records(&self) -> &Arc<Vec<OuterRecord>> {
        &self.outer_records
    }

    /// One inner step. Nothing happens when the inner run is over or the trial has halted.
    pub fn step_inner(&mut self) {
        if self.status() != Status::Running {
            return;
        }
        self.loops.step_inner();
        if self.status() != Status::Running || self.inner().is_multiple_of(self.measure_every) {
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
        self.push_outer_record(&measurement);
        let run = self.this_run();
        self.loops.step_outer(&measurement.estimate);
        if matches!(self.status(), Status::NoEstimate { .. }) {
            return;
        }
        self.last_run = Some(run);
        self.truth = self.loops.exact();
        self.begin();
    }

    /// Puts a new setting in force: the current inner run is taken again, to the same inner step, as
    /// it would have gone with it. λ, completed outer steps and warm starts stay.
    pub fn change(&mut self, setting: Setting) {
        let other_dynamics = setting.inner.dynamics != self.setting().inner.dynamics;
        let inner = self.inner();
        if self.loops.change(setting) {
            self.rerun(inner, other_dynamics);
        }
    }

    /// Puts another stage in force (a knob of the problem was turned), as [`change`](Self::change) does.
    pub fn enter(&mut self, stage: &Arc<Stage>) {
        let inner = self.inner();
        self.loops.enter(stage);
        self.rerun(inner, false);
    }

    /// Measures every so many inner steps from now on.
    pub fn measure_every(&mut self, steps: usize) {
        self.measure_every = steps.max(1);
    }

    /// The estimate here and how wrong it is.
    #[must_use]
    pub fn measure(&self) -> Measurement {
        Measurement::take(&self.loops, &self.truth)
    }

    /// Takes the inner run again, to the inner step given. Outer variables of the dynamics' own start anew with
    /// `other_dynamics`.
    fn rerun(&mut self, inner: usize, other_dynamics: bool) {
        let inner = inner.min(self.setting().inner.steps);
        self.loops.restart(other_dynamics);
        self.last_run = None;
        self.truth = self.loops.exact();
        self.begin();
        while self.status() == Status::Running && self.inner() < inner {
            self.step_inner();
        }
    }

    fn begin(&mut self) {
        self.prediction = self.predict();
        self.inner_records = Arc::default();
        self.record_inner();
    }

    fn predict(&self) -> Option<Arc<Prediction>> {
        let [truth] = &self.truth.members[..] else { return None };
        if truth.theta.len() * truth.lambda.len() > LARGEST_PREDICTION || !truth.converged {
            return None;
        }
        let matrix = self.loops.linearization(truth.sensitivity()?)?;
        Some(Arc::new(Prediction { constant: matrix.spectral_norm(), matrix }))
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
        let predicted = self.prediction.as_ref().zip(self.truth.members.first()).map(|(prediction, truth)| {
            let error = vector::difference(self.theta(), &truth.theta);
            vector::norm(&prediction.matrix.transposed_times(&error))
        });
        let record = InnerRecord::of(&measurement, predicted, self.loops.run_cost());
        Arc::make_mut(&mut self.inner_records).push(record);
    }

    fn push_outer_record(&mut self, measurement: &Measurement) {
        // A trial that was halted here and goes on again says this step once.
        let completed = self.outer();
        Arc::make_mut(&mut self.outer_records).truncate(completed);
        let before = self.outer_records.last().map(|record| record.value);
        let total = self.loops.spent() + self.loops.run_cost() + measurement.estimate.cost;
        let record = OuterRecord::of(measurement, &self.loops, &self.truth, before, total);
        Arc::make_mut(&mut self.outer_records).push(record);
    }
}
