//! Which values an axis is fitted to, so that what matters fills it: not the few first points of a run that falls, and
//! not the one curve among many that lies ten decades below the others. What is left outside is marked at the edge and said.

use std::collections::BTreeMap;

use super::{Figure, Fit, Ink, Layer, Shape, Weight};
use crate::catalog::Scale;
use crate::math::statistics::quantile;

/// A curve whose whole range is so many times that of its bulk is cut down to the bulk.
const STRETCHED: f64 = 2.0;

/// Share of a curve's points that may lie outside at either end.
const TAIL: f64 = 0.02;

/// Room left around the bulk, as a share of it.
const AROUND: f64 = 0.25;

/// Curves with fewer points are taken whole.
const FEW_POINTS: usize = 16;

/// Curves are left outside where the others then have so many times the room.
const SQUEEZED: f64 = 3.0;

/// One in so many curves may be left outside, at both ends together.
const MINORITY: usize = 3;

/// Curves that agree ask for no less room than this, so that none is left outside only because others are alike: a
/// decade, or a share of the largest value on an axis of differences.
const LEAST_DECADES: f64 = 1.0;
const LEAST_SHARE: f64 = 0.05;

/// Whose points belong together: all layers of a trial, or one layer of anything else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Owner {
    Trial(usize),
    Layer(usize),
}

/// What one owner takes of the axis, in its own measure.
#[derive(Debug, Clone, Copy)]
struct Stretch {
    low: f64,
    high: f64,
    /// The selected trial is never left outside.
    is_kept: bool,
}

/// The lowest and the highest value that the vertical axis is fitted to; `None` where all of them count.
pub(super) fn vertical(figure: &Figure) -> Option<(f64, f64)> {
    let axis = &figure.y;
    let is_drawn = |layer: &Layer| matches!(layer.shape, Shape::Line(_) | Shape::Points(_) | Shape::Band(_));
    // Texts follow the curves that they are about.
    let is_passed = |layer: &Layer| is_drawn(layer) || matches!(layer.shape, Shape::Texts(_));
    let others = figure.layers.iter().any(|layer| !is_passed(layer) && !layer.samples().is_empty());
    // What is bounded by its nature squeezes nothing: a cosine that falls is seen to fall.
    let is_bounded = axis.bounds.is_some_and(|(low, high)| low.is_finite() && high.is_finite());
    if axis.range.is_some() || axis.fit == Fit::Everything || is_bounded || others {
        return None;
    }
    let mut owners: BTreeMap<Owner, Stretch> = BTreeMap::new();
    // The steps behind a smoothed curve, which are light as well, may reach beyond the axis. A whole run behind one that
    // goes on may not.
    let counts = |layer: &Layer| !layer.style.faint || layer.style.weight != Weight::Thin;
    // Rings and other marks on curves follow the curves.
    let layers = figure.layers.iter().enumerate().filter(|(_, layer)| counts(layer) && !layer.is_mark());
    for (index, layer) in layers {
        let owner = match layer.style.ink {
            Ink::Trial(id) => Owner::Trial(id),
            Ink::Series(_) | Ink::Neutral | Ink::Foreground => Owner::Layer(index),
        };
        let Some(stretch) = stretch(figure, layer) else { continue };
        let whole = owners.entry(owner).or_insert(stretch);
        *whole = Stretch {
            low: whole.low.min(stretch.low),
            high: whole.high.max(stretch.high),
            is_kept: whole.is_kept || stretch.is_kept,
        };
    }
    let stretches: Vec<Stretch> = owners.into_values().collect();
    let (low, high) = without_far_ones(&stretches, axis.scale == Scale::Logarithmic)?;
    let value = |measure: f64| match axis.scale {
        Scale::Linear => measure,
        Scale::Logarithmic => 10f64.powf(measure),
    };
    Some((value(low), value(high)))
}

/// What a layer takes: all of it, or its bulk where the axis is fitted to that.
fn stretch(figure: &Figure, layer: &Layer) -> Option<Stretch> {
    let shown = layer.samples().into_iter().filter(|(x, y)| figure.x.has_place(*x) && figure.y.shows(*y));
    let measure = |y: f64| if figure.y.scale == Scale::Logarithmic { y.log10() } else { y };
    let values: Vec<f64> = shown.map(|(_, y)| measure(y)).collect();
    let low = values.iter().copied().reduce(f64::min)?;
    let high = values.iter().copied().reduce(f64::max)?;
    // Bounds and predictions in grey say how far the data may go.
    let is_kept = layer.style.emphasis || layer.style.ink == Ink::Neutral;
    if figure.y.fit != Fit::Bulk || values.len() < FEW_POINTS {
        return Some(Stretch { low, high, is_kept });
    }
    let (least, most) = (quantile(&values, TAIL), quantile(&values, 1.0 - TAIL));
    let bulk = most - least;
    if bulk <= 0.0 || high - low <= STRETCHED * bulk {
        return Some(Stretch { low, high, is_kept });
    }
    Some(Stretch { low: low.max(least - AROUND * bulk), high: high.min(most + AROUND * bulk), is_kept })
}

