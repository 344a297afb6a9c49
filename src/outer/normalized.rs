//! Steps of one length: `λ ← λ − α ĥ/(‖ĥ‖ + ε)`.

use super::gradient_descent::descend;
use super::step::{FALL, STEP, Step};
use super::{Entry, OuterRule};
use crate::catalog::{Card, Kind, Knob, Knobs, Scale};
use crate::math::vector::norm;
use crate::problem::Blocks;

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "normalized",
        name: "Normalized steps",
        source: "Nesterov 1984; Hazan, Levy, Shalev-Shwartz 2015",
        equation: "λ ← λ − α ĥ/(‖ĥ‖ + ε)",
        summary: "Goes where the estimate points, by a step whose length the estimate does not choose. A hypergradient whose length spans \
                  decades is followed at an even pace; below ε steps get shorter.",
        cost: "none beyond ĥ",
        fails: "Noise moves λ as far as a slope does: α is the accuracy that is reached, and a mean over a window helps.",
        knobs: &[
            STEP,
            Knob {
                key: "floor",
                help: "ε, the length below which steps get shorter.",
                kind: Kind::Real { default: 1e-3, range: (0.0, 1e6), scale: Scale::Logarithmic },
            },
            FALL[0],
            FALL[1],
        ],
    },
    build: |knobs| Box::new(Normalized { step: Step::of(knobs), floor: knobs.real("floor"), direction: Vec::new() }),
};

#[derive(Clone)]
struct Normalized {
    step: Step,
    floor: f64,
    direction: Vec<f64>,
}

impl OuterRule for Normalized {
    fn step(&mut self, blocks: &Blocks, lambda: &mut [f64], hypergradient: &[f64]) {
        let length = norm(hypergradient) + self.floor;
        self.direction.clear();
        // Nowhere to go is no step, and not 0/0.
        let share = |entry: &f64| if length == 0.0 { 0.0 } else { entry / length };
        self.direction.extend(hypergradient.iter().map(share));
        descend(self.step.next(), blocks, &self.direction, lambda);
    }

    fn step_size(&self) -> Option<f64> {
        Some(self.step.now())
    }

    fn turn(&mut self, knobs: &Knobs) {
        self.step.turn(knobs);
        self.floor = knobs.real("floor");
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

    fn stepped(floor: f64, hypergradient: &[f64]) -> Vec<f64> {
        let knobs = Knobs::defaults(ENTRY.card.knobs).with("step", Value::Real(0.5));
        let mut rule = (ENTRY.build)(&knobs.with("floor", Value::Real(floor)));
        let mut lambda = vec![0.0; hypergradient.len()];
        rule.step(&blocks(lambda.len()), &mut lambda, hypergradient);
        lambda
    }

    #[test]
    fn a_step_is_as_long_as_it_says_however_long_the_slope_is() {
        for scale in [1e-9, 1.0, 1e9] {
            let found = stepped(0.0, &[3.0 * scale, -4.0 * scale]);
            assert!((found[0] + 0.3).abs() < 1e-15 && (found[1] - 0.4).abs() < 1e-15, "{found:?}");
        }
        // ‖ĥ‖ = ε halves it.
        assert_eq!(stepped(5.0, &[3.0, -4.0]), [-0.15, 0.2]);
        assert_eq!(stepped(0.0, &[0.0, 0.0]), [0.0, 0.0]);
    }
}
