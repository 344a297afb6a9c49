//! First-order theory: how an estimate follows the inner error.

use super::{Held, Loops};
use crate::math::{Matrix, vector};

/// The first-order theory of an estimator at one λ (Ye et al. 2024).
pub struct Prediction {
    /// M ∈ R^{d×p}: `ĥ − ∇F ≈ Mᵀe` with the inner error `e = θ − θ*`.
    matrix: Matrix,
    /// θ* ∈ R^d.
    solution: Vec<f64>,
    /// C = ‖M‖₂: `‖ĥ − ∇F‖ ≤ C‖e‖` to first order.
    pub constant: f64,
}

/// Where d·p is beyond this, M is not worth its cost at every λ.
const LARGEST: usize = 100_000;

impl Prediction {
    /// Of the loops' estimator, where it has a theory, λ a truth and the trial a single member.
    pub(super) fn of(loops: &Loops, truth: &Held) -> Option<Self> {
        let [truth] = &truth.members[..] else { return None };
        if truth.theta.len() * truth.lambda.len() > LARGEST || !truth.converged() {
            return None;
        }
        let matrix = loops.linearization(truth.sensitivity()?)?;
        Some(Self { constant: matrix.spectral_norm(), matrix, solution: truth.theta.clone() })
    }

    /// `‖Mᵀ(θ − θ*)‖`, the error of the hypergradient to first order.
    #[must_use]
    pub fn error(&self, theta: &[f64]) -> f64 {
        vector::norm(&self.matrix.transposed_times(&vector::difference(theta, &self.solution)))
    }
}
