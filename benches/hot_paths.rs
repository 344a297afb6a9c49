//! What a person waits for: an inner step, an estimate, a truth, a snapshot, a figure.
//!
//! `cargo bench` prints times; on a shared machine compare rows of one run, not runs.

use std::ops::ControlFlow;
use std::sync::Arc;

use divan::{Bencher, black_box};
use hyperlab::catalog::{Knobs, Spec, Value};
use hyperlab::estimator;
use hyperlab::lab::{Command, Lab, Snapshot};
use hyperlab::probe::{Case, bias_variance};
use hyperlab::problem::Truth;
use hyperlab::scenario::{NoFiles, builtin, experiment, parse};
use hyperlab::trial::{Budget, Loops, Recording, Setting, Stage, Trial};
use hyperlab::{chart, metric, scenario};

fn main() {
    divan::main();
}

const SCENARIOS: &[&str] = &["quadratic", "ridge-per-feature", "logistic", "softmax"];

/// The experiment of a built-in scenario; benchmarks fail loudly.
fn opened(id: &str) -> scenario::Experiment {
    experiment(&parse(builtin(id).unwrap().text).unwrap(), &NoFiles).unwrap()
}

/// A trial of the scenario's first setting with another estimator, a few steps into its inner run.
fn trial(id: &str, estimator: &'static str) -> Trial {
    let experiment = opened(id);
    let mut setting = Setting::of(&experiment.scenario.trials[0], &experiment.scenario);
    setting.estimator = Spec::new(estimator).unwrap();
    setting.inner.steps = 1_000_000;
    let stage = Arc::new(Stage::new(experiment.problem, experiment.lambda, experiment.theta, 7));
    let mut trial = Trial::new(0, setting, &stage, Recording::of(metric::ALL, usize::MAX, Budget::LABORATORY));
    for _ in 0..10 {
        trial.step_inner();
    }
    trial
}

#[divan::bench(args = SCENARIOS)]
fn inner_step(bencher: Bencher, id: &str) {
    let mut trial = trial(id, "direct");
    bencher.bench_local(|| trial.step_inner());
}

#[divan::bench(args = SCENARIOS)]
fn truth(bencher: Bencher, id: &str) {
    let experiment = opened(id);
    bencher.bench_local(|| Truth::at(black_box(&experiment.problem), &experiment.lambda));
}

#[divan::bench(args = estimator::ALL.iter().map(|entry| entry.card.id))]
fn estimate_on_breast_cancer(bencher: Bencher, estimator: &'static str) {
    let trial = trial("logistic", estimator);
    bencher.bench_local(|| trial.measure());
}

#[divan::bench(args = SCENARIOS)]
fn snapshot(bencher: Bencher, id: &str) {
    let lab = lab(id);
    bencher.bench_local(|| Snapshot::of_lab(black_box(&lab)));
}

#[divan::bench(args = chart::ALL.iter().map(|entry| entry.card.id))]
fn figure(bencher: Bencher, id: &str) {
    let snapshot = Snapshot::of_lab(&lab("ridge-per-feature"));
    let entry = chart::ALL.iter().find(|entry| entry.card.id == id).unwrap();
    bencher.bench_local(|| (entry.draw)(black_box(&snapshot)));
}

/// Outer steps of one inner step each, recorded with every metric; the records are thinned on the way.
#[divan::bench(args = [1_000, 100_000], sample_count = 3, sample_size = 1)]
fn record_outer_steps(bencher: Bencher, steps: usize) {
    bencher.bench_local(|| ticking(steps));
}

/// A snapshot costs the same after a long run as after a short one.
#[divan::bench(args = [1_000, 100_000])]
fn snapshot_after_outer_steps(bencher: Bencher, steps: usize) {
    let lab = ticking(steps);
    bencher.bench_local(|| Snapshot::of_lab(black_box(&lab)));
}

