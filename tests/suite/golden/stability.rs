//! Runs that differ in one row, from scenario files with lists and replaced rows written out, against reference distances.

use std::fs;
use std::path::Path;

use assert_cmd::Command;
use serde_json::Value;

use super::stochastic::twins;
use crate::common::golden::{number, read, vector};

const TOLERANCE: f64 = 1e-9;

/// Replaced rows as a study spells them.
fn study(replaced: &Value) -> String {
    let row = |row: &Value| {
        let side = if row["side"] == "training" { "Training" } else { "Validation" };
        let features = vector(&row["x"]);
        format!("Row(side: {side}, index: {}, features: {features:?}, target: {:?})", row["index"], number(&row["y"]))
    };
    let rows: Vec<String> = replaced.as_array().unwrap().iter().map(row).collect();
    format!("study: Study(replaced: [{}]),", rows.join(", "))
}

fn measured(text: &str, folder: &Path, arguments: &[&str]) -> Value {
    let path = folder.join("twins.ron");
    fs::write(&path, text).unwrap();
    let mut command = Command::cargo_bin("hyperlab").unwrap();
    let output = command.args(["probe", "stability"]).arg(&path).args(["--json", "--replicates", "1"]).args(arguments);
    let output = output.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn assert_close(found: f64, expected: f64, what: &str) {
    let error = (found - expected).abs() / expected.abs().max(1e-3);
    assert!(error <= TOLERANCE, "{what}: {found:e} against {expected:e}");
}

#[test]
fn twins_of_scenario_files_drift_apart_as_the_reference_twins_do() {
    let golden = read("stability_twins");
    let folder = tempfile::tempdir().unwrap();
    let mut compared = 0;
    for (name, id, method, algorithm) in twins(&golden) {
        let case = &golden["cases"][name];
        let text = method.text(&study(&case["replaced"]), ", steps: 200");
        let found = measured(&text, folder.path(), &[]);
        let found = &found["trials"][0];
        let steps: Vec<u64> =
            found["marks"].as_array().unwrap().iter().map(|mark| mark["step"].as_u64().unwrap()).collect();
        for (place, mark) in case["marks"].as_array().unwrap().iter().enumerate() {
            let at = steps.iter().position(|step| Some(*step) == mark.as_u64()).unwrap();
            let what = format!("{name}, {id}, K = {mark}");
            for (twin, expected) in
                found["twins"].as_array().unwrap().iter().zip(algorithm["twins"].as_array().unwrap())
            {
                assert_eq!((&twin["side"], &twin["index"]).1, &expected["index"]);
                assert_eq!(twin["side"].as_str().unwrap().to_lowercase(), expected["side"].as_str().unwrap());
                let what = format!("{what}, {} row {}", expected["side"], expected["index"]);
                assert_close(number(&twin["lambda"][at]), number(&expected["lambda_l2"][place]), &what);
                assert_close(number(&twin["theta"][at]), number(&expected["theta_l2"][place]), &what);
                compared += 1;
            }
            let mark = &found["marks"][at];
            assert_close(number(&mark["epsilon1"]["mean"]), number(&algorithm["validation_l1"][place]), &what);
            let squared = number(&algorithm["validation_l2_squared"][place]);
            assert_close(number(&mark["epsilon2_squared"]["mean"]), squared, &what);
        }
    }
    assert_eq!(compared, 3 * 8 * (4 + 4 + 2));
}

#[test]
fn a_row_in_place_of_itself_changes_no_bit() {
    let golden = read("stability_twins");
    let folder = tempfile::tempdir().unwrap();
    for (name, id, method, _) in twins(&golden) {
        let data = &golden["cases"][name]["data"];
        let itself = |side: &str, index: usize| {
            let end = if side == "validation" { "_val" } else { "" };
            let [x, y] = ["X", "y"].map(|key| data[format!("{key}{end}")][index].clone());
            serde_json::json!({"side": side, "index": index, "x": x, "y": y})
        };
        let replaced = serde_json::json!([itself("validation", 3), itself("training", 5)]);
        let found = measured(&method.text(&study(&replaced), ", steps: 50"), folder.path(), &[]);
        for twin in found["trials"][0]["twins"].as_array().unwrap() {
            let distances = [vector(&twin["lambda"]), vector(&twin["theta"])].concat();
            assert!(distances.iter().all(|distance| *distance == 0.0), "{name}, {id}: {distances:?}");
        }
    }
}
