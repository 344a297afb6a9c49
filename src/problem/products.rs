//! Linear systems in H without H: conjugate gradients on its products, where θ is too long for a d × d matrix.
//!
//! A solve is scaled by the diagonal of H where the problem has it at hand, and begins anew from the *true* residual
//! `b − Hx` until that is at the tolerance or stops falling: what is left is rounding, and not the recurrence's word.

use super::Oracle;
use crate::math::krylov::{Limits, conjugate_gradient};
use crate::math::random::mix;
use crate::math::vector::{dot, is_finite, norm};

/// The longest θ whose H is formed: 128 MB a matrix, of which an exact answer holds three, and seconds to factorize.
pub const LONGEST_DENSE: usize = 4000;

/// Products of one solve at most.
const MOST_PRODUCTS: usize = 5000;

/// Times that a solve begins anew from its true residual.
const MOST_SWEEPS: usize = 8;

/// How exactly a Newton step is found at best.
pub(super) const FINE: f64 = 1e-8;

/// `x` with `H x ≈ b`.
pub(super) struct Solved {
    pub x: Vec<f64>,
    /// `‖b − Hx‖ / ‖b‖`, computed anew.
    pub residual: f64,
    pub products: usize,
    /// Whether products ran out.
    pub is_cut: bool,
    /// Whether a direction was met along which H does not curve upward.
    pub is_indefinite: bool,
}

/// H where an oracle stands, as products and a diagonal.
pub(super) struct System<'a> {
    oracle: &'a mut Oracle,
    /// The diagonal of H, or what its mean looks like along one direction where the problem has none at hand.
    diagonal: Vec<f64>,
}

impl<'a> System<'a> {
    /// Where the oracle stands now.
    pub fn new(oracle: &'a mut Oracle) -> Self {
        let mut diagonal = vec![0.0; oracle.inner_dimension()];
        if !oracle.hessian_diagonal(&mut diagonal) {
            let signs: Vec<f64> =
                (0..diagonal.len() as u64).map(|place| if mix(place) & 1 == 0 { 1.0 } else { -1.0 }).collect();
            oracle.hvp(&signs, &mut diagonal);
            let mean = dot(&signs, &diagonal).abs() / signs.len() as f64;
            diagonal.fill(mean);
        }
        let largest = diagonal.iter().copied().fold(0.0, f64::max);
        // Where nothing curves there is nothing to scale by.
        let least = if largest > 0.0 && largest.is_finite() { 1e-30 * largest } else { 1.0 };
        diagonal.iter_mut().filter(|entry| entry.is_nan() || **entry < least).for_each(|entry| *entry = least);
        Self { oracle, diagonal }
    }

    /// Conjugate gradients until the true residual is at the tolerance, stops falling, or products run out.
    pub fn solve(&mut self, b: &[f64], tolerance: f64) -> Solved {
        let size = norm(b);
        let mut solved =
            Solved { x: vec![0.0; b.len()], residual: 1.0, products: 0, is_cut: false, is_indefinite: false };
        if size == 0.0 || !size.is_finite() {
            solved.residual = if size == 0.0 { 0.0 } else { f64::NAN };
            return solved;
        }
        let shrink: Vec<f64> = self.diagonal.iter().map(|entry| 1.0 / entry.sqrt()).collect();
        let mut residual = b.to_vec();
        let mut product = vec![0.0; b.len()];
        let mut unscaled = product.clone();
        for _ in 0..MOST_SWEEPS {
            let scaled: Vec<f64> = residual.iter().zip(&shrink).map(|(r, s)| r * s).collect();
            let left = MOST_PRODUCTS - solved.products;
            // In the scaled norm a residual may look smaller than it is: a little more is asked for.
            let limits = Limits { iterations: left, tolerance: (0.3 * tolerance / solved.residual).clamp(1e-14, 0.5) };
            let oracle = &mut *self.oracle;
            let apply = |v: &[f64], out: &mut [f64]| {
                unscaled.iter_mut().zip(v).zip(&shrink).for_each(|((u, v), s)| *u = v * s);
                oracle.hvp(&unscaled, out);
                out.iter_mut().zip(&shrink).for_each(|(out, s)| *out *= s);
            };
            let part = conjugate_gradient(apply, &scaled, None, limits);
            solved.products += part.products + 1;
            solved.is_indefinite |= part.negative_curvature;
            let mut x = solved.x.clone();
            x.iter_mut().zip(&part.x).zip(&shrink).for_each(|((x, part), s)| *x += part * s);
            self.oracle.hvp(&x, &mut product);
            let next: Vec<f64> = b.iter().zip(&product).map(|(b, p)| b - p).collect();
            let now = norm(&next) / size;
            let before = solved.residual;
            if now < before {
                (solved.x, solved.residual, residual) = (x, now, next);
            }
            solved.is_cut = part.products >= left || solved.products >= MOST_PRODUCTS;
            let has_stalled = now.is_nan() || now > 0.5 * before;
            if solved.residual <= tolerance || has_stalled || solved.is_cut || solved.is_indefinite {
                break;
            }
        }
        solved.is_cut &= solved.residual > tolerance;
        solved
    }

    /// Takes a vector to the support.
    pub fn restrict(&self, v: &mut [f64]) {
        self.oracle.restrict(v);
    }

    /// `|H||x|`, entry by entry, as large as it can be with such a diagonal: `|H_jk| ≤ √(H_jj H_kk)`, added up as chance
    /// does it. Of a gradient, with `√(2g)` for its `steepness`: no entry of it is larger than `√(2 H_jj g)` in a mean of
    /// squares, whatever cancels in it.
    pub fn magnitudes(&self, x: &[f64], steepness: f64) -> Vec<f64> {
        let size = x.iter().zip(&self.diagonal).map(|(x, entry)| entry * x * x).sum::<f64>().sqrt();
        self.diagonal.iter().map(|entry| entry.sqrt() * (size + steepness)).collect()
    }
}

/// `−H⁻¹` times a gradient, for the search on supports; nothing where H is not positive definite.
pub(super) fn newton_direction(oracle: &mut Oracle, gradient: &[f64]) -> Option<Vec<f64>> {
    let mut solved = System::new(oracle).solve(gradient, FINE);
    solved.x.iter_mut().for_each(|x| *x = -*x);
    (!solved.is_indefinite && is_finite(&solved.x) && dot(&solved.x, gradient) < 0.0).then_some(solved.x)
}
