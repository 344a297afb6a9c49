//! An inner run with an estimator watching it.

use std::ops::Range;
use std::sync::Arc;

use super::Setting;
use crate::catalog::Knobs;
use crate::draw::{Clock, Draws, Sizes};
use crate::estimator::{Ahead, ByStep, Estimate, Estimator, InnerStep, OF_THE_RUN, Point, Settled, Start};
use crate::inner::Motion;
use crate::math::Matrix;
use crate::math::vector::norm;
use crate::problem::{Blocks, Clipped, Cost, Oracle, Problem, Sample, Score, Sensitivity, Stop};
use crate::scenario::Declared;

/// The state of an inner run. Stepping allocates nothing beyond what the dynamics must (Newton's do).
#[derive(Clone)]
pub(super) struct Run {
    pub(super) clock: Clock,
    oracle: Oracle,
    motion: Motion,
    estimator: Box<dyn Estimator>,
    start: Vec<f64>,
    state: Vec<f64>,
    next: Vec<f64>,
    /// The norm of `∇_θ g` that this run ends at, where it ends at one.
    tolerance: Option<f64>,
    /// Room for `∇_θ g`.
    gradient: Vec<f64>,
    /// The oracle's counter when this run began.
    counted: Cost,
}

impl Run {
    pub(super) fn new(clock: Clock, setting: &Setting, problem: &Arc<dyn Problem>, stop: &Stop) -> Self {
        let estimator = (setting.estimator.entry().build)(&setting.estimator.knobs);
        let motion = motion(setting, draws(setting, &*estimator));
        let length = motion.dynamics().state_length(problem.dimensions().inner);
        Self {
            clock,
            oracle: Oracle::new(Arc::clone(problem)).until(stop),
            motion,
            estimator,
            start: vec![0.0; length],
            state: vec![0.0; length],
            next: vec![0.0; length],
            tolerance: None,
            gradient: vec![0.0; problem.dimensions().inner],
            counted: Cost::default(),
        }
    }

    /// The same over other rows of the same sizes; the estimator keeps what it remembers between inner runs.
    pub(super) fn rebind(&mut self, problem: &Arc<dyn Problem>, stop: &Stop) {
        // Over other rows; what it has done so far stays counted.
        self.oracle = Oracle::new(Arc::clone(problem)).until(stop).having_clipped(self.oracle.clipped());
    }

    /// From θ, or from a whole state of the optimizer, which begins with θ. `ending` is how many steps are planned at most, and the norm of
    /// `∇_θ g` that the run ends at.
    pub(super) fn begin(&mut self, lambda: &[f64], theta: &[f64], ending: (usize, Option<f64>)) {
        let (steps, tolerance) = ending;
        self.tolerance = tolerance;
        self.clock.inner = 0;
        self.start.fill(0.0);
        self.start[..theta.len()].copy_from_slice(theta);
        self.state.copy_from_slice(&self.start);
        self.counted = self.oracle.cost();
        self.motion.begin(&mut self.oracle, self.clock, lambda, steps);
        let inner_dimension = self.oracle.inner_dimension();
        self.estimator.begin(&Start { lambda, state: &self.start, steps, tolerance, inner_dimension });
    }

    /// An inner step; where θ is held the estimator sees one, and θ stays.
    pub(super) fn step(&mut self, lambda: &[f64], holds_theta: bool) {
        let (clock, state) = (self.clock, &self.state);
        self.oracle.enter(clock);
        self.estimator.steer(&mut Ahead { clock, lambda, state, oracle: &mut self.oracle, motion: &mut self.motion });
        self.motion.step(&mut self.oracle, self.clock, lambda, &self.state, &mut self.next);
        self.estimator.observe(&mut InnerStep {
            clock: self.clock,
            lambda,
            state: &self.state,
            next: &self.next,
            oracle: &mut self.oracle,
            motion: &mut self.motion,
        });
        if !holds_theta {
            std::mem::swap(&mut self.state, &mut self.next);
        }
        self.clock.inner += 1;
    }

    /// Has all that is drawn from here on drawn anew.
    pub(super) fn reseed(&mut self, seed: u64) {
        self.clock.seed = seed;
    }

    /// Whether two runs from one place, drawn anew, may differ.
    pub(super) fn is_drawn(&self) -> bool {
        !self.motion.draws().is_full() || self.estimator.lists(1).length.is_some()
    }

    /// What the estimator carries over where all that it follows has come to rest.
    pub(super) fn settled(&self, lambda: &[f64]) -> Result<Vec<f64>, String> {
        self.estimator.settled(&Settled { clock: self.clock, lambda, problem: self.problem() })
    }

