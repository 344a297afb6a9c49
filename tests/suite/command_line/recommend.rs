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
        ("--calls", "0", "for '--calls <N>': expected a number of oracle calls from 1 to 1e12"),
        ("--calls", "-3x", "for '--calls <N>': expected a number of oracle calls"),
        ("--calls", "many", "expected a number of oracle calls"),
        ("--calls", "1e300", "expected a number of oracle calls from 1 to 1e12"),
        ("--calls", "0.5", "expected a number of oracle calls from 1 to"),
        ("--memory", "64XB", "expected a size from 1 to 1e15 bytes, such as 4096, 64kB, 64MB, 512KiB, 1.5GiB"),
        ("--memory", "0", "expected a size from 1 to 1e15 bytes"),
        ("--memory", "-5MB", "invalid value '-5MB' for '--memory <M>': expected a size"),
        ("--memory", "1e300", "expected a size from 1 to 1e15 bytes"),
        ("--error", "0", "expected a relative error from 1e-15 to 1e6, such as 0.01 or 1%"),
        ("--error", "-5%", "invalid value '-5%' for '--error <E>': expected a relative error"),
        ("--error", "1e9", "expected a relative error from 1e-15 to 1e6"),
        ("--error", "-1", "expected a relative error from"),
        ("--error", "small", "expected a relative error from"),
        ("--states", "0", "0 is not in 1..=1000"),
        ("--states", "-1", "-1 is not in 1..=1000"),
        ("--threads", "-2", "-2 is not in 1..=1024"),
        ("--inner-steps", "-5x", "invalid value '-5x' for '--inner-steps <T>'"),
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
