//! What every row's score was when the row was last drawn: n × d numbers, for a cross product without a pass over the rows.

use crate::math::vector::dot;
use crate::problem::Likelihood;

/// The scores, zero before a row's first time.
#[derive(Clone, Default)]
pub(super) struct Table {
    width: usize,
    scores: Vec<f64>,
}

impl Table {
    pub fn new(rows: usize, width: usize) -> Self {
        Self { width, scores: vec![0.0; rows * width] }
    }

    pub fn is_empty(&self) -> bool {
        self.scores.is_empty()
    }

    pub fn set(&mut self, row: usize, score: &[f64]) {
        self.scores[row * self.width..(row + 1) * self.width].copy_from_slice(score);
    }

    /// `Jᵀv` with `(Jᵀv)_j = (1/n) Σ_i ∂w_i/∂λ_j ⟨u_i, v⟩`.
    pub fn cross(&self, likelihood: &dyn Likelihood, lambda: &[f64], v: &[f64], out: &mut [f64]) {
        out.fill(0.0);
        if self.is_empty() {
            return;
        }
        let rows = self.scores.len() / self.width;
        for (row, score) in self.scores.chunks_exact(self.width).enumerate() {
            if let Some((entry, slope)) = likelihood.weight_slope(lambda, row) {
                out[entry] += slope / rows as f64 * dot(score, v);
            }
        }
    }

    pub fn numbers(&self) -> usize {
        self.scores.len()
    }
}
