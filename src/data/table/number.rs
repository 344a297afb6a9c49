//! Numbers as tables write them: decimals behind a point or a comma, marks between thousands, signs of units.

/// What stands before the decimals. The other mark may stand between thousands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Notation {
    /// `1234.5`, `1,234.5`
    #[default]
    Point,
    /// `1234,5`, `1.234,5`
    Comma,
}

/// What an entry that is a number says of the notation of its column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hint {
    /// It has no mark.
    Neutral,
    /// It is a number in this notation alone.
    Only(Notation),
    /// A single mark before exactly three digits: it divides decimals in this notation, and thousands in the other.
    Either(Notation),
}

/// Signs and words of units that may stand at a number; percent stands behind it alone.
const UNITS: [&str; 13] = ["%", "€", "$", "£", "¥", "zł", "CHF", "EUR", "USD", "GBP", "PLN", "Fr.", "kr"];

/// Marks between thousands in either notation: blanks of all widths, apostrophes.
const NEUTRAL_GROUPS: [char; 6] = [' ', '\u{a0}', '\u{202f}', '\u{2009}', '\'', '’'];

impl Notation {
    const fn marks(self) -> (char, char) {
        match self {
            Self::Point => ('.', ','),
            Self::Comma => (',', '.'),
        }
    }

    /// The other one.
    pub(super) const fn other(self) -> Self {
        match self {
            Self::Point => Self::Comma,
            Self::Comma => Self::Point,
        }
    }
}

/// The number that a text is; NaN and the infinities have their own spellings.
pub(super) fn value(text: &str, notation: Notation) -> Option<f64> {
    if notation == Notation::Point
        && let Some(number) = plain(text)
    {
        return Some(number);
    }
    let is_ordinary = |byte: u8| byte != b',' && byte != b'\'' && byte != b' ' && byte.is_ascii();
    if text.bytes().all(is_ordinary) && (notation == Notation::Point || !text.contains('.')) {
        return text.parse().ok().or_else(|| of_double_precision(text));
    }
    let (sign, text) = match text.strip_prefix(['-', '−', '+']) {
        Some(rest) => (if text.starts_with('+') { "" } else { "-" }, rest),
        None => ("", text),
    };
    let (mantissa, exponent) = text.find(['e', 'E']).map_or((text, ""), |at| text.split_at(at));
    let (decimal, group) = notation.marks();
    let (whole, decimals) =
        mantissa.rsplit_once(decimal).map_or((mantissa, None), |(whole, decimals)| (whole, Some(decimals)));
    let whole = ungrouped(whole, group)?;
    let spelled = decimals.map_or_else(
        || format!("{sign}{whole}{exponent}"),
        |decimals| if are_digits(decimals) { format!("{sign}{whole}.{decimals}{exponent}") } else { "no".to_owned() },
    );
    spelled.parse().ok()
}

/// Powers of ten that an `f64` holds exactly.
const POWERS: [f64; 16] = [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];

/// The number that at most 15 digits with a sign and a point are. Digits and power of ten are exact as `f64`, so that their
/// quotient is the nearest one (Clinger 1990), as that of the general reader, in a third of its time.
fn plain(text: &str) -> Option<f64> {
    let (is_negative, digits) = match text.as_bytes() {
        [b'-', digits @ ..] => (true, digits),
        digits => (false, digits),
    };
    if digits.len() > POWERS.len() {
        return None;
    }
    let (mut whole, mut count, mut point) = (0_u64, 0, None);
    for byte in digits {
        match byte {
            b'0'..=b'9' => {
                whole = 10 * whole + u64::from(byte - b'0');
                count += 1;
            }
            b'.' if point.is_none() => point = Some(count),
            _ => return None,
        }
    }
    if count == 0 || count >= POWERS.len() {
        return None;
    }
    let number = whole as f64 / POWERS[count - point.unwrap_or(count)];
    Some(if is_negative { -number } else { number })
}

/// Fortran's `1.5D+02`.
fn of_double_precision(text: &str) -> Option<f64> {
    let (mantissa, exponent) = text.split_once(['D', 'd'])?;
    let begins = mantissa.starts_with(|letter: char| letter.is_ascii_digit() || "+-.".contains(letter));
    let is_signed = exponent.starts_with(['+', '-']);
    if begins && is_signed { format!("{mantissa}e{exponent}").parse().ok() } else { None }
}

