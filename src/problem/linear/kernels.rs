//! The loops that everything else spends its time in: products with one row, and `Xᵀ diag(s) X`.

use faer::{Accum, MatMut, MatRef, Par, linalg::matmul::matmul};

use crate::data::{FeatureRow, Features};
use crate::math::Matrix;
use crate::math::vector::axpy;

/// `Xᵀ diag(s) X` again and again, for different `s`, in the same memory.
pub(super) struct GramProduct<'a> {
    features: &'a Features,
    /// `diag(s) X` of dense features.
    scaled: Matrix,
    pub block: Matrix,
}

impl<'a> GramProduct<'a> {
    /// For these rows.
    pub fn new(features: &'a Features) -> Self {
        let rows = if features.is_sparse() { 0 } else { features.rows() };
        let scaled = Matrix::zeros(rows, features.columns());
        Self { features, scaled, block: Matrix::zeros(features.columns(), features.columns()) }
    }

    /// `Xᵀ diag(scales) X`. Exactly symmetric: the lower half is copied to the upper.
    pub fn weighted(&mut self, scales: &[f64]) -> &Matrix {
        let features = match self.features {
            Features::Dense(features) => features,
            Features::Sparse(features) => {
                features.weighted_gram(scales, &mut self.block);
                return &self.block;
            }
        };
        let (rows, columns) = (features.rows(), features.columns());
        for (row, scale) in scales.iter().enumerate() {
            for (scaled, value) in self.scaled.row_mut(row).iter_mut().zip(features.row(row)) {
                *scaled = scale * value;
            }
        }
        let left = MatRef::from_row_major_slice(features.entries(), rows, columns).transpose();
        let right = MatRef::from_row_major_slice(self.scaled.entries(), rows, columns);
        let block = MatMut::from_row_major_slice_mut(self.block.entries_mut(), columns, columns);
        matmul(block, Accum::Replace, left, right, 1.0, Par::Seq);
        for i in 0..columns {
            for j in i + 1..columns {
                self.block[(i, j)] = self.block[(j, i)];
            }
        }
        &self.block
    }
}

/// The first `length` entries of a buffer that grows when it must and never shrinks.
pub(in crate::problem) fn sized(buffer: &mut Vec<f64>, length: usize) -> &mut [f64] {
    if buffer.len() < length {
        buffer.resize(length, 0.0);
    }
    &mut buffer[..length]
}

/// `scores = Wᵀ x` for one row `x`.
pub(super) fn row_scores(features: FeatureRow<'_>, weights: &[f64], scores: &mut [f64]) {
    if let [score] = scores {
        *score = features.dot(weights);
        return;
    }
    scores.fill(0.0);
    match features {
        FeatureRow::Dense(features) => {
            for (x, weights) in features.iter().zip(weights.chunks_exact(scores.len())) {
                axpy(*x, weights, scores);
            }
        }
        FeatureRow::Sparse(features) => {
            let outputs = scores.len();
            features.entries().for_each(|(j, x)| axpy(x, &weights[j * outputs..(j + 1) * outputs], scores));
        }
    }
}

/// `out += scale · x ⊗ gradient` for one row `x`.
pub(super) fn add_row(scale: f64, features: FeatureRow<'_>, gradient: &mut [f64], out: &mut [f64]) {
    if let [gradient] = gradient {
        features.axpy(scale * *gradient, out);
        return;
    }
    for value in gradient.iter_mut() {
        *value *= scale;
    }
    match features {
        FeatureRow::Dense(features) => {
            for (x, out) in features.iter().zip(out.chunks_exact_mut(gradient.len())) {
                axpy(*x, gradient, out);
            }
        }
        FeatureRow::Sparse(features) => {
            let outputs = gradient.len();
            features.entries().for_each(|(j, x)| axpy(x, gradient, &mut out[j * outputs..(j + 1) * outputs]));
        }
    }
}
