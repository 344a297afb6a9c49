//! Means of neighbouring outer steps, for curves of which every step is about other rows.

use super::{Layer, Shape, Style, Weight};
use crate::lab::TrialView;

/// Steps on which fewer than this are not smoothed: every one of them can be seen.
const FEW: usize = 30;

/// Parts of a run that a window is one of.
const PARTS: usize = 20;

/// The widest window: beyond, a turn would be smoothed away.
const MOST: usize = 25;

/// Whether every outer step of a trial is about other rows than the one before, so that its losses jump.
pub(super) fn is_noisy(trial: &TrialView) -> bool {
    let setting = &trial.setting;
    setting.rows_move() || !setting.inner.batch.is_full() || !setting.outer.batch.is_full()
}

/// How many steps a mean is taken of, an odd number; 1 where so few steps are not smoothed.
pub(super) fn window(steps: usize) -> usize {
    if steps < FEW { 1 } else { (steps / PARTS).clamp(3, MOST) | 1 }
}

/// The mean of each step and its neighbours on either side, as far as there are any; gaps stay gaps.
pub(super) fn smoothed(points: &[(f64, f64)], window: usize) -> Vec<(f64, f64)> {
    let reach = window / 2;
    let mean = |place: usize| {
        // The steep beginning is not drawn towards what follows; the end is a mean like any other, since rises are read there.
        let reach = reach.min(place);
        let around = &points[place - reach..=(place + reach).min(points.len() - 1)];
        let values = around.iter().map(|point| point.1).filter(|y| y.is_finite());
        let (sum, count) = values.fold((0.0, 0u32), |(sum, count), y| (sum + y, count + 1));
        sum / f64::from(count)
    };
    let value = |(place, (x, y)): (usize, &(f64, f64))| (*x, if y.is_finite() { mean(place) } else { *y });
    points.iter().enumerate().map(value).collect()
}

/// A line as it is, or its means with the line itself pale behind, and how many steps they are of.
pub(super) fn layers(line: Layer, is_noisy: bool) -> (Vec<Layer>, usize) {
    let Shape::Line(points) = &line.shape else { return (vec![line], 1) };
    if points.iter().filter(|(_, y)| y.is_finite()).count() < 2 {
        // A light or broken line has no markers, and without them one point is not seen.
        let style = Style { weight: Weight::Normal, dashed: false, ..line.style };
        return (vec![Layer { style, ..line }], 1);
    }
    let window = if is_noisy { window(points.len()) } else { 1 };
    if window == 1 {
        return (vec![line], 1);
    }
    let means = smoothed(points, window);
    let quantity = format!("{}, each step", line.quantity);
    let whose = line.whose.clone();
    let behind = Layer::line("", line.style.thin().faint(), points.clone()).whose(whose).quantity(quantity);
    (vec![behind, Layer { shape: Shape::Line(means), ..line }], window)
}

/// What a chart says of it.
pub(super) fn note(window: usize) -> Option<String> {
    (window > 1).then(|| format!("of rows drawn anew: means of {window} steps, each step pale behind"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_stays_a_line_and_noise_is_averaged() {
        let line: Vec<(f64, f64)> = (0..40).map(|step| (f64::from(step), 2.0 * f64::from(step))).collect();
        for ((_, mean), (_, y)) in smoothed(&line, 9).iter().zip(&line).take(36) {
            assert!((mean - y).abs() < 1e-12);
        }
        let noise: Vec<(f64, f64)> = (0..40).map(|step| (f64::from(step), f64::from(step % 2))).collect();
        assert!(smoothed(&noise, 9)[4..].iter().all(|(_, y)| (y - 0.5).abs() < 0.1));
    }

    #[test]
    fn one_point_has_a_marker() {
        let of = |points| layers(Layer::line("a", Style::series(0).thin().dashed(), points), false).0[0].style;
        assert_eq!(of(vec![(0.0, 1.0)]), Style::series(0));
        assert_eq!(of(vec![(0.0, 1.0), (1.0, 1.0)]), Style::series(0).thin().dashed());
    }

    #[test]
    fn gaps_stay_gaps_and_the_window_is_odd() {
        let points = [(0.0, 1.0), (1.0, f64::NAN), (2.0, 3.0)];
        let found = smoothed(&points, 3);
        assert!(found[1].1.is_nan() && found[0].1 == 1.0 && found[2].1 == 3.0);
        assert_eq!([10, 40, 300, 100_000].map(window), [1, 3, 15, 25]);
    }
}
