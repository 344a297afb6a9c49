//! The features of rows: a dense matrix, or a sparse one where most entries are zero.

use std::ops::Range;
use std::sync::Arc;

use super::bounds::too_large;
use crate::math::sparse::{SparseMatrix, SparseRow};
use crate::math::{Matrix, vector};

/// Features, one row a sample; shared by all that read the same rows.
///
/// Both kinds give the same products to the last bit, but for sums over several rows that go through a matrix product.
#[derive(Debug, Clone, PartialEq)]
pub enum Features {
    /// Every entry is stored.
    Dense(Arc<Matrix>),
    /// Zeros are left out.
    Sparse(Arc<SparseMatrix>),
}

/// One row of features.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum FeatureRow<'a> {
    /// Every entry.
    Dense(&'a [f64]),
    /// The stored entries.
    Sparse(SparseRow<'a>),
}

impl Default for Features {
    fn default() -> Self {
        Matrix::default().into()
    }
}

impl From<Matrix> for Features {
    fn from(matrix: Matrix) -> Self {
        Self::Dense(Arc::new(matrix))
    }
}

impl From<SparseMatrix> for Features {
    fn from(matrix: SparseMatrix) -> Self {
        Self::Sparse(Arc::new(matrix))
    }
}

impl Features {
    /// Rows of one matrix or of several that are of one kind and width, in the order given.
    #[must_use]
    pub fn of_rows<'a>(columns: usize, rows: impl ExactSizeIterator<Item = FeatureRow<'a>>) -> Self {
        let mut rows = rows.peekable();
        if let Some(FeatureRow::Sparse(_)) = rows.peek() {
            let mut chosen = SparseMatrix::none(columns);
            for row in rows {
                if let FeatureRow::Sparse(row) = row {
                    chosen.push(row);
                }
            }
            return chosen.into();
        }
        let mut chosen = Matrix::zeros(rows.len(), columns);
        for (place, row) in rows.enumerate() {
            row.copy_to(chosen.row_mut(place));
        }
        chosen.into()
    }

    /// Number of rows.
    #[must_use]
    pub fn rows(&self) -> usize {
        match self {
            Self::Dense(matrix) => matrix.rows(),
            Self::Sparse(matrix) => matrix.rows(),
        }
    }

    /// Number of columns.
    #[must_use]
    pub fn columns(&self) -> usize {
        match self {
            Self::Dense(matrix) => matrix.columns(),
            Self::Sparse(matrix) => matrix.columns(),
        }
    }

    /// Number of entries that are stored, and that a product with all rows multiplies.
    #[must_use]
    pub fn stored(&self) -> usize {
        match self {
            Self::Dense(matrix) => matrix.entries().len(),
            Self::Sparse(matrix) => matrix.stored(),
        }
    }

    /// Bytes that the entries take.
    #[must_use]
    pub fn bytes(&self) -> usize {
        match self {
            Self::Dense(matrix) => size_of_val(matrix.entries()),
            Self::Sparse(matrix) => {
                matrix.stored() * (size_of::<f64>() + size_of::<u32>()) + matrix.rows() * size_of::<usize>()
            }
        }
    }

    /// Whether zeros are left out.
    #[must_use]
    pub fn is_sparse(&self) -> bool {
        matches!(self, Self::Sparse(_))
    }

    /// One row.
    #[must_use]
    pub fn row(&self, i: usize) -> FeatureRow<'_> {
        match self {
            Self::Dense(matrix) => FeatureRow::Dense(matrix.row(i)),
            Self::Sparse(matrix) => FeatureRow::Sparse(matrix.row(i)),
        }
    }

    /// One column as a new vector.
    #[must_use]
    pub fn column(&self, j: usize) -> Vec<f64> {
        (0..self.rows()).map(|i| self[(i, j)]).collect()
    }

    /// Columns side by side as new vectors, in one pass over the rows: the entries of one column lie far apart in memory.
    #[must_use]
    pub fn neighbours(&self, columns: Range<usize>) -> Vec<Vec<f64>> {
        let mut found: Vec<Vec<f64>> = columns.clone().map(|_| Vec::with_capacity(self.rows())).collect();
        for i in 0..self.rows() {
            for (column, j) in found.iter_mut().zip(columns.clone()) {
                column.push(self[(i, j)]);
            }
        }
        found
    }

    /// Some of the rows, in the order given.
    #[must_use]
    pub fn choose_rows(&self, rows: &[usize]) -> Self {
        Self::of_rows(self.columns(), rows.iter().map(|row| self.row(*row)))
    }

    /// All entries, zeros written out: the matrix itself where it is dense, and a new one of
    /// `rows() · columns()` numbers where it is not.
    #[must_use]
    pub fn dense(&self) -> Arc<Matrix> {
        match self {
            Self::Dense(matrix) => Arc::clone(matrix),
            Self::Sparse(matrix) => Arc::new(matrix.to_dense()),
        }
    }

    /// As [`dense`](Self::dense), for what cannot do without.
    ///
    /// # Errors
    /// In words, where that would be more numbers than any table may have.
    pub fn written_out(&self) -> Result<Arc<Matrix>, String> {
        match too_large(self.rows(), self.columns()) {
            Some(reason) if self.is_sparse() => Err(format!("a table of {reason}")),
            _ => Ok(self.dense()),
        }
    }

    /// Divides every entry.
    pub fn divide(&mut self, by: f64) {
        match self {
            Self::Dense(matrix) => Arc::make_mut(matrix).entries_mut().iter_mut().for_each(|x| *x /= by),
            Self::Sparse(matrix) => Arc::make_mut(matrix).map(|_, x| x / by),
        }
    }

    /// With one more column of ones.
    #[must_use]
    pub fn with_ones(&self) -> Self {
        match self {
            Self::Dense(matrix) => {
                let width = matrix.columns();
                let entry = |i: usize, j: usize| if j < width { matrix[(i, j)] } else { 1.0 };
                Matrix::from_fn(matrix.rows(), width + 1, entry).into()
            }
            Self::Sparse(matrix) => matrix.with_ones().into(),
        }
    }

    /// `X x` as a new vector.
    #[must_use]
    pub fn times(&self, x: &[f64]) -> Vec<f64> {
        (0..self.rows()).map(|i| self.row(i).dot(x)).collect()
    }

    /// `Xᵀ x` as a new vector.
    #[must_use]
    pub fn transposed_times(&self, x: &[f64]) -> Vec<f64> {
        assert_eq!(x.len(), self.rows(), "the input of a transposed product has the wrong length");
        let mut out = vec![0.0; self.columns()];
        for (i, value) in x.iter().enumerate() {
            self.row(i).axpy(*value, &mut out);
        }
        out
    }
}

