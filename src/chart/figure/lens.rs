//! What of a figure is seen, where a person has said: a stretch of either axis, another scale, the newest part.

use super::{Axis, Figure, Layer, Plane, Span};
use crate::catalog::Scale;

/// What of a figure is seen. The plain lens shows the figure as its chart made it.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Lens {
    /// The visible stretch of x; the chart's own where there is none.
    pub x: Option<(f64, f64)>,
    /// The visible stretch of y.
    pub y: Option<(f64, f64)>,
    /// Differences or ratios along x; the chart's own where there is none.
    pub x_scale: Option<Scale>,
    /// Differences or ratios along y.
    pub y_scale: Option<Scale>,
    /// The right edge stays at the newest point.
    pub follows: bool,
}

/// Part of the data along x that is seen where the newest is followed and nobody has said how much.
const NEWEST: f64 = 0.25;

/// Stretches are not made smaller than this share of their own values, where digits end.
const LEAST: f64 = 1e-12;

impl Lens {
    /// Whether the figure is shown as its chart made it.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        *self == Self::default()
    }

    /// The same figure as seen through the lens. Axes of names are left as they are.
    pub fn apply(&self, figure: &mut Figure) {
        let measures = |axis: &Axis| axis.categories.is_empty();
        if measures(&figure.x) {
            figure.x.scale = self.x_scale.unwrap_or(figure.x.scale);
            figure.x.range = self.x.or(figure.x.range);
            if self.follows {
                figure.x.range = self.newest(figure).or(figure.x.range);
            }
        }
        if measures(&figure.y) {
            figure.y.scale = self.y_scale.unwrap_or(figure.y.scale);
            figure.y.range = self.y.or(figure.y.range);
        }
    }

    /// The stretch of x that ends at the newest point: as wide as what is seen.
    fn newest(&self, figure: &Figure) -> Option<(f64, f64)> {
        let xs = || figure.layers.iter().flat_map(Layer::samples).map(|(x, _)| x).filter(|x| figure.x.shows(*x));
        let all = Span::fit(&Axis { range: None, ..figure.x.clone() }, xs());
        let last = all.position(xs().reduce(f64::max)?)?;
        let width = match self.x {
            Some((low, high)) => all.position(high)? - all.position(low)?,
            None => NEWEST,
        };
        Some((all.value_at(last - width), all.value_at(last)))
    }

    /// Nearer by a factor, around a place of what is seen now: what lies there stays there.
    #[must_use]
    pub fn zoomed(&self, figure: &Figure, (x, y): (f64, f64), factor: f64) -> Self {
        let plane = Plane::of(figure);
        let around = |span: &Span, axis: &Axis, at: f64, now: Option<(f64, f64)>| {
            stretch(span, axis, at - at / factor, at + (1.0 - at) / factor).or(now)
        };
        Self {
            x: around(&plane.x, &figure.x, x, self.x),
            y: around(&plane.y, &figure.y, y, self.y),
            follows: false,
            ..*self
        }
    }

    /// Moved by shares of what is seen now.
    #[must_use]
    pub fn panned(&self, figure: &Figure, (right, up): (f64, f64)) -> Self {
        let plane = Plane::of(figure);
        let along = |span: &Span, axis: &Axis, by: f64, now: Option<(f64, f64)>| {
            if by == 0.0 { now } else { stretch(span, axis, by, 1.0 + by).or(now) }
        };
        Self {
            x: along(&plane.x, &figure.x, right, self.x),
            y: along(&plane.y, &figure.y, up, self.y),
            follows: self.follows && right == 0.0,
            ..*self
        }
    }

    /// The other scale along x: all of the data, as a part of one scale is none of the other.
    #[must_use]
    pub fn with_other_x(&self, figure: &Figure) -> Self {
        Self { x: None, x_scale: Some(other(figure.x.scale)), ..*self }
    }

    /// The other scale along y.
    #[must_use]
    pub fn with_other_y(&self, figure: &Figure) -> Self {
        Self { y: None, y_scale: Some(other(figure.y.scale)), ..*self }
    }

    /// All of the data again; scales stay.
    #[must_use]
    pub fn fitted(&self) -> Self {
        Self { x: None, y: None, follows: false, ..*self }
    }
}

const fn other(scale: Scale) -> Scale {
    match scale {
        Scale::Linear => Scale::Logarithmic,
        Scale::Logarithmic => Scale::Linear,
    }
}

