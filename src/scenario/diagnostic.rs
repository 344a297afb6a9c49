//! A mistake in a scenario file, and where it is.

use std::fmt;
use std::ops::Range;

use crate::data::legible;

/// How bad a mistake is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Something to know.
    Note,
    /// The scenario runs, but probably not as meant.
    Warning,
    /// The scenario cannot run.
    Error,
}

/// A mistake in a scenario file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{line}:{column}: {severity}: {message}")]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// The thing, the value found, and the value expected.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
    /// The bytes to underline; `None` for what is not in the text.
    pub span: Option<Range<usize>>,
    /// Line from 1, of the first byte underlined.
    pub line: usize,
    /// Column from 1, in characters.
    pub column: usize,
}

impl Diagnostic {
    /// A mistake at some bytes of a text.
    pub fn at(severity: Severity, message: impl Into<String>, text: &str, span: Range<usize>) -> Self {
        let (line, column) = line_and_column(text, span.start);
        Self { severity, message: legible(&message.into()), help: None, span: Some(span), line, column }
    }

    /// A mistake that no byte of the text shows.
    pub fn general(severity: Severity, message: impl Into<String>) -> Self {
        Self { severity, message: legible(&message.into()), help: None, span: None, line: 1, column: 1 }
    }

    /// The same with advice.
    #[must_use]
    pub fn with_help(mut self, help: Option<String>) -> Self {
        self.help = help.map(|help| legible(&help));
        self
    }

    /// Whether the scenario cannot run.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        })
    }
}

/// Line and column, from 1, of a byte.
#[must_use]
pub fn line_and_column(text: &str, byte: usize) -> (usize, usize) {
    let before = text.get(..byte).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
    (line, column)
}

/// The byte of a line and column, from 1; the end of the text for what lies beyond.
#[must_use]
pub fn byte_of(text: &str, line: usize, column: usize) -> usize {
    let Some(start) =
        std::iter::once(0).chain(text.match_indices('\n').map(|(index, _)| index + 1)).nth(line.saturating_sub(1))
    else {
        return text.len();
    };
    text[start..].char_indices().nth(column.saturating_sub(1)).map_or(text.len(), |(index, _)| start + index)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_columns_count_characters_from_one() {
        let text = "aλ\nb(\n";
        for (byte, place) in [(0, (1, 1)), (3, (1, 3)), (4, (2, 1)), (5, (2, 2)), (7, (3, 1))] {
            assert_eq!(line_and_column(text, byte), place);
            assert_eq!(byte_of(text, place.0, place.1), byte);
        }
        assert_eq!(byte_of(text, 9, 1), text.len());
    }
}
