//! What a figure makes visible, and where on it a value lies: positions from 0 to 1 on each axis.

use super::{Axis, Figure, Grid, Layer, Shape, Span, fit};
use crate::catalog::Scale;

/// The visible part of a figure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Plane {
    /// Left to right.
    pub x: Span,
    /// Bottom to top.
    pub y: Span,
}

impl Plane {
    /// What the figure makes visible: its axes' ranges, or all its data with room around them.
    /// Reference lines are kept in view; guides are not, since they go on forever.
    #[must_use]
    pub fn of(figure: &Figure) -> Self {
        if let Some(settled) = &figure.settled {
            let span = |scale, (low, high), ends_in_nothing| Span { scale, low, high, ends_in_nothing };
            return Self {
                x: span(figure.x.scale, settled.x, settled.end_in_nothing.0),
                y: span(figure.y.scale, settled.y, settled.end_in_nothing.1),
            };
        }
        let samples: Vec<(f64, f64)> = figure.layers.iter().flat_map(Layer::samples).collect();
        // What has no place on one axis takes no room on the other.
        let shown = samples.iter().filter(|(x, y)| figure.x.has_place(*x) && figure.y.has_place(*y));
        let verticals = figure.layers.iter().filter_map(|layer| match layer.shape {
            Shape::Vertical(x) => Some(x),
            _ => None,
        });
        let horizontals = figure.layers.iter().filter_map(|layer| match layer.shape {
            Shape::Horizontal(y) => Some(y),
            _ => None,
        });
        let mut bars: Vec<f64> = (0..figure.layers.len())
            .flat_map(|layer| figure.stack(layer))
            .flat_map(|(base, top)| [base, top])
            .collect();
        let stands_on_axis = !bars.is_empty();
        bars.extend(whisker_ends(figure));
        let x = Span::fit(&figure.x, shown.clone().map(|point| point.0).chain(verticals));
        let mut y = match fit::vertical(figure) {
            Some((low, high)) => {
                // What stands at the end for zero takes no part in the fit, but its place must be there.
                let zeros = shown.clone().map(|point| point.1).filter(|y| !figure.y.shows(*y));
                Span::fit(&figure.y, [low, high].into_iter().chain(horizontals).chain(zeros))
            }
            None => Span::fit(&figure.y, shown.map(|point| point.1).chain(horizontals).chain(bars.iter().copied())),
        };
        let heights = || bars.iter().filter(|height| height.is_finite());
        // Bars stand on the axis itself.
        if figure.y.range.is_none() && y.scale == Scale::Linear && stands_on_axis {
            if heights().all(|height| *height >= 0.0) {
                y.low = 0.0;
            } else if heights().all(|height| *height <= 0.0) {
                y.high = 0.0;
            }
        }
        let mut plane = Self { x, y };
        // Heat maps reach their axes.
        reach(figure, |grid| &grid.x_edges, &figure.x, &mut plane.x);
        reach(figure, |grid| &grid.y_edges, &figure.y, &mut plane.y);
        plane
    }

    /// Where a point lies on both axes.
    #[must_use]
    pub fn position(&self, (x, y): (f64, f64)) -> Option<(f64, f64)> {
        Some((self.x.position(x)?, self.y.position(y)?))
    }
}

/// An axis without a range ends where the heat maps do, where there are any.
fn reach(figure: &Figure, edges: fn(&Grid) -> &Vec<f64>, axis: &Axis, span: &mut Span) {
    let ends = figure.grids().filter_map(|grid| match edges(grid).as_slice() {
        [low, .., high] => Some((*low, *high)),
        _ => None,
    });
    let all = ends.reduce(|(low, high), (other_low, other_high)| (low.min(other_low), high.max(other_high)));
    if let (None, Some((low, high))) = (axis.range, all)
        && axis.shows(low)
        && low < high
    {
        *span = Span { low, high, ..*span };
    }
}

/// Ends of whiskers, which are kept in view. On a logarithmic axis a lower end near zero is not: it would stretch the axis by
/// decades.
fn whisker_ends(figure: &Figure) -> Vec<f64> {
    const NEAR: f64 = 0.1;
    let is_kept = |(low, high): (f64, f64)| figure.y.scale == Scale::Linear || low >= NEAR * high;
    let ends = figure.layers.iter().filter_map(|layer| match &layer.shape {
        Shape::Whiskers(ends) => Some(ends),
        _ => None,
    });
    let ends = ends.flatten().map(|(_, low, high)| (*low, *high));
    ends.flat_map(|(low, high)| [high, if is_kept((low, high)) { low } else { high }]).collect()
}

