//! The parser's complaints, in our words: the field, what was found, what was expected.

use std::ops::Range;

use ron::Error;

use super::diagnostic::{Diagnostic, Severity};
use super::locate::{Document, Innermost};
use super::moved::{moved_field, moved_name};
use super::parts::Part;
use super::suggest::did_you_mean;
use crate::catalog::Kind;

/// A parser's error with the bytes between which its cursor stood, as a diagnostic.
pub fn complain(text: &str, error: &Error, cursor: Range<usize>) -> Diagnostic {
    let document = Document::new(text);
    let mut here = document.innermost(skip_blanks(text, cursor.start));
    let is_behind_value = matches!(error, Error::ExpectedStructLike | Error::InvalidEscape(_));
    if is_behind_value && here.node.open.is_some() {
        // The cursor has passed the value: what is meant stands before it.
        let before = text.get(..cursor.start).unwrap_or("").trim_end();
        here = document.innermost(before.char_indices().next_back().map_or(0, |(last, _)| last));
    }
    let (message, help, span) = describe(&document, error, &cursor, &here);
    Diagnostic::at(Severity::Error, message, text, span).with_help(help)
}

type Description = (String, Option<String>, Range<usize>);

fn describe(document: &Document<'_>, error: &Error, cursor: &Range<usize>, here: &Innermost<'_>) -> Description {
    match error {
        Error::NoSuchStructField { expected, found, outer } => {
            let owner = outer.as_deref().unwrap_or("this");
            let message = format!("`{owner}` has no field `{found}`; expected {}", one_of(expected));
            let help = moved_field(owner, found).map(str::to_owned);
            (message, help.or_else(|| did_you_mean(found, expected.iter().copied())), cursor.clone())
        }
        Error::NoSuchEnumVariant { expected, found, outer } => {
            let kind = article(outer.as_deref().unwrap_or("value"));
            let message = format!("`{found}` is not {kind}; expected {}", one_of(expected));
            let help = moved_name(found).map(str::to_owned);
            (message, help.or_else(|| did_you_mean(found, expected.iter().copied())), cursor.clone())
        }
        Error::MissingStructField { field, outer } => {
            let owner = outer.as_deref().unwrap_or("this");
            let node = if here.node.open.is_some() { here.node } else { here.parent.unwrap_or(here.node) };
            (format!("`{owner}` needs the field `{field}`"), None, document.head(node))
        }
        Error::DuplicateStructField { field, outer } => {
            let owner = outer.as_deref().unwrap_or("this");
            (format!("`{owner}` has the field `{field}` twice"), None, cursor.clone())
        }
        Error::ExpectedDifferentStructName { expected, found } => {
            (format!("found `{found}(`; expected `{expected}(`"), None, cursor.clone())
        }
        Error::ExpectedNamedStructLike(name) => {
            let found = if here.node.span.is_empty() { "nothing".to_owned() } else { shown(document, here) };
            (
                format!("{}found {found}; expected `{name}(…)`", field(here)),
                None,
                head_or_cursor(document, here, cursor),
            )
        }
        Error::ExpectedStructLike if here.node.name.is_some() => {
            let name = document.slice(&document.head(here.node));
            (format!("`{name}` needs its fields; expected `{name}(…)`"), None, document.head(here.node))
        }
        Error::ExpectedStructLike => wrong_type(document, here, "values in brackets `( )`"),
        Error::TrailingCharacters => {
            let message = "found more text after the last closing bracket; expected the end of the file";
            (message.to_owned(), None, one_letter(document, skip_blanks(document.text(), cursor.start)))
        }
        Error::UnclosedBlockComment => {
            let start = document.slice(&(0..cursor.end)).rfind("/*").unwrap_or(cursor.start);
            ("a block comment is not closed; expected `*/`".to_owned(), None, one_letter(document, start))
        }
        Error::ExpectedStringEnd => ("a text is not closed; expected `\"`".to_owned(), None, cursor.clone()),
        Error::ExceededRecursionLimit => {
            ("brackets are nested too deeply".to_owned(), None, one_letter(document, cursor.start))
        }
        Error::Message(message) => (message.clone(), None, one_line(document, here)),
        _ if is_unfinished(document, cursor) => unfinished(document, cursor),
        Error::ExpectedComma if is_inside_scalar(here, cursor) => wrong_type(document, here, "a whole number"),
        Error::ExpectedComma
        | Error::ExpectedArrayEnd
        | Error::ExpectedMapEnd
        | Error::ExpectedStructLikeEnd
        | Error::ExpectedOptionEnd => {
            let start = skip_blanks(document.text(), cursor.start);
            let found = document.text()[start..].chars().next();
            let found = found.map_or("the end of the file".to_owned(), |letter| format!("`{letter}`"));
            let message = format!("found {found}; expected `,` or a closing bracket");
            (message, None, one_letter(document, start))
        }
        Error::ExpectedMapColon => {
            let place = one_letter(document, skip_blanks(document.text(), cursor.start));
            (format!("found `{}`; expected `:` after the name of a field", document.slice(&place)), None, place)
        }
        Error::ExpectedInteger | Error::IntegerOutOfBounds | Error::InvalidIntegerDigit { .. } => {
            wrong_type(document, here, whole_number(document, here))
        }
        Error::ExpectedFloat | Error::FloatUnderscore | Error::UnderscoreAtBeginning => {
            wrong_type(document, here, "a number")
        }
        Error::ExpectedBoolean => wrong_type(document, here, "`true` or `false`"),
        Error::ExpectedString => wrong_type(document, here, "text in quotes"),
        Error::ExpectedArray => wrong_type(document, here, "a list in `[ ]`"),
        Error::ExpectedMap => wrong_type(document, here, "a map in `{ }`"),
        Error::ExpectedIdentifier | Error::SuggestRawIdentifier(_) | Error::InvalidIdentifier(_) => {
            wrong_type(document, here, "a name")
        }
        Error::InvalidValueForType { expected, .. } => wrong_type(document, here, expected),
        Error::UnexpectedChar(letter) => (format!("found `{letter}`, which means nothing here"), None, cursor.clone()),
        other => (format!("{}{}", field(here), lowercase(&other.to_string())), None, one_line(document, here)),
    }
}

