//! Quotes that do not pair: behind them a file is read as something that it is not, without a word.

use std::borrow::Cow;

/// The lines of a text of which each is one quoted entry with separators in it, as some programs write rows, taken out of
/// their quotes; lines stay lines. The first, which holds names, may stand without. `None` where it is no such text.
pub(super) fn unwrapped(text: &str) -> Option<Cow<'static, str>> {
    const SEPARATORS: [char; 4] = [',', ';', '\t', '|'];
    let lines = || text.lines().filter(|line| !line.trim().is_empty());
    let is_wrapped = |line: &str| inside(line).is_some_and(|inside| inside.contains(SEPARATORS));
    let is_name = |line: &str| line.contains(SEPARATORS);
    let is_one = lines().nth(1).is_some()
        && lines().enumerate().all(|(at, line)| is_wrapped(line) || at == 0 && is_name(line) && !line.contains('"'));
    // A column of texts with commas in them is such a text as well, unless every line has as many of one separator.
    let count = |line: &str, separator: char| inside(line).map_or(line, |inside| inside).matches(separator).count();
    let is_even = |separator: &char| {
        let first = lines().next().map_or(0, |line| count(line, *separator));
        first > 0 && lines().all(|line| count(line, *separator) == first)
    };
    if !is_one || !SEPARATORS.iter().any(is_even) {
        return None;
    }
    let out = |line: &str| inside(line).map_or_else(|| line.to_owned(), |inside| inside.replace("\"\"", "\""));
    Some(text.lines().map(|line| out(line) + "\n").collect::<String>().into())
}

/// What stands in the quotes of a line that is one quoted entry.
fn inside(line: &str) -> Option<&str> {
    let inside = line.trim().strip_prefix('"')?.strip_suffix('"')?;
    let is_closed_before = inside.replace("\"\"", "").contains('"');
    (!is_closed_before).then_some(inside)
}

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
