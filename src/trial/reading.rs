//! What is read of a trial: a number, a vector, a curve, words; what it counts, and when it is read.

use std::sync::Arc;

/// What a reading is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A number.
    Number,
    /// A whole number.
    Count,
    /// Yes (1) or no (0).
    Flag,
    /// Numbers with a fixed length.
    Vector,
    /// Points (x, y).
    Curve,
    /// Words.
    Words,
}

impl Kind {
    /// Whether a reading is one number, which can be sorted and drawn over time.
    #[must_use]
    pub const fn is_number(self) -> bool {
        matches!(self, Self::Number | Self::Count | Self::Flag)
    }
}

/// When a metric is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// Once for every λ, when its inner run begins: it is a function of λ.
    Lambda,
    /// At every measured inner step.
    Step,
    /// Where the inner run is over, before λ moves: it takes long, or is long.
    Outer,
}

/// What the numbers of a metric count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Nothing: losses, norms, ratios.
    None,
    /// A part of one.
    Share,
    /// The cosine of an angle.
    Cosine,
    /// Oracle calls.
    Calls,
    /// Bytes.
    Bytes,
    /// Steps.
    Steps,
    /// Entries of a vector: how many there are of a kind.
    Entries,
}

impl Unit {
    /// In words; empty where there is nothing to say.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::None | Self::Share | Self::Cosine => "",
            Self::Calls => "oracle calls",
            Self::Bytes => "bytes",
            Self::Steps => "steps",
            Self::Entries => "entries",
        }
    }

    /// Between which values a number of this kind lies by its nature.
    #[must_use]
    pub const fn bounds(self) -> Option<(f64, f64)> {
        match self {
            Self::Share => Some((0.0, 1.0)),
            Self::Cosine => Some((-1.0, 1.0)),
            Self::None | Self::Calls | Self::Bytes | Self::Steps | Self::Entries => None,
        }
    }
}

/// What was read.
#[derive(Debug, Clone, PartialEq)]
pub enum Reading {
    /// There is nothing to read here.
    Absent,
    /// A number. NaN is a value and is shown.
    Number(f64),
    /// A vector.
    Vector(Arc<[f64]>),
    /// Points (x, y) in the order of x.
    Curve(Arc<[(f64, f64)]>),
    /// Words.
    Words(Arc<str>),
}

impl Reading {
    /// The number, where it is one. NaN is one.
    #[must_use]
    pub fn number(&self) -> Option<f64> {
        match self {
            Self::Number(x) => Some(*x),
            _ => None,
        }
    }

    /// The vector, where it is one.
    #[must_use]
    pub fn vector(&self) -> Option<&Arc<[f64]>> {
        match self {
            Self::Vector(values) => Some(values),
            _ => None,
        }
    }

    /// The points, where it is a curve.
    #[must_use]
    pub fn curve(&self) -> Option<&Arc<[(f64, f64)]>> {
        match self {
            Self::Curve(points) => Some(points),
            _ => None,
        }
    }

    /// Numbers it holds, by which a budget is reckoned.
    #[must_use]
    pub fn size(&self) -> usize {
        match self {
            Self::Absent | Self::Number(_) => 1,
            Self::Vector(values) => values.len(),
            Self::Curve(points) => 2 * points.len(),
            Self::Words(words) => words.len().div_ceil(8),
        }
    }
}

impl From<f64> for Reading {
    fn from(x: f64) -> Self {
        Self::Number(x)
    }
}

impl From<usize> for Reading {
    fn from(count: usize) -> Self {
        Self::Number(count as f64)
    }
}

impl From<bool> for Reading {
    fn from(flag: bool) -> Self {
        Self::Number(f64::from(u8::from(flag)))
    }
}

impl From<&[f64]> for Reading {
    fn from(values: &[f64]) -> Self {
        Self::Vector(values.into())
    }
}

impl From<Vec<f64>> for Reading {
    fn from(values: Vec<f64>) -> Self {
        Self::Vector(values.into())
    }
}

impl<T: Into<Reading>> From<Option<T>> for Reading {
    fn from(reading: Option<T>) -> Self {
        reading.map_or(Self::Absent, Into::into)
    }
}
