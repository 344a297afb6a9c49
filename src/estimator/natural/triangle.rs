//! Symmetric matrices of d × d of which the lower triangle is kept, by columns: entry (i, j), i ≥ j, at `j d + i`.

use faer::dyn_stack::{MemBuffer, MemStack, StackReq};
use faer::linalg::cholesky::llt::factor::{cholesky_in_place, cholesky_in_place_scratch};
use faer::linalg::matmul::matmul;
use faer::linalg::triangular_solve::{solve_lower_triangular_in_place, solve_upper_triangular_in_place};
use faer::{Accum, MatMut, MatRef, Par};

use crate::math::vector::{axpy, dot};

/// Columns of the triangle that are made at a time.
const PANEL: usize = 48;

/// Below this length of θ products vector by vector are as fast.
const LEAST_BLOCKED: usize = 64;

/// `A ← keep A + share Σ a aᵀ`, the vectors one after the other.
pub(super) fn add_squares(triangle: &mut [f64], size: usize, (keep, share): (f64, f64), vectors: &[f64]) {
    if size < LEAST_BLOCKED {
        for (j, column) in triangle.chunks_exact_mut(size).enumerate() {
            column[j..].iter_mut().for_each(|entry| *entry *= keep);
            for vector in vectors.chunks_exact(size) {
                axpy(share * vector[j], &vector[j..], &mut column[j..]);
            }
        }
        return;
    }
    let rows = MatRef::from_row_major_slice(vectors, vectors.len() / size, size);
    for first in (0..size).step_by(PANEL) {
        let last = (first + PANEL).min(size);
        for column in triangle[first * size..last * size].chunks_exact_mut(size) {
            column[first..].iter_mut().for_each(|entry| *entry *= keep);
        }
        let whole = MatMut::from_column_major_slice_mut(triangle, size, size);
        let panel = whole.submatrix_mut(first, first, size - first, last - first);
        let (left, right) = (rows.subcols(first, size - first).transpose(), rows.subcols(first, last - first));
        matmul(panel, Accum::Add, left, right, share, Par::Seq);
    }
}

/// `out = A v`.
pub(super) fn apply(triangle: &[f64], v: &[f64], out: &mut [f64]) {
    out.fill(0.0);
    for (j, column) in triangle.chunks_exact(v.len()).enumerate() {
        let (diagonal, below) = (column[j], &column[j + 1..]);
        out[j] += diagonal * v[j] + dot(below, &v[j + 1..]);
        axpy(v[j], below, &mut out[j + 1..]);
    }
}

/// The largest `Σ_j |A_ij|`, which no eigenvalue exceeds.
pub(super) fn row_sum_norm(triangle: &[f64], size: usize) -> f64 {
    let mut sums = vec![0.0; size];
    for (j, column) in triangle.chunks_exact(size).enumerate() {
        for (i, entry) in column.iter().enumerate().skip(j) {
            sums[i] += entry.abs();
            sums[j] += if i > j { entry.abs() } else { 0.0 };
        }
    }
    sums.into_iter().fold(0.0, f64::max)
}

/// `A ← L` with `A = L Lᵀ`; false where A is not positive definite, to rounding.
pub(super) fn factorize(triangle: &mut [f64], size: usize, room: &mut Room) -> bool {
    let stack = room.stack(cholesky_in_place_scratch::<f64>(size, Par::Seq, Default::default()));
    let matrix = MatMut::from_column_major_slice_mut(triangle, size, size);
    cholesky_in_place(matrix, Default::default(), Par::Seq, stack, Default::default()).is_ok()
}

/// `b ← L⁻ᵀ L⁻¹ b`.
pub(super) fn solve(factor: &[f64], b: &mut [f64]) {
    let size = b.len();
    let lower = MatRef::from_column_major_slice(factor, size, size);
    let mut column = MatMut::from_column_major_slice_mut(b, size, 1);
    solve_lower_triangular_in_place(lower, column.as_mut(), Par::Seq);
    solve_upper_triangular_in_place(lower.transpose(), column, Par::Seq);
}

/// `W ← L⁻¹ W`, W by rows, so many numbers each.
pub(super) fn solve_rows(factor: &[f64], rows: &mut [f64], width: usize) {
    let count = rows.len() / width;
    let lower = MatRef::from_column_major_slice(factor, count, count);
    solve_lower_triangular_in_place(lower, MatMut::from_row_major_slice_mut(rows, count, width), Par::Seq);
}

/// The upper triangle becomes what the lower is.
pub(super) fn mirror(triangle: &mut [f64], size: usize) {
    for j in 0..size {
        for i in j + 1..size {
            triangle[i * size + j] = triangle[j * size + i];
        }
    }
}

/// Space for what is made on the way.
#[derive(Default)]
pub(super) struct Room {
    held: Option<(usize, MemBuffer)>,
}

impl Room {
    /// A stack of at least such a size.
    pub fn stack(&mut self, asked: StackReq) -> &mut MemStack {
        let bytes = asked.unaligned_bytes_required();
        let held = self.held.take().filter(|(has, _)| *has >= bytes);
        let (_, buffer) = self.held.insert(held.unwrap_or_else(|| (bytes, MemBuffer::new(asked))));
        MemStack::new(buffer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::vector::distance;
    use crate::math::{Factorization, Matrix};

    /// A matrix that is positive definite, of a size in blocks and of one vector by vector, is what a dense one is.
    #[test]
    fn it_is_the_dense_matrix() {
        for size in [5, 131] {
            let entry = |index: usize| ((index * 7919 + size) % 1013) as f64 / 1013.0 - 0.5;
            let vectors: Vec<f64> = (0..7 * size).map(entry).collect();
            let mut triangle = vec![0.0; size * size];
            triangle.iter_mut().step_by(size + 1).for_each(|entry| *entry = 2.0);
            add_squares(&mut triangle, size, (0.5, 0.3), &vectors);
            let sum = |i: usize, j: usize| vectors.chunks_exact(size).map(|v| v[i] * v[j]).sum::<f64>();
            let dense = Matrix::from_fn(size, size, |i, j| 0.3 * sum(i, j) + if i == j { 1.0 } else { 0.0 });
            let b: Vec<f64> = (0..size).map(|index| entry(3 * index)).collect();
            let mut product = vec![0.0; size];
            apply(&triangle, &b, &mut product);
            assert!(distance(&product, &dense.times(&b)) < 1e-13, "{size}");
            assert!((row_sum_norm(&triangle, size) / dense.row_sum_norm() - 1.0).abs() < 1e-14);
            let expected = Factorization::symmetric(&dense).unwrap().solve(&b);
            let mut factor = triangle.clone();
            assert!(factorize(&mut factor, size, &mut Room::default()));
            let mut found = b.clone();
            solve(&factor, &mut found);
            assert!(distance(&found, &expected) < 1e-13, "{size}");
            let mut rows = b.clone();
            solve_rows(&factor, &mut rows, 1);
            assert!((dot(&rows, &rows) - dot(&b, &expected)).abs() < 1e-12, "{size}");
            triangle[size + 1] = -1.0;
            assert!(!factorize(&mut triangle, size, &mut Room::default()), "{size}");
        }
    }
}
