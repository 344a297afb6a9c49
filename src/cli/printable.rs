//! Text without control characters.

use std::io::{self, Write};

use crate::scenario::is_visible;

/// Drops what steers a terminal, hides or reorders on the way, except line ends and tabs: text from files may hold escape
/// sequences, and none of ours are written through here. Bytes that are part of no character go as well.
pub struct Printable<W> {
    inner: W,
    /// The beginning of a character whose end has not come yet.
    begun: Vec<u8>,
}

impl<W: Write> Printable<W> {
    /// Around a stream.
    pub fn new(inner: W) -> Self {
        Self { inner, begun: Vec::new() }
    }
}

impl<W: Write> Write for Printable<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut text = std::mem::take(&mut self.begun);
        text.extend_from_slice(bytes);
        let mut clean = String::with_capacity(text.len());
        let mut chunks = text.utf8_chunks().peekable();
        while let Some(chunk) = chunks.next() {
            clean.extend(chunk.valid().chars().filter(|letter| matches!(letter, '\n' | '\t') || is_visible(*letter)));
            let is_begun = chunks.peek().is_none()
                && std::str::from_utf8(chunk.invalid()).is_err_and(|error| error.error_len().is_none());
            if is_begun {
                self.begun = chunk.invalid().to_vec();
            }
        }
        self.inner.write_all(clean.as_bytes())?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_are_dropped_wherever_a_write_ends() {
        let text = "a\u{1b}[31mλ\u{9b}2J\u{202e}\tb¤\u{7f}\r日\n".as_bytes();
        for size in 1..text.len() {
            let mut out = Printable::new(Vec::new());
            for part in text.chunks(size) {
                out.write_all(part).unwrap();
            }
            assert_eq!(String::from_utf8(out.inner).unwrap(), "a[31mλ2J\tb¤日\n");
        }
    }
}
