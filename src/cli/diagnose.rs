//! Mistakes with their places, for a terminal and for a pipe.
//!
//! A pipe gets one line that tools can read, `file:line:column: error: message`, and the line of the
//! file with a caret. A terminal gets the same drawn.

use std::io::{self, Write};

use miette::{GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteDiagnostic, NamedSource, Report};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::printable::Printable;
use crate::front::Mistakes;
use crate::scenario::{Diagnostic, Severity, is_visible};

/// Writes every mistake.
pub fn write(mistakes: &Mistakes, out: &mut dyn Write, on_terminal: bool) -> io::Result<()> {
    let text = printable(&mistakes.text);
    for diagnostic in &mistakes.found {
        if on_terminal {
            out.write_all(drawn(diagnostic, &mistakes.name, &text).as_bytes())?;
        } else {
            Printable::new(&mut *out).write_all(plain(diagnostic, &mistakes.name, &text).as_bytes())?;
        }
    }
    Ok(())
}

/// For a pipe.
fn plain(diagnostic: &Diagnostic, name: &str, text: &str) -> String {
    let Diagnostic { line, column, severity, message, help, span } = diagnostic;
    let mut lines = format!("{name}:{line}:{column}: {severity}: {message}\n");
    if let Some(span) = span {
        let source = text.lines().nth(line - 1).unwrap_or("");
        let length = text.get(span.clone()).map_or(1, |found| found.lines().next().unwrap_or("").chars().count());
        let (shown, before, marked) = window(source, column - 1, length.max(1));
        let number = line.to_string();
        let (gap, carets) = (" ".repeat(before), "^".repeat(marked));
        lines += &format!("  {number} | {shown}\n  {} | {gap}{carets}\n", " ".repeat(number.len()));
    }
    if let Some(help) = help {
        lines += &format!("  help: {help}\n");
    }
    lines
}

/// Characters of a line that are shown; a list of numbers can be long.
const MOST_SHOWN: usize = 110;

/// The part of a line around some characters, and the cells before them and under them.
fn window(line: &str, start: usize, length: usize) -> (String, usize, usize) {
    let line: Vec<char> = line.chars().map(|letter| if letter == '\t' { ' ' } else { letter }).collect();
    let from = if line.len() <= MOST_SHOWN || start < MOST_SHOWN / 2 { 0 } else { start - MOST_SHOWN / 2 };
    let to = line.len().min(from + MOST_SHOWN);
    let width = |letters: &[char]| letters.iter().map(|letter| letter.width().unwrap_or(0)).sum::<usize>();
    let (start, end) = (start.clamp(from, to), (start + length).clamp(from, to));
    let (left, right) = (if from > 0 { "…" } else { "" }, if to < line.len() { "…" } else { "" });
    let shown = format!("{left}{}{right}", line[from..to].iter().collect::<String>());
    (shown, left.width() + width(&line[from..start]), width(&line[start..end]).max(1))
}

/// For a terminal.
fn drawn(diagnostic: &Diagnostic, name: &str, text: &str) -> String {
    let severity = match diagnostic.severity {
        Severity::Note => miette::Severity::Advice,
        Severity::Warning => miette::Severity::Warning,
        Severity::Error => miette::Severity::Error,
    };
    let mut report = MietteDiagnostic::new(printable(&diagnostic.message)).with_severity(severity);
    if let Some(help) = &diagnostic.help {
        report = report.with_help(printable(help));
    }
    if let Some(span) = &diagnostic.span {
        report = report.with_label(LabeledSpan::underline(span.clone()));
    }
    let source = NamedSource::new(name, text.to_owned());
    let colourless = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let theme = if colourless { GraphicalTheme::unicode_nocolor() } else { GraphicalTheme::unicode() };
    let mut drawn = String::new();
    let handler = GraphicalReportHandler::new_themed(theme).with_links(false);
    match handler.render_report(&mut drawn, Report::new(report).with_source_code(source).as_ref()) {
        Ok(()) => drawn,
        Err(_) => plain(diagnostic, name, text),
    }
}

/// The same text with every control character replaced by a harmless one of as many bytes, so that
/// places stay.
fn printable(text: &str) -> String {
    let replaced = |letter: char| match letter {
        '\n' => '\n',
        '\t' => ' ',
        _ if is_visible(letter) => letter,
        _ => match letter.len_utf8() {
            1 => '?',
            2 => '¿',
            _ => '\u{fffd}',
        },
    };
    text.chars().map(replaced).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mistake(text: &str, found: &str) -> Mistakes {
        let start = text.find(found).unwrap();
        let diagnostic = Diagnostic::at(Severity::Error, "found 0", text, start..start + found.len());
        let found = vec![diagnostic.with_help(Some("say 1".to_owned()))];
        Mistakes { name: "a.ron".to_owned(), text: text.to_owned(), found }
    }

    fn written(mistakes: &Mistakes, on_terminal: bool) -> String {
        let mut out = Vec::new();
        write(mistakes, &mut out, on_terminal).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_pipe_gets_the_place_the_line_and_a_caret() {
        let text = written(&mistake("A(\n\tλ: 0,\n)", "0"), false);
        assert_eq!(text, "a.ron:2:5: error: found 0\n  2 |  λ: 0,\n    |     ^\n  help: say 1\n");
    }

    #[test]
    fn only_the_part_of_a_long_line_around_the_mistake_is_shown() {
        let line = format!("[{}here{}]", "0, ".repeat(500), ", 0".repeat(500));
        let text = written(&mistake(&line, "here"), false);
        let shown: Vec<&str> = text.lines().collect();
        assert!(shown[1].chars().count() < 130 && shown[1].contains("here"));
        assert_eq!(shown[1].find("here").map(|at| shown[1][..at].chars().count()), shown[2].find("^^^^"));
    }

    #[test]
    fn escape_sequences_in_a_file_do_not_reach_the_terminal() {
        let text = "A(title: \"\u{1b}]0;owned\u{7}\u{9b}2J\u{202e}\", T: 0)";
        assert_eq!(printable(text).len(), text.len());
        for on_terminal in [false, true] {
            let text = written(&mistake(text, "0)"), on_terminal);
            assert!(!text.contains("\u{1b}]") && !text.contains(['\u{7}', '\u{9b}', '\u{202e}']), "{text:?}");
        }
    }
}
