//! θ*, v = H⁻¹∇_θ f and ∇F without H: products alone, where θ is too long for a d × d matrix.
//!
//! θ* by truncated Newton steps (Dembo, Eisenstat, Steihaug 1982): each solves `H s = ∇g` by conjugate gradients, the more
//! exactly the nearer it is, and is shortened until `g` decreases (Armijo 1966), as where H is formed. v by conjugate
//! gradients. Every solve is scaled by the diagonal of H where the problem has it at hand, and begins anew from the *true*
//! residual `b − Hx` until that is at [`TOLERANCE`] or stops falling: what is left is rounding, not the recurrence's word.
//!
//! How far ∇F may be off is found as it is where H is formed: θ* and v are moved by what is left of their residuals and by
//! the rounding of their sums, through H⁻¹, and ∇F is taken again. Where products ran out before rounding was reached, that
//! is said, and nothing is taken for exact.

use super::Oracle;
use super::accuracy::{hypergradient, signed};
use super::products::{FINE, System};
use super::solve::Descent;
use crate::math::lanczos::extreme_eigenvalues;
use crate::math::vector::{axpy, distance, norm};

/// A true residual of this share of the right side is solved.
const TOLERANCE: f64 = 1e-13;

/// Products of all solves of a θ* at most.
const MOST_IN_ALL: usize = 40_000;

/// Newton steps at most.
const MOST_STEPS: usize = 200;

/// A Newton step shorter than this share of `‖θ‖` is rounding.
const ROUNDING: f64 = 4.0 * f64::EPSILON;

/// How exactly a Newton step is found at first.
const COARSE: f64 = 0.1;

/// A system that stopped for want of products is unsolved beyond this share of its right side.
const UNSOLVED: f64 = 1e-10;

/// Products that a look at the condition of H takes.
const FOR_CONDITION: usize = 40;

/// How exactly errors are found, and patterns of rounding that are tried.
const ROUGHLY: f64 = 1e-3;
const PATTERNS: u64 = 2;

/// What was found without H.
pub(super) struct Answer {
    /// θ*.
    pub theta: Vec<f64>,
    /// v.
    pub adjoint: Vec<f64>,
    /// ∇F.
    pub hypergradient: Vec<f64>,
    /// How far ∇F is moved by what is left of residuals and by rounding.
    pub moved: f64,
    /// The condition of H as Lanczos sees it: at most the true one. NaN where it is not known.
    pub condition: f64,
    /// Why θ* or v is not known.
    pub doubt: Option<String>,
}

impl Descent {
    /// Truncated Newton steps from here on: why θ* is not known, where it is not.
    fn by_products(&mut self) -> Option<String> {
        let is_quadratic = self.oracle.problem().is_quadratic();
        let first = self.gradient_norm;
        let (mut converged, mut products, mut cut) = (false, 0, None);
        for _ in 0..MOST_STEPS {
            if !(self.value.is_finite() && self.gradient_norm.is_finite()) {
                return Some("g is not finite on the way to θ*".to_owned());
            }
            if self.gradient_norm == 0.0 {
                return None;
            }
            let shrunk = (self.gradient_norm / first).sqrt();
            let tolerance = if is_quadratic { FINE } else { (0.1 * shrunk).clamp(FINE, COARSE) };
            let gradient = self.gradient.clone();
            let solved = System::new(&mut self.oracle).solve(&gradient, tolerance);
            products += solved.products;
            if solved.is_indefinite {
                return Some("H is not positive definite".to_owned());
            }
            cut = solved.is_cut.then_some((solved.residual, solved.products)).filter(|_| solved.residual > COARSE);
            converged = cut.is_none() && self.is_negligible(&solved.x);
            let is_rounding = norm(&solved.x) <= ROUNDING * norm(&self.theta);
            if is_rounding || products > MOST_IN_ALL || !self.search(&solved.x) {
                break;
            }
        }
        match cut {
            Some((residual, products)) => Some(unsolved("θ*", residual, products)),
            None if converged => None,
            None => Some(format!("θ* was not found: ‖∇g‖ stays at {:.1e}", self.gradient_norm)),
        }
    }
}

fn unsolved(what: &str, residual: f64, products: usize) -> String {
    format!("{what} was not found: CG left a residual of {residual:.0e} after {products} products")
}

/// ∇F from where a descent begins.
pub(super) fn answer(mut descent: Descent) -> Answer {
    let of_solution = descent.by_products();
    let Descent { mut oracle, lambda, theta, gradient, .. } = descent;
    oracle.move_to(&lambda, &theta);
    let mut outer = vec![0.0; theta.len()];
    oracle.outer_gradient(&mut outer);
    oracle.restrict(&mut outer);
    let solved = System::new(&mut oracle).solve(&outer, TOLERANCE);
    let adjoint = solved.x;
    let found = hypergradient(&mut oracle, &adjoint);
    let of_adjoint = if solved.is_indefinite {
        Some("H is not positive definite".to_owned())
    } else {
        let is_unsolved = solved.is_cut && solved.residual > UNSOLVED;
        is_unsolved.then(|| unsolved("v", solved.residual, solved.products))
    };
    let doubt = of_solution.or(of_adjoint);
    let condition = extreme_eigenvalues(theta.len(), FOR_CONDITION, |v, out| oracle.hvp(v, out))
        .map_or(f64::NAN, |ends| if ends.smallest > 0.0 { ends.largest / ends.smallest } else { f64::INFINITY });
    let place = Place { lambda: &lambda, theta: &theta, adjoint: &adjoint, gradient: &gradient, found: &found };
    let moved = if doubt.is_some() { f64::INFINITY } else { moved(&mut oracle, &place) };
    Answer { theta, adjoint, hypergradient: found, moved, condition, doubt }
}

/// Where ∇F was taken.
struct Place<'a> {
    lambda: &'a [f64],
    theta: &'a [f64],
    adjoint: &'a [f64],
    gradient: &'a [f64],
    found: &'a [f64],
}

/// How far ∇F moves when θ* and v are moved by what is left of their residuals and by rounding.
fn moved(oracle: &mut Oracle, place: &Place<'_>) -> f64 {
    let Place { lambda, theta, adjoint, gradient, found } = *place;
    let once = |pattern: u64| {
        oracle.move_to(lambda, theta);
        let steepness = (2.0 * oracle.inner_value().abs()).sqrt();
        let mut system = System::new(oracle);
        let mut left = signed(&system.magnitudes(theta, steepness), pattern);
        axpy(-1.0, gradient, &mut left);
        system.restrict(&mut left);
        let off = system.solve(&left, ROUGHLY);
        let of_residual = system.magnitudes(adjoint, 0.0);
        let mut place = theta.to_vec();
        axpy(1.0, &off.x, &mut place);
        oracle.move_to(lambda, &place);
        let mut residual = signed(&of_residual, PATTERNS + pattern);
        let mut part = vec![0.0; theta.len()];
        oracle.outer_gradient(&mut part);
        axpy(1.0, &part, &mut residual);
        oracle.hvp(adjoint, &mut part);
        axpy(-1.0, &part, &mut residual);
        oracle.restrict(&mut residual);
        let off = System::new(oracle).solve(&residual, ROUGHLY);
        let mut adjoint = adjoint.to_vec();
        axpy(1.0, &off.x, &mut adjoint);
        distance(&hypergradient(oracle, &adjoint), found)
    };
    (0..PATTERNS).map(once).fold(0.0, |worst, moved| if moved.is_nan() { moved } else { f64::max(worst, moved) })
}
