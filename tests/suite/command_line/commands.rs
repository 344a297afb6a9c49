//! Good input: every command does what it says.

use std::process::{Command, Stdio};

use super::{Bench, hyperlab};

const KINDS: [&str; 15] = [
    "scenarios",
    "problems",
    "dynamics",
    "estimators",
    "outer",
    "filters",
    "worlds",
    "ensembles",
    "populations",
    "paces",
    "references",
    "metrics",
    "probes",
    "charts",
    "glossary",
];

/// Fields of a scenario are explained in the template's words, and the template itself is at hand.
#[test]
fn fields_of_a_scenario_are_described() {
    assert!(hyperlab(&["describe", "draws"]).done().contains("draws · field of a scenario"));
    assert!(hyperlab(&["describe", "inner.steps"]).done().contains("inner.steps · field of a scenario"));
    assert_eq!(hyperlab(&["describe", "template"]).done(), include_str!("../../../scenarios/TEMPLATE.ron"));
    assert!(hyperlab(&["describe", "inner.stps"]).refused().contains("nothing here is called"));
}

#[test]
fn every_list_names_its_items_and_every_item_can_be_described() {
    let everything = hyperlab(&["list"]).done();
    for kind in KINDS {
        let lines = hyperlab(&["list", kind]).done();
        let list = hyperlab(&["list", kind, "--json"]).json();
        let items = list[kind].as_array().unwrap();
        assert!(!items.is_empty(), "{kind}");
        assert_eq!(list.as_object().unwrap().len(), 2, "{kind} alone, and the schema");
        for item in items {
            let id = item["id"].as_str().unwrap();
            assert!(lines.contains(id) && everything.contains(id), "{kind} {id}");
            let described = hyperlab(&["describe", id]).done();
            assert!(described.contains(id), "{described}");
        }
    }
}

/// What a card says first is for somebody who has heard a first course: short, in words, with λ and θ at most.
#[test]
fn every_card_begins_with_one_plain_sentence() {
    for kind in KINDS.iter().filter(|kind| !["scenarios", "glossary"].contains(*kind)) {
        for item in hyperlab(&["list", kind, "--json"]).json()[kind].as_array().unwrap() {
            let summary = item["summary"].as_str().unwrap();
            let first = summary.split_once(". ").map_or(summary, |(first, _)| first).trim_end_matches('.');
            let place = format!("{kind} {}: {first}", item["id"]);
            assert!(summary.ends_with('.'), "{place}");
            // A line that goes on without a backslash leaves its indentation in the middle of a text.
            let texts =
                ["name", "source", "equation", "summary", "cost", "fails"].map(|part| item[part].as_str().unwrap());
            assert!(texts.iter().all(|text| !text.contains("   ")), "{place}: {texts:?}");
            assert!(first.split_whitespace().count() <= 25, "{place}");
            let is_plain = |letter: char| letter.is_ascii_alphanumeric() || " ,:;-'()?λθ".contains(letter);
            assert_eq!(first.chars().filter(|letter| !is_plain(*letter)).collect::<String>(), "", "{place}");
        }
    }
}

/// A word is found by its name, by its symbol, and by any other way in which a screen writes it.
#[test]
fn words_of_the_screen_are_described_by_any_spelling() {
    for (word, expected) in [
        ("slope", "slope 2"),
        ("θ*", "exact inner solution"),
        ("F↑", "worse"),
        ("‖θ−θ*‖", "inner error"),
        ("C", "zero"),
    ] {
        let described = hyperlab(&["describe", word]).done();
        assert!(described.contains(expected) && described.contains("plainly"), "{word}: {described}");
    }
}

#[test]
fn a_description_gives_equation_source_cost_and_knobs_with_their_ranges() {
    let list = hyperlab(&["list", "estimators", "--json"]).json();
    for item in list["estimators"].as_array().unwrap() {
        let described = hyperlab(&["describe", item["id"].as_str().unwrap()]).done();
        let plain = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        for part in ["equation", "source", "cost", "fails", "summary"] {
            assert!(plain(&described).contains(&plain(item[part].as_str().unwrap())), "{part}: {described}");
        }
        for knob in item["knobs"].as_array().unwrap() {
            assert!(described.contains(&format!("{}: ", knob["key"].as_str().unwrap())), "{described}");
        }
    }
    // One identifier, two lists.
    let both = hyperlab(&["describe", "gradient-descent"]).done();
    assert!(both.contains("inner dynamics") && both.contains("outer rule"));
}

#[test]
fn built_in_scenarios_have_no_mistakes() {
    let list = hyperlab(&["list", "scenarios", "--json"]).json();
    for item in list["scenarios"].as_array().unwrap() {
        let id = item["id"].as_str().unwrap();
        let answer = hyperlab(&["check", id]);
        assert_eq!(answer.out, format!("{id}: no errors, no warnings\n"), "{}", answer.err);
    }
}

