//! Rastrigin's function: a bowl with a wave on it, and a well in every period.

use std::f64::consts::TAU;
use std::sync::Arc;

use super::{TestFunction, Trivial};
use crate::catalog::{Card, Kind, Knob, Scale};
use crate::problem::linear::intake;
use crate::problem::{Block, Entry, Level, Needs};

pub(in crate::problem) const ENTRY: Entry = Entry {
    card: Card {
        id: "rastrigin",
        name: "Rastrigin's function",
        source: "Rastrigin 1974; the form of Muhlenbein, Schomisch and Born 1991",
        equation: "F = 10 p + Σ_j (x_j² − 10 cos 2πx_j)",
        summary: "A bowl with a wave on it: a well in every unit of every hyperparameter, the deepest in the middle. It has no \
                  inner problem to speak of.",
        cost: "p cosines; one inner step solves it",
        fails: "Its wells stand in a row, each entry for itself: a search that knew it would have an easy time.",
        knobs: &[Knob {
            key: "dimension",
            help: "Length p of λ.",
            kind: Kind::Integer { default: 5, range: (1, 100), scale: Scale::Logarithmic },
        }],
    },
    needs: |_| Needs::Nothing,
    level: Level::Alike("it reads no data"),
    build: |parts| {
        intake::no_arrays(parts)?;
        let dimension = parts.knobs.count("dimension");
        Ok(Arc::new(Trivial::new(Rastrigin { dimension }, vec![0.0; dimension])))
    },
};

/// 8 wide and off the centre: what starts in the middle, or is drawn to it, has not won by that.
const BOUNDS: (f64, f64) = (-2.96, 5.04);

struct Rastrigin {
    dimension: usize,
}

impl TestFunction for Rastrigin {
    fn blocks(&self) -> Vec<Block> {
        // The answer is not in the middle of the box.
        let (low, high) = BOUNDS;
        vec![Block::numbered("lambda", self.dimension).within(low, high).starting_at(0.5 * (low + high))]
    }

    fn value(&self, lambda: &[f64]) -> f64 {
        lambda.iter().map(|x| x * x + 10.0 * (1.0 - (TAU * x).cos())).sum()
    }

    fn gradient(&self, lambda: &[f64], out: &mut [f64]) {
        for (slope, x) in out.iter_mut().zip(lambda) {
            *slope = 2.0 * x + 10.0 * TAU * (TAU * x).sin();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// At whole numbers the wave is at its lowest, and F is the bowl; half way between it is 20 higher an entry.
    #[test]
    fn a_well_stands_at_every_whole_number() {
        let function = Rastrigin { dimension: 3 };
        for (place, expected) in [([0.0, 0.0, 0.0], 0.0), ([1.0, -2.0, 3.0], 14.0), ([0.5, 0.0, 0.0], 20.25)] {
            let found = function.value(&place);
            assert!((found - expected).abs() < 1e-12, "{place:?}: {found}");
        }
    }
}
