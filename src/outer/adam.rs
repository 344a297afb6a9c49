//! Adam on λ, with bias correction.

use super::step::{FALL, STEP, Step};
use super::{Entry, OuterRule};
use crate::catalog::{Card, Kind, Knob, Knobs, Scale};
use crate::problem::Blocks;

/// Keeps the update finite where a coordinate has seen no gradient (Kingma and Ba's ε).
const EPSILON: f64 = 1e-8;

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "adam",
        name: "Adam",
        source: "Kingma and Ba 2015, algorithm 1",
        equation: "m ← β₁m + (1−β₁)ĥ,  s ← β₂s + (1−β₂)ĥ²,  λ ← λ − α m̂/(√ŝ + 10⁻⁸)",
        summary: "Every hyperparameter moves by about the same amount a step, however large its hypergradient is. \
                  That amount is α.",
        cost: "none beyond ĥ",
        fails: "Turns the sign of a tiny, noisy coordinate into a full step.",
        knobs: &[
            STEP,
            Knob {
                key: "first_decay",
                help: "Decay β₁ of the mean.",
                kind: Kind::Real { default: 0.9, range: (0.0, 0.999), scale: Scale::Linear },
            },
            Knob {
                key: "second_decay",
                help: "Decay β₂ of the mean square.",
                kind: Kind::Real { default: 0.999, range: (0.0, 0.999_999), scale: Scale::Linear },
            },
            FALL[0],
            FALL[1],
        ],
    },
    build: |knobs| {
        Box::new(Adam {
            step: Step::of(knobs),
            decays: (knobs.real("first_decay"), knobs.real("second_decay")),
            powers: (1.0, 1.0),
            mean: Vec::new(),
            square: Vec::new(),
        })
    },
};

#[derive(Clone)]
struct Adam {
    step: Step,
    decays: (f64, f64),
    /// β₁ᵗ and β₂ᵗ.
    powers: (f64, f64),
    mean: Vec<f64>,
    square: Vec<f64>,
}

impl OuterRule for Adam {
    fn step(&mut self, blocks: &Blocks, lambda: &mut [f64], hypergradient: &[f64]) {
        self.mean.resize(lambda.len(), 0.0);
        self.square.resize(lambda.len(), 0.0);
        self.powers = (self.powers.0 * self.decays.0, self.powers.1 * self.decays.1);
        let step = self.step.next();
        for (index, (gradient, scale)) in hypergradient.iter().zip(blocks.scales()).enumerate() {
            self.mean[index] = self.decays.0 * self.mean[index] + (1.0 - self.decays.0) * gradient;
            self.square[index] = self.decays.1 * self.square[index] + (1.0 - self.decays.1) * gradient * gradient;
            let mean = self.mean[index] / (1.0 - self.powers.0);
            let square = self.square[index] / (1.0 - self.powers.1);
            lambda[index] -= scale * step * mean / (square.sqrt() + EPSILON);
        }
    }

    fn step_size(&self) -> Option<f64> {
        Some(self.step.now())
    }

    fn turn(&mut self, knobs: &Knobs) {
        self.step.turn(knobs);
        self.decays = (knobs.real("first_decay"), knobs.real("second_decay"));
    }

    fn clone_box(&self) -> Box<dyn OuterRule> {
        Box::new(self.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Value;
    use crate::outer::blocks;

    fn adam(step: f64, first: f64, second: f64) -> Box<dyn OuterRule> {
        let knobs = Knobs::defaults(ENTRY.card.knobs).with("step", Value::Real(step));
        (ENTRY.build)(&knobs.with("first_decay", Value::Real(first)).with("second_decay", Value::Real(second)))
    }

    /// A constant hypergradient g is its own corrected mean, and g² its own corrected mean square, from the first step
    /// on: `λ_t = λ_0 − tαg/(|g| + ε)`. At |g| = ε that is half a step; where g is 0, λ stays.
    #[test]
    fn along_a_constant_slope_every_step_is_one_step_size() {
        let gradient = [3.0, -1e-3, EPSILON, 0.0];
        let mut rule = adam(0.1, 0.9, 0.999);
        let mut lambda = vec![1.0; 4];
        for steps in 1..=50 {
            rule.step(&blocks(lambda.len()), &mut lambda, &gradient);
            for (found, gradient) in lambda.iter().zip(gradient) {
                let expected = 1.0 - f64::from(steps) * 0.1 * gradient / (gradient.abs() + 1e-8);
                assert!((found - expected).abs() < 1e-10, "step {steps}, slope {gradient}: {found}, {expected}");
            }
        }
    }

    /// The corrected moments are weighted means over all hypergradients so far, with weights `βᵗ⁻ⁱ` that add up to 1.
    #[test]
    fn its_moments_are_weighted_means() {
        let gradients = [2.0f64, -0.5, 0.0, 7.0, -3.0, -3.0, 1e-4, 0.3, 40.0, -1.0];
        let (step, first, second) = (0.25, 0.8, 0.95);
        let mean = |decay: f64, values: &[f64]| {
            let weight = |index: usize| decay.powf((values.len() - 1 - index) as f64);
            let whole: f64 = (0..values.len()).map(weight).sum();
            values.iter().enumerate().map(|(index, value)| weight(index) * value).sum::<f64>() / whole
        };
        let mut rule = adam(step, first, second);
        let (mut lambda, mut expected) = (vec![-1.0], -1.0);
        for count in 1..=gradients.len() {
            rule.step(&blocks(lambda.len()), &mut lambda, &gradients[count - 1..count]);
            let squares: Vec<f64> = gradients[..count].iter().map(|gradient| gradient * gradient).collect();
            expected -= step * mean(first, &gradients[..count]) / (mean(second, &squares).sqrt() + 1e-8);
            assert!((lambda[0] - expected).abs() < 1e-12, "step {count}: {}, {expected}", lambda[0]);
        }
    }

    /// Without memory of the past it steps by the sign.
    #[test]
    fn without_memory_only_the_sign_counts() {
        let mut rule = adam(0.5, 0.0, 0.0);
        let mut lambda = vec![0.0];
        for (gradient, expected) in [(4.0, -0.5), (100.0, -1.0), (-0.01, -0.5)] {
            rule.step(&blocks(lambda.len()), &mut lambda, &[gradient]);
            assert!((lambda[0] - expected).abs() < 1e-5, "{lambda:?}");
        }
    }
}
