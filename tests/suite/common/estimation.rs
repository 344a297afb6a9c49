//! Drives dynamics and estimators the way a trial does, with nothing else around them.

use std::sync::Arc;

use hyperlab::catalog::{self, Knobs, Value};
use hyperlab::draw::{Clock, Draws};
use hyperlab::estimator::{self, Estimate, Estimator, InnerStep, Point, Start};
use hyperlab::inner::{self, Dynamics, Motion};
use hyperlab::problem::{Oracle, Problem};

/// An estimator of the list, with some knobs set.
pub fn estimator(id: &str, knobs: &[(&str, Value)]) -> Box<dyn Estimator> {
    let entry = catalog::find(estimator::ALL, id).unwrap_or_else(|| panic!("no estimator `{id}`"));
    (entry.build)(&set(Knobs::defaults(entry.card.knobs), knobs))
}

/// Dynamics of the list, with some knobs set.
pub fn dynamics(id: &str, knobs: &[(&str, Value)]) -> Box<dyn Dynamics> {
    let entry = catalog::find(inner::ALL, id).unwrap_or_else(|| panic!("no dynamics `{id}`"));
    (entry.build)(&set(Knobs::defaults(entry.card.knobs), knobs))
}

fn set(defaults: Knobs, knobs: &[(&str, Value)]) -> Knobs {
    knobs.iter().fold(defaults, |all, (key, value)| all.with(key, *value))
}

/// One inner run with estimators watching it.
#[derive(Clone)]
pub struct Run {
    pub oracle: Oracle,
    pub motion: Motion,
    pub lambda: Vec<f64>,
    pub start: Vec<f64>,
    pub state: Vec<f64>,
    pub clock: Clock,
    pub estimators: Vec<Box<dyn Estimator>>,
}

impl Run {
    /// At the start of a run of `steps` planned steps.
    pub fn new(
        problem: &Arc<dyn Problem>,
        dynamics: Box<dyn Dynamics>,
        lambda: &[f64],
        theta: &[f64],
        steps: usize,
        estimators: Vec<Box<dyn Estimator>>,
    ) -> Self {
        let mut start = theta.to_vec();
        start.resize(dynamics.state_length(theta.len()), 0.0);
        let mut run = Self {
            oracle: Oracle::new(Arc::clone(problem)),
            motion: Motion::new(dynamics, Draws::default()),
            lambda: lambda.to_vec(),
            state: start.clone(),
            start,
            clock: Clock { seed: 7, ..Clock::default() },
            estimators,
        };
        run.motion.begin(&mut run.oracle, run.clock, &run.lambda, steps);
        let start = Start {
            lambda: &run.lambda,
            state: &run.start,
            steps,
            tolerance: None,
            inner_dimension: run.oracle.inner_dimension(),
        };
        run.estimators.iter_mut().for_each(|estimator| estimator.begin(&start));
        run
    }

    /// Takes inner steps.
    pub fn advance(&mut self, steps: usize) {
        let mut next = self.state.clone();
        for _ in 0..steps {
            self.motion.step(&mut self.oracle, self.clock, &self.lambda, &self.state, &mut next);
            for estimator in &mut self.estimators {
                estimator.observe(&mut InnerStep {
                    clock: self.clock,
                    lambda: &self.lambda,
                    state: &self.state,
                    next: &next,
                    oracle: &mut self.oracle,
                    motion: &mut self.motion,
                });
            }
            std::mem::swap(&mut self.state, &mut next);
            self.clock.inner += 1;
        }
    }

    /// What one of the estimators says now.
    pub fn estimate(&mut self, index: usize) -> Estimate {
        self.estimators[index].estimate(&mut Point {
            clock: self.clock,
            lambda: &self.lambda,
            start: &self.start,
            state: &self.state,
            oracle: &mut self.oracle,
            motion: &mut self.motion,
        })
    }
}

/// What an estimator says at (λ, θ) before any inner step.
pub fn estimate_at(problem: &Arc<dyn Problem>, estimator: &dyn Estimator, lambda: &[f64], theta: &[f64]) -> Estimate {
    let descent = dynamics("gradient-descent", &[]);
    Run::new(problem, descent, lambda, theta, 0, vec![estimator.clone_box()]).estimate(0)
}

/// `‖a − b‖ / ‖b‖`, absolute when b is zero; NaN stays NaN, so `assert!(… < …)` fails on it.
pub fn relative(a: &[f64], b: &[f64]) -> f64 {
    let scale = hyperlab::math::vector::norm(b);
    hyperlab::math::vector::distance(a, b) / if scale > 0.0 { scale } else { 1.0 }
}

/// The bits, for comparisons that mean it.
pub fn bits(values: &[f64]) -> Vec<u64> {
    values.iter().map(|value| value.to_bits()).collect()
}
