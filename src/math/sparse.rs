//! A sparse matrix of compressed rows, whose products have the bits of the dense ones: a zero that is left out adds
//! nothing, and sums run in the order of [`vector::dot`](super::vector::dot).

use super::Matrix;

/// Entries by rows; what is not stored is zero.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SparseMatrix {
    columns: usize,
    /// Where the entries of each row end.
    ends: Vec<usize>,
    /// The column of each entry, ascending within a row.
    indices: Vec<u32>,
    values: Vec<f64>,
}

/// The stored entries of one row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SparseRow<'a> {
    columns: usize,
    indices: &'a [u32],
    values: &'a [f64],
}

impl SparseMatrix {
    /// No rows, of so many columns.
    #[must_use]
    pub fn none(columns: usize) -> Self {
        Self { columns, ..Self::default() }
    }

    /// From the ends of the rows, and the column and value of every entry; `None` unless the ends ascend to the number of
    /// entries and the columns ascend within every row and stay below `columns`.
    #[must_use]
    pub fn from_entries(columns: usize, ends: Vec<usize>, indices: Vec<u32>, values: Vec<f64>) -> Option<Self> {
        let stored = indices.len();
        if values.len() != stored || ends.last().copied().unwrap_or(0) != stored || !ends.is_sorted() {
            return None;
        }
        let matrix = Self { columns, ends, indices, values };
        let is_ordered = |row: SparseRow<'_>| {
            row.indices.windows(2).all(|pair| pair[0] < pair[1])
                && row.indices.last().is_none_or(|last| (*last as usize) < columns)
        };
        (0..matrix.rows()).all(|i| is_ordered(matrix.row(i))).then_some(matrix)
    }

    /// Number of rows.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.ends.len()
    }

    /// Number of columns.
    #[must_use]
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// Number of entries that are stored.
    #[must_use]
    pub fn stored(&self) -> usize {
        self.values.len()
    }

    /// One row.
    #[must_use]
    pub fn row(&self, i: usize) -> SparseRow<'_> {
        let entries = self.start(i)..self.ends[i];
        SparseRow { columns: self.columns, indices: &self.indices[entries.clone()], values: &self.values[entries] }
    }

    fn start(&self, i: usize) -> usize {
        if i == 0 { 0 } else { self.ends[i - 1] }
    }

    /// Appends a row of another matrix of the same width.
    pub fn push(&mut self, row: SparseRow<'_>) {
        assert_eq!(row.columns, self.columns, "a row of another width");
        self.indices.extend_from_slice(row.indices);
        self.values.extend_from_slice(row.values);
        self.ends.push(self.values.len());
    }

    /// The entry of row i and column j, where it is stored.
    #[must_use]
    pub fn entry(&self, i: usize, j: usize) -> Option<&f64> {
        let row = self.row(i);
        row.indices.binary_search(&u32::try_from(j).ok()?).ok().map(|place| &row.values[place])
    }

    /// Changes every stored entry as a function of its column.
    pub fn map(&mut self, change: impl Fn(usize, f64) -> f64) {
        for (value, j) in self.values.iter_mut().zip(&self.indices) {
            *value = change(*j as usize, *value);
        }
    }

    /// The column and value of every stored entry, row by row.
    pub fn entries(&self) -> impl Iterator<Item = (usize, f64)> + '_ {
        self.indices.iter().map(|j| *j as usize).zip(self.values.iter().copied())
    }

    /// With one more column of ones.
    #[must_use]
    pub fn with_ones(&self) -> Self {
        let mut wider = Self {
            columns: self.columns + 1,
            ends: Vec::with_capacity(self.rows()),
            indices: Vec::with_capacity(self.stored() + self.rows()),
            values: Vec::with_capacity(self.stored() + self.rows()),
        };
        for i in 0..self.rows() {
            let row = self.row(i);
            wider.indices.extend_from_slice(row.indices);
            wider.values.extend_from_slice(row.values);
            wider.indices.push(self.columns as u32);
            wider.values.push(1.0);
            wider.ends.push(wider.values.len());
        }
        wider
    }

    /// With the zeros written out.
    #[must_use]
    pub fn to_dense(&self) -> Matrix {
        let mut dense = Matrix::zeros(self.rows(), self.columns);
        for i in 0..self.rows() {
            for (j, value) in self.row(i).entries() {
                dense[(i, j)] = value;
            }
        }
        dense
    }

    /// `out = Aᵀ diag(scales) A`, exactly symmetric. Cost: the squares of the numbers of entries of the rows.
    pub fn weighted_gram(&self, scales: &[f64], out: &mut Matrix) {
        out.entries_mut().fill(0.0);
        for (i, scale) in scales.iter().enumerate() {
            let row = self.row(i);
            for (place, (j, value)) in row.entries().enumerate() {
                let scaled = scale * value;
                let target = out.row_mut(j);
                for (k, other) in row.indices[..=place].iter().zip(row.values) {
                    target[*k as usize] += scaled * other;
                }
            }
        }
        for i in 0..self.columns {
            for j in i + 1..self.columns {
                out[(i, j)] = out[(j, i)];
            }
        }
    }
}

