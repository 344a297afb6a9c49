//! Where the rows of a run's batches come from.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// What a scenario writes out in place of draws, one after the other. Copies share it.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(
    from = "Vec<T>",
    into = "Vec<T>",
    bound(serialize = "T: Clone + Serialize", deserialize = "T: Deserialize<'de>")
)]
pub struct Written<T>(Arc<Vec<T>>);

/// Lists of row numbers, from 0.
pub type Lists = Written<Vec<usize>>;

/// Whole numbers, one for each outer step.
pub type Numbers = Written<usize>;

/// Labels, one list for each inner step.
pub type WrittenLabels = Written<Vec<f64>>;

impl<T> Written<T> {
    /// Whether there is nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// One of them.
    #[must_use]
    pub fn get(&self, index: usize) -> Option<&T> {
        self.0.get(index)
    }

    /// One after the other.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.0.iter()
    }
}

/// What is shared is itself, whatever it holds.
impl<T: PartialEq> PartialEq for Written<T> {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.0 == other.0
    }
}

impl<T> From<Vec<T>> for Written<T> {
    fn from(written: Vec<T>) -> Self {
        Self(Arc::new(written))
    }
}

impl<T: Clone> From<Written<T>> for Vec<T> {
    fn from(written: Written<T>) -> Self {
        written.0.to_vec()
    }
}

/// The stream that the batches of a trial are drawn from.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
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
        /// What the students of a population begin with and draw.
        #[serde(default, skip_serializing_if = "WrittenStudents::is_empty")]
        students: WrittenStudents,
    },
}

/// What a population would draw, written out; what is left out is drawn.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "Students")]
pub struct WrittenStudents {
    /// λ₀ of each student, in the box of its bounds.
    #[serde(default, skip_serializing_if = "Written::is_empty")]
    pub starts: Written<Vec<f64>>,
    /// For each child, in the order in which they are born: 1 for every entry that is to grow, 0 for the others.
    #[serde(default, skip_serializing_if = "Written::is_empty")]
    pub coins: Written<Vec<f64>>,
    /// W and V of a teacher, N × M each, row by row.
    #[serde(default, skip_serializing_if = "Written::is_empty")]
    pub teacher: Written<Vec<f64>>,
}

impl WrittenStudents {
    /// Whether there is nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.starts.is_empty() && self.coins.is_empty() && self.teacher.is_empty()
    }

    /// W and V.
    #[must_use]
    pub fn weights(&self) -> Option<(&[f64], &[f64])> {
        Some((self.teacher.get(0)?, self.teacher.get(1)?))
    }
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

    /// What is written out for the students of a population.
    #[must_use]
    pub fn students(&self) -> Option<&WrittenStudents> {
        match self {
            Self::Explicit { students, .. } => Some(students),
            Self::Own | Self::Shared => None,
        }
    }

    /// Whether nothing was said of it.
    #[must_use]
    pub fn is_own(&self) -> bool {
        *self == Self::Own
    }
}
