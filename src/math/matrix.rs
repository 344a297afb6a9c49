//! A dense row-major matrix, and its bridge to faer.

use faer::{Mat, Side};

use super::vector;

/// A dense matrix, row-major.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Matrix {
    rows: usize,
    columns: usize,
    entries: Vec<f64>,
}

impl Matrix {
    /// All zeros.
    #[must_use]
    pub fn zeros(rows: usize, columns: usize) -> Self {
        Self { rows, columns, entries: vec![0.0; rows * columns] }
    }

    /// The identity.
    #[must_use]
    pub fn identity(size: usize) -> Self {
        Self::from_fn(size, size, |i, j| if i == j { 1.0 } else { 0.0 })
    }

    /// Entry by entry.
    #[must_use]
    pub fn from_fn(rows: usize, columns: usize, mut entry: impl FnMut(usize, usize) -> f64) -> Self {
        let mut matrix = Self::zeros(rows, columns);
        for i in 0..rows {
            for j in 0..columns {
                matrix.entries[i * columns + j] = entry(i, j);
            }
        }
        matrix
    }

    /// From entries in row-major order; `None` when their number is not `rows * columns`.
    #[must_use]
    pub fn from_entries(rows: usize, columns: usize, entries: Vec<f64>) -> Option<Self> {
        (entries.len() == rows * columns).then_some(Self { rows, columns, entries })
    }

    /// Number of rows.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Number of columns.
    #[must_use]
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// The entries, row-major.
    #[must_use]
    pub fn entries(&self) -> &[f64] {
        &self.entries
    }

    /// The entries, row-major, to write.
    pub fn entries_mut(&mut self) -> &mut [f64] {
        &mut self.entries
    }

    /// Some of the rows, in the order given.
    #[must_use]
    pub fn choose_rows(&self, rows: &[usize]) -> Self {
        let mut chosen = Self::zeros(rows.len(), self.columns());
        for (place, row) in rows.iter().enumerate() {
            chosen.row_mut(place).copy_from_slice(self.row(*row));
        }
        chosen
    }

    /// One row.
    #[must_use]
    pub fn row(&self, i: usize) -> &[f64] {
        &self.entries[i * self.columns..(i + 1) * self.columns]
    }

    /// One row, to write.
    pub fn row_mut(&mut self, i: usize) -> &mut [f64] {
        &mut self.entries[i * self.columns..(i + 1) * self.columns]
    }

    /// One column as a new vector.
    #[must_use]
    pub fn column(&self, j: usize) -> Vec<f64> {
        (0..self.rows).map(|i| self[(i, j)]).collect()
    }

    /// Writes one column.
    pub fn set_column(&mut self, j: usize, values: &[f64]) {
        for (i, value) in values.iter().enumerate() {
            self[(i, j)] = *value;
        }
    }

    /// The diagonal as a new vector.
    #[must_use]
    pub fn diagonal(&self) -> Vec<f64> {
        (0..self.rows.min(self.columns)).map(|i| self[(i, i)]).collect()
    }

    /// The transpose as a new matrix.
    #[must_use]
    pub fn transpose(&self) -> Self {
        Self::from_fn(self.columns, self.rows, |i, j| self[(j, i)])
    }

    /// Adds `value` to every diagonal entry.
    pub fn add_to_diagonal(&mut self, value: f64) {
        for i in 0..self.rows.min(self.columns) {
            self[(i, i)] += value;
        }
    }

    /// `out = A x`, without allocating.
    pub fn apply(&self, x: &[f64], out: &mut [f64]) {
        assert_eq!(out.len(), self.rows, "the output of a matrix-vector product has the wrong length");
        for (i, value) in out.iter_mut().enumerate() {
            *value = vector::dot(self.row(i), x);
        }
    }

    /// `out = Aᵀ x`, without allocating.
    pub fn apply_transposed(&self, x: &[f64], out: &mut [f64]) {
        assert_eq!(x.len(), self.rows, "the input of a transposed product has the wrong length");
        out.fill(0.0);
        for (i, value) in x.iter().enumerate() {
            vector::axpy(*value, self.row(i), out);
        }
    }

    /// The largest `Σ_j |A_ij|`, which no eigenvalue of a square matrix exceeds.
    #[must_use]
    pub fn row_sum_norm(&self) -> f64 {
        let sum = |i: usize| self.row(i).iter().map(|entry| entry.abs()).sum::<f64>();
        (0..self.rows()).map(sum).fold(0.0, f64::max)
    }

    /// `A x` as a new vector.
    #[must_use]
    pub fn times(&self, x: &[f64]) -> Vec<f64> {
        let mut out = vec![0.0; self.rows];
        self.apply(x, &mut out);
        out
    }

    /// `Aᵀ x` as a new vector.
    #[must_use]
    pub fn transposed_times(&self, x: &[f64]) -> Vec<f64> {
        let mut out = vec![0.0; self.columns];
        self.apply_transposed(x, &mut out);
        out
    }

    /// The product `A B` as a new matrix, through faer.
    #[must_use]
    pub fn product(&self, other: &Self) -> Self {
        Self::from_faer(&(self.to_faer() * other.to_faer()))
    }

    /// Eigenvalues of the symmetric matrix (its lower half is read), ascending; `None` when they
    /// do not converge, which happens only for entries that are not finite.
    #[must_use]
    pub fn symmetric_eigenvalues(&self) -> Option<Vec<f64>> {
        if !vector::is_finite(&self.entries) {
            return None;
        }
        self.to_faer().self_adjoint_eigenvalues(Side::Lower).ok()
    }

    /// The spectral norm; NaN when an entry is not finite.
    #[must_use]
    pub fn spectral_norm(&self) -> f64 {
        if !vector::is_finite(&self.entries) {
            return f64::NAN;
        }
        self.to_faer().singular_values().map_or(f64::NAN, |values| values.first().copied().unwrap_or(0.0))
    }

    /// The same matrix as faer stores it.
    #[must_use]
    pub fn to_faer(&self) -> Mat<f64> {
        Mat::from_fn(self.rows, self.columns, |i, j| self[(i, j)])
    }

    /// A copy of a faer matrix.
    #[must_use]
    pub fn from_faer(matrix: &Mat<f64>) -> Self {
        Self::from_fn(matrix.nrows(), matrix.ncols(), |i, j| matrix[(i, j)])
    }
}

impl std::ops::Index<(usize, usize)> for Matrix {
    type Output = f64;

    fn index(&self, (i, j): (usize, usize)) -> &f64 {
        debug_assert!(j < self.columns);
        &self.entries[i * self.columns + j]
    }
}

impl std::ops::IndexMut<(usize, usize)> for Matrix {
    fn index_mut(&mut self, (i, j): (usize, usize)) -> &mut f64 {
        debug_assert!(j < self.columns);
        &mut self.entries[i * self.columns + j]
    }
}
