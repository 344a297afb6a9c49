//! The rules of ARCHITECTURE.md that a reader cannot be trusted to keep by eye.

use std::fs;
use std::path::{Path, PathBuf};

/// Layers by number. A module imports from lower numbers and from itself.
const LAYERS: &[(&str, u32)] = &[
    ("catalog", 0),
    ("math", 0),
    ("data", 1),
    ("problem", 2),
    ("ensemble", 2),
    ("inner", 3),
    ("estimator", 4),
    ("outer", 5),
    ("scenario", 6),
    ("trial", 7),
    ("probe", 8),
    ("lab", 9),
    ("chart", 10),
    ("engine", 10),
    ("export", 11),
    ("front", 11),
    ("tui", 12),
    ("cli", 12),
];

/// What nothing below the fronts and their exports may name: screens, files, clocks, ambient
/// randomness, the process's surroundings.
const FORBIDDEN_BELOW_EXPORT: &[&str] = &[
    "ratatui",
    "crossterm",
    "plotters",
    "std::fs",
    "std::time",
    "Instant::now",
    "SystemTime",
    "rand::rng(",
    "std::env",
    "println!",
    "eprintln!",
    "print!(",
    "stdout()",
    "stderr()",
];

const EXPORT: u32 = 11;

fn layer(name: &str) -> Option<u32> {
    LAYERS.iter().find(|(layer, _)| *layer == name).map(|(_, number)| *number)
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// Each source below `src/` with its module's name; `lib.rs` and `main.rs` belong to none.
fn modules() -> Vec<(String, PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut paths = Vec::new();
    sources(&root, &mut paths);
    paths.sort();
    let with_text = paths.into_iter().filter_map(|path| {
        let inside = path.strip_prefix(&root).unwrap();
        let module = inside.components().next().unwrap().as_os_str().to_str().unwrap().to_owned();
        let text = fs::read_to_string(&path).unwrap();
        (!module.ends_with(".rs")).then_some((module, path, text))
    });
    with_text.collect()
}

/// Statements of code with the numbers of their first lines: comments left out, a `use` over several
/// lines joined into one.
fn code(text: &str) -> Vec<(usize, String)> {
    let mut statements: Vec<(usize, String)> = Vec::new();
    let mut inside_use = false;
    for (index, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.starts_with("//") {
            continue;
        }
        match statements.last_mut() {
            Some((_, statement)) if inside_use => statement.push_str(line),
            _ => statements.push((index + 1, line.to_owned())),
        }
        inside_use = (inside_use || line.starts_with("use ") || line.starts_with("pub use ")) && !line.ends_with(';');
    }
    statements
}

/// The modules that a line names: `crate::lab`, or each of `crate::{lab, trial}`.
fn named_modules(line: &str) -> Vec<&str> {
    let ends = |c: char| !(c.is_alphanumeric() || c == '_');
    let after = line.match_indices("crate::").map(|(at, found)| &line[at + found.len()..]);
    after
        .flat_map(|rest| match rest.strip_prefix('{') {
            Some(list) => list.split(',').map(|item| item.trim().split(ends).next().unwrap_or("")).collect(),
            None => vec![rest.split(ends).next().unwrap_or("")],
        })
        .collect()
}

/// Whether a statement names a word, also as `use std::{fs, time}`.
fn names(statement: &str, word: &str) -> bool {
    let listed = || {
        let (crate_name, item) = word.split_once("::")?;
        let list = statement.split_once(&format!("{crate_name}::{{"))?.1;
        Some(list.split([',', '}']).any(|entry| entry.trim().split("::").next() == Some(item)))
    };
    statement.contains(word) || listed().unwrap_or(false)
}

#[test]
fn every_module_has_a_layer() {
    for (module, path, _) in modules() {
        assert!(layer(&module).is_some(), "{} belongs to no layer", path.display());
    }
}

#[test]
fn imports_point_down() {
    let mut wrong = Vec::new();
    for (module, path, text) in modules() {
        let own = layer(&module).unwrap();
        for (number, line) in code(&text) {
            for name in named_modules(&line) {
                let Some(target) = layer(name) else { continue };
                if name != module && target >= own {
                    wrong.push(format!("{}:{number}: {module} ({own}) imports {name} ({target})", path.display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "imports must point down:\n{}", wrong.join("\n"));
}

#[test]
fn nothing_below_the_fronts_touches_the_outside() {
    let mut wrong = Vec::new();
    for (module, path, text) in modules() {
        if layer(&module).unwrap() >= EXPORT {
            continue;
        }
        for (number, line) in code(&text) {
            for word in FORBIDDEN_BELOW_EXPORT {
                if names(&line, word) {
                    wrong.push(format!("{}:{number}: names {word}", path.display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "below the fronts nothing touches the outside:\n{}", wrong.join("\n"));
}

#[test]
fn main_is_short() {
    let main = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/main.rs")).unwrap();
    assert!(main.lines().count() < 40, "main.rs chooses a front and does nothing else");
}

#[test]
fn the_scanner_sees_what_it_looks_for() {
    assert_eq!(named_modules("use crate::lab::Lab;"), ["lab"]);
    assert_eq!(named_modules("use crate::{lab, trial::Trial};"), ["lab", "trial"]);
    assert_eq!(named_modules("    crate::math::vector::norm(&crate::chart::x)"), ["math", "chart"]);
    assert!(named_modules("use std::fmt;").is_empty());
    let statements = code("use crate::{\n    // why\n    lab,\n    trial,\n};\nlet x = 1;");
    assert_eq!(statements[0], (1, "use crate::{lab,trial,};".to_owned()));
    assert_eq!(named_modules(&statements[0].1)[..2], ["lab", "trial"]);
    assert_eq!(statements[1], (6, "let x = 1;".to_owned()));
    assert!(names("use std::{fmt, fs};", "std::fs") && names("std::fs::read(path)", "std::fs"));
    assert!(!names("use std::{fmt, sync};", "std::fs"));
}
