//! What has no end, no room or no name in text: refused with what would work, or taken as it is.

use std::ffi::OsString;
use std::fs::{self, File};

use hyperlab::lab::{Command as Change, History, Lab, Session};
use hyperlab::scenario::{NoFiles, builtin, experiment, parse};

use super::{Answer, Bench, command, hyperlab};

/// Marks that no output may hold: escapes, and what reorders.
const STEERING: [char; 4] = ['\u{1b}', '\u{9b}', '\u{202e}', '\u{2066}'];

#[test]
fn a_run_that_would_keep_too_much_says_how_much_fits() {
    for arguments in [["--outer-steps", "4000000000"], ["--set", "outer.steps=1000000000000000000"]] {
        let said = hyperlab(&["run", "quadratic", arguments[0], arguments[1]]).refused();
        let most = said.split("expected at most ").nth(1).and_then(|rest| rest.split(' ').next()).unwrap();
        // 2 GiB hold at least 10 000 outer steps of any small trial, and no ten million of several.
        assert!((10_000..10_000_000).contains(&most.parse::<usize>().unwrap()), "{said}");
    }
}

/// A step of 0 leads nowhere, and has not converged.
#[test]
fn signs_without_a_step_do_not_converge() {
    let bench = Bench::with("rule: GradientDescent(step: 0.1)", "rule: Sign(step: 0.0)");
    let ran = bench.run(&["run", "SCENARIO", "--json"]).json();
    for trial in ran["trials"].as_array().unwrap() {
        assert_eq!((&trial["halted"], trial["steps"].as_array().unwrap().len()), (&false.into(), 3), "{trial}");
    }
}

