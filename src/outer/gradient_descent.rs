//! Gradient descent on λ: `λ ← λ − α ĥ`.

use super::{Entry, OuterRule, STEP};
use crate::catalog::{Card, Knobs};
use crate::math::vector::axpy;

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "gradient-descent",
        name: "Gradient descent",
        source: "Bengio 2000",
        equation: "λ ← λ − α ĥ",
        summary: "A step against the hypergradient estimate.",
        cost: "none beyond ĥ",
        fails: "A step beyond 2/L of F makes F worse; flat directions hardly move.",
        knobs: &[STEP],
    },
    build: |knobs| Box::new(GradientDescent { step: knobs.real("step") }),
};

#[derive(Clone)]
struct GradientDescent {
    step: f64,
}

impl OuterRule for GradientDescent {
    fn step(&mut self, lambda: &mut [f64], hypergradient: &[f64]) {
        axpy(-self.step, hypergradient, lambda);
    }

    fn turn(&mut self, knobs: &Knobs) {
        self.step = knobs.real("step");
    }

    fn clone_box(&self) -> Box<dyn OuterRule> {
        Box::new(self.clone())
    }
}