#[test]
fn a_run_is_a_table_with_a_row_an_outer_step() {
    let table = Bench::new().run(&["run", "SCENARIO"]).done();
    assert_eq!(table.lines().count(), 1 + 2 * 3, "{table}");
    assert!(table.lines().next().unwrap().starts_with("trial   outer  ‖θ−θ*‖  relative"), "{table}");
    let shorter = Bench::new().run(&["run", "SCENARIO", "--outer-steps", "1"]).done();
    assert_eq!(shorter.lines().count(), 1 + 2, "{shorter}");
}

#[test]
fn a_run_ends_where_its_outer_steps_or_its_oracle_calls_do() {
    let bench = Bench::new();
    let steps = |arguments: &[&str]| {
        let json = bench.run(&[&["run", "SCENARIO", "--json"], arguments].concat()).json();
        let trials = json["trials"].as_array().unwrap().clone();
        let calls = |step: &serde_json::Value| {
            ["gradients", "hvps", "cross_products"].iter().map(|kind| step["cost"][kind].as_f64().unwrap()).sum::<f64>()
        };
        let of = |trial: &serde_json::Value| trial["steps"].as_array().unwrap().iter().map(calls).collect::<Vec<_>>();
        trials.iter().map(of).collect::<Vec<_>>()
    };
    // Alike under every pace, but where the pace is equal cost: then the dearest takes as many as it was to, and the
    // others what they can for the same.
    let rounds = steps(&[]);
    assert_eq!(rounds.iter().map(Vec::len).collect::<Vec<_>>(), [3, 3]);
    assert_eq!(rounds, steps(&["--set", "pace=Steps"]));
    let longer = ["--set", "trials[0].inner=(dynamics: GradientDescent(), steps: 200)", "--set", "pace=EqualCost"];
    let equal = steps(&longer);
    assert_eq!(equal[0].len(), 3);
    let reached = |calls: &Vec<f64>| *calls.last().unwrap();
    assert!(equal[1].len() > 10 && reached(&equal[1]) > 0.9 * reached(&equal[0]), "{equal:?}");
    // A budget: those outer steps that fit in, under any pace.
    let budget = 1.5 * rounds[0][1];
    let paid = |pace: &str| steps(&["--calls", &budget.to_string(), "--set", &format!("pace={pace}")]);
    for trial in paid("Rounds") {
        // Every outer step of these trials costs the same.
        assert!(reached(&trial) <= budget && reached(&trial) + trial[0] > budget, "{trial:?}");
    }
    assert!(paid("Rounds") == paid("Steps") && paid("Rounds") == paid("EqualCost"));
    assert_eq!(paid("Rounds"), steps(&["--set", &format!("outer.calls={budget}")]));
    for calls in ["0", "-3", "NaN", "inf", "many"] {
        let said = bench.run(&["run", "SCENARIO", "--calls", calls]).refused();
        assert!(said.contains("expected a positive number"), "{said}");
    }
    let said = bench.run(&["run", "SCENARIO", "--set", "outer.calls=-1"]).refused();
    assert!(said.contains("`calls` is -1; expected a positive number of oracle calls"), "{said}");
    bench.run(&["run", "SCENARIO", "--calls", "10", "--outer-steps", "2"]).refused();
}

#[test]
fn csv_has_a_header_and_as_many_fields_in_every_row() {
    for arguments in [&["run", "SCENARIO", "--csv"][..], &["probe", "super-efficiency", "SCENARIO", "--csv"]] {
        let text = Bench::new().run(arguments).done();
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let header: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
        for name in ["trial", "estimator", "seed", "theta_1", "hypergradient_0", "truth_1", "error", "cost_hvps"] {
            assert!(header.iter().any(|column| column == name), "{name} in {header:?}");
        }
        let rows = reader.records().map(Result::unwrap).count();
        assert_eq!(rows, if arguments[0] == "run" { 2 * 3 } else { 2 * 13 });
    }
}

#[test]
fn the_same_command_gives_the_same_bytes_with_any_number_of_threads() {
    let bench = Bench::with("lambda: Constant(-2.0)", "lambda: Uniform(low: -3.0, high: -1.0)");
    let scenario = bench.path("scenario.ron");
    for arguments in [&["run", "--json"][..], &["probe", "super-efficiency", "--replicates", "5", "--json"]] {
        let bytes = |threads: &str| {
            let mut command = super::command();
            command.args(&arguments[..arguments.len() - 1]).arg(&scenario).arg("--json");
            command.env("RAYON_NUM_THREADS", threads).output().unwrap().stdout
        };
        let one = bytes("1");
        assert!(one.len() > 1000);
        assert!(one == bytes("1") && one == bytes("4"));
    }
}