fn are_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Digits without the marks between thousands, which stand before every three and nowhere else.
fn ungrouped(whole: &str, group: char) -> Option<String> {
    let Some(mark) = whole.chars().find(|letter| !letter.is_ascii_digit()) else {
        return Some(whole.to_owned());
    };
    let mut parts = whole.split(mark);
    let is_first = |part: &str| (1..=3).contains(&part.len()) && are_digits(part) && !part.starts_with('0');
    let is_known = mark == group || NEUTRAL_GROUPS.contains(&mark);
    let fits = is_known && parts.next().is_some_and(is_first) && parts.all(|part| part.len() == 3 && are_digits(part));
    fits.then(|| whole.replace(mark, ""))
}

/// What a text that is a number in one notation or both says of it; `None` where it is none.
pub(super) fn hint(text: &str) -> Option<Hint> {
    let counted = |mark: u8| text.bytes().filter(|byte| *byte == mark).count();
    let (points, commas) = (counted(b'.'), counted(b','));
    let is = |notation: Notation| value(text, notation).is_some_and(f64::is_finite);
    let only = |notation: Notation| is(notation).then_some(Hint::Only(notation));
    let by = |notation: Notation| match (is(notation), is(notation.other())) {
        (true, true) => Some(Hint::Either(notation)),
        (true, false) => Some(Hint::Only(notation)),
        (false, true) => Some(Hint::Only(notation.other())),
        (false, false) => None,
    };
    match (points, commas) {
        (0, 0) => is(Notation::Point).then_some(Hint::Neutral),
        (1, 0) => by(Notation::Point),
        (0, 1) => by(Notation::Comma),
        (0, _) => only(Notation::Point),
        (_, 0) => only(Notation::Comma),
        _ => only(if text.rfind('.') > text.rfind(',') { Notation::Point } else { Notation::Comma }),
    }
}

/// Whether something stands between thousands, in a text that is a number in this notation.
pub(super) fn has_groups(text: &str, notation: Notation) -> bool {
    let (_, group) = notation.marks();
    text.contains(|letter| letter == group || NEUTRAL_GROUPS.contains(&letter))
}

/// A text without the unit at its beginning or end, and which that is. A sign before a unit stays a sign.
pub(super) fn unit(text: &str) -> Option<(String, &'static str)> {
    let (sign, rest) = match text.strip_prefix(['-', '−', '+']) {
        Some(rest) => (&text[..text.len() - rest.len()], rest),
        None => ("", text),
    };
    let rest = rest.trim();
    let without = |unit: &&'static str| {
        let behind = rest.strip_suffix(*unit);
        let before = || if **unit == *"%" { None } else { rest.strip_prefix(*unit) };
        let number = behind.or_else(before)?.trim();
        let starts = number.starts_with(|letter: char| letter.is_ascii_digit() || "+-−.,".contains(letter));
        (starts && (sign.is_empty() || !number.starts_with(['-', '−', '+'])))
            .then(|| (format!("{sign}{number}"), *unit))
    };
    UNITS.iter().find_map(without)
}

