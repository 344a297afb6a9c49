//! A row that is replaced, or takes the place of one.

use serde::Serialize;

use crate::data::{Samples, Split};
use crate::math::number::plain;
use crate::math::vector;

/// A row as the problem sees it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RowSeen {
    /// Its features.
    pub features: Vec<f64>,
    /// Its target.
    pub target: f64,
    /// Its target as a reader calls it: a class by its name.
    pub name: String,
}

impl RowSeen {
    pub(super) fn of(split: &Split, samples: &Samples, index: usize) -> Self {
        let mut features = vec![0.0; samples.features.columns()];
        samples.features.row(index).copy_to(&mut features);
        let target = samples.targets[index];
        let name = if split.labels.is_empty() { plain(target) } else { split.class_name(target) };
        Self { features, target, name }
    }

    /// How far apart the features of two rows are.
    #[must_use]
    pub fn distance(&self, other: &Self) -> f64 {
        vector::distance(&self.features, &other.features)
    }
}
