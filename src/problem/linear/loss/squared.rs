//! Half the squared residual: `ℓ = (z − y)²/2`.

use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};

use super::scalar::ScalarLoss;
use crate::math::double::Double;

/// `ℓ = (z − y)²/2`. Its state is the residual.
pub(in crate::problem) struct Squared;

impl ScalarLoss for Squared {
    const QUADRATIC: bool = true;
    const STATE_LENGTH: usize = 1;
    const MEASURED: bool = true;
    /// Of a normal density of variance 1.
    const LIKELIHOOD: bool = true;

    fn steepest(&self) -> Option<f64> {
        Some(1.0)
    }

    fn most_third(&self) -> Option<f64> {
        Some(0.0)
    }

    fn fill(&self, target: f64, score: f64, state: &mut [f64]) {
        state[0] = score - target;
    }

    fn loss(&self, state: &[f64]) -> f64 {
        0.5 * state[0] * state[0]
    }

    fn slope(&self, state: &[f64]) -> f64 {
        state[0]
    }

    fn second(&self, _: &[f64]) -> f64 {
        1.0
    }

    fn third_along(&self, _: &[f64], _: f64, _: f64) -> f64 {
        0.0
    }

    fn draw_target(&self, target: f64, state: &[f64], random: &mut ChaCha8Rng) -> f64 {
        let noise: f64 = StandardNormal.sample(random);
        state[0] + target + noise
    }

    fn precise_slope(&self, target: Double, score: Double) -> Double {
        score - target
    }

    fn precise_second_along(&self, _: Double, _: Double, q: Double) -> Double {
        q
    }
}