/// A number below zero as accountants write it, `(12.50)` or `12.50-`, in the usual spelling.
pub(super) fn below_zero(text: &str) -> Option<String> {
    let bracketed = || text.strip_prefix('(')?.strip_suffix(')');
    let number = bracketed().or_else(|| text.strip_suffix(['-', '−']))?.trim();
    let is_plain = !number.starts_with(['-', '−', '+', '(']) && number.bytes().any(|byte| byte.is_ascii_digit());
    is_plain.then(|| format!("-{number}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_numbers_have_the_bits_of_the_general_reader() {
        let mut seed = 7_u64;
        for round in 0..200_000 {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let digits = (seed >> 11) % 10_u64.pow(1 + round % 15);
            let text = digits.to_string();
            let at = (seed % (text.len() as u64 + 1)) as usize;
            let sign = if seed & 64 == 0 { "" } else { "-" };
            let text = format!("{sign}{}.{}", &text[..at], &text[at..]);
            let expected: f64 = text.parse().unwrap();
            assert_eq!(plain(&text).map(f64::to_bits), Some(expected.to_bits()), "{text}");
        }
        for text in ["", "-", ".", "-.", "1.2.3", "1e5", "+1", "1234567890123456", "0.1234567890123456", "nan", "1 "] {
            assert_eq!(plain(text), None, "{text}");
        }
        assert_eq!(plain("-0").map(f64::to_bits), Some((-0.0f64).to_bits()));
    }

    #[test]
    fn thousands_and_decimals_are_told_apart() {
        let point = [
            ("1234.5", 1234.5),
            ("1,234.5", 1234.5),
            ("-1,234,567", -1_234_567.0),
            ("1'234.5", 1234.5),
            ("1’234", 1234.0),
            ("1\u{202f}234.25", 1234.25),
            ("12 000", 12_000.0),
            ("−3.5", -3.5),
            ("+1,234", 1234.0),
            ("1E+05", 1e5),
            (".5", 0.5),
            ("-1.5D+02", -150.0),
        ];
        for (text, expected) in point {
            assert_eq!(value(text, Notation::Point), Some(expected), "{text}");
        }
        let comma = [
            ("1,5", 1.5),
            ("-0,04", -0.04),
            ("1.234,5", 1234.5),
            ("1.234", 1234.0),
            ("1\u{a0}234,5", 1234.5),
            ("1'234,5", 1234.5),
            ("2,5E-02", 0.025),
            ("1.000.000", 1e6),
            ("7", 7.0),
        ];
        for (text, expected) in comma {
            assert_eq!(value(text, Notation::Comma), Some(expected), "{text}");
        }
        for text in [
            "12,34",
            "1,23,4",
            "1,2345",
            "0,123",
            "1 23",
            "1,234 567",
            "1.5.2",
            "1_000",
            "0x10",
            "1d3",
            "5-",
            "a,123",
            "1,234.",
        ] {
            let is_number = value(text, Notation::Point).is_some();
            assert_eq!(is_number, text == "1,234.", "{text}");
        }
        for text in ["12.5", "0.123", "0001.345", "-0.345", "1234.567", ".345", "1.23,4", "1,2,3", "1,5.2"] {
            assert_eq!(value(text, Notation::Comma), None, "{text}");
        }
    }

    #[test]
    fn a_mark_before_three_digits_says_nothing_alone() {
        use Notation::{Comma, Point};
        for (text, expected) in [
            ("12", Some(Hint::Neutral)),
            ("1e5", Some(Hint::Neutral)),
            ("1 234", Some(Hint::Neutral)),
            ("1.234", Some(Hint::Either(Point))),
            ("1,234", Some(Hint::Either(Comma))),
            ("0.234", Some(Hint::Only(Point))),
            ("0,234", Some(Hint::Only(Comma))),
            ("1.5", Some(Hint::Only(Point))),
            ("1234,5", Some(Hint::Only(Comma))),
            ("1,234,567", Some(Hint::Only(Point))),
            ("1.234.567", Some(Hint::Only(Comma))),
            ("1,234.5", Some(Hint::Only(Point))),
            ("1.234,5", Some(Hint::Only(Comma))),
            ("1,23,4", None),
            ("01.02.2020", None),
            ("ripe", None),
            ("inf", None),
        ] {
            assert_eq!(hint(text), expected, "{text}");
        }
    }

    #[test]
    fn accountants_write_what_is_below_zero_their_way() {
        for (text, expected) in [
            ("(12.5)", Some("-12.5")),
            ("($3)", Some("-$3")),
            ("7,5-", Some("-7,5")),
            ("(-2)", None),
            ("(a)", None),
            ("-", None),
        ] {
            assert_eq!(below_zero(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn units_stand_before_or_behind() {
        for (text, expected) in [
            ("12 %", Some(("12", "%"))),
            ("$3.50", Some(("3.50", "$"))),
            ("-$3.50", Some(("-3.50", "$"))),
            ("3,50\u{a0}€", Some(("3,50", "€"))),
            ("CHF 1'200.50", Some(("1'200.50", "CHF"))),
            ("12", None),
            ("%12", None),
            ("a%", None),
            ("kr", None),
        ] {
            let found = unit(text);
            assert_eq!(found.as_ref().map(|(number, unit)| (number.as_str(), *unit)), expected, "{text}");
        }
    }
}
