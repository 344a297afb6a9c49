//! Bad input: a message that names the thing, the place and what was expected, and exit code 2.

use std::io::Write;
use std::process::{Command, Stdio};

use super::{Answer, Bench, ROWS, SCENARIO, command, hyperlab};

/// Replaces one part of the scenario and runs it; both `run` and `check` must refuse.
#[track_caller]
fn refused(from: &str, to: &str, expected: &[&str]) {
    let bench = Bench::with(from, to);
    for arguments in [&["run", "SCENARIO"][..], &["check", "SCENARIO"], &["probe", "super-efficiency", "SCENARIO"]] {
        let said = bench.run(arguments).refused();
        for part in expected {
            assert!(said.contains(part), "{arguments:?}: no `{part}` in\n{said}");
        }
    }
}

#[test]
fn mistakes_in_a_scenario_are_shown_at_their_place() {
    let steps = "steps: 12)";
    refused(steps, "steps: 0)", &["scenario.ron:8:", "error:", "steps: 0", "^", "at least 1"]);
    refused(steps, "stps: 12)", &["scenario.ron:8:", "stps", "did you mean `steps`?"]);
    refused(steps, "steps: \"many\")", &["scenario.ron:8:", "many"]);
    refused(steps, "steps: 12", &["scenario.ron:", "error:", "^"]);
    refused("lambda: Constant(-2.0)", "lambda: Explicit([1.0, 2.0, 3.0])", &[":7:", "3 entries", "2 hyperparameters"]);
    refused("split: Alternate", "split: Random(training: 9, validation: 9)", &["scenario.ron:6:", "18", "8"]);
    refused("target: \"y\"", "target: \"z\"", &["scenario.ron:6:", "`z`", "`y`"]);
    refused("rows.csv", "columns.csv", &["scenario.ron:6:", "columns.csv", "does not exist"]);
    refused("estimator: Newton", "estimator: Newtom", &["scenario.ron:12:", "Newtom", "did you mean `Newton`?"]);
    refused("[\"losses\"]", "[\"lossses\"]", &["scenario.ron:14:", "did you mean `losses`?"]);
}

#[test]
fn mistakes_in_the_data_are_shown_where_the_scenario_asks_for_it() {
    for (rows, expected) in [
        ("a,b,y\n1,2,0\n2,3,1\n3,NaN,1\n4,7,0\n", &["`b`", "NaN"][..]),
        ("a,b,y\n1,2,0\n2,3,1\n3,x,1\n4,7,0\n", &["`b`", "x"]),
        ("a,b,y\n1,2,0\n2,3,1\n3,5,2\n4,7,0\n", &["two"]),
        ("a,b,y\n1,2,1\n2,3,1\n3,5,1\n4,7,1\n", &["two"]),
        ("a,b,y\n1,5,0\n2,3,1\n3,5,1\n4,7,0\n", &["`b` is constant", "standardize: Center"]),
        ("a,b,y\n1,2,0\n2,3\n", &["3"]),
        ("", &["rows.csv"]),
    ] {
        let bench = Bench::new();
        bench.put("rows.csv", rows);
        let said = bench.run(&["run", "SCENARIO"]).refused();
        for part in [&["scenario.ron:6:", "error: ", "^"], expected].concat() {
            assert!(said.contains(part), "{rows:?}: no `{part}` in\n{said}");
        }
    }
}

#[test]
fn a_step_beyond_the_stability_limit_is_a_warning() {
    let bench = Bench::with("Logistic(penalty: PerFeature)", "Ridge(penalty: PerFeature)");
    let answer = bench.run(&["check", "SCENARIO"]);
    assert!(answer.err.is_empty() && answer.code == 0, "{}", answer.err);
    let text = SCENARIO.replace("Logistic(", "Ridge(").replace("Fixed(0.3)", "Fixed(30.0)");
    bench.put("scenario.ron", text);
    let answer = bench.run(&["check", "SCENARIO"]);
    assert!(answer.err.contains("scenario.ron:8:") && answer.err.contains("warning: "), "{}", answer.err);
    assert!(answer.err.contains("2/L"), "{}", answer.err);
    assert!(answer.done().ends_with("scenario.ron: no errors, 1 warning\n"));
}

#[test]
fn every_file_is_checked_and_all_mistakes_are_shown() {
    let bench = Bench::new();
    bench.put("wrong.ron", SCENARIO.replace("steps: 12", "steps: 0").replace("\"losses\"", "\"loss\""));
    bench.put("none.ron", "");
    bench.put("latin.ron", b"Scenario(title: \"\xe9\")");
    let path = |name: &str| bench.path(name).to_str().unwrap().to_owned();
    let names = ["none.ron", "wrong.ron", "missing.ron", "latin.ron", "scenario.ron"].map(path);
    let arguments: Vec<&str> = std::iter::once("check").chain(names.iter().map(String::as_str)).collect();
    let answer = hyperlab(&arguments);
    assert!(answer.out.contains("wrong.ron: 2 errors, no warnings"), "{}", answer.out);
    assert!(answer.out.contains("scenario.ron: no errors, no warnings"), "{}", answer.out);
    let said = answer.refused();
    for part in ["none.ron:1:1: error:", "wrong.ron:8:", "wrong.ron:14:", "missing.ron", "latin.ron", "UTF-8"] {
        assert!(said.contains(part), "no `{part}` in\n{said}");
    }
}

