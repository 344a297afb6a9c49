//! Transitions of a linearized pendulum, drawn off policy, with pendula hanging beside it.
//!
//! `x ~ N(0, 0.3² I)`, `u ~ N(0, 1)`, `x₁′ = x₁ + 0.1 x₂`, `x₂′ = x₂ + 0.1(κ x₁ − 0.1 x₂ + u) + noise · ε`, twice with noise of its own, and the cost `x₁² + 0.1 x₂² + 0.05 u²`. A
//! hanging pendulum has an angle `N(0, angle²)` and the acceleration `−2 angle + 10 noise · ε`. κ swings from block to block, `3 + swing sin(rate t)`.

use rand_distr::{Distribution, StandardNormal};

use super::draw::{Draw, MOST_ENTRIES, Part, check_number, check_rows, part};
use super::{DataError, Dataset};
use crate::math::Matrix;

const TIME_STEP: f64 = 0.1;
const DAMPING: f64 = 0.1;
const RATE_COST: f64 = 0.1;
const ACTION_COST: f64 = 0.05;
/// Standard deviation of either state.
const STATE: f64 = 0.3;
/// κ of the plant where it does not swing, and of what hangs.
const STIFFNESS: f64 = 3.0;
const HANGING: f64 = -2.0;

/// How transitions are drawn.
#[derive(Clone, Copy)]
pub(super) struct Transitions {
    pub rows: usize,
    pub blocks: usize,
    pub pendula: usize,
    pub angle: f64,
    pub noise: f64,
    pub swing: f64,
    pub rate: f64,
}

impl Transitions {
    /// Columns state, action, both next states, pendula and κ, block after block.
    pub fn generate(self, draw: Draw<'_>) -> Result<Dataset, DataError> {
        let columns = self.pendula.saturating_mul(2).saturating_add(8);
        let rows = self.rows.saturating_mul(self.blocks);
        if rows.saturating_mul(columns) > MOST_ENTRIES {
            let message =
                format!("{rows} rows of {columns} columns are too many; expected at most {MOST_ENTRIES} entries");
            return Err(DataError::at("source.rows", message));
        }
        check_rows(rows)?;
        for (field, value, least) in [
            ("angle", self.angle, 0.0),
            ("noise", self.noise, 0.0),
            ("swing", self.swing, f64::NEG_INFINITY),
            ("rate", self.rate, f64::NEG_INFINITY),
        ] {
            check_number(field, value, least)?;
        }
        let mut features = Matrix::zeros(rows, columns);
        let mut targets = Vec::with_capacity(rows);
        // Of their own each, so that more noise, or a pendulum more, leaves the rest as it was.
        let [mut states, mut chance, mut beside] = [Part::Features, Part::Noise, Part::Shared].map(|of| part(draw, of));
        let normal = |random: &mut _| -> f64 { StandardNormal.sample(random) };
        for row in 0..rows {
            let stiffness = STIFFNESS + self.swing * (self.rate * (row / self.rows) as f64).sin();
            let (angle, rate) = (STATE * normal(&mut states), STATE * normal(&mut states));
            let action = normal(&mut states);
            let expected = rate + TIME_STEP * (stiffness * angle - DAMPING * rate + action);
            let entries = features.row_mut(row);
            entries[..3].copy_from_slice(&[angle, rate, action]);
            for next in [3, 5] {
                entries[next] = angle + TIME_STEP * rate;
                entries[next + 1] = expected + self.noise * normal(&mut chance);
            }
            for pendulum in 0..self.pendula {
                let angle = self.angle * normal(&mut beside);
                entries[7 + 2 * pendulum] = angle;
                entries[8 + 2 * pendulum] = HANGING * angle + self.noise / TIME_STEP * normal(&mut beside);
            }
            entries[columns - 1] = stiffness;
            targets.push(angle * angle + RATE_COST * rate * rate + ACTION_COST * action * action);
        }
        Ok(Dataset {
            features: features.into(),
            targets,
            feature_names: self.names(),
            target_name: "cost".to_owned(),
            ..Dataset::default()
        })
    }

    fn names(self) -> Vec<String> {
        let own = ["angle", "rate", "action", "next angle", "next rate", "second next angle", "second next rate"];
        let hanging = (1..=self.pendula)
            .flat_map(|number| ["angle", "acceleration"].map(|what| format!("{what} of pendulum {number}")));
        own.map(str::to_owned).into_iter().chain(hanging).chain(["stiffness".to_owned()]).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STILL: Transitions =
        Transitions { rows: 6, blocks: 5, pendula: 1, angle: 0.2, noise: 0.05, swing: 0.0, rate: 0.3 };

    #[test]
    fn without_noise_a_transition_is_the_equation() {
        let data = Transitions { noise: 0.0, swing: 1.5, ..STILL }.generate(Draw::of(3)).unwrap();
        let rows = data.features.dense();
        for row in 0..30 {
            let of = rows.row(row);
            let kappa = 3.0 + 1.5 * (0.3 * (row / 6) as f64).sin();
            let rate = of[1] + 0.1 * (kappa * of[0] - 0.1 * of[1] + of[2]);
            assert!((of[3] - of[0] - 0.1 * of[1]).abs() < 1e-15 && (of[4] - rate).abs() < 1e-15);
            assert_eq!((of[3], of[4], of[9]), (of[5], of[6], kappa));
            assert_eq!(of[8], -2.0 * of[7]);
        }
        assert_eq!(data.feature_names.len(), rows.columns());
    }

    #[test]
    fn a_pendulum_more_leaves_the_plant_alone() {
        let of = |pendula| Transitions { pendula, ..STILL }.generate(Draw::of(3)).unwrap().features.dense();
        let (one, two) = (of(1), of(2));
        assert!((0..30).all(|row| one.row(row)[..7] == two.row(row)[..7]));
        assert_eq!(Transitions { noise: f64::NAN, ..STILL }.generate(Draw::of(3)).unwrap_err().field, "source.noise");
        assert_eq!(Transitions { rows: usize::MAX, ..STILL }.generate(Draw::of(3)).unwrap_err().field, "source.rows");
    }
}
