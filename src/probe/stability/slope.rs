//! Exponents: least squares on log-log axes, seed by seed, then mean and standard error over seeds.

use serde::Serialize;

use crate::math::fit::power_law;
use crate::math::number::with_error;
use crate::math::statistics::{mean, standard_error};

/// An exponent over seeds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Slope {
    /// Mean over seeds.
    pub mean: f64,
    /// Standard error of the mean; NaN for one seed.
    pub standard_error: f64,
    /// Seeds that have one: at least three of their points are above zero.
    pub seeds: usize,
}

/// The exponents of both stabilities.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Slopes {
    /// Of ε₁.
    pub epsilon1: Option<Slope>,
    /// Of ε₂².
    pub epsilon2_squared: Option<Slope>,
}

impl Slope {
    /// The exponent of each seed's curve; `None` where no seed has one.
    #[must_use]
    pub fn over(curves: impl Iterator<Item = Vec<(f64, f64)>>) -> Option<Self> {
        let slopes: Vec<f64> = curves.filter_map(|curve| Some(power_law(&curve)?.slope)).collect();
        let of =
            |slopes: &[f64]| Self { mean: mean(slopes), standard_error: standard_error(slopes), seeds: slopes.len() };
        (!slopes.is_empty()).then(|| of(&slopes))
    }

    /// As a reader reads it.
    #[must_use]
    pub fn in_words(&self) -> String {
        format!("slope {}", with_error(self.mean, self.standard_error))
    }
}
