//! Constants that say how far derivatives may move with θ, for bounds on the error of a hypergradient.

/// At one λ, over all θ. An upper bound each, but the first, which is a lower one; all in the Euclidean norm and the operator norm
/// that goes with it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Regularity {
    /// μ, above 0: no eigenvalue of `∂²_θθ g` is smaller.
    pub convexity: f64,
    /// `‖∂²_θθ g(θ) − ∂²_θθ g(θ′)‖ ≤ this · ‖θ − θ′‖`.
    pub hessian: f64,
    /// `‖∂²_θλ g(θ) − ∂²_θλ g(θ′)‖ ≤ this · ‖θ − θ′‖`.
    pub cross: f64,
    /// `‖∇_θ f(θ) − ∇_θ f(θ′)‖ ≤ this · ‖θ − θ′‖`.
    pub outer: f64,
    /// `‖∇_λ f(θ) − ∇_λ f(θ′)‖ ≤ this · ‖θ − θ′‖`.
    pub outer_cross: f64,
}

impl Regularity {
    /// The constants, where they are numbers and the first is above 0.
    pub(super) fn known(self) -> Option<Self> {
        let others = [self.hessian, self.cross, self.outer, self.outer_cross];
        let is_known = self.convexity > 0.0 && self.convexity.is_finite() && others.iter().all(|x| x.is_finite());
        is_known.then_some(self)
    }
}

/// A computed smallest eigenvalue, less what rounding may have made of it.
pub(super) fn smallest_eigenvalue(matrix: &crate::math::Matrix) -> f64 {
    matrix.symmetric_eigenvalues().map_or(f64::NAN, |values| smallest(&values))
}

/// The same of eigenvalues in ascending order.
pub(super) fn smallest(eigenvalues: &[f64]) -> f64 {
    /// Roundings of an eigenvalue, in units of the largest one.
    const ROUNDINGS: f64 = 100.0;
    let ends = eigenvalues.first().zip(eigenvalues.last());
    ends.map_or(f64::NAN, |(smallest, largest)| smallest - ROUNDINGS * f64::EPSILON * largest.abs())
}
