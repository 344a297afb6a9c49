//! A text cut into records.

use std::borrow::Cow;

use super::reading::Separator;

impl Separator {
    /// The byte between two fields; of blanks, which come in any number, the one that takes their place.
    pub(super) const fn byte(self) -> u8 {
        match self {
            Self::Auto | Self::Comma => b',',
            Self::Semicolon => b';',
            Self::Tab | Self::Blanks => b'\t',
            Self::Bar => b'|',
        }
    }

    /// As messages call it.
    pub(super) const fn in_words(self) -> &'static str {
        match self {
            Self::Auto | Self::Comma => "commas",
            Self::Semicolon => "semicolons",
            Self::Tab => "tabs",
            Self::Bar => "bars `|`",
            Self::Blanks => "blanks",
        }
    }
}

/// A reader of rows of any length, whose fields come without the blanks around them.
pub(super) fn reader(text: &str, separator: Separator) -> csv::Reader<&[u8]> {
    reader_that_trims(text, separator, csv::Trim::All)
}

/// The same with the blanks, for [`trim`]: to trim a row takes about as long as to read it.
pub(super) fn reader_of_blanks(text: &str, separator: Separator) -> csv::Reader<&[u8]> {
    reader_that_trims(text, separator, csv::Trim::None)
}

/// Trims a row where a field begins or ends with what may be a blank.
pub(super) fn trim(record: &mut csv::StringRecord) {
    if !record.iter().all(is_trimmed) {
        record.trim();
    }
}

/// Whether a text surely has no blanks around it: letters beyond ASCII may be blanks.
pub(super) fn is_trimmed(text: &str) -> bool {
    let is_graphic = |byte: Option<&u8>| byte.is_none_or(u8::is_ascii_graphic);
    is_graphic(text.as_bytes().first()) && is_graphic(text.as_bytes().last())
}

fn reader_that_trims(text: &str, separator: Separator, trim: csv::Trim) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new()
        .delimiter(separator.byte())
        .flexible(true)
        .trim(trim)
        .has_headers(false)
        .from_reader(text.as_bytes())
}

/// Fields of a row, without those at its end that have nothing in them.
pub(super) fn used(record: &csv::StringRecord) -> usize {
    (0..record.len()).rev().find(|index| !record[*index].is_empty()).map_or(0, |last| last + 1)
}

/// Line ends of all kinds as one kind, so that lines can be counted.
pub(super) fn with_one_line_end(text: Cow<'_, str>) -> Cow<'_, str> {
    let text = if text.contains("\r\n") { text.replace("\r\n", "\n").into() } else { text };
    if text.contains('\r') { text.replace('\r', "\n").into() } else { text }
}

/// Blanks come in any number: each stretch of them outside of quotes becomes one tab. Lines stay lines.
pub(super) fn tabbed(text: &str) -> String {
    let mut tabbed = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let mut is_quoted = false;
        let mut is_between = false;
        for letter in line.trim().chars() {
            is_quoted ^= letter == '"';
            let is_blank = !is_quoted && (letter == ' ' || letter == '\t');
            if is_blank && !is_between {
                tabbed.push('\t');
            }
            if !is_blank {
                tabbed.push(letter);
            }
            is_between = is_blank;
        }
        if line.ends_with('\n') {
            tabbed.push('\n');
        }
    }
    tabbed
}

/// Without the blanks between a separator and a quote, behind which a quote would be a letter. Lines stay lines.
pub(super) fn tightened(text: &str, separator: u8) -> Option<String> {
    if !text.contains('"') {
        return None;
    }
    let separator = char::from(separator);
    let spaced = format!("{separator} \"");
    if !text.contains(&spaced) && !text.contains(&format!("{separator}  ")) {
        return None;
    }
    let mut tight = String::with_capacity(text.len());
    let mut is_quoted = false;
    for part in text.split_inclusive('"') {
        let outside = part.strip_suffix('"').filter(|_| !is_quoted);
        let kept = outside.map(|outside| outside.trim_end_matches(' '));
        match kept.filter(|kept| kept.ends_with([separator, '\n'])) {
            Some(kept) => {
                tight.push_str(kept);
                tight.push('"');
            }
            None => tight.push_str(part),
        }
        // A quote within an entry is a letter, and one right behind another goes on with what that closed.
        let before = &tight[..tight.len() - usize::from(tight.ends_with('"'))];
        let opens = outside.is_some_and(|outside| {
            before.is_empty() || before.ends_with([separator, '\n']) || outside.is_empty() && before.ends_with('"')
        });
        is_quoted = if is_quoted { !part.ends_with('"') } else { opens };
    }
    Some(tight)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_become_tabs_and_lines_stay_lines() {
        assert_eq!(tabbed(" 1  2 \"a  b\"\n\n3\t4\n"), "1\t2\t\"a  b\"\n\n3\t4\n");
        assert_eq!(with_one_line_end("a\r\nb\rc\n\r\n".into()), "a\nb\nc\n\n");
    }

    #[test]
    fn blanks_before_quotes_go() {
        for (text, expected) in [
            ("a, \"b\",   \"c, d\"\n", Some("a,\"b\",\"c, d\"\n")),
            ("a, \"b \"\"x\"\", \", 2\n", Some("a,\"b \"\"x\"\", \", 2\n")),
            ("5\" pipe, \"b\"\n", Some("5\" pipe,\"b\"\n")),
            ("a,b\n", None),
        ] {
            assert_eq!(tightened(text, b',').as_deref(), expected, "{text}");
        }
    }
}
