//! Where an axis is marked, and what the marks say.

use super::{Axis, Span};
use crate::catalog::Scale;
use crate::math::number::{decade, fixed, power_of_ten, scientific};

/// A labelled mark.
#[derive(Debug, Clone, PartialEq)]
pub struct Tick {
    /// Where.
    pub value: f64,
    /// What it says.
    pub label: String,
}

/// The marks of an axis, lowest first.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Ticks {
    /// Labelled marks.
    pub major: Vec<Tick>,
    /// Short marks between them.
    pub minor: Vec<f64>,
}

impl Ticks {
    /// Marks for what is visible of an axis, about `wanted` of them or fewer (two at least, where
    /// the range has them).
    #[must_use]
    pub fn of(axis: &Axis, span: &Span, wanted: usize) -> Self {
        let wanted = wanted.max(2);
        if !axis.categories.is_empty() {
            return categories(&axis.categories, span);
        }
        match span.scale {
            Scale::Linear => linear(span, wanted, axis.whole),
            Scale::Logarithmic => logarithmic(span, wanted),
        }
    }
}

fn inside(value: f64, span: &Span) -> bool {
    let slack = match span.scale {
        Scale::Linear => (span.high - span.low) * 1e-9,
        Scale::Logarithmic => value.abs() * 1e-9,
    };
    span.low - slack <= value && value <= span.high + slack
}

fn categories(names: &[String], span: &Span) -> Ticks {
    let major = names.iter().enumerate().map(|(index, name)| Tick { value: index as f64, label: name.clone() });
    // A place without a name is not marked.
    let marked = |tick: &Tick| !tick.label.is_empty() && inside(tick.value, span);
    Ticks { major: major.filter(marked).collect(), minor: Vec::new() }
}

/// Multiples of 1, 2 or 5 times a power of ten: the closest that are no more than wanted, but two
/// at least.
fn linear(span: &Span, wanted: usize, whole: bool) -> Ticks {
    let steps = nice_steps(span, wanted).filter(|(step, _)| !whole || *step >= 1.0);
    let mut chosen = (1.0, 1, multiples(1.0, span));
    for (step, parts) in steps {
        chosen = (step, parts, multiples(step, span));
        if chosen.2.len() >= 2 {
            break;
        }
    }
    let (step, parts, major) = chosen;
    let minor_step = step / f64::from(parts);
    let minor = if whole && minor_step < 1.0 { Vec::new() } else { multiples(minor_step, span) };
    let near = |value: f64, major: &f64| (value - major).abs() < minor_step * 0.5;
    Ticks {
        minor: minor.into_iter().filter(|value| !major.iter().any(|major| near(*value, major))).collect(),
        major: labelled(&major, step),
    }
}

/// Steps that mark at most a quarter more than `wanted` places, largest first after the best, and in
/// how many parts small marks divide each.
fn nice_steps(span: &Span, wanted: usize) -> impl Iterator<Item = (f64, u32)> {
    let raw = (span.high - span.low) / wanted as f64;
    let power = decade(raw);
    let ladder = (-1..=1).rev().flat_map(move |shift| {
        [(5.0, 5), (2.0, 4), (1.0, 5)].map(|(digit, parts)| (digit * 10f64.powi(power + shift), parts))
    });
    // The smallest step that is large enough, then smaller ones.
    let enough = move |step: f64| step >= raw * 0.8;
    let best = ladder.clone().rfind(|(step, _)| enough(*step));
    best.into_iter().chain(ladder.filter(move |(step, _)| !enough(*step)))
}

fn multiples(step: f64, span: &Span) -> Vec<f64> {
    let first = (span.low / step - 1e-9).ceil();
    let count = ((span.high / step + 1e-9).floor() - first).clamp(-1.0, 1000.0);
    // Far from zero a step can be lost in rounding; then nothing is marked rather than one place many times.
    if step <= f64::EPSILON * span.low.abs().max(span.high.abs()) {
        return Vec::new();
    }
    (0..=count as i32).map(|index| (first + f64::from(index)) * step).collect()
}

