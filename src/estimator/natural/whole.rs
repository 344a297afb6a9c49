//! F whole: `F ← (1 − ω) F + ω F_B`, of which the lower triangle is kept. `O(m d²)` a batch, `d³/3` where it is solved with.

use faer::linalg::matmul::matmul;
use faer::{Accum, MatMut, MatRef, Par};

use super::block::Block;
use crate::math::Matrix;
use crate::math::vector::axpy;

/// Rows of the triangle that are made at a time.
const PANEL: usize = 48;

/// Below this length of θ products vector by vector are as fast.
const LEAST_BLOCKED: usize = 64;

/// The lower triangle of F, in a square.
#[derive(Clone, Default, PartialEq)]
pub(super) struct Whole {
    size: usize,
    entries: Vec<f64>,
}

impl Whole {
    pub fn new(size: usize) -> Self {
        Self { size, entries: vec![0.0; size * size] }
    }

    /// `F ← keep F + share Σ a aᵀ`.
    pub fn update(&mut self, keep: f64, share: f64, block: &Block) {
        let size = self.size;
        if size < LEAST_BLOCKED {
            self.entries.iter_mut().for_each(|entry| *entry *= keep);
            for vector in block.vectors() {
                for (i, row) in self.entries.chunks_exact_mut(size).enumerate() {
                    axpy(share * vector[i], &vector[..=i], &mut row[..=i]);
                }
            }
            return;
        }
        let vectors = MatRef::from_row_major_slice(&block.entries, block.count(), size);
        for first in (0..size).step_by(PANEL) {
            let last = (first + PANEL).min(size);
            for row in self.entries[first * size..last * size].chunks_exact_mut(size) {
                row[..last].iter_mut().for_each(|entry| *entry *= keep);
            }
            let whole = MatMut::from_row_major_slice_mut(&mut self.entries, size, size);
            let panel = whole.submatrix_mut(first, 0, last - first, last);
            let (left, right) = (vectors.subcols(first, last - first).transpose(), vectors.subcols(0, last));
            matmul(panel, Accum::Add, left, right, share, Par::Seq);
        }
    }

    /// `scale F`, both halves.
    pub fn matrix(&self, scale: f64) -> Matrix {
        let entry = |i: usize, j: usize| scale * self.entries[i.max(j) * self.size + i.min(j)];
        Matrix::from_fn(self.size, self.size, entry)
    }

    /// Becomes a copy of another, in the space it has.
    pub fn copy(&mut self, other: &Self) {
        self.size = other.size;
        self.entries.clone_from(&other.entries);
    }

    pub fn numbers(&self) -> usize {
        self.entries.len()
    }
}
