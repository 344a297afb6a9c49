//! One estimate held against the truth, in full.

use super::{Exact, Loops};
use crate::estimator::Estimate;
use crate::math::vector;
use crate::problem::Score;

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
    pub(super) fn take(loops: &Loops, truth: &Exact) -> Self {
        let estimate = loops.estimate();
        let mut exact = truth.hypergradient.clone();
        exact.resize(loops.lambda().len(), 0.0);
        let error = vector::distance(&estimate.hypergradient, &exact);
        let (inner_value, outer_value) = loops.values();
        Self {
            outer: loops.outer(),
            inner: loops.inner(),
            inner_error: truth.inner_error(loops.thetas()),
            error,
            relative_error: error / vector::norm(&exact),
            cosine: vector::cosine(&estimate.hypergradient, &exact),
            inner_value,
            outer_value,
            scores: loops.scores(),
            truth: exact,
            estimate,
        }
    }
}
