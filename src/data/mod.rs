//! Data sets: reading, generating, splitting, standardising.

pub mod bundled;
pub mod csv;

mod error;
mod prepare;
mod spec;
mod split;
mod standardize;
mod synthetic;
mod text;

use crate::math::Matrix;

pub use error::{DataError, Files, NoFiles};
pub use prepare::{Prepared, load, prepare};
pub use spec::{DataSpec, Source, SplitRule, Standardize};
pub use split::Rows;
pub use standardize::Scaling;
pub use text::display_text;

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

/// All rows of a source, before anything is done to them.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Dataset {
    /// One row a sample.
    pub features: Matrix,
    /// One target a sample; classes are whole numbers.
    pub targets: Vec<f64>,
    /// One name a feature column.
    pub feature_names: Vec<String>,
    /// Name of the target.
    pub target_name: String,
    /// Names of classes 0, 1, 2, …, where the source has names for them.
    pub class_names: Vec<String>,
}

/// `x1`, `x2`, … for columns that have no names.
fn numbered_names(count: usize) -> Vec<String> {
    (1..=count).map(|index| format!("x{index}")).collect()
}
