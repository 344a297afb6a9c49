//! What an inner run is drawn with, part by part: runs that differ in one part alone show what it does.

/// A part of what is drawn for an inner run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Which rows train and validate.
    Rows,
    /// θ₀.
    Start,
    /// The batches of its steps.
    Batches,
}

/// The outer step whose draw each part is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OuterDraws {
    /// Of the rows.
    pub rows: usize,
    /// Of θ₀.
    pub start: usize,
    /// Of the batches.
    pub batches: usize,
}

impl OuterDraws {
    /// All of one outer step.
    #[must_use]
    pub const fn of(outer: usize) -> Self {
        Self { rows: outer, start: outer, batches: outer }
    }

    /// The same with one part of another outer step.
    #[must_use]
    pub const fn with(self, part: Part, outer: usize) -> Self {
        match part {
            Part::Rows => Self { rows: outer, ..self },
            Part::Start => Self { start: outer, ..self },
            Part::Batches => Self { batches: outer, ..self },
        }
    }
}
