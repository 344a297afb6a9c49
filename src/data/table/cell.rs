//! One entry of a table.

use super::super::display_text;
use super::number::{Notation, below_zero, unit, value};

/// What an entry is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Cell {
    /// A finite number.
    Number(f64),
    /// No value, however it is spelled.
    Missing,
    /// Anything else.
    Text,
}

/// How the entries of a column are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Manner {
    /// Of its numbers.
    pub(super) notation: Notation,
    /// What stands at each of its numbers.
    pub(super) unit: Option<&'static str>,
    /// Whether its texts are words for yes and no, and stand for 1 and 0.
    pub(super) is_yes_or_no: bool,
    /// Whether brackets around a number, or a minus behind it, say that it is below zero.
    pub(super) has_accounts: bool,
    /// Whether `-` is a text, as beside `+`.
    pub(super) minus_is_text: bool,
}

/// Spellings of "no value", in small letters, beside those that a number parses as.
const MISSING: [&str; 39] = [
    "", ":", "na", "n/a", "n.a.", "n. a.", "#n/a", "#n/a n/a", "#na", "<na>", "<n/a>", "?", "-", "--", "---", "–", "—",
    ".", "..", "...", "null", "<null>", "(null)", "none", "nil", "nat", "missing", "unknown", "*", "\\n", "#nv",
    "#n/d", "k.a.", "k. a.", "1.#ind", "1.#qnan", "1.#inf", "n/d", "(blank)",
];

/// Words for yes and no, in small letters.
const YES_OR_NO: [[&str; 2]; 11] = [
    ["true", "false"],
    ["yes", "no"],
    ["t", "f"],
    ["y", "n"],
    ["wahr", "falsch"],
    ["ja", "nein"],
    ["vrai", "faux"],
    ["oui", "non"],
    ["prawda", "fałsz"],
    ["tak", "nie"],
    ["verdadero", "falso"],
];

impl Cell {
    /// Reads an entry. `missing` are further spellings of "no value".
    pub(super) fn read(entry: &str, manner: Manner, missing: &[String]) -> Self {
        if !missing.is_empty() && missing.iter().any(|spelling| is_spelled(entry, spelling, manner.notation)) {
            return Self::Missing;
        }
        let account = if manner.has_accounts { below_zero(entry) } else { None };
        let entry = account.as_deref().unwrap_or(entry);
        let bare = manner.unit.and_then(|known| unit(entry).filter(|(_, found)| *found == known));
        let number = bare.as_ref().map_or(entry, |(number, _)| number);
        if let Some(number) = value(number, manner.notation) {
            return if number.is_nan() {
                Self::Missing
            } else if number.is_finite() {
                Self::Number(number)
            } else {
                Self::Text
            };
        }
        if is_missing(entry) && !(manner.minus_is_text && entry == "-") {
            return Self::Missing;
        }
        match yes_or_no(entry).filter(|_| manner.is_yes_or_no) {
            Some((_, is_yes)) => Self::Number(f64::from(is_yes)),
            None => Self::Text,
        }
    }

    /// Whether an entry is a number in one notation or the other.
    pub(super) fn is_number(entry: &str) -> bool {
        let is = |notation| value(entry, notation).is_some_and(f64::is_finite);
        is(Notation::Point) || is(Notation::Comma)
    }
}

/// Whether an entry is what a scenario takes for no value: the same text, or the same number.
fn is_spelled(entry: &str, spelling: &str, notation: Notation) -> bool {
    let spelling = spelling.trim();
    let number = |text: &str| value(text, notation).filter(|number| number.is_finite());
    let is_odd = |text: &str| text.contains("  ") || text.bytes().any(|byte| byte != b' ' && !byte.is_ascii_graphic());
    // A message shows no more than can be shown, and what it shows is what is written into a scenario.
    entry == spelling
        || is_odd(entry) && display_text(entry) == display_text(spelling)
        || number(entry).is_some_and(|entry| spelling.parse() == Ok(entry))
}

