//! The point a crosshair is nearest to.

use super::{Figure, Ink, Layer, Plane, Shape};

/// A data point and where it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Nearest {
    /// Index of the layer.
    pub layer: usize,
    /// Index of the point in the layer.
    pub index: usize,
    /// The point in data coordinates.
    pub point: (f64, f64),
    /// The point's position, each coordinate from 0 to 1.
    pub position: (f64, f64),
}

/// The visible point of a line or a set of points that is nearest to a position. `aspect` is the
/// plot's width over its height, as the eye sees them.
#[must_use]
pub fn nearest(figure: &Figure, plane: &Plane, at: (f64, f64), aspect: f64) -> Option<Nearest> {
    let distance = |position: (f64, f64)| ((position.0 - at.0) * aspect).hypot(position.1 - at.1);
    let visible = |position: &(f64, f64)| (0.0..=1.0).contains(&position.0) && (0.0..=1.0).contains(&position.1);
    let candidates = figure.layers.iter().enumerate().flat_map(|(layer, content)| {
        let points = match &content.shape {
            Shape::Line(points) | Shape::Points(points) => points.as_slice(),
            _ => &[],
        };
        points.iter().enumerate().filter_map(move |(index, point)| {
            let position = plane.position(*point).filter(visible)?;
            Some(Nearest { layer, index, point: *point, position })
        })
    });
    // A curve is named before what marks a place on it.
    let is_mark = |nearest: &Nearest| figure.layers[nearest.layer].is_mark();
    candidates
        .min_by(|a, b| distance(a.position).total_cmp(&distance(b.position)).then_with(|| is_mark(a).cmp(&is_mark(b))))
}

/// The point of a line or of a set of points that is nearest to a value of x; of several there, the last. Marks on the
/// curves of others and texts beside them are no function of x, and have none.
#[must_use]
pub fn at(layer: &Layer, x: f64, is_logarithmic: bool) -> Option<(f64, f64)> {
    if layer.is_mark() {
        return None;
    }
    let (Shape::Line(points) | Shape::Points(points)) = &layer.shape else { return None };
    let is_over_x = points.windows(2).all(|pair| pair[0].0 <= pair[1].0 || pair.iter().any(|point| point.0.is_nan()));
    let finite = points.iter().copied().filter(|(x, y)| x.is_finite() && y.is_finite());
    // Beyond its ends a curve has no value, and one that turns back has several.
    let is_between = finite.clone().any(|end| end.0 <= x) && finite.clone().any(|end| end.0 >= x);
    if !is_between || !is_over_x {
        return None;
    }
    let measure = |x: f64| if is_logarithmic { x.ln() } else { x };
    let distance = |point: &(f64, f64)| (measure(point.0) - measure(x)).abs();
    finite.reduce(|best, point| if distance(&point) <= distance(&best) { point } else { best })
}

/// The lines of a trial, with the points of each that can be seen.
fn lines(figure: &Figure, trial: usize) -> impl Iterator<Item = (&Layer, impl DoubleEndedIterator<Item = (f64, f64)>)> {
    let shown = |(x, y): &(f64, f64)| figure.x.shows(*x) && figure.y.shows(*y);
    let of_trial = figure.layers.iter().filter(move |layer| layer.style.ink == Ink::Trial(trial));
    of_trial.filter_map(move |layer| match &layer.shape {
        Shape::Line(points) => Some((layer, points.iter().copied().filter(shown))),
        _ => None,
    })
}

/// The last point of a trial's first line.
#[must_use]
pub fn newest(figure: &Figure, trial: usize) -> Option<(f64, f64)> {
    lines(figure, trial).find_map(|(_, mut points)| points.next_back())
}

