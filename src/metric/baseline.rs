//! What one gets without a bilevel method: where training labels are in doubt, or where a problem knows another method.

use std::sync::Arc;

use crate::data::{RowWeights, Split};
use crate::draw::Clock;
use crate::problem::{Sample, Score};
use crate::trial::{Setting, Stage, train};

/// A model trained with the same inner loop on rows chosen without learning weights, or by a method that a problem names.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Baseline {
    /// Which rows, `no cleaning`, `validation only`, `oracle`; or which method.
    pub name: &'static str,
    /// How it does on the test rows.
    pub test: Score,
}

/// No cleaning, validation only and oracle, on a problem that weighs its rows and has test rows; what a problem names itself; empty
/// for others. Trained once for a stage, with the inner loop of the setting that asks first.
#[must_use]
pub fn baselines(stage: &Stage, setting: &Setting) -> Arc<[Baseline]> {
    struct Baselines(Arc<[Baseline]>);
    let named = || stage.problem.baselines().into_iter().map(|(name, test)| Baseline { name, test }).collect();
    Arc::clone(&stage.shared(|| Baselines(found(stage, setting).unwrap_or_else(named).into())).0)
}

fn found(stage: &Stage, setting: &Setting) -> Option<Vec<Baseline>> {
    stage.problem.row_weights(&stage.lambda)?;
    let experiment = stage.experiment()?;
    let data = experiment.data.as_ref()?;
    let split = &data.split;
    let clean: Vec<usize> = (0..data.mislabelled.len()).filter(|row| !data.mislabelled[*row]).collect();
    let everything: Vec<usize> = (0..data.mislabelled.len()).collect();
    let trusted = |training| {
        let mut all = Split { training, ..split.clone() };
        all.weights = RowWeights { owners: vec![None; all.training.targets.len()], count: split.row_weights().count };
        all
    };
    let candidates = [
        ("no cleaning", trusted(split.training.choose(&everything))),
        ("validation only", trusted(split.validation.clone())),
        ("oracle", trusted(split.training.choose(&clean))),
    ];
    let score = |(name, split): &(&'static str, Split)| {
        let problem = experiment.problem_on(split).ok()?;
        let clock = Clock { seed: stage.seed, trial: u64::MAX, outer: 0, inner: 0 };
        let theta = train(&problem, clock, (setting, &stage.stop()), (&stage.lambda, &stage.theta));
        Some(Baseline { name, test: problem.score(Sample::Test, &stage.lambda, &theta)? })
    };
    candidates.iter().map(score).collect()
}
