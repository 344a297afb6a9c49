//! What an estimator moves itself beside θ, by steps that can be too long.

/// An inner variable that goes on from step to step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Beside {
    /// What it is called: `v`, `y`.
    pub name: &'static str,
    /// The length of its steps.
    pub step: f64,
    /// What they go down.
    pub down: Down,
}

/// What the steps of an inner variable go down, as far as its curvature says how long they may be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Down {
    /// `½ vᵀHv − bᵀv`.
    System,
    /// `g + f/κ`, or `g − f/κ` where it leans away from f.
    Leaning {
        /// κ.
        multiplier: f64,
        /// Whether it leans away from f.
        is_away: bool,
    },
    /// `f + κ(g − min g)`.
    Penalty {
        /// κ.
        multiplier: f64,
    },
}

impl Down {
    /// How often it has the curvatures of g and of f.
    #[must_use]
    pub fn weights(self) -> (f64, f64) {
        match self {
            Self::System => (1.0, 0.0),
            Self::Leaning { multiplier, is_away: false } => (1.0, 1.0 / multiplier),
            Self::Leaning { multiplier, is_away: true } => (1.0, -1.0 / multiplier),
            Self::Penalty { multiplier } => (multiplier, 1.0),
        }
    }

    /// As a message names it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::System => "g",
            Self::Leaning { is_away: false, .. } => "g + f/κ",
            Self::Leaning { is_away: true, .. } => "g − f/κ",
            Self::Penalty { .. } => "f + κg",
        }
    }
}
