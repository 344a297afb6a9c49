//! Losses of one score, of which everything that is asked of a row follows.

use rand_chacha::ChaCha8Rng;

use super::row::RowLoss;
use crate::math::double::Double;
use crate::math::vector::scale;

/// A loss `ℓ(z, target)` with `z ∈ R`, and its derivatives in z. Its state is ℓ, ℓ′, ℓ″, ℓ‴ unless
/// it says otherwise. It is a [`RowLoss`] with one output.
pub(in crate::problem) trait ScalarLoss: Send + Sync + 'static {
    /// See [`RowLoss::QUADRATIC`].
    const QUADRATIC: bool;

    /// See [`RowLoss::MEASURED`].
    const MEASURED: bool;

    /// See [`RowLoss::LIKELIHOOD`].
    const LIKELIHOOD: bool = false;

    /// Numbers kept for each row.
    const STATE_LENGTH: usize;

    /// The largest ℓ″; `None` where there is no bound.
    fn steepest(&self) -> Option<f64>;

    /// The largest `|ℓ‴|`; `None` where there is no bound, or ℓ″ jumps.
    fn most_third(&self) -> Option<f64> {
        None
    }

    /// Computes the state from the score.
    fn fill(&self, target: f64, score: f64, state: &mut [f64]);

    /// ℓ.
    fn loss(&self, state: &[f64]) -> f64 {
        state[0]
    }

    /// ℓ′.
    fn slope(&self, state: &[f64]) -> f64 {
        state[1]
    }

    /// ℓ″.
    fn second(&self, state: &[f64]) -> f64 {
        state[2]
    }

    /// `ℓ‴ q r`.
    fn third_along(&self, state: &[f64], q: f64, r: f64) -> f64 {
        state[3] * q * r
    }

    /// See [`RowLoss::draw`].
    fn draw_target(&self, _target: f64, _state: &[f64], _random: &mut ChaCha8Rng) -> f64 {
        f64::NAN
    }

    /// ℓ′ under another target: it is linear in the target where the score is the natural parameter.
    fn slope_under(&self, target: f64, label: f64, state: &[f64]) -> f64 {
        self.slope(state) + target - label
    }

    /// See [`RowLoss::knows`].
    fn knows_target(&self, label: f64) -> bool {
        label.is_finite()
    }

    /// ℓ′ from the score, with twice the digits.
    fn precise_slope(&self, target: Double, score: Double) -> Double;

    /// `ℓ″ q` from the score, with twice the digits.
    fn precise_second_along(&self, target: Double, score: Double, q: Double) -> Double;

    /// Whether the score names the right class; `None` for a regression.
    fn names_class(&self, _target: f64, _score: f64) -> Option<bool> {
        None
    }
}

impl<S: ScalarLoss> RowLoss for S {
    const QUADRATIC: bool = <S as ScalarLoss>::QUADRATIC;
    // There is one score alone.
    const SEES_DIFFERENCES: bool = false;
    const MEASURED: bool = <S as ScalarLoss>::MEASURED;

    fn largest_curvature(&self) -> Option<f64> {
        self.steepest()
    }

    fn steepest_curvature(&self) -> Option<f64> {
        self.most_third()
    }

    fn outputs(&self) -> usize {
        1
    }

    fn state_length(&self) -> usize {
        S::STATE_LENGTH
    }

    fn prepare(&self, target: f64, scores: &[f64], state: &mut [f64]) {
        self.fill(target, scores[0], state);
    }

    fn value(&self, state: &[f64]) -> f64 {
        self.loss(state)
    }

    fn gradient(&self, _: f64, state: &[f64], out: &mut [f64]) {
        out[0] = self.slope(state);
    }

    fn curvature(&self, state: &[f64], q: &[f64], out: &mut [f64]) {
        out[0] = self.second(state) * q[0];
    }

    fn curvatures(&self, state: &[f64], q: &mut [f64], _: usize, _: &mut [f64]) {
        scale(self.second(state), q);
    }

    fn curvature_entry(&self, state: &[f64], _: usize, _: usize) -> f64 {
        self.second(state)
    }

    fn third(&self, state: &[f64], q: &[f64], r: &[f64], out: &mut [f64]) {
        out[0] = self.third_along(state, q[0], r[0]);
    }

    const LIKELIHOOD: bool = <S as ScalarLoss>::LIKELIHOOD;

    fn draw(&self, target: f64, state: &[f64], random: &mut ChaCha8Rng) -> f64 {
        self.draw_target(target, state, random)
    }

    fn relabelled(&self, target: f64, label: f64, state: &[f64], out: &mut [f64]) {
        out[0] = self.slope_under(target, label, state);
    }

    fn knows(&self, label: f64) -> bool {
        self.knows_target(label)
    }

    fn spread(&self, state: &[f64], _: usize, out: &mut [f64]) -> f64 {
        out[0] = 1.0;
        self.second(state)
    }

    fn precise_gradient(&self, target: Double, scores: &[Double], out: &mut [Double]) {
        out[0] = self.precise_slope(target, scores[0]);
    }

    fn precise_curvature(&self, target: Double, scores: &[Double], q: &[Double], out: &mut [Double]) {
        out[0] = self.precise_second_along(target, scores[0], q[0]);
    }

    fn is_correct(&self, target: f64, scores: &[f64]) -> Option<bool> {
        self.names_class(target, scores[0])
    }
}