#[test]
fn unknown_names_get_the_nearest_and_where_to_look() {
    let said = hyperlab(&["run", "quadratik"]).refused();
    assert!(said.contains("`quadratik`") && said.contains("did you mean `quadratic`?"), "{said}");
    assert!(said.contains("hyperlab list"), "{said}");
    let said = hyperlab(&["run", "something-else-entirely"]).refused();
    assert!(said.contains("hyperlab list"), "{said}");
    let said = hyperlab(&["run", "no/such.ron"]).refused();
    assert!(said.contains("`no/such.ron` does not exist"), "{said}");
    let said = hyperlab(&["describe", "newtom"]).refused();
    assert!(said.contains("did you mean `newton`?"), "{said}");
    let said = hyperlab(&["probe", "super-efficency", "quadratic"]).refused();
    assert!(said.contains("super-efficiency"), "{said}");
    let said = hyperlab(&["list", "scenaros"]).refused();
    assert!(said.contains("scenarios"), "{said}");
    let said = hyperlab(&["export", "quadratic", "--chart", "loses", "--out", "x"]).refused();
    assert!(said.contains("losses"), "{said}");
    let said = hyperlab(&["lst"]).refused();
    assert!(said.contains("did you mean `list`?"), "{said}");
}

#[test]
fn values_that_cannot_be_set_are_refused_before_anything_runs() {
    let bench = Bench::new();
    for (set, expected) in [
        ("inner.stps=3", &["inner.stps=3", "steps"][..]),
        ("inner.steps=none", &["inner.steps=none"]),
        ("inner.steps", &["PATH=VALUE"]),
        ("trials[7].name=x", &["trials[7].name=x", "no item 7"]),
        ("inner.dynamics.step=-1", &["inner.dynamics.step=-1"]),
    ] {
        let said = bench.run(&["run", "SCENARIO", "--set", set]).refused();
        for part in expected {
            assert!(said.contains(part), "{set}: no `{part}` in\n{said}");
        }
    }
    for arguments in [["--inner-steps", "0"], ["--seed", "-1"], ["--outer-steps", "many"]] {
        let said = bench.run(&[&["run", "SCENARIO"][..], &arguments].concat()).refused();
        assert!(said.contains(arguments[0]), "{said}");
    }
    let said = bench.run(&["probe", "super-efficiency", "SCENARIO", "--replicates", "0"]).refused();
    assert!(said.contains("replicates") && said.contains("1 to 10000"), "{said}");
}

#[test]
fn without_a_terminal_the_laboratory_names_the_command_that_needs_none() {
    for arguments in [&[][..], &["quadratic"]] {
        let said = hyperlab(arguments).refused();
        assert!(said.contains("terminal") && said.contains("hyperlab run"), "{said}");
    }
}

#[test]
fn escape_sequences_in_files_reach_no_stream() {
    let bench = Bench::new();
    // `Answer` looks for control characters in everything that is said.
    let evil = "direct\\u{1b}]0;owned\\u{7}\\u{9b}2J";
    bench.put("scenario.ron", SCENARIO.replace("\"direct\"", &format!("\"{evil}\"")));
    assert!(bench.run(&["run", "SCENARIO"]).done().contains("direct]0;owned2J"));
    bench.run(&["probe", "super-efficiency", "SCENARIO", "--csv"]).done();
    bench.run(&["run", "SCENARIO", "--json"]).done();
    bench.put("scenario.ron", SCENARIO.replace("steps: 12", "\u{1b}[2Jsteps: 0\u{9b}1m"));
    bench.run(&["check", "SCENARIO"]).refused();
    bench.put("scenario.ron", SCENARIO.replace("\"y\"", "\"z\""));
    bench.put("rows.csv", ROWS.replace("b,y", "b\u{1b}[2J,y\u{9b}"));
    bench.run(&["check", "SCENARIO"]).refused();
    hyperlab(&["run", "\u{1b}[2Jx"]).refused();
    hyperlab(&["run", "./\u{1b}[2Jx.ron"]).refused();
    hyperlab(&["describe", "\u{1b}[2J"]).refused();
    bench.run(&["run", "SCENARIO", "--set", "\u{1b}[2J=1"]).refused();
}

#[test]
fn scenarios_do_not_come_from_standard_input_and_folders_are_no_scenarios() {
    let bench = Bench::new();
    let folder = bench.path(".");
    let said = hyperlab(&["run", folder.to_str().unwrap()]).refused();
    assert!(said.contains("is a folder"), "{said}");
    let mut child = Command::new(env!("CARGO_BIN_EXE_hyperlab"))
        .args(["run", "-"])
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let _ = child.stdin.take().unwrap().write_all(SCENARIO.as_bytes());
    assert_eq!(child.wait_with_output().unwrap().status.code(), Some(2));
}

#[test]
fn a_session_is_not_run_and_a_broken_one_is_pointed_at() {
    let bench = Bench::new();
    bench.put("broken.ron", "Session(\n    version: 1,\n    scenrio: 3,\n)\n");
    let path = bench.path("broken.ron");
    let said = hyperlab(&["check", path.to_str().unwrap()]).refused();
    assert!(said.contains("broken.ron:3:"), "{said}");
    let said = hyperlab(&["run", path.to_str().unwrap()]).refused();
    assert!(said.contains("is a session"), "{said}");
}

/// `NO_COLOR` and friends are about terminals; in a pipe nothing is coloured whatever they say.
#[test]
fn nothing_is_coloured_in_a_pipe() {
    let output = command().args(["describe", "newtom"]).env("TERM", "xterm-256color").output().unwrap();
    assert_eq!(Answer::of(output).code, 2);
}
