//! What a terminal sends, as events: keys, the mouse, pastes.
//!
//! Bytes come in portions that end anywhere. What has begun and is not gone on with is given up after a while, so that half
//! a report of the mouse or a paste without an end keeps nobody from typing. Sequences are those of xterm: *XTerm Control
//! Sequences*, "Mouse Tracking" and "Bracketed Paste Mode".

use std::time::Duration;

use crossterm::event::{Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};

/// After a lone Esc, a sequence may follow for so long: some lines deliver it in parts.
const ESCAPE: Duration = Duration::from_millis(25);

/// What else has begun may go on for so long.
const SEQUENCE: Duration = Duration::from_millis(150);

/// A paste goes on as long as no pause in it is longer.
const PASTE: Duration = Duration::from_secs(1);

/// Bytes of a sequence that are kept.
const LONGEST_SEQUENCE: usize = 64;

/// Bytes of a paste that are kept: more than any field takes, so that one can say that it was cut.
const LONGEST_PASTE: usize = 1 << 16;

const ESC: u8 = 0x1b;
const PASTE_START: &[u8] = b"\x1b[200~";
const PASTE_END: &[u8] = b"\x1b[201~";

/// Turns bytes into events.
#[derive(Debug, Default)]
pub(super) struct Decoder {
    /// What has come and is no event yet.
    pending: Vec<u8>,
    /// What was pasted so far.
    paste: Option<Paste>,
}

#[derive(Debug, Default)]
struct Paste {
    kept: Vec<u8>,
    /// The last bytes, where its end may be.
    tail: Vec<u8>,
}

/// What the bytes at the beginning are.
enum Found {
    /// So many bytes, and what they say, where it is anything.
    Event(usize, Option<Event>),
    /// The beginning of something.
    Part,
}

impl Decoder {
    /// Takes bytes in, and gives the events that they complete.
    pub(super) fn take_in(&mut self, bytes: &[u8]) -> Vec<Event> {
        let mut events = Vec::new();
        let mut rest = bytes;
        // Terminals paste no control characters: a key is pressed, and the end of the paste was lost.
        if let [byte] = bytes
            && is_control_key(*byte)
        {
            events.extend(self.end_paste());
        }
        while !rest.is_empty() {
            if let Some(paste) = &mut self.paste {
                let (used, is_over) = paste.take_in(rest);
                rest = &rest[used..];
                if is_over {
                    events.extend(self.end_paste());
                }
                continue;
            }
            // One at a time: a sequence is short, and what follows may be a paste.
            self.pending.push(rest[0]);
            rest = &rest[1..];
            self.decode(&mut events);
        }
        events
    }

    /// How long to wait for more before what has begun is [given up](Self::give_up).
    pub(super) fn patience(&self) -> Option<Duration> {
        match (&self.paste, self.pending.as_slice()) {
            (Some(_), _) => Some(PASTE),
            (None, []) => None,
            (None, [ESC]) => Some(ESCAPE),
            (None, _) => Some(SEQUENCE),
        }
    }

    /// Nothing more has come. A lone Esc is the key, a paste is what has come of it, and half a sequence is nothing.
    pub(super) fn give_up(&mut self) -> Vec<Event> {
        let pending = std::mem::take(&mut self.pending);
        let key = match pending.as_slice() {
            [ESC] => Some(key(KeyCode::Esc, KeyModifiers::NONE)),
            // What begins sequences is a key as well, pressed with Alt.
            [ESC, start @ (b'[' | b'O')] => Some(key(KeyCode::Char(char::from(*start)), KeyModifiers::ALT)),
            _ => None,
        };
        self.end_paste().into_iter().chain(key).collect()
    }

    fn end_paste(&mut self) -> Option<Event> {
        let paste = self.paste.take()?;
        Some(Event::Paste(String::from_utf8_lossy(&paste.all()).into_owned()))
    }

