//! The field names of the JSON outputs, which other programs rely on, and the exactness of its numbers.

use serde_json::Value;

use super::Bench;

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

fn assert_keys(value: &Value, expected: &[&str]) {
    let mut expected = expected.to_vec();
    expected.sort_unstable();
    let mut found = keys(value);
    found.sort_unstable();
    assert_eq!(found, expected);
}

const COST: &[&str] = &["gradients", "hvps", "cross_products", "row_calls", "factorizations", "bytes"];

/// A `note` may follow.
const SOLVER: &[&str] = &["iterations", "residual", "converged", "negative_curvature"];

#[test]
fn super_efficiency_has_the_fields_it_promises() {
    let json = Bench::new().run(&["probe", "super-efficiency", "SCENARIO", "--json"]).json();
    assert_keys(&json, &["schema", "scenario", "seed", "lambda", "trials"]);
    assert_eq!(json["schema"], "hyperlab/super-efficiency/1");
    assert_eq!(json["seed"], 3);
    assert_eq!(json["lambda"], serde_json::json!([-2.0, -2.0]));
    let trials = json["trials"].as_array().unwrap();
    assert_eq!(trials.len(), 2);
    for trial in trials {
        let promised = ["trial", "estimator", "slope", "rows"];
        let more =
            ["intercept", "decades", "slope_error", "fitted", "efficiency_constant", "truth_converged", "status"];
        assert_keys(trial, &[&promised[..], &more[..]].concat());
        let rows = trial["rows"].as_array().unwrap();
        assert_eq!(rows.len(), 13);
        for (step, row) in rows.iter().enumerate() {
            let promised = ["inner_step", "theta", "inner_error", "hypergradient", "truth", "error", "relative_error"];
            assert_keys(row, &[&promised[..], &["cosine", "cost", "solver", "predicted_error"][..]].concat());
            assert_keys(&row["cost"], COST);
            assert_keys(&row["solver"], SOLVER);
            assert_eq!(row["inner_step"], step);
        }
    }
    assert_eq!(trials[1]["trial"], "Newton");
    assert_eq!(trials[1]["estimator"], "newton");
}

#[test]
fn replicates_come_beside_the_first_run() {
    let bench = Bench::with("lambda: Constant(-2.0)", "lambda: Uniform(low: -3.0, high: -1.0)");
    let probe =
        |arguments: &[&str]| bench.run(&[&["probe", "super-efficiency", "SCENARIO", "--json"], arguments].concat());
    let (one, many) = (probe(&[]).json(), probe(&["--replicates", "3"]).json());
    assert_eq!(one["trials"], many["trials"]);
    let replicates = many["replicates"][0].clone();
    assert_keys(&replicates, &["trial", "slope", "curve", "runs"]);
    assert_eq!(replicates["runs"].as_array().unwrap().len(), 3);
    assert_eq!(replicates["runs"][2]["seed"], 5);
    // A replicate is what its own seed gives.
    let third = probe(&["--seed", "5"]).json();
    let errors: Vec<&Value> = third["trials"][0]["rows"].as_array().unwrap().iter().map(|row| &row["error"]).collect();
    assert_eq!(replicates["runs"][2]["error"].as_array().unwrap().iter().collect::<Vec<_>>(), errors);
    // Mean and deviation of the logarithms, by hand.
    let logs: Vec<f64> = (0..3).map(|run| replicates["runs"][run]["error"][7].as_f64().unwrap().log10()).collect();
    let mean = logs.iter().sum::<f64>() / 3.0;
    let deviation = (logs.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / 2.0).sqrt();
    let spread = &replicates["curve"][7]["log10_error"];
    assert!((spread["mean"].as_f64().unwrap() - mean).abs() < 1e-12);
    assert!((spread["deviation"].as_f64().unwrap() - deviation).abs() < 1e-12);
    assert_eq!(spread["count"], 3);
}

