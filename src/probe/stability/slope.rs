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
    /// Seeds that have one: all of their runs got to the end, and at least three of their points are above zero.
    pub seeds: usize,
    /// Points of all seeds that are in no fit: no twin had moved yet, or they are the points of a seed that has no slope.
    pub left_out: usize,
    /// Points of all seeds.
    pub points: usize,
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
        let (mut slopes, mut points, mut fitted) = (Vec::new(), 0, 0);
        for curve in curves {
            points += curve.len();
            // What is left of runs that have died says nothing of a run to the end.
            let has_died = curve.iter().any(|(_, distance)| distance.is_nan());
            if let Some(law) = power_law(&curve).filter(|_| !has_died) {
                slopes.push(law.slope);
                fitted += law.points;
            }
        }
        let (mean, standard_error) = (mean(&slopes), standard_error(&slopes));
        let found = Self { mean, standard_error, seeds: slopes.len(), left_out: points - fitted, points };
        (!slopes.is_empty()).then_some(found)
    }

    /// As a reader reads it.
    #[must_use]
    pub fn in_words(&self) -> String {
        format!("slope {}", with_error(self.mean, self.standard_error))
    }

    /// What it leaves out, where it leaves out something.
    #[must_use]
    pub fn left_out_in_words(&self) -> Option<String> {
        let (left_out, points) = (self.left_out, self.points);
        (left_out > 0)
            .then(|| format!("without {left_out} of {points} points, where no twin had moved or a run had no end"))
    }
}