/// Where the points of a trial's first line lie along x, those that can be seen, in order.
#[must_use]
pub fn places(figure: &Figure, trial: usize) -> Vec<f64> {
    let line = lines(figure, trial).find(|(layer, _)| !layer.style.faint);
    let mut places: Vec<f64> = line.into_iter().flat_map(|(_, points)| points).map(|(x, _)| x).collect();
    places.sort_by(f64::total_cmp);
    places.dedup();
    places
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::{Axis, Layer, Style};

    #[test]
    fn a_line_is_read_at_its_point_nearest_to_x_as_the_axis_counts() {
        let line = Layer::line("a", Style::trial(2), vec![(1.0, 5.0), (f64::NAN, 1.0), (100.0, 7.0)]);
        assert_eq!(at(&line, 40.0, false), Some((1.0, 5.0)));
        assert_eq!(at(&line, 40.0, true), Some((100.0, 7.0)));
        assert_eq!((at(&line, 101.0, true), at(&line, 0.5, false)), (None, None), "beyond its ends");
        let path = Layer::line("p", Style::trial(2), vec![(1.0, 5.0), (3.0, 1.0), (2.0, 7.0)]);
        assert_eq!(at(&path, 2.0, false), None, "a path turns back");
        assert_eq!(at(&Layer::vertical("now", 1.0), 1.0, false), None);
        let mut figure = Figure::new("f", "F", Axis::linear("x"), Axis::logarithmic("y"));
        figure.layers.push(Layer::line("a", Style::trial(2), vec![(0.0, 1.0), (1.0, 2.0), (2.0, 0.0)]));
        assert_eq!((newest(&figure, 2), newest(&figure, 0)), (Some((1.0, 2.0)), None));
    }

    #[test]
    fn texts_and_marks_on_curves_are_not_read_in_their_place() {
        let mut figure = Figure::new("f", "F", Axis::linear("x").within(0.0, 2.0), Axis::linear("y").within(0.0, 2.0));
        figure.layers.push(Layer::points("F rose", Style::neutral(), vec![(1.0, 1.0)]));
        figure.layers.push(Layer::points("minimum of F", Style::foreground(), vec![(0.0, 2.0)]));
        figure.layers.push(Layer::texts(Style::neutral(), vec![(2.0, 1.2, "+0.1 since step 3".to_owned())]));
        figure.layers.push(Layer::line("a", Style::trial(0), vec![(0.0, 0.5), (1.0, 1.0), (2.0, 0.5)]));
        let plane = Plane::of(&figure);
        let named = |x: f64, y: f64| nearest(&figure, &plane, (x / 2.0, y / 2.0), 1.0).map(|it| (it.layer, it.point));
        // Where a text stands, the curve below it is what is read.
        assert_eq!(named(2.0, 1.2), Some((3, (2.0, 0.5))));
        assert_eq!(named(1.1, 1.1), Some((3, (1.0, 1.0))), "the curve, not the mark on it");
        assert_eq!(named(0.1, 1.9), Some((1, (0.0, 2.0))), "what lies on no curve is read itself");
        let read = figure.layers.iter().map(|layer| at(layer, 0.0, false));
        assert_eq!(read.collect::<Vec<_>>(), [None, None, None, Some((0.0, 0.5))]);
    }

    #[test]
    fn the_nearest_is_measured_as_the_eye_does() {
        let mut figure =
            Figure::new("f", "F", Axis::linear("x").within(0.0, 1.0), Axis::logarithmic("y").within(1.0, 100.0));
        figure.layers.push(Layer::guide("slope", 1.0, (0.5, 10.0)));
        figure.layers.push(Layer::line("a", Style::series(0), vec![(0.6, 10.0), (f64::NAN, 1.0), (5.0, 10.0)]));
        figure.layers.push(Layer::points("b", Style::series(1), vec![(0.5, 0.0), (0.5, 20.0)]));
        let plane = Plane::of(&figure);
        let wide = nearest(&figure, &plane, (0.5, 0.5), 4.0).unwrap();
        assert_eq!((wide.layer, wide.index, wide.point), (2, 1, (0.5, 20.0)));
        let square = nearest(&figure, &plane, (0.5, 0.5), 1.0).unwrap();
        assert_eq!((square.layer, square.index, square.point), (1, 0, (0.6, 10.0)));
    }
}