/// A lab of eight trials after so many outer steps of one inner step each.
fn ticking(steps: usize) -> Lab {
    let trials = ["Trial(estimator: Identity)"; 8].join(", ");
    let text = format!(
        "Scenario(title: \"\", about: \"\", lambda: Constant(-3.0), problem: Ridge, truth: None,
            data: Data(source: Regression(rows: 40, features: 10), split: Random(training: 20, validation: 20)),
            inner: Inner(dynamics: GradientDescent, steps: 1, warm_start: true), trials: [{trials}])"
    );
    let mut lab = Lab::new(experiment(&parse(&text).unwrap(), &NoFiles).unwrap());
    (0..2 * steps).for_each(|_| lab.apply(&Command::Tick).unwrap());
    lab
}

/// A lab after some ticks.
fn lab(id: &str) -> Lab {
    let mut lab = Lab::new(opened(id));
    lab.apply(&Command::MeasureEvery(5)).unwrap();
    for _ in 0..30 {
        lab.apply(&Command::Tick).unwrap();
    }
    lab
}

/// A whole inner run with its tangents. A penalty for each of 100 features, all read from the first step on; and schedules in
/// windows, over digits in batches of 8.
#[divan::bench(args = ["penalties", "4 windows", "10 windows", "50 windows"], sample_count = 5, sample_size = 1)]
fn forward_over_columns(bencher: Bencher, columns: &str) {
    let parts = match columns.split_once(' ') {
        None => "problem: Logistic(penalty: PerFeature), lambda: Constant(-3.0), inner: Inner(dynamics: GradientDescent, steps: 100),
            data: Data(source: TwoClasses(rows: 2000, features: 100), split: Random(training: 1000, validation: 1000), standardize: Off)"
            .to_owned(),
        Some((count, _)) => format!(
            "problem: Softmax(penalty: Scalar, penalty_weight: 1e-6), lambda: Constant(-30),
            inner: Inner(dynamics: Schedule(rates: {count}, step: Fixed(0.1)), steps: 2000, batch: Rows(8)),
            data: Data(source: Bundled(\"digits\"), split: Random(training: 400, validation: 300), divide_by: 16, standardize: Off)"
        ),
    };
    let text = format!(
        "Scenario(title: \"\", about: \"\", theta: Zeros, truth: None, {parts}, trials: [Trial(estimator: Forward)])"
    );
    let experiment = experiment(&parse(&text).unwrap(), &NoFiles).unwrap();
    let setting = Setting::of(&experiment.scenario.trials[0], &experiment.scenario);
    let loops = Loops::new(0, setting, &Arc::new(Stage::of(&Arc::new(experiment))));
    bencher.bench_local(|| {
        let mut loops = loops.clone();
        loops.finish_inner();
        loops.estimate()
    });
}

const RIDGE: &str = "problem: Ridge,
    data: Data(source: Regression(rows: 200, features: 50), split: Random(training: 100, validation: 100),
        standardize: Off),
    inner: Inner(dynamics: Newton, steps: 1), trials: [Trial(estimator: Direct)]";

const LOGISTIC: &str = "problem: Logistic,
    data: Data(source: TwoClasses(rows: 200, features: 50), split: Random(training: 100, validation: 100),
        standardize: Off),
    inner: Inner(dynamics: GradientDescent, steps: 100), trials: [Trial(estimator: Reverse)]";

/// 200 nested replicates (20 training samples, 10 validation samples each), on all cores: an exact ridge and a
/// logistic regression unrolled over 100 steps, 50 features and 100 rows each.
#[divan::bench(args = ["ridge", "logistic"], sample_count = 5)]
fn bias_variance(bencher: Bencher, problem: &str) {
    let parts = if problem == "ridge" { RIDGE } else { LOGISTIC };
    let text = format!("Scenario(title: \"\", about: \"\", lambda: Constant(-3.0), {parts})");
    let scenario = parse(&text).unwrap();
    let knobs = Knobs::defaults(bias_variance::ENTRY.card.knobs)
        .with("training", Value::Integer(20))
        .with("validation", Value::Integer(10))
        .with("truth_replicates", Value::Integer(2));
    let case = Case::of("bench", &scenario, &NoFiles, &knobs).unwrap();
    bencher.bench_local(|| bias_variance::run(&case, &mut |_| ControlFlow::Continue(())).unwrap());
}
