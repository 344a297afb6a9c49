//! Numbers as people read them on axes: 10⁻⁴, 0.25, 2.5×10⁻⁶, with a real minus sign.

/// `exponent` in superscript digits.
fn superscript(exponent: i32) -> String {
    exponent
        .to_string()
        .chars()
        .map(|character| match character {
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
        })
        .collect()
}

/// 10 to a whole power: 10⁻⁴.
#[must_use]
pub fn power_of_ten(exponent: i32) -> String {
    format!("10{}", superscript(exponent))
}

/// `floor(log₁₀ |value|)`, right at the powers of ten themselves too. `value` is finite and not zero.
pub(super) fn decade(value: f64) -> i32 {
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

/// `value` with so many decimals; zero has no sign.
pub(super) fn fixed(value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$}");
    match text.strip_prefix('-') {
        Some(digits) if digits.bytes().all(|byte| matches!(byte, b'0' | b'.')) => digits.to_owned(),
        Some(digits) => format!("−{digits}"),
        None => text,
    }
}

/// `value` as a multiple of 10 to the `exponent`, with so many decimals: 2.5×10⁻⁶.
pub(super) fn scientific(value: f64, exponent: i32, decimals: usize) -> String {
    // Dividing by 10⁻ᵏ is exact where multiplying by 10ᵏ overflows.
    let mantissa =
        if exponent < -300 { value * 1e300 / 10f64.powi(exponent + 300) } else { value / 10f64.powi(exponent) };
    format!("{}×{}", fixed(mantissa, decimals), power_of_ten(exponent))
}

/// A value with four significant digits, for a read-out.
#[must_use]
pub fn read_out(value: f64) -> String {
    if value.is_nan() {
        return "NaN".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "∞" } else { "−∞" }.to_owned();
    }
    if value == 0.0 {
        return "0".to_owned();
    }
    // Rounding may carry into the next decade: 9.9996 is 10.00.
    let rounded = format!("{value:.3e}").parse().unwrap_or(value);
    let exponent = decade(rounded);
    if !(-3..=5).contains(&exponent) {
        return scientific(rounded, exponent, 3);
    }
    let decimals = usize::try_from(3 - exponent).unwrap_or(0);
    // From a thousand on, whole numbers such as steps are given in full.
    let text = fixed(if exponent >= 3 { value } else { rounded }, decimals);
    if decimals == 0 { text } else { text.trim_end_matches('0').trim_end_matches('.').to_owned() }
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
    fn read_outs_keep_four_digits() {
        for (value, text) in [
            (0.0, "0"),
            (1.0, "1"),
            (-0.25, "−0.25"),
            (9.9996, "10"),
            (12345.6, "12346"),
            (0.001_234_56, "0.001235"),
            (1.5e-7, "1.500×10⁻⁷"),
            (-2e9, "−2.000×10⁹"),
            (f64::NAN, "NaN"),
            (f64::NEG_INFINITY, "−∞"),
        ] {
            assert_eq!(read_out(value), text);
        }
    }
}