    fn decode(&mut self, events: &mut Vec<Event>) {
        while !self.pending.is_empty() {
            if self.pending == PASTE_START {
                self.pending.clear();
                self.paste = Some(Paste::default());
                return;
            }
            match first(&self.pending) {
                Found::Event(used, event) => {
                    self.pending.drain(..used);
                    events.extend(event);
                }
                // No sequence that means anything is so long: its end is waited for, and what stands before it is not.
                Found::Part => return self.pending.truncate(LONGEST_SEQUENCE),
            }
        }
    }
}

/// Whether a key that is held with Control sends it, and nothing else: Tab, Enter and Esc have keys of their own.
fn is_control_key(byte: u8) -> bool {
    byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r' | ESC)
}

impl Paste {
    /// How many of the bytes belong to it, and whether it ends with them.
    fn take_in(&mut self, bytes: &[u8]) -> (usize, bool) {
        for (place, byte) in bytes.iter().enumerate() {
            self.tail.push(*byte);
            if self.tail == PASTE_END {
                self.tail.clear();
                return (place + 1, true);
            }
            while !PASTE_END.starts_with(&self.tail) {
                let byte = self.tail.remove(0);
                if self.kept.len() < LONGEST_PASTE {
                    self.kept.push(byte);
                }
            }
        }
        (bytes.len(), false)
    }

    fn all(self) -> Vec<u8> {
        let mut all = self.kept;
        all.extend(self.tail);
        all
    }
}

/// The first event of some bytes.
fn first(bytes: &[u8]) -> Found {
    match bytes {
        [ESC] => Found::Part,
        [ESC, ESC, ..] => Found::Event(1, Some(key(KeyCode::Esc, KeyModifiers::NONE))),
        [ESC, b'[', rest @ ..] => control_sequence(rest),
        [ESC, b'O', rest @ ..] => match rest.first() {
            None => Found::Part,
            Some(letter) => Found::Event(3, named(*letter).map(|code| key(code, KeyModifiers::NONE))),
        },
        [ESC, rest @ ..] => match plain(rest) {
            Found::Event(used, Some(Event::Key(pressed))) => {
                let pressed = KeyEvent { modifiers: pressed.modifiers | KeyModifiers::ALT, ..pressed };
                Found::Event(used + 1, Some(Event::Key(pressed)))
            }
            Found::Event(used, event) => Found::Event(used + 1, event),
            Found::Part => Found::Part,
        },
        _ => plain(bytes),
    }
}

/// A letter, or a key that sends one byte.
fn plain(bytes: &[u8]) -> Found {
    let Some(&byte) = bytes.first() else { return Found::Part };
    let control = |letter: u8| key(KeyCode::Char(char::from(letter)), KeyModifiers::CONTROL);
    let pressed = match byte {
        b'\r' => key(KeyCode::Enter, KeyModifiers::NONE),
        b'\t' => key(KeyCode::Tab, KeyModifiers::NONE),
        0x7f => key(KeyCode::Backspace, KeyModifiers::NONE),
        0 => control(b' '),
        ESC => key(KeyCode::Esc, KeyModifiers::NONE),
        0x01..=0x1a => control(byte - 1 + b'a'),
        0x1c..=0x1f => control(byte - 0x1c + b'4'),
        _ => return letter(bytes),
    };
    Found::Event(1, Some(pressed))
}

/// A letter in UTF-8; bytes that are part of none are nothing.
fn letter(bytes: &[u8]) -> Found {
    let length = match bytes[0] {
        0x00..=0x7f => 1,
        0xc2..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf4 => 4,
        _ => return Found::Event(1, None),
    };
    let Some(bytes) = bytes.get(..length) else {
        let goes_on = bytes[1..].iter().all(|byte| (0x80..=0xbf).contains(byte));
        return if goes_on { Found::Part } else { Found::Event(1, None) };
    };
    match std::str::from_utf8(bytes).ok().and_then(|text| text.chars().next()) {
        Some(letter) => {
            let modifiers = if letter.is_uppercase() { KeyModifiers::SHIFT } else { KeyModifiers::NONE };
            Found::Event(length, Some(key(KeyCode::Char(letter), modifiers)))
        }
        None => Found::Event(1, None),
    }
}

