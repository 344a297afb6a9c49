//! How many rows a call runs over.

use serde::{Deserialize, Serialize};

use crate::catalog::{Kind, Value};

/// The rows of a call on one level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Batch {
    /// All of them.
    #[default]
    Full,
    /// So many, drawn with replacement.
    Rows(usize),
    /// So many, drawn without replacement from an order that is shuffled anew for every pass. The last batch of a
    /// pass holds what is left.
    Epoch(usize),
}

/// The training rows of the products that an estimate takes with H and J.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Products {
    /// As many as an inner step has.
    #[default]
    AsInner,
    /// All of them, whatever the inner loop does.
    Full,
    /// As [`Batch::Rows`].
    Rows(usize),
    /// As [`Batch::Epoch`].
    Epoch(usize),
}

/// More rows than any data set here.
const LARGEST: i64 = 1_000_000;

const FULL: (&str, &str) = ("Full", "all rows");
const SIZED: &[(&str, &str)] = &[
    ("Rows", "so many rows, drawn with replacement"),
    ("Epoch", "so many rows without replacement, in an order shuffled anew for every pass"),
];

impl Batch {
    /// What a knob for it takes.
    pub const KIND: Kind = Kind::Sized { plain: &[FULL], sized: SIZED, range: (1, LARGEST) };

    /// Rows in a batch; `None` for all.
    #[must_use]
    pub fn size(self) -> Option<usize> {
        match self {
            Self::Full => None,
            Self::Rows(size) | Self::Epoch(size) => Some(size),
        }
    }

    /// Whether it is all rows.
    #[must_use]
    pub fn is_full(&self) -> bool {
        *self == Self::Full
    }

    /// As a knob holds it.
    #[must_use]
    pub fn value(self) -> Value {
        match self {
            Self::Full => Value::Choice("Full"),
            Self::Rows(size) => Value::Sized("Rows", size as i64),
            Self::Epoch(size) => Value::Sized("Epoch", size as i64),
        }
    }

    /// From what a knob holds.
    #[must_use]
    pub fn of(value: Value) -> Self {
        match value {
            Value::Sized("Epoch", size) => Self::Epoch(usize::try_from(size).unwrap_or(1)),
            Value::Sized(_, size) => Self::Rows(usize::try_from(size).unwrap_or(1)),
            _ => Self::Full,
        }
    }
}

impl Products {
    /// What a knob for it takes.
    pub const KIND: Kind = Kind::Sized {
        plain: &[("AsInner", "as many rows as an inner step has"), FULL],
        sized: SIZED,
        range: (1, LARGEST),
    };

    /// The rows of a product, beside an inner loop with such batches.
    #[must_use]
    pub fn batch(self, inner: Batch) -> Batch {
        match self {
            Self::AsInner => inner,
            Self::Full => Batch::Full,
            Self::Rows(size) => Batch::Rows(size),
            Self::Epoch(size) => Batch::Epoch(size),
        }
    }

    /// Whether nothing was said of it.
    #[must_use]
    pub fn is_as_inner(&self) -> bool {
        *self == Self::AsInner
    }

    /// As a knob holds it.
    #[must_use]
    pub fn value(self) -> Value {
        if self.is_as_inner() { Value::Choice("AsInner") } else { self.batch(Batch::Full).value() }
    }

    /// From what a knob holds.
    #[must_use]
    pub fn of(value: Value) -> Self {
        match Batch::of(value) {
            Batch::Rows(size) => Self::Rows(size),
            Batch::Epoch(size) => Self::Epoch(size),
            Batch::Full if value == Value::Choice("AsInner") => Self::AsInner,
            Batch::Full => Self::Full,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knobs_hold_what_a_file_says() {
        for batch in [Batch::Full, Batch::Rows(3), Batch::Epoch(40)] {
            assert_eq!(Batch::of(batch.value()), batch);
        }
        for products in [Products::AsInner, Products::Full, Products::Rows(3), Products::Epoch(40)] {
            assert_eq!(Products::of(products.value()), products);
        }
    }
}
