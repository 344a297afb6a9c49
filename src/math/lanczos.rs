//! Extreme eigenvalues of a symmetric matrix that is known by its products: Lanczos (1950) with full reorthogonalization.
//!
//! Every value is a Rayleigh quotient, so that the smallest is never below the true one and the largest never above. The
//! ends of a spectrum are found first, and the sooner the further they stand from the rest (Golub and Van Loan, chapter 10).

use super::Matrix;
use super::random::mix;
use super::vector::{axpy, dot, is_finite, norm, scale};

/// The ends of a spectrum, as far as they were found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Extremes {
    /// At least the smallest eigenvalue.
    pub smallest: f64,
    /// At most the largest eigenvalue.
    pub largest: f64,
    /// By how much an end still moved when products ran out; 0 where neither did any more.
    pub unsettled: f64,
}

/// Steps between two looks at the values.
const BETWEEN: usize = 10;

/// Numbers that the basis may hold, 160 MB; beyond, there are fewer steps, but never fewer than this.
const MOST_NUMBERS: usize = 20_000_000;
const LEAST_STEPS: usize = 20;

/// A move between two looks that is none, relative to the largest eigenvalue.
const SETTLED: f64 = 1e-13;

/// The extreme eigenvalues of a matrix of this size; `None` where a product is not finite, or the size is 0. The start is
/// the same at every call. At most so many products are taken.
pub fn extreme_eigenvalues(
    size: usize,
    products: usize,
    mut apply: impl FnMut(&[f64], &mut [f64]),
) -> Option<Extremes> {
    let most = products.min(size).min((MOST_NUMBERS / size.max(1)).max(LEAST_STEPS));
    // No entry is zero and no two are alike, so that no direction of a structured matrix is missed.
    let mut next: Vec<f64> =
        (0..size as u64).map(|place| 0.5 + (mix(place) >> 11) as f64 / (1u64 << 53) as f64).collect();
    next.iter_mut().zip(0u64..).for_each(|(x, place)| *x *= if mix(!place) & 1 == 0 { 1.0 } else { -1.0 });
    let (mut basis, mut diagonal, mut beside): (Vec<Vec<f64>>, Vec<f64>, Vec<f64>) = Default::default();
    let mut seen: Option<Extremes> = None;
    let mut product = vec![0.0; size];
    while basis.len() < most {
        let length = norm(&next);
        scale(1.0 / length, &mut next);
        basis.push(next.clone());
        apply(&next, &mut product);
        if !is_finite(&product) {
            return None;
        }
        diagonal.push(dot(&next, &product));
        next.copy_from_slice(&product);
        for _ in 0..2 {
            for direction in &basis {
                let part = dot(direction, &next);
                axpy(-part, direction, &mut next);
            }
        }
        let rest = norm(&next);
        let largest = diagonal.iter().fold(0.0, |largest: f64, value| largest.max(value.abs()));
        let is_exhausted = rest <= 1e-14 * largest || basis.len() == size;
        if is_exhausted || basis.len() == most || basis.len().is_multiple_of(BETWEEN) {
            let now = ends(&diagonal, &beside)?;
            let moved = seen.map_or(f64::INFINITY, |seen: Extremes| {
                (seen.largest - now.largest).abs().max((seen.smallest - now.smallest).abs())
            });
            let is_still = moved <= SETTLED * now.largest.abs().max(now.smallest.abs());
            let unsettled = if is_exhausted || is_still { 0.0 } else { moved };
            seen = Some(Extremes { unsettled, ..now });
            if is_exhausted || is_still {
                break;
            }
        }
        beside.push(rest);
    }
    seen
}

/// The extreme eigenvalues of a tridiagonal matrix.
fn ends(diagonal: &[f64], beside: &[f64]) -> Option<Extremes> {
    let size = diagonal.len();
    let matrix = Matrix::from_fn(size, size, |i, j| match i.abs_diff(j) {
        0 => diagonal[i],
        1 => beside[i.min(j)],
        _ => 0.0,
    });
    let values = matrix.symmetric_eigenvalues()?;
    Some(Extremes { smallest: *values.first()?, largest: *values.last()?, unsettled: 0.0 })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Second differences: eigenvalues `2 − 2 cos(kπ/(d + 1))`.
    fn second_differences(v: &[f64], out: &mut [f64]) {
        for i in 0..v.len() {
            let at = |place: Option<usize>| place.and_then(|place| v.get(place)).copied().unwrap_or(0.0);
            out[i] = 2.0 * v[i] - at(i.checked_sub(1)) - at(Some(i + 1));
        }
    }

    #[test]
    fn the_ends_of_a_known_spectrum_are_found() {
        for size in [1usize, 2, 7, 60] {
            let found = extreme_eigenvalues(size, 100, second_differences).unwrap();
            let value = |k: usize| 2.0 - 2.0 * (k as f64 * std::f64::consts::PI / (size + 1) as f64).cos();
            assert!((found.smallest - value(1)).abs() < 1e-12, "{size}: {found:?}");
            assert!((found.largest - value(size)).abs() < 1e-12, "{size}: {found:?}");
            assert_eq!(found.unsettled, 0.0);
        }
    }

    /// Eigenvalues 3, 5 and 1 (9 997 times): three directions are the whole of what there is to find.
    #[test]
    fn few_different_eigenvalues_of_a_large_matrix_take_few_products() {
        let mut products = 0;
        let found = extreme_eigenvalues(10_000, 100, |v, out| {
            products += 1;
            out.copy_from_slice(v);
            out[17] *= 3.0;
            out[9_000] *= 5.0;
        });
        let found = found.unwrap();
        assert!((found.smallest - 1.0).abs() < 1e-12 && (found.largest - 5.0).abs() < 1e-12, "{found:?}");
        assert!(found.unsettled == 0.0 && products <= 20, "{products}");
    }

    #[test]
    fn what_is_not_finite_has_no_eigenvalues() {
        assert_eq!(extreme_eigenvalues(3, 9, |_, out| out.fill(f64::NAN)), None);
        assert_eq!(extreme_eigenvalues(0, 9, |_, _| {}), None);
    }
}
