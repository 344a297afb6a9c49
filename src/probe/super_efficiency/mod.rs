//! Super-efficiency: how the error of a hypergradient estimate depends on the error of θ.
//!
//! Every trial runs its T inner steps, at λ₀ or where a laboratory has led it, and is measured at every one of them. On
//! log-log axes the points `(‖θ_t − θ*‖, ‖ĥ_t − ∇F‖)` lie on a line: of slope 1 for an ordinary
//! estimator, of slope 2 for a super-efficient one (Ye, Peyré, Cremers, Ablin, *Enhancing
//! Hypergradients Estimation*, AISTATS 2024). Where theory gives M with `ĥ − ∇F = Mᵀe + O(‖e‖²)`,
//! the predicted `‖Mᵀe_t‖` and the constant `C = ‖M‖₂` stand beside the measurement.

mod finding;

use std::sync::Arc;

use rayon::prelude::*;

use super::meter::Meter;
use super::{Case, Entry, Finding, ProbeError, Scope, Subject, Watcher, refuse};
use crate::catalog::{Card, Kind, Knob, Scale};
use crate::math::fit::{PowerLaw, widest_power_law};
use crate::math::vector;
use crate::metric::{COSINE, ERROR, INNER_ERROR, Metric, PREDICTED_ERROR, RELATIVE_ERROR};
use crate::scenario::Experiment;
use crate::trial::{Budget, Recording, Stage, Status, Trial};

use finding::Run;
pub use finding::{CurvePoint, Replicate, Replicates, Row, SCHEMA, Spread, SuperEfficiency, TrialFinding};

/// The probe.
pub const ENTRY: Entry = Entry {
    card: Card {
        id: "super-efficiency",
        name: "Super-efficiency",
        source: "Ye, Peyré, Cremers, Ablin, Enhancing Hypergradients Estimation, AISTATS 2024, arXiv 2402.16748",
        equation: "‖ĥ(θ_t) − ∇F‖ ~ C ‖θ_t − θ*‖^slope ; ĥ − ∇F = Mᵀ(θ_t − θ*) + O(‖θ_t − θ*‖²), C = ‖M‖₂",
        summary: "Measures how fast the hypergradient gets better as training does. Runs the inner steps of every \
                  trial at its λ, measures the hypergradient at each of them, and fits the slope of its error \
                  against the inner error on log-log axes: over the widest stretch from the solution on that is a \
                  power law.",
        cost: "One inner run and T + 1 estimates a trial and replicate.",
        fails: "A run without a decade of inner error that is a power law has no slope; errors below 1e-13 of ‖∇F‖ are \
                rounding and are left out. Every inner run starts at θ₀: what a warm start would have changed is not \
                seen.",
        knobs: &[REPLICATES],
    },
    scope: Scope::AtLambda,
    stands: |_| false,
    key: 'E',
    sweeps: None,
    budget: &[("replicates", 10)],
    run: |case, watcher| Ok(Box::new(run(case, watcher)?) as Box<dyn Finding>),
};

const REPLICATES: Knob = Knob {
    key: "replicates",
    help: "Runs with seeds S, S + 1, …, each drawing anew whatever the scenario draws.",
    kind: Kind::Integer { default: 1, range: (1, 10_000), scale: Scale::Logarithmic },
};

/// Rounding: errors below this share of `‖∇F‖` say nothing about a slope.
pub const SLOPE_FLOOR: f64 = 1e-13;

/// Decades of inner error that a slope is fitted over, at least.
pub const SLOPE_DECADES: f64 = 1.0;

/// Measures every trial at every inner step.
///
/// # Errors
/// When the scenario cannot be built with one of the seeds, λ has no meaning on other rows, or the watcher stops it.
pub fn run(case: &Case<'_>, watcher: &mut Watcher<'_>) -> Result<SuperEfficiency, ProbeError> {
    let seeds = case.seeds(case.knobs.count("replicates"));
    if seeds.len() > 1 {
        check_lambda(case)?;
    }
    let steps: usize = case.subjects.iter().map(|subject| subject.setting.inner.steps).fold(0, usize::saturating_add);
    let meter = Meter::new(seeds.len().saturating_mul(steps), &case.experiment.stop, watcher);
    let runs: Vec<Result<Run, ProbeError>> = seeds
        .par_iter()
        .map(|&seed| {
            meter.goes_on()?;
            replicate(&case.with_seed(seed)?, &case.subjects, seed == case.scenario().seed, &meter)
        })
        .collect();
    let runs = runs.into_iter().collect::<Result<Vec<Run>, ProbeError>>()?;
    Ok(SuperEfficiency::of(case, runs))
}

/// What a row needs.
const METRICS: &[&Metric] = &[&INNER_ERROR, &ERROR, &RELATIVE_ERROR, &COSINE, &PREDICTED_ERROR];

/// Where λ is about rows, the λ that a trial has reached is about no other rows.
fn check_lambda(case: &Case<'_>) -> Result<(), ProbeError> {
    let experiment = &case.experiment;
    let has_moved = case.subjects.iter().any(|subject| subject.lambda.is_some());
    if has_moved && experiment.problem.is_about_rows() {
        return refuse(
            "here every training row has an entry of λ of its own, so a trial's λ means nothing with another seed; \
             expected 1 for `replicates`",
        );
    }
    Ok(())
}

