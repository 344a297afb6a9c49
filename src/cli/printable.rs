//! Text without control characters.

use std::io::{self, Write};

/// Drops control characters on the way, except line ends and tabs: text from files may hold escape
/// sequences, and none of ours are written through here.
pub struct Printable<W> {
    inner: W,
    /// A byte 0xC2 was held back: what follows decides whether it began a control character (U+0080–U+009F).
    held: bool,
}

impl<W: Write> Printable<W> {
    /// Around a stream.
    pub fn new(inner: W) -> Self {
        Self { inner, held: false }
    }
}

impl<W: Write> Write for Printable<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut clean = Vec::with_capacity(bytes.len() + 1);
        for &byte in bytes {
            let after_held = std::mem::take(&mut self.held);
            match byte {
                0x80..=0x9f if after_held => {}
                0xc2 => {
                    clean.extend(after_held.then_some(0xc2));
                    self.held = true;
                }
                b'\n' | b'\t' | 0x20..=0x7e | 0x80.. => {
                    clean.extend(after_held.then_some(0xc2));
                    clean.push(byte);
                }
                _ => {}
            }
        }
        self.inner.write_all(&clean)?;
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
        let text = "a\u{1b}[31mλ\u{9b}2J\tb¤\u{7f}\r\n".as_bytes();
        for size in 1..text.len() {
            let mut out = Printable::new(Vec::new());
            for part in text.chunks(size) {
                out.write_all(part).unwrap();
            }
            assert_eq!(String::from_utf8(out.inner).unwrap(), "a[31mλ2J\tb¤\n");
        }
    }
}
