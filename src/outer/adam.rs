//! Adam on λ, with bias correction.

use super::{Entry, OuterRule, STEP};
use crate::catalog::{Card, Kind, Knob, Knobs, Scale};

/// Keeps the update finite where a coordinate has seen no gradient (Kingma and Ba's ε).
const EPSILON: f64 = 1e-8;

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "adam",
        name: "Adam",
        source: "Kingma and Ba 2015, algorithm 1",
        equation: "m ← β₁m + (1−β₁)ĥ,  s ← β₂s + (1−β₂)ĥ²,  λ ← λ − α m̂/(√ŝ + 10⁻⁸)",
        summary: "Every coordinate moves by about α a step, whatever the scale of its hypergradient.",
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
        ],
    },
    build: |knobs| {
        Box::new(Adam {
            step: knobs.real("step"),
            decays: (knobs.real("first_decay"), knobs.real("second_decay")),
            powers: (1.0, 1.0),
            mean: Vec::new(),
            square: Vec::new(),
        })
    },
};

#[derive(Clone)]
struct Adam {
    step: f64,
    decays: (f64, f64),
    /// β₁ᵗ and β₂ᵗ.
    powers: (f64, f64),
    mean: Vec<f64>,
    square: Vec<f64>,
}

impl OuterRule for Adam {
    fn step(&mut self, lambda: &mut [f64], hypergradient: &[f64]) {
        self.mean.resize(lambda.len(), 0.0);
        self.square.resize(lambda.len(), 0.0);
        self.powers = (self.powers.0 * self.decays.0, self.powers.1 * self.decays.1);
        for (index, gradient) in hypergradient.iter().enumerate() {
            self.mean[index] = self.decays.0 * self.mean[index] + (1.0 - self.decays.0) * gradient;
            self.square[index] = self.decays.1 * self.square[index] + (1.0 - self.decays.1) * gradient * gradient;
            let mean = self.mean[index] / (1.0 - self.powers.0);
            let square = self.square[index] / (1.0 - self.powers.1);
            lambda[index] -= self.step * mean / (square.sqrt() + EPSILON);
        }
    }

    fn turn(&mut self, knobs: &Knobs) {
        self.step = knobs.real("step");
        self.decays = (knobs.real("first_decay"), knobs.real("second_decay"));
    }

    fn clone_box(&self) -> Box<dyn OuterRule> {
        Box::new(self.clone())
    }
}
