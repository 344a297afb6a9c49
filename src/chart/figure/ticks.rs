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
        let ticks = match span.scale {
            Scale::Linear => linear(span, wanted, axis.whole),
            Scale::Logarithmic => logarithmic(span, wanted, axis.whole),
        };
        match axis.bounds {
            Some(bounds) => ticks.between(bounds),
            None => ticks,
        }
        .counting(axis.whole)
        .ending(axis, span)
    }

    /// With the name of zero at the end that stands for it, before all others.
    fn ending(mut self, axis: &Axis, span: &Span) -> Self {
        if let (Some(name), true) = (&axis.nothing, span.ends_in_nothing) {
            self.major.insert(0, Tick { value: 0.0, label: name.clone() });
        }
        self
    }

    /// Those marks that a count can reach.
    fn counting(self, whole: bool) -> Self {
        let can_be = |value: f64| !whole || (value - value.round()).abs() <= 1e-9 * value.abs();
        Self {
            major: self.major.into_iter().filter(|tick| can_be(tick.value)).collect(),
            minor: self.minor.into_iter().filter(|value| can_be(*value)).collect(),
        }
    }

    /// Those marks that what is measured can reach.
    fn between(self, (least, most): (f64, f64)) -> Self {
        let slack = (most - least) * 1e-9;
        let can_be = |value: f64| (least - slack..=most + slack).contains(&value);
        Self {
            major: self.major.into_iter().filter(|tick| can_be(tick.value)).collect(),
            minor: self.minor.into_iter().filter(|value| can_be(*value)).collect(),
        }
    }

    /// The marks whose labels do not meet, the roundest first: of 0.0008, 0.0009, 0.001 in little room, 0.001. `extent` is
    /// the part of the axis that a label takes, its gap included. A mark that loses its label becomes a small one.
    #[must_use]
    pub fn apart(self, span: &Span, extent: impl Fn(&str) -> f64) -> Self {
        let place = |tick: &Tick| span.position(tick.value).unwrap_or(f64::NAN);
        let mut order: Vec<&Tick> = self.major.iter().collect();
        order.sort_by_key(|tick| roughness(tick.value, span.scale));
        let mut kept: Vec<&Tick> = Vec::new();
        for tick in order {
            let is_free = |other: &&Tick| {
                let needed = f64::midpoint(extent(&tick.label), extent(&other.label));
                (place(tick) - place(other)).abs() >= needed
            };
            if kept.iter().all(is_free) {
                kept.push(tick);
            }
        }
        let is_kept = |tick: &Tick| kept.iter().any(|other| std::ptr::eq(*other, tick));
        let (major, lost): (Vec<&Tick>, Vec<&Tick>) = self.major.iter().partition(|tick| is_kept(tick));
        let minor = self.minor.iter().copied().chain(lost.iter().map(|tick| tick.value)).collect();
        Self { major: major.into_iter().cloned().collect(), minor }
    }
}

