//! Cross-entropy of the softmax: `ℓ = log Σ_k e^{z_k} − z_y`.
//!
//! With `p = softmax(z)`: `∂ℓ = p − e_y`, `∂²ℓ q = p ∘ (q − pᵀq)` and, with
//! `ṗ = p ∘ (r − pᵀr)`, `∂³ℓ [q, r, ·] = ṗ ∘ (q − pᵀq) − p (ṗᵀq)`. The entry `p_y − 1` is
//! computed as minus the sum of the other probabilities, which does not cancel.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use super::row::RowLoss;
use crate::math::double::{self, Double};
use crate::math::panel;
use crate::math::vector::dot;

/// Cross-entropy over `classes` classes; a target is the index of a class. The state is p, then
/// `p_y − 1`, then ℓ.
pub(in crate::problem) struct Softmax {
    /// K.
    pub classes: usize,
}

impl Softmax {
    /// `p − e_k`.
    fn towards(&self, state: &[f64], class: usize, out: &mut [f64]) {
        out.copy_from_slice(&state[..self.classes]);
        out[class] = 0.0;
        out[class] = -out.iter().sum::<f64>();
    }
}

/// The index a target stands for. The classes are encoded when the problem is built.
fn class(target: f64) -> usize {
    target as usize
}

impl RowLoss for Softmax {
    const QUADRATIC: bool = false;
    const SEES_DIFFERENCES: bool = true;
    const MEASURED: bool = false;
    const LIKELIHOOD: bool = true;

    fn largest_curvature(&self) -> Option<f64> {
        Some(0.5)
    }

    /// `∂³ℓ [u, u, u]` is the third central moment of `u_k` under the probabilities. Of a number within a range w that is at most
    /// `w³/(6√3)`, and `w ≤ √2 ‖u‖`; of a symmetric form the largest value is on the diagonal.
    fn steepest_curvature(&self) -> Option<f64> {
        Some(2f64.sqrt().powi(3) / (6.0 * 3f64.sqrt()))
    }

    fn outputs(&self) -> usize {
        self.classes
    }

    fn state_length(&self) -> usize {
        self.classes + 2
    }

    fn prepare(&self, target: f64, scores: &[f64], state: &mut [f64]) {
        let (probabilities, rest) = state.split_at_mut(self.classes);
        let right = class(target);
        let largest = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let mut others = 0.0;
        for (k, (p, score)) in probabilities.iter_mut().zip(scores).enumerate() {
            *p = (score - largest).exp();
            if k != right {
                others += *p;
            }
        }
        let own = probabilities[right];
        let total = own + others;
        rest[0] = -others / total;
        // Where the right class leads by far, log(1 + small) keeps the digits that log(total) loses.
        rest[1] = if own == 1.0 { others.ln_1p() } else { total.ln() + (largest - scores[right]) };
        for p in probabilities {
            *p /= total;
        }
    }

    fn value(&self, state: &[f64]) -> f64 {
        state[self.classes + 1]
    }

    fn gradient(&self, target: f64, state: &[f64], out: &mut [f64]) {
        out.copy_from_slice(&state[..self.classes]);
        out[class(target)] = state[self.classes];
    }

    fn curvature(&self, state: &[f64], q: &[f64], out: &mut [f64]) {
        let probabilities = &state[..self.classes];
        let mean = dot(probabilities, q);
        for ((target, p), q) in out.iter_mut().zip(probabilities).zip(q) {
            *target = p * (q - mean);
        }
    }

    fn curvatures(&self, state: &[f64], q: &mut [f64], count: usize, means: &mut [f64]) {
        let probabilities = &state[..self.classes];
        panel::dots(&[probabilities], q, count, means);
        for (q, p) in q.chunks_exact_mut(count).zip(probabilities) {
            q.iter_mut().zip(&*means).for_each(|(q, mean)| *q = p * (*q - mean));
        }
    }

    fn curvature_entry(&self, state: &[f64], k: usize, m: usize) -> f64 {
        if k != m {
            return -state[k] * state[m];
        }
        let others: f64 = state[..self.classes].iter().enumerate().filter(|(j, _)| *j != k).map(|(_, p)| p).sum();
        state[k] * others
    }

