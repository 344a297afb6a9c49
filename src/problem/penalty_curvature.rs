//! How curved `g` is at least, whatever the rows say: the largest curvature of its penalty.
//!
//! Where the loss is convex, H is no flatter than the penalty, so that a step of gradient descent beyond 2 over this
//! diverges for certain; `e^λ` in a penalty makes that happen along a run. A list without rows leaves the penalty alone, so
//! no problem has to know of this.

use std::sync::Arc;

use super::{Oracle, Problem};
use crate::math::vector::{norm, scale};

/// Products after which the largest direction stands out enough.
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
    let mut direction: Vec<f64> = (0..size).map(|index| 1.0 + (index % 7) as f64 / 7.0).collect();
    let mut curvature = 0.0;
    for _ in 0..PRODUCTS {
        let length = norm(&direction);
        if length == 0.0 || !length.is_finite() {
            break;
        }
        scale(1.0 / length, &mut direction);
        oracle.hvp(&direction, &mut product);
        curvature = direction.iter().zip(&product).map(|(v, hv)| v * hv).sum::<f64>().max(curvature);
        std::mem::swap(&mut direction, &mut product);
    }
    curvature
}
