//! At which λ a question is asked.

use crate::scenario::MeasuredAt;

/// At which λ trials are measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// All at λ₀.
    Start,
    /// All at the λ of the trial with this identifier; where there is none, of the first.
    Of(Option<u64>),
    /// Each at its own.
    Each,
}

impl Place {
    /// What a choice comes to while this trial is selected.
    #[must_use]
    pub fn of(choice: MeasuredAt, selected: Option<u64>) -> Self {
        match choice {
            MeasuredAt::Start => Self::Start,
            MeasuredAt::Selected => Self::Of(selected),
            MeasuredAt::Each => Self::Each,
        }
    }
}
