//! What is known of all points of a figure, also where some of them were left out.

use crate::math::number::counted;

/// Points that cannot be shown, by reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Hidden {
    /// At or below zero on a logarithmic axis.
    pub nonpositive: usize,
    /// Infinite or not a number, at a finite place of the other axis.
    pub not_finite: usize,
}

impl Hidden {
    /// How many there are of each kind.
    pub(super) fn in_words(self, on_a_log_axis: &str) -> Vec<String> {
        let nonpositive = format!("{} at or below zero{on_a_log_axis}", counted(self.nonpositive, "point"));
        let not_finite = format!("{} not finite", counted(self.not_finite, "point"));
        let kinds = [(self.nonpositive, nonpositive), (self.not_finite, not_finite)];
        kinds.into_iter().filter(|(count, _)| *count > 0).map(|(_, words)| words).collect()
    }
}

/// What was found of all points, before some were left out.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settled {
    /// Both ends of the visible stretch of x.
    pub(super) x: (f64, f64),
    /// Both ends of the visible stretch of y.
    pub(super) y: (f64, f64),
    /// Whether x and y end in zero.
    pub(super) end_in_nothing: (bool, bool),
    /// Points that cannot be shown.
    pub(super) hidden: Hidden,
}
