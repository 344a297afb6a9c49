//! Quotes that do not pair: behind them a file is read as something that it is not, without a word.

/// What is wrong with a quote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// It is never closed, so that all that follows is one entry.
    Open,
    /// It is closed, and its entry goes on.
    GoesOn,
}

/// The first quote of a text that does not pair, and at which byte it opens or closes.
pub(super) fn fault(text: &str, separator: u8) -> Option<(usize, Fault)> {
    if !text.contains('"') {
        return None;
    }
    let bytes = text.as_bytes();
    let ends_entry = |byte: u8| byte == separator || byte == b'\n' || byte == b'\r';
    let mut at = 0;
    while at < bytes.len() {
        // Elsewhere than at the beginning of an entry a quote is a letter.
        if bytes[at] == b'"' {
            let Some(closed) = closing(bytes, at + 1) else {
                return Some((at, Fault::Open));
            };
            at = closed + 1;
            let blanks = bytes[at..].iter().take_while(|byte| **byte == b' ' || **byte == b'\t' && separator != b'\t');
            at += blanks.count();
            if bytes.get(at).is_some_and(|byte| !ends_entry(*byte)) {
                return Some((at, Fault::GoesOn));
            }
        }
        let rest = bytes[at..].iter().take_while(|byte| !ends_entry(**byte));
        at += rest.count() + 1;
    }
    None
}

/// Where a quoted entry is closed; two quotes within it are one letter.
fn closing(bytes: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    loop {
        at += bytes[at..].iter().position(|byte| *byte == b'"')?;
        if bytes.get(at + 1) != Some(&b'"') {
            return Some(at);
        }
        at += 2;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_that_do_not_pair_are_found_where_they_stand() {
        for text in ["a,\"b, c\"\n\"1\"\"2\",3\n", "a,5\" pipe\n", "\"a\nb\" ,\"\"\r\n", "\"a\"", "a", ""] {
            assert_eq!(fault(text, b','), None, "{text:?}");
        }
        assert_eq!(fault("a,b\n1,\"2\n3,4\n", b','), Some((6, Fault::Open)));
        assert_eq!(fault("a,\"", b','), Some((2, Fault::Open)));
        assert_eq!(fault("1,\"x,2\n3,\"y,4\n", b','), Some((10, Fault::GoesOn)));
        assert_eq!(fault("\"1\"x,2\n", b','), Some((3, Fault::GoesOn)));
        assert_eq!(fault("\"a\"\t\"b\"\n", b'\t'), None);
    }
}
