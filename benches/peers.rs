//! Ticks per second of stochastic methods, in a form that peers can be held against.
//!
//! `cargo bench --bench peers` writes what each row ran on (rows, lists, steps, and where λ ended) to `target/peers/`, and
//! prints seconds. `benches/peers/run.py` runs this, then the same ticks in NumPy and JAX, checks that all end at the same
//! λ, and prints ratios.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use hyperlab::data::Samples;
use hyperlab::draw::{Batch, Clock, Draw, Drawing, Draws, PerStep, Products, Sizes};
use hyperlab::scenario::{Experiment, NoFiles, experiment, parse};
use hyperlab::trial::{Loops, Setting, Stage};
use serde_json::{Value, json};

/// Runs of a row, of which the fastest counts.
const REPEATS: usize = 5;

/// SOBA on ridge regression towards a learned prior mean, over 16 rows on both levels.
const SOBA: &str = "Scenario(title: \"\", about: \"\", seed: 1, truth: None, draws: Shared,
    problem: BiasedRidge(rho: 0.5),
    data: Data(source: Regression(rows: 600, features: 20, informative: 8, signal: 3.0, noise: 0.7, decay: 0.7),
        split: Random(training: 400, validation: 200), standardize: Off),
    inner: Inner(dynamics: GradientDescent(step: Fixed(0.1)), steps: 1, warm_start: true, batch: Rows(16)),
    outer: Outer(rule: GradientDescent(step: 0.4), batch: Rows(16)),
    trials: [Trial(estimator: Soba)])";

/// Single-timescale stochastic gradient descent through one inner step, strongly convex at both levels.
const TWINS: &str = "Scenario(title: \"\", about: \"\", seed: 2, truth: None, draws: Shared,
    problem: BiasedRidge(rho: 0.5, outer_penalty: 0.1),
    data: Data(source: Regression(rows: 180, features: 10, informative: 10, signal: 3.0, noise: 0.5, decay: 0.7),
        split: Random(training: 100, validation: 80), standardize: Off),
    inner: Inner(dynamics: GradientDescent(step: Fixed(0.1)), steps: 1, warm_start: true, batch: Rows(4)),
    outer: Outer(rule: GradientDescent(step: 0.5), batch: Rows(4)),
    trials: [Trial(estimator: Reverse)])";

/// The base run and its twins, each with one validation row replaced.
const RUNS: usize = 11;

fn main() -> std::io::Result<()> {
    fs::create_dir_all(folder())?;
    write("soba", &soba(20_000, 16))?;
    write("twins", &twins(3000, 4))
}

fn folder() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/target/peers"))
}

fn write(name: &str, row: &Value) -> std::io::Result<()> {
    println!("{name}: {} ticks in {:.4} s", row["ticks"], row["seconds"].as_f64().unwrap_or(f64::NAN));
    fs::write(folder().join(format!("{name}.json")), row.to_string())
}

fn opened(text: &str) -> Experiment {
    experiment(&parse(text).unwrap(), &NoFiles).unwrap()
}

fn stage(experiment: &Experiment) -> Arc<Stage> {
    let Experiment { problem, lambda, theta, scenario, .. } = experiment;
    Arc::new(Stage::new(Arc::clone(problem), lambda.clone(), theta.clone(), scenario.seed))
}

fn loops(experiment: &Experiment, stage: &Arc<Stage>) -> Loops {
    Loops::new(0, Setting::of(&experiment.scenario.trials[0], &experiment.scenario), stage)
}

/// The fastest of some runs of `ticks` outer steps of all loops, and where λ of each ends.
fn timed(all: &[Loops], ticks: usize) -> (f64, Vec<Vec<f64>>) {
    let run = || {
        let mut all = all.to_vec();
        let start = Instant::now();
        for loops in &mut all {
            (0..ticks).for_each(|_| assert!(loops.advance().is_some()));
        }
        (start.elapsed().as_secs_f64(), all.iter().map(|loops| loops.lambda().to_vec()).collect())
    };
    let mut runs: Vec<(f64, Vec<Vec<f64>>)> = (0..REPEATS).map(|_| run()).collect();
    runs.sort_by(|a, b| a.0.total_cmp(&b.0));
    runs.swap_remove(0)
}

fn soba(ticks: usize, size: usize) -> Value {
    let experiment = opened(SOBA);
    let (seconds, lambda) = timed(&[loops(&experiment, &stage(&experiment))], ticks);
    row(&experiment, (ticks, size), seconds, &lambda)
}

/// Twin number i has the last validation rows but i in the place of validation row i.
fn twins(ticks: usize, size: usize) -> Value {
    let experiment = opened(TWINS);
    let data = experiment.data.as_ref().unwrap();
    let problems = (0..RUNS).map(|run| {
        let mut split = data.split.clone();
        if let Some(row) = run.checked_sub(1) {
            let last = split.validation.targets.len() - 1 - row;
            let mut rows: Vec<usize> = (0..split.validation.targets.len()).collect();
            rows[row] = last;
            split.validation = split.validation.choose(&rows);
        }
        experiment.problem_on(&split).unwrap()
    });
    let all: Vec<Loops> = problems
        .map(|problem| {
            let stage = Stage::new(problem, experiment.lambda.clone(), experiment.theta.clone(), 2);
            loops(&experiment, &Arc::new(stage))
        })
        .collect();
    let (seconds, lambda) = timed(&all, ticks);
    row(&experiment, (ticks, size), seconds, &lambda)
}

/// All that a peer needs to take the same ticks.
fn row(experiment: &Experiment, (ticks, size): (usize, usize), seconds: f64, lambda: &[Vec<f64>]) -> Value {
    let split = &experiment.data.as_ref().unwrap().split;
    let lists = |what: Draw, of: usize| -> Vec<Vec<usize>> {
        let sizes = Sizes { inner: Batch::Rows(size), products: Products::AsInner, outer: Batch::Rows(size) };
        let per_step = PerStep { inner: 1, outer: 1, ..PerStep::default() };
        let mut draws = Draws::new(sizes, Drawing::Shared, per_step);
        let list = |outer: usize| {
            let mut rows = Vec::new();
            let at = Clock { seed: experiment.scenario.seed, trial: 0, outer, inner: 0 };
            assert!(draws.rows(at, what, 0, of, &mut rows));
            rows
        };
        (0..ticks).map(list).collect()
    };
    let table = |samples: &Samples| {
        let features = samples.features.dense();
        let rows: Vec<&[f64]> = (0..samples.targets.len()).map(|row| features.row(row)).collect();
        json!({"X": rows, "y": samples.targets})
    };
    json!({
        "ticks": ticks,
        "seconds": seconds,
        "lambda": lambda,
        "training": table(&split.training),
        "validation": table(&split.validation),
        "training_lists": lists(Draw::Inner, split.training.targets.len()),
        "validation_lists": lists(Draw::Outer, split.validation.targets.len()),
    })
}
