//! One estimate held against the truth, in full.

use super::run::Run;
use crate::estimator::Estimate;
use crate::math::vector;
use crate::problem::{Sample, Score, Truth};

/// An estimate at one inner step, and how wrong it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Measurement {
    /// Outer step, from 0.
    pub outer: usize,
    /// Inner steps taken.
    pub inner: usize,
    /// ĥ with its cost and the health of its solver.
    pub estimate: Estimate,
    /// ∇F(λ), with zeros for outer variables of the dynamics', on which θ* does not depend.
    pub truth: Vec<f64>,
    /// `‖θ − θ*‖`.
    pub inner_error: f64,
    /// `‖ĥ − ∇F‖`.
    pub error: f64,
    /// `‖ĥ − ∇F‖ / ‖∇F‖`.
    pub relative_error: f64,
    /// Cosine of the angle between ĥ and ∇F; NaN when one of them is zero.
    pub cosine: f64,
    /// `g(λ, θ)`.
    pub inner_value: f64,
    /// `f(λ, θ)`.
    pub outer_value: f64,
    /// Loss and accuracy on training, validation and test rows, where there are some.
    pub scores: [Option<Score>; 3],
}

impl Measurement {
    pub(super) fn take(run: &Run, lambda: &[f64], truth: &Truth) -> Self {
        let estimate = run.estimate(lambda);
        let mut oracle = run.fresh_oracle();
        oracle.move_to(lambda, run.theta());
        let mut exact = truth.hypergradient.clone();
        exact.resize(lambda.len(), 0.0);
        let error = vector::distance(&estimate.hypergradient, &exact);
        let problem = oracle.problem().clone();
        let own = &lambda[..oracle.outer_dimension()];
        let score = |sample| problem.score(sample, own, run.theta());
        Self {
            outer: run.clock.outer,
            inner: run.clock.inner,
            inner_error: vector::distance(run.theta(), &truth.theta),
            error,
            relative_error: error / vector::norm(&exact),
            cosine: vector::cosine(&estimate.hypergradient, &exact),
            inner_value: oracle.inner_value(),
            outer_value: oracle.outer_value(),
            scores: [score(Sample::Training), score(Sample::Validation), score(Sample::Test)],
            truth: exact,
            estimate,
        }
    }
}
