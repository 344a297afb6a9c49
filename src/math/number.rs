//! Numbers as people read them: four significant digits, or three and a power of ten, so that they take few cells; plain in
//! panels, tables and messages, typeset in figures. Counts with what they count.

/// A number, rounded to what is read of it.
enum Read {
    /// NaN, an infinity, zero.
    Word(&'static str),
    /// So many decimals.
    Fixed(f64, usize),
    /// A multiple of ten to a power.
    Power(f64, i32),
}

/// Digits behind the point of a multiple of a power of ten.
const DECIMALS: usize = 2;

fn read(value: f64) -> Read {
    if value.is_nan() {
        return Read::Word("NaN");
    }
    if value.is_infinite() {
        return Read::Word(if value > 0.0 { "∞" } else { "−∞" });
    }
    if value == 0.0 {
        return Read::Word("0");
    }
    // Rounded before digits are counted, or 0.99999 would get one more than 1.
    let rounded = rounded(value, 3);
    let exponent = decade(rounded);
    if !(-2..=5).contains(&exponent) {
        let rounded = self::rounded(value, DECIMALS);
        return Read::Power(rounded, decade(rounded));
    }
    let decimals = usize::try_from(3 - exponent).unwrap_or(0);
    // From a thousand on, whole numbers such as steps are given in full.
    Read::Fixed(if exponent >= 3 { value } else { rounded }, decimals)
}

/// The value to so many decimals of its first digit; as it is, where that would be beyond the largest number there is.
fn rounded(value: f64, decimals: usize) -> f64 {
    format!("{value:.decimals$e}").parse().ok().filter(|rounded: &f64| rounded.is_finite()).unwrap_or(value)
}

/// `floor(log₁₀ |value|)`, right at the powers of ten themselves too. `value` is finite and not zero.
#[must_use]
pub fn decade(value: f64) -> i32 {
    let guess = value.abs().log10().floor() as i32;
    // log10 may land on either side of a whole number.
    if 10f64.powi(guess + 1) <= value.abs() {
        guess + 1
    } else if 10f64.powi(guess) > value.abs() {
        guess - 1
    } else {
        guess
    }
}

/// In the letters of a keyboard: `0.1235`, `1.25e-9`.
#[must_use]
pub fn plain(value: f64) -> String {
    match read(value) {
        Read::Word(word) => word.replace('−', "-"),
        Read::Fixed(value, decimals) => format!("{value:.decimals$}"),
        Read::Power(value, _) => format!("{value:.DECIMALS$e}"),
    }
}

/// With all its digits, as a person would write it: `-30`, `0.999`, `1e300`.
#[must_use]
pub fn written(value: f64) -> String {
    let is_short = value == 0.0 || (1e-6..1e15).contains(&value.abs()) || !value.is_finite();
    if is_short { value.to_string() } else { format!("{value:e}") }
}

/// A value with its standard error, with as many decimals as show the error: `-2.01 ± 0.003`; two at least.
#[must_use]
pub fn with_error(value: f64, error: f64) -> String {
    let decimals = if error > 0.0 && error < 0.01 { (-error.log10()).ceil().min(9.0) as usize } else { 2 };
    if error.is_nan() { format!("{value:.2}") } else { format!("{value:.decimals$} ± {error:.decimals$}") }
}

/// As a figure prints it, without zeros at the end: `0.25`, `1.25×10⁻⁹`.
#[must_use]
pub fn typeset(value: f64) -> String {
    match read(value) {
        Read::Word(word) => word.to_owned(),
        Read::Fixed(value, 0) => fixed(value, 0),
        Read::Fixed(value, decimals) => fixed(value, decimals).trim_end_matches('0').trim_end_matches('.').to_owned(),
        Read::Power(value, exponent) => scientific(value, exponent, DECIMALS),
    }
}

/// A size in bytes.
#[must_use]
pub fn bytes(x: f64) -> String {
    match x {
        x if x >= 1024.0 * 1024.0 * 1024.0 => format!("{:.1} GiB", x / 1_073_741_824.0),
        x if x >= 1024.0 * 1024.0 => format!("{:.1} MiB", x / 1_048_576.0),
        x if x >= 1024.0 => format!("{:.1} KiB", x / 1024.0),
        x => format!("{x:.0} B"),
    }
}

/// So many of a thing: `1 point`, `2 entries`.
#[must_use]
pub fn counted(count: usize, thing: &str) -> String {
    format!("{count} {}", noun(thing, count == 1))
}

/// A thing as it is called where there is one, and where there are others.
#[must_use]
pub fn noun(thing: &str, is_one: bool) -> String {
    if is_one {
        return thing.to_owned();
    }
    match thing.strip_suffix('y') {
        Some(stem) => format!("{stem}ies"),
        None if thing.ends_with('s') => format!("{thing}es"),
        None => format!("{thing}s"),
    }
}

/// `value` with so many decimals and a real minus sign; zero has no sign.
#[must_use]
pub fn fixed(value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$}");
    match text.strip_prefix('-') {
        Some(digits) if digits.bytes().all(|byte| matches!(byte, b'0' | b'.')) => digits.to_owned(),
        Some(digits) => format!("−{digits}"),
        None => text,
    }
}

