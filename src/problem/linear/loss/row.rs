//! What is asked of the loss of one row.

use rand_chacha::ChaCha8Rng;

use crate::math::double::Double;

/// A loss `ℓ(z, target)` with `z ∈ R^K`, and its first three derivatives in `z`.
pub(in crate::problem) trait RowLoss: Send + Sync + 'static {
    /// Whether `∂²ℓ` is the identity, so that `XᵀX/n` is the whole Hessian.
    const QUADRATIC: bool;

    /// Whether adding the same to all K scores leaves `ℓ` as it is.
    const SEES_DIFFERENCES: bool;

    /// Whether a target is a measurement, which was rounded, and not the number of a class.
    const MEASURED: bool;

    /// Whether `ℓ` is the negative logarithm of a density of the target whose natural parameters are the scores, up to what does
    /// not depend on them: then `∂²ℓ` is the covariance of `∂ℓ` over targets drawn from it.
    const LIKELIHOOD: bool = false;

    /// The largest eigenvalue `∂²ℓ` can have; `None` where there is no bound.
    fn largest_curvature(&self) -> Option<f64>;

    /// How far `∂²ℓ` moves with the scores: `‖∂²ℓ(z) − ∂²ℓ(z′)‖ ≤ this · ‖z − z′‖`; `None` where there is no bound.
    fn steepest_curvature(&self) -> Option<f64>;

    /// K, the number of scores of a row.
    fn outputs(&self) -> usize;

    /// Numbers kept for each row.
    fn state_length(&self) -> usize;

    /// Computes the state from the scores.
    fn prepare(&self, target: f64, scores: &[f64], state: &mut [f64]);

    /// `ℓ`.
    fn value(&self, state: &[f64]) -> f64;

    /// `∂ℓ ∈ R^K`.
    fn gradient(&self, target: f64, state: &[f64], out: &mut [f64]);

    /// `∂²ℓ q ∈ R^K`.
    fn curvature(&self, state: &[f64], q: &[f64], out: &mut [f64]);

    /// `∂²ℓ Q` in the place of Q, K × `count`: directions side by side, each with the bits of [`curvature`](Self::curvature). `means` has
    /// room for a number a direction.
    fn curvatures(&self, state: &[f64], q: &mut [f64], count: usize, means: &mut [f64]);

    /// The entry `(k, m)` of `∂²ℓ`.
    fn curvature_entry(&self, state: &[f64], k: usize, m: usize) -> f64;

    /// `∂³ℓ [q, r, ·] ∈ R^K`.
    fn third(&self, state: &[f64], q: &[f64], r: &[f64], out: &mut [f64]);

    /// A target drawn from the density, given the state under another target; not a number where `ℓ` is no
    /// [likelihood](Self::LIKELIHOOD).
    fn draw(&self, _target: f64, _state: &[f64], _random: &mut ChaCha8Rng) -> f64 {
        f64::NAN
    }

    /// `∂ℓ` under another target, given the state under this one.
    fn relabelled(&self, target: f64, label: f64, state: &[f64], out: &mut [f64]);

    /// Whether `ℓ` is defined for a target.
    fn knows(&self, label: f64) -> bool {
        label.is_finite()
    }

    /// Vectors `a_k` with weights `w_k`, `Σ_k w_k a_k a_kᵀ = ∂²ℓ`: one for each output.
    fn spread(&self, state: &[f64], outcome: usize, out: &mut [f64]) -> f64;

    /// `∂ℓ ∈ R^K` from the scores, with twice the digits.
    fn precise_gradient(&self, target: Double, scores: &[Double], out: &mut [Double]);

    /// `∂²ℓ q ∈ R^K` from the scores, with twice the digits.
    fn precise_curvature(&self, target: Double, scores: &[Double], q: &[Double], out: &mut [Double]);

    /// Whether the scores name the right class; `None` for a regression.
    fn is_correct(&self, target: f64, scores: &[f64]) -> Option<bool>;
}