#[test]
fn a_run_has_the_fields_it_promises() {
    let json = Bench::new().run(&["run", "SCENARIO", "--json"]).json();
    assert_keys(&json, &["schema", "scenario", "seed", "trials"]);
    assert_eq!(json["schema"], "hyperlab/run/1");
    for trial in json["trials"].as_array().unwrap() {
        let fields = [
            "trial",
            "estimator",
            "steps",
            "lambda",
            "pressed",
            "status",
            "halted",
            "truth_converged",
            "truth_condition",
        ];
        assert_keys(trial, &fields);
        assert!(trial["truth_condition"].as_f64().unwrap() >= 1.0);
        let steps = trial["steps"].as_array().unwrap();
        assert_eq!(steps.len(), 3);
        for (index, step) in steps.iter().enumerate() {
            let place = ["outer_step", "lambda", "theta", "inner_value", "validation", "test", "adjoint", "filtered"];
            let estimate = ["hypergradient", "truth", "error", "relative_error", "cosine", "cost", "solver", "metrics"];
            assert_keys(step, &[&place[..], &estimate[..]].concat());
            assert_keys(&step["cost"], COST);
            assert_keys(&step["solver"], SOLVER);
            assert_eq!(step["outer_step"], index);
            // There are no test rows here, and rows have no weights.
            let metrics = keys(&step["metrics"]);
            assert!(step["test"].is_null() && !metrics.contains(&"test_loss") && !metrics.contains(&"f1"));
            for name in
                ["value", "inner_steps", "inner_error", "hypergradient_norm", "training_loss", "validation_loss"]
            {
                assert!(metrics.contains(&name), "{name} in {metrics:?}");
            }
        }
        // Gradient descent with step 0.1: λ moves by what the row says.
        for pair in steps.windows(2) {
            let number = |step: &Value, name: &str| step[name][1].as_f64().unwrap();
            let expected = number(&pair[0], "lambda") - 0.1 * number(&pair[0], "hypergradient");
            assert!((number(&pair[1], "lambda") - expected).abs() < 1e-15);
        }
    }
}

#[test]
fn derived_numbers_follow_from_the_vectors_printed() {
    let json = Bench::new().run(&["probe", "super-efficiency", "SCENARIO", "--json"]).json();
    let vector = |value: &Value| value.as_array().unwrap().iter().map(|x| x.as_f64().unwrap()).collect::<Vec<f64>>();
    let norm = |x: &[f64]| x.iter().map(|x| x * x).sum::<f64>().sqrt();
    for row in json["trials"][0]["rows"].as_array().unwrap() {
        let (estimate, truth) = (vector(&row["hypergradient"]), vector(&row["truth"]));
        let difference: Vec<f64> = estimate.iter().zip(&truth).map(|(a, b)| a - b).collect();
        // θ₀ is zero, and so is the penalty's hypergradient there: no angle.
        let has_angle = norm(&estimate) > 0.0;
        assert_eq!(row["cosine"].is_null(), !has_angle);
        let close = |name: &str, expected: f64| {
            let found = row[name].as_f64().unwrap();
            assert!((found - expected).abs() <= 1e-12 * expected.abs().max(1e-3), "{name}: {found} {expected}");
        };
        close("error", norm(&difference));
        close("relative_error", norm(&difference) / norm(&truth));
        let inner: f64 = estimate.iter().zip(&truth).map(|(a, b)| a * b).sum();
        if has_angle {
            close("cosine", inner / norm(&estimate) / norm(&truth));
        }
    }
}

/// JSON and CSV print the same numbers, and both read back bit for bit.
#[test]
fn numbers_are_printed_in_full() {
    let bench = Bench::new();
    let json = bench.run(&["probe", "super-efficiency", "SCENARIO", "--json"]).json();
    let text = bench.run(&["probe", "super-efficiency", "SCENARIO", "--csv"]).done();
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header = reader.headers().unwrap().clone();
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let column = |name: &str| header.iter().position(|column| column == name).unwrap();
    for (row, expected) in rows.iter().zip(json["trials"][0]["rows"].as_array().unwrap()) {
        let number = |name: &str| row[column(name)].parse::<f64>().unwrap();
        assert_eq!(number("theta_1").to_bits(), expected["theta"][1].as_f64().unwrap().to_bits());
        assert_eq!(number("error").to_bits(), expected["error"].as_f64().unwrap().to_bits());
        assert_eq!(number("hypergradient_0").to_bits(), expected["hypergradient"][0].as_f64().unwrap().to_bits());
    }
}

