//! Where the rows of a run's batches come from.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// Lists of row numbers, from 0, one after the other. Copies share them.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(from = "Vec<Vec<usize>>", into = "Vec<Vec<usize>>")]
pub struct Lists(Arc<Vec<Vec<usize>>>);

impl Lists {
    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Number of lists.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// One of them.
    #[must_use]
    pub fn get(&self, index: usize) -> Option<&[usize]> {
        self.0.get(index).map(Vec::as_slice)
    }

    /// One after the other.
    pub fn iter(&self) -> impl Iterator<Item = &[usize]> {
        self.0.iter().map(Vec::as_slice)
    }
}

impl From<Vec<Vec<usize>>> for Lists {
    fn from(lists: Vec<Vec<usize>>) -> Self {
        Self(Arc::new(lists))
    }
}

impl From<Lists> for Vec<Vec<usize>> {
    fn from(lists: Lists) -> Self {
        lists.0.to_vec()
    }
}

/// Whole numbers, one for each outer step. Copies share them.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(from = "Vec<usize>", into = "Vec<usize>")]
pub struct Numbers(Arc<Vec<usize>>);

impl Numbers {
    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Outer steps that they are enough for.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// That of an outer step.
    #[must_use]
    pub fn get(&self, outer: usize) -> Option<usize> {
        self.0.get(outer).copied()
    }
}

impl From<Vec<usize>> for Numbers {
    fn from(numbers: Vec<usize>) -> Self {
        Self(Arc::new(numbers))
    }
}

impl From<Numbers> for Vec<usize> {
    fn from(numbers: Numbers) -> Self {
        numbers.0.to_vec()
    }
}

/// Labels, one list for each inner step, one after the other. Copies share them.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(from = "Vec<Vec<f64>>", into = "Vec<Vec<f64>>")]
pub struct WrittenLabels(Arc<Vec<Vec<f64>>>);

/// By bits, so that what is not a number is itself.
impl PartialEq for WrittenLabels {
    fn eq(&self, other: &Self) -> bool {
        let bits = |labels: &Self| -> Vec<Vec<u64>> {
            labels.0.iter().map(|list| list.iter().map(|label| label.to_bits()).collect()).collect()
        };
        Arc::ptr_eq(&self.0, &other.0) || bits(self) == bits(other)
    }
}

impl Eq for WrittenLabels {}

impl WrittenLabels {
    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Number of lists.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// One of them.
    #[must_use]
    pub fn get(&self, index: usize) -> Option<&[f64]> {
        self.0.get(index).map(Vec::as_slice)
    }

    /// One after the other.
    pub fn iter(&self) -> impl Iterator<Item = &[f64]> {
        self.0.iter().map(Vec::as_slice)
    }
}

impl From<Vec<Vec<f64>>> for WrittenLabels {
    fn from(lists: Vec<Vec<f64>>) -> Self {
        Self(Arc::new(lists))
    }
}

impl From<WrittenLabels> for Vec<Vec<f64>> {
    fn from(lists: WrittenLabels) -> Self {
        lists.0.to_vec()
    }
}

/// The stream that the batches of a trial are drawn from.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum Drawing {
    /// The trial's own.
    #[default]
    Own,
    /// One stream for all trials that say so: common random numbers.
    Shared,
    /// Lists written out. Outer step k takes the next ones: of the training lists first those of its inner steps, then those of
    /// its products with H, then that of its cross product. A level without lists runs over all rows.
    Explicit {
        /// Lists of training rows.
        #[serde(default, skip_serializing_if = "Lists::is_empty")]
        training: Lists,
        /// Lists of validation rows.
        #[serde(default, skip_serializing_if = "Lists::is_empty")]
        validation: Lists,
        /// How many products a method whose products are a random number takes with H, one number for each outer step;
        /// drawn where there are none.
        #[serde(default, skip_serializing_if = "Numbers::is_empty")]
        lengths: Numbers,
        /// Labels for a method that draws labels from the model, one for each row of an inner step; drawn where there are none.
        #[serde(default, skip_serializing_if = "WrittenLabels::is_empty")]
        labels: WrittenLabels,
    },
}

impl Drawing {
    /// As a scenario spells it.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Own => "Own",
            Self::Shared => "Shared",
            Self::Explicit { .. } => "Explicit",
        }
    }

    /// Whether nothing was said of it.
    #[must_use]
    pub fn is_own(&self) -> bool {
        *self == Self::Own
    }
}
