//! How much is measured, and against what.

use crate::catalog::Knobs;
use crate::data::Resample;

/// Which hypergradient.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TruthKind {
    /// `E_{S_tr}[∇_λ R(θ*(λ; S_tr))]` with R the population risk. An exact inner solution has no bias.
    TrainingExpectation,
    /// The exact hypergradient of the very split the estimate saw.
    SameData,
    /// Inner and outer objective both over the population.
    Population,
}

impl TruthKind {
    fn of(name: &str) -> Self {
        match name {
            "SameData" => Self::SameData,
            "Population" => Self::Population,
            _ => Self::TrainingExpectation,
        }
    }

    /// Its name on screen, and in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::TrainingExpectation => "training expectation",
            Self::SameData => "same data",
            Self::Population => "population",
        }
    }
}

/// How much is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Plan {
    /// R_tr.
    pub(super) training: usize,
    /// R_v.
    pub(super) validation: usize,
    /// What estimates are held against.
    pub(super) truth: TruthKind,
    /// Training samples of the training expectation.
    pub(super) truth_replicates: usize,
    /// How samples are drawn from a pool.
    pub(super) resample: Resample,
}

impl Plan {
    /// From the probe's knobs.
    pub(super) fn of(knobs: &Knobs) -> Self {
        Self {
            training: knobs.count("training"),
            validation: knobs.count("validation"),
            truth: TruthKind::of(knobs.choice("truth")),
            truth_replicates: knobs.count("truth_replicates"),
            resample: if knobs.choice("resample") == "Resplit" { Resample::Resplit } else { Resample::Bootstrap },
        }
    }
}
