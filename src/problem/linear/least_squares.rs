//! Least squares with a fixed penalty on θ, whose targets λ moves: then `H = Xᵀ diag(w) X/n + CI` stands still, and is factorized once.

use super::loss::Squared;
use super::{Sets, prepared};
use crate::math::vector::axpy;
use crate::math::{Factorization, Matrix};
use crate::problem::{Cache, Location};

/// The rows, C, and what is known of H.
pub struct LeastSquares {
    pub sets: Sets<Squared>,
    /// C.
    pub ridge: f64,
    /// Of H, ascending; empty where it has an entry that is not finite.
    pub eigenvalues: Vec<f64>,
    pub factorization: Option<Factorization>,
}

impl LeastSquares {
    /// With H, of which no more is kept than that.
    pub fn new(sets: Sets<Squared>, ridge: f64) -> (Self, Matrix) {
        let mut hessian = sets.training.weighted_gram(|_| 1.0);
        hessian.add_to_diagonal(ridge);
        let eigenvalues = hessian.symmetric_eigenvalues().unwrap_or_default();
        let factorization = Factorization::symmetric(&hessian);
        (Self { sets, ridge, eigenvalues, factorization }, hessian)
    }

    /// `out = Hv`, over the rows in use.
    pub fn hvp(&self, at: Location<'_>, cache: &mut Cache, v: &[f64], out: &mut [f64]) {
        let (place, scratch) = prepared(at, cache);
        out.fill(0.0);
        self.sets.training.add_hvp(place, scratch, v, out);
        axpy(self.ridge, v, out);
    }

    /// The same for several directions, one column each, where the features allow it.
    pub fn hvps(&self, at: Location<'_>, cache: &mut Cache, (directions, count): (&[f64], usize), out: &mut [f64]) {
        let (place, scratch) = prepared(at, cache);
        out.fill(0.0);
        self.sets.training.add_hvps(place, scratch, (directions, count), out);
        axpy(self.ridge, directions, out);
    }

    /// H over the rows in use.
    pub fn hessian(&self, at: Location<'_>, cache: &mut Cache, out: &mut Matrix) {
        self.sets.training.weighted_hessian(prepared(at, cache).0, |_| 1.0, out);
        out.add_to_diagonal(self.ridge);
    }

    /// The largest eigenvalue of H; not a number where H is none.
    pub fn largest(&self) -> f64 {
        self.eigenvalues.last().copied().unwrap_or(f64::NAN)
    }

    /// Whether g is strongly convex by more than rounding. Without C it is where the features are independent over the training rows.
    pub fn is_convex(&self) -> bool {
        let rounding = self.eigenvalues.len() as f64 * f64::EPSILON;
        self.eigenvalues.first().is_some_and(|least| *least > rounding * self.largest())
    }
}
