//! Bytes to text.

use std::borrow::Cow;

use encoding_rs::{Encoding as Code, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1250, WINDOWS_1252};

use super::reading::Encoding;
use crate::data::Note;

/// A text, and what was recognized where nothing was said: "UTF-16".
pub(super) struct Decoded<'a> {
    pub(super) text: Cow<'a, str>,
    pub(super) recognized: Option<&'static str>,
    /// Whether every line was one quoted entry.
    pub(super) is_unwrapped: bool,
    /// Where UTF-8 ends that the text would be but for a few bytes.
    is_nearly_utf_8: Option<String>,
}

impl Decoded<'_> {
    /// What is to be said of it.
    pub(super) fn notes(&self, file: &str) -> Vec<Note> {
        self.note(file).into_iter().chain(self.note_of_quotes().map(|note| note.of(file))).collect()
    }

    /// That lines were taken out of quotes.
    pub(super) fn note_of_quotes(&self) -> Option<Note> {
        let words = "every line was one quoted text, and was read as the row that stands in it";
        self.is_unwrapped.then(|| Note::remark(words.to_owned()))
    }

    fn note(&self, file: &str) -> Option<Note> {
        let name = self.recognized?;
        Some(match &self.is_nearly_utf_8 {
            Some(place) => Note::warning(format!(
                "{file}: read as {name}, though it is UTF-8 but for {place}; its other letters beyond A to Z are not what they were"
            )),
            None => Note::remark(format!("{file}: read as {name}")),
        })
    }
}

/// The text of some bytes.
///
/// # Errors
/// Where they are not what was asked for, in words.
pub(super) fn decode(bytes: &[u8], wanted: Encoding) -> Result<Decoded<'_>, String> {
    let marked = Code::for_bom(bytes).map(|(code, _)| code);
    let code = match wanted {
        Encoding::Utf8 => UTF_8,
        Encoding::Latin1 => WINDOWS_1252,
        Encoding::Latin2 => WINDOWS_1250,
        Encoding::Utf16 => marked.filter(|code| *code != UTF_8).unwrap_or_else(|| order(bytes)),
        Encoding::Auto => marked.unwrap_or_else(|| recognized(bytes)),
    };
    let (text, has_errors) = code.decode_with_bom_removal(bytes);
    if has_errors && code == UTF_8 {
        return Err(format!("is no UTF-8 text: {}, is not part of a character", first_other_byte(bytes)));
    }
    if has_errors {
        return Err(format!("is no {} text", name(code)));
    }
    if let Some(place) = text.find('\0') {
        let line = line_of(&text.as_bytes()[..place]);
        return Err(format!(
            "is no text: it holds a zero byte in line {line}, as a file does that was not written to its end"
        ));
    }
    if code == WINDOWS_1252 && wanted == Encoding::Auto && is_binary(&text) {
        return Err("is no text: it holds bytes that no letters are written with".to_owned());
    }
    let recognized = (wanted == Encoding::Auto && code != UTF_8).then(|| name(code));
    let is_nearly_utf_8 =
        (recognized.is_some() && code == WINDOWS_1252 && has_utf_8_letters(bytes)).then(|| first_other_byte(bytes));
    Ok(Decoded { text, recognized, is_unwrapped: false, is_nearly_utf_8 })
}

/// "byte 6, in line 2": the first that is no UTF-8.
fn first_other_byte(bytes: &[u8]) -> String {
    let valid = std::str::from_utf8(bytes).map_or_else(|error| error.valid_up_to(), str::len);
    format!("byte {valid}, in line {}", line_of(&bytes[..valid]))
}

/// The line, from 1, behind some bytes; lines end with `\n`, `\r` or both.
fn line_of(bytes: &[u8]) -> usize {
    let ends = bytes
        .iter()
        .enumerate()
        .filter(|(at, byte)| **byte == b'\n' || **byte == b'\r' && bytes.get(at + 1) != Some(&b'\n'));
    1 + ends.count()
}

/// Whether control characters are more than a stray one.
fn is_binary(text: &str) -> bool {
    const SOME: usize = 4096;
    let is_odd =
        |letter: &char| letter.is_control() && !matches!(letter, '\n' | '\r' | '\t' | '\u{c}' | '\u{1a}' | '\u{1b}');
    text.chars().take(SOME).filter(is_odd).count() * 20 > text.chars().take(SOME).count()
}

/// Whether most of the bytes beyond plain letters are letters of UTF-8.
fn has_utf_8_letters(bytes: &[u8]) -> bool {
    let (mut letters, mut others) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        letters += chunk.valid().chars().filter(|letter| !letter.is_ascii()).count();
        others += chunk.invalid().len();
    }
    letters > others
}

/// What bytes without a mark are.
fn recognized(bytes: &[u8]) -> &'static Code {
    // Every other byte of plain letters in UTF-16 is zero, and hardly any of a text in another encoding.
    let [even, odd] = zeros(bytes);
    if (even + odd) * 3 > bytes.len().min(4096) && even.min(odd) * 3 < even.max(odd) {
        return order(bytes);
    }
    if std::str::from_utf8(bytes).is_ok() { UTF_8 } else { WINDOWS_1252 }
}

/// Which order UTF-16 has: plain letters have their zero first in one and last in the other.
fn order(bytes: &[u8]) -> &'static Code {
    let [even, odd] = zeros(bytes);
    if even > odd { UTF_16BE } else { UTF_16LE }
}

/// Zeros among the first bytes, at even places and at odd ones.
fn zeros(bytes: &[u8]) -> [usize; 2] {
    [0, 1].map(|first| bytes.iter().skip(first).step_by(2).take(2048).filter(|byte| **byte == 0).count())
}

fn name(code: &'static Code) -> &'static str {
    if code == UTF_8 {
        "UTF-8"
    } else if code == WINDOWS_1252 {
        "Latin-1"
    } else if code == WINDOWS_1250 {
        "Latin-2"
    } else {
        "UTF-16"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn auto(bytes: &[u8]) -> (String, Option<&'static str>) {
        let decoded = decode(bytes, Encoding::Auto).unwrap();
        (decoded.text.into_owned(), decoded.recognized)
    }

    #[test]
    fn encodings_are_recognized_with_and_without_a_mark() {
        let text = "größe,y\n1,2\n3,4\n";
        let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let latin: Vec<u8> = text.chars().map(|letter| u8::try_from(letter as u32).unwrap()).collect();
        let marked = |mark: &[u8], bytes: &[u8]| [mark, bytes].concat();
        assert_eq!(auto(text.as_bytes()), (text.to_owned(), None));
        assert_eq!(auto(&marked(b"\xef\xbb\xbf", text.as_bytes())), (text.to_owned(), None));
        for bytes in [&little, &big, &marked(b"\xff\xfe", &little), &marked(b"\xfe\xff", &big)] {
            assert_eq!(auto(bytes), (text.to_owned(), Some("UTF-16")));
            assert_eq!(decode(bytes, Encoding::Utf16).unwrap().text, text);
        }
        assert_eq!(auto(&latin), (text.to_owned(), Some("Latin-1")));
        let refused = decode(&marked(b"a,y\n", &latin), Encoding::Utf8).err().unwrap();
        assert_eq!(refused, "is no UTF-8 text: byte 6, in line 2, is not part of a character");
    }
}
