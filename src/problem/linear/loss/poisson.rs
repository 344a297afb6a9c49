//! Half the deviance of a Poisson count with log link: `ℓ = e^z − y z + y ln y − y`, 0 where `e^z = y`.
//!
//! All derivatives of `e^z` are `e^z`: `ℓ′ = e^z − y`, `ℓ″ = ℓ‴ = e^z`, without a bound. For y > 0 the loss and its slope are
//! written in `r = z − ln y`, `ℓ = y (e^r − 1 − r)`, which does not cancel near `r = 0`.

use rand_chacha::ChaCha8Rng;
use rand_distr::Distribution;

use super::scalar::ScalarLoss;
use crate::math::double::Double;

/// Half the deviance of counts. Its state is the loss, its slope and `e^z`.
pub(in crate::problem) struct Poisson;

impl ScalarLoss for Poisson {
    const QUADRATIC: bool = false;
    const STATE_LENGTH: usize = 3;
    const MEASURED: bool = true;
    const LIKELIHOOD: bool = true;

    fn steepest(&self) -> Option<f64> {
        None
    }

    fn fill(&self, target: f64, score: f64, state: &mut [f64]) {
        let rate = score.exp();
        state[2] = rate;
        if target > 0.0 {
            let ratio = score - target.ln();
            let excess = ratio.exp_m1();
            state[0] = target * (excess - ratio);
            state[1] = target * excess;
        } else {
            state[0] = rate;
            state[1] = rate;
        }
    }

    fn third_along(&self, state: &[f64], q: f64, r: f64) -> f64 {
        state[2] * q * r
    }

    fn draw_target(&self, _: f64, state: &[f64], random: &mut ChaCha8Rng) -> f64 {
        // A rate that overflows, or vanishes, has no counts to draw.
        rand_distr::Poisson::new(state[2]).map_or(f64::NAN, |counts| counts.sample(random))
    }

    fn slope_under(&self, _: f64, label: f64, state: &[f64]) -> f64 {
        if self.knows_target(label) { state[2] - label } else { f64::NAN }
    }

    fn knows_target(&self, label: f64) -> bool {
        label.is_finite() && label >= 0.0
    }

    fn precise_slope(&self, target: Double, score: Double) -> Double {
        score.exp() - target
    }

    fn precise_second_along(&self, _: Double, score: Double, q: Double) -> Double {
        score.exp() * q
    }
}

#[cfg(test)]
mod tests {
    use super::super::row::RowLoss;
    use super::*;

    fn state(target: f64, score: f64) -> [f64; 3] {
        let mut state = [0.0; 3];
        Poisson.prepare(target, &[score], &mut state);
        state
    }

    #[test]
    fn by_hand() {
        // e² − 3·2 + 3 ln 3 − 3.
        let [value, slope, rate] = state(3.0, 2.0);
        assert!((value - (2f64.exp() - 9.0 + 3.0 * 3f64.ln())).abs() < 1e-14);
        assert!((slope - (2f64.exp() - 3.0)).abs() < 1e-14 && rate == 2f64.exp());
        assert_eq!(state(0.0, 1.0), [1f64.exp(); 3]);
        assert_eq!(state(1.0, 0.0), [0.0, 0.0, 1.0]);
        // y r²/2 where r is small.
        let ratio = 1e-9;
        assert!((state(1.0, ratio)[0] / (0.5 * ratio * ratio) - 1.0).abs() < 1e-6);
    }

    #[test]
    fn what_overflows_is_infinite_and_no_panic() {
        assert_eq!(state(2.0, 800.0)[0], f64::INFINITY);
        assert!(state(2.0, f64::NAN)[0].is_nan());
    }
}