/// `value` as a multiple of 10 to the `exponent`, with so many decimals: 2.5×10⁻⁶.
#[must_use]
pub fn scientific(value: f64, exponent: i32, decimals: usize) -> String {
    // Dividing by 10⁻ᵏ is exact where multiplying by 10ᵏ overflows.
    let mantissa =
        if exponent < -300 { value * 1e300 / 10f64.powi(exponent + 300) } else { value / 10f64.powi(exponent) };
    format!("{}×{}", fixed(mantissa, decimals), power_of_ten(exponent))
}

/// 10 to a whole power: 10⁻⁴.
#[must_use]
pub fn power_of_ten(exponent: i32) -> String {
    format!("10{}", superscript(exponent))
}

/// `exponent` in superscript digits.
fn superscript(exponent: i32) -> String {
    let raised = |character: char| match character {
        '-' => '⁻',
        '1' => '¹',
        '2' => '²',
        '3' => '³',
        '4' => '⁴',
        '5' => '⁵',
        '6' => '⁶',
        '7' => '⁷',
        '8' => '⁸',
        '9' => '⁹',
        _ => '⁰',
    };
    exponent.to_string().chars().map(raised).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn powers_have_superscripts() {
        assert_eq!(power_of_ten(-4), "10⁻⁴");
        assert_eq!(power_of_ten(0), "10⁰");
        assert_eq!(power_of_ten(123), "10¹²³");
    }

    #[test]
    fn sizes_have_the_unit_that_fits() {
        assert_eq!([8.0, 2048.0, 5e6, 3e9].map(bytes), ["8 B", "2.0 KiB", "4.8 MiB", "2.8 GiB"]);
    }

    #[test]
    fn one_thing_is_one_and_others_are_several() {
        let counts = [(0, "point", "0 points"), (1, "point", "1 point"), (2, "inner step", "2 inner steps")];
        for (count, thing, words) in counts.into_iter().chain([(1, "entry", "1 entry"), (3, "entry", "3 entries")]) {
            assert_eq!(counted(count, thing), words);
        }
        assert_eq!([counted(1, "class"), counted(3, "class")], ["1 class", "3 classes"]);
    }

    #[test]
    fn decades_are_right_at_their_edges() {
        for exponent in -300..300 {
            let edge: f64 = format!("1e{exponent}").parse().unwrap();
            assert!((decade(edge) - exponent).abs() <= i32::from(10f64.powi(exponent) != edge), "{exponent}");
        }
        assert_eq!(decade(1000.0), 3);
        assert_eq!(decade(999.999), 2);
        assert_eq!(decade(-0.001), -3);
    }

    #[test]
    fn numbers_keep_their_digits_in_either_spelling() {
        for (value, in_letters, printed) in [
            (0.0, "0", "0"),
            (1.0, "1.000", "1"),
            (-0.25, "-0.2500", "−0.25"),
            (2.03456, "2.035", "2.035"),
            (9.9996, "10.00", "10"),
            (0.99999, "1.000", "1"),
            (-41.0, "-41.00", "−41"),
            (12345.6, "12346", "12346"),
            (0.012_345_6, "0.01235", "0.01235"),
            (0.001_234_56, "1.23e-3", "1.23×10⁻³"),
            (1.5e-7, "1.50e-7", "1.50×10⁻⁷"),
            (9.999e-8, "1.00e-7", "1.00×10⁻⁷"),
            (-2e9, "-2.00e9", "−2.00×10⁹"),
            (123_456.0, "123456", "123456"),
            (1_234_567.0, "1.23e6", "1.23×10⁶"),
            (f64::MAX, "1.80e308", "1.80×10³⁰⁸"),
            (f64::NAN, "NaN", "NaN"),
            (f64::INFINITY, "∞", "∞"),
            (f64::NEG_INFINITY, "-∞", "−∞"),
        ] {
            assert_eq!((plain(value), typeset(value)), (in_letters.to_owned(), printed.to_owned()));
        }
    }
}
