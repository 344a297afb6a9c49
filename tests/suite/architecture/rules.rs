//! The rules, over sources by path: each complaint names the file and the line.

use std::collections::BTreeMap;

use super::circles::circles;
use super::imports::{Crate, Import, Sources};

/// Rooms (folders below `src/`) with their layers. A file imports from rooms of lower numbers and from its own.
pub(super) type Layers = BTreeMap<String, u32>;

/// What touches the outside: screens, files, clocks, ambient randomness, the process and its surroundings.
const OUTSIDE: &[&str] = &[
    "ratatui",
    "crossterm",
    "plotters",
    "indicatif",
    "rand::rng",
    "rand::random",
    "rand::rngs::SysRng",
    "rand::rngs::ThreadRng",
    "std::env",
    "std::fs",
    "std::io::stderr",
    "std::io::stdin",
    "std::io::stdout",
    "std::net",
    "std::os",
    "std::process",
    "std::time",
];

/// The same as macros.
const PRINTING: &[&str] = &["print", "println", "eprint", "eprintln", "dbg"];

/// The table of ARCHITECTURE.md: rows that begin with a number and a name in backquotes.
pub(super) fn layers(text: &str) -> Layers {
    let rows = text.lines().filter_map(|line| {
        let mut cells = line.split('|').skip(1).map(str::trim);
        let layer = cells.next()?.parse().ok()?;
        let room = cells.next()?.strip_prefix('`')?.strip_suffix('`')?;
        Some((room.to_owned(), layer))
    });
    rows.collect()
}

/// The room that a file is in; `lib.rs` and `main.rs` are in none.
fn room(file: &str) -> Option<&str> {
    file.split_once('/').map(|(room, _)| room)
}

/// Files in rooms without a layer, and layers without a room.
pub(super) fn unknown_rooms(sources: &Sources, layers: &Layers) -> Vec<String> {
    let homeless = sources.keys().filter(|file| room(file).is_some_and(|room| !layers.contains_key(room)));
    let is_empty = |layer: &str| !sources.keys().any(|file| room(file) == Some(layer));
    let empty = layers.keys().filter(|layer| is_empty(layer));
    let homeless = homeless.map(|file| format!("{file}: its room has no layer"));
    homeless.chain(empty.map(|layer| format!("{layer}: a layer without a file"))).collect()
}

/// Imports from a room above or beside, tests included.
pub(super) fn upward_imports(sources: &Sources, layers: &Layers) -> Vec<String> {
    let imports = Crate::of(sources).imports();
    let upward = imports.iter().filter_map(|Import { file, line, path, .. }| {
        let own = room(file)?;
        let other = path.get(1).filter(|_| path[0] == "crate")?.as_str();
        let (low, high) = (layers.get(own)?, layers.get(other)?);
        let is_wrong = own != other && high >= low;
        is_wrong.then(|| format!("{file}:{line}: {own} ({low}) imports {other} ({high})"))
    });
    upward.collect()
}

/// Files that need each other, without the needs that are `known`: from a file, of another. What only tests need does not
/// count: a test may call whoever calls what it tests.
pub(super) fn circles_of_files(sources: &Sources, known: &[(&str, &str)]) -> Vec<String> {
    let imports = Crate::of(sources).imports();
    let step = |import: &&Import| {
        let needs = import.needs.as_deref().unwrap_or_default();
        format!("{}:{} needs {needs} for {}", import.file, import.line, import.path.join("::"))
    };
    let circles = circles(&without(&imports, known));
    circles.iter().map(|circle| circle.iter().map(step).collect::<Vec<_>>().join("\n  ")).collect()
}

/// What is known and no longer a part of any circle.
pub(super) fn left_over(sources: &Sources, known: &[(&str, &str)]) -> Vec<String> {
    let imports = Crate::of(sources).imports();
    let is_over = |one: &&(&str, &str)| {
        let others: Vec<(&str, &str)> = known.iter().filter(|other| other != one).copied().collect();
        circles(&without(&imports, &others)).is_empty()
    };
    let over = known.iter().filter(is_over);
    over.map(|(file, needs)| format!("{file} and {needs} are in no circle any more: take it off the list")).collect()
}

fn without<'a>(imports: &'a [Import], known: &[(&str, &str)]) -> Vec<&'a Import> {
    let is_known = |import: &Import| known.contains(&(&import.file, import.needs.as_deref().unwrap_or_default()));
    imports.iter().filter(|import| !import.is_test && !is_known(import)).collect()
}

/// Names of the outside in layers below the one given.
pub(super) fn outside(sources: &Sources, layers: &Layers, below: u32) -> Vec<String> {
    let imports = Crate::of(sources).imports();
    let low = imports.iter().filter(|import| {
        let layer = room(&import.file).and_then(|room| layers.get(room));
        layer.is_some_and(|layer| *layer < below)
    });
    let wrong = low.filter_map(|Import { file, line, path, is_macro, .. }| {
        let name = path.join("::");
        let is_outside = |word: &&str| name == **word || name.starts_with(&format!("{word}::"));
        let is_print = *is_macro && path.last().is_some_and(|name| PRINTING.contains(&name.as_str()));
        (is_print || OUTSIDE.iter().any(is_outside)).then(|| format!("{file}:{line}: names {name}"))
    });
    wrong.collect()
}