    /// Whether θ solves the inner problem to the tolerance of this run. The gradient that says so is that of the next step.
    pub(super) fn is_solved(&mut self, lambda: &[f64]) -> bool {
        is_solved(&mut self.oracle, self.clock, (lambda, &self.state), self.tolerance, &mut self.gradient)
    }

    /// The estimate here, on an oracle and dynamics of its own: asking leaves no trace.
    pub(super) fn estimate(&self, lambda: &[f64]) -> Estimate {
        self.estimate_by(&*self.estimator, lambda)
    }

    /// The same by an estimator that did not see the run.
    pub(super) fn estimate_by(&self, estimator: &dyn Estimator, lambda: &[f64]) -> Estimate {
        let mut oracle = self.oracle.fresh();
        let mut motion = self.motion.clone();
        let mut point = Point {
            clock: self.clock,
            lambda,
            start: &self.start,
            state: &self.state,
            oracle: &mut oracle,
            motion: &mut motion,
        };
        estimator.estimate(&mut point)
    }

    /// The same at the end of the run, on its own oracle and dynamics, into an estimate that is reused.
    pub(super) fn conclude(&mut self, lambda: &[f64], out: &mut Estimate) {
        // As an oracle without a history counts.
        self.oracle.leave();
        let mut point = Point {
            clock: self.clock,
            lambda,
            start: &self.start,
            state: &self.state,
            oracle: &mut self.oracle,
            motion: &mut self.motion,
        };
        self.estimator.conclude(&mut point, out);
    }

    /// The whole run from its start, on an oracle and dynamics of its own, differentiated backwards: the derivative of f
    /// over all validation rows, and f.
    pub(super) fn ahead(&self, lambda: &[f64], steps: usize) -> (Vec<f64>, f64) {
        let mut oracle = self.fresh_oracle();
        let mut motion = self.motion.clone().over_all_validation();
        let mut reverse = (OF_THE_RUN.build)(&Knobs::defaults(OF_THE_RUN.card.knobs));
        let (inner_dimension, tolerance) = (oracle.inner_dimension(), self.tolerance);
        reverse.begin(&Start { lambda, state: &self.start, steps, tolerance, inner_dimension });
        let watch = |step: &mut InnerStep<'_>| reverse.observe(step);
        let (clock, state) = self.replay(lambda, (steps, tolerance), (&mut oracle, &mut motion), watch);
        let mut point =
            Point { clock, lambda, start: &self.start, state: &state, oracle: &mut oracle, motion: &mut motion };
        let hypergradient = reverse.estimate(&mut point).hypergradient;
        oracle.use_all_rows();
        oracle.move_to(lambda, &state[..inner_dimension]);
        (hypergradient, oracle.outer_value())
    }

    /// The whole run from its start, on an oracle and dynamics of its own, differentiated by the value of each block of the
    /// dynamics' outer variables at each single step.
    pub(super) fn by_step(&self, lambda: &[f64], steps: usize) -> Vec<Vec<f64>> {
        let mut oracle = self.fresh_oracle();
        let mut motion = self.motion.clone();
        let blocks = Blocks::new(motion.dynamics().blocks(&oracle, lambda));
        let ranges: Vec<Range<usize>> = blocks.iter().map(|(_, range)| range).collect();
        let mut reverse = ByStep::default();
        let inner_dimension = oracle.inner_dimension();
        reverse.begin(&Start { lambda, state: &self.start, steps, tolerance: None, inner_dimension });
        let watch = |step: &mut InnerStep<'_>| reverse.observe(step);
        let (clock, state) = self.replay(lambda, (steps, None), (&mut oracle, &mut motion), watch);
        let (oracle, motion) = (&mut oracle, &mut motion);
        let mut point = Point { clock, lambda, start: &self.start, state: &state, oracle, motion };
        let mut steps = reverse.derivatives(&mut point, &ranges);
        if !self.has_lists() {
            // Without lists it went over all rows, which nobody asked for.
            steps.iter_mut().for_each(|steps| steps.fill(f64::NAN));
        }
        steps
    }