impl std::ops::Index<(usize, usize)> for Features {
    type Output = f64;

    fn index(&self, (i, j): (usize, usize)) -> &f64 {
        match self {
            Self::Dense(matrix) => &matrix[(i, j)],
            Self::Sparse(matrix) => matrix.entry(i, j).unwrap_or(&0.0),
        }
    }
}

impl<'a> FeatureRow<'a> {
    /// `⟨x, weights⟩` for this row x.
    #[must_use]
    pub fn dot(self, weights: &[f64]) -> f64 {
        match self {
            Self::Dense(row) => vector::dot(row, weights),
            Self::Sparse(row) => row.dot(weights),
        }
    }

    /// `y += a x` for this row x.
    pub fn axpy(self, a: f64, y: &mut [f64]) {
        match self {
            Self::Dense(row) => vector::axpy(a, row, y),
            Self::Sparse(row) => row.axpy(a, y),
        }
    }

    /// The entries that are stored.
    #[must_use]
    pub fn values(self) -> &'a [f64] {
        match self {
            Self::Dense(row) => row,
            Self::Sparse(row) => row.values(),
        }
    }

    /// Writes out all entries.
    pub fn copy_to(self, out: &mut [f64]) {
        match self {
            Self::Dense(row) => out.copy_from_slice(row),
            Self::Sparse(row) => {
                out.fill(0.0);
                row.entries().for_each(|(j, value)| out[j] = value);
            }
        }
    }
}
