//! Bytes to text.

use encoding_rs::{Encoding as Code, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::reading::Encoding;

/// A text, and what was recognized where nothing was said: "UTF-16".
pub(super) struct Decoded {
    pub(super) text: String,
    pub(super) recognized: Option<&'static str>,
}

/// The text of some bytes.
///
/// # Errors
/// Where they are not what was asked for, in words.
pub(super) fn decode(bytes: &[u8], wanted: Encoding) -> Result<Decoded, String> {
    let marked = Code::for_bom(bytes).map(|(code, _)| code);
    let code = match wanted {
        Encoding::Utf8 => UTF_8,
        Encoding::Latin1 => WINDOWS_1252,
        Encoding::Utf16 => marked.filter(|code| *code != UTF_8).unwrap_or_else(|| order(bytes)),
        Encoding::Auto => marked.unwrap_or_else(|| recognized(bytes)),
    };
    let (text, has_errors) = code.decode_with_bom_removal(bytes);
    if has_errors && code == UTF_8 {
        let valid = std::str::from_utf8(bytes).map_or_else(|error| error.valid_up_to(), str::len);
        let line = 1 + bytes[..valid].iter().filter(|byte| **byte == b'\n').count();
        return Err(format!("is no UTF-8 text: byte {valid}, in line {line}, is not part of a character"));
    }
    if has_errors {
        return Err(format!("is no {} text", name(code)));
    }
    let recognized = (wanted == Encoding::Auto && code != UTF_8).then(|| name(code));
    Ok(Decoded { text: text.into_owned(), recognized })
}

/// What bytes without a mark are.
fn recognized(bytes: &[u8]) -> &'static Code {
    let zeros = bytes.iter().take(4096).filter(|byte| **byte == 0).count();
    // Every other byte of plain letters in UTF-16 is zero, and hardly any of a text in another encoding.
    if zeros * 3 > bytes.len().min(4096) {
        return order(bytes);
    }
    if std::str::from_utf8(bytes).is_ok() { UTF_8 } else { WINDOWS_1252 }
}

/// Which order UTF-16 has: plain letters have their zero first in one and last in the other.
fn order(bytes: &[u8]) -> &'static Code {
    let zeros = |first: usize| bytes.iter().skip(first).step_by(2).take(2048).filter(|byte| **byte == 0).count();
    if zeros(0) > zeros(1) { UTF_16BE } else { UTF_16LE }
}

fn name(code: &'static Code) -> &'static str {
    if code == UTF_8 {
        "UTF-8"
    } else if code == WINDOWS_1252 {
        "Latin-1"
    } else {
        "UTF-16"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn auto(bytes: &[u8]) -> (String, Option<&'static str>) {
        let decoded = decode(bytes, Encoding::Auto).unwrap();
        (decoded.text, decoded.recognized)
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
