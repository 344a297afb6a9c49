//! One new task, learned with the λ of a trial: what meta-learning comes down to.

use crate::math::Matrix;
use crate::problem::Problem;

/// The curves of one new task, at the places where it is judged.
#[derive(Debug, Clone, PartialEq)]
pub struct Adapted {
    /// The model learned from the task's support rows.
    pub model: Vec<f64>,
    /// What λ alone says, where it holds a prior mean.
    pub prior: Option<Vec<f64>>,
}

impl Adapted {
    /// Of a model that is linear in its features: `theta` was learned on this task with this λ; `features` has a row
    /// for each place.
    pub(super) fn of(problem: &dyn Problem, lambda: &[f64], theta: &[f64], features: &Matrix) -> Self {
        let curve = |theta: &[f64]| features.times(theta);
        Self { model: curve(theta), prior: problem.prior(lambda).map(|mean| curve(&mean)) }
    }
}
