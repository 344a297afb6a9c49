//! One entry of a table.

use super::super::display_text;

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

/// Spellings of "no value", in small letters, beside those that a number parses as.
const MISSING: [&str; 16] =
    ["", "na", "n/a", "#n/a", "<na>", "?", "-", "--", ".", "null", "none", "nil", "missing", "unknown", "#value!", "*"];

impl Cell {
    /// Reads an entry, whose decimals stand behind a comma or a point.
    pub(super) fn read(entry: &str, has_decimal_comma: bool) -> Self {
        if let Some(number) = number(entry, has_decimal_comma) {
            return if number.is_nan() {
                Self::Missing
            } else if number.is_finite() {
                Self::Number(number)
            } else {
                Self::Text
            };
        }
        if is_missing(entry) { Self::Missing } else { Self::Text }
    }
}

fn is_missing(entry: &str) -> bool {
    entry.len() <= 8 && MISSING.contains(&entry.to_ascii_lowercase().as_str())
}

/// A number, written as the table writes them.
fn number(entry: &str, has_decimal_comma: bool) -> Option<f64> {
    if !has_decimal_comma || !entry.contains([',', '.']) {
        return entry.parse().ok();
    }
    let (whole, decimals) = entry.rsplit_once(',').unwrap_or((entry, ""));
    // Points stand between thousands, and nowhere else.
    let (first, groups) = whole.split_once('.').map_or((whole, None), |(first, groups)| (first, Some(groups)));
    let are_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let is_group = |group: &str| group.len() == 3 && are_digits(group);
    let leading = first.trim_start_matches(['+', '-']);
    let is_first = (1..=3).contains(&leading.len()) && are_digits(leading) && !leading.starts_with('0');
    if !groups.is_none_or(|groups| is_first && groups.split('.').all(is_group)) {
        return None;
    }
    let whole = format!("{first}{}", groups.unwrap_or_default().replace('.', ""));
    if decimals.is_empty() { whole.parse().ok() } else { format!("{whole}.{decimals}").parse().ok() }
}

/// An entry as a message shows it.
pub(super) fn shown(entry: &str) -> String {
    if entry.is_empty() {
        return "nothing".to_owned();
    }
    let mut shown: String = display_text(entry).chars().take(40).collect();
    if shown.chars().count() == 40 {
        shown.push('…');
    }
    if Cell::read(entry, false) == Cell::Missing {
        format!("the missing value `{shown}`")
    } else {
        format!("`{shown}`")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_holes_and_texts_are_told_apart() {
        for (entry, expected) in [("1.5", 1.5), ("-.5", -0.5), ("+3e-2", 0.03), ("1E5", 1e5)] {
            assert_eq!(Cell::read(entry, false), Cell::Number(expected), "{entry}");
        }
        for (entry, expected) in [("1,5", 1.5), ("-0,04", -0.04), ("1.234,5", 1234.5), ("1.234", 1234.0), ("7", 7.0)] {
            assert_eq!(Cell::read(entry, true), Cell::Number(expected), "{entry}");
        }
        for entry in ["", "NA", "n/a", "?", "NaN", "nan", "NULL", "None", "<NA>", "#N/A", "-", "."] {
            assert_eq!(Cell::read(entry, false), Cell::Missing, "{entry}");
        }
        for entry in ["inf", "-Infinity", "1,5", "ripe", "12.5.1", "1 000"] {
            assert_eq!(Cell::read(entry, false), Cell::Text, "{entry}");
        }
        for entry in ["12.5", "0.123", "0001.345", "-0.345", "1234.567", ".345", "1.23,4"] {
            assert_eq!(Cell::read(entry, true), Cell::Text, "{entry}");
        }
    }
}
