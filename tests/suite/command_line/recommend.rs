//! `hyperlab recommend`: the answer, its limits, and what it refuses.

use super::Bench;

const RIDGE: [&str; 2] = ["problem: Logistic(penalty: PerFeature)", "problem: Ridge(penalty: PerFeature)"];

#[test]
fn the_answer_comes_in_words_as_json_and_as_csv() {
    let bench = Bench::with(RIDGE[0], RIDGE[1]);
    let out = bench.run(&["recommend", "SCENARIO", "--error", "1%"]).done();
    // A Newton step makes the error of a quadratic vanish; after one inner step nothing that is as exact costs less.
    assert!(out.starts_with("For an error of 1 %: `Newton` after 1 inner step. Exact to rounding"), "{out}");
    assert!(out.contains("`direct` as it is set is `Direct` after 12 inner steps"), "{out}");
    let table = out.lines().find(|line| line.starts_with("setting")).unwrap();
    assert!(table.contains("seconds"), "{table}");
    // What is advised can be run as it is printed.
    let advised = "--inner-steps 1 --set 'trials[0].estimator=Newton'";
    assert!(out.trim_end().ends_with(advised), "{out}");
    bench.run(&["run", "SCENARIO", "--inner-steps", "1", "--set", "trials[0].estimator=Newton"]).done();
    let json = bench.run(&["recommend", "SCENARIO", "--error", "1%", "--json"]).json();
    assert_eq!((&json["chosen"]["estimator"], &json["is_within"]), (&"newton".into(), &true.into()));
    assert_eq!(json["measured"]["schema"], "hyperlab/recommend/1");
    assert_eq!(json["measured"]["visited"], serde_json::json!([0, 1, 2]));
    let csv = bench.run(&["recommend", "SCENARIO", "--csv"]).done();
    assert!(csv.starts_with("estimator,setting,inner_steps,as_set,calls"), "{csv}");
    let on = |threads: &str| bench.run(&["recommend", "SCENARIO", "--json", "--threads", threads]).done();
    assert_eq!(on("1"), on("2"));
}

#[test]
fn the_run_of_any_trial_can_be_followed() {
    let bench = Bench::new();
    for trial in ["Newton", "2"] {
        let out = bench.run(&["recommend", "SCENARIO", "--trial", trial, "--states", "1"]).done();
        assert!(out.contains("Measured at the λ that `Newton` visits at outer step 2"), "{out}");
    }
    let refused = bench.run(&["recommend", "SCENARIO", "--trial", "third"]).refused();
    assert!(
        refused.contains("there is no trial `third` here") && refused.contains("one of: direct, Newton"),
        "{refused}"
    );
}

#[test]
fn what_cannot_be_had_is_said_and_is_no_failure() {
    let bench = Bench::new();
    let out = bench.run(&["recommend", "SCENARIO", "--calls", "1"]).done();
    assert!(out.starts_with("Nothing that was measured stays within 1 oracle call a step; nearest is"), "{out}");
}

#[test]
fn bad_limits_name_what_was_expected() {
    let bench = Bench::new();
    for (flag, value, expected) in [
        ("--calls", "0", "expected a positive number"),
        ("--calls", "-3", "expected a positive number"),
        ("--calls", "many", "expected a positive number"),
        ("--calls", "0.5", "expected `Auto` or a number from 1 to"),
        ("--memory", "64XB", "expected a size such as 4096, 64kB, 64MB, 512KiB, 1.5GiB"),
        ("--memory", "0", "expected at least one byte"),
        ("--error", "0", "expected a relative error above 0, such as 0.01 or 1%"),
        ("--error", "-1", "expected a relative error above 0"),
        ("--error", "small", "expected a relative error above 0"),
        ("--states", "0", "0 is not in 1..=1000"),
        ("--memry", "1", "unexpected argument '--memry'"),
    ] {
        let refused = bench.run(&["recommend", "SCENARIO", flag, value]).refused();
        assert!(refused.contains(expected), "{flag} {value}: {refused}");
    }
}

#[test]
fn what_leaves_nothing_to_compare_is_named() {
    let bench = Bench::new();
    let listed = bench.run(&["recommend", "SCENARIO", "--set", "draws=Explicit(training: [[0, 1]])"]).refused();
    assert!(listed.contains("`draws: Explicit` lists the rows of one method"), "{listed}");
    let diverging = "inner=Inner(dynamics: GradientDescent(step: Fixed(1e4)), steps: 400)";
    let diverging = bench.run(&["recommend", "SCENARIO", "--set", diverging, "--set", "problem=Ridge"]).refused();
    assert!(diverging.contains("the run of `direct` comes to nothing: diverged"), "{diverging}");
}
