//! The visible stretch of one axis, and where on it a value lies: positions from 0 to 1.

use super::Axis;
use crate::catalog::Scale;

/// The visible stretch of one axis.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Span {
    /// Differences or ratios.
    pub scale: Scale,
    /// The value at position 0.
    pub low: f64,
    /// The value at position 1.
    pub high: f64,
    /// Whether the lower end of an axis of ratios stands for zero.
    pub ends_in_nothing: bool,
}

/// Share of a data range that is left free on either side.
const PADDING: f64 = 0.04;

/// Share of a span that lies between its values and the end that stands for zero.
const END: f64 = 0.1;

/// Data within this share of their size are level.
const ROUNDING: f64 = 1e-12;

impl Span {
    /// Where `value` lies: 0 at `low`, 1 at `high`, beyond them outside the span. `None` for what
    /// has no place on the scale.
    #[must_use]
    pub fn position(&self, value: f64) -> Option<f64> {
        let position = match self.scale {
            Scale::Linear => (value - self.low) / (self.high - self.low),
            // Differences of logarithms: the ratio of far ends would overflow.
            Scale::Logarithmic if value > 0.0 => (value.ln() - self.low.ln()) / (self.high.ln() - self.low.ln()),
            Scale::Logarithmic => return (self.ends_in_nothing && value == 0.0).then_some(0.0),
        };
        (value.is_finite() && position.is_finite()).then_some(position)
    }

    /// The value at a position.
    #[must_use]
    pub fn value_at(&self, position: f64) -> f64 {
        match self.scale {
            Scale::Linear => self.low + position * (self.high - self.low),
            Scale::Logarithmic => (self.low.ln() + position * (self.high.ln() - self.low.ln())).exp(),
        }
    }

    /// Length in the axis' own measure: decades on a logarithmic one.
    #[must_use]
    pub fn extent(&self) -> f64 {
        match self.scale {
            Scale::Linear => self.high - self.low,
            Scale::Logarithmic => self.high.log10() - self.low.log10(),
        }
    }

