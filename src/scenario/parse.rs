//! RON text to a scenario and back, with every mistake in words and at its place.

use ron::Options;
use ron::extensions::Extensions;
use ron::ser::PrettyConfig;

use super::Scenario;
use super::complain::complain;
use super::diagnostic::{Diagnostic, byte_of};
use super::locate::{Content, Document, Node, Segment, parse_path};
use super::parts::{PARTS, Part};
use crate::data::display_text;

/// How scenarios are written: an optional value needs no `Some( )`.
fn options() -> Options {
    Options::default().with_default_extension(Extensions::IMPLICIT_SOME)
}

impl Scenario {
    /// Makes title, description and names fit for a screen: they come from files that others wrote.
    pub fn clean(&mut self) {
        self.title = display_text(&self.title);
        self.about = display_text(&self.about);
        for trial in &mut self.trials {
            trial.name = trial.name.as_deref().map(display_text);
        }
    }
}

/// Reads a scenario. Its title, description and names come back fit for a screen.
///
/// # Errors
/// The first mistake that keeps the text from being a scenario.
pub fn parse(text: &str) -> Result<Scenario, Diagnostic> {
    let completed = Completed::of(text);
    match options().from_str::<Scenario>(&completed.text) {
        Ok(mut scenario) => {
            scenario.clean();
            Ok(scenario)
        }
        Err(error) => {
            let start = byte_of(&completed.text, error.span.start.line, error.span.start.col);
            let end = byte_of(&completed.text, error.span.end.line, error.span.end.col);
            Err(complain(text, &error.code, completed.original(start)..completed.original(end)))
        }
    }
}

impl Scenario {
    /// The scenario as text that [`parse`] reads back to the same value, bit for bit.
    ///
    /// # Errors
    /// When a value has no RON form; no scenario that was parsed has one.
    pub fn to_ron(&self) -> Result<String, ron::Error> {
        options().to_string_pretty(self, PrettyConfig::new().struct_names(true).compact_arrays(true))
    }
}

/// The text with the empty brackets written out that RON asks for, and the way back.
struct Completed {
    text: String,
    /// Bytes of the original after which `()` was put, ascending.
    insertions: Vec<usize>,
}

impl Completed {
    fn of(text: &str) -> Self {
        let document = Document::new(text);
        let mut insertions = Vec::new();
        // An extension's name can stand alone: `Direct` is `Direct()`.
        for path in PARTS.iter().flat_map(Part::places) {
            let mut nodes = vec![&document.root];
            for segment in parse_path(&path).unwrap_or_default() {
                nodes = nodes.into_iter().flat_map(|node| children(node, text, &segment)).collect();
            }
            let bare = nodes.iter().map(|node| node.unwrapped(text));
            let bare = bare.filter(|node| node.name.is_some() && node.open.is_none());
            insertions.extend(bare.map(|node| node.span.end));
        }
        insertions.sort_unstable();
        // A byte order mark is no mistake; blanks of the same length keep every place.
        let mut completed =
            if text.starts_with('\u{feff}') { text.replacen('\u{feff}', "   ", 1) } else { text.to_owned() };
        for byte in insertions.iter().rev() {
            completed.insert_str(*byte, "()");
        }
        Self { text: completed, insertions }
    }

    /// The byte of the original text that stands where this byte of the completed text does.
    fn original(&self, byte: usize) -> usize {
        let mut shift = 0;
        for insertion in &self.insertions {
            let inserted_at = insertion + shift;
            if byte >= inserted_at + 2 {
                shift += 2;
            } else if byte > inserted_at {
                return *insertion;
            }
        }
        byte - shift
    }
}

fn children<'a>(node: &'a Node, text: &str, segment: &Segment) -> Vec<&'a Node> {
    match (&node.unwrapped(text).content, segment) {
        (Content::Items(items), Segment::All) => items.iter().collect(),
        _ => node.child(text, segment).into_iter().collect(),
    }
}