/// How far from a round number a mark of a logarithmic axis is; marks of a linear axis are all alike.
fn roughness(value: f64, scale: Scale) -> u8 {
    if scale == Scale::Linear || value == 0.0 {
        return 0;
    }
    let digits = value.abs() / 10f64.powi(decade(value * (1.0 + 1e-9)));
    let is = |digit: f64| (digits - digit).abs() < 1e-6;
    if is(1.0) {
        0
    } else if is(2.0) || is(5.0) {
        1
    } else {
        2
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

/// From so many digits on, labels that differ in the last of them are given by their distance from one of them.
const MOST_DIGITS: i32 = 7;

/// Letters up to which a number is repeated on every mark.
const SHORT: usize = 4;

/// Labels by their distance from the roundest mark: `−29`, `−29 + 1×10⁻¹¹`, `−29 + 2×10⁻¹¹`; from a long one `… + 2×10⁻¹¹`.
fn relative(values: &[f64], step: f64) -> Vec<Tick> {
    let decimals = usize::try_from(-decade(step * (1.0 + 1e-9))).unwrap_or(0);
    let written = |value: f64| {
        let text = fixed(value, decimals);
        if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
    };
    let Some(base) = (0..values.len()).min_by_key(|index| written(values[*index]).len()) else { return Vec::new() };
    // Whole steps, since the difference of two near numbers has few right digits.
    let steps = |index: usize| ((values[index] - values[base]) / step).round();
    let furthest = (0..values.len()).map(|index| steps(index).abs()).fold(1.0, f64::max) * step;
    let exponent = decade(furthest * (1.0 + 1e-9));
    let places = usize::try_from(exponent - decade(step * (1.0 + 1e-9))).unwrap_or(0);
    let origin = Some(written(values[base])).filter(|text| text.chars().count() <= SHORT).unwrap_or("…".to_owned());
    let label = |index: usize| {
        let distance = steps(index) * step;
        let sign = if distance > 0.0 { '+' } else { '−' };
        if index == base {
            written(values[index])
        } else {
            format!("{origin} {sign} {}", scientific(distance.abs(), exponent, places))
        }
    };
    (0..values.len()).map(|index| Tick { value: values[index], label: label(index) }).collect()
}

/// Labels that all have the same form: so many decimals, or a common power of ten.
fn labelled(values: &[f64], step: f64) -> Vec<Tick> {
    let largest = values.iter().fold(0.0f64, |largest, value| largest.max(value.abs()));
    let tick = |value: f64, label: String| Tick { value, label };
    if largest == 0.0 {
        return values.iter().map(|value| tick(*value, "0".to_owned())).collect();
    }
    let exponent = decade(largest);
    if exponent - decade(step * (1.0 + 1e-9)) >= MOST_DIGITS {
        return relative(values, step);
    }
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
fn logarithmic(span: &Span, wanted: usize, whole: bool) -> Ticks {
    let (first, last) = (decade(span.low), decade(span.high * (1.0 + 1e-9)));
    let powers: Vec<i32> = (first..=last).filter(|power| inside(10f64.powi(*power), span)).collect();
    if powers.len() < 2 {
        return part_of_a_decade(span, wanted, (first, last), whole);
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

/// Whether half of what is visible is without a mark, as above 0.9 and 1.
fn leave_half_bare(marks: &[f64], span: &Span) -> bool {
    let places: Vec<f64> = marks.iter().filter_map(|mark| span.position(*mark)).chain([1.0]).collect();
    let gaps = std::iter::once(0.0).chain(places.iter().copied()).zip(&places).map(|(before, after)| after - before);
    gaps.fold(0.0, f64::max) > 0.5
}

/// Up to so many times the lowest value, differences and ratios are nearly alike, and plain numbers mark either.
const NEARLY_LINEAR: f64 = 3.0;

fn part_of_a_decade(span: &Span, wanted: usize, (first, last): (i32, i32), whole: bool) -> Ticks {
    let all = within_decades(first, last, &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0], span);
    let chosen =
        [&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0][..], &[1.0, 2.0, 3.0, 5.0, 7.0], &[1.0, 2.0, 5.0], &[1.0, 3.0]]
            .into_iter()
            .map(|digits| within_decades(first, last, digits, span))
            .find(|values| values.len() <= wanted)
            .unwrap_or_default();
    if chosen.len() < 2 || span.high < NEARLY_LINEAR * span.low && leave_half_bare(&chosen, span) {
        return linear(span, wanted, whole);
    }
    // All in one form: 0.001 beside 9×10⁻⁴ reads as another kind of number.
    let is_plain = chosen.iter().all(|value| (-3..=4).contains(&decade(value * (1.0 + 1e-9))));
    let label = |value: f64| {
        let exponent = decade(value * (1.0 + 1e-9));
        if is_plain { fixed(value, usize::try_from(-exponent).unwrap_or(0)) } else { scientific(value, exponent, 0) }
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
        let span = Span { scale: axis.scale, low, high, ends_in_nothing: false };
        Ticks::of(axis, &span, wanted).major.into_iter().map(|tick| tick.label).collect()
    }

    #[test]
    fn a_short_stretch_of_ratios_has_marks_all_over() {
        let axis = Axis::logarithmic("error");
        assert_eq!(labels(&axis, 0.88, 1.45, 5), ["0.9", "1.0", "1.1", "1.2", "1.3", "1.4"]);
        assert_eq!(labels(&axis, 0.85, 2.4, 5), ["1.0", "1.5", "2.0"]);
        // From three times on, ratios are marked as such.
        assert_eq!(labels(&axis, 0.85, 9.5, 3), ["1", "2", "5"]);
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
    fn nothing_is_marked_that_cannot_be() {
        let share = Axis::linear("share").bounded(Some((0.0, 1.0)));
        assert_eq!(labels(&share, -0.3, 1.3, 9), ["0", "0.2", "0.4", "0.6", "0.8", "1.0"]);
        assert_eq!(labels(&share, 0.92, 1.004, 5), ["0.92", "0.94", "0.96", "0.98", "1.00"]);
        let ticks = Ticks::of(&share, &Span { scale: Scale::Linear, low: -0.3, high: 1.3, ends_in_nothing: false }, 9);
        assert!(ticks.minor.iter().all(|value| (0.0..=1.0).contains(value)), "{:?}", ticks.minor);
        let logarithmic = Axis::logarithmic("share").bounded(Some((0.0, 1.0)));
        assert_eq!(labels(&logarithmic, 0.15, 3.0, 9).last().map(String::as_str), Some("1"));
    }

    #[test]
    fn counts_are_marked_at_whole_numbers_only() {
        let ticks = Ticks::of(
            &Axis::steps(""),
            &Span { scale: Scale::Linear, low: -0.1, high: 3.1, ends_in_nothing: false },
            8,
        );
        assert_eq!(ticks.major.iter().map(|tick| tick.label.as_str()).collect::<Vec<_>>(), ["0", "1", "2", "3"]);
        assert!(ticks.minor.is_empty());
    }

    #[test]
    fn counts_by_ratios_are_marked_at_whole_numbers_only() {
        let axis = Axis::logarithmic("rows").counting(true);
        for (low, high) in [(0.3, 9.0), (1.2, 2.9), (2.0, 2.5), (0.05, 400.0)] {
            let span = Span { scale: Scale::Logarithmic, low, high, ends_in_nothing: false };
            for wanted in 2..8 {
                let ticks = Ticks::of(&axis, &span, wanted);
                let marks = ticks.major.iter().map(|tick| tick.value).chain(ticks.minor);
                assert!(marks.into_iter().all(|mark| (mark - mark.round()).abs() < 1e-9), "{low} {high} {wanted}");
            }
        }
    }

    #[test]
    fn decades_are_powers_of_ten_with_eight_marks_between() {
        let axis = Axis::logarithmic("");
        assert_eq!(labels(&axis, 0.9e-4, 1.1, 8), ["10⁻⁴", "10⁻³", "10⁻²", "10⁻¹", "10⁰"]);
        let span = Span { scale: Scale::Logarithmic, low: 1.0, high: 100.0, ends_in_nothing: false };
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
    fn marks_that_differ_in_late_digits_are_given_by_their_distance() {
        let axis = Axis::linear("");
        assert_eq!(
            labels(&axis, -29.0, -29.0 + 3.2e-11, 3),
            ["−29", "−29 + 1×10⁻¹¹", "−29 + 2×10⁻¹¹", "−29 + 3×10⁻¹¹"]
        );
        let around = labels(&axis, 1.0 - 1.1e-9, 1.0 + 1.1e-9, 4);
        assert_eq!(around, ["1 − 1.0×10⁻⁹", "1 − 0.5×10⁻⁹", "1", "1 + 0.5×10⁻⁹", "1 + 1.0×10⁻⁹"]);
        // Whatever is cut off for want of room, one label at most is long.
        let long = labels(&axis, 0.123_456_789_01, 0.123_456_789_05, 4);
        assert!(long.iter().filter(|label| !label.starts_with('…')).count() <= 1, "{long:?}");
    }

    #[test]
    fn a_decade_that_ends_in_a_power_has_one_form() {
        assert_eq!(labels(&Axis::logarithmic(""), 7.5e-4, 1.05e-3, 5), ["8×10⁻⁴", "9×10⁻⁴", "1×10⁻³"]);
    }

    #[test]
    fn labels_that_meet_give_way_to_rounder_ones() {
        let span = Span { scale: Scale::Logarithmic, low: 7.5e-4, high: 6e-3, ends_in_nothing: false };
        let ticks = Ticks::of(&Axis::logarithmic(""), &span, 9);
        for extent in [0.02, 0.1, 0.2, 0.4, 2.0] {
            let kept = ticks.clone().apart(&span, |_| extent);
            let places: Vec<f64> = kept.major.iter().filter_map(|tick| span.position(tick.value)).collect();
            assert!(places.windows(2).all(|pair| pair[1] - pair[0] >= extent), "{extent}: {:?}", kept.major);
            assert!(kept.major.iter().any(|tick| (tick.value - 1e-3).abs() < 1e-12), "{extent}: {:?}", kept.major);
            assert_eq!(kept.major.len() + kept.minor.len(), ticks.major.len() + ticks.minor.len());
        }
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
