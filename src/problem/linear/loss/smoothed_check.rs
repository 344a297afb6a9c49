//! The check loss of quantile regression, convolved with a logistic density of bandwidth h.
//!
//! With `u = y − z` the check loss is `ρ_τ(u) = u (τ − 1{u < 0})` (Koenker and Bassett 1978). Its convolution with the density
//! of h times a logistic variable is `ℓ = τu + h log(1 + e^{−u/h})` (Horowitz 1998; Fernandes, Guerre and Horta 2021; He, Pan, Tan and Zhou
//! 2023), between `ρ_τ` and `ρ_τ + h ln 2`. With σ(s) = 1/(1 + e^{−s}) and `s = (z − y)/h`:
//! `ℓ′ = σ(s) − τ`, `ℓ″ = σ(s) σ(−s)/h ≤ 1/4h`, `ℓ‴ = −σ(s) σ(−s) tanh(s/2)/h²`.

use super::logistic::sigmoids;
use super::scalar::ScalarLoss;
use crate::math::double::Double;

/// The smoothed loss of a quantile. Its state is the loss and its three derivatives.
pub(in crate::problem) struct SmoothedCheck {
    /// τ, between 0 and 1.
    pub level: f64,
    /// h, above 0, in the units of the target.
    pub bandwidth: f64,
}

impl ScalarLoss for SmoothedCheck {
    const QUADRATIC: bool = false;
    const STATE_LENGTH: usize = 4;
    const MEASURED: bool = true;

    fn steepest(&self) -> Option<f64> {
        Some(0.25 / self.bandwidth)
    }

    fn fill(&self, target: f64, score: f64, state: &mut [f64]) {
        let residual = target - score;
        let scaled = -residual / self.bandwidth;
        // Written in e^{−|s|} ≤ 1, so that nothing overflows.
        let small = (-scaled.abs()).exp();
        let larger = 1.0 / (1.0 + small);
        let smaller = small * larger;
        let below = if scaled >= 0.0 { larger } else { smaller };
        let check = if residual >= 0.0 { self.level * residual } else { (self.level - 1.0) * residual };
        let curvature = larger * smaller / self.bandwidth;
        state[0] = check + self.bandwidth * small.ln_1p();
        state[1] = below - self.level;
        state[2] = curvature;
        state[3] = -curvature * (0.5 * scaled).tanh() / self.bandwidth;
    }

    fn precise_slope(&self, target: Double, score: Double) -> Double {
        let scaled = (score - target) / Double::from(self.bandwidth);
        let [larger, smaller] = sigmoids(scaled);
        let below = if scaled.high >= 0.0 { larger } else { smaller };
        below - self.level.into()
    }

    fn precise_second_along(&self, target: Double, score: Double, q: Double) -> Double {
        let bandwidth = Double::from(self.bandwidth);
        let [larger, smaller] = sigmoids((score - target) / bandwidth);
        larger * smaller * q / bandwidth
    }
}

#[cfg(test)]
mod tests {
    use super::super::row::RowLoss;
    use super::*;

    fn state(loss: &SmoothedCheck, residual: f64) -> [f64; 4] {
        let mut state = [0.0; 4];
        loss.prepare(residual, &[0.0], &mut state);
        state
    }

    #[test]
    fn far_out_it_is_the_check_loss_and_at_zero_h_ln_2() {
        let loss = SmoothedCheck { level: 0.25, bandwidth: 0.1 };
        assert_eq!(state(&loss, 400.0), [100.0, -0.25, 0.0, 0.0]);
        assert_eq!(state(&loss, -400.0), [300.0, 0.75, 0.0, 0.0]);
        assert_eq!(state(&loss, 0.0), [0.1 * 2f64.ln(), 0.25, 2.5, 0.0]);
        assert!(state(&loss, f64::NAN)[0].is_nan());
    }

    /// `∫ ρ_τ(u − t) k(t/h)/h dt` by the trapezoidal rule.
    #[test]
    fn it_is_the_convolution_of_the_check_loss() {
        let loss = SmoothedCheck { level: 0.3, bandwidth: 0.5 };
        let check = |u: f64| if u >= 0.0 { 0.3 * u } else { -0.7 * u };
        let density = |t: f64| {
            let small = (-(t / 0.5).abs()).exp();
            small / ((1.0 + small) * (1.0 + small)) / 0.5
        };
        for residual in [-1.1, 0.0, 0.4] {
            let step = 1e-3;
            let sum: f64 = (-20_000..=20_000)
                .map(|index| f64::from(index) * step)
                .map(|t| check(residual - t) * density(t) * step)
                .sum();
            assert!((state(&loss, residual)[0] - sum).abs() < 1e-6, "{residual}: {sum}");
        }
    }
}
