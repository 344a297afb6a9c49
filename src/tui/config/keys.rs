//! Keys as a person has set them, laid over those that hold when nothing is said.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::scenario::{Content, Diagnostic, Document, Node, Severity, did_you_mean, display_text, parse_path};
use crate::tui::keymap::{Binding, Context, Key};

/// The keys of each action, by its name.
pub(super) type Written = BTreeMap<String, Vec<String>>;

/// One action's keys in the text, and where they stand.
struct Entry<'a> {
    name: &'a str,
    place: Range<usize>,
    values: &'a Node,
}

/// Lays what is written over the keys. An action whose keys are wrong keeps those it had.
pub(super) fn overlay(document: &Document<'_>, written: &Written, keys: &mut [Binding]) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut complain = |place: Range<usize>, message: String, help: Option<String>| {
        found.push(Diagnostic::at(Severity::Error, message, document.text(), place).with_help(help));
    };
    let before = keys.to_vec();
    // Where each key that was set stands, for what two of them say together.
    let mut places: Vec<(usize, Key, Range<usize>)> = Vec::new();
    let mut seen: Vec<&str> = Vec::new();
    for Entry { name, place, values } in entries(document) {
        if seen.contains(&name) {
            complain(place, format!("`{}` is here twice", display_text(name)), None);
            continue;
        }
        seen.push(name);
        let Some(index) = keys.iter().position(|binding| binding.id() == name) else {
            let ids: Vec<String> = keys.iter().map(Binding::id).collect();
            let help = did_you_mean(name, ids.iter().map(String::as_str));
            let help = help.unwrap_or_else(|| "`hyperlab --print-config` lists what there is".to_owned());
            complain(place, format!("nothing is called `{}`", display_text(name)), Some(help));
            continue;
        };
        let texts = written.get(name).map(Vec::as_slice).unwrap_or_default();
        let mut read = Vec::new();
        let mut is_right = true;
        for (number, text) in texts.iter().enumerate() {
            let place = item(values, number);
            match Key::parse(text) {
                None => {
                    let message = format!("`{}` is no key", display_text(text));
                    let help = "expected a letter or a sign, or one of space, enter, tab, esc, up, down, left, right, \
                                home, end, pgup, pgdn, backspace, delete, insert, f1 … f12; before it ctrl-, alt- or shift-";
                    complain(place, message, Some(help.to_owned()));
                    is_right = false;
                }
                Some(key) if key.is_text() && types(keys[index].context) => {
                    let message = format!("`{text}` is text there, and can be no command");
                    complain(place, message, Some("expected a key such as ctrl-g, alt-g or f5".to_owned()));
                    is_right = false;
                }
                Some(key) => {
                    places.push((index, key, place));
                    read.push(key);
                }
            }
        }
        if is_right {
            keys[index].keys = read.into();
        }
    }
    // One wish may be what another needs: only when all are there can they be held against each other.
    for (index, key, place) in places {
        let shares = |other: &Binding| other.context == keys[index].context && other.keys.contains(&key);
        if !keys[index].keys.contains(&key) {
            continue;
        }
        if let Some(other) = (0..keys.len()).find(|other| *other != index && shares(&keys[*other])) {
            let (mine, theirs) = (keys[index].id(), keys[other].id());
            complain(
                place,
                format!("`{}` would be both `{mine}` and `{theirs}`", key.name()),
                Some(format!("give `{theirs}` another key, or none: `\"{theirs}\": []`")),
            );
            keys[index].keys.clone_from(&before[index].keys);
        }
    }
    found
}

/// Whether a key of this context would be taken from a field that one types in.
fn types(context: Context) -> bool {
    context.takes_text() || context == Context::Everywhere
}

fn entries<'a>(document: &'a Document<'a>) -> Vec<Entry<'a>> {
    let segment = parse_path("keys").ok().and_then(|path| path.into_iter().next());
    let keys = segment.and_then(|segment| document.root.child(document.text(), &segment));
    match keys.map(|node| &node.unwrapped(document.text()).content) {
        Some(Content::Fields(fields)) => fields
            .iter()
            .map(|field| Entry { name: &field.key, place: field.key_span.clone(), values: &field.value })
            .collect(),
        _ => Vec::new(),
    }
}

/// Where a value of a list stands; the list itself, where that cannot be told.
fn item(values: &Node, number: usize) -> Range<usize> {
    match &values.content {
        Content::Items(items) => items.get(number).map_or_else(|| values.span.clone(), |item| item.span.clone()),
        _ => values.span.clone(),
    }
}