/// The values from one position to another, where the axis has places for them that can be told apart.
fn stretch(span: &Span, axis: &Axis, from: f64, to: f64) -> Option<(f64, f64)> {
    let (low, high) = (span.value_at(from), span.value_at(to));
    let is_wide = high - low > LEAST * low.abs().max(high.abs());
    (axis.categories.is_empty() && axis.shows(low) && axis.shows(high) && is_wide).then_some((low, high))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::Style;

    fn figure(x: Axis, y: Axis) -> Figure {
        let mut figure = Figure::new("f", "F", x, y);
        let points = (0..=100).map(|k| (f64::from(k), 1.0 + f64::from(k))).collect();
        figure.layers.push(Layer::line("a", Style::trial(0), points));
        figure
    }

    fn seen(lens: Lens, figure: &Figure) -> Figure {
        let mut figure = figure.clone();
        lens.apply(&mut figure);
        figure
    }

    #[test]
    fn what_lies_under_the_pointer_stays_there_on_either_scale() {
        for y in [Axis::linear("y"), Axis::logarithmic("y")] {
            let figure = figure(Axis::steps("x"), y);
            let before = Plane::of(&figure);
            let lens = Lens::default().zoomed(&figure, (0.3, 0.8), 2.0);
            let after = Plane::of(&seen(lens, &figure));
            for (before, after, at) in [(before.x, after.x, 0.3), (before.y, after.y, 0.8)] {
                let value = before.value_at(at);
                assert!((after.position(value).unwrap() - at).abs() < 1e-9);
                assert!((after.extent() * 2.0 - before.extent()).abs() < 1e-9 * before.extent());
            }
        }
    }

    #[test]
    fn there_and_back_is_where_one_was() {
        let plain = figure(Axis::steps("x"), Axis::logarithmic("y"));
        let there = Lens::default().panned(&plain, (0.25, -0.1));
        let back = there.panned(&seen(there, &plain), (-0.25, 0.1));
        let (was, is) = (Plane::of(&plain), Plane::of(&seen(back, &plain)));
        assert!((was.x.low - is.x.low).abs() < 1e-9 && (was.y.high / is.y.high - 1.0).abs() < 1e-9);
        assert!(back.fitted().is_plain());
    }

    #[test]
    fn the_newest_is_followed_as_more_comes() {
        let lens = Lens { x: Some((10.0, 30.0)), follows: true, ..Lens::default() };
        let mut longer = figure(Axis::steps("x"), Axis::linear("y"));
        let span = Plane::of(&seen(lens, &longer)).x;
        assert!((span.low - 80.0).abs() < 1e-9 && (span.high - 100.0).abs() < 1e-9, "{span:?}");
        longer.layers.push(Layer::line("b", Style::trial(1), vec![(150.0, 1.0)]));
        let span = Plane::of(&seen(lens, &longer)).x;
        assert!((span.low - 130.0).abs() < 1e-9 && (span.high - 150.0).abs() < 1e-9, "{span:?}");
    }

    #[test]
    fn scales_turn_and_names_have_none() {
        let plain = figure(Axis::steps("x"), Axis::linear("y"));
        let lens = Lens::default().with_other_y(&plain);
        assert_eq!(seen(lens, &plain).y.scale, Scale::Logarithmic);
        assert_eq!(seen(lens.with_other_y(&seen(lens, &plain)), &plain).y.scale, Scale::Linear);
        let mut bars = Figure::new("b", "B", Axis::categories("trial", ["a", "b"]), Axis::linear("y"));
        bars.layers.push(Layer::bars("bias", Style::series(0), vec![1.0, 2.0]));
        let lens = Lens::default().zoomed(&bars, (0.5, 0.5), 2.0).with_other_x(&bars);
        let seen = seen(lens, &bars);
        assert_eq!((seen.x.range, seen.x.scale), (None, Scale::Linear));
        assert!(seen.y.range.is_some());
    }

    #[test]
    fn nothing_is_zoomed_beyond_its_digits() {
        let plain = figure(Axis::linear("x"), Axis::linear("y"));
        let mut lens = Lens::default();
        for _ in 0..200 {
            lens = lens.zoomed(&seen(lens, &plain), (0.5, 0.5), 2.0);
        }
        let plane = Plane::of(&seen(lens, &plain));
        assert!(plane.x.high > plane.x.low && plane.y.high > plane.y.low);
    }
}
