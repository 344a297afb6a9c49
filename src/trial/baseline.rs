//! What one gets without a bilevel method, where training labels are in doubt.

use std::sync::Arc;

use super::run::train;
use super::{Setting, Stage};
use crate::data::{RowWeights, Split};
use crate::inner::Clock;
use crate::problem::{Sample, Score};

/// A model trained with the same inner loop on rows chosen without learning weights.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Baseline {
    /// Which rows: `no cleaning`, `validation only`, `oracle`.
    pub name: &'static str,
    /// How it does on the test rows.
    pub test: Score,
}

/// What a weighting of rows keeps, held against which labels are truly clean.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cleaning {
    /// Share of the kept rows that are clean.
    pub precision: f64,
    /// Share of the clean rows that are kept.
    pub recall: f64,
    /// Harmonic mean of the two.
    pub f1: f64,
}

impl Cleaning {
    /// Of rows kept where their weight is at least one half (λᵢ ≥ 0).
    pub(super) fn of(weights: &[f64], mislabelled: &[bool]) -> Self {
        let kept = weights.iter().zip(mislabelled).filter(|(weight, _)| **weight >= 0.5);
        let (kept, kept_clean) = kept.fold((0, 0), |(kept, clean), (_, wrong)| (kept + 1, clean + usize::from(!wrong)));
        let clean = mislabelled.iter().filter(|wrong| !**wrong).count();
        let (precision, recall) = (kept_clean as f64 / kept as f64, kept_clean as f64 / clean as f64);
        // As the harmonic mean, and zero where nothing that is kept is clean.
        Self { precision, recall, f1: 2.0 * kept_clean as f64 / (kept + clean) as f64 }
    }
}

impl Stage {
    /// No cleaning, validation only and oracle, on a problem that weighs its rows and has test rows; empty for
    /// others. Trained with the inner loop of `setting`, once.
    pub fn baselines(&self, setting: &Setting) -> Arc<[Baseline]> {
        Arc::clone(self.baselines.get_or_init(|| self.find_baselines(setting).unwrap_or_default().into()))
    }

    /// How well the weights at λ tell clean rows from mislabelled ones.
    #[must_use]
    pub fn cleaning(&self, lambda: &[f64]) -> Option<Cleaning> {
        let weights = self.problem.row_weights(lambda)?;
        let mislabelled = &self.experiment()?.data.as_ref()?.mislabelled;
        (weights.len() == mislabelled.len()).then(|| Cleaning::of(&weights, mislabelled))
    }

    fn find_baselines(&self, setting: &Setting) -> Option<Vec<Baseline>> {
        self.problem.row_weights(&self.lambda)?;
        let experiment = self.experiment()?;
        let data = experiment.data.as_ref()?;
        let split = &data.split;
        let clean: Vec<usize> = (0..data.mislabelled.len()).filter(|row| !data.mislabelled[*row]).collect();
        let everything: Vec<usize> = (0..data.mislabelled.len()).collect();
        let trusted = |training| {
            let mut all = Split { training, ..split.clone() };
            all.weights =
                RowWeights { owners: vec![None; all.training.targets.len()], count: split.row_weights().count };
            all
        };
        let candidates = [
            ("no cleaning", trusted(split.training.choose(&everything))),
            ("validation only", trusted(split.validation.clone())),
            ("oracle", trusted(split.training.choose(&clean))),
        ];
        let score = |(name, split): &(&'static str, Split)| {
            let problem = experiment.problem_on(split).ok()?;
            let clock = Clock { seed: self.seed, trial: u64::MAX, outer: 0, inner: 0 };
            let theta = train(&problem, clock, &setting.inner, (&self.lambda, &self.theta));
            Some(Baseline { name, test: problem.score(Sample::Test, &self.lambda, &theta)? })
        };
        candidates.iter().map(score).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeping_is_counted_by_hand() {
        // Kept: rows 0, 1 and 3, of which 0 and 3 are clean; clean in all: 0, 2, 3.
        let cleaning = Cleaning::of(&[0.9, 0.5, 0.4, 0.6], &[false, true, false, false]);
        assert!((cleaning.precision - 2.0 / 3.0).abs() < 1e-15 && (cleaning.recall - 2.0 / 3.0).abs() < 1e-15);
        assert!((cleaning.f1 - 2.0 / 3.0).abs() < 1e-15);
    }
}