/// Whether an entry says that there is no value, in a column of any kind.
pub(super) fn is_missing(entry: &str) -> bool {
    if entry.len() > 9 {
        return false;
    }
    let small = entry.to_lowercase();
    // Errors of spreadsheets in any language: `#DIV/0!`, `#NAME?`, `#WERT!`.
    let is_error = || {
        let name = entry.strip_prefix('#').and_then(|rest| rest.strip_suffix(['!', '?']));
        name.is_some_and(|name| {
            name.len() > 1 && name.chars().all(|letter| letter.is_uppercase() || "/0".contains(letter))
        })
    };
    MISSING.contains(&small.as_str())
        || small.strip_prefix('-').is_some_and(|rest| rest.starts_with("1.#") && MISSING.contains(&rest))
        || is_error()
}

/// Which words for yes and no an entry is of, and which of the two.
pub(super) fn yes_or_no(entry: &str) -> Option<(usize, bool)> {
    if entry.len() > 9 {
        return None;
    }
    let small = entry.to_lowercase();
    YES_OR_NO
        .iter()
        .enumerate()
        .find_map(|(pair, words)| words.iter().position(|word| *word == small).map(|place| (pair, place == 0)))
}

/// An entry as a message shows it.
pub(super) fn shown(entry: &str) -> String {
    if entry.is_empty() {
        return "nothing".to_owned();
    }
    let shown = short(entry);
    if Cell::read(entry, Manner::default(), &[]) == Cell::Missing {
        format!("the missing value `{shown}`")
    } else {
        format!("`{shown}`")
    }
}

/// An entry, cut to what a line has room for.
pub(super) fn short(entry: &str) -> String {
    let mut short: String = display_text(entry).chars().take(40).collect();
    if short.chars().count() == 40 {
        short.push('…');
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(entry: &str, notation: Notation) -> Cell {
        Cell::read(entry, Manner { notation, ..Manner::default() }, &[])
    }

    #[test]
    fn numbers_holes_and_texts_are_told_apart() {
        for (entry, expected) in [("1.5", 1.5), ("-.5", -0.5), ("+3e-2", 0.03), ("1E5", 1e5), ("1 000", 1000.0)] {
            assert_eq!(read(entry, Notation::Point), Cell::Number(expected), "{entry}");
        }
        for entry in [
            "", "NA", "n/a", "N/A", "n.a.", "?", "NaN", "nan", "-nan", "NULL", "None", "<NA>", "#N/A", "-", "--", ".",
            "\\N", "NaT", "missing", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#NULL!", "#WERT!", "#ARG!",
            "#NV", "1.#IND", "-1.#IND", "1.#QNAN", "-1.#INF", "k.A.",
        ] {
            assert_eq!(read(entry, Notation::Point), Cell::Missing, "{entry}");
            assert_eq!(read(entry, Notation::Comma), Cell::Missing, "{entry}");
        }
        for entry in ["inf", "-Infinity", "1,5", "ripe", "12.5.1", "#1", "#tag", "+", "nas", "0x10", "1_000", "1-2"] {
            assert_eq!(read(entry, Notation::Point), Cell::Text, "{entry}");
        }
    }

    #[test]
    fn what_a_scenario_takes_for_missing_is_missing() {
        let missing = ["-999".to_owned(), "keine Angabe".to_owned()];
        for entry in ["-999", "-999.0", "keine Angabe"] {
            assert_eq!(Cell::read(entry, Manner::default(), &missing), Cell::Missing, "{entry}");
        }
        assert_eq!(Cell::read("-998", Manner::default(), &missing), Cell::Number(-998.0));
        let comma = Manner { notation: Notation::Comma, ..Manner::default() };
        assert_eq!(Cell::read("-999,0", comma, &missing), Cell::Missing);
    }

    #[test]
    fn units_and_words_for_yes_and_no_are_read_where_a_column_has_them() {
        let percent = Manner { unit: Some("%"), ..Manner::default() };
        assert_eq!(Cell::read("12.5 %", percent, &[]), Cell::Number(12.5));
        assert_eq!(Cell::read("$12.5", percent, &[]), Cell::Text);
        assert_eq!(Cell::read("TRUE", Manner::default(), &[]), Cell::Text);
        let yes_or_no = Manner { is_yes_or_no: true, ..Manner::default() };
        assert_eq!(Cell::read("TRUE", yes_or_no, &[]), Cell::Number(1.0));
        assert_eq!(Cell::read("nein", yes_or_no, &[]), Cell::Number(0.0));
        let minus = Manner { minus_is_text: true, ..Manner::default() };
        assert_eq!(Cell::read("-", minus, &[]), Cell::Text);
    }
}
