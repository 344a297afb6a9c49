//! An inner run with an estimator watching it.

use std::sync::Arc;

use super::Setting;
use crate::estimator::{Estimate, Estimator, InnerStep, Point, Start};
use crate::inner::{Clock, Dynamics};
use crate::math::Matrix;
use crate::problem::{Cost, Oracle, Problem, Sample, Score, Sensitivity};
use crate::scenario::InnerSpec;

/// The state of an inner run. Stepping allocates nothing beyond what the dynamics must (Newton's do).
#[derive(Clone)]
pub(super) struct Run {
    pub(super) clock: Clock,
    oracle: Oracle,
    dynamics: Box<dyn Dynamics>,
    estimator: Box<dyn Estimator>,
    start: Vec<f64>,
    state: Vec<f64>,
    next: Vec<f64>,
    /// The oracle's counter when this run began.
    counted: Cost,
}

impl Run {
    pub(super) fn new(clock: Clock, setting: &Setting, problem: &Arc<dyn Problem>) -> Self {
        let dynamics = &setting.inner.dynamics;
        let estimator = &setting.estimator;
        let dynamics = (dynamics.entry().build)(&dynamics.knobs);
        let length = dynamics.state_length(problem.dimensions().inner);
        Self {
            clock,
            oracle: Oracle::new(Arc::clone(problem)),
            dynamics,
            estimator: (estimator.entry().build)(&estimator.knobs),
            start: vec![0.0; length],
            state: vec![0.0; length],
            next: vec![0.0; length],
            counted: Cost::default(),
        }
    }

    pub(super) fn begin(&mut self, lambda: &[f64], theta: &[f64], steps: usize) {
        self.clock.inner = 0;
        self.start.fill(0.0);
        self.start[..theta.len()].copy_from_slice(theta);
        self.state.copy_from_slice(&self.start);
        self.counted = self.oracle.cost();
        self.dynamics.begin(&mut self.oracle, lambda);
        let inner_dimension = self.oracle.inner_dimension();
        self.estimator.begin(&Start { lambda, state: &self.start, steps, inner_dimension });
    }

    pub(super) fn step(&mut self, lambda: &[f64]) {
        self.dynamics.step(&mut self.oracle, self.clock, lambda, &self.state, &mut self.next);
        self.estimator.observe(&mut InnerStep {
            clock: self.clock,
            lambda,
            state: &self.state,
            next: &self.next,
            oracle: &mut self.oracle,
            dynamics: &mut *self.dynamics,
        });
        std::mem::swap(&mut self.state, &mut self.next);
        self.clock.inner += 1;
    }

    /// The estimate here, on an oracle and dynamics of its own: asking leaves no trace.
    pub(super) fn estimate(&self, lambda: &[f64]) -> Estimate {
        let mut oracle = Oracle::new(Arc::clone(self.oracle.problem()));
        let mut dynamics = self.dynamics.clone();
        let mut point = Point {
            clock: self.clock,
            lambda,
            start: &self.start,
            state: &self.state,
            oracle: &mut oracle,
            dynamics: &mut *dynamics,
        };
        self.estimator.estimate(&mut point)
    }

    pub(super) fn accept(&mut self, estimate: &Estimate) {
        self.estimator.accept(estimate);
    }

    pub(super) fn theta(&self) -> &[f64] {
        &self.state[..self.oracle.inner_dimension()]
    }

    pub(super) fn problem(&self) -> &Arc<dyn Problem> {
        self.oracle.problem()
    }

    pub(super) fn score(&self, sample: Sample, lambda: &[f64]) -> Option<Score> {
        self.oracle.problem().score(sample, &lambda[..self.oracle.outer_dimension()], self.theta())
    }

    /// An oracle of this problem with no history, for measuring.
    pub(super) fn fresh_oracle(&self) -> Oracle {
        Oracle::new(Arc::clone(self.oracle.problem()))
    }

    /// What this inner run has cost, observation included.
    pub(super) fn cost(&self) -> Cost {
        let mut cost = self.oracle.cost().since(&self.counted);
        let held = self.bytes() as f64;
        cost.bytes = held;
        cost
    }

    pub(super) fn bytes(&self) -> usize {
        self.estimator.bytes()
    }

    pub(super) fn step_size(&self) -> Option<f64> {
        self.dynamics.step_size()
    }

    /// Where the dynamics' own outer variables start.
    pub(super) fn dynamics_lambda(&self, lambda: &[f64]) -> Vec<f64> {
        self.dynamics.outer_start(&self.oracle, lambda)
    }

    /// What each entry of λ stands for: the problem's, then the dynamics'.
    pub(super) fn lambda_names(&self) -> Arc<[String]> {
        let mut names = self.oracle.problem().lambda_names();
        names.extend(self.dynamics.outer_names());
        names.into()
    }

    pub(super) fn linearization(&self, at: &Sensitivity) -> Option<Matrix> {
        self.estimator.linearization(at)
    }
}

/// θ after so many inner steps on a problem, with nobody watching.
#[must_use]
pub fn train(
    problem: &Arc<dyn Problem>,
    clock: Clock,
    spec: &InnerSpec,
    (lambda, theta): (&[f64], &[f64]),
) -> Vec<f64> {
    let mut dynamics = (spec.dynamics.entry().build)(&spec.dynamics.knobs);
    let mut oracle = Oracle::new(Arc::clone(problem));
    let mut state = vec![0.0; dynamics.state_length(theta.len())];
    state[..theta.len()].copy_from_slice(theta);
    let mut next = state.clone();
    dynamics.begin(&mut oracle, lambda);
    for step in 0..spec.steps {
        dynamics.step(&mut oracle, Clock { inner: step, ..clock }, lambda, &state, &mut next);
        std::mem::swap(&mut state, &mut next);
    }
    state.truncate(theta.len());
    state
}
