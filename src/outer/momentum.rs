//! Heavy ball on λ: `u ← βu + ĥ`, `λ ← λ − α u`.

use super::gradient_descent::descend;
use super::step::{FALL, STEP, Step};
use super::{Entry, OuterRule};
use crate::catalog::{Card, Kind, Knob, Knobs, Scale};
use crate::problem::Blocks;

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "momentum",
        name: "Momentum",
        source: "Polyak 1964",
        equation: "u ← βu + ĥ,  λ ← λ − α u",
        summary: "Gradient descent that keeps part of its last moves. λ goes along a geometric sum of past \
                  estimates.",
        cost: "none beyond ĥ",
        fails: "Overshoots for β near 1; old estimates linger after the landscape has changed.",
        knobs: &[
            STEP,
            Knob {
                key: "momentum",
                help: "Momentum β.",
                kind: Kind::Real { default: 0.9, range: (0.0, 0.999), scale: Scale::Linear },
            },
            FALL[0],
            FALL[1],
        ],
    },
    build: |knobs| Box::new(Momentum { step: Step::of(knobs), momentum: knobs.real("momentum"), velocity: Vec::new() }),
};

#[derive(Clone)]
struct Momentum {
    step: Step,
    momentum: f64,
    velocity: Vec<f64>,
}

impl OuterRule for Momentum {
    fn step(&mut self, blocks: &Blocks, lambda: &mut [f64], hypergradient: &[f64]) {
        self.velocity.resize(lambda.len(), 0.0);
        for (velocity, gradient) in self.velocity.iter_mut().zip(hypergradient) {
            *velocity = self.momentum * *velocity + gradient;
        }
        descend(self.step.next(), blocks, &self.velocity, lambda);
    }

    fn step_size(&self) -> Option<f64> {
        Some(self.step.now())
    }

    fn turn(&mut self, knobs: &Knobs) {
        self.step.turn(knobs);
        self.momentum = knobs.real("momentum");
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

    /// Iterates from 1 on `F = aλ²/2`.
    fn iterates(step: f64, momentum: f64, curvature: f64, steps: usize) -> Vec<f64> {
        let knobs = Knobs::defaults(ENTRY.card.knobs).with("step", Value::Real(step));
        let mut rule = (ENTRY.build)(&knobs.with("momentum", Value::Real(momentum)));
        let mut lambda = vec![1.0];
        let next = |_| {
            let gradient = [curvature * lambda[0]];
            rule.step(&blocks(lambda.len()), &mut lambda, &gradient);
            lambda[0]
        };
        (0..steps).map(next).collect()
    }

    fn assert_are(found: &[f64], expected: impl Fn(f64) -> f64) {
        for (index, found) in found.iter().enumerate() {
            let expected = expected(index as f64 + 1.0);
            assert!((found - expected).abs() < 1e-13, "step {}: {found}, {expected}", index + 1);
        }
    }

    /// `λ_{t+1} = (1 + β − αa) λ_t − β λ_{t−1}` with `λ_1 = 1 − αa`. Roots .8 and .25 of its polynomial mean β = .2 and
    /// αa = .15, so that `λ_t = (.6 · .8ᵗ − .05 · .25ᵗ)/.55`.
    #[test]
    fn iterates_on_a_flat_quadratic_are_a_sum_of_powers() {
        let found = iterates(0.05, 0.2, 3.0, 30);
        assert_are(&found, |t| (0.6 * 0.8f64.powf(t) - 0.05 * 0.25f64.powf(t)) / 0.55);
    }

    /// Roots `.9 e^{±iπ/6}` mean β = .81 and `αa = 1.81 − 1.8 cos(π/6)`: λ swings around 0.
    #[test]
    fn iterates_on_a_steep_quadratic_swing() {
        let angle = std::f64::consts::FRAC_PI_6;
        let product = 1.81 - 1.8 * angle.cos();
        let sine = ((1.0 - product) / 0.9 - angle.cos()) / angle.sin();
        let found = iterates(product / 4.0, 0.81, 4.0, 40);
        assert_are(&found, |t| 0.9f64.powf(t) * ((t * angle).cos() + sine * (t * angle).sin()));
        assert!(found.iter().any(|lambda| *lambda < -0.3));
    }

    /// Along a constant slope g the speed is `αg(1 − βᵗ)/(1 − β)`.
    #[test]
    fn on_a_slope_it_gathers_speed() {
        let knobs = Knobs::defaults(ENTRY.card.knobs).with("step", Value::Real(0.5));
        let mut rule = (ENTRY.build)(&knobs.with("momentum", Value::Real(0.9)));
        let mut lambda = vec![0.0];
        for steps in 1..=50 {
            let before = lambda[0];
            rule.step(&blocks(lambda.len()), &mut lambda, &[2.0]);
            let expected = 0.5 * 2.0 * (1.0 - 0.9f64.powi(steps)) / (1.0 - 0.9);
            assert!((before - lambda[0] - expected).abs() < 1e-12, "step {steps}: {}", before - lambda[0]);
        }
    }
}
