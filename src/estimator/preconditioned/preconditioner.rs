//! What a preconditioner is.

use std::borrow::Cow;

use crate::catalog::Knobs;
use crate::estimator::{InnerStep, Start};
use crate::math::{Factorization, Matrix};
use crate::problem::{Oracle, Requirement};

/// A preconditioner that can be chosen.
pub(super) struct Choice {
    pub(super) name: &'static str,
    pub(super) help: &'static str,
    pub(super) build: fn(&Knobs) -> Box<dyn Preconditioner>,
}

/// An approximation P of H whose inverse can be applied.
pub(super) trait Preconditioner: Send + Sync {
    /// As [`Estimator::requires`](crate::estimator::Estimator::requires).
    fn requires(&self) -> &'static [Requirement] {
        &[]
    }

    /// A new inner run starts.
    fn begin(&mut self, _: &Start<'_>) {}

    /// An inner step was taken.
    fn observe(&mut self, _: &mut InnerStep<'_>) {}

    /// `P⁻¹` for the place where the oracle stands. Leaves the oracle there.
    fn inverse(&self, oracle: &mut Oracle) -> Inverse;

    /// Whether P is a function of (λ, θ) alone, so that theory can say what it does at θ*.
    fn is_local(&self) -> bool {
        true
    }

    /// Bytes held beyond θ and λ.
    fn bytes(&self) -> usize {
        0
    }

    fn clone_box(&self) -> Box<dyn Preconditioner>;
}

/// `x ← P⁻¹x`.
pub(super) type Apply = dyn Fn(&mut [f64]);

/// `P⁻¹`, applied in place.
pub(super) struct Inverse {
    pub(super) apply: Box<Apply>,
    pub(super) note: Option<Cow<'static, str>>,
}

impl Inverse {
    pub(super) fn new(apply: impl Fn(&mut [f64]) + 'static) -> Self {
        Self { apply: Box::new(apply), note: None }
    }

    /// The inverse of a dense symmetric matrix, counted as a factorization.
    pub(super) fn of(matrix: &Matrix, oracle: &mut Oracle) -> Self {
        oracle.count_factorization();
        match Factorization::symmetric(matrix) {
            Some(factorization) => {
                let note = (!factorization.is_positive_definite()).then_some("P is not positive definite".into());
                Self { apply: Box::new(move |x| factorization.solve_in_place(x)), note }
            }
            None => Self { apply: Box::new(|x| x.fill(f64::NAN)), note: Some("P is not finite".into()) },
        }
    }
}
