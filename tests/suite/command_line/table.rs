//! The table that compares trials: its numbers, its order, and what it refuses.

use serde_json::Value;

use super::{Bench, hyperlab};

/// Each number is the one that the run itself reports of that trial's last outer step.
#[test]
fn a_table_holds_the_last_outer_step_of_every_trial() {
    let bench = Bench::new();
    let columns = "relative_error,cosine,calls,validation_loss,lambda[1],lambda";
    let table = bench.run(&["run", "SCENARIO", "--table", "--columns", columns, "--json"]).json();
    assert_eq!(table["schema"], "hyperlab/table/1");
    let run = bench.run(&["run", "SCENARIO", "--json"]).json();
    let rows = table["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 2);
    for (row, trial) in rows.iter().zip(run["trials"].as_array().unwrap()) {
        assert_eq!(row["trial"], trial["trial"]);
        let last = trial["steps"].as_array().unwrap().last().unwrap();
        assert_eq!(last["outer_step"], 2);
        for name in ["relative_error", "cosine", "calls", "validation_loss"] {
            assert_eq!(row["values"][name], last["metrics"][name], "{name}");
        }
        assert_eq!(row["values"]["lambda[1]"], last["lambda"][1]);
        let squares: f64 = last["lambda"].as_array().unwrap().iter().map(|x| x.as_f64().unwrap().powi(2)).sum();
        assert!((row["values"]["lambda"].as_f64().unwrap() - squares.sqrt()).abs() < 1e-14);
    }
}

#[test]
fn rows_are_in_the_order_asked_for() {
    let bench = Bench::new();
    let sorted = |arguments: &[&str]| -> Vec<f64> {
        let table = ["run", "SCENARIO", "--table", "--json", "--sort", "relative-error"];
        let json = bench.run(&[&table[..], arguments].concat()).json();
        let number = |row: &Value| row["values"]["relative_error"].as_f64().unwrap();
        json["rows"].as_array().unwrap().iter().map(number).collect()
    };
    let (up, down) = (sorted(&[]), sorted(&["--descending"]));
    assert!(up[0] < up[1], "{up:?}");
    assert_eq!(down, [up[1], up[0]]);
    // A column to sort by is shown, also where it was not chosen.
    let text = bench.run(&["run", "SCENARIO", "--table", "--columns", "calls", "--sort", "cosine", "--csv"]).done();
    assert_eq!(text.lines().next().unwrap(), "trial,calls,cosine");
    assert_eq!(text.lines().count(), 3);
}

#[test]
fn a_column_that_is_none_is_refused_with_what_would_work() {
    let refused = |columns: &str| Bench::new().run(&["run", "SCENARIO", "--table", "--columns", columns]).refused();
    assert!(refused("cosin").contains("did you mean `cosine`?"));
    assert!(refused("f1").contains("HyperCleaning"));
    assert!(refused("test_loss").contains("`data.split.test`"));
    assert!(refused("refit_loss").contains("no test rows"));
    assert!(refused("lambda[2]").contains("2 entries"));
    assert!(refused("cosine[0]").contains("one number"));
    let off = Bench::with("problem:", "truth: None, problem:");
    assert!(off.run(&["run", "SCENARIO", "--table", "--sort", "cosine"]).refused().contains("`truth: SameData`"));
    // What needs no truth is still there.
    let table = off.run(&["run", "SCENARIO", "--table", "--csv"]).done();
    assert!(table.starts_with("trial,outer_value,calls,"), "{table}");
    // A regression has no accuracy.
    let refused =
        hyperlab(&["run", "ridge-per-feature", "--outer-steps", "1", "--table", "--sort", "validation-accuracy"]);
    assert!(refused.refused().contains("predicts numbers and not classes"));
}