/// "`steps` is `3.5`; expected …", with the precise expectation where the field is known.
fn wrong_type(document: &Document<'_>, here: &Innermost<'_>, expected: &str) -> Description {
    let found = shown(document, here);
    let known = expectation(document, here);
    let expected = known.as_deref().unwrap_or(expected);
    let message = match here.key {
        Some(key) => format!("`{key}` is {found}; expected {expected}"),
        None => format!("found {found}; expected {expected}"),
    };
    (message, None, one_line(document, here))
}

fn one_line(document: &Document<'_>, here: &Innermost<'_>) -> Range<usize> {
    if document.slice(&here.node.span).contains('\n') { document.head(here.node) } else { here.node.span.clone() }
}

fn head_or_cursor(document: &Document<'_>, here: &Innermost<'_>, cursor: &Range<usize>) -> Range<usize> {
    if here.node.span.is_empty() { cursor.clone() } else { document.head(here.node) }
}

fn field(here: &Innermost<'_>) -> String {
    here.key.map_or(String::new(), |key| format!("`{key}`: "))
}

/// The value in backticks, shortened.
fn shown(document: &Document<'_>, here: &Innermost<'_>) -> String {
    let text = crate::data::display_text(document.slice(&here.node.span));
    if text.is_empty() {
        return "left out".to_owned();
    }
    let short: String = text.chars().take(40).collect();
    if short.len() < text.len() { format!("`{short}…`") } else { format!("`{short}`") }
}

fn whole_number(document: &Document<'_>, here: &Innermost<'_>) -> &'static str {
    if document.slice(&here.node.span).starts_with('-') { "a whole number of at least 0" } else { "a whole number" }
}

