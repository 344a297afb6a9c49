//! Data sets: reading, generating, splitting, standardising.

pub mod bundled;
pub mod table;

mod bounds;
mod columns;
mod confounded;
mod coverage;
mod draw;
mod drifting;
mod error;
mod expand;
mod features;
mod fields;
mod fill;
mod filled;
mod intercept;
mod later;
mod level;
mod memory;
mod note;
mod numpy;
mod prepare;
mod spec;
mod split;
mod stand_in;
mod standardize;
mod strata;
mod svmlight;
mod synthetic;
mod tasks;
mod text;
mod transitions;
mod weights;
mod words;
mod world;

use crate::math::Matrix;

pub use columns::{Columns, Group};
pub use error::{DataError, Files, NoFiles};
pub use features::{FeatureRow, Features};
pub use fields::{Field, fields};
pub use fill::Fill;
pub use intercept::{Intercept, Target};
pub use note::Note;
pub use prepare::{Prepared, load, prepare, prepare_rows};
pub use spec::{
    Basis, CausalCurve, ClassWeights, DataSpec, FirstIndex, Motion, ScaleOn, Source, SplitRule, Standardize,
};
pub use split::Rows;
pub use stand_in::{ReplacedRow, Side, StandInOrigin, StandIns, written_out};
pub use standardize::Scaling;
pub use tasks::Places;
pub use text::{display_text, is_visible, legible, name_in_short, visible};
pub use words::{SOURCES, in_words};
pub use world::{Resample, World};

/// Rows with their targets.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Samples {
    /// One row a sample; shared by all that read the same rows.
    pub features: Features,
    /// One target a sample; classes are whole numbers.
    pub targets: Vec<f64>,
    /// How much each sample counts in a mean, at least 0 and not all of them 0; empty where all count alike.
    pub weights: Vec<f64>,
}

impl Samples {
    /// Rows that all count alike.
    #[must_use]
    pub fn new(features: impl Into<Features>, targets: Vec<f64>) -> Self {
        Self { features: features.into(), targets, weights: Vec::new() }
    }

    /// No rows, of so many features.
    #[must_use]
    pub fn none(columns: usize) -> Self {
        Self::new(Matrix::zeros(0, columns), Vec::new())
    }
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
    /// Which columns a penalty sees.
    pub columns: Columns,
    /// Every value that a target of classes takes in the whole data set, ascending; empty when these rows are
    /// all there is. With it, a split that misses a class is still about all of them.
    pub labels: Vec<f64>,
    /// Names of classes 0, 1, 2, …, where the source has names for them.
    pub class_names: Vec<String>,
    /// What the rows of a class count for in training, beside the weights of their own: 1 for classes not listed.
    pub class_weights: Vec<(f64, f64)>,
    /// Who weighs which training row, for problems that learn a weight for each.
    pub weights: RowWeights,
}

/// Which learned weight each training row has. The default says that row i has weight i.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RowWeights {
    /// For each training row the number of its weight; `None` for a trusted row, which counts in full.
    pub owners: Vec<Option<usize>>,
    /// Number of weights, those of absent rows included.
    pub count: usize,
}

impl Split {
    /// A class as the source calls it.
    #[must_use]
    pub fn class_name(&self, label: f64) -> String {
        let name = if label >= 0.0 && label.fract() == 0.0 { self.class_names.get(label as usize) } else { None };
        name.map_or_else(|| label.to_string(), String::clone)
    }

    /// The weight of a training row, and how many weights there are.
    #[must_use]
    pub fn row_weights(&self) -> RowWeights {
        if !self.weights.owners.is_empty() {
            return self.weights.clone();
        }
        let count = self.training.targets.len();
        RowWeights { owners: (0..count).map(Some).collect(), count }
    }
}

/// All rows of a source, before anything is done to them.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Dataset {
    /// One row a sample.
    pub features: Features,
    /// One target a sample; classes are whole numbers.
    pub targets: Vec<f64>,
    /// How much each sample counts, at least 0; empty where all count alike.
    pub weights: Vec<f64>,
    /// What each target would be without what disturbs it, where the source knows: then test rows are judged by that.
    pub curve: Vec<f64>,
    /// One name a feature column.
    pub feature_names: Vec<String>,
    /// Name of the target.
    pub target_name: String,
    /// Names of classes 0, 1, 2, …, where the source has names for them.
    pub class_names: Vec<String>,
    /// Name of the column of a table that each feature comes from, of as many as come from one.
    pub origins: Vec<String>,
    /// Features that were made of texts and holes, each 0 or 1: rows that are scaled to may all be alike in them.
    pub made: Vec<usize>,
    /// What fills in features that are NaN, where there are any.
    pub fills_holes: Option<Fill>,
    /// What was recognized, left out or found strange on the way.
    pub notes: Vec<Note>,
}

/// `x1`, `x2`, … for columns that have no names.
fn numbered_names(count: usize) -> Vec<String> {
    (1..=count).map(|index| format!("x{index}")).collect()
}
