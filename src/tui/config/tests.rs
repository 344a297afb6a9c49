//! A configuration is read as it is meant, and what is wrong in it has its place.

use std::path::PathBuf;

use super::*;
use crate::front::Mistakes;
use crate::tui::keymap::{self, Action, Context, Key};
use crate::tui::state::Grid;
use crate::tui::theme::Charset;

fn complaints(text: &str) -> Vec<String> {
    read(text).1.iter().map(ToString::to_string).collect()
}

fn keys(config: &Config, context: Context, action: Action) -> Vec<String> {
    let mut bindings = config.keys.iter();
    let binding = bindings.find(|binding| binding.context == context && binding.action == action).unwrap();
    binding.keys.iter().map(|key| key.name()).collect()
}

#[test]
fn the_template_sets_everything_to_what_it_is_anyway() {
    let text = template();
    assert_eq!(read(&text), (Config::default(), Vec::new()));
    for binding in keymap::defaults() {
        assert!(text.contains(&format!("\"{}\":", binding.id())), "{}", binding.id());
    }
    for field in ["theme", "palette", "charset", "speed", "panes", "export", "keys"] {
        assert!(text.contains(&format!("\n    {field}: ")), "{field}");
    }
    assert_eq!(read("Config()"), (Config::default(), Vec::new()));
    assert_eq!(read("()"), (Config::default(), Vec::new()));
}

#[test]
fn every_value_can_be_set() {
    let text = r#"Config(theme: "dark", palette: "tol-bright", charset: "ascii", speed: "max", panes: "2x3",
        export: "figures", keys: { "lab.run": ["p", "ctrl-r"], "everywhere.redraw": [] })"#;
    let (config, found) = read(text);
    assert_eq!(found, Vec::new());
    assert_eq!((config.scheme.id, config.palette.id), ("dark", "tol-bright"));
    assert_eq!((config.charset, config.speed, config.panes), (Charset::Ascii, 9, Some(Grid::new(2, 3))));
    assert_eq!(config.export, PathBuf::from("figures"));
    assert_eq!(keys(&config, Context::Lab, Action::Run), ["p", "ctrl-r"]);
    assert!(keys(&config, Context::Everywhere, Action::Redraw).is_empty());
}

#[test]
fn a_mistake_has_its_place_and_leaves_the_rest_as_it_is_meant() {
    let text = "Config(\n  theme: \"drak\",\n  palette: \"tol-muted\",\n  panes: \"two\",\n)";
    let (config, found) = read(text);
    assert_eq!((config.scheme.id, config.palette.id), ("auto", "tol-muted"));
    let found: Vec<String> = found.iter().map(ToString::to_string).collect();
    assert_eq!(
        found,
        [
            "2:10: error: `theme`: no theme is called `drak`; did you mean `dark`?",
            "4:10: error: `panes`: no grid of charts is called `two`; expected one of `auto`, `1x1`, `2x2`, `2x3`",
        ]
    );
    let mistakes = Mistakes { name: "config.ron".to_owned(), text: text.to_owned(), found: read(text).1 };
    let words = in_words(&mistakes).unwrap();
    assert!(words.starts_with("config.ron:2:10: ") && words.contains("and 1 more"), "{words}");
}

#[test]
fn an_unknown_field_is_named_with_the_nearest() {
    let (config, found) = read("Config(\n    thme: \"dark\",\n)");
    assert_eq!(config, Config::default());
    assert_eq!((found[0].line, found[0].column), (2, 5));
    assert!(found[0].message.contains("`thme`"), "{}", found[0].message);
    assert_eq!(found[0].help.as_deref(), Some("did you mean `theme`?"));
    for text in ["", "Config(", "Scenario()", "Config(theme: 3)", "Config(keys: [])"] {
        assert_eq!(read(text).1.len(), 1, "{text}");
    }
}

#[test]
fn keys_that_are_none_and_actions_that_are_none_are_named() {
    let text = "Config(keys: {\n  \"lab.rum\": [\"p\"],\n  \"lab.run\": [\"hyper-x\"],\n})";
    let found = complaints(text);
    assert!(found[0].starts_with("2:3: error: nothing is called `lab.rum`"), "{found:?}");
    assert!(read(text).1[0].help.as_ref().unwrap().contains("`lab.run`"));
    assert!(found[1].starts_with("3:15: error: `hyper-x` is no key"), "{found:?}");
}

#[test]
fn two_actions_in_one_place_cannot_share_a_key() {
    // n takes an inner step.
    let text = "Config(keys: {\n  \"lab.run\": [\"space\", \"n\"],\n})";
    let (config, found) = read(text);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].to_string().starts_with("2:24: error: `n` would be both `lab.run` and `lab.inner-step`"));
    assert_eq!(config, Config::default(), "what is wrong is left out");
    // Unless the other gives it up.
    let text = r#"Config(keys: { "lab.run": ["n"], "lab.inner-step": ["space"] })"#;
    let (config, found) = read(text);
    assert_eq!(found, Vec::new());
    assert_eq!(keys(&config, Context::Lab, Action::InnerStep), ["space"]);
    // The same key elsewhere is another key.
    assert_eq!(read(r#"Config(keys: { "start.search": ["n"] })"#).1, Vec::new());
    assert_eq!(complaints(r#"Config(keys: { "lab.run": ["p"], "lab.run": [";"] })"#).len(), 1);
}

#[test]
fn letters_stay_text_where_one_types() {
    let found = complaints(r#"Config(keys: { "palette.close": ["q"] })"#);
    assert!(found.len() == 1 && found[0].contains("`q` is text"), "{found:?}");
    // Everywhere is there as well.
    assert_eq!(complaints(r#"Config(keys: { "everywhere.redraw": ["r"] })"#).len(), 1);
}

#[test]
fn every_key_is_read_as_it_is_written() {
    for binding in keymap::defaults() {
        for key in binding.keys.iter() {
            assert_eq!(Key::parse(&key.name()), Some(*key), "{}", key.name());
        }
    }
    for (text, name) in [("Ctrl-L", "ctrl-l"), ("F5", "f5"), ("alt-x", "alt-x"), ("PgUp", "pgup"), ("-", "-")] {
        assert_eq!(Key::parse(text).map(Key::name).as_deref(), Some(name));
    }
    for text in ["", "ab", "ctrl-", "f0", "f99", "ctrl-ctrl-x", "shift-a"] {
        assert_eq!(Key::parse(text), None, "{text}");
    }
}
