//! What estimates are held against, named, with its own standard error.

use std::sync::Arc;

use rayon::prelude::*;

use super::finding::TruthFinding;
use super::plan::{Plan, TruthKind};
use crate::data::World;
use crate::math::statistics::{mean, standard_error};
use crate::math::vector::{axpy, is_same_bits};
use crate::probe::meter::Meter;
use crate::probe::{ProbeError, Subject};
use crate::problem::Truth;
use crate::scenario::Experiment;

/// Large samples that stand for a population without a closed form.
const LARGE_SAMPLES: usize = 8;

/// Exact answers that one truth takes.
pub(super) fn replicates(world: &World, plan: Plan) -> usize {
    match plan.truth {
        TruthKind::TrainingExpectation => plan.truth_replicates,
        TruthKind::SameData => 0,
        TruthKind::Population if world.has_moments() || !world.is_population() => 1,
        TruthKind::Population => LARGE_SAMPLES,
    }
}

/// The problem's λ of each subject, each once.
pub(super) fn distinct(experiment: &Experiment, subjects: &[Subject]) -> Vec<Vec<f64>> {
    let mut found: Vec<Vec<f64>> = Vec::new();
    for subject in subjects {
        let lambda = own(experiment, subject);
        if !found.iter().any(|other| is_same_bits(other, lambda)) {
            found.push(lambda.to_vec());
        }
    }
    found
}

/// The one of them that belongs to a subject, which is among those they were found for.
pub(super) fn of<'a>(truths: &'a [TruthFinding], experiment: &Experiment, subject: &Subject) -> &'a TruthFinding {
    let lambda = own(experiment, subject);
    truths.iter().find(|truth| is_same_bits(&truth.lambda, lambda)).unwrap_or(&truths[0])
}

fn own<'a>(experiment: &'a Experiment, subject: &'a Subject) -> &'a [f64] {
    let length = experiment.lambda.len();
    subject.lambda.as_ref().map_or(&experiment.lambda[..], |lambda| &lambda[..length])
}

/// The truth at λ. Replicates are gathered in the order of their numbers, so that threads change nothing.
pub(super) fn find(
    experiment: &Experiment,
    world: &World,
    plan: Plan,
    lambda: &[f64],
    meter: &Meter<'_, '_>,
) -> Result<TruthFinding, ProbeError> {
    let count = replicates(world, plan);
    let one = |i: usize| -> Result<(Vec<f64>, bool), ProbeError> {
        meter.goes_on()?;
        let splits = match plan.truth {
            TruthKind::Population => vec![world.whole(i as u64)?],
            _ => world.all_judged(i as u64)?,
        };
        let (mut mean, mut converged) = (vec![0.0; lambda.len()], true);
        for split in &splits {
            let truth = Truth::at(&experiment.problem_on(split)?, lambda);
            axpy(1.0 / splits.len() as f64, &truth.hypergradient, &mut mean);
            converged &= truth.converged();
        }
        meter.advance(1)?;
        Ok((mean, converged))
    };
    let found: Vec<Result<_, ProbeError>> = (0..count).into_par_iter().map(one).collect();
    let (values, converged): (Vec<_>, Vec<_>) = found.into_iter().collect::<Result<Vec<_>, _>>()?.into_iter().unzip();
    let column = |j: usize| -> Vec<f64> { values.iter().map(|value: &Vec<f64>| value[j]).collect() };
    let columns: Vec<Vec<f64>> = (0..lambda.len()).map(column).collect();
    let is_exact = plan.truth == TruthKind::Population && count == 1;
    let error = |column: &Vec<f64>| if is_exact { 0.0 } else { standard_error(column) };
    let is_same_data = plan.truth == TruthKind::SameData;
    Ok(TruthFinding {
        kind: plan.truth.name(),
        conditional: !world.is_population(),
        value: if is_same_data { Vec::new() } else { columns.iter().map(|column| mean(column)).collect() },
        standard_error: if is_same_data { Vec::new() } else { columns.iter().map(error).collect() },
        converged: converged.iter().all(|converged| *converged),
        lambda: Arc::from(lambda),
    })
}