#[test]
fn values_can_be_set_and_seeds_move_what_is_drawn() {
    let bench = Bench::with("lambda: Constant(-2.0)", "lambda: Uniform(low: -3.0, high: -1.0)");
    let first = |arguments: &[&str]| {
        let json = bench.run(&[&["run", "SCENARIO", "--json", "--outer-steps", "1"], arguments].concat()).json();
        json["trials"][0]["steps"][0].clone()
    };
    let plain = first(&[]);
    assert_ne!(plain["lambda"], first(&["--seed", "4"])["lambda"]);
    assert_eq!(plain, first(&["--seed", "3"]));
    assert_eq!(first(&["--set", "lambda=-1.5"])["lambda"], serde_json::json!([-1.5, -1.5]));
    assert_eq!(first(&["--inner-steps", "2"]), first(&["--set", "inner.steps=2"]));
    let set = ["--set", "trials[0].estimator=Cg(iterations: 1)", "--set", "trials[0].estimator.damping=0.1"];
    assert_eq!(first(&set)["solver"]["iterations"], 1);
}

#[test]
fn inner_steps_reach_trials_with_an_inner_loop_of_their_own() {
    let own = "Trial(name: \"direct\", estimator: Direct, inner: Inner(dynamics: Newton, steps: 9))";
    let bench = Bench::with("Trial(name: \"direct\", estimator: Direct)", own);
    let json = bench.run(&["run", "SCENARIO", "--inner-steps", "2", "--json"]).json();
    for trial in json["trials"].as_array().unwrap() {
        assert_eq!(trial["steps"][0]["metrics"]["inner_steps"], 2);
    }
}

#[test]
fn a_trial_that_diverges_is_a_result() {
    let arguments = ["run", "SCENARIO", "--set", "inner.dynamics.step=1e4", "--inner-steps", "5000"];
    let bench = Bench::with("Logistic(penalty: PerFeature)", "Ridge(penalty: PerFeature)");
    let answer = bench.run(&arguments);
    assert!(answer.err.contains("2/L"), "{}", answer.err);
    let table = answer.done();
    assert!(table.contains("diverged at outer 0"), "{table}");
    let json = bench.run(&[&arguments[..], &["--json"]].concat()).json();
    assert_eq!(json["trials"][0]["halted"], true);
    let probe = bench.run(&["probe", "super-efficiency", "SCENARIO", "--set", "inner.dynamics.step=1e4", "--json"]);
    assert!(probe.json()["trials"][0]["rows"].as_array().unwrap().len() > 1);
}

#[test]
fn completions_name_every_command() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = hyperlab(&["completions", shell]).done();
        for command in ["list", "describe", "check", "run", "probe", "export", "completions"] {
            assert!(script.contains(command), "{shell} {command}");
        }
    }
}

#[test]
fn a_reader_that_leaves_early_is_no_failure() {
    for arguments in [&["list"][..], &["completions", "bash"], &["probe", "super-efficiency", "quadratic", "--json"]] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_hyperlab"))
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && errors.is_empty(), "{arguments:?}: {} {errors}", output.status);
    }
}

#[test]
fn help_and_version_are_there() {
    assert!(hyperlab(&["--version"]).done().starts_with("hyperlab "));
    for command in ["list", "describe", "check", "run", "probe", "export", "completions"] {
        assert!(hyperlab(&[command, "--help"]).done().contains("Usage: hyperlab"), "{command}");
    }
    assert!(hyperlab(&["--help"]).done().contains("Exit codes"));
}

/// A file of old is written anew beside itself, and what comes of it is free of mistakes.
#[test]
fn check_fixes_what_older_versions_spelled_otherwise() {
    let bench = Bench::new();
    let old = "Scenario(title: \"old\", about: \"\", problem: Ridge(), data: Data(source: Bundled(\"diabetes\")),\n    \
               inner: Inner(dynamics: Sgd(batch: 4, step: Fixed(0.1)), steps: 3), // kept\n    \
               ensemble: Fresh(members: 2, smoothing: 0.5), trials: [Trial(estimator: Direct)])";
    bench.put("old.ron", old);
    let path = bench.path("old.ron");
    let file = path.to_str().unwrap();
    let refused = bench.run(&["check", file]);
    assert!(refused.err.contains("batch: Rows(16)"), "{}", refused.err);
    let fixed = bench.run(&["check", file, "--fix"]);
    assert_eq!(fixed.code, 0, "{}", fixed.err);
    assert!(fixed.out.contains("old.fixed.ron: no errors"), "{}", fixed.out);
    let text = std::fs::read_to_string(bench.path("old.fixed.ron")).unwrap();
    assert!(text.contains("batch: Rows(4), products: Full, steps: 3), // kept"), "{text}");
    assert!(text.contains("filter: Decay(weight: 0.5)") && !text.contains("smoothing"), "{text}");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), old);
    let again = bench.run(&["check", file, "--fix"]);
    assert!(again.code == 2 && again.err.contains("is there already"), "{}", again.err);
}
