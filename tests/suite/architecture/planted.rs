//! The rules see what they look for: each mistake is planted in a small crate of its own.

use super::imports::Sources;
use super::rules::{Layers, circles_of_files, layers, left_over, outside, unknown_rooms, upward_imports};

const TABLE: &str = "
| | module | what lives there |
|---|---|---|
| 0 | `math` | numbers |
| 1 | `lab` | runs |
| 2 | `tui` | a screen |
";

/// A crate without mistakes, with some files replaced or added.
fn planted(changes: &[(&str, &str)]) -> Sources {
    let sound = [
        ("lib.rs", "pub mod lab;\npub mod math;\npub mod tui;\n"),
        ("main.rs", "fn main() {}\n"),
        (
            "math/mod.rs",
            "pub mod vector;\n\npub use vector::norm;\n\npub trait Entry {}\npub const ALL: &[f64] = &[vector::ENTRY];\n",
        ),
        ("math/vector.rs", "use super::Entry;\n\npub const ENTRY: f64 = 1.0;\npub fn norm(of: impl Entry) {}\n"),
        ("lab/mod.rs", "mod run;\n\npub use run::Run;\n"),
        ("lab/run.rs", "use crate::math;\n\npub struct Run;\nfn f() { math::norm(1); }\n"),
        ("tui/mod.rs", "mod layout;\nmod view;\n"),
        ("tui/layout.rs", "use crate::lab::Run;\n\npub const WIDE: u16 = 110;\n"),
        ("tui/view.rs", "use super::layout::WIDE;\n\npub fn lines() -> u16 { WIDE }\n"),
    ];
    let files = sound.iter().chain(changes);
    files.map(|(file, text)| ((*file).to_owned(), (*text).to_owned())).collect()
}

fn table() -> Layers {
    layers(TABLE)
}

fn upward(changes: &[(&str, &str)]) -> Vec<String> {
    upward_imports(&planted(changes), &table())
}

fn circles(changes: &[(&str, &str)]) -> Vec<String> {
    circles_of_files(&planted(changes), &[])
}

fn touched(changes: &[(&str, &str)]) -> Vec<String> {
    outside(&planted(changes), &table(), 2)
}

#[test]
fn a_sound_crate_is_sound() {
    assert_eq!(table().into_iter().collect::<Vec<_>>(), [("lab".into(), 1), ("math".into(), 0), ("tui".into(), 2)]);
    assert_eq!(unknown_rooms(&planted(&[]), &table()), [""; 0]);
    assert_eq!(upward(&[]), [""; 0]);
    assert_eq!(circles(&[]), [""; 0]);
    assert_eq!(touched(&[]), [""; 0]);
}

#[test]
fn a_room_without_a_layer_and_a_layer_without_a_room() {
    assert_eq!(unknown_rooms(&planted(&[("attic/mod.rs", "")]), &table()), ["attic/mod.rs: its room has no layer"]);
    let layers = layers(&TABLE.replace("| 1 |", "| 1 | `cellar` | nothing |\n| 1 |"));
    assert_eq!(unknown_rooms(&planted(&[]), &layers), ["cellar: a layer without a file"]);
}

#[test]
fn an_upward_import() {
    let whole = "use crate::math::norm;\nuse crate::lab::Run;\n";
    assert_eq!(upward(&[("math/vector.rs", whole)]), ["math/vector.rs:2: math (0) imports lab (1)"]);
    let list = "use crate::{\n    math::norm, // why\n    tui::{self, layout},\n};\n";
    let found = upward(&[("lab/run.rs", list)]);
    assert_eq!(found, ["lab/run.rs:3: lab (1) imports tui (2)"; 2]);
    let inline =
        "/// [`crate::lab::Run`] may be written about.\nfn f() {\n    g(\"crate::lab\", crate::lab::Run);\n}\n";
    assert_eq!(upward(&[("math/vector.rs", inline)]), ["math/vector.rs:3: math (0) imports lab (1)"]);
    let test = "#[cfg(test)]\nmod tests {\n    use crate::lab::Run;\n}\n";
    assert_eq!(upward(&[("math/vector.rs", test)]), ["math/vector.rs:3: math (0) imports lab (1)"]);
    let beside = TABLE.replace("| 1 |", "| 2 |");
    let found = upward_imports(&planted(&[]), &layers(&beside));
    assert_eq!(found, ["tui/layout.rs:1: tui (2) imports lab (2)"]);
}

#[test]
fn an_escape_by_super() {
    let escape = "fn f() {\n    super::super::lab::Run\n}\n";
    assert_eq!(upward(&[("math/vector.rs", escape)]), ["math/vector.rs:2: math (0) imports lab (1)"]);
    let escape = "use super::super::tui::layout::WIDE;\n";
    assert_eq!(upward(&[("lab/run.rs", escape)]), ["lab/run.rs:1: lab (1) imports tui (2)"]);
    let deeper = "mod inner {\n    use super::super::Run;\n    use super::super::super::tui::view;\n}\n";
    assert_eq!(upward(&[("lab/run.rs", deeper)]), ["lab/run.rs:3: lab (1) imports tui (2)"]);
    let renamed = "use super::super as everything;\n\nfn f() {\n    everything::lab::Run\n}\n";
    assert_eq!(upward(&[("math/vector.rs", renamed)]), ["math/vector.rs:4: math (0) imports lab (1)"]);
}

