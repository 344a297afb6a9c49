//! The entries of a table, as they were read.

use super::column::Column;

/// What becomes of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Feature,
    Target,
    /// How much the row counts.
    Weight,
    LeftOut,
}

/// All entries, as they were read.
pub(super) struct Entries {
    pub(super) columns: Vec<Column>,
    pub(super) roles: Vec<Role>,
    pub(super) rows: usize,
    /// Numbers of the columns that are not left out, row by row; NaN where there is none.
    pub(super) numbers: Vec<f64>,
}
