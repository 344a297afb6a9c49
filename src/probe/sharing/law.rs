//! How wrong means over windows are, in closed form.
//!
//! Per-step hypergradients `h_t ~ N(μ_t, Σ)` on a ramp `μ_t = εt`, of equal variance σ² and equal correlation c, each replaced by the mean
//! over its window of W steps: the mean square error is `σ²(1 + c(W−1))/W + ε²(W²−1)/12`, exactly, and least near
//! `W* = (6σ²(1−c)/ε²)^{1/3}`. Where `|μ_{t+1} − μ_t| ≤ ε`, variances differ and correlations are at most c, it is an upper bound with the mean
//! variance for σ². Micaelli and Storkey 2021, theorem 4.1 (c = 0).

use serde::Serialize;

/// A ramp of per-step hypergradients.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Law {
    /// σ of every step.
    pub deviation: f64,
    /// c of every two.
    pub correlation: f64,
    /// ε, from one step to the next.
    pub drift: f64,
}

impl Law {
    /// The mean square error of means over windows of so many steps in a run of T. The last window ends with the run.
    #[must_use]
    pub fn mean_square_error(&self, width: usize, steps: usize) -> f64 {
        let width = width.clamp(1, steps.max(1));
        let (whole, rest) = (steps / width, steps % width);
        let of = |count: usize| {
            let k = count as f64;
            let variance = self.deviation.powi(2) * (1.0 + self.correlation * (k - 1.0)) / k;
            variance + self.drift.powi(2) * (k * k - 1.0) / 12.0
        };
        let last = if rest == 0 { 0.0 } else { rest as f64 * of(rest) };
        ((whole * width) as f64 * of(width) + last) / steps as f64
    }

    /// The width of windows with the least error, as a real number; infinite without drift.
    #[must_use]
    pub fn best_width(&self) -> f64 {
        (6.0 * self.deviation.powi(2) * (1.0 - self.correlation) / self.drift.powi(2)).cbrt()
    }

    /// The whole number of steps with the least error in a run of T, and that error.
    #[must_use]
    pub fn best(&self, steps: usize) -> (usize, f64) {
        let errors = (1..=steps.max(1)).map(|width| (width, self.mean_square_error(width, steps)));
        errors.min_by(|a, b| a.1.total_cmp(&b.1)).unwrap_or((1, f64::NAN))
    }

    /// An upper bound on the error of windows of a width where variances differ, without drift: `(1 + c(W−1))/W` of the mean
    /// variance.
    #[must_use]
    pub fn bound(variances: &[f64], correlation: f64, width: usize) -> f64 {
        let (count, k) = (variances.len() as f64, width as f64);
        (1.0 + correlation * (k - 1.0)) / k * variances.iter().sum::<f64>() / count
    }
}
