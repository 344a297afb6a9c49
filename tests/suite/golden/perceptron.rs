//! The perceptron against values, derivatives and scores that another program took by automatic differentiation.

use std::sync::Arc;

use hyperlab::math::vector::norm;
use hyperlab::problem::{Cache, Location, Oracle, Problem, Rows};
use hyperlab::scenario::{NoFiles, check_text, experiment};
use serde_json::Value;

use super::stochastic::{data, list};
use crate::common::golden::{number, read, vector};
use crate::common::{assert_close, assert_near};

const TOLERANCE: f64 = 1e-10;

/// How the problem of a file is written in a scenario.
pub fn spelled(name: &str, golden: &Value) -> String {
    let hidden = &golden["hidden"];
    match name {
        "layers" => format!("Perceptron(hidden: {hidden})"),
        _ => format!("Perceptron(hidden: {hidden}, learns: Rows, ridge: {:?})", number(&golden["C"])),
    }
}

#[test]
fn values_derivatives_and_scores() {
    let golden = read("mlp");
    for (name, case) in golden["problems"].as_object().unwrap() {
        let text = format!(
            "Scenario(title: \"reference\", about: \"\", problem: {}, data: {}, lambda: Explicit({}), theta: Explicit({}),
             inner: Inner(dynamics: GradientDescent(step: Fixed(0.1)), steps: 1), trials: [Trial(estimator: Reverse)])",
            spelled(name, &golden["data"]),
            data(&golden["data"]),
            list(&vector(&case["lambda"])),
            list(&vector(&golden["theta"])),
        );
        let (scenario, found) = check_text(&text, &NoFiles, &[][..]);
        let experiment = experiment(&scenario.unwrap_or_else(|| panic!("{found:?}")), &NoFiles).unwrap();
        let problem = experiment.problem;
        let (d, p) = (problem.dimensions().inner, problem.dimensions().outer);
        let mut oracle = Oracle::new(Arc::clone(&problem));
        oracle.move_to(&experiment.lambda, &experiment.theta);
        let close = |found: &[f64], key: &str| {
            assert_close(found, &vector(&case[key]), TOLERANCE, &format!("{name}, {key}"));
        };
        assert_close(&[oracle.inner_value()], &[number(&case["inner_value"])], TOLERANCE, name);
        assert_close(&[oracle.outer_value()], &[number(&case["outer_value"])], TOLERANCE, name);
        let (mut inner, mut outer) = (vec![f64::NAN; d], vec![f64::NAN; p]);
        let direction = vector(&golden["direction"]);
        oracle.inner_gradient(&mut inner);
        close(&inner, "inner_gradient");
        oracle.inner_lambda_gradient(&mut outer);
        close(&outer, "inner_gradient_lambda");
        oracle.hvp(&direction, &mut inner);
        close(&inner, "hvp");
        oracle.cross_vjp(&direction, &mut outer);
        close(&outer, "cross_transposed");
        oracle.cross_jvp(&vector(&case["lambda_direction"]), &mut inner);
        close(&inner, "cross");
        oracle.outer_gradient(&mut inner);
        close(&inner, "outer_gradient");
        let eigenvalues = oracle.hessian().symmetric_eigenvalues().unwrap();
        let expected = vector(&case["hessian_eigenvalues"]);
        assert_near(&eigenvalues, &expected, TOLERANCE * norm(&expected), "eigenvalues");
        assert!(eigenvalues[0] < 0.0, "the Hessian is indefinite");
        scores(&*problem, &experiment.theta, &experiment.lambda, case, name);
        // The loss of a row is g over that row alone, without weight and penalty: of differences the penalty cancels.
        let losses = vector(&case["row_losses"]);
        let mut single = |row: usize| {
            oracle.use_training_rows(Some(&[row]));
            oracle.inner_value()
        };
        let likelihood = problem.likelihood().unwrap();
        let weighted = |row: usize| likelihood.weight(&experiment.lambda, row) * losses[row];
        for row in 1..losses.len() {
            let (found, expected) = (single(row) - single(0), weighted(row) - weighted(0));
            assert!((found - expected).abs() < TOLERANCE, "{name}, row {row}: {found} against {expected}");
        }
    }
}

fn scores(problem: &dyn Problem, theta: &[f64], lambda: &[f64], case: &Value, name: &str) {
    let Some(expected) = case.get("row_scores").and_then(Value::as_array) else { return };
    let mut cache = Cache::default();
    let at = Location { lambda, theta, rows: Rows::default() };
    let mut found = vec![f64::NAN; expected.len() * theta.len()];
    problem.prepare(at, &mut cache);
    problem.likelihood().unwrap().scores(at, &mut cache, &mut found);
    for (row, expected) in found.chunks(theta.len()).zip(expected) {
        assert_close(row, &vector(expected), TOLERANCE, &format!("{name}, a row's score"));
    }
}
