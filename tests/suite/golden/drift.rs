//! Weights of past blocks in a drifting world, from a scenario file, tick by tick, against the reference.

use hyperlab::lab::{Command, Lab};
use hyperlab::metric::{FILTERED, HYPERGRADIENT, LAMBDA, LOCAL_REGRET, OUTER_VALUE, THETA};
use hyperlab::problem::Truth;
use hyperlab::scenario::{Experiment, NoFiles, check_text, experiment};
use hyperlab::trial::{Record, Status};
use serde_json::Value;

use crate::common::assert_close;
use crate::common::golden::{number, read, vector};

const TOLERANCE: f64 = 1e-10;

fn lists(value: &Value) -> Vec<Vec<f64>> {
    value.as_array().unwrap().iter().map(vector).collect()
}

/// The file's blocks from number `first` on, the rows of each that are learned from before those that judge.
fn scenario(file: &Value, first: usize, problem: &str, lambda: &[f64], loops: &str) -> String {
    let part = |name: &str| file[name].as_array().unwrap()[first..].to_vec();
    let features: Vec<Vec<f64>> = part("inner_X")
        .iter()
        .zip(part("outer_X"))
        .flat_map(|(inner, outer)| [lists(inner), lists(&outer)].concat())
        .collect();
    let targets: Vec<f64> = part("inner_y")
        .iter()
        .zip(part("outer_y"))
        .flat_map(|(inner, outer)| [vector(inner), vector(&outer)].concat())
        .collect();
    let rows = vector(&file["inner_y"][0]).len();
    let (past, ridge) = (file["window_of_blocks"].as_u64().unwrap(), number(&file["rho"]));
    format!(
        "Scenario(title: \"reference\", about: \"\", problem: PastBlocks(blocks: {past}, ridge: {ridge:?}{problem}),
        arrays: {{\"W\": {:?}, \"b\": {:?}}},
        data: Data(source: Rows(features: {features:?}, targets: {targets:?}), standardize: Off,
            split: Stream(past: {past}, block: {}, training: {rows}, validation: {rows})),
        lambda: Explicit({lambda:?}), world: Drift, {loops})",
        lists(&file["W"]),
        vector(&file["b"]),
        2 * rows
    )
}

fn built(text: &str) -> Experiment {
    let (scenario, found) = check_text(text, &NoFiles, &[][..]);
    experiment(&scenario.unwrap_or_else(|| panic!("{found:?}")), &NoFiles).unwrap()
}

fn exact(file: &Value, filter: &str) -> String {
    let step = number(&file["step"]);
    format!(
        "inner: Inner(dynamics: Newton, steps: 1), outer: Outer(rule: GradientDescent(step: {step:?}), filter: {filter}, steps: 10),
        trials: [Trial(estimator: Direct)]"
    )
}

/// Outer steps until the blocks end.
fn run(text: &str) -> Lab {
    let mut lab = Lab::new(built(text));
    while lab.trials().any(|trial| !trial.status().is_halted()) {
        lab.apply(&Command::Tick).unwrap();
    }
    lab
}

#[test]
fn a_drifting_trial_follows_the_reference() {
    let file = read("sfbo_stream");
    let width = file["w"].as_u64().unwrap();
    let lab = run(&scenario(&file, 0, "", &[0.25; 4], &exact(&file, &format!("Window(width: {width})"))));
    let trial = lab.trials().next().unwrap();
    let ticks = file["ticks"].as_array().unwrap();
    let records: Vec<Record<'_>> = trial.outer_records().iter().collect();
    assert_eq!(records.len(), ticks.len());
    let mut gradients: Vec<Vec<f64>> = Vec::new();
    for (record, tick) in records.iter().zip(ticks) {
        let near = |found: &[f64], name: &str| {
            assert_close(found, &vector(&tick[name]), TOLERANCE, &format!("{name}, {}", tick["t"]))
        };
        near(record.vector(&LAMBDA), "lam");
        near(record.vector(&THETA), "theta");
        near(record.vector(&HYPERGRADIENT), "hypergradient");
        near(record.vector(&FILTERED), "windowed_mean");
        assert_close(&[record.number(&OUTER_VALUE).unwrap()], &[number(&tick["outer_value"])], TOLERANCE, "f");
        gradients.push(vector(&tick["hypergradient"]));
        // As the window of 20 is longer than the run, a term is the square of the mean of all estimates so far.
        let mean = |entry: usize| gradients.iter().map(|g| g[entry]).sum::<f64>() / gradients.len() as f64;
        let term: f64 = (0..4).map(|entry| mean(entry).powi(2)).sum();
        let before = match record.place {
            0 => 0.0,
            place => records[place - 1].number(&LOCAL_REGRET).unwrap(),
        };
        assert_close(&[record.number(&LOCAL_REGRET).unwrap() - before], &[term], TOLERANCE, "local regret");
    }
    assert_close(trial.lambda(), &vector(&ticks[9]["lam_next"]), TOLERANCE, "λ at the end");
    assert!(matches!(trial.status(), Status::NoRows { outer: 10 }), "{:?}", trial.status());
}

#[test]
fn adjoints_are_second_regressions() {
    let file = read("sfbo_stream");
    let ticks = file["ticks"].as_array().unwrap();
    for (first, tick) in ticks.iter().enumerate() {
        // The last block is followed by none.
        let text = scenario(&file, first, "", &vector(&tick["lam"]), &exact(&file, "None"));
        let found = built(&text.replace("world: Drift", "world: Fixed"));
        let truth = Truth::at(&found.problem, &found.lambda);
        let near = |found: &[f64], name: &str| assert_close(found, &vector(&tick[name]), TOLERANCE, name);
        near(&truth.theta, "theta");
        near(&truth.hypergradient, "hypergradient");
        let adjoint: Vec<f64> = truth.adjoint.iter().map(|entry| -entry).collect();
        near(&adjoint, "adjoint");
    }
}

#[test]
fn forgetting_follows_the_reference() {
    let (file, of) = (read("sfbo_stream"), &read("sfbo_stream")["forgetting"]);
    let text = scenario(&file, 0, ", weights: Forgetting", &vector(&of["mu"]), &exact(&file, "None"));
    let found = built(&text);
    let near = |found: &[f64], name: &str| assert_close(found, &vector(&of[name]), TOLERANCE, name);
    near(&found.problem.age_weights(&found.lambda).unwrap(), "weights");
    let truth = Truth::at(&found.problem, &found.lambda);
    near(&truth.theta, "theta");
    near(&truth.hypergradient, "hypergradient");
    near(&truth.adjoint.iter().map(|entry| -entry).collect::<Vec<_>>(), "adjoint");
    assert_close(&[truth.value], &[number(&of["outer_value"])], TOLERANCE, "outer_value");
}

/// k steps of length 1/trace(H) from zero for θ, and as many terms of the adjoint's series.
#[test]
fn inexact_regressions_follow_the_reference() {
    let file = read("sfbo_stream");
    let ticks = file["ticks"].as_array().unwrap();
    let last = ticks.last().unwrap();
    let rows = lists(&last["C"]);
    let step = 1.0 / (0..rows.len()).map(|i| rows[i][i]).sum::<f64>();
    for (steps, of) in file["inexact_at_last_t"].as_object().unwrap() {
        let terms = steps.parse::<usize>().unwrap() - 1;
        let loops = format!(
            "theta: Zeros, inner: Inner(dynamics: GradientDescent(step: Fixed({step:?})), steps: {steps}),
            trials: [Trial(estimator: Neumann(iterations: {terms}, step: Fixed({step:?})))]"
        );
        let text = scenario(&file, ticks.len() - 1, "", &vector(&last["lam"]), &loops);
        let mut lab = Lab::new(built(&text.replace("world: Drift", "world: Fixed")));
        while lab.trials().next().unwrap().outer_records().is_empty() && !lab.is_halted() {
            lab.apply(&Command::Tick).unwrap();
        }
        let record = lab.trials().next().unwrap().outer_records().last().unwrap();
        assert_close(record.vector(&THETA), &vector(&of["theta"]), TOLERANCE, "θ");
        assert_close(record.vector(&HYPERGRADIENT), &vector(&of["hypergradient"]), TOLERANCE, steps);
    }
}