/// The part of a segment inside the unit square (Liang and Barsky 1984).
#[must_use]
pub fn clip(from: (f64, f64), to: (f64, f64)) -> Option<((f64, f64), (f64, f64))> {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    if !(dx.is_finite() && dy.is_finite()) {
        return None;
    }
    let (mut enter, mut leave) = (0.0f64, 1.0f64);
    for (toward, distance) in [(-dx, from.0), (dx, 1.0 - from.0), (-dy, from.1), (dy, 1.0 - from.1)] {
        if toward == 0.0 {
            if distance < 0.0 {
                return None;
            }
        } else if toward < 0.0 {
            enter = enter.max(distance / toward);
        } else {
            leave = leave.min(distance / toward);
        }
    }
    // Rounding may leave the frame again, far beyond it by much.
    let at = |share: f64| ((from.0 + share * dx).clamp(0.0, 1.0), (from.1 + share * dy).clamp(0.0, 1.0));
    (enter <= leave).then(|| (if enter > 0.0 { at(enter) } else { from }, if leave < 1.0 { at(leave) } else { to }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::Style;

    #[test]
    fn points_without_a_place_take_no_room() {
        let mut figure = Figure::new("f", "F", Axis::linear("x"), Axis::logarithmic("y"));
        figure.layers.push(Layer::line("a", Style::series(0), vec![(0.0, 1.0), (1.0, 10.0), (100.0, 0.0)]));
        assert!(Plane::of(&figure).x.high < 2.0);
        figure.layers.push(Layer::vertical("now", 50.0));
        figure.layers.push(Layer::guide("slope", 1.0, (1e9, 1e9)));
        let plane = Plane::of(&figure);
        assert!(plane.x.high > 50.0 && plane.x.high < 60.0);
    }

    #[test]
    fn zeros_stand_at_an_end_that_is_named() {
        let mut figure = Figure::new("f", "F", Axis::logarithmic("x"), Axis::logarithmic("y").ending_in("exact"));
        figure.layers.push(Layer::points("a", Style::series(0), vec![(1.0, 1e-2), (10.0, 1.0), (100.0, 0.0)]));
        let plane = Plane::of(&figure);
        // The point without an error takes room on x, and stands at the lower end of y, apart from all others.
        assert_eq!(plane.position((100.0, 0.0)).unwrap().1, 0.0);
        assert!(plane.x.high > 100.0 && plane.y.position(1e-2).unwrap() > 0.1, "{plane:?}");
        assert_eq!(figure.hidden_points(), super::super::Hidden::default());
        let ticks = super::super::Ticks::of(&figure.y, &plane.y, 5);
        assert_eq!((ticks.major[0].value, ticks.major[0].label.as_str()), (0.0, "exact"));
        // Without zeros there is no such end, and none where a person asked for a stretch.
        figure.layers[0] = Layer::points("a", Style::series(0), vec![(1.0, 1e-2), (10.0, 1.0)]);
        assert!(!Plane::of(&figure).y.ends_in_nothing);
        figure.layers[0] = Layer::points("a", Style::series(0), vec![(1.0, 1e-2), (10.0, 0.0)]);
        figure.y.range = Some((1e-3, 1.0));
        assert!(!Plane::of(&figure).y.ends_in_nothing);
        assert_eq!((Plane::of(&figure).position((10.0, 0.0)), figure.hidden_points().nonpositive), (None, 1));
    }

    #[test]
    fn bars_stand_on_the_axis() {
        let mut figure = Figure::new("b", "B", Axis::categories("trial", ["a", "b"]), Axis::linear("error"));
        figure.layers.push(Layer::bars("bias", Style::series(0), vec![1.0, 2.0]));
        figure.layers.push(Layer::bars("variance", Style::series(1), vec![2.0, 8.0]));
        let plane = Plane::of(&figure);
        assert_eq!((plane.x.low, plane.x.high), (-0.5, 1.5));
        assert!(plane.y.low == 0.0 && plane.y.high > 10.0);
    }

    #[test]
    fn whiskers_are_kept_in_view_and_do_not_stretch_a_logarithmic_axis() {
        let mut figure = Figure::new("b", "B", Axis::categories("trial", ["a"]), Axis::linear("error"));
        figure.layers.push(Layer::bars("bias", Style::series(0), vec![1.0]));
        figure.layers.push(Layer::whiskers("", Style::foreground(), vec![(0.0, -0.5, 2.5)]));
        let plane = Plane::of(&figure);
        assert!(plane.y.low < -0.5 && plane.y.high > 2.5, "{plane:?}");
        let mut figure = Figure::new("f", "F", Axis::linear("x"), Axis::logarithmic("y"));
        figure.layers.push(Layer::line("a", Style::series(0), vec![(0.0, 1.0), (1.0, 2.0)]));
        figure.layers.push(Layer::whiskers("", Style::series(0), vec![(0.0, 1e-9, 2.0), (1.0, -1.0, 3.0)]));
        assert!(Plane::of(&figure).y.low > 0.5);
        assert_eq!(figure.hidden_points(), super::super::Hidden::default());
    }

    #[test]
    fn segments_are_cut_at_the_frame() {
        assert_eq!(clip((-1.0, 0.5), (2.0, 0.5)), Some(((0.0, 0.5), (1.0, 0.5))));
        assert_eq!(clip((0.2, 0.2), (0.4, 0.3)), Some(((0.2, 0.2), (0.4, 0.3))));
        assert_eq!(clip((-1.0, 0.5), (0.5, 2.0)), None);
        assert_eq!(clip((f64::MIN, 0.5), (f64::MAX, 0.5)), None);
        let (from, to) = clip((-1e300, 0.5), (1e300, 0.5)).unwrap();
        assert!([from.0, from.1, to.0, to.1].iter().all(|position| (0.0..=1.0).contains(position)));
        assert_eq!(clip((-1.0, 2.0), (2.0, 2.0)), None);
        assert_eq!(clip((0.5, 0.5), (0.5, 0.5)), Some(((0.5, 0.5), (0.5, 0.5))));
    }
}
