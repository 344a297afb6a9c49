//! How curved `g` is at least, whatever the rows say: the largest curvature of its penalty.
//!
//! Where the loss is convex, H is no flatter than the penalty, so that a step of gradient descent beyond 2 over this
//! diverges for certain; `e^λ` in a penalty makes that happen along a run. A list without rows leaves the penalty alone, so
//! no problem has to know of this.

use std::sync::Arc;

use super::{Oracle, Problem};
use crate::math::lanczos::extreme_eigenvalues;

/// Products after which the largest eigenvalue stands out enough.
const PRODUCTS: usize = 30;

/// The largest curvature of the penalty at λ, or a little less; all of `g`'s where it is no sum over rows. What it takes is
/// charged to nobody.
#[must_use]
pub fn penalty_curvature(problem: &Arc<dyn Problem>, lambda: &[f64]) -> f64 {
    let mut oracle = Oracle::new(Arc::clone(problem));
    let size = oracle.inner_dimension();
    oracle.use_training_rows(Some(&[]));
    oracle.move_to(lambda, &vec![0.0; size]);
    let mut product = vec![0.0; size];
    if oracle.hessian_diagonal(&mut product) {
        return product.into_iter().fold(0.0, f64::max);
    }
    extreme_eigenvalues(size, PRODUCTS, |v, out| oracle.hvp(v, out)).map_or(0.0, |ends| ends.largest.max(0.0))
}