/// Labels that all have the same form: so many decimals, or a common power of ten.
fn labelled(values: &[f64], step: f64) -> Vec<Tick> {
    let largest = values.iter().fold(0.0f64, |largest, value| largest.max(value.abs()));
    let tick = |value: f64, label: String| Tick { value, label };
    if largest == 0.0 {
        return values.iter().map(|value| tick(*value, "0".to_owned())).collect();
    }
    let exponent = decade(largest);
    let decimals = |lowest: i32| usize::try_from(lowest - decade(step * (1.0 + 1e-9))).unwrap_or(0);
    let label = |value: f64| {
        if value.abs() < step * 1e-6 {
            "0".to_owned()
        } else if (-3..=4).contains(&exponent) {
            fixed(value, decimals(0))
        } else {
            scientific(value, exponent, decimals(exponent))
        }
    };
    values.iter().map(|value| tick(*value, label(*value))).collect()
}

/// Powers of ten, thinned where they are many; 1, 2, 5 or plain numbers where there is hardly one.
fn logarithmic(span: &Span, wanted: usize) -> Ticks {
    let (first, last) = (decade(span.low), decade(span.high * (1.0 + 1e-9)));
    let powers: Vec<i32> = (first..=last).filter(|power| inside(10f64.powi(*power), span)).collect();
    if powers.len() < 2 {
        return part_of_a_decade(span, wanted, first, last);
    }
    let stride = [1usize, 2, 3, 4, 5, 10, 20, 50, 100]
        .into_iter()
        .find(|stride| powers.len().div_ceil(*stride) <= wanted)
        .unwrap_or(200);
    // Thinned marks sit at multiples of the stride, 10⁰ among them, unless that leaves fewer than two.
    let multiple_of = |power: i32| i64::from(power).rem_euclid(stride as i64) == 0;
    let from = if powers.iter().filter(|power| multiple_of(**power)).count() < 2 { powers[0] } else { 0 };
    let marked = |power: &i32| multiple_of(power - from);
    let major = powers.iter().filter(|power| marked(power));
    let minor: Vec<f64> = if stride == 1 {
        within_decades(first, last, &[2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0], span)
    } else {
        powers.iter().filter(|power| !marked(power)).map(|power| 10f64.powi(*power)).collect()
    };
    Ticks { major: major.map(|power| Tick { value: 10f64.powi(*power), label: power_of_ten(*power) }).collect(), minor }
}

fn within_decades(first: i32, last: i32, digits: &[f64], span: &Span) -> Vec<f64> {
    (first..=last)
        .flat_map(|power| digits.iter().map(move |digit| digit * 10f64.powi(power)))
        .filter(|value| inside(*value, span))
        .collect()
}