    /// The run again from its start, for so many steps or to a tolerance, with somebody watching: when and where it ends.
    fn replay(
        &self,
        lambda: &[f64],
        (steps, tolerance): (usize, Option<f64>),
        (oracle, motion): (&mut Oracle, &mut Motion),
        mut watch: impl FnMut(&mut InnerStep<'_>),
    ) -> (Clock, Vec<f64>) {
        let mut gradient = self.gradient.clone();
        let (mut state, mut next) = (self.start.clone(), self.next.clone());
        let mut clock = Clock { inner: 0, ..self.clock };
        for _ in 0..steps {
            if self.oracle.is_stopped() {
                break;
            }
            motion.step(oracle, clock, lambda, &state, &mut next);
            watch(&mut InnerStep { clock, lambda, state: &state, next: &next, oracle, motion });
            std::mem::swap(&mut state, &mut next);
            clock.inner += 1;
            if is_solved(oracle, clock, (lambda, &state), tolerance, &mut gradient) {
                break;
            }
        }
        (clock, state)
    }

    pub(super) fn accept(&mut self, estimate: &Estimate) {
        self.estimator.accept(estimate);
    }

    pub(super) fn state(&self) -> &[f64] {
        &self.state
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
        self.oracle.fresh()
    }

    /// What this inner run has cost, observation included.
    pub(super) fn cost(&self) -> Cost {
        let mut cost = self.oracle.cost().since(&self.counted);
        let held = self.bytes() as f64;
        cost.bytes = held;
        cost
    }

    /// What was clipped on this run's oracle.
    pub(super) fn clipped(&self) -> Clipped {
        self.oracle.clipped()
    }

    pub(super) fn bytes(&self) -> usize {
        self.estimator.bytes()
    }

    pub(super) fn step_size(&self) -> Option<f64> {
        self.motion.dynamics().step_size()
    }

    /// The blocks of λ, given the problem's own.
    pub(super) fn declared(&self, lambda: &[f64]) -> Declared {
        Declared { problem: self.problem().blocks(), dynamics: self.motion.dynamics().blocks(&self.oracle, lambda) }
    }

    pub(super) fn linearization(&self, at: &Sensitivity) -> Option<Matrix> {
        // Theory is about estimates over all rows.
        if self.motion.draws().is_full() { self.estimator.linearization(at) } else { None }
    }

    /// Whether there are rows for this outer step: lists that are written out end.
    pub(super) fn has_lists(&self) -> bool {
        self.motion.draws().has_lists(self.clock.outer)
    }
}

/// Whether `‖∇_θ g‖` over all rows is at most the tolerance, where there is one.
fn is_solved(
    oracle: &mut Oracle,
    clock: Clock,
    (lambda, state): (&[f64], &[f64]),
    tolerance: Option<f64>,
    gradient: &mut [f64],
) -> bool {
    let Some(tolerance) = tolerance else { return false };
    oracle.enter(clock);
    oracle.use_training_rows(None);
    oracle.move_to(lambda, &state[..gradient.len()]);
    oracle.inner_gradient(gradient);
    norm(gradient) <= tolerance
}

/// The dynamics of a setting over such batches.
fn motion(setting: &Setting, draws: Draws) -> Motion {
    let dynamics = &setting.inner.dynamics;
    Motion::new((dynamics.entry().build)(&dynamics.knobs), draws)
}

/// The batches that a setting asks for.
fn draws(setting: &Setting, estimator: &dyn Estimator) -> Draws {
    let (inner, outer) = (&setting.inner, &setting.outer);
    let sizes = Sizes { inner: inner.batch, products: inner.products, outer: outer.batch };
    Draws::new(sizes, setting.draws.clone(), estimator.lists(inner.steps))
}

/// θ after the inner loop of a setting on a problem beside the trial's own, with nobody watching.
#[must_use]
pub fn train(
    problem: &Arc<dyn Problem>,
    clock: Clock,
    (setting, stop): (&Setting, &Stop),
    (lambda, theta): (&[f64], &[f64]),
) -> Vec<f64> {
    let estimator = (setting.estimator.entry().build)(&setting.estimator.knobs);
    let mut motion = motion(setting, draws(setting, &*estimator).beside());
    let mut oracle = Oracle::new(Arc::clone(problem)).until(stop);
    // Outer variables of the dynamics that nobody has learned are where they start.
    let mut lambda = lambda.to_vec();
    let own = problem.dimensions().outer;
    if lambda.len() == own {
        lambda.extend(Blocks::new(motion.dynamics().blocks(&oracle, &lambda)).start());
    }
    let lambda = &lambda[..];
    let mut state = vec![0.0; motion.dynamics().state_length(theta.len())];
    state[..theta.len()].copy_from_slice(theta);
    let mut next = state.clone();
    motion.begin(&mut oracle, clock, lambda, setting.inner.steps);
    let (tolerance, mut gradient) = (setting.inner.tolerance_at(clock.outer), vec![0.0; theta.len()]);
    for step in 0..setting.inner.steps {
        if stop.is_set() {
            break;
        }
        motion.step(&mut oracle, Clock { inner: step, ..clock }, lambda, &state, &mut next);
        std::mem::swap(&mut state, &mut next);
        let after = Clock { inner: step + 1, ..clock };
        if is_solved(&mut oracle, after, (lambda, &state), tolerance, &mut gradient) {
            break;
        }
    }
    state.truncate(theta.len());
    state
}
