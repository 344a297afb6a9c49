//! `--set PATH=VALUE`: a change to the text of a scenario.

use std::ops::Range;

use super::diagnostic::{Diagnostic, Severity};
use super::locate::{Content, Document, Node, Segment, parse_path};
use super::{Scenario, parse};

/// Replaces the value at a path, or adds it to the struct it belongs to: `inner.steps=30`,
/// `trials[0].estimator.iterations=5`, `trials[*].estimator.damping=1e-3`. Where a plain word or number
/// stands for more (`title=Mine`, `lambda=-3`, `inner.dynamics.step=0.1`), the quotes or the wrapper may be
/// left out.
///
/// # Errors
/// A mistake of the text itself, as [`parse()`] finds it, or a diagnostic without a span that begins with
/// the assignment and says what is wrong with it.
pub fn set(text: &str, assignment: &str) -> Result<String, Diagnostic> {
    parse(text)?;
    let refuse = |message: String| {
        let shown = crate::data::display_text(assignment);
        Diagnostic::general(Severity::Error, format!("`{shown}`: {message}"))
    };
    let Some((path, value)) = assignment.split_once('=') else {
        return Err(refuse("expected PATH=VALUE, such as `inner.steps=30`".to_owned()));
    };
    let (path, value) = (path.trim(), value.trim());
    check_single(value).map_err(refuse)?;
    let mut first_mistake = None;
    for spelling in spellings(value) {
        let changed = change(text, path, &spelling).map_err(refuse)?;
        match parse(&changed) {
            Ok(_) => return Ok(changed),
            Err(mistake) => first_mistake.get_or_insert(mistake),
        };
    }
    let mistake = first_mistake.map(|mistake| refuse(mistake.message).with_help(mistake.help));
    Err(mistake.unwrap_or_else(|| refuse("expected a value".to_owned())))
}

/// A scenario with one of its values replaced, as [`set`] does it in a text.
///
/// # Errors
/// A message that begins with the assignment and says what is wrong with it.
pub fn vary(scenario: &Scenario, assignment: &str) -> Result<Scenario, String> {
    let text = scenario.to_ron().map_err(|error| format!("the scenario cannot be written: {error}"))?;
    let say = |diagnostic: Diagnostic| match diagnostic.help {
        Some(help) => format!("{}; {help}", diagnostic.message),
        None => diagnostic.message,
    };
    parse(&set(&text, assignment).map_err(say)?).map_err(say)
}

/// The value as written, then as what a plain word or number may stand for.
fn spellings(value: &str) -> Vec<String> {
    let mut spellings = vec![value.to_owned()];
    if value.parse::<f64>().is_ok() {
        spellings.extend([format!("Fixed({value})"), format!("Constant({value})")]);
    }
    if !value.starts_with(['"', '(', '[', '{']) {
        spellings.push(format!("{value:?}"));
    }
    spellings
}

/// One RON value, or a plain text; nothing that would change its surroundings.
fn check_single(value: &str) -> Result<(), String> {
    let document = Document::new(value);
    let is_whole = document.root.span == (0..value.len()) && document.unclosed.is_none();
    let is_plain = !value.is_empty() && !value.contains(['"', ',', '(', ')', '[', ']', '{', '}', '/', '\\']);
    if !value.is_empty() && (is_whole || is_plain) {
        return Ok(());
    }
    Err("expected one value after `=`".to_owned())
}

/// The text with every value at the path replaced.
fn change(text: &str, path: &str, value: &str) -> Result<String, String> {
    let document = Document::new(text);
    let segments = parse_path(path)?;
    let mut edits: Vec<(Range<usize>, String)> = Vec::new();
    collect(&document, &document.root, &segments, value, &mut edits)?;
    edits.sort_by_key(|(span, _)| span.start);
    let mut changed = text.to_owned();
    for (span, replacement) in edits.into_iter().rev() {
        changed.replace_range(span, &replacement);
    }
    Ok(changed)
}

fn collect(
    document: &Document<'_>,
    node: &Node,
    segments: &[Segment],
    value: &str,
    edits: &mut Vec<(Range<usize>, String)>,
) -> Result<(), String> {
    let Some((segment, rest)) = segments.split_first() else {
        edits.push((node.span.clone(), value.to_owned()));
        return Ok(());
    };
    let inner = node.unwrapped(document.text());
    if let (Segment::All, Content::Items(items)) = (segment, &inner.content) {
        return items.iter().try_for_each(|item| collect(document, item, rest, value, edits));
    }
    if let Some(child) = inner.child(document.text(), segment) {
        return collect(document, child, rest, value, edits);
    }
    match segment {
        Segment::Key(key) => {
            edits.push(insertion(document, inner, key, rest, value)?);
            Ok(())
        }
        Segment::Index(index) => Err(match &inner.content {
            Content::Items(items) => format!("there is no item {index}; there are {}, counted from 0", items.len()),
            _ => format!("there is no item {index}; expected {}", keys(inner)),
        }),
        Segment::All => Err(format!("`[*]` stands for the items of a list; expected {}", keys(inner))),
    }
}

/// Writes `key: value` behind the opening bracket; whether the struct has such a field the parser knows.
fn insertion(
    document: &Document<'_>,
    node: &Node,
    key: &str,
    rest: &[Segment],
    value: &str,
) -> Result<(Range<usize>, String), String> {
    let mut value = value.to_owned();
    for segment in rest.iter().rev() {
        match segment {
            Segment::Key(key) => value = format!("({key}: {value})"),
            _ => return Err(format!("there is no `{key}` to take an item of; expected {}", keys(node))),
        }
    }
    let is_list = matches!(&node.content, Content::Items(items) if !items.is_empty())
        || node.open.is_some_and(|open| document.text()[open..].starts_with('['));
    match (node.open, &node.name) {
        _ if is_list => Err(format!("there is no `{key}` in a list; expected {}", keys(node))),
        (Some(open), _) => Ok((open + 1..open + 1, format!("{key}: {value}, "))),
        (None, Some(name)) => Ok((name.end..name.end, format!("({key}: {value})"))),
        (None, None) => Err(format!("there is no `{key}` inside `{}`", document.slice(&node.span))),
    }
}

/// What exists in a value, in words.
fn keys(node: &Node) -> String {
    match &node.content {
        Content::Fields(fields) => {
            let keys: Vec<String> = fields.iter().map(|field| format!("`{}`", field.key)).collect();
            format!("one of {}", keys.join(", "))
        }
        Content::Items(items) if !items.is_empty() => format!("an item from 0 to {}", items.len() - 1),
        _ => "nothing, for it has no parts".to_owned(),
    }
}
