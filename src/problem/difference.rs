//! Third derivatives by differences of second ones, for problems that have none of their own.
//!
//! `∂³g[u, v, ·]` is the derivative of `Hv` along u, `(∂_λH[d])v` that of `Hv` along d, and `∂_λ(uᵀHv)` that of `Jᵀv`
//! along u in θ. Each is a central difference with one Richardson extrapolation, four products in all. The larger
//! displacement is [`STEP`] times the typical entry of what is moved, or times 1 where that is less. What is left
//! is of fourth order in it: about 1e-11 of the product that is differenced, where the second derivatives vary over
//! lengths of one.

use super::{Cache, Location, Problem};
use crate::math::finite_difference::directional;
use crate::math::vector::norm;

/// Displacement, in units of a typical entry.
pub(super) const STEP: f64 = 1e-3;

/// Products that one difference takes.
pub(super) const PRODUCTS: f64 = 4.0;

/// `∂³_θθθ g [u, v, ·]`. Leaves the cache at another location, as all three do.
pub(super) fn inner(
    problem: &dyn Problem,
    at: Location<'_>,
    cache: &mut Cache,
    (u, v): (&[f64], &[f64]),
    out: &mut [f64],
) {
    along(at.theta, u, out, |theta, out| {
        let moved = Location { theta, ..at };
        problem.prepare(moved, cache);
        problem.hvp(moved, cache, v, out);
    });
}

/// `(∂_λ ∂²_θθ g [direction]) v`.
pub(super) fn cross_jvp(
    problem: &dyn Problem,
    at: Location<'_>,
    cache: &mut Cache,
    (direction, v): (&[f64], &[f64]),
    out: &mut [f64],
) {
    along(at.lambda, direction, out, |lambda, out| {
        let moved = Location { lambda, ..at };
        problem.prepare(moved, cache);
        problem.hvp(moved, cache, v, out);
    });
}

/// `∂_λ (uᵀ ∂²_θθ g v)`.
pub(super) fn cross_vjp(
    problem: &dyn Problem,
    at: Location<'_>,
    cache: &mut Cache,
    (u, v): (&[f64], &[f64]),
    out: &mut [f64],
) {
    along(at.theta, u, out, |theta, out| {
        let moved = Location { theta, ..at };
        problem.prepare(moved, cache);
        problem.cross_vjp(moved, cache, v, out);
    });
}

/// The derivative of `function` at `point` along `direction`.
fn along(point: &[f64], direction: &[f64], out: &mut [f64], mut function: impl FnMut(&[f64], &mut [f64])) {
    let length = norm(direction);
    if length == 0.0 {
        out.fill(0.0);
        return;
    }
    let typical = norm(point) / (point.len() as f64).sqrt();
    let value = |moved: &[f64]| {
        let mut value = vec![0.0; out.len()];
        function(moved, &mut value);
        value
    };
    let slope = directional(value, point, direction, STEP * typical.max(1.0) / length);
    out.copy_from_slice(&slope);
}
