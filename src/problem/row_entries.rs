//! λ with one entry for each training row whose label is in doubt.

use super::Block;
use crate::data::Split;

/// Which entry of λ belongs to which training row.
pub(super) struct RowEntries {
    /// For each training row its entry of λ; a trusted row has none.
    owners: Vec<Option<usize>>,
    /// Which entries of λ belong to a row that is here.
    reads: Vec<bool>,
}

impl RowEntries {
    pub fn of(split: &Split) -> Self {
        let weights = split.row_weights();
        let mut reads = vec![false; weights.count];
        weights.owners.iter().flatten().for_each(|&owner| reads[owner] = true);
        Self { owners: weights.owners, reads }
    }

    /// Entries of λ.
    pub fn count(&self) -> usize {
        self.reads.len()
    }

    /// The entry of λ that belongs to a training row.
    pub fn of_row(&self, row: usize) -> Option<usize> {
        self.owners[row]
    }

    /// Which entries of λ belong to a row that is here; nothing where all do.
    pub fn reads(&self) -> Option<&[bool]> {
        (!self.reads.iter().all(|reads| *reads)).then_some(&self.reads)
    }

    pub fn block(&self, name: &'static str) -> Block {
        Block::new(name, (0..self.count()).map(|row| format!("row {row}")).collect())
    }
}