    fn third(&self, state: &[f64], q: &[f64], r: &[f64], out: &mut [f64]) {
        let probabilities = &state[..self.classes];
        let (mean_q, mean_r) = (dot(probabilities, q), dot(probabilities, r));
        // pᵀ(q − mean) = 0 turns ṗᵀq into a covariance.
        let covariance: f64 =
            probabilities.iter().zip(q).zip(r).map(|((p, q), r)| p * (q - mean_q) * (r - mean_r)).sum();
        for (((target, p), q), r) in out.iter_mut().zip(probabilities).zip(q).zip(r) {
            *target = p * ((q - mean_q) * (r - mean_r) - covariance);
        }
    }

    fn draw(&self, _: f64, state: &[f64], random: &mut ChaCha8Rng) -> f64 {
        let mut left: f64 = random.random();
        for (k, p) in state[..self.classes].iter().enumerate() {
            left -= p;
            if left < 0.0 {
                return k as f64;
            }
        }
        (self.classes - 1) as f64
    }

    fn relabelled(&self, _: f64, label: f64, state: &[f64], out: &mut [f64]) {
        if !self.knows(label) {
            return out.fill(f64::NAN);
        }
        self.towards(state, class(label), out);
    }

    fn knows(&self, label: f64) -> bool {
        label >= 0.0 && label < self.classes as f64 && label.fract() == 0.0
    }

    /// `∂²ℓ = diag p − ppᵀ = Σ_k p_k (p − e_k)(p − e_k)ᵀ`.
    fn spread(&self, state: &[f64], outcome: usize, out: &mut [f64]) -> f64 {
        self.towards(state, outcome, out);
        state[outcome]
    }

    fn precise_gradient(&self, target: Double, scores: &[Double], out: &mut [Double]) {
        let right = class(target.high);
        probabilities(scores, out);
        let others = out.iter().enumerate().filter(|(k, _)| *k != right);
        out[right] = -others.fold(Double::ZERO, |sum, (_, p)| sum + *p);
    }

    fn precise_curvature(&self, _: Double, scores: &[Double], q: &[Double], out: &mut [Double]) {
        probabilities(scores, out);
        let mean = double::dot(out, q);
        for (p, q) in out.iter_mut().zip(q) {
            *p = *p * (*q - mean);
        }
    }

    fn is_correct(&self, target: f64, scores: &[f64]) -> Option<bool> {
        let mut best = 0;
        for (k, score) in scores.iter().enumerate() {
            if *score > scores[best] {
                best = k;
            }
        }
        Some(best == class(target))
    }
}

/// `out = softmax(scores)`.
fn probabilities(scores: &[Double], out: &mut [Double]) {
    let largest = scores.iter().fold(f64::NEG_INFINITY, |largest, score| largest.max(score.high));
    for (p, score) in out.iter_mut().zip(scores) {
        *p = (*score - largest.into()).exp();
    }
    let total = out.iter().fold(Double::ZERO, |sum, p| sum + *p);
    out.iter_mut().for_each(|p| *p = *p / total);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(target: f64, scores: &[f64]) -> Vec<f64> {
        let loss = Softmax { classes: scores.len() };
        let mut state = vec![0.0; loss.state_length()];
        loss.prepare(target, scores, &mut state);
        state
    }

    #[test]
    fn two_classes_are_the_logistic_loss() {
        let state = state(1.0, &[0.3, 1.0]);
        assert!((state[3] - (-0.7f64).exp().ln_1p()).abs() < 1e-15);
        assert!((state[0] - 1.0 / (1.0 + 0.7f64.exp())).abs() < 1e-15);
    }

    #[test]
    fn far_out_nothing_overflows_or_vanishes() {
        let right = state(0.0, &[90.0, 0.0, -900.0]);
        assert!((right[4] / (-90f64).exp() - 1.0).abs() < 1e-14);
        assert!((right[3] / -(-90f64).exp() - 1.0).abs() < 1e-14);
        assert_eq!(state(1.0, &[900.0, 0.0, 0.0])[4], 900.0);
    }
}
