//! What the linear solver behind an estimate says of itself: one rule for all of them of what is solved.

use std::borrow::Cow;

use serde::Serialize;

use crate::math::number::plain;
use crate::math::vector::{axpy, norm};
use crate::problem::Oracle;

/// A linear system is solved where `‖b − Hv‖ ≤ SOLVED · ‖b‖`, whichever solver gave v and whatever it was asked for: to
/// half of the digits of an `f64`.
pub const SOLVED: f64 = 1e-8;

/// The health of the linear solver behind an estimate.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Solver {
    /// Iterations used.
    pub iterations: usize,
    /// Relative residual `‖b − Hv‖/‖b‖` of the system solved (H with its damping), computed anew from the v that was
    /// returned; absolute for b = 0. NaN where nothing is solved, and over batches, where every product has an H of its
    /// own.
    pub residual: f64,
    /// Whether the residual is at most [`SOLVED`]. An estimator that solves nothing has converged; over batches, one
    /// whose v is finite.
    pub converged: bool,
    /// Whether H showed a direction of negative curvature.
    pub negative_curvature: bool,
    /// What a person should know: `H is not positive definite`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<Cow<'static, str>>,
}

impl Default for Solver {
    fn default() -> Self {
        Self::none()
    }
}

impl Solver {
    /// Nothing was solved, nothing can have gone wrong.
    #[must_use]
    pub fn none() -> Self {
        Self { iterations: 0, residual: f64::NAN, converged: true, negative_curvature: false, note: None }
    }

    /// A system was solved as well as its residual says.
    #[must_use]
    pub fn of(iterations: usize, residual: f64) -> Self {
        // NaN is not solved.
        Self { iterations, residual, converged: residual <= SOLVED, ..Self::none() }
    }

    /// What a person should know, and why it has not converged, in words; nothing where all is well.
    #[must_use]
    pub fn trouble(&self) -> Option<String> {
        if self.converged {
            return self.note.as_ref().map(ToString::to_string);
        }
        let residual = self.residual.is_finite().then(|| unsolved(self.residual));
        let words: Vec<String> = self.note.as_ref().map(ToString::to_string).into_iter().chain(residual).collect();
        Some(if words.is_empty() { "the linear system was not solved".to_owned() } else { words.join("; ") })
    }
}

/// `residual 0.892, solved is at most 1e-8`.
#[must_use]
pub fn unsolved(residual: f64) -> String {
    format!("residual {}, solved is at most {SOLVED:e}", plain(residual))
}

/// `‖b − Av‖/‖b‖` from `Av`; absolute for b = 0.
pub(super) fn relative_residual(mut product: Vec<f64>, b: &[f64]) -> f64 {
    axpy(-1.0, b, &mut product);
    let scale = norm(b);
    norm(&product) / if scale > 0.0 { scale } else { 1.0 }
}

/// The same with `A = H + damping·I` where the oracle stands. The product is a measurement, as the truth is, and charged
/// to nobody.
pub(super) fn measured_residual(oracle: &mut Oracle, damping: f64, v: &[f64], b: &[f64]) -> f64 {
    let mut product = vec![0.0; v.len()];
    oracle.measure_hvp(v, &mut product);
    if damping != 0.0 {
        axpy(damping, v, &mut product);
    }
    relative_residual(product, b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_solved_is_one_number_and_nan_is_not() {
        assert!(Solver::of(3, SOLVED).converged && Solver::of(0, 0.0).converged);
        for residual in [1.1 * SOLVED, 0.892, f64::INFINITY, f64::NAN] {
            let solver = Solver::of(3, residual);
            assert!(!solver.converged && solver.trouble().is_some(), "{residual}");
        }
        assert_eq!(unsolved(0.892), "residual 0.8920, solved is at most 1e-8");
        assert_eq!(Solver::none().trouble(), None);
    }

    #[test]
    fn a_residual_beyond_the_square_root_of_the_largest_number_is_one() {
        assert_eq!(relative_residual(vec![3e200, 0.0], &[0.0, 4e200]), 1.25);
        assert_eq!(relative_residual(vec![3e-200, 0.0], &[0.0, 4e-200]), 1.25);
    }
}