/// Runs all trials with one seed. Rows in full are kept where `in_full`; others keep their errors alone.
fn replicate(
    experiment: &Arc<Experiment>,
    subjects: &[Subject],
    in_full: bool,
    meter: &Meter<'_, '_>,
) -> Result<Run, ProbeError> {
    let stage = Arc::new(Stage::of(experiment));
    let trials: Vec<Result<TrialFinding, ProbeError>> =
        subjects.par_iter().map(|subject| measure(subject, &stage, in_full, meter)).collect();
    let lambda = subjects.iter().find_map(|subject| subject.lambda.as_deref()).unwrap_or(&experiment.lambda);
    Ok(Run {
        seed: experiment.scenario.seed,
        lambda: lambda.to_vec(),
        trials: trials.into_iter().collect::<Result<_, _>>()?,
    })
}

/// One trial, from θ₀ to the end of its first inner run. The identifier is the one of a laboratory, so that both
/// draw the same batches.
fn measure(
    subject: &Subject,
    stage: &Arc<Stage>,
    in_full: bool,
    meter: &Meter<'_, '_>,
) -> Result<TrialFinding, ProbeError> {
    let steps = subject.setting.inner.steps;
    meter.goes_on()?;
    let mut trial = Trial::of(subject.loops(stage), Recording::of(METRICS, 1, Budget::UNLIMITED));
    let mut rows = vec![row(&trial, in_full)];
    while trial.status() == Status::Running {
        trial.step_inner();
        rows.push(row(&trial, in_full));
        meter.advance(1)?;
    }
    // A diverged run ends early; its share of the work is done nevertheless.
    meter.advance(steps - trial.inner())?;
    let truth = trial.truth();
    let fit = slope(&rows, vector::norm(&truth.hypergradient), truth.floor);
    Ok(TrialFinding {
        id: subject.id,
        trial: trial.setting().name.clone(),
        estimator: trial.setting().estimator.id().to_owned(),
        slope: fit.map(|fit| fit.slope),
        rows: rows.into_iter().flatten().collect(),
        intercept: fit.map(|fit| fit.intercept),
        decades: fit.map(|fit| fit.decades),
        slope_error: fit.map(|fit| fit.error),
        fitted: fit.map(|fit| fit.range),
        efficiency_constant: trial.efficiency_constant(),
        truth_converged: trial.truth().converged(),
        status: trial.status().to_string(),
    })
}

/// The trial's latest measurement.
fn row(trial: &Trial, in_full: bool) -> Option<Row> {
    let measurement = trial.latest()?;
    let vector = |values: &[f64]| if in_full { values.to_vec() } else { Vec::new() };
    let number = |metric| measurement.number(metric).unwrap_or(f64::NAN);
    Some(Row {
        inner_step: measurement.inner,
        theta: vector(trial.theta()),
        inner_error: number(&INNER_ERROR),
        hypergradient: vector(&measurement.estimate.hypergradient),
        truth: vector(&trial.truth().hypergradient),
        error: number(&ERROR),
        relative_error: number(&RELATIVE_ERROR),
        cosine: number(&COSINE),
        cost: trial.cost() + measurement.estimate.cost,
        solver: measurement.estimate.solver.clone(),
        predicted_error: measurement.number(&PREDICTED_ERROR),
    })
}

/// The slope of the run.
fn slope(rows: &[Option<Row>], scale: f64, known_to: f64) -> Option<PowerLaw> {
    error_slope(rows.iter().flatten().map(|row| (row.inner_error, row.error)), scale, known_to)
}

/// Slope of the hypergradient error over the widest stretch of the inner error, from the solution on and of at least a
/// decade, that is a power law; from pairs of inner error and error; `scale` is `‖∇F‖`, and `known_to` how far that may be off.
#[must_use]
pub fn error_slope(points: impl Iterator<Item = (f64, f64)>, scale: f64, known_to: f64) -> Option<PowerLaw> {
    // A truth that is known to few digits holds no errors below them.
    widest_power_law(&points.collect::<Vec<_>>(), (SLOPE_FLOOR * scale).max(known_to), SLOPE_DECADES)
}

#[cfg(test)]
mod tests {
    use std::ops::ControlFlow;

    use super::*;
    use crate::catalog::{Knobs, Value};
    use crate::probe::Progress;
    use crate::scenario::{NoFiles, builtin, parse};

    fn measured(replicates: i64, watcher: &mut Watcher<'_>) -> Result<SuperEfficiency, ProbeError> {
        let scenario = parse(builtin("quadratic").unwrap().text).unwrap();
        let knobs = Knobs::defaults(ENTRY.card.knobs).with("replicates", Value::Integer(replicates));
        run(&Case::of("quadratic", &scenario, &NoFiles, &knobs).unwrap(), watcher)
    }

    #[test]
    fn progress_ends_at_the_total_and_a_stop_is_heard() {
        let mut last = Progress { done: 0, total: 0 };
        let finding = measured(2, &mut |progress| {
            assert!(progress.done >= last.done);
            last = progress;
            ControlFlow::Continue(())
        });
        let steps = finding.unwrap().trials.iter().map(|trial| trial.rows.len() - 1).sum::<usize>();
        assert_eq!(last, Progress { done: 2 * steps, total: 2 * steps });
        assert_eq!(measured(2, &mut |_| ControlFlow::Break(())), Err(ProbeError::Stopped));
    }
}
