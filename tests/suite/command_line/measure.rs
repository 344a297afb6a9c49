//! The probes of bias and variance, of overfitting and of excess error, on the command line.

use serde_json::Value;

use super::Bench;

const RIDGE: [&str; 2] = ["problem: Logistic(penalty: PerFeature)", "problem: Ridge(penalty: PerFeature)"];

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|entry| entry.as_f64().unwrap()).collect()
}

#[test]
fn bias_and_variance_add_up_on_a_users_own_rows() {
    let bench = Bench::with(RIDGE[0], RIDGE[1]);
    let arguments =
        ["probe", "bias-variance", "SCENARIO", "--json", "--replicates", "6x3", "--knob", "truth_replicates=9"];
    let json = bench.run(&arguments).json();
    assert_eq!(json["schema"], "hyperlab/bias-variance/1");
    assert_eq!(json["replicates"], serde_json::json!({"training": 6, "validation": 3}));
    assert_eq!(json["truth"]["conditional_on_the_pool"], true);
    assert_eq!(numbers(&json["truth"]["value"]).len(), 2);
    for trial in json["trials"].as_array().unwrap() {
        let number = |key: &str| trial[key].as_f64().unwrap();
        assert!((number("bias_squared") + number("variance") - number("mse")).abs() < 1e-12 * number("mse"));
        let parts = number("variance_training") + number("variance_validation");
        assert!((parts - number("variance")).abs() < 1e-12 * number("variance"));
        assert_eq!(numbers(&trial["mean"]).len(), 2);
        assert!(trial["standard_errors"]["mse"].as_f64().unwrap() > 0.0);
    }
    let on = |threads: &str| bench.run(&[&arguments[..], &["--threads", threads]].concat()).done();
    assert_eq!(on("1"), on("2"));
}

#[test]
fn a_sweep_has_a_row_for_every_value() {
    let bench = Bench::with(RIDGE[0], RIDGE[1]);
    let arguments = ["probe", "bias-variance", "SCENARIO", "--replicates", "4x2", "--sweep", "inner.steps=1,3,9"];
    let json = bench.run(&[&arguments[..], &["--json"]].concat()).json();
    assert_eq!(json["path"], "inner.steps");
    let values: Vec<&str> =
        json["points"].as_array().unwrap().iter().map(|point| point["value"].as_str().unwrap()).collect();
    assert_eq!(values, ["1", "3", "9"]);
    let csv = bench.run(&[&arguments[..], &["--csv"]].concat()).done();
    assert_eq!(csv.lines().count(), 1 + 3 * 2);
    assert!(bench.run(&arguments).done().contains("least MSE"));
}

#[test]
fn overfitting_is_told_in_a_table_in_json_and_in_csv() {
    let bench = Bench::new();
    let json = bench.run(&["probe", "overfitting", "SCENARIO", "--replicates", "2", "--json"]).json();
    assert_eq!((&json["schema"], &json["replicates"]), (&"hyperlab/overfitting/1".into(), &2.into()));
    let curves = json["trials"][0]["curves"].as_array().unwrap();
    let named: Vec<&str> = curves.iter().map(|curve| curve["quantity"].as_str().unwrap()).collect();
    assert_eq!(named, ["training", "validation", "validation_accuracy"]);
    assert_eq!(curves[0]["over_seeds"].as_array().unwrap().len(), 3);
    let csv = bench.run(&["probe", "overfitting", "SCENARIO", "--csv"]).done();
    assert!(csv.starts_with("trial,estimator,ensemble,quantity,outer_step,calls,mean"));
}

#[test]
fn excess_error_prints_its_ranks() {
    let bench = Bench::with(RIDGE[0], RIDGE[1]);
    let arguments = ["probe", "excess-error", "SCENARIO", "--replicates", "2", "--knob", "risk_samples=2"];
    assert!(bench.run(&arguments).done().contains("rank correlation with the excess"));
}

#[test]
fn what_cannot_be_measured_is_said_with_what_would_work() {
    let bench = Bench::new();
    let said = |arguments: &[&str]| bench.run(&[&["probe", "bias-variance", "SCENARIO"], arguments].concat()).refused();
    let one = said(&["--replicates", "1x4"]);
    assert!(one.contains("1 training replicate cannot tell bias from variance; expected at least 2"), "{one}");
    let word = said(&["--replicates", "many"]);
    assert!(word.contains("expected a whole number, or two as in `40x5`"), "{word}");
    let knob = said(&["--knob", "truth=Nothing"]);
    assert!(knob.contains("expected one of `TrainingExpectation`, `SameData`, `Population`"), "{knob}");
    let unknown = said(&["--knob", "trooth=SameData"]);
    assert!(unknown.contains("there is no `trooth` here; expected one of `training`"), "{unknown}");
    let path = said(&["--sweep", "inner.stops=1,2"]);
    assert!(path.contains("inner.stops=1"), "{path}");
    let no_values = said(&["--sweep", "inner.steps"]);
    assert!(no_values.contains("expected PATH=V1,V2,…"), "{no_values}");
    let trials = said(&["--sweep", "trials=[(estimator: Direct),(estimator: Reverse)],[(estimator: Direct)]"]);
    assert!(trials.contains("makes 1 trial of 2; expected as many"), "{trials}");
    let long = bench.run(&["probe", "overfitting", "SCENARIO", "--set", "outer.steps=1000000000"]).refused();
    assert!(long.contains("2000000000 outer steps in all") && long.contains("expected at most 2000000 "), "{long}");
    let none = bench.run(&["probe", "excess-error", "SCENARIO", "--sweep", "inner.steps=1"]).refused();
    assert!(none.contains("`excess-error` does not sweep; expected `bias-variance`"), "{none}");
    let zero = bench.run(&["export", "SCENARIO", "--set", "study=(validation: 0)", "--out", "nowhere"]).refused();
    assert!(zero.contains("`validation` is 0; expected from 1 to 10000"), "{zero}");
    let folds = Bench::with(
        "Trial(name: \"direct\", estimator: Direct)",
        "Trial(estimator: Direct, ensemble: Folds(members: 9))",
    );
    let folds = folds.run(&["check", "SCENARIO"]).refused();
    assert!(folds.contains("8 training and validation rows cannot be divided into 9 folds"), "{folds}");
}
