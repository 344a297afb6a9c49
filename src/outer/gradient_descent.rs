//! Gradient descent on λ: `λ ← λ − α ĥ`.

use super::step::{FALL, STEP, Step};
use super::{Entry, OuterRule};
use crate::catalog::{Card, Knobs};
use crate::problem::Blocks;

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "gradient-descent",
        name: "Gradient descent",
        source: "Bengio 2000",
        equation: "λ ← λ − α_t ĥ,  α_t = α/(1 + t/b)^c",
        summary: "A step downhill: λ moves against the estimate, in proportion to it.",
        cost: "none beyond ĥ",
        fails: "A step beyond 2/L of F makes F worse; flat directions hardly move.",
        knobs: &[STEP, FALL[0], FALL[1]],
    },
    build: |knobs| Box::new(GradientDescent { step: Step::of(knobs) }),
};

#[derive(Clone)]
struct GradientDescent {
    step: Step,
}

impl OuterRule for GradientDescent {
    fn step(&mut self, blocks: &Blocks, lambda: &mut [f64], hypergradient: &[f64]) {
        descend(self.step.next(), blocks, hypergradient, lambda);
    }

    fn step_size(&self) -> Option<f64> {
        Some(self.step.now())
    }

    fn turn(&mut self, knobs: &Knobs) {
        self.step.turn(knobs);
    }

    fn clone_box(&self) -> Box<dyn OuterRule> {
        Box::new(self.clone())
    }
}

/// `λ ← λ − step · scale · direction`, with the scale of each entry's block.
pub(super) fn descend(step: f64, blocks: &Blocks, direction: &[f64], lambda: &mut [f64]) {
    for ((x, direction), scale) in lambda.iter_mut().zip(direction).zip(blocks.scales()) {
        *x += -step * scale * direction;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Value;
    use crate::outer::blocks;

    /// On `F = Σ aᵢλᵢ²/2` every coordinate shrinks, or grows, by its own factor: `λᵢ ← (1 − αaᵢ)ᵗ λᵢ`.
    #[test]
    fn iterates_on_a_quadratic_are_powers() {
        let (step, curvatures, start) = (0.3, [0.5, 3.0, 7.5], [2.0, -1.0, 0.25]);
        let mut rule = (ENTRY.build)(&Knobs::defaults(ENTRY.card.knobs).with("step", Value::Real(step)));
        let mut lambda = start.to_vec();
        for steps in 1..=20 {
            let gradient: Vec<f64> = curvatures.iter().zip(&lambda).map(|(a, x)| a * x).collect();
            rule.step(&blocks(3), &mut lambda, &gradient);
            for ((a, start), found) in curvatures.iter().zip(start).zip(&lambda) {
                let expected = (1.0 - step * a).powi(steps) * start;
                assert!((found - expected).abs() <= 1e-13 * expected.abs(), "step {steps}: {found}, {expected}");
            }
        }
    }
}