/// What stands behind ESC [: parameters and a last byte that says what it is.
fn control_sequence(rest: &[u8]) -> Found {
    const BEGINNING: usize = 2;
    // The Linux console's first function keys, and reports of the mouse as bytes: both go on behind a last byte.
    match rest {
        [b'['] => return Found::Part,
        [b'[', which, ..] => {
            let code = matches!(which, b'A'..=b'E').then(|| KeyCode::F(1 + which - b'A'));
            return Found::Event(BEGINNING + 2, code.map(|code| key(code, KeyModifiers::NONE)));
        }
        [b'M', report @ ..] if report.len() < 3 => return Found::Part,
        [b'M', code, column, row, ..] => {
            let at = |byte: &u8| u16::from(byte.saturating_sub(32));
            let event = mouse(u16::from(code.saturating_sub(32)), at(column), at(row), None);
            return Found::Event(BEGINNING + 4, event);
        }
        _ => {}
    }
    for (place, byte) in rest.iter().enumerate() {
        match byte {
            0x40..=0x7e => return Found::Event(BEGINNING + place + 1, complete(&rest[..place], *byte)),
            0x20..=0x3f => {}
            // Something else begins here: what stands before it is given up.
            _ => return Found::Event(BEGINNING + place, None),
        }
    }
    Found::Part
}

/// A complete control sequence.
fn complete(parameters: &[u8], last: u8) -> Option<Event> {
    let text = std::str::from_utf8(parameters).ok()?;
    let is_report = text.starts_with('<');
    let numbers = text.strip_prefix('<').unwrap_or(text);
    // What stands behind a colon is a finer distinction than is made here.
    let number = |part: &str| part.split(':').next().and_then(|part| part.parse::<u16>().ok());
    let numbers: Vec<Option<u16>> = numbers.split(';').map(number).collect();
    let at = |place: usize| numbers.get(place).copied().flatten();
    match last {
        b'M' | b'm' if is_report => mouse(at(0)?, at(1)?, at(2)?, Some(last == b'm')),
        b'M' => mouse(at(0)?.checked_sub(32)?, at(1)?, at(2)?, None),
        b'Z' => Some(key(KeyCode::BackTab, KeyModifiers::SHIFT)),
        b'~' => Some(key(numbered(at(0)?)?, modifiers(at(1)))),
        b'u' => {
            let letter = char::from_u32(u32::from(at(0)?))?;
            let code = match letter {
                '\u{1b}' => KeyCode::Esc,
                '\r' => KeyCode::Enter,
                '\t' => KeyCode::Tab,
                '\u{7f}' => KeyCode::Backspace,
                _ if letter.is_control() => return None,
                _ => KeyCode::Char(letter),
            };
            Some(key(code, modifiers(at(1))))
        }
        _ => Some(key(named(last)?, modifiers(at(1)))),
    }
}

/// Keys that are told by the last byte.
fn named(letter: u8) -> Option<KeyCode> {
    Some(match letter {
        b'A' => KeyCode::Up,
        b'B' => KeyCode::Down,
        b'C' => KeyCode::Right,
        b'D' => KeyCode::Left,
        b'F' => KeyCode::End,
        b'H' => KeyCode::Home,
        b'M' => KeyCode::Enter,
        b'P'..=b'S' => KeyCode::F(1 + letter - b'P'),
        _ => return None,
    })
}

/// Keys that are told by a number before `~`.
fn numbered(number: u16) -> Option<KeyCode> {
    Some(match number {
        1 | 7 => KeyCode::Home,
        2 => KeyCode::Insert,
        3 => KeyCode::Delete,
        4 | 8 => KeyCode::End,
        5 => KeyCode::PageUp,
        6 => KeyCode::PageDown,
        11..=15 => KeyCode::F((number - 10) as u8),
        17..=21 => KeyCode::F((number - 11) as u8),
        23..=26 => KeyCode::F((number - 12) as u8),
        28 | 29 => KeyCode::F((number - 13) as u8),
        31..=34 => KeyCode::F((number - 14) as u8),
        _ => return None,
    })
}

