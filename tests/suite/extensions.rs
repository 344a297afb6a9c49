//! What an extension costs: one file and one line.
//!
//! CONTRIBUTING promises that adding an estimator, a problem, a chart … takes a file of its own and a line in the list
//! of its room. That holds as long as nobody else names it: a place that asks for an identifier is one more place
//! to touch. So the sources are read, and every mention of an extension outside its file and its list is a fault.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Rooms with a list `ALL`.
const ROOMS: &[&str] = &[
    "problem",
    "ensemble",
    "inner",
    "estimator",
    "outer",
    "filter",
    "population",
    "world",
    "pace",
    "reference",
    "probe",
    "chart",
];

/// Sources by path relative to `src`, without their tests.
fn sources() -> BTreeMap<String, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut folders = vec![root.clone()];
    let mut found = BTreeMap::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path: PathBuf = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                let code = text.split("#[cfg(test)]").next().unwrap_or_default().to_owned();
                let name = path.strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/");
                found.insert(name, code);
            }
        }
    }
    found
}

/// The modules that the list of a room names: `cg` of `cg::ENTRY`.
fn modules(list: &str) -> Vec<String> {
    let start = list.find("pub static ALL").expect("a room has a list");
    // The type comes first: `&[Entry] = &[`.
    let body = list[start..].split_once('=').expect("the value of a list").1;
    let body = body[..body.find("];").expect("the end of a list")].trim_start().trim_start_matches("&[");
    let names = body.split(',').filter_map(|item| item.trim().split_once("::")).map(|(module, _)| module.to_owned());
    let mut names: Vec<String> = names.collect();
    names.dedup();
    names
}

/// The identifiers that a file gives its cards.
fn identifiers(code: &str) -> Vec<&str> {
    code.split("id: \"").skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

/// Whether a line asks for an identifier, rather than using the same word for a column or a knob.
fn asks(line: &str) -> bool {
    ["== \"", "!= \"", "\"].contains(", "find(", "Spec::new(", "starts_with("].iter().any(|token| line.contains(token))
}

/// A metric is two files as well: what its file gives stands in the `pub use` and in `ALL` of its room.
#[test]
fn a_metric_is_its_file_and_its_names_in_the_list() {
    let sources = sources();
    let list = &sources["metric/mod.rs"];
    let all = list[list.find("pub static ALL").expect("a list")..].to_owned();
    let mut metrics = 0;
    for (path, code) in sources.iter().filter(|(path, _)| path.starts_with("metric/")) {
        for name in code.split("pub static ").skip(1).filter(|rest| rest.contains(": Metric")) {
            let name = name.split(':').next().unwrap_or_default();
            if name == "ALL" || !code.contains(&format!("pub static {name}: Metric")) {
                continue;
            }
            metrics += 1;
            assert!(all.contains(&format!("&{name},")), "{path}: `{name}` is in no list");
        }
        for id in identifiers(code) {
            let quoted = format!("\"{id}\"");
            // What old files say is asked for by the words they use, some of which are columns now.
            let is_other = |path: &str| !path.starts_with("metric/") && path != "scenario/migrate.rs";
            let elsewhere = sources.iter().filter(|(other, _)| is_other(other));
            let asking = elsewhere.filter_map(|(other, code)| {
                let line = code.lines().find(|line| line.contains(&quoted) && asks(line))?;
                Some(format!("src/{other}: {}", line.trim()))
            });
            let asking: Vec<String> = asking.collect();
            assert!(asking.is_empty(), "{path}: `{id}` is asked for by name:\n{}", asking.join("\n"));
        }
    }
    assert!(metrics > 40, "{metrics}");
}

#[test]
fn an_extension_is_named_by_its_file_and_its_list_alone() {
    let sources = sources();
    let mut faults = Vec::new();
    for room in ROOMS {
        let modules = modules(&sources[&format!("{room}/mod.rs")]);
        assert!(modules.len() > 1, "{room}: {modules:?}");
        for module in modules {
            let folder = format!("{room}/{module}/");
            let is_own = |path: &str| path == format!("{room}/{module}.rs") || path.starts_with(&folder);
            let own: Vec<&String> = sources.iter().filter(|(path, _)| is_own(path)).map(|(_, code)| code).collect();
            assert!(!own.is_empty(), "{room}: the list names `{module}`, and there is no file of that name");
            for id in own.iter().flat_map(|code| identifiers(code)) {
                let quoted = format!("\"{id}\"");
                for (path, code) in sources.iter().filter(|(path, _)| !is_own(path)) {
                    let line = code.lines().position(|line| line.contains(&quoted) && asks(line));
                    faults.extend(line.map(|line| format!("src/{path}:{}: {room} {quoted}", line + 1)));
                }
            }
        }
    }
    assert!(faults.is_empty(), "extensions that others ask for by name:\n{}", faults.join("\n"));
}

/// What is said of one application stands where that application lives: its problem, its data, its metrics and charts, and
/// where words are explained. A place that is not here asks about it from outside.
const WORDS: &[(&[&str], &[&str])] = &[
    (
        &["cleaning", "mislabelled"],
        &[
            "problem/",
            "data/",
            "metric/cleaning.rs",
            "metric/baseline.rs",
            "metric/mod.rs",
            "chart/doubted.rs",
            "chart/row_weights.rs",
            "chart/suspicious_digits.rs",
            "chart/accuracy.rs",
            "ensemble/division.rs",
            "scenario/builtin.rs",
            "glossary/",
        ],
    ),
    (
        &["few-shot", "few_shot", "sinusoid", "episode"],
        &[
            "data/",
            "problem/biased_ridge.rs",
            "chart/one_task.rs",
            "metric/new_task.rs",
            "ensemble/mod.rs",
            "scenario/builtin.rs",
            "glossary/",
        ],
    ),
];

#[test]
fn an_application_is_spoken_of_where_it_lives() {
    let (mut faults, sources) = (Vec::new(), sources());
    for (path, code) in &sources {
        for (words, rooms) in WORDS.iter().filter(|(_, rooms)| !rooms.iter().any(|room| path.starts_with(room))) {
            let speaks = |line: &str| words.iter().any(|word| line.to_lowercase().contains(word));
            let lines = code.lines().enumerate().filter(|(_, line)| speaks(line));
            faults.extend(lines.map(|(number, line)| format!("src/{path}:{}: {}", number + 1, line.trim())));
            assert!(rooms.iter().all(|room| sources.keys().any(|path| path.starts_with(room))), "{rooms:?}");
        }
    }
    assert!(faults.is_empty(), "spoken of from outside:\n{}", faults.join("\n"));
}

#[test]
fn the_test_above_sees_a_place_that_asks() {
    assert!(asks(r#"if setting.ensemble.id() == "single" {"#) && asks(r#"["fixed", "fresh"].contains(&id)"#));
    assert!(!asks(r#"        id: "newton","#) && !asks(r#"columns.extend(["cosine", "value"])"#));
    assert_eq!(modules("pub static ALL: &[Entry] =\n    &[a::ENTRY, a::OTHER, long_name::ENTRY];"), ["a", "long_name"]);
    assert_eq!(identifiers(r#"card: Card { id: "cg", name: "CG" }"#), ["cg"]);
}
