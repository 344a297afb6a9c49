//! Neumann series and fixed-point iterations for `A x = b`.

use super::vector::{axpy, norm};

/// Adds `products` further terms of `step · Σ_j (I − step A)ʲ b`, starting from the fixed-point
/// iterate `start` (the first term, `step b`, when `None`).
///
/// The fixed-point map is `x ← (I − step A) x + step b`; started from zero its iterate `k + 1` is the
/// Neumann sum with `k` products and `k + 1` terms. Returns the iterate and the relative residual
/// `‖b − A x‖/‖b‖` of the iterate before the last update, which comes for free.
pub fn fixed_point(
    mut apply: impl FnMut(&[f64], &mut [f64]),
    b: &[f64],
    start: Option<&[f64]>,
    step: f64,
    products: usize,
) -> (Vec<f64>, f64) {
    let mut x = start.map_or_else(|| b.iter().map(|value| step * value).collect(), <[f64]>::to_vec);
    let mut residual = vec![0.0; b.len()];
    let scale = norm(b);
    let mut relative = f64::NAN;
    for _ in 0..products {
        apply(&x, &mut residual);
        for (r, value) in residual.iter_mut().zip(b) {
            *r = value - *r;
        }
        relative = if scale > 0.0 { norm(&residual) / scale } else { norm(&residual) };
        axpy(step, &residual, &mut x);
    }
    (x, relative)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sum_is_geometric_for_a_scalar() {
        let (x, _) = fixed_point(|v, out| out[0] = 2.0 * v[0], &[3.0], None, 0.25, 4);
        let expected = 3.0 / 2.0 * (1.0 - 0.5f64.powi(5));
        assert!((x[0] - expected).abs() < 1e-15);
    }
}
