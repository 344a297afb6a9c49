//! Huber's loss: `ℓ = u²/2` where `|u| ≤ δ`, `δ|u| − δ²/2` beyond, `u = z − y`.
//!
//! `ℓ′ = max(−δ, min(u, δ))`, `ℓ″` is 1 within δ and 0 beyond, and `ℓ‴` is 0. At `|u| = δ` the second derivative jumps; the
//! one from within is taken.

use super::RowLoss;
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

impl RowLoss for Huber {
    const QUADRATIC: bool = false;
    const SEES_DIFFERENCES: bool = false;
    const MEASURED: bool = true;

    fn largest_curvature(&self) -> Option<f64> {
        Some(1.0)
    }

    fn outputs(&self) -> usize {
        1
    }

    fn state_length(&self) -> usize {
        1
    }

    fn prepare(&self, target: f64, scores: &[f64], state: &mut [f64]) {
        state[0] = scores[0] - target;
    }

    fn value(&self, state: &[f64]) -> f64 {
        let residual = state[0];
        if self.is_within(residual) {
            0.5 * residual * residual
        } else {
            self.threshold * (residual.abs() - 0.5 * self.threshold)
        }
    }

    fn gradient(&self, _: f64, state: &[f64], out: &mut [f64]) {
        out[0] = state[0].clamp(-self.threshold, self.threshold);
    }

    fn curvature(&self, state: &[f64], q: &[f64], out: &mut [f64]) {
        out[0] = self.curvature_entry(state, 0, 0) * q[0];
    }

    fn curvature_entry(&self, state: &[f64], _: usize, _: usize) -> f64 {
        if state[0].abs() > self.threshold { 0.0 } else { 1.0 }
    }

    fn third(&self, _: &[f64], _: &[f64], _: &[f64], out: &mut [f64]) {
        out[0] = 0.0;
    }

    fn precise_gradient(&self, target: Double, scores: &[Double], out: &mut [Double]) {
        let residual = scores[0] - target;
        let is_within = self.is_within(residual.high);
        out[0] = if is_within { residual } else { residual.high.clamp(-self.threshold, self.threshold).into() };
    }

    fn precise_curvature(&self, target: Double, scores: &[Double], q: &[Double], out: &mut [Double]) {
        let residual = scores[0] - target;
        out[0] = if residual.high.abs() > self.threshold { Double::ZERO } else { q[0] };
    }

    fn is_correct(&self, _: f64, _: &[f64]) -> Option<bool> {
        None
    }
}

#[cfg(test)]
mod tests {
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
