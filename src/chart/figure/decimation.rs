//! Fewer points that draw the same picture.

use super::{Figure, Plane, Settled, Shape};

/// At most two of each run of points within one of `columns` columns: the lowest and the highest,
/// in their order. Positions run from 0 to 1; short lists are returned as they are.
///
/// A line that visits every column once, as a curve over time does, keeps at most two points a
/// column; one that turns back keeps two for each visit.
#[must_use]
pub fn decimate(points: &[(f64, f64)], columns: usize) -> Vec<(f64, f64)> {
    kept(points, columns).into_iter().map(|index| points[index]).collect()
}

/// Which of them those are.
fn kept(points: &[(f64, f64)], columns: usize) -> Vec<usize> {
    if points.len() <= 2 * columns {
        return (0..points.len()).collect();
    }
    let column = |point: &(f64, f64)| (point.0 * columns as f64).clamp(0.0, columns as f64 - 1.0).floor();
    let mut kept = Vec::with_capacity(2 * columns);
    let mut start = 0;
    for run in points.chunk_by(|a, b| column(a) == column(b)) {
        let by_height = |a: &usize, b: &usize| run[*a].1.total_cmp(&run[*b].1);
        let extremes = (0..run.len()).min_by(by_height).zip((0..run.len()).max_by(by_height));
        if let Some((low, high)) = extremes {
            kept.push(start + low.min(high));
            if low != high {
                kept.push(start + low.max(high));
            }
        }
        start += run.len();
    }
    kept
}

/// The same figure with fewer points on its long lines, for whoever draws no more columns than this: the axes and what is
/// said of points that cannot be shown stay those of all of them, and every line keeps its ends.
#[must_use]
pub fn lightened(mut figure: Figure, columns: usize) -> Figure {
    let is_long = |shape: &Shape| matches!(shape, Shape::Line(points) if points.len() > 2 * columns);
    if !figure.layers.iter().any(|layer| is_long(&layer.shape)) {
        return figure;
    }
    let plane = Plane::of(&figure);
    let (x, y) = ((plane.x.low, plane.x.high), (plane.y.low, plane.y.high));
    let end_in_nothing = (plane.x.ends_in_nothing, plane.y.ends_in_nothing);
    let settled = Settled { x, y, end_in_nothing, hidden: figure.hidden_points() };
    for layer in &mut figure.layers {
        if let Shape::Line(points) = &mut layer.shape {
            *points = light(points, &plane, columns);
        }
    }
    figure.settled = Some(settled);
    figure
}

fn light(points: &[(f64, f64)], plane: &Plane, columns: usize) -> Vec<(f64, f64)> {
    let positions: Vec<Option<(f64, f64)>> = points.iter().map(|point| plane.position(*point)).collect();
    let mut light = Vec::with_capacity(2 * columns);
    let mut start = 0;
    for run in positions.chunk_by(|a, b| a.is_some() == b.is_some()) {
        let last = start + run.len() - 1;
        match run.iter().copied().collect::<Option<Vec<(f64, f64)>>>() {
            Some(run) => {
                let mut indices = kept(&run, columns);
                if indices.first() != Some(&0) {
                    indices.insert(0, 0);
                }
                light.extend(indices.iter().map(|index| points[start + index]));
                if indices.last() != Some(&(run.len() - 1)) {
                    light.push(points[last]);
                }
            }
            // A gap is a gap, however long.
            None => light.push(points[start]),
        }
        start = last + 1;
    }
    light
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_points_a_column_and_no_peak_lost() {
        let mut points: Vec<(f64, f64)> =
            (0..10_000).map(|k| f64::from(k) / 9_999.0).map(|x| (x, (x * 300.0).sin() * 0.3)).collect();
        points[4321].1 = 1.0;
        points[8765].1 = -1.0;
        let kept = decimate(&points, 50);
        assert!(kept.len() <= 100);
        assert!(kept.contains(&points[4321]) && kept.contains(&points[8765]));
        assert!(kept.windows(2).all(|pair| pair[0].0 < pair[1].0));
        assert!(kept.iter().all(|point| points.contains(point)));
    }

    #[test]
    fn a_light_figure_has_the_axes_of_the_whole_one_and_its_ends() {
        use crate::chart::{Axis, Fit, Layer, Style};
        let mut points: Vec<(f64, f64)> =
            (0..20_000).map(|k| (f64::from(k), 2.0 + (f64::from(k) * 0.37).sin())).collect();
        points[7].1 = 1e6;
        points[5000].1 = f64::NAN;
        points[5001].1 = f64::NAN;
        let mut figure = Figure::new("f", "F", Axis::steps("step"), Axis::linear("loss").fitted(Fit::Bulk));
        figure.layers.push(Layer::line("a", Style::trial(0), points.clone()));
        let light = lightened(figure.clone(), 200);
        let Shape::Line(kept) = &light.layers[0].shape else { panic!("a line") };
        assert!(kept.len() <= 2 * 2 * 200 + 6 && kept.first() == points.first() && kept.last() == points.last());
        assert_eq!(kept.iter().filter(|point| point.1.is_nan()).count(), 1);
        assert_eq!(Plane::of(&light), Plane::of(&figure));
        assert_eq!(light.hidden_points(), figure.hidden_points());
        // In every column that a screen draws it reaches as low and as high as the whole one.
        let plane = Plane::of(&figure);
        let reaches = |points: &[(f64, f64)]| {
            let mut reaches = vec![(f64::INFINITY, f64::NEG_INFINITY); 101];
            for (x, y) in points.iter().filter_map(|point| plane.position(*point)) {
                let reach: &mut (f64, f64) = &mut reaches[(x * 100.0) as usize];
                *reach = (reach.0.min(y), reach.1.max(y));
            }
            reaches
        };
        assert!(reaches(kept) == reaches(&points));
        let short = lightened(figure.clone(), 20_000);
        assert_eq!(short.layers[0].name, "a");
    }

    #[test]
    fn short_and_flat_lists_stay_whole() {
        assert!(decimate(&[], 10).is_empty());
        let few = [(0.0, 1.0), (0.5, 1.0), (1.0, 1.0)];
        assert_eq!(decimate(&few, 10), few);
        assert_eq!(decimate(&[(0.5, 0.5); 100], 10).len(), 2);
    }
}
