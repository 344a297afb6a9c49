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
    candidates.min_by(|a, b| distance(a.position).total_cmp(&distance(b.position)))
}

/// The point of a line or of a set of points that is nearest to a value of x; of several there, the last.
#[must_use]
pub fn at(layer: &Layer, x: f64, is_logarithmic: bool) -> Option<(f64, f64)> {
    let (Shape::Line(points) | Shape::Points(points)) = &layer.shape else { return None };
    let measure = |x: f64| if is_logarithmic { x.ln() } else { x };
    let distance = |point: &(f64, f64)| (measure(point.0) - measure(x)).abs();
    let finite = points.iter().filter(|(x, y)| x.is_finite() && y.is_finite());
    finite.copied().reduce(|best, point| if distance(&point) <= distance(&best) { point } else { best })
}

/// The last point of a trial's first line.
#[must_use]
pub fn newest(figure: &Figure, trial: usize) -> Option<(f64, f64)> {
    let of_trial = figure.layers.iter().filter(|layer| layer.style.ink == Ink::Trial(trial));
    let mut lines =
        of_trial.filter_map(|layer| if let Shape::Line(points) = &layer.shape { Some(points) } else { None });
    lines.find_map(|points| points.iter().rev().find(|(x, y)| figure.x.shows(*x) && figure.y.shows(*y)).copied())
}

/// Where the points of a trial's first line lie along x, those that can be seen, in order.
#[must_use]
pub fn places(figure: &Figure, trial: usize) -> Vec<f64> {
    let of_trial = figure.layers.iter().filter(|layer| layer.style.ink == Ink::Trial(trial) && !layer.style.faint);
    let mut lines =
        of_trial.filter_map(|layer| if let Shape::Line(points) = &layer.shape { Some(points) } else { None });
    let shown = |(x, y): &&(f64, f64)| figure.x.shows(*x) && figure.y.shows(*y);
    let mut places: Vec<f64> = lines.next().into_iter().flatten().filter(shown).map(|(x, _)| *x).collect();
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
        assert_eq!(at(&Layer::vertical("now", 1.0), 1.0, false), None);
        let mut figure = Figure::new("f", "F", Axis::linear("x"), Axis::logarithmic("y"));
        figure.layers.push(Layer::line("a", Style::trial(2), vec![(0.0, 1.0), (1.0, 2.0), (2.0, 0.0)]));
        assert_eq!((newest(&figure, 2), newest(&figure, 0)), (Some((1.0, 2.0)), None));
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
