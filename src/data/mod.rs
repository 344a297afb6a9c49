//! Data sets: reading, standardising, splitting, generating.

mod spec;

use crate::math::Matrix;

pub use spec::{DataSpec, Source, SplitRule};

/// Rows with their targets.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Samples {
    /// One row a sample.
    pub features: Matrix,
    /// One target a sample; classes are whole numbers.
    pub targets: Vec<f64>,
}

/// The rows of one experiment.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Split {
    /// Rows of the inner objective.
    pub training: Samples,
    /// Rows of the outer objective.
    pub validation: Samples,
    /// Rows that neither sees; may be empty.
    pub test: Samples,
    /// One name a feature column.
    pub feature_names: Vec<String>,
}
