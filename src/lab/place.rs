//! On which terms a question is asked: at which λ, and how much is measured.

use crate::catalog::Knobs;
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

/// How much is measured, and at which λ.
#[derive(Debug, Clone, PartialEq)]
pub struct Terms {
    /// The knobs of the probe.
    pub knobs: Knobs,
    /// At which λ.
    pub place: Place,
}
