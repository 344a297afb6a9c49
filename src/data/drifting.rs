//! Rows block after block in time, whose level moves from block to block.
//!
//! `y = sin(vᵀx) + c(t) + noise · ε` for the rows of block t, with x standard normal and v drawn once.

use rand_distr::{Distribution, StandardNormal};

use super::draw::{Draw, MOST_ENTRIES, Part, check_number, part};
use super::spec::Motion;
use super::{DataError, Dataset, numbered_names};
use crate::math::Matrix;
use crate::math::vector::dot;

/// How rows drift.
#[derive(Clone, Copy)]
pub(super) struct Drifting {
    pub blocks: usize,
    /// Of a block.
    pub rows: usize,
    pub features: usize,
    pub motion: Motion,
    pub amplitude: f64,
    pub rate: f64,
    pub noise: f64,
}

impl Drifting {
    /// All blocks, the first one first, and what the targets would be without noise.
    pub fn generate(self, draw: Draw<'_>) -> Result<Dataset, DataError> {
        for (field, count) in [("blocks", self.blocks), ("rows", self.rows), ("features", self.features)] {
            if count == 0 {
                return Err(DataError::at(format!("source.{field}"), format!("`{field}` is 0; expected at least 1")));
            }
        }
        let rows = self.blocks.saturating_mul(self.rows);
        if rows.saturating_mul(self.features) > MOST_ENTRIES {
            let message = format!(
                "{rows} rows of {} features are too many; expected at most {MOST_ENTRIES} entries",
                self.features
            );
            return Err(DataError::at("source.blocks", message));
        }
        check_number("amplitude", self.amplitude, f64::NEG_INFINITY)?;
        check_number("rate", self.rate, f64::NEG_INFINITY)?;
        check_number("noise", self.noise, 0.0)?;
        let normal = |of: Part| StandardNormal.sample_iter(part(draw, of));
        let direction: Vec<f64> = normal(Part::Weights).take(self.features).collect();
        let mut entries = normal(Part::Features);
        let features = Matrix::from_fn(rows, self.features, |_, _| entries.next().unwrap_or(f64::NAN));
        let levels = self.levels(normal(Part::Labels));
        let curve: Vec<f64> =
            (0..rows).map(|row| dot(features.row(row), &direction).sin() + levels[row / self.rows]).collect();
        let noise: Vec<f64> = normal(Part::Noise).take(rows).collect();
        let targets = curve.iter().zip(&noise).map(|(y, noise)| y + self.noise * noise).collect();
        let feature_names = numbered_names(self.features);
        let features = features.into();
        Ok(Dataset { features, targets, curve, feature_names, target_name: "y".to_owned(), ..Dataset::default() })
    }

    /// c(t) of every block.
    fn levels(self, steps: impl Iterator<Item = f64>) -> Vec<f64> {
        let Self { blocks, amplitude, rate, .. } = self;
        let times = (0..blocks).map(|block| block as f64);
        match self.motion {
            Motion::Linear => times.map(|time| rate * time).collect(),
            Motion::Sinusoid => times.map(|time| amplitude * (rate * time).sin()).collect(),
            Motion::Sweep => times.map(|time| amplitude * (rate * time * time / blocks as f64).sin()).collect(),
            Motion::Walk => {
                let sum = |level: &mut f64, step: f64| {
                    *level += rate * step;
                    Some(*level)
                };
                steps.take(blocks).scan(0.0, sum).collect()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drifting(motion: Motion) -> Drifting {
        Drifting { blocks: 50, rows: 4, features: 3, motion, amplitude: 2.0, rate: 0.1, noise: 0.5 }
    }

    /// What is left of the curve when sin(vᵀx), which does not depend on the motion, is taken away.
    fn levels(motion: Motion) -> Vec<f64> {
        let curve = |motion| drifting(motion).generate(Draw::of(3)).unwrap().curve;
        let still = Drifting { rate: 0.0, ..drifting(Motion::Linear) }.generate(Draw::of(3)).unwrap().curve;
        let moved: Vec<f64> = curve(motion).iter().zip(&still).map(|(moved, still)| moved - still).collect();
        assert!(moved.chunks(4).all(|block| block.iter().all(|level| (level - block[0]).abs() < 1e-12)));
        moved.iter().step_by(4).copied().collect()
    }

    #[test]
    fn the_level_moves_as_told() {
        for (block, level) in levels(Motion::Linear).iter().enumerate() {
            assert!((level - 0.1 * block as f64).abs() < 1e-12);
        }
        for (block, level) in levels(Motion::Sinusoid).iter().enumerate() {
            assert!((level - 2.0 * (0.1 * block as f64).sin()).abs() < 1e-12);
        }
        // Twice as fast at the end as the sinusoid, and still at the start.
        let sweep = levels(Motion::Sweep);
        assert!(
            (sweep[1] - 2.0 * (0.1f64 / 50.0).sin()).abs() < 1e-12 && (sweep[25] - 2.0 * 1.25f64.sin()).abs() < 1e-12
        );
        // Of 49 steps of variance 0.01 the mean square has a relative deviation of √(2/49) = 0.2; five of them.
        let walk = levels(Motion::Walk);
        let squares: f64 = walk.windows(2).map(|pair| (pair[1] - pair[0]).powi(2)).sum();
        assert!((squares / 49.0 / 0.01 - 1.0).abs() < 1.0, "{squares}");
    }

    #[test]
    fn noise_leaves_the_curve_alone_and_impossible_sizes_are_refused() {
        let quiet = Drifting { noise: 0.0, ..drifting(Motion::Walk) }.generate(Draw::of(3)).unwrap();
        let noisy = drifting(Motion::Walk).generate(Draw::of(3)).unwrap();
        assert_eq!((&quiet.targets, &quiet.curve), (&quiet.curve, &noisy.curve));
        assert_ne!(noisy.targets, noisy.curve);
        let refused = |drifting: Drifting| drifting.generate(Draw::of(3)).unwrap_err().field;
        assert_eq!(refused(Drifting { rows: 0, ..drifting(Motion::Walk) }), "source.rows");
        assert_eq!(refused(Drifting { rate: f64::NAN, ..drifting(Motion::Walk) }), "source.rate");
        assert_eq!(refused(Drifting { blocks: usize::MAX, ..drifting(Motion::Walk) }), "source.blocks");
    }
}
