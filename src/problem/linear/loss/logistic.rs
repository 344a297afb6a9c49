//! Logistic loss for `y ∈ {−1, 1}`: `ℓ = log(1 + e^{−yz})`.
//!
//! With `σ(z) = 1/(1 + e^{−z})`: `ℓ′ = −y σ(−yz)`, `ℓ″ = σ(z) σ(−z)` and
//! `ℓ‴ = −σ(z) σ(−z) tanh(z/2)`. Everything is written in `e^{−|z|} ≤ 1`, so that nothing
//! overflows and no `1 − σ` cancels: far out on the right side the loss is 1e-40, not 0.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use super::scalar::ScalarLoss;
use crate::math::double::Double;

/// `ℓ = log(1 + e^{−yz})`. Its state is the loss and its three derivatives.
pub(in crate::problem) struct Logistic;

impl ScalarLoss for Logistic {
    const QUADRATIC: bool = false;
    const STATE_LENGTH: usize = 4;
    const MEASURED: bool = false;
    const LIKELIHOOD: bool = true;

    fn steepest(&self) -> Option<f64> {
        Some(0.25)
    }

    /// `σ(1 − σ)(1 − 2σ)` is largest at `σ = ½ ± 1/√12`.
    fn most_third(&self) -> Option<f64> {
        Some(1.0 / (6.0 * 3f64.sqrt()))
    }

    fn fill(&self, target: f64, score: f64, state: &mut [f64]) {
        let margin = target * score;
        let small = (-score.abs()).exp();
        let larger = 1.0 / (1.0 + small);
        let smaller = small * larger;
        let wrong = if margin >= 0.0 { smaller } else { larger };
        let curvature = larger * smaller;
        state[0] = (-margin).max(0.0) + small.ln_1p();
        state[1] = -target * wrong;
        state[2] = curvature;
        state[3] = -curvature * (0.5 * score).tanh();
    }

    fn precise_slope(&self, target: Double, score: Double) -> Double {
        let [larger, smaller] = sigmoids(score);
        let is_right = target.high * score.high >= 0.0;
        -(target * if is_right { smaller } else { larger })
    }

    fn precise_second_along(&self, _: Double, score: Double, q: Double) -> Double {
        let [larger, smaller] = sigmoids(score);
        larger * smaller * q
    }

    fn draw_target(&self, target: f64, state: &[f64], random: &mut ChaCha8Rng) -> f64 {
        // σ(−yz), the probability of the other class.
        let other = -target * state[1];
        let probability = if target > 0.0 { 1.0 - other } else { other };
        if random.random::<f64>() < probability { 1.0 } else { -1.0 }
    }

    fn slope_under(&self, target: f64, label: f64, state: &[f64]) -> f64 {
        if label == target {
            return state[1];
        }
        let other = -target * state[1];
        // σ(yz) = σ(z) σ(−z) / σ(−yz), without 1 − σ.
        let own = if other > 0.0 { state[2] / other } else { 1.0 };
        if self.knows_target(label) { -label * own } else { f64::NAN }
    }

    fn knows_target(&self, label: f64) -> bool {
        label.abs() == 1.0
    }

    fn names_class(&self, target: f64, score: f64) -> Option<bool> {
        Some(target * score > 0.0)
    }
}

/// `σ(|z|)` and `σ(−|z|)`.
pub(super) fn sigmoids(score: Double) -> [Double; 2] {
    let small = (if score.high >= 0.0 { -score } else { score }).exp();
    let larger = Double::ONE / (Double::ONE + small);
    [larger, small * larger]
}

#[cfg(test)]
mod tests {
    use super::super::row::RowLoss;
    use super::*;

    fn state(target: f64, score: f64) -> [f64; 4] {
        let mut state = [0.0; 4];
        Logistic.prepare(target, &[score], &mut state);
        state
    }

    #[test]
    fn far_out_nothing_overflows_or_vanishes() {
        let right = state(1.0, 100.0);
        assert!((right[0] / (-100f64).exp() - 1.0).abs() < 1e-14);
        assert!((right[1] / -(-100f64).exp() - 1.0).abs() < 1e-14);
        let wrong = state(-1.0, 800.0);
        assert_eq!((wrong[0], wrong[1]), (800.0, 1.0));
        assert!(state(1.0, f64::NAN)[0].is_nan());
    }

    #[test]
    fn at_zero_by_hand() {
        assert_eq!(state(1.0, 0.0), [2f64.ln(), -0.5, 0.25, 0.0]);
    }
}