impl<'a> SparseRow<'a> {
    /// The column and value of every stored entry, in ascending order.
    pub fn entries(self) -> impl Iterator<Item = (usize, f64)> + 'a {
        self.indices.iter().map(|j| *j as usize).zip(self.values.iter().copied())
    }

    /// The stored values.
    #[must_use]
    pub fn values(self) -> &'a [f64] {
        self.values
    }

    /// Inner product, in the order of [`vector::dot`](super::vector::dot).
    #[must_use]
    pub fn dot(self, x: &[f64]) -> f64 {
        assert_eq!(x.len(), self.columns, "dot of vectors of different lengths");
        let blocks = self.columns - self.columns % 4;
        let behind = self.indices.iter().rev().take_while(|j| **j as usize >= blocks).count();
        let split = self.indices.len() - behind;
        let mut sums = [0.0; 4];
        for (j, value) in self.indices[..split].iter().zip(self.values) {
            sums[*j as usize % 4] += value * x[*j as usize];
        }
        let rest: f64 = self.indices[split..].iter().zip(&self.values[split..]).map(|(j, v)| v * x[*j as usize]).sum();
        (sums[0] + sums[1]) + (sums[2] + sums[3]) + rest
    }

    /// `y += a x`, for this row x.
    pub fn axpy(self, a: f64, y: &mut [f64]) {
        assert_eq!(y.len(), self.columns, "axpy of vectors of different lengths");
        for (j, value) in self.indices.iter().zip(self.values) {
            y[*j as usize] += a * value;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::vector;

    /// Entries that are zero but for one in three, of any width.
    fn dense(rows: usize, columns: usize) -> Matrix {
        let entry = |i: usize, j: usize| {
            f64::from((7 * i + 5 * j + i * j).is_multiple_of(3)) * (1.0 + i as f64 - 0.3 * j as f64).sin()
        };
        Matrix::from_fn(rows, columns, entry)
    }

    fn sparse(dense: &Matrix) -> SparseMatrix {
        let mut matrix = SparseMatrix::none(dense.columns());
        for i in 0..dense.rows() {
            let stored = dense.row(i).iter().enumerate().filter(|(_, value)| **value != 0.0);
            let (indices, values): (Vec<u32>, Vec<f64>) = stored.map(|(j, value)| (j as u32, *value)).unzip();
            matrix.push(SparseRow { columns: dense.columns(), indices: &indices, values: &values });
        }
        matrix
    }

    #[test]
    fn products_with_rows_have_the_bits_of_the_dense_ones() {
        for columns in 1..14 {
            let dense = dense(6, columns);
            let matrix = sparse(&dense);
            assert_eq!(matrix.to_dense(), dense);
            let x: Vec<f64> = (0..columns).map(|j| (0.7 + j as f64).cos()).collect();
            for i in 0..6 {
                assert_eq!(matrix.row(i).dot(&x).to_bits(), (vector::dot(dense.row(i), &x) + 0.0).to_bits());
                let (mut y, mut expected) = (x.clone(), x.clone());
                matrix.row(i).axpy(-1.3, &mut y);
                vector::axpy(-1.3, dense.row(i), &mut expected);
                assert!(vector::is_same_bits(&y, &expected));
            }
        }
    }

    #[test]
    fn gram_matrices_and_columns_of_ones() {
        let dense = dense(9, 6);
        let scales: Vec<f64> = (0..9).map(|i| 0.5 + i as f64).collect();
        let mut gram = Matrix::identity(6);
        sparse(&dense).weighted_gram(&scales, &mut gram);
        for i in 0..6 {
            for j in 0..6 {
                let expected: f64 = (0..9).map(|row| scales[row] * dense[(row, i)] * dense[(row, j)]).sum();
                assert!((gram[(i, j)] - expected).abs() < 1e-13 && gram[(i, j)] == gram[(j, i)]);
            }
        }
        let wider = sparse(&dense).with_ones().to_dense();
        assert!((0..9).all(|i| wider.row(i)[..6] == *dense.row(i) && wider[(i, 6)] == 1.0));
    }

    #[test]
    fn entries_out_of_order_are_none() {
        let of = |ends: &[usize], indices: &[u32]| {
            SparseMatrix::from_entries(3, ends.to_vec(), indices.to_vec(), vec![1.0; indices.len()]).is_some()
        };
        assert!(of(&[2, 2, 3], &[0, 2, 1]));
        assert!(!of(&[2, 3], &[2, 0, 1]) && !of(&[1], &[3]) && !of(&[2, 1, 3], &[0, 1, 2]) && !of(&[1], &[0, 1]));
    }
}