#[test]
fn a_circle_of_two() {
    let back = "use super::view::lines;\n\npub const WIDE: u16 = 110;\nfn f() { lines() }\n";
    let expected = "tui/layout.rs:1 needs tui/view.rs for crate::tui::view::lines\n  \
                    tui/view.rs:1 needs tui/layout.rs for crate::tui::layout::WIDE";
    assert_eq!(circles(&[("tui/layout.rs", back)]), [expected]);
    let inline = "pub const WIDE: u16 = 110;\nfn f() {\n    crate::tui::view::lines()\n}\n";
    assert_eq!(circles(&[("tui/layout.rs", inline)]), [expected.replacen(":1", ":3", 1)]);
    let through_module = "use super::view;\n\npub const WIDE: u16 = 110;\nfn f() { view::lines() }\n";
    assert_eq!(circles(&[("tui/layout.rs", through_module)]), [expected.replacen(":1", ":4", 1)]);
}

#[test]
fn a_circle_through_names_passed_on() {
    let front = ("tui/mod.rs", "mod layout;\nmod view;\npub use layout::WIDE as WIDTH;\npub use view::*;\n");
    let layout = ("tui/layout.rs", "use super::lines;\npub const WIDE: u16 = 110;\n");
    let view = ("tui/view.rs", "use super::WIDTH;\npub fn lines() -> u16 { WIDTH }\n");
    let expected = "tui/layout.rs:1 needs tui/view.rs for crate::tui::lines\n  \
                    tui/view.rs:1 needs tui/layout.rs for crate::tui::WIDTH";
    assert_eq!(circles(&[front, layout, view]), [expected]);
}

#[test]
fn a_parent_that_uses_its_child() {
    let parent = "pub mod vector;\npub use vector::norm;\npub trait Entry {}\nfn f() { norm() }\n";
    let expected = "math/mod.rs:2 needs math/vector.rs for crate::math::vector::norm\n  \
                    math/vector.rs:1 needs math/mod.rs for crate::math::Entry";
    assert_eq!(circles(&[("math/mod.rs", parent)]), [expected]);
    let parent = "pub mod vector;\npub trait Entry {}\nfn f() -> f64 {\n    vector::ENTRY\n}\n";
    assert_eq!(circles(&[("math/mod.rs", parent)]).len(), 1, "what is not in the list is a need");
    let shown = "pub mod vector;\npub use vector::norm;\npub trait Entry {}\n";
    assert_eq!(circles(&[("math/mod.rs", shown)]), [""; 0], "what is only passed on is none");
}

#[test]
fn a_circle_of_three_is_found_once_and_by_its_shortest_way() {
    let files = [
        ("tui/a.rs", "use super::b::B;\npub struct A;\n"),
        ("tui/b.rs", "use super::c::C;\nuse super::d::D;\npub struct B;\n"),
        ("tui/c.rs", "use super::d::D;\npub struct C;\n"),
        ("tui/d.rs", "use super::a::A;\npub struct D;\n"),
    ];
    let expected = "tui/a.rs:1 needs tui/b.rs for crate::tui::b::B\n  \
                    tui/b.rs:2 needs tui/d.rs for crate::tui::d::D\n  \
                    tui/d.rs:1 needs tui/a.rs for crate::tui::a::A";
    assert_eq!(circles(&files), [expected]);
}

#[test]
fn what_only_tests_need_is_no_circle() {
    let test = "pub const WIDE: u16 = 110;\n\n#[cfg(test)]\nmod tests {\n    use crate::tui::view::lines;\n}\n";
    assert_eq!(circles(&[("tui/layout.rs", test)]), [""; 0]);
    let after = format!("{test}\nfn f() {{ super::view::lines() }}\n");
    assert_eq!(circles(&[("tui/layout.rs", &after)]).len(), 1, "code below a test is no test");
    let file = ("tui/pictures.rs", "use super::layout::WIDE;\n");
    let parent = ("tui/mod.rs", "mod layout;\n#[cfg(test)]\nmod pictures;\n");
    let back = ("tui/layout.rs", "use super::pictures::X;\npub const WIDE: u16 = 110;\n");
    assert_eq!(circles(&[file, parent, back]), [""; 0]);
}

#[test]
fn an_exception_holds_while_it_is_needed() {
    let circle = planted(&[("tui/layout.rs", "use super::view::lines;\npub const WIDE: u16 = 110;\n")]);
    let known = [("tui/layout.rs", "tui/view.rs")];
    assert_eq!(circles_of_files(&circle, &known), [""; 0]);
    assert_eq!(left_over(&circle, &known), [""; 0]);
    let expected = "tui/layout.rs and tui/view.rs are in no circle any more: take it off the list";
    assert_eq!(left_over(&planted(&[]), &known), [expected]);
}

#[test]
fn the_outside() {
    let code = "use std::{fmt, fs};\nuse std::io;\n\nfn f() {\n    println!(\"x\");\n    io::stdout().lock();\n    \
                std::time::Instant::now();\n    io::Write::flush();\n}\n";
    let expected =
        ["1: names std::fs", "5: names println", "6: names std::io::stdout", "7: names std::time::Instant::now"];
    let expected = expected.map(|rest| format!("lab/run.rs:{rest}"));
    let mut found = touched(&[("lab/run.rs", code)]);
    found.sort();
    assert_eq!(found, expected);
    assert_eq!(touched(&[("tui/view.rs", code)]), [""; 0], "the fronts may");
}
