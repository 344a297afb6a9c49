//! F whole: `F ← (1 − ω) F + ω F_B`, of which the lower triangle is kept. `O(m d²)` a batch, `d³/3` where it is solved with.

use super::block::Block;
use super::triangle;
use crate::math::Matrix;

/// The lower triangle of F, by columns, in a square.
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
        triangle::add_squares(&mut self.entries, self.size, (keep, share), &block.entries);
    }

    /// `scale F`, both halves.
    pub fn matrix(&self, scale: f64) -> Matrix {
        let entry = |i: usize, j: usize| scale * self.entries[i.min(j) * self.size + i.max(j)];
        Matrix::from_fn(self.size, self.size, entry)
    }

    /// `scale F`, as it is kept.
    pub fn write(&self, scale: f64, out: &mut Vec<f64>) {
        out.clear();
        out.extend(self.entries.iter().map(|entry| scale * entry));
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
