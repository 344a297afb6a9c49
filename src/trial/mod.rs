//! One contender that steps itself: its inner run, its estimator, its λ, and what it costs.
//!
//! A trial knows two moves: an inner step and, once its inner run is over, an outer step. What it does
//! depends on its world, its identifier and the settings it has had; measuring it changes nothing.

mod measurement;
mod record;
mod run;
mod setting;
mod world;

use std::sync::Arc;

pub use measurement::Measurement;
pub use record::{InnerRecord, InnerRun, OuterRecord, Status};
pub use setting::{Field, Setting, SettingError};
pub use world::World;

use crate::catalog::find;
use crate::math::{Matrix, vector};
use crate::outer::{self, OuterRule};
use crate::problem::{Cost, Truth};
use run::Run;

/// A contender.
#[derive(Clone)]
pub struct Trial {
    id: u64,
    setting: Setting,
    world: Arc<World>,
    rule: Box<dyn OuterRule>,
    lambda: Vec<f64>,
    lambda_names: Arc<[String]>,
    run: Run,
    status: Status,
    /// Last accepted θ, where the next warm start begins.
    warm: Option<Vec<f64>>,
    truth: Arc<Truth>,
    /// M of this λ, where the estimator's theory gives it.
    prediction: Option<Arc<Prediction>>,
    /// What earlier outer steps cost.
    spent: Cost,
    latest: Option<Arc<Measurement>>,
    inner_records: Arc<Vec<InnerRecord>>,
    /// The inner run of the outer step before this one.
    last_run: Option<InnerRun>,
    /// The measurement that the last outer step used; a warm start for a rebuilt estimator.
    accepted: Option<Arc<Measurement>>,
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
    /// A trial at the world's λ₀, before its first inner step.
    #[must_use]
    pub fn new(id: u64, setting: Setting, world: &Arc<World>, measure_every: usize) -> Self {
        let run = Run::new(id, &setting, world);
        let mut lambda = world.lambda.clone();
        lambda.extend(run.dynamics_lambda(&world.lambda));
        let rule = build_rule(&setting);
        let truth = world.truth(&lambda);
        let mut trial = Self {
            id,
            setting,
            world: Arc::clone(world),
            rule,
            lambda,
            lambda_names: run.lambda_names(),
            run,
            status: Status::Running,
            warm: None,
            truth,
            prediction: None,
            spent: Cost::default(),
            latest: None,
            inner_records: Arc::default(),
            last_run: None,
            accepted: None,
            outer_records: Arc::default(),
            measure_every: measure_every.max(1),
        };
        trial.begin();
        trial
    }

    /// The identifier, which seeds its streams and never changes.
    #[must_use]
    pub fn id(&self) -> u64 {
        self.id
    }

    /// Estimator, inner and outer loop.
    #[must_use]
    pub fn setting(&self) -> &Setting {
        &self.setting
    }

    /// λ of the current outer step: the problem's entries, then the dynamics'.
    #[must_use]
    pub fn lambda(&self) -> &[f64] {
        &self.lambda
    }

    /// What each entry of λ stands for.
    #[must_use]
    pub fn lambda_names(&self) -> &Arc<[String]> {
        &self.lambda_names
    }

    /// θ now.
    #[must_use]
    pub fn theta(&self) -> &[f64] {
        self.run.theta()
    }

    /// Outer steps completed.
    #[must_use]
    pub fn outer(&self) -> usize {
        self.run.clock.outer
    }

    /// Inner steps taken in this outer step.
    #[must_use]
    pub fn inner(&self) -> usize {
        self.run.clock.inner
    }

    /// What it is doing.
    #[must_use]
    pub fn status(&self) -> Status {
        self.status
    }

    /// The exact answer at this λ.
    #[must_use]
    pub fn truth(&self) -> &Arc<Truth> {
        &self.truth
    }

    /// The step size of the inner dynamics, where there is one.
    #[must_use]
    pub fn step_size(&self) -> Option<f64> {
        self.run.step_size()
    }

    /// C = ‖M‖₂ at this λ, where theory gives it: `‖ĥ − ∇F‖ ≤ C‖e‖` to first order.
    #[must_use]
    pub fn efficiency_constant(&self) -> Option<f64> {
        self.prediction.as_ref().map(|prediction| prediction.constant)
    }

    /// What this trial has cost so far, its final estimates included, measurements not.
    #[must_use]
    pub fn cost(&self) -> Cost {
        self.spent + self.run.cost()
    }

