//! L-BFGS: P⁻¹ from the last pairs of steps `s = Δθ` and gradient differences `y = Δ∇g` of the inner run.
//!
//! The pairs are gathered while observing, over all rows even where the step saw a batch; after a
//! full-batch step the gradient is already known and costs nothing. The newest pair, up to the θ where
//! an estimate is asked for, is formed there. Pairs without positive curvature are left out. Sources:
//! Nocedal 1980, two-loop recursion; for hypergradients Ye et al. 2024 and Ramzi et al. 2022 (SHINE).
//! Fails early in a run, when the pairs have not yet seen the directions that matter.

use super::{Choice, InnerStep, Inverse, Preconditioner, Start};
use crate::catalog::{Kind, Knob, Scale};
use crate::math::vector::{axpy, dot, scale};
use crate::problem::Oracle;

pub(super) const CHOICE: Choice = Choice {
    name: "Lbfgs",
    help: "built from the steps and gradients of the inner run",
    build: |knobs| Box::new(Lbfgs { memory: knobs.count("memory").max(1), ..Lbfgs::default() }),
};

pub(super) const MEMORY: Knob = Knob {
    key: "memory",
    help: "Pairs kept, for Lbfgs.",
    kind: Kind::Integer { default: 10, range: (1, 1000), scale: Scale::Logarithmic },
};

#[derive(Clone, Default)]
struct Lbfgs {
    memory: usize,
    /// Pairs (s, y) side by side, as a ring; `pairs` counts all that ever came in.
    ring: Vec<f64>,
    pairs: usize,
    /// The last θ observed and ∇g there; `is_started` once they hold something.
    theta: Vec<f64>,
    gradient: Vec<f64>,
    is_started: bool,
    scratch: Vec<f64>,
}

impl Lbfgs {
    fn slot(&self, index: usize) -> std::ops::Range<usize> {
        let length = 2 * self.theta.len();
        let start = index % self.memory * length;
        start..start + length
    }
}

/// Whether a pair tells of positive curvature beyond rounding.
fn is_useful(step: &[f64], change: &[f64]) -> bool {
    dot(step, change) > 1e-12 * (dot(step, step) * dot(change, change)).sqrt()
}

impl Preconditioner for Lbfgs {
    fn begin(&mut self, start: &Start<'_>) {
        let size = start.inner_dimension;
        self.theta.resize(size, 0.0);
        self.gradient.resize(size, 0.0);
        self.scratch.resize(2 * size, 0.0);
        self.ring.resize(self.memory * 2 * size, 0.0);
        self.pairs = 0;
        self.is_started = false;
    }

    fn observe(&mut self, step: &mut InnerStep<'_>) {
        let size = self.theta.len();
        let theta = &step.state[..size];
        step.oracle.use_all_rows();
        step.oracle.move_to(step.lambda, theta);
        let (difference, change) = self.scratch.split_at_mut(size);
        step.oracle.inner_gradient(change);
        difference.copy_from_slice(theta);
        axpy(-1.0, &self.theta, difference);
        self.theta.copy_from_slice(theta);
        for (y, before) in change.iter_mut().zip(&mut self.gradient) {
            (*y, *before) = (*y - *before, *y);
        }
        let is_pair = self.is_started && is_useful(difference, change);
        self.is_started = true;
        if is_pair {
            let slot = self.slot(self.pairs);
            self.ring[slot].copy_from_slice(&self.scratch);
            self.pairs += 1;
        }
    }

    fn inverse(&self, oracle: &mut Oracle) -> Inverse {
        let size = oracle.inner_dimension();
        // Oldest first; the ring holds at most `memory` of them.
        let kept = self.pairs.saturating_sub(self.memory)..self.pairs;
        let mut pairs: Vec<Vec<f64>> = kept.map(|index| self.ring[self.slot(index)].to_vec()).collect();
        if self.is_started {
            let mut newest = vec![0.0; 2 * size];
            let (step, change) = newest.split_at_mut(size);
            oracle.inner_gradient(change);
            step.copy_from_slice(oracle.theta());
            axpy(-1.0, &self.theta, step);
            axpy(-1.0, &self.gradient, change);
            if is_useful(step, change) {
                pairs.push(newest);
            }
        }
        let first = match pairs.last().map(|pair| pair.split_at(size)) {
            Some((step, change)) => dot(step, change) / dot(change, change),
            // Without a bound there is nothing to correct with before a first pair.
            None => oracle.problem().curvature_bound(oracle.lambda()).map_or(0.0, |bound| 1.0 / bound),
        };
        Inverse::new(move |x| two_loops(&pairs, first, x))
    }

    fn is_local(&self) -> bool {
        false
    }

    fn bytes(&self) -> usize {
        size_of_val(&*self.ring) + 4 * size_of_val(&*self.theta)
    }

    fn clone_box(&self) -> Box<dyn Preconditioner> {
        Box::new(self.clone())
    }
}

/// Nocedal's recursion: `x ← P⁻¹x` with `P⁻¹ = first·I` before the pairs.
fn two_loops(pairs: &[Vec<f64>], first: f64, x: &mut [f64]) {
    let size = x.len();
    let mut weights = Vec::with_capacity(pairs.len());
    for (step, change) in pairs.iter().rev().map(|pair| pair.split_at(size)) {
        let weight = dot(step, x) / dot(step, change);
        axpy(-weight, change, x);
        weights.push(weight);
    }
    scale(first, x);
    for ((step, change), weight) in pairs.iter().map(|pair| pair.split_at(size)).zip(weights.iter().rev()) {
        axpy(weight - dot(change, x) / dot(step, change), step, x);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_pair_is_met() {
        // The newest pair is always met exactly, whatever came before: P⁻¹y = s.
        let pairs = vec![vec![1.0, 0.0, 2.0, 1.0], vec![0.5, -1.0, 0.0, -3.5]];
        let mut x = vec![0.0, -3.5];
        two_loops(&pairs, 0.3, &mut x);
        assert!((x[0] - 0.5).abs() < 1e-15 && (x[1] + 1.0).abs() < 1e-15, "{x:?}");
    }

    #[test]
    fn what_no_pair_has_seen_is_scaled() {
        let mut x = vec![0.0, 2.0];
        two_loops(&[vec![1.0, 0.0, 3.0, 0.0]], 0.25, &mut x);
        assert_eq!(x, [0.0, 0.5]);
    }
}
