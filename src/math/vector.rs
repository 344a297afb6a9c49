//! Operations on slices. All of them panic when lengths differ, as slice indexing does.

/// Inner product.
#[must_use]
pub fn dot(a: &[f64], b: &[f64]) -> f64 {
    assert_eq!(a.len(), b.len(), "dot of vectors of different lengths");
    // Four partial sums let the compiler use vector registers; the order is fixed all the same.
    let mut sums = [0.0; 4];
    let (a_blocks, a_rest) = a.as_chunks::<4>();
    let (b_blocks, b_rest) = b.as_chunks::<4>();
    for (x, y) in a_blocks.iter().zip(b_blocks) {
        for lane in 0..4 {
            sums[lane] += x[lane] * y[lane];
        }
    }
    let rest: f64 = a_rest.iter().zip(b_rest).map(|(x, y)| x * y).sum();
    (sums[0] + sums[1]) + (sums[2] + sums[3]) + rest
}

/// Euclidean norm; right where the squares of the entries are too large or too small for an `f64` too.
#[must_use]
pub fn norm(a: &[f64]) -> f64 {
    root(dot(a, a), a.iter().copied())
}

/// Euclidean norm of the difference; as [`norm`] where squares are too large or too small.
#[must_use]
pub fn distance(a: &[f64], b: &[f64]) -> f64 {
    assert_eq!(a.len(), b.len(), "distance of vectors of different lengths");
    let apart = a.iter().zip(b).map(|(x, y)| x - y);
    root(apart.clone().map(|x| x * x).sum(), apart)
}

/// The root of a sum of squares, which is taken again in units of the largest entry where it left the range in which
/// squares keep their digits.
fn root(square: f64, entries: impl Iterator<Item = f64> + Clone) -> f64 {
    if (SMALLEST_SQUARE..f64::INFINITY).contains(&square) || square.is_nan() {
        return square.sqrt();
    }
    let largest = entries.clone().fold(0.0, |largest: f64, x| largest.max(x.abs()));
    if largest == 0.0 || largest.is_infinite() {
        return largest;
    }
    largest * entries.map(|x| (x / largest) * (x / largest)).sum::<f64>().sqrt()
}

/// A square below this has lost digits of its root.
const SMALLEST_SQUARE: f64 = f64::MIN_POSITIVE / f64::EPSILON;

/// Cosine of the angle; NaN when a vector is zero.
#[must_use]
pub fn cosine(a: &[f64], b: &[f64]) -> f64 {
    let (square_a, square_b) = (dot(a, a), dot(b, b));
    let is_in_range = |square: f64| (1e-150..1e150).contains(&square);
    if is_in_range(square_a) && is_in_range(square_b) {
        return dot(a, b) / (square_a.sqrt() * square_b.sqrt());
    }
    let unit = |a: &[f64]| {
        let largest = a.iter().fold(0.0, |largest: f64, x| largest.max(x.abs()));
        let scaled: Vec<f64> = a.iter().map(|x| x / largest).collect();
        let length = norm(&scaled);
        scaled.into_iter().map(|x| x / length).collect::<Vec<f64>>()
    };
    dot(&unit(a), &unit(b))
}

/// `y += a x`.
pub fn axpy(a: f64, x: &[f64], y: &mut [f64]) {
    assert_eq!(x.len(), y.len(), "axpy of vectors of different lengths");
    for (target, value) in y.iter_mut().zip(x) {
        *target += a * value;
    }
}

/// `x *= a`.
pub fn scale(a: f64, x: &mut [f64]) {
    for value in x {
        *value *= a;
    }
}

/// The difference `a − b` as a new vector.
#[must_use]
pub fn difference(a: &[f64], b: &[f64]) -> Vec<f64> {
    assert_eq!(a.len(), b.len(), "difference of vectors of different lengths");
    a.iter().zip(b).map(|(x, y)| x - y).collect()
}

/// Whether every entry is finite.
#[must_use]
pub fn is_finite(a: &[f64]) -> bool {
    a.iter().all(|x| x.is_finite())
}

/// The basis vector `e_index` of R^length.
#[must_use]
pub fn basis(length: usize, index: usize) -> Vec<f64> {
    let mut e = vec![0.0; length];
    e[index] = 1.0;
    e
}

/// Bit for bit, so that NaN is equal to itself.
#[must_use]
pub fn is_same_bits(a: &[f64], b: &[f64]) -> bool {
    a.iter().map(|x| x.to_bits()).eq(b.iter().map(|x| x.to_bits()))
}

/// Moves every entry beyond ±limit there, and says how many there were. NaN stays.
pub fn clip(limit: f64, x: &mut [f64]) -> usize {
    let mut clipped = 0;
    for entry in x {
        if entry.abs() > limit {
            *entry = limit.copysign(*entry);
            clipped += 1;
        }
    }
    clipped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_and_angles_of_numbers_whose_squares_are_none() {
        for unit in [1e200, 1e-200, 1.0, 1e-310, 1e308] {
            let (a, b) = ([0.3 * unit, -0.4 * unit], [0.4 * unit, 0.3 * unit]);
            let rounding = if unit < 1e-300 { 1e-12 } else { 16.0 * f64::EPSILON };
            assert!((norm(&a) / (0.5 * unit) - 1.0).abs() <= rounding, "{unit:e}: {:e}", norm(&a));
            assert!((distance(&a, &b) / (0.5f64.sqrt() * unit) - 1.0).abs() <= rounding, "{unit:e}");
            assert!(cosine(&a, &b).abs() <= rounding && (cosine(&a, &a) - 1.0).abs() <= rounding, "{unit:e}");
            assert!((cosine(&a, &[-3.0, 4.0]) + 1.0).abs() <= rounding, "{unit:e}");
        }
        assert_eq!(norm(&[f64::INFINITY, 1.0]), f64::INFINITY);
        assert!(norm(&[f64::NAN, f64::INFINITY]).is_nan() && cosine(&[0.0], &[1.0]).is_nan());
        assert!(cosine(&[0.0, 0.0], &[1e200, 1.0]).is_nan() && cosine(&[f64::INFINITY], &[1.0]).is_nan());
        assert_eq!((norm(&[0.0, -0.0]), norm(&[])), (0.0, 0.0));
    }

    #[test]
    fn dot_covers_the_tail_after_blocks_of_four() {
        for length in 0..11 {
            let a: Vec<f64> = (0..length).map(f64::from).collect();
            let expected: f64 = (0..length).map(|i| f64::from(i * i)).sum();
            assert_eq!(dot(&a, &a), expected);
        }
    }
}
