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

/// Euclidean norm.
#[must_use]
pub fn norm(a: &[f64]) -> f64 {
    dot(a, a).sqrt()
}

/// Euclidean norm of the difference.
#[must_use]
pub fn distance(a: &[f64], b: &[f64]) -> f64 {
    assert_eq!(a.len(), b.len(), "distance of vectors of different lengths");
    a.iter().zip(b).map(|(x, y)| (x - y) * (x - y)).sum::<f64>().sqrt()
}

/// Cosine of the angle; NaN when a vector is zero.
#[must_use]
pub fn cosine(a: &[f64], b: &[f64]) -> f64 {
    dot(a, b) / (norm(a) * norm(b))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dot_covers_the_tail_after_blocks_of_four() {
        for length in 0..11 {
            let a: Vec<f64> = (0..length).map(f64::from).collect();
            let expected: f64 = (0..length).map(|i| f64::from(i * i)).sum();
            assert_eq!(dot(&a, &a), expected);
        }
    }
}