/// JSON has no NaN: a residual where nothing was solved is `null`.
#[test]
fn what_is_not_finite_is_null() {
    let set = ["--set", "trials[0].estimator=Reverse"];
    let json = Bench::new().run(&[&["probe", "super-efficiency", "SCENARIO", "--json"], &set[..]].concat()).json();
    assert!(json["trials"][0]["rows"][0]["solver"]["residual"].is_null());
    assert!(json["trials"][0]["efficiency_constant"].is_null());
}

/// Curvatures 20, 0.5 and 0.1, one Newton step from θ = (1, 2, 3) to θ* = (-1/20, -2, -10), by hand: g = ½θᵀAθ + Σθ,
/// f = ½‖θ‖² + Σθ, b = θ + 1, v = A⁻¹b, and ∇F = -Σv.
#[test]
fn both_ends_of_inner_runs_are_there_where_they_are_asked_for() {
    let case = format!("{}/tests/cases/neumann.ron", env!("CARGO_MANIFEST_DIR"));
    let run = |more: &[&str]| {
        let theta = "theta=Explicit([1, 2, 3])";
        Bench::new().run(&[&["run", &case, "--outer-steps", "1", "--json", "--set", theta], more].concat()).json()
    };
    assert!(run(&[])["trials"][3]["steps"][0].get("ends").is_none());
    let json = run(&["--vectors"]);
    let direct = &json["trials"][3]["steps"][0]["ends"];
    let (start, end) = (&direct["start"], &direct["end"]);
    let is = |value: &Value, expected: &[f64]| {
        let found: Vec<f64> = match value {
            Value::Array(all) => all.iter().map(|x| x.as_f64().unwrap()).collect(),
            one => vec![one.as_f64().unwrap()],
        };
        let close = found.len() == expected.len()
            && found.iter().zip(expected).all(|(x, y)| (x - y).abs() <= 1e-12 * y.abs().max(1.0));
        assert!(close, "{found:?}, not {expected:?}");
    };
    is(&start["theta"], &[1.0, 2.0, 3.0]);
    is(&start["inner_value"], &[10.0 + 1.0 + 0.45 + 6.0]);
    is(&start["validation"], &[7.0 + 6.0]);
    is(&start["adjoint"], &[0.1, 6.0, 40.0]);
    is(&start["hypergradient"], &[-46.1]);
    is(&start["inner_error"], &[(1.05f64.powi(2) + 16.0 + 169.0).sqrt()]);
    is(&end["theta"], &[-0.05, -2.0, -10.0]);
    is(&end["solution"], &[-0.05, -2.0, -10.0]);
    is(&end["outer_gradient"], &[0.95, -1.0, -9.0]);
    is(&end["solution_adjoint"], &[0.0475, -2.0, -90.0]);
    is(&end["eigenvalues"], &[0.1, 20.0]);
    assert!(json["trials"][0]["steps"][0]["ends"]["end"]["eigenvalues"].is_array());
}

/// A golden file through the program: the hypergradient at the file's λ, to every digit that it has.
#[test]
fn instrumental_variables_of_the_reference_come_out_of_the_program() {
    use crate::common::golden::{read, vector};
    use crate::golden::instrumental::{knobs, scenario};
    let (bench, file) = (Bench::new(), read("iv_regression"));
    bench.put("scenario.ron", scenario(&file, true, &knobs(&file)));
    let json = bench.run(&["probe", "super-efficiency", "SCENARIO", "--json"]).json();
    let found = vector(&json["trials"][0]["rows"][1]["hypergradient"]);
    crate::common::assert_close(&found, &vector(&file["split"]["hypergradient"]), 1e-10, "hypergradient");
}
