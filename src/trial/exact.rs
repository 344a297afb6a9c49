//! The exact answer that a trial is held against, as the mean over its members.

use std::sync::Arc;

use super::members::mean_over;
use crate::math::vector;
use crate::problem::{Problem, Truth};

/// The truth named *same data*: the exact hypergradient of the very rows that the members saw, averaged as
/// their estimates are.
#[derive(Clone)]
pub struct Exact {
    /// One truth a member; empty when exact answers are not computed.
    pub members: Vec<Arc<Truth>>,
    /// ∇F(λ), with zeros for outer variables of the dynamics', on which θ* does not depend; NaN when it is not known.
    pub hypergradient: Vec<f64>,
    /// F(λ), the mean over members; NaN when it is not known.
    pub value: f64,
    /// Whether every inner problem was solved to rounding.
    pub converged: bool,
}

impl Exact {
    /// `length` is that of λ, the dynamics' entries included.
    pub(super) fn of(members: Vec<Arc<Truth>>, problems: &[&Arc<dyn Problem>], length: usize) -> Self {
        let parts: Vec<&[f64]> = members.iter().map(|truth| &*truth.hypergradient).collect();
        let mut hypergradient = mean_over(&parts, problems);
        hypergradient.resize(length, 0.0);
        Self {
            hypergradient,
            value: members.iter().map(|truth| truth.value).sum::<f64>() / members.len() as f64,
            converged: members.iter().all(|truth| truth.converged()),
            members,
        }
    }

    /// Exact answers are not computed. Nothing has failed to converge then.
    pub(super) fn unknown(length: usize) -> Self {
        Self { members: Vec::new(), hypergradient: vec![f64::NAN; length], value: f64::NAN, converged: true }
    }

    /// Root mean square of `‖θ − θ*‖` over members.
    #[must_use]
    pub fn inner_error<'a>(&self, thetas: impl Iterator<Item = &'a [f64]>) -> f64 {
        if let [truth] = &self.members[..] {
            return thetas.map(|theta| vector::distance(theta, &truth.theta)).fold(f64::NAN, |_, error| error);
        }
        if self.members.is_empty() {
            return f64::NAN;
        }
        let squares = thetas.zip(&self.members).map(|(theta, truth)| vector::distance(theta, &truth.theta).powi(2));
        (squares.sum::<f64>() / self.members.len() as f64).sqrt()
    }
}