    /// Bytes its estimator holds: a tape, tangents.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.run.bytes()
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
        if self.status != Status::Running {
            return;
        }
        self.run.step(&self.lambda);
        if !vector::is_finite(self.run.theta()) {
            self.status = Status::Diverged { outer: self.outer(), inner: self.inner() };
        } else if self.inner() >= self.setting.inner.steps {
            self.status = Status::Ready;
        }
        if self.status != Status::Running || self.inner().is_multiple_of(self.measure_every) {
            self.record_inner();
        }
    }

    /// The outer step: the estimate at the end of the inner run moves λ, and a new inner run begins.
    /// Nothing happens unless the inner run is over.
    pub fn step_outer(&mut self) {
        if self.status != Status::Ready {
            return;
        }
        let measurement = self.measured();
        self.run.accept(&measurement.estimate);
        self.accepted = Some(Arc::clone(&measurement));
        self.push_outer_record(&measurement);
        if !vector::is_finite(&measurement.estimate.hypergradient) {
            self.status = Status::NoEstimate { outer: self.outer() };
            return;
        }
        self.spent += self.run.cost();
        self.spent += measurement.estimate.cost;
        self.rule.step(&mut self.lambda, &measurement.estimate.hypergradient);
        let (low, high) = self.setting.outer.bounds;
        // `clamp` keeps NaN, which is a result.
        self.lambda.iter_mut().for_each(|x| *x = x.clamp(low, high));
        self.warm = Some(self.run.theta().to_vec());
        self.run.clock.outer += 1;
        self.last_run = Some(self.this_run());
        self.truth = self.world.truth(&self.lambda);
        self.begin();
    }

    /// Puts a new setting in force: the current inner run is taken again, to the same inner step, as
    /// it would have gone with it. λ, completed outer steps and warm starts stay.
    pub fn change(&mut self, setting: Setting) {
        if setting.outer.rule.id() == self.setting.outer.rule.id() {
            self.rule.turn(&setting.outer.rule.knobs);
        } else {
            self.rule = build_rule(&setting);
        }
        let rebuild = setting.estimator != self.setting.estimator || setting.inner != self.setting.inner;
        let other_dynamics = setting.inner.dynamics != self.setting.inner.dynamics;
        self.setting = setting;
        if rebuild || self.status.is_halted() {
            self.rerun(other_dynamics);
        }
    }

    /// Puts another world in force (a knob of the problem was turned), as [`change`](Self::change) does.
    pub fn enter(&mut self, world: &Arc<World>) {
        self.world = Arc::clone(world);
        self.truth = world.truth(&self.lambda);
        self.rerun(false);
    }

    /// Measures every so many inner steps from now on.
    pub fn measure_every(&mut self, steps: usize) {
        self.measure_every = steps.max(1);
    }

    /// The estimate here and how wrong it is.
    #[must_use]
    pub fn measure(&self) -> Measurement {
        Measurement::take(&self.run, &self.lambda, &self.truth)
    }

    /// Takes the inner run again. Outer variables of the dynamics' own start anew with `other_dynamics`.
    fn rerun(&mut self, other_dynamics: bool) {
        let inner = self.inner().min(self.setting.inner.steps);
        let outer = self.outer();
        self.run = Run::new(self.id, &self.setting, &self.world);
        self.run.clock.outer = outer;
        let own = self.world.lambda.len();
        if let Some(accepted) = &self.accepted {
            self.run.accept(&accepted.estimate);
        }
        if other_dynamics {
            let length = self.lambda.len();
            self.lambda.truncate(own);
            self.lambda.extend(self.run.dynamics_lambda(&self.world.lambda));
            self.lambda_names = self.run.lambda_names();
            if self.lambda.len() != length {
                // What the rule remembers has another length.
                self.rule = build_rule(&self.setting);
            }
        }
        self.last_run = None;
        self.begin();
        while self.status == Status::Running && self.inner() < inner {
            self.step_inner();
        }
    }

    fn begin(&mut self) {
        self.status = Status::Running;
        let start = match &self.warm {
            Some(theta) if self.setting.inner.warm_start => theta.clone(),
            _ => self.world.theta.clone(),
        };
        self.run.begin(&self.lambda, &start, self.setting.inner.steps);
        self.prediction = self.predict();
        self.inner_records = Arc::default();
        self.record_inner();
    }

    fn predict(&self) -> Option<Arc<Prediction>> {
        let sizes = self.world.problem.dimensions();
        if sizes.inner * sizes.outer > LARGEST_PREDICTION || !self.truth.converged {
            return None;
        }
        let matrix = self.run.linearization(self.truth.sensitivity()?)?;
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
        let predicted = self.prediction.as_ref().map(|prediction| {
            let error = vector::difference(self.run.theta(), &self.truth.theta);
            vector::norm(&prediction.matrix.transposed_times(&error))
        });
        let record = InnerRecord::of(&measurement, predicted, self.run.cost());
        Arc::make_mut(&mut self.inner_records).push(record);
    }

    fn push_outer_record(&mut self, measurement: &Measurement) {
        // A trial that was halted here and goes on again says this step once.
        let completed = self.outer();
        Arc::make_mut(&mut self.outer_records).truncate(completed);
        let before = self.outer_records.last().map(|record| record.value);
        let total = self.spent + self.run.cost() + measurement.estimate.cost;
        let record = OuterRecord::of(measurement, &self.lambda, self.run.theta(), &self.truth, before, total);
        Arc::make_mut(&mut self.outer_records).push(record);
    }
}

fn build_rule(setting: &Setting) -> Box<dyn OuterRule> {
    let spec = &setting.outer.rule;
    // A specification is made from this very list.
    let entry = find(outer::ALL, spec.id()).unwrap_or(&outer::ALL[0]);
    (entry.build)(&spec.knobs)
}
