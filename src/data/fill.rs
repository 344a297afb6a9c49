//! Holes in features, and what fills them.

/// What stands for a value that is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fill {
    /// The mean of the others.
    Mean,
    /// Their median.
    Median,
}

impl Fill {
    /// As messages call it.
    pub(super) const fn in_words(self) -> &'static str {
        match self {
            Self::Mean => "mean",
            Self::Median => "median",
        }
    }
}