/// What the field at this path takes, where its path or its extension's card tells.
fn expectation(document: &Document<'_>, here: &Innermost<'_>) -> Option<String> {
    let place: String = here.path.chars().filter(|letter| !letter.is_ascii_digit()).collect();
    if let Some(part) = Part::at(&place) {
        let names: Vec<String> = (part.cards)().iter().map(|card| card.ron_name()).collect();
        return Some(one_of(&names.iter().map(String::as_str).collect::<Vec<_>>()));
    }
    match place.as_str() {
        "lambda" => return Some("`Constant(…)`, `Explicit([…])`, `Uniform(…)` or `Normal(…)`".to_owned()),
        "theta" => return Some("`Declared`, `Zeros`, `Explicit([…])`, `Normal(…)` or `Far(…)`".to_owned()),
        "data.standardize" => return Some("`Off`, `MaxAbs`, `Center` or `Scale`".to_owned()),
        "data.class_weights" => return Some("`Off`, `Balanced` or `Listed([…])`".to_owned()),
        "data.source" => {
            return Some(crate::data::SOURCES.to_owned());
        }
        "data.split" => {
            let rules = "`Alternate`, `AlternateOf(…)`, `Indices(…)`, `Random(…)`, `Fractions(…)`, `Stratified(…)` or `Ordered(…)`";
            return Some(rules.to_owned());
        }
        _ => {}
    }
    let owner = document.slice(here.parent?.name.as_ref()?);
    let (extension, key) = place.rsplit_once('.')?;
    let cards = (Part::at(extension)?.cards)();
    let card = cards.into_iter().find(|card| card.ron_name() == owner)?;
    let knob = card.knobs.iter().find(|knob| knob.key == key)?;
    Some(match knob.kind {
        Kind::Automatic { range: (low, high) } => format!("`Auto`, or `Fixed(…)` with a number from {low} to {high}"),
        _ => knob.expected(),
    })
}

/// Whether the text ends before its brackets close.
fn is_unfinished(document: &Document<'_>, cursor: &Range<usize>) -> bool {
    document.unclosed.is_some() && skip_blanks(document.text(), cursor.end) >= document.text().len()
}

fn unfinished(document: &Document<'_>, cursor: &Range<usize>) -> Description {
    let open = document.unclosed.unwrap_or(cursor.start);
    let bracket = document.slice(&(open..open + 1));
    (format!("the file ends before this `{bracket}` is closed"), None, open..open + 1)
}

fn is_inside_scalar(here: &Innermost<'_>, cursor: &Range<usize>) -> bool {
    here.node.open.is_none() && here.node.span.start < cursor.start && cursor.start < here.node.span.end
}

/// The bytes of the letter that starts here; none at the end of the text.
fn one_letter(document: &Document<'_>, start: usize) -> Range<usize> {
    let letter = document.text().get(start..).and_then(|rest| rest.chars().next());
    start..start + letter.map_or(0, char::len_utf8)
}

/// The next byte that is no white space.
fn skip_blanks(text: &str, byte: usize) -> usize {
    let rest = text.get(byte..).unwrap_or("");
    byte + (rest.len() - rest.trim_start().len())
}

fn one_of(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.split_last() {
        None => "nothing".to_owned(),
        Some((only, [])) => only.clone(),
        Some((last, others)) => format!("{} or {last}", others.join(", ")),
    }
}

/// What a name was wanted for. Types of this program that scenarios do not name are called by their field.
fn article(kind: &str) -> String {
    match kind {
        "Values" => "a start for λ".to_owned(),
        "Initial" => "a start for θ".to_owned(),
        "Source" => "a source of data".to_owned(),
        "SplitRule" => "a rule for splitting".to_owned(),
        "Standardize" => "a way to standardize".to_owned(),
        "Step" => "a step size".to_owned(),
        "Basis" => "a basis of features".to_owned(),
        "estimator" | "outer rule" | "ensemble" => format!("an {kind}"),
        "inner dynamics" => kind.to_owned(),
        "problem" | "filter" => format!("a {kind}"),
        knob => format!("a choice for `{knob}`"),
    }
}

fn lowercase(message: &str) -> String {
    let mut letters = message.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}
