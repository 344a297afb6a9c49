//! Heavy ball on λ: `u ← βu + ĥ`, `λ ← λ − α u`.

use super::{Entry, OuterRule, STEP};
use crate::catalog::{Card, Kind, Knob, Knobs, Scale};
use crate::math::vector::axpy;

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "momentum",
        name: "Momentum",
        source: "Polyak 1964",
        equation: "u ← βu + ĥ,  λ ← λ − α u",
        summary: "Gradient descent on a geometric sum of past estimates.",
        cost: "none beyond ĥ",
        fails: "Overshoots for β near 1; old estimates linger after the landscape has changed.",
        knobs: &[
            STEP,
            Knob {
                key: "momentum",
                help: "Momentum β.",
                kind: Kind::Real { default: 0.9, range: (0.0, 0.999), scale: Scale::Linear },
            },
        ],
    },
    build: |knobs| {
        Box::new(Momentum { step: knobs.real("step"), momentum: knobs.real("momentum"), velocity: Vec::new() })
    },
};

#[derive(Clone)]
struct Momentum {
    step: f64,
    momentum: f64,
    velocity: Vec<f64>,
}

impl OuterRule for Momentum {
    fn step(&mut self, lambda: &mut [f64], hypergradient: &[f64]) {
        self.velocity.resize(lambda.len(), 0.0);
        for (velocity, gradient) in self.velocity.iter_mut().zip(hypergradient) {
            *velocity = self.momentum * *velocity + gradient;
        }
        axpy(-self.step, &self.velocity, lambda);
    }

    fn turn(&mut self, knobs: &Knobs) {
        self.step = knobs.real("step");
        self.momentum = knobs.real("momentum");
    }

    fn clone_box(&self) -> Box<dyn OuterRule> {
        Box::new(self.clone())
    }
}