/// The ends of all stretches, save a few that would squeeze the rest.
fn without_far_ones(stretches: &[Stretch], is_logarithmic: bool) -> Option<(f64, f64)> {
    let mut allowed = stretches.len() / MINORITY;
    let mut by_high: Vec<&Stretch> = stretches.iter().collect();
    by_high.sort_by(|a, b| b.high.total_cmp(&a.high));
    let mut by_low: Vec<&Stretch> = stretches.iter().collect();
    by_low.sort_by(|a, b| a.low.total_cmp(&b.low));
    let (mut low, mut high) = (by_low.first()?.low, by_high.first()?.high);
    let room = |low: f64, high: f64| {
        let least = if is_logarithmic { LEAST_DECADES } else { LEAST_SHARE * low.abs().max(high.abs()) };
        (high - low).max(least)
    };
    // On an axis of ratios a curve is left out as a whole or not at all: where it comes from is as telling as where it goes.
    let far = |sorted: &[&Stretch],
               allowed: usize,
               is_apart: fn(&Stretch, &Stretch) -> bool,
               room: &dyn Fn(&Stretch) -> f64| {
        let is_free = |dropped: &usize| {
            let kept = sorted[*dropped];
            !is_logarithmic || sorted[..*dropped].iter().all(|far| is_apart(far, kept))
        };
        (1..=allowed)
            .take_while(|dropped| !sorted[dropped - 1].is_kept)
            .filter(is_free)
            .find(|dropped| SQUEEZED * room(sorted[*dropped]) < room(sorted[0]))
    };
    if let Some(dropped) = far(&by_low, allowed, |far, kept| far.high < kept.low, &|stretch| room(stretch.low, high)) {
        low = by_low[dropped].low;
        allowed -= dropped;
    }
    if let Some(dropped) = far(&by_high, allowed, |far, kept| far.low > kept.high, &|stretch| room(low, stretch.high)) {
        high = by_high[dropped].high;
    }
    Some((low, high))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::{Axis, Style};

    fn figure(y: Axis, curves: &[Vec<f64>]) -> Figure {
        let mut figure = Figure::new("f", "F", Axis::steps("step"), y);
        for (id, values) in curves.iter().enumerate() {
            let points = values.iter().enumerate().map(|(step, y)| (step as f64, *y)).collect();
            figure.layers.push(Layer::line(format!("trial {id}"), Style::trial(id), points));
        }
        figure
    }

    #[test]
    fn one_curve_at_rounding_does_not_squeeze_the_rest() {
        let curves = [vec![1e-1, 1e-3], vec![1e-2, 1e-4], vec![1e-15, 2e-15]];
        let mut figure = figure(Axis::logarithmic("error"), &curves);
        let (low, high) = vertical(&figure).unwrap();
        assert!((low / 1e-4 - 1.0).abs() < 1e-9 && (high / 1e-1 - 1.0).abs() < 1e-9, "{low} {high}");
        // The selected trial is always in sight.
        figure.layers[2].style.emphasis = true;
        assert!((vertical(&figure).unwrap().0 / 1e-15 - 1.0).abs() < 1e-9);
    }

    #[test]
    fn curves_that_agree_leave_no_other_out() {
        // Cosines of four trials, two of them alike to rounding.
        let curves = [vec![1.0], vec![0.986_397_702_752_2], vec![0.986_397_702_752_2 + 5e-14], vec![0.956]];
        let cosines = figure(Axis::linear("cosine"), &curves);
        assert_eq!(vertical(&cosines), Some((0.956, 1.0)));
        // Errors of the same four: all within two decades.
        let curves = [vec![8.7e-3], vec![0.17, 0.34], vec![0.17, 0.34], vec![0.516]];
        let (low, high) = vertical(&figure(Axis::logarithmic("error"), &curves)).unwrap();
        assert!((low / 8.7e-3 - 1.0).abs() < 1e-9 && (high / 0.516 - 1.0).abs() < 1e-9, "{low} {high}");
        // One that diverges is left out all the same, though the others are level.
        let curves = [vec![1e30], vec![0.5], vec![0.5], vec![0.5]];
        assert_eq!(vertical(&figure(Axis::linear("value"), &curves)), Some((0.5, 0.5)));
    }

    #[test]
    fn an_axis_that_is_bounded_by_nature_leaves_nothing_out() {
        let curves = [vec![0.9, 0.91], vec![0.88, 0.9], vec![0.9, 0.92], vec![0.1, 0.3]];
        assert_eq!(vertical(&figure(Axis::linear("cosine"), &curves)), Some((0.88, 0.92)));
        assert_eq!(vertical(&figure(Axis::linear("cosine").bounded(Some((-1.0, 1.0))), &curves)), None);
        let above_zero = Axis::linear("norm").bounded(Some((0.0, f64::INFINITY)));
        assert_eq!(vertical(&figure(above_zero, &curves)), Some((0.88, 0.92)));
    }

    #[test]
    fn two_curves_and_curves_that_meet_stay_whole() {
        let pair = figure(Axis::logarithmic("error"), &[vec![1e-1], vec![1e-15]]);
        assert!((vertical(&pair).unwrap().0 / 1e-15 - 1.0).abs() < 1e-9);
        let deep: Vec<f64> = (0..=16).map(|k| 10f64.powi(-k)).collect();
        let shallow: Vec<f64> = (0..=8).map(|k| 10f64.powi(-k)).collect();
        let meeting = figure(Axis::logarithmic("error"), &[shallow.clone(), shallow, deep]);
        assert!((vertical(&meeting).unwrap().0 / 1e-16 - 1.0).abs() < 1e-9);
    }

    #[test]
    fn a_fall_in_the_first_steps_is_cut_where_the_bulk_is_wanted() {
        let fall: Vec<f64> = (0..300).map(|k| 0.35 - 1e-4 * f64::from(k) + (-f64::from(k)).exp()).collect();
        let whole = figure(Axis::linear("loss"), std::slice::from_ref(&fall));
        assert!(vertical(&whole).unwrap().1 > 1.3);
        let bulk = figure(Axis::linear("loss").fitted(Fit::Bulk), std::slice::from_ref(&fall));
        let (low, high) = vertical(&bulk).unwrap();
        assert!(low <= 0.3201 && high < 0.4, "{low} {high}");
    }
}