/// Shift, Alt and Control, of a parameter that is one more than their bits.
fn modifiers(parameter: Option<u16>) -> KeyModifiers {
    let bits = parameter.unwrap_or(1).saturating_sub(1);
    let held = [(1, KeyModifiers::SHIFT), (2, KeyModifiers::ALT), (4, KeyModifiers::CONTROL)];
    held.into_iter().filter(|(bit, _)| bits & bit != 0).fold(KeyModifiers::NONE, |all, (_, held)| all | held)
}

fn key(code: KeyCode, modifiers: KeyModifiers) -> Event {
    Event::Key(KeyEvent::new_with_kind(code, modifiers, KeyEventKind::Press))
}

/// A report of the mouse: buttons, movement and held keys as bits, column and row from 1. Only some reports say in another
/// way that a button was let go.
fn mouse(bits: u16, column: u16, row: u16, is_release: Option<bool>) -> Option<Event> {
    let button = (bits & 0b11) | ((bits & 0b1100_0000) >> 4);
    let is_motion = bits & 0b10_0000 != 0;
    let held =
        |button: u16| [MouseButton::Left, MouseButton::Middle, MouseButton::Right].get(usize::from(button)).copied();
    let kind = match (button, is_motion) {
        (0..=2, true) => MouseEventKind::Drag(held(button)?),
        (0..=2, false) if is_release == Some(true) => MouseEventKind::Up(held(button)?),
        (0..=2, false) => MouseEventKind::Down(held(button)?),
        (3, false) => MouseEventKind::Up(MouseButton::Left),
        (3..=5, true) => MouseEventKind::Moved,
        (4, false) => MouseEventKind::ScrollUp,
        (5, false) => MouseEventKind::ScrollDown,
        (6, false) => MouseEventKind::ScrollLeft,
        (7, false) => MouseEventKind::ScrollRight,
        _ => return None,
    };
    let keys = [(4, KeyModifiers::SHIFT), (8, KeyModifiers::ALT), (16, KeyModifiers::CONTROL)];
    let modifiers =
        keys.into_iter().filter(|(bit, _)| bits & bit != 0).fold(KeyModifiers::NONE, |all, (_, key)| all | key);
    Some(Event::Mouse(MouseEvent { kind, column: column.checked_sub(1)?, row: row.checked_sub(1)?, modifiers }))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Keys as they are written in the tests: `q`, `C-c`, `A-x`, `Up`.
    fn said(events: &[Event]) -> Vec<String> {
        let said = |event: &Event| match event {
            Event::Key(pressed) => {
                let held = [(KeyModifiers::CONTROL, "C-"), (KeyModifiers::ALT, "A-"), (KeyModifiers::SHIFT, "S-")];
                let held: String =
                    held.iter().filter(|(key, _)| pressed.modifiers.contains(*key)).map(|(_, name)| *name).collect();
                let code = match pressed.code {
                    KeyCode::Char(letter) => letter.to_string(),
                    code => format!("{code:?}"),
                };
                format!("{held}{code}")
            }
            Event::Mouse(MouseEvent { kind, column, row, .. }) => format!("{kind:?} {column} {row}"),
            Event::Paste(text) => format!("paste {text}"),
            other => format!("{other:?}"),
        };
        events.iter().map(said).collect()
    }

    /// Whatever portions bytes come in, they say the same, and what is left is given up.
    fn decoded(bytes: &[u8]) -> Vec<String> {
        let all = |size: usize| {
            let mut decoder = Decoder::default();
            let mut events: Vec<Event> = bytes.chunks(size).flat_map(|part| decoder.take_in(part)).collect();
            events.extend(decoder.give_up());
            assert!(decoder.patience().is_none());
            said(&events)
        };
        let whole = all(bytes.len().max(1));
        assert!((1..bytes.len().min(80)).all(|size| all(size) == whole), "{whole:?}");
        whole
    }

    #[test]
    fn keys_are_those_that_were_pressed() {
        assert_eq!(decoded("qQ\rλ\u{7f}\t".as_bytes()), ["q", "S-Q", "Enter", "λ", "Backspace", "Tab"]);
        assert_eq!(decoded(b"\x03\x00\x1a\x1f"), ["C-c", "C- ", "C-z", "C-7"]);
        assert_eq!(decoded(b"\x1b"), ["Esc"]);
        assert_eq!(decoded(b"\x1b\x1bq"), ["Esc", "A-q"]);
        assert_eq!(decoded(b"\x1b[A\x1bOB\x1b[1;5C\x1b[1;2D"), ["Up", "Down", "C-Right", "S-Left"]);
        assert_eq!(decoded(b"\x1b[3~\x1b[5~\x1b[6;5~\x1b[H\x1b[4~"), ["Delete", "PageUp", "C-PageDown", "Home", "End"]);
        let functions = decoded(b"\x1bOP\x1b[[B\x1b[15~\x1b[17~\x1b[24~\x1b[Z");
        assert_eq!(functions, ["F(1)", "F(2)", "F(5)", "F(6)", "F(12)", "S-BackTab"]);
        assert_eq!(decoded(b"\x1b[97;5u"), ["C-a"]);
    }

    #[test]
    fn the_mouse_reports_in_three_ways() {
        let expected = ["Down(Left) 11 4", "Up(Left) 11 4"];
        assert_eq!(decoded(b"\x1b[<0;12;5M\x1b[<0;12;5m"), expected);
        assert_eq!(decoded(b"\x1b[32;12;5M\x1b[35;12;5M"), expected);
        assert_eq!(decoded(b"\x1b[M\x20\x2c\x25\x1b[M\x23\x2c\x25"), expected);
        assert_eq!(
            decoded(b"\x1b[<65;1;1M\x1b[<35;3;2M\x1b[<32;3;2M"),
            ["ScrollDown 0 0", "Moved 2 1", "Drag(Left) 2 1"]
        );
        // No cell is counted from 0.
        assert!(decoded(b"\x1b[<0;0;5M").is_empty());
    }

    #[test]
    fn halves_are_given_up_and_keys_are_heard_again() {
        for half in [&b"\x1b[<0;1"[..], b"\x1b[<0;", b"\x1b[M\x20", b"\x1b[20", b"\xce", b"\x1b[["] {
            let mut decoder = Decoder::default();
            assert!(decoder.take_in(half).is_empty());
            assert!(decoder.patience().unwrap() < Duration::from_millis(500));
            assert!(decoder.give_up().is_empty(), "{half:?}");
            assert_eq!(said(&decoder.take_in(b"q")), ["q"], "{half:?}");
        }
        // Control characters and the next sequence do not wait for that.
        assert_eq!(decoded(b"\x1b[<0;1\x03q"), ["C-c", "q"]);
        assert_eq!(decoded(b"\x1b[<0;1\x1b[A"), ["Up"]);
        assert_eq!(decoded(&[&b"\x1b["[..], &b"1;".repeat(100), b"yq"].concat()), ["q"]);
        assert_eq!(decoded(b"\xff\xfeq"), ["q"]);
    }

    #[test]
    fn pastes_end_and_are_kept_within_bounds() {
        assert_eq!(decoded(b"\x1b[200~one\x1b[31mtwo\r\x1b[201~q"), ["paste one\x1b[31mtwo\r", "q"]);
        // A key ends what has no end.
        let mut decoder = Decoder::default();
        decoder.take_in(b"\x1b[200~half");
        assert_eq!(said(&decoder.take_in(b"\x03")), ["paste half", "C-c"]);
        // Without an end it is what has come.
        assert_eq!(decoded(b"\x1b[200~one\x1b[20"), ["paste one\x1b[20"]);
        let mut decoder = Decoder::default();
        let events = decoder.take_in(&[PASTE_START, &[b'x'; 1 << 20], PASTE_END, b"q"].concat());
        let [Event::Paste(text), Event::Key(_)] = &events[..] else { panic!("{} events", events.len()) };
        assert_eq!(text.len(), LONGEST_PASTE);
    }
}
