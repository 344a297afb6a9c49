//! What a penalty sees of the feature columns.

/// Which feature columns carry no penalty. Problems ask for columns by number and know no names.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Columns {
    /// Columns that no penalty weighs, from 0, ascending: the level of what is predicted.
    pub free: Vec<usize>,
}

impl Columns {
    /// Whether no penalty weighs a column.
    #[must_use]
    pub fn is_free(&self, column: usize) -> bool {
        self.free.contains(&column)
    }
}
