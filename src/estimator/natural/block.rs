//! The scores of one batch.

use crate::math::vector::is_finite;

/// Vectors `a_k ∈ R^d` with `F_B = Σ_k a_k a_kᵀ`: the scores of a batch, each times the root of its weight over the size of the batch.
#[derive(Clone, Default, PartialEq)]
pub(super) struct Block {
    /// d.
    pub width: usize,
    /// m, rows in the batch; there may be more vectors, or a single one.
    pub batch: usize,
    /// The vectors, one after the other.
    pub entries: Vec<f64>,
    /// The diagonal of the penalty's Hessian when the batch was seen; empty where nobody asks for it.
    pub penalty: Vec<f64>,
}

impl Block {
    /// How many there are.
    pub fn count(&self) -> usize {
        self.entries.len() / self.width
    }

    /// Whether every number is one.
    pub fn is_finite(&self) -> bool {
        is_finite(&self.entries)
    }

    /// Numbers held.
    pub fn numbers(&self) -> usize {
        self.entries.len() + self.penalty.len()
    }
}