fn part_of_a_decade(span: &Span, wanted: usize, first: i32, last: i32) -> Ticks {
    let all = within_decades(first, last, &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0], span);
    let chosen =
        [&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0][..], &[1.0, 2.0, 3.0, 5.0, 7.0], &[1.0, 2.0, 5.0], &[1.0, 3.0]]
            .into_iter()
            .map(|digits| within_decades(first, last, digits, span))
            .find(|values| values.len() <= wanted)
            .unwrap_or_default();
    if chosen.len() < 2 {
        return linear(span, wanted, false);
    }
    let label = |value: f64| {
        let exponent = decade(value * (1.0 + 1e-9));
        if (-3..=4).contains(&exponent) {
            fixed(value, usize::try_from(-exponent).unwrap_or(0))
        } else {
            scientific(value, exponent, 0)
        }
    };
    Ticks {
        minor: all.iter().copied().filter(|value| !chosen.contains(value)).collect(),
        major: chosen.iter().map(|value| Tick { value: *value, label: label(*value) }).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(axis: &Axis, low: f64, high: f64, wanted: usize) -> Vec<String> {
        let span = Span { scale: axis.scale, low, high };
        Ticks::of(axis, &span, wanted).major.into_iter().map(|tick| tick.label).collect()
    }

    #[test]
    fn linear_marks_are_multiples_of_one_two_or_five() {
        let axis = Axis::linear("");
        assert_eq!(labels(&axis, -0.3, 10.4, 6), ["0", "2", "4", "6", "8", "10"]);
        assert_eq!(labels(&axis, 0.0, 1.0, 5), ["0", "0.2", "0.4", "0.6", "0.8", "1.0"]);
        assert_eq!(labels(&axis, -1.2, 1.2, 5), ["−1.0", "−0.5", "0", "0.5", "1.0"]);
        assert_eq!(labels(&axis, 0.351_10, 0.351_32, 3), ["0.3511", "0.3512", "0.3513"]);
        assert_eq!(labels(&axis, 0.0, 5.2e6, 3), ["0", "2×10⁶", "4×10⁶"]);
        assert_eq!(labels(&axis, -1e-6, 2.6e-5, 6), ["0", "0.5×10⁻⁵", "1.0×10⁻⁵", "1.5×10⁻⁵", "2.0×10⁻⁵", "2.5×10⁻⁵"]);
    }

    #[test]
    fn counts_are_marked_at_whole_numbers_only() {
        let ticks = Ticks::of(&Axis::steps(""), &Span { scale: Scale::Linear, low: -0.1, high: 3.1 }, 8);
        assert_eq!(ticks.major.iter().map(|tick| tick.label.as_str()).collect::<Vec<_>>(), ["0", "1", "2", "3"]);
        assert!(ticks.minor.is_empty());
    }

    #[test]
    fn decades_are_powers_of_ten_with_eight_marks_between() {
        let axis = Axis::logarithmic("");
        assert_eq!(labels(&axis, 0.9e-4, 1.1, 8), ["10⁻⁴", "10⁻³", "10⁻²", "10⁻¹", "10⁰"]);
        let span = Span { scale: Scale::Logarithmic, low: 1.0, high: 100.0 };
        let ticks = Ticks::of(&axis, &span, 8);
        assert_eq!(ticks.minor.len(), 16);
        assert_eq!(ticks.minor[..3], [2.0, 3.0, 4.0]);
    }

    #[test]
    fn many_decades_are_thinned_and_keep_one() {
        let axis = Axis::logarithmic("");
        assert_eq!(labels(&axis, 1e-16, 1e2, 5), ["10⁻¹⁶", "10⁻¹²", "10⁻⁸", "10⁻⁴", "10⁰"]);
        for wanted in 2..12 {
            for (low, high) in [(1e-300, 1e300), (1e-17, 3e2), (1e-3, 1e6)] {
                let count = labels(&axis, low, high, wanted).len();
                assert!((2..=wanted + 1).contains(&count), "{low} {high} {wanted}: {count}");
            }
        }
    }

    #[test]
    fn a_part_of_a_decade_has_plain_numbers() {
        let axis = Axis::logarithmic("");
        assert_eq!(labels(&axis, 0.15, 1.2, 4), ["0.2", "0.5", "1"]);
        assert_eq!(labels(&axis, 2.05, 2.45, 5), ["2.1", "2.2", "2.3", "2.4"]);
        assert_eq!(labels(&axis, 1.5e-6, 7e-6, 4), ["2×10⁻⁶", "3×10⁻⁶", "5×10⁻⁶", "7×10⁻⁶"]);
    }

    #[test]
    fn every_range_has_marks_and_no_label_twice() {
        let ends = [1e-12, 3.3e-4, 0.97, 1.0, 1.03, 42.0, 9.99e5, 1e17];
        for axis in [Axis::linear(""), Axis::logarithmic("")] {
            for (index, low) in ends.iter().enumerate() {
                for high in &ends[index + 1..] {
                    for wanted in [2, 4, 9] {
                        let labels = labels(&axis, *low, *high, wanted);
                        assert!(
                            labels.len() >= 2 && labels.len() <= wanted + wanted / 4 + 3,
                            "{low} {high} {wanted}: {labels:?}"
                        );
                        assert!(labels.windows(2).all(|pair| pair[0] != pair[1]), "{labels:?}");
                    }
                }
            }
        }
    }
}
