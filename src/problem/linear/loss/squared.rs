//! Half the squared residual: `ℓ = (z − y)²/2`.

use super::RowLoss;
use crate::math::double::Double;

/// `ℓ = (z − y)²/2`. Its state is the residual.
pub(in crate::problem) struct Squared;

impl RowLoss for Squared {
    const QUADRATIC: bool = true;
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
        0.5 * state[0] * state[0]
    }

    fn gradient(&self, _: f64, state: &[f64], out: &mut [f64]) {
        out[0] = state[0];
    }

    fn curvature(&self, _: &[f64], q: &[f64], out: &mut [f64]) {
        out[0] = q[0];
    }

    fn curvature_entry(&self, _: &[f64], _: usize, _: usize) -> f64 {
        1.0
    }

    fn third(&self, _: &[f64], _: &[f64], _: &[f64], out: &mut [f64]) {
        out[0] = 0.0;
    }

    fn precise_gradient(&self, target: Double, scores: &[Double], out: &mut [Double]) {
        out[0] = scores[0] - target;
    }

    fn precise_curvature(&self, _: Double, _: &[Double], q: &[Double], out: &mut [Double]) {
        out[0] = q[0];
    }

    fn is_correct(&self, _: f64, _: &[f64]) -> Option<bool> {
        None
    }
}
