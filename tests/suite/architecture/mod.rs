//! The rules of ARCHITECTURE.md that a reader cannot be trusted to keep by eye.
//!
//! What counts as one file needing another:
//!
//! - a `use`, or a path in code, counts towards the file that *defines* the thing, through names that are passed on with
//!   `pub use`: `super::X` is the parent's `mod.rs` if `X` is defined there, and a sibling if it is passed on from it;
//! - a `pub use` alone is no need, so that a `mod.rs` may show what its files hold; neither is a `use` of a module, only
//!   what is named through it;
//! - what stands in a list named `ALL` is no need: such a list is where extensions are entered, and knows nothing of them;
//! - what only tests name is no need, but must not point up either.

mod circles;
mod imports;
mod planted;
mod rules;
mod source;
mod tokens;

use std::fs;
use std::path::Path;

use imports::Sources;
use rules::{Layers, circles_of_files, layers, left_over, outside, unknown_rooms, upward_imports};

/// Circles that are still to be broken, by the need that is to go.
const KNOWN: &[(&str, &str)] = &[];

/// Layers below this touch nothing outside.
const EXPORT: &str = "export";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn own_layers() -> Layers {
    layers(&fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap())
}

fn own_sources() -> Sources {
    let mut found = Sources::new();
    gather(&root().join("src"), "", &mut found);
    found
}

fn gather(folder: &Path, prefix: &str, found: &mut Sources) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = format!("{prefix}{}", path.file_name().unwrap().to_str().unwrap());
        if path.is_dir() {
            gather(&path, &format!("{name}/"), found);
        } else if name.ends_with(".rs") {
            found.insert(name, fs::read_to_string(&path).unwrap());
        }
    }
}

#[track_caller]
fn assert_none(wrong: &[String], rule: &str) {
    assert!(wrong.is_empty(), "{rule}:\n{}", wrong.join("\n"));
}

#[test]
fn every_room_has_a_layer() {
    assert_none(&unknown_rooms(&own_sources(), &own_layers()), "the table of ARCHITECTURE.md names every room");
}

#[test]
fn imports_point_down() {
    assert_none(&upward_imports(&own_sources(), &own_layers()), "imports point down");
}

#[test]
fn no_files_need_each_other() {
    assert_none(&circles_of_files(&own_sources(), KNOWN), "no circles of files");
}

#[test]
fn every_exception_is_needed() {
    assert_none(&left_over(&own_sources(), KNOWN), "exceptions end with what they except");
}

#[test]
fn nothing_below_the_fronts_touches_the_outside() {
    let layers = own_layers();
    assert_none(&outside(&own_sources(), &layers, layers[EXPORT]), "below the fronts nothing touches the outside");
}

#[test]
fn main_is_short() {
    let main = fs::read_to_string(root().join("src/main.rs")).unwrap();
    assert!(main.lines().count() < 40, "main.rs chooses a front and does nothing else");
}
