//! A configuration from its text, with everything that is wrong in it.

use std::path::PathBuf;

use ron::Options;
use ron::extensions::Extensions;
use serde::Deserialize;

use super::{Config, keys};
use crate::chart::palette;
use crate::front::{Mistakes, expanded};
use crate::scenario::{Diagnostic, Document, Severity, byte_of, complain, unknown};
use crate::tui::scheme;
use crate::tui::state::{Grid, SPEEDS, speed_label};
use crate::tui::theme::Charset;

/// The file as it is written.
#[derive(Debug, Default, Deserialize)]
#[serde(rename = "Config", deny_unknown_fields, default)]
struct Written {
    theme: Option<String>,
    palette: Option<String>,
    charset: Option<String>,
    speed: Option<String>,
    panes: Option<String>,
    export: Option<String>,
    keys: keys::Written,
}

/// What a text sets, and what is wrong with it. A mistake in one place leaves the others as they are meant; a text that is
/// no configuration at all sets nothing.
#[must_use]
pub fn read(text: &str) -> (Config, Vec<Diagnostic>) {
    let options = Options::default().with_default_extension(Extensions::IMPLICIT_SOME);
    let mut config = Config::default();
    let written: Written = match options.from_str(text) {
        Ok(written) => written,
        Err(error) => {
            let start = byte_of(text, error.span.start.line, error.span.start.col);
            let end = byte_of(text, error.span.end.line, error.span.end.col);
            return (config, vec![complain(text, &error.code, start..end)]);
        }
    };
    let document = Document::new(text);
    let mut reader = Reader { document: &document, found: Vec::new() };
    reader.take("theme", written.theme, &mut config.scheme, scheme::find);
    reader.take("palette", written.palette, &mut config.palette, palette::find);
    reader.take("charset", written.charset, &mut config.charset, Charset::find);
    reader.take("speed", written.speed, &mut config.speed, speed);
    reader.take("panes", written.panes, &mut config.panes, panes);
    reader.take("export", written.export, &mut config.export, export);
    let mut found = reader.found;
    found.extend(keys::overlay(&document, &written.keys, &mut config.keys));
    found.sort_by_key(|mistake| (mistake.line, mistake.column));
    (config, found)
}

/// The mistakes of a file in one line, for where there is room for no more.
#[must_use]
pub fn in_words(mistakes: &Mistakes) -> Option<String> {
    let first = mistakes.found.first()?;
    let help = first.help.as_ref().map(|help| format!("; {help}")).unwrap_or_default();
    let more = match mistakes.found.len() - 1 {
        0 => String::new(),
        more => format!("; and {more} more"),
    };
    let (name, line, column) = (&mistakes.name, first.line, first.column);
    Some(format!("{name}:{line}:{column}: {}{help}{more}. Everything else in it counts.", first.message))
}

struct Reader<'a> {
    document: &'a Document<'a>,
    found: Vec<Diagnostic>,
}

impl Reader<'_> {
    /// A value as text, where it is there and can be read.
    fn take<T>(&mut self, field: &str, text: Option<String>, to: &mut T, read: impl Fn(&str) -> Result<T, String>) {
        let Some(text) = text else { return };
        match read(&text) {
            Ok(value) => *to = value,
            Err(message) => {
                let span = self.document.underline(field);
                let text = self.document.text();
                self.found.push(Diagnostic::at(Severity::Error, format!("`{field}`: {message}"), text, span));
            }
        }
    }
}

/// An index into [`SPEEDS`] by what the screen shows: `4x`, `max`.
fn speed(text: &str) -> Result<usize, String> {
    let labels: Vec<String> = (0..SPEEDS.len()).map(speed_label).collect();
    let known: Vec<&str> = labels.iter().map(String::as_str).collect();
    known.iter().position(|label| *label == text).ok_or_else(|| unknown("speed", text, &known))
}

fn panes(text: &str) -> Result<Option<Grid>, String> {
    match text {
        "auto" => Ok(None),
        grid => {
            Grid::parse(grid).map(Some).ok_or_else(|| unknown("grid of charts", text, &["auto", "1x1", "2x2", "2x3"]))
        }
    }
}

fn export(text: &str) -> Result<PathBuf, String> {
    if text.trim().is_empty() || text.contains('\0') {
        return Err("expected the path of a folder".to_owned());
    }
    Ok(expanded(text))
}
