//! Branin's function: two entries, three minima that are equally deep.

use std::f64::consts::PI;
use std::sync::Arc;

use super::{TestFunction, Trivial, entry};
use crate::catalog::Card;
use crate::problem::linear::intake;
use crate::problem::{Block, Entry, Level, Needs};

pub(in crate::problem) const ENTRY: Entry = Entry {
    card: Card {
        id: "branin",
        name: "Branin's function",
        source: "Dixon and Szego 1978",
        equation: "F = (x₂ − b x₁² + c x₁ − 6)² + 10 (1 − 1/8π) cos x₁ + 10,  b = 5.1/4π²,  c = 5/π",
        summary: "A landscape over two hyperparameters with three valleys that are equally deep. It has no bad minimum, and no inner \
                  problem to speak of.",
        cost: "a few operations; one inner step solves it",
        fails: "Every well is as good as the others, so that nothing is to be gained by looking for a better one.",
        knobs: &[],
    },
    needs: |_| Needs::Nothing,
    level: Level::Alike("it reads no data"),
    build: |parts| {
        intake::no_arrays(parts)?;
        let others = vec![vec![-PI, 12.275], vec![3.0 * PI, 2.475]];
        Ok(Arc::new(Trivial::new(Branin, vec![PI, 2.275]).and_at(others)))
    },
};

const B: f64 = 5.1 / (4.0 * PI * PI);
const C: f64 = 5.0 / PI;

struct Branin;

impl Branin {
    /// What is squared.
    fn bend(lambda: &[f64]) -> f64 {
        let x = lambda[0];
        lambda[1] - B * x * x + C * x - 6.0
    }

    const WAVE: f64 = 10.0 * (1.0 - 1.0 / (8.0 * PI));
}

impl TestFunction for Branin {
    fn blocks(&self) -> Vec<Block> {
        vec![entry("x1", "x₁", (-5.0, 10.0)), entry("x2", "x₂", (0.0, 15.0))]
    }

    fn value(&self, lambda: &[f64]) -> f64 {
        let bend = Self::bend(lambda);
        bend * bend + Self::WAVE * lambda[0].cos() + 10.0
    }

    fn gradient(&self, lambda: &[f64], out: &mut [f64]) {
        let bend = Self::bend(lambda);
        out[0] = 2.0 * bend * (C - 2.0 * B * lambda[0]) - Self::WAVE * lambda[0].sin();
        out[1] = 2.0 * bend;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Where `cos x₁ = −1` and the square is zero, F = 10/8π: at x₁ = −π, π and 3π, with x₂ = 12.275, 2.275 and 2.475.
    #[test]
    fn three_minima_are_equally_deep() {
        for (x, y) in [(-PI, 12.275), (PI, 2.275), (3.0 * PI, 2.475)] {
            let found = Branin.value(&[x, y]);
            assert!((found - 10.0 / (8.0 * PI)).abs() < 1e-13, "{found}");
            let mut gradient = [1.0; 2];
            Branin.gradient(&[x, y], &mut gradient);
            assert!(gradient.iter().all(|slope| slope.abs() < 1e-13), "{gradient:?}");
        }
    }
}
