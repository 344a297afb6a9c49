//! Huber's loss: `ℓ = u²/2` where `|u| ≤ δ`, `δ|u| − δ²/2` beyond, `u = z − y`.
//!
//! `ℓ′ = max(−δ, min(u, δ))`, `ℓ″` is 1 within δ and 0 beyond, and `ℓ‴` is 0. At `|u| = δ` the second derivative jumps; the
//! one from within is taken.

use super::scalar::ScalarLoss;
use crate::math::double::Double;

/// The loss with threshold δ. Its state is the residual.
pub(in crate::problem) struct Huber {
    /// δ, above 0.
    pub threshold: f64,
}

impl Huber {
    fn is_within(&self, residual: f64) -> bool {
        residual.abs() <= self.threshold
    }
}

impl ScalarLoss for Huber {
    const QUADRATIC: bool = false;
    const STATE_LENGTH: usize = 1;
    const MEASURED: bool = true;

    fn steepest(&self) -> Option<f64> {
        Some(1.0)
    }

    fn fill(&self, target: f64, score: f64, state: &mut [f64]) {
        state[0] = score - target;
    }

    fn loss(&self, state: &[f64]) -> f64 {
        let residual = state[0];
        if self.is_within(residual) {
            0.5 * residual * residual
        } else {
            self.threshold * (residual.abs() - 0.5 * self.threshold)
        }
    }

    fn slope(&self, state: &[f64]) -> f64 {
        state[0].clamp(-self.threshold, self.threshold)
    }

    fn second(&self, state: &[f64]) -> f64 {
        if state[0].abs() > self.threshold { 0.0 } else { 1.0 }
    }

    fn third_along(&self, _: &[f64], _: f64, _: f64) -> f64 {
        0.0
    }

    fn precise_slope(&self, target: Double, score: Double) -> Double {
        let residual = score - target;
        if self.is_within(residual.high) {
            residual
        } else {
            residual.high.clamp(-self.threshold, self.threshold).into()
        }
    }

    fn precise_second_along(&self, target: Double, score: Double, q: Double) -> Double {
        let residual = score - target;
        if residual.high.abs() > self.threshold { Double::ZERO } else { q }
    }
}

#[cfg(test)]
mod tests {
    use super::super::row::RowLoss;
    use super::*;

    #[test]
    fn by_hand_on_either_side_of_the_threshold() {
        let loss = Huber { threshold: 2.0 };
        let of = |residual: f64| {
            let (mut state, mut gradient) = ([0.0], [0.0]);
            loss.prepare(5.0, &[5.0 + residual], &mut state);
            loss.gradient(5.0, &state, &mut gradient);
            (loss.value(&state), gradient[0], loss.curvature_entry(&state, 0, 0))
        };
        assert_eq!(of(-1.5), (1.125, -1.5, 1.0));
        assert_eq!(of(2.0), (2.0, 2.0, 1.0));
        assert_eq!(of(-7.0), (12.0, -2.0, 0.0));
        assert!(of(f64::NAN).0.is_nan() && of(f64::NAN).1.is_nan());
    }
}
