//! A result from elsewhere, reproduced digit by digit: everything that matters is said explicitly, and
//! the numbers are those of an independent program.

use std::fmt::Write;

use serde_json::Value;

use super::Bench;

/// Within 1e-10 of each entry, relative to it.
#[track_caller]
fn assert_close(found: &Value, expected: &Value, what: &str) {
    let (found, expected) = (found.as_array().unwrap(), expected.as_array().unwrap());
    assert_eq!(found.len(), expected.len(), "{what}");
    for (index, (found, expected)) in found.iter().zip(expected).enumerate() {
        let (found, expected) = (found.as_f64().unwrap(), expected.as_f64().unwrap());
        assert!((found - expected).abs() <= 1e-10 * expected.abs(), "{what}[{index}]: {found} is not {expected}");
    }
}

fn list(values: impl Iterator<Item = impl std::fmt::Display>) -> String {
    values.fold(String::new(), |mut text, value| {
        // Writing to a text cannot fail.
        let _ = write!(text, "{value}, ");
        text
    })
}

#[test]
fn logistic_regression_on_breast_cancer_agrees_with_automatic_differentiation() {
    let golden: Value = serde_json::from_str(include_str!("../../golden/breast_cancer_logistic.json")).unwrap();
    let rows = include_str!("../../../assets/data/breast_cancer.csv");
    let count = rows.lines().count() - 1;
    let numbers = |name: &str| list(golden[name].as_array().unwrap().iter());
    let bench = Bench::new();
    bench.put("rows.csv", rows);
    let text = format!(
        r#"Scenario(
    title: "A result from elsewhere",
    about: "Split, λ, θ₀ and the step size are written out.",
    problem: Logistic(penalty: PerFeature),
    data: Data(
        source: Csv(path: "rows.csv", target: "target"),
        split: Indices(training: [{}], validation: [{}]),
        standardize: Scale,
    ),
    lambda: Explicit([{}]),
    theta: Explicit([{}]),
    inner: Inner(dynamics: GradientDescent(step: Fixed({})), steps: 100),
    trials: [Trial(estimator: Direct)],
)
"#,
        list((0..count).step_by(2)),
        list((1..count).step_by(2)),
        numbers("lambda"),
        numbers("theta0"),
        golden["step_size"],
    );
    bench.put("scenario.ron", text);
    let json = bench.run(&["probe", "super-efficiency", "SCENARIO", "--json"]).json();
    assert_close(&json["lambda"], &golden["lambda"], "lambda");
    let rows = &json["trials"][0]["rows"];
    for step in [0, 1, 10, 100] {
        let row = &rows[step];
        let expected = &golden["unrolled_reverse"][step.to_string()];
        assert_eq!(row["inner_step"], step);
        assert_close(&row["theta"], &expected["theta_T"], &format!("theta at {step}"));
        assert_close(&row["truth"], &golden["exact"]["hypergrad"], "truth");
        let (found, expected) = (row["inner_error"].as_f64().unwrap(), expected["inner_error_l2"].as_f64().unwrap());
        assert!((found - expected).abs() <= 1e-10 * expected, "inner error at {step}: {found} is not {expected}");
    }
    let expected = &golden["at_theta_10"]["ift_direct"];
    assert_close(&rows[10]["hypergradient"], &expected["hypergrad"], "hypergradient at 10");
    let relative = rows[10]["relative_error"].as_f64().unwrap();
    assert!((relative - expected["rel_error_vs_exact"].as_f64().unwrap()).abs() <= 1e-10);

    // The same through other estimators, chosen on the command line.
    for (estimator, expected) in [
        ("Newton", &golden["corrected_at_theta_10"]["ift_at_theta_plus"]["hypergrad"]),
        ("Reverse", &golden["unrolled_reverse"]["10"]["hypergrad"]),
        ("Cg(iterations: 5, tolerance: 0.0)", &golden["at_theta_10"]["cg"]["5"]["hypergrad"]),
    ] {
        let set = format!("trials[0].estimator={estimator}");
        let arguments = ["probe", "super-efficiency", "SCENARIO", "--inner-steps", "10", "--set", &set, "--json"];
        let json = bench.run(&arguments).json();
        let found = &json["trials"][0]["rows"][10]["hypergradient"];
        if estimator.starts_with("Cg") {
            let (found, expected) = (found.as_array().unwrap(), expected.as_array().unwrap());
            for (found, expected) in found.iter().zip(expected) {
                let (found, expected) = (found.as_f64().unwrap(), expected.as_f64().unwrap());
                assert!((found - expected).abs() <= 1e-6 * expected.abs(), "{estimator}: {found} is not {expected}");
            }
        } else {
            assert_close(found, expected, estimator);
        }
    }
}
