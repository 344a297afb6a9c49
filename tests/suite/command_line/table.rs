//! The table that compares trials: its numbers, its order, and what it refuses.

use serde_json::Value;

use super::{Bench, SCENARIO, hyperlab};

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
        assert_eq!(row["outer_steps"], 3, "steps are numbered from 0");
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
    assert_eq!(text.lines().next().unwrap(), "trial,status,outer_steps,calls,cosine");
    assert_eq!(text.lines().count(), 3);
}

/// One trial of two diverges: beyond 2/L gradient descent does. It is told from a row of ordinary numbers in every table.
#[test]
fn a_trial_that_has_stopped_is_told_from_the_others() {
    let own = "Trial(name: \"direct\", estimator: Direct, inner: Inner(dynamics: GradientDescent(step: Fixed(1e4)), steps: 5000))";
    let text = SCENARIO.replacen("Trial(name: \"direct\", estimator: Direct)", own, 1);
    let bench = Bench::new();
    bench.put("scenario.ron", text.replacen("Logistic(penalty: PerFeature)", "Ridge(penalty: PerFeature)", 1));
    let run = |more: &[&str]| bench.run(&[&["run", "SCENARIO", "--outer-steps", "2"][..], more].concat());
    let table = run(&["--table"]).done();
    let rows: Vec<&str> = table.lines().collect();
    assert!(rows[0].starts_with("trial   status  "), "{table}");
    let row = |name: &str| *rows.iter().find(|row| row.starts_with(name)).unwrap();
    assert!(row("direct").contains("diverged") && row("Newton").contains('–'), "{table}");
    let json = run(&["--table", "--json"]).json();
    let said = |place: usize| (json["rows"][place]["halted"].clone(), json["rows"][place]["status"].to_string());
    let halted = json["rows"].as_array().unwrap().iter().position(|row| row["trial"] == "direct").unwrap();
    assert_eq!(said(halted).0, true);
    assert!(said(halted).1.contains("diverged at outer 0, inner"), "{json}");
    assert_eq!(said(1 - halted), (false.into(), "\"done\"".to_owned()));
    // In the rows of a run as well, where it has taken no outer step.
    let text = run(&["--csv"]).done();
    let ends: Vec<&str> = text.lines().map(|line| line.rsplit(',').next().unwrap()).collect();
    assert_eq!(ends.iter().filter(|end| **end == "done").count(), 2, "{text}");
    let row = text.lines().find(|line| line.starts_with("direct,")).unwrap();
    assert!(row.contains("diverged at outer 0"), "{text}");
    // And where nobody has stopped, a person's table has no such column.
    assert!(!Bench::new().run(&["run", "SCENARIO", "--table"]).done().contains("status"));
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
    assert!(table.starts_with("trial,status,outer_steps,outer_value,calls,"), "{table}");
    // A regression has no accuracy.
    let refused =
        hyperlab(&["run", "ridge-per-feature", "--outer-steps", "1", "--table", "--sort", "validation-accuracy"]);
    assert!(refused.refused().contains("predicts numbers and not classes"));
}

/// What a solver says of itself stands beside the numbers that come of it.
#[test]
fn a_table_says_what_the_solver_does() {
    let bench = Bench::with("estimator: Direct)", "estimator: Cg(iterations: 1))");
    let table = bench.run(&["run", "SCENARIO", "--table"]).done();
    let line = |name: &str| table.lines().find(|line| line.starts_with(name)).unwrap();
    assert!(line("direct").contains("solved is at most") && !line("Newton").contains("solved"), "{table}");
    let json = bench.run(&["run", "SCENARIO", "--table", "--json"]).json();
    assert!(json["rows"][0]["note"].as_str().unwrap().starts_with("residual "), "{json}");
}

/// Seconds are printed for a person, and are in no file.
#[test]
fn timings_are_of_every_trial_and_in_no_file() {
    let timings = ["run", "natural-hyper-cleaning", "--timings", "--outer-steps", "2"];
    let printed = hyperlab(&timings).done();
    let rows = |name: &str| printed.lines().filter(|line| line.trim_start().starts_with(name)).count();
    // The model has a row where a matrix stands in for H.
    assert_eq!(["NHGD", "sampled labels", "CG 10", "SOBA"].map(rows), [2, 2, 1, 1], "{printed}");
    assert!(printed.contains("outer step [s]") && printed.contains("parallel"), "{printed}");
    for other in ["--json", "--csv", "--table", "--until=calls > 10", "--columns=calls", "--sort=calls"] {
        let said = hyperlab(&[&timings[..], &[other]].concat()).refused();
        assert!(said.contains("--timings"), "{said}");
    }
}

/// What was not timed is a dash with its reason, and no zero that nobody measured.
#[test]
fn what_cannot_be_timed_is_a_dash_and_says_why() {
    let cells = |printed: &str, row: usize| -> Vec<String> {
        printed
            .lines()
            .nth(row)
            .unwrap()
            .split("  ")
            .map(str::trim)
            .filter(|cell| !cell.is_empty())
            .map(String::from)
            .collect()
    };
    let none = hyperlab(&["run", "natural-hyper-cleaning", "--timings", "--outer-steps", "0"]).done();
    assert_eq!(cells(&none, 1)[1..], ["0", "–", "–", "–", "–", "no outer step is asked for"], "{none}");
    let model = none.lines().skip_while(|line| !line.contains("T t_g")).nth(1).unwrap();
    // t_h is that of a product, and not of an outer step.
    assert_eq!(model.matches('–').count(), 7, "{none}");
    let step = ["step: Fixed(0.3)", "step: Fixed(1e4)"];
    let diverges = Bench::with(step[0], step[1]).run(&["run", "SCENARIO", "--timings", "--inner-steps", "900"]).done();
    assert_eq!(cells(&diverges, 1)[1..6], ["0", "–", "–", "–", "–"], "{diverges}");
    assert!(cells(&diverges, 1)[6].starts_with("diverged at outer 0"), "{diverges}");
    let lists = "draws: Explicit(training: [[0, 1]]), trials:";
    let bench = Bench::with("trials:", lists);
    let batch = ["--set", "inner.batch=Rows(2)", "--set", "inner.steps=1"];
    let ended = bench.run(&[&["run", "SCENARIO", "--timings"], &batch[..]].concat()).done();
    assert!(ended.contains("`draws` lists no more rows"), "{ended}");
    let alike = "pace: EqualCost, trials:";
    let paced = Bench::with("trials:", alike).run(&["run", "SCENARIO", "--timings"]).done();
    assert!(paced.ends_with("those that cost less take more of them\n"), "{paced}");
    assert!(!Bench::new().run(&["run", "SCENARIO", "--timings"]).done().contains("by itself"));
}

/// Calls of an outer step are those of all students.
#[test]
fn timings_are_of_all_students() {
    let calls = |bench: &Bench| {
        let printed = bench.run(&["run", "SCENARIO", "--timings"]).done();
        printed.lines().nth(1).unwrap().split_whitespace().nth(2).unwrap().parse::<f64>().unwrap()
    };
    let many = Bench::with("estimator: Direct)", "estimator: Direct, population: Restarts(students: 3))");
    assert_eq!(calls(&many), 3.0 * calls(&Bench::new()));
}
