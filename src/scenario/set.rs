//! `--set PATH=VALUE`: a change to the text of a scenario.

use std::ops::Range;

use super::diagnostic::{Diagnostic, Severity};
use super::locate::{Content, Document, Node, Segment, parse_path};
use super::{Scenario, parse};

/// Replaces the value at a path, or adds it to the struct it belongs to: `inner.steps=30`,
/// `trials[0].estimator.iterations=5`, `trials[*].estimator.damping=1e-3`. Where a plain word or number
/// stands for more (`title=Mine`, `lambda=-3`, `inner.dynamics.step=0.1`), the quotes or the wrapper may be
/// left out. `[*]` stands for every item that has what the path goes on with, and for at least one. A trial that leaves
/// a loop to the scenario gets one of its own, which differs from the scenario's in that value alone.
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
    let segments = parse_path(path).map_err(refuse)?;
    let mut changed = text.to_owned();
    let mut mistakes: Vec<Diagnostic> = Vec::new();
    let mut is_taken = false;
    let places = expand(&Document::new(text), &segments).map_err(refuse)?;
    for place in &places {
        match assign(&changed, place, value) {
            Ok(text) => (changed, is_taken) = (text, true),
            Err(mistake) if !mistakes.contains(&mistake) => mistakes.push(mistake),
            Err(_) => {}
        }
    }
    if is_taken {
        return Ok(changed);
    }
    let Some(first) = mistakes.first() else {
        return Err(refuse("`[*]` stands for the items of a list, and there are none".to_owned()));
    };
    let messages: Vec<&str> = mistakes.iter().map(|mistake| &*mistake.message).collect();
    Err(refuse(messages.join("; ")).with_help(first.help.clone()))
}

/// The text with the value at one place replaced, in the first spelling that parses.
fn assign(text: &str, place: &[Segment], value: &str) -> Result<String, Diagnostic> {
    let mut first_mistake = None;
    for spelling in spellings(value) {
        let changed =
            change(text, place, &spelling).map_err(|message| Diagnostic::general(Severity::Error, message))?;
        match parse(&changed) {
            Ok(_) => return Ok(changed),
            Err(mistake) => first_mistake.get_or_insert(mistake),
        };
    }
    Err(first_mistake.unwrap_or_else(|| Diagnostic::general(Severity::Error, "expected a value".to_owned())))
}

/// The places that a path with `[*]` stands for.
fn expand(document: &Document<'_>, path: &[Segment]) -> Result<Vec<Vec<Segment>>, String> {
    let Some(star) = path.iter().position(|segment| *segment == Segment::All) else { return Ok(vec![path.to_vec()]) };
    let (before, rest) = (&path[..star], &path[star + 1..]);
    let mut node = Some(&document.root);
    for segment in before {
        node = node.and_then(|node| node.child(document.text(), segment));
    }
    let node = node.map(|node| node.unwrapped(document.text()));
    let Some(Content::Items(items)) = node.map(|node| &node.content) else {
        let there = node.map_or_else(|| "a list".to_owned(), keys);
        return Err(format!("`[*]` stands for the items of a list; expected {there}"));
    };
    let mut places = Vec::new();
    for index in 0..items.len() {
        let place: Vec<Segment> = before.iter().cloned().chain([Segment::Index(index)]).chain(rest.to_vec()).collect();
        places.extend(expand(document, &place)?);
    }
    Ok(places)
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

/// The value as written, then as what a plain word, number or list may stand for: `auto` for `Auto`, `on` for `true`.
fn spellings(value: &str) -> Vec<String> {
    let mut spellings = vec![value.to_owned()];
    match value.to_ascii_lowercase().as_str() {
        "on" | "yes" => spellings.push("true".to_owned()),
        "off" | "no" => spellings.push("false".to_owned()),
        _ if value.chars().all(|letter| letter.is_ascii_alphanumeric()) => spellings.push(capitalized(value)),
        _ => {}
    }
    if value.parse::<f64>().is_ok() {
        spellings.extend([format!("Fixed({value})"), format!("Constant({value})")]);
    }
    if value.starts_with('[') {
        spellings.push(format!("Explicit({value})"));
    }
    if !value.starts_with(['"', '(', '[', '{']) {
        spellings.push(format!("{value:?}"));
    }
    spellings
}

/// A name of the program's as it spells it, where only the first letter is not: `auto`.
fn capitalized(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect()
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

/// The text with the value at a place replaced.
fn change(text: &str, place: &[Segment], value: &str) -> Result<String, String> {
    let document = Document::new(text);
    let (span, replacement) = match own(&document, place, value)? {
        Some(whole) => edit(&document, &document.root, &place[..3], &whole)?,
        None => edit(&document, &document.root, place, value)?,
    };
    let mut changed = text.to_owned();
    changed.replace_range(span, &replacement);
    Ok(changed)
}

/// What a trial leaves to the scenario is the scenario's: for a place inside such a part, the scenario's with the
/// value replaced there, for the trial to have as its own.
fn own(document: &Document<'_>, place: &[Segment], value: &str) -> Result<Option<String>, String> {
    let [Segment::Key(trials), Segment::Index(_), part @ Segment::Key(_), rest @ ..] = place else { return Ok(None) };
    let text = document.text();
    let is_left_out = || {
        let trial = document.root.child(text, &place[0]).and_then(|trials| trials.child(text, &place[1]));
        trial.is_some_and(|trial| trial.child(text, part).is_none())
    };
    if trials != "trials" || rest.is_empty() || !is_left_out() {
        return Ok(None);
    }
    let shared = document.root.child(text, part);
    shared.map(|shared| change(document.slice(&shared.span), rest, value)).transpose()
}

/// What to write where.
fn edit(
    document: &Document<'_>,
    node: &Node,
    segments: &[Segment],
    value: &str,
) -> Result<(Range<usize>, String), String> {
    let Some((segment, rest)) = segments.split_first() else {
        return Ok((node.span.clone(), value.to_owned()));
    };
    let inner = node.unwrapped(document.text());
    if let Some(child) = inner.child(document.text(), segment) {
        return edit(document, child, rest, value);
    }
    match segment {
        Segment::Key(key) => insertion(document, inner, key, rest, value),
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
