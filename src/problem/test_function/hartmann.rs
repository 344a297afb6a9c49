//! Hartmann's function of six entries: four wells, of which two are deep and one is deeper.

use std::sync::Arc;

use super::{TestFunction, Trivial, entry};
use crate::catalog::Card;
use crate::problem::linear::intake;
use crate::problem::{Block, Entry, Level, Needs};

pub(in crate::problem) const ENTRY: Entry = Entry {
    card: Card {
        id: "hartmann",
        name: "Hartmann's function",
        source: "Hartmann 1973; six entries, as in Dixon and Szego 1978",
        equation: "F = −Σ_i a_i exp(−Σ_j A_ij (x_j − P_ij)²),  i = 1..4, j = 1..6",
        summary: "A landscape over six hyperparameters with a few wells, of which one is the deepest. Far from them it is nearly \
                  flat. It has no inner problem to speak of.",
        cost: "a few operations; one inner step solves it",
        fails: "Six entries and four wells are little beside what a real validation loss can have.",
        knobs: &[],
    },
    needs: |_| Needs::Nothing,
    level: Level::Alike("it reads no data"),
    build: |parts| {
        intake::no_arrays(parts)?;
        Ok(Arc::new(Trivial::new(Hartmann, LEAST.to_vec())))
    },
};

const NAMES: [(&str, &str); 6] = [("x1", "x₁"), ("x2", "x₂"), ("x3", "x₃"), ("x4", "x₄"), ("x5", "x₅"), ("x6", "x₆")];

const HEIGHTS: [f64; 4] = [1.0, 1.2, 3.0, 3.2];

const WIDTHS: [[f64; 6]; 4] = [
    [10.0, 3.0, 17.0, 3.5, 1.7, 8.0],
    [0.05, 10.0, 17.0, 0.1, 8.0, 14.0],
    [3.0, 3.5, 1.7, 10.0, 17.0, 8.0],
    [17.0, 8.0, 0.05, 10.0, 0.1, 14.0],
];

const CENTRES: [[f64; 6]; 4] = [
    [0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886],
    [0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991],
    [0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.6650],
    [0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381],
];

/// Where it is least, to which a test of its gradient holds it.
const LEAST: [f64; 6] = [
    0.201_689_511_006_705_43,
    0.150_010_691_823_457_97,
    0.476_873_974_221_897_03,
    0.275_332_430_494_056_1,
    0.311_651_616_600_113_26,
    0.657_300_534_065_620_4,
];

struct Hartmann;

impl Hartmann {
    /// The depth of well number `i`.
    fn well(i: usize, lambda: &[f64]) -> f64 {
        let entries = WIDTHS[i].iter().zip(&CENTRES[i]).zip(lambda);
        let distance: f64 = entries.map(|((width, centre), x)| width * (x - centre) * (x - centre)).sum();
        HEIGHTS[i] * (-distance).exp()
    }
}

impl TestFunction for Hartmann {
    fn blocks(&self) -> Vec<Block> {
        NAMES.iter().map(|(name, label)| entry(name, label, (0.0, 1.0))).collect()
    }

    fn value(&self, lambda: &[f64]) -> f64 {
        -(0..HEIGHTS.len()).map(|i| Self::well(i, lambda)).sum::<f64>()
    }

    fn gradient(&self, lambda: &[f64], out: &mut [f64]) {
        out.fill(0.0);
        for i in 0..HEIGHTS.len() {
            let well = Self::well(i, lambda);
            for (j, slope) in out.iter_mut().enumerate() {
                *slope += 2.0 * well * WIDTHS[i][j] * (lambda[j] - CENTRES[i][j]);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The least value is published as −3.32237, and nothing beside it is lower.
    #[test]
    fn it_is_least_where_it_says() {
        let value = Hartmann.value(&LEAST);
        assert!((value + 3.32237).abs() < 5e-6, "{value}");
        let mut gradient = [1.0; 6];
        Hartmann.gradient(&LEAST, &mut gradient);
        assert!(gradient.iter().all(|slope| slope.abs() < 1e-13), "{gradient:?}");
        for entry in 0..6 {
            for step in [-1e-3, 1e-3] {
                let mut beside = LEAST;
                beside[entry] += step;
                assert!(Hartmann.value(&beside) > value, "{beside:?}");
            }
        }
    }
}