    /// The axis' own range, or the values' with room around them. Values that the axis does not
    /// show are passed over; without any, a plain stretch.
    #[must_use]
    pub fn fit(axis: &Axis, values: impl IntoIterator<Item = f64>) -> Self {
        let scale = axis.scale;
        if let Some((low, high)) = axis.range.filter(|(low, high)| axis.shows(*low) && axis.shows(*high) && low < high)
        {
            return Self { scale, low, high, ends_in_nothing: false };
        }
        if !axis.categories.is_empty() {
            return Self { scale, low: -0.5, high: axis.categories.len() as f64 - 0.5, ends_in_nothing: false };
        }
        let mut ends_in_nothing = false;
        let (low, high) = values
            .into_iter()
            .inspect(|value| ends_in_nothing |= !axis.shows(*value) && axis.has_place(*value))
            .filter(|value| axis.shows(*value))
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)));
        let padded = match scale {
            Scale::Linear => Self::padded_linear(low, high),
            Scale::Logarithmic => Self::padded_logarithmic(low, high),
        };
        let bounded = axis.bounds.map_or(padded, |bounds| padded.inside(bounds));
        if ends_in_nothing { bounded.with_end() } else { bounded }
    }

    /// The same with a lower end that stands for zero, at some distance from the values that have places.
    fn with_end(self) -> Self {
        let low = self.value_at(-END).max(1e-307);
        Self { low, ends_in_nothing: true, ..self }
    }

    /// The same without what lies beyond the bounds of what is measured, save for a little room there.
    fn inside(self, (least, most): (f64, f64)) -> Self {
        let bounded = Self { low: self.low.max(least), high: self.high.min(most), ..self };
        if bounded.low >= bounded.high {
            return self;
        }
        let room = |position: f64| bounded.value_at(position);
        Self { low: self.low.max(room(-PADDING)), high: self.high.min(room(1.0 + PADDING)), ..self }
    }

    fn padded_linear(low: f64, high: f64) -> Self {
        let (low, high) = if low <= high { (low, high) } else { (0.0, 1.0) };
        // Halves, so that no difference of large numbers overflows.
        let mut margin = (high / 2.0 - low / 2.0) * 2.0 * PADDING;
        // What differs by rounding alone is level: its last digits on an axis would be shown as knowledge.
        if margin <= ROUNDING * low.abs().max(high.abs()) {
            margin = if high == 0.0 { 0.5 } else { high.abs() * 0.1 };
        }
        let limit = f64::MAX / 4.0;
        Self {
            scale: Scale::Linear,
            low: (low - margin).max(-limit),
            high: (high + margin).min(limit),
            ends_in_nothing: false,
        }
    }

    fn padded_logarithmic(low: f64, high: f64) -> Self {
        let (low, high) = if low <= high { (low, high) } else { (0.1, 10.0) };
        let decades = high.log10() - low.log10();
        let margin = if decades < 1e-9 { 0.5 } else { decades * PADDING };
        let (least, most) = (1e-307, 1e307);
        let low = 10f64.powf(low.log10() - margin).clamp(least, most / 10.0);
        let high = 10f64.powf(high.log10() + margin).clamp(low * (1.0 + 1e-9), most);
        Self { scale: Scale::Logarithmic, low, high, ends_in_nothing: false }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_invert() {
        for scale in [Scale::Linear, Scale::Logarithmic] {
            let span = Span { scale, low: 1e-3, high: 1e2, ends_in_nothing: false };
            for position in [0.0, 0.3, 1.0, 1.4] {
                assert!((span.position(span.value_at(position)).unwrap() - position).abs() < 1e-12);
            }
        }
        let log = Span { scale: Scale::Logarithmic, low: 1e-2, high: 1e2, ends_in_nothing: false };
        assert!((log.position(1.0).unwrap() - 0.5).abs() < 1e-15);
        assert_eq!(log.position(0.0), None);
        assert_eq!(log.position(f64::INFINITY), None);
    }

    #[test]
    fn bounds_are_the_data_with_room_around_them() {
        let span = Span::fit(&Axis::linear(""), [3.0, 13.0, f64::NAN, f64::INFINITY]);
        assert!((span.low - 2.6).abs() < 1e-12 && (span.high - 13.4).abs() < 1e-12);
        let span = Span::fit(&Axis::logarithmic(""), [1e-4, 1.0, 0.0, -5.0]);
        assert!((span.low.log10() + 4.16).abs() < 1e-9 && (span.high.log10() - 0.16).abs() < 1e-9);
        let span = Span::fit(&Axis::logarithmic("").within(1e-3, 1e1), [1e-9]);
        assert_eq!((span.low, span.high), (1e-3, 1e1));
    }

    #[test]
    fn what_is_bounded_by_its_nature_gets_no_room_beyond() {
        for scale in [Scale::Linear, Scale::Logarithmic] {
            let cosine = Axis { scale, ..Axis::linear("cos").bounded(Some((-1.0, 1.0))) };
            for values in [vec![1.0], vec![1.0, 1.0 - 1e-14], vec![0.2, 1.0], vec![0.97, 0.99], vec![]] {
                let (span, free) =
                    (Span::fit(&cosine, values.clone()), Span::fit(&Axis::linear("cos"), values.clone()));
                assert!(span.low < span.high && span.high < 1.2, "{values:?}: {span:?}");
                assert!(values.iter().all(|value| (span.low..=span.high).contains(value)), "{values:?}: {span:?}");
                assert!(scale == Scale::Logarithmic || span.low == free.low, "{values:?}: {span:?} {free:?}");
            }
        }
        // Both ends, and a value that rounding has put beyond one of them.
        let cosine = Axis::linear("cos").bounded(Some((-1.0, 1.0)));
        let span = Span::fit(&cosine, [-1.0, 1.0 + 1e-15]);
        assert!((-1.1..-1.0).contains(&span.low) && (1.0..1.1).contains(&span.high), "{span:?}");
        // What a person has chosen to see is seen.
        assert_eq!(Span::fit(&cosine.within(0.0, 3.0), []).high, 3.0);
    }

    #[test]
    fn a_single_value_and_none_still_have_a_stretch() {
        for axis in [Axis::linear(""), Axis::logarithmic("")] {
            for values in [vec![], vec![2.0], vec![2.0, 2.0], vec![f64::MAX, f64::MIN_POSITIVE], vec![1e-300]] {
                let span = Span::fit(&axis, values.clone());
                assert!(span.low < span.high && span.low.is_finite() && span.high.is_finite(), "{values:?} {span:?}");
                assert!(span.position(span.value_at(0.5)).is_some(), "{values:?} {span:?}");
            }
        }
        assert_eq!(Span::fit(&Axis::linear(""), [0.0]).low, -0.5);
        // Rounding in the last digits is not a range.
        let span = Span::fit(&Axis::linear(""), [1.0, 1.0 + f64::EPSILON]);
        assert!(span.high - span.low > 0.1);
    }
}