/// A chart that nothing can be measured for is warned of where it is named, and one that something can is not.
#[test]
fn charts_that_stay_empty_are_warned_of() {
    let bench =
        Bench::with(r#"charts: ["losses"]"#, r#"charts: ["horizon-cost", "fluctuation-by-source", "foresight"]"#);
    let checked = bench.run(&["check", "SCENARIO"]);
    assert!(
        checked.err.contains("`fluctuation-by-source` stays empty: sharing over windows cannot be measured here"),
        "{}",
        checked.err
    );
    assert!(
        checked.err.contains("`foresight` stays empty") && !checked.err.contains("`horizon-cost`"),
        "{}",
        checked.err
    );
    assert!(checked.done().contains("no errors, 2 warnings"));
}

/// Outer steps cost about as much as the first one did, which says after it how many a budget pays for.
#[test]
fn a_budget_beyond_what_a_run_can_keep_is_refused_at_its_first_step() {
    let begun = std::time::Instant::now();
    for calls in ["1e300", "1e15"] {
        let said = hyperlab(&["run", "quadratic", "--calls", calls]).refused();
        let most = said.split("expected at most ").nth(1).and_then(|rest| rest.split(' ').next()).unwrap();
        assert!(said.contains(&format!("{calls} oracle calls of 4 trials")), "{said}");
        assert!((100_000..1_000_000_000).contains(&most.parse::<u64>().unwrap()), "{said}");
    }
    assert!(begun.elapsed().as_secs() < 60, "it was refused after the run and not before");
}

#[cfg(unix)]
#[test]
fn what_is_no_folder_is_the_cause_that_is_said() {
    let bench = Bench::new();
    let file = bench.path("rows.csv").display().to_string();
    for out in ["/dev/null", &file, &format!("{file}/figures")] {
        let said = hyperlab(&["export", "quadratic", "--outer-steps", "1", "--out", out]).refused();
        assert!(said.contains("is no folder") && !said.contains("File exists"), "{said}");
    }
}

#[test]
fn more_threads_than_a_machine_has_room_for_are_refused() {
    let said = hyperlab(&["probe", "super-efficiency", "quadratic", "--threads", "65535"]).refused();
    assert!(said.contains("65535") && said.contains("1024"), "{said}");
}

#[test]
fn a_mistyped_command_is_told_whatever_follows() {
    for arguments in [&["rn", "quadratic"][..], &["rn", "quadratic", "--json"], &["rn"]] {
        assert!(hyperlab(arguments).refused().contains("did you mean `run`?"), "{arguments:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_a_failure_of_every_command() {
    for arguments in [&["--help"][..], &["--version"], &["run", "--help"], &["describe", "cg"], &["list", "charts"]] {
        let full = File::options().write(true).open("/dev/full").unwrap();
        let status = std::process::Command::new(env!("CARGO_BIN_EXE_hyperlab")).args(arguments).stdout(full).output();
        let output = status.unwrap();
        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
        assert!(String::from_utf8_lossy(&output.stderr).contains("cannot be written"), "{arguments:?}");
    }
}

#[cfg(unix)]
#[test]
fn paths_need_not_be_text() {
    use std::os::unix::ffi::OsStringExt;
    let bench = Bench::new();
    let folder = bench.path("scenario.ron").parent().unwrap().join(OsString::from_vec(b"gr\xfcn".to_vec()));
    fs::create_dir(&folder).unwrap();
    for name in ["scenario.ron", "rows.csv"] {
        fs::copy(bench.path(name), folder.join(name)).unwrap();
    }
    let path = folder.join("scenario.ron");
    let of = |arguments: &[&str]| Answer::of(command().args(arguments).arg(&path).output().unwrap()).done();
    assert!(of(&["check"]).contains("no errors"));
    of(&["run", "--outer-steps", "1"]);
    of(&["probe", "super-efficiency"]);
    let out = folder.join("figures");
    Answer::of(command().args(["export", "--outer-steps", "1", "--out"]).args([&out, &path]).output().unwrap()).done();
    assert!(fs::read_dir(out).unwrap().count() > 1);
}

/// What a session says of names is cleaned as what a scenario says is.
#[test]
fn names_of_a_session_steer_nothing() {
    let mut scenario = parse(builtin("quadratic").unwrap().text).unwrap();
    scenario.title = "TITLE".to_owned();
    scenario.trials[0].name = Some("NAME".to_owned());
    let mut history = History::new(Lab::new(experiment(&scenario, &NoFiles).unwrap()));
    history.apply(&Change::Rename(1, "OTHER".into())).unwrap();
    history.apply(&Change::Tick).unwrap();
    history.name_bookmark("MARK").unwrap();
    let mut text = Session::of(&history).to_ron().unwrap();
    for name in ["TITLE", "NAME", "OTHER", "MARK"] {
        assert!(text.contains(name), "{name}");
        text = text.replace(name, &format!("{name}\\u{{1b}}[31m\\u{{9b}}2J\\u{{202e}}\\u{{2066}}of"));
    }
    let replayed = Session::from_ron(&text).unwrap().replay(&NoFiles).unwrap();
    assert_eq!(replayed.bookmarks()[0].name, "MARK[31m2Jof");
    let bench = Bench::new();
    bench.put("session.ron", &text);
    let session = bench.path("session.ron");
    for format in ["svg", "csv"] {
        let out = bench.path(format);
        let arguments = ["export", session.to_str().unwrap(), "--format", format, "--out", out.to_str().unwrap()];
        hyperlab(&arguments).done();
        for entry in fs::read_dir(out).unwrap() {
            let text = fs::read_to_string(entry.unwrap().path()).unwrap();
            assert!(!text.contains(STEERING), "{text}");
        }
    }
}

/// The first of ten tasks bears this noise, another does not.
#[test]
fn what_passes_the_check_can_be_built() {
    let scenario = builtin("few-shot-sinusoids").unwrap().text.replace("noise: 0.3", "noise: 1e308");
    let bench = Bench::new();
    bench.put("tasks.ron", scenario);
    let said = hyperlab(&["check", bench.path("tasks.ron").to_str().unwrap()]).refused();
    assert!(said.contains("expected a finite number"), "{said}");
}

#[test]
fn measuring_at_every_0_steps_is_refused_in_a_session_as_in_a_scenario() {
    let scenario = parse(builtin("quadratic").unwrap().text).unwrap();
    let mut history = History::new(Lab::new(experiment(&scenario, &NoFiles).unwrap()));
    history.apply(&Change::MeasureEvery(7)).unwrap();
    let text = Session::of(&history).to_ron().unwrap();
    let bench = Bench::new();
    bench.put("session.ron", text.replace("MeasureEvery(7)", "MeasureEvery(0)"));
    let said = hyperlab(&["check", bench.path("session.ron").to_str().unwrap()]).refused();
    assert!(said.contains("`measure_every` is 0; expected at least 1"), "{said}");
}

#[test]
fn messages_are_of_a_length_that_is_read_whatever_they_quote() {
    let long = "z".repeat(5000);
    let assignment = format!("{long}=3");
    for arguments in [&["run", "quadratic", "--set", &assignment][..], &["run", &long], &["describe", &long]] {
        let said = hyperlab(arguments).refused();
        assert!(said.len() < 3000 && said.contains("zzz"), "{} bytes", said.len());
    }
    let said = hyperlab(&["run", "quadratic", "--set", "a\u{1b}[31m.\u{202e}b=3"]).refused();
    assert!(!said.contains(STEERING), "{said:?}");
    let bench = Bench::new();
    bench.put("long.ron", format!("Scenario({}: 3)", "y".repeat(5000)));
    let said = hyperlab(&["check", bench.path("long.ron").to_str().unwrap()]).refused();
    assert!(said.len() < 3000, "{} bytes", said.len());
}
