//! Straight lines through points on log-log axes: the local slope of an error curve.

/// A line `log₁₀ y = intercept + slope · log₁₀ x`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PowerLaw {
    /// Exponent of `x`.
    pub slope: f64,
    /// `log₁₀ y` at `x = 1`.
    pub intercept: f64,
    /// Decades of `x` the fit spans.
    pub decades: f64,
    /// Standard error of the slope; zero for points on a line.
    pub error: f64,
    /// Smallest and largest `x` that were used.
    pub range: (f64, f64),
    /// Points used.
    pub points: usize,
}

impl PowerLaw {
    /// y at a positive x.
    #[must_use]
    pub fn at(&self, x: f64) -> f64 {
        10f64.powf(self.intercept + self.slope * x.log10())
    }
}

/// Least squares on log-log axes over the points that are positive and finite; `None` for fewer
/// than three such points, or when they share one `x`.
#[must_use]
pub fn power_law(points: &[(f64, f64)]) -> Option<PowerLaw> {
    let usable: Vec<(f64, f64)> = points
        .iter()
        .filter(|(x, y)| *x > 0.0 && *y > 0.0 && x.is_finite() && y.is_finite())
        .map(|(x, y)| (x.log10(), y.log10()))
        .collect();
    if usable.len() < 3 {
        return None;
    }
    let count = usable.len() as f64;
    let (mean_x, mean_y) =
        (usable.iter().map(|p| p.0).sum::<f64>() / count, usable.iter().map(|p| p.1).sum::<f64>() / count);
    let spread: f64 = usable.iter().map(|p| (p.0 - mean_x).powi(2)).sum();
    if spread <= 1e-12 {
        return None;
    }
    let slope = usable.iter().map(|p| (p.0 - mean_x) * (p.1 - mean_y)).sum::<f64>() / spread;
    // Level to rounding is level.
    let size: f64 = usable.iter().map(|p| (p.0 - mean_x).abs() * p.1.abs()).sum();
    let slope = if slope.abs() * spread <= count * f64::EPSILON * size { 0.0 } else { slope };
    let low = usable.iter().map(|p| p.0).fold(f64::INFINITY, f64::min);
    let high = usable.iter().map(|p| p.0).fold(f64::NEG_INFINITY, f64::max);
    let intercept = mean_y - slope * mean_x;
    let rest: f64 = usable.iter().map(|p| (p.1 - intercept - slope * p.0).powi(2)).sum();
    let error = (rest / (count - 2.0) / spread).sqrt();
    let range = (10f64.powf(low), 10f64.powf(high));
    Some(PowerLaw { slope, intercept, decades: high - low, error, range, points: usable.len() })
}

/// The widest stretch of a curve, above its floor, that is a power law, and its exponent.
///
/// Points with `y ≤ floor` are rounding, not error, and are left out. A stretch begins at the smallest x there is, since an
/// order says what happens as x → 0; where rounding bends the curve before it reaches the floor, up to `ROUNDING_ZONE`
/// times above it, it may begin later. It ends where the curve bends: its halves and quarters have the same slope, and the points
/// keep to the line. How nearly they have to is relaxed step by step where that leaves no stretch of `decades`; `None` where
/// that does not help either: a slope over less, or over a bend, says little. `None` as well where the curve falls from the
/// law to the floor at once.
#[must_use]
pub fn widest_power_law(points: &[(f64, f64)], floor: f64, decades: f64) -> Option<PowerLaw> {
    let mut above: Vec<(f64, f64)> =
        points.iter().copied().filter(|(x, y)| *y > floor && y.is_finite() && *x > 0.0 && x.is_finite()).collect();
    above.sort_by(|a, b| a.0.total_cmp(&b.0));
    let cells = Cells::of(&above);
    let begins = cells.begins(floor.max(0.0) * ROUNDING_ZONE);
    let stretch = |(strictness, least): (f64, Option<f64>)| {
        (0..begins).find_map(|first| cells.widest_from(first, strictness, least.unwrap_or(decades).max(decades)))
    };
    let (first, last) = STRICTNESS.into_iter().find_map(stretch)?;
    let (low, high) = (cells.edges[first].0, cells.edges[last].1);
    let window: Vec<(f64, f64)> = above.into_iter().filter(|(x, _)| (low..=high).contains(x)).collect();
    power_law(&window).filter(|law| !is_left(law, points, floor))
}

/// Whether the curve leaves a law at once, further on towards zero: where the law is still far above the floor, the curve is
/// on it. So an estimate that is exact as soon as the zeros of θ are found has no order, whatever it was off by before.
fn is_left(law: &PowerLaw, points: &[(f64, f64)], floor: f64) -> bool {
    let below = points.iter().filter(|(x, y)| *x > 0.0 && *x < law.range.0 && *y <= floor).map(|(x, _)| *x);
    let nearest = below.fold(0.0, f64::max);
    floor > 0.0 && nearest > 0.0 && law.at(nearest) > ROUNDING_ZONE * floor
}

/// Rounding bends a curve so many times above the floor at most.
const ROUNDING_ZONE: f64 = 1e3;

/// How far the slopes of both halves may differ (of quarters twice as far), and the points lie from the line in decades; and how many decades a
/// stretch is to have for that, where that is more than is asked for. In the order in which they are tried: two straight
/// decades say more than one, and one that is straight more than two that bend.
const STRICTNESS: [(f64, Option<f64>); 5] =
    [(0.03, Some(2.0)), (0.1, Some(2.0)), (0.03, None), (0.1, None), (0.3, None)];

/// A curve, taken together over twentieths of a decade so that every stretch of it counts as it is wide, with sums from
/// which any line is fitted at once.
struct Cells {
    /// Means of log₁₀ x and log₁₀ y.
    points: Vec<(f64, f64)>,
    /// Smallest and largest x.
    edges: Vec<(f64, f64)>,
    /// Largest y.
    heights: Vec<f64>,
    /// Sums of x, y, x², xy and y² over the points before each.
    sums: Vec<[f64; 5]>,
}

impl Cells {
    /// Of points in ascending order of x, all positive.
    fn of(points: &[(f64, f64)]) -> Self {
        let mut cells = Self { points: Vec::new(), edges: Vec::new(), heights: Vec::new(), sums: vec![[0.0; 5]] };
        let place = |x: f64| (20.0 * x.log10()).floor();
        for cell in points.chunk_by(|a, b| place(a.0) == place(b.0)) {
            let count = cell.len() as f64;
            let x = cell.iter().map(|point| point.0.log10()).sum::<f64>() / count;
            let y = cell.iter().map(|point| point.1.log10()).sum::<f64>() / count;
            let before = cells.sums.last().copied().unwrap_or_default();
            cells.sums.push([before[0] + x, before[1] + y, before[2] + x * x, before[3] + x * y, before[4] + y * y]);
            cells.points.push((x, y));
            cells.edges.push((cell[0].0, cell[cell.len() - 1].0));
            cells.heights.push(cell.iter().fold(0.0, |largest: f64, point| largest.max(point.1)));
        }
        cells
    }

    /// A stretch may begin at the first cell, and behind those that do not reach `zone`.
    fn begins(&self, zone: f64) -> usize {
        let within = self.heights.iter().take_while(|height| **height <= zone).count();
        (within + 1).min(self.points.len())
    }

    fn width(&self, (first, last): (usize, usize)) -> f64 {
        (self.edges[last].1 / self.edges[first].0).log10()
    }

    /// The widest stretch from a cell on that is straight and spans so many decades.
    fn widest_from(&self, first: usize, strictness: f64, decades: f64) -> Option<(usize, usize)> {
        let is_wide = |last: &usize| self.width((first, *last)) >= decades * (1.0 - 1e-9);
        (first + 2..self.points.len())
            .rev()
            .take_while(is_wide)
            .find(|last| self.is_straight(first, *last, strictness))
            .map(|last| (first, last))
    }

    /// Whether the points keep to their line, and the line to its slope: in both halves, and in all quarters twice as loosely.
    fn is_straight(&self, first: usize, last: usize, strictness: f64) -> bool {
        let Some((_, scatter)) = self.line(first, last) else { return false };
        let agree = |parts: usize, apart: f64| {
            let slopes = (0..parts).filter_map(|part| self.line_of_part(first, last, (part, parts)));
            let (low, high) =
                slopes.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), slope| (low.min(slope), high.max(slope)));
            high - low <= apart
        };
        scatter <= strictness && agree(2, strictness) && agree(4, 2.0 * strictness)
    }

    /// The slope over one of several parts of a stretch that are equally wide, from the point before it on, so that three
    /// points have two halves; nothing where it has no point of its own.
    fn line_of_part(&self, first: usize, last: usize, (part, parts): (usize, usize)) -> Option<f64> {
        let (low, high) = (self.points[first].0, self.points[last].0);
        let edge = |part: usize| low + (high - low) * part as f64 / parts as f64;
        let place = |x: f64| first + self.points[first..=last].partition_point(|point| point.0 < x);
        let end = if part + 1 == parts { last + 1 } else { place(edge(part + 1)) };
        let begin = place(edge(part));
        (begin < end).then(|| self.line(begin.saturating_sub(1).max(first), end - 1))?.map(|(slope, _)| slope)
    }

    /// Slope, and the root mean square distance of the points from the line.
    fn line(&self, first: usize, last: usize) -> Option<(f64, f64)> {
        let count = (last + 1).checked_sub(first).filter(|count| *count >= 2)? as f64;
        let sum: [f64; 5] = std::array::from_fn(|k| self.sums[last + 1][k] - self.sums[first][k]);
        let spread = sum[2] - sum[0] * sum[0] / count;
        if spread <= 1e-9 {
            return None;
        }
        let along = sum[3] - sum[0] * sum[1] / count;
        let rest = sum[4] - sum[1] * sum[1] / count - along * along / spread;
        Some((along / spread, (rest.max(0.0) / count).sqrt()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An error in proportion to x down to 0.05, and nothing but rounding from there on: no order is seen.
    #[test]
    fn a_curve_that_is_exact_from_somewhere_on_has_no_order() {
        let kinked = |x: f64| if x > 0.05 { 0.1 * x } else { 3e-17 };
        let points: Vec<(f64, f64)> =
            (0..200).map(|k| 10f64.powf(-0.03 * f64::from(k))).map(|x| (x, kinked(x))).collect();
        assert_eq!(widest_power_law(&points, 1e-16, 1.0), None);
        // One that goes down to the floor has: what lies below it is where the law leads.
        let straight: Vec<(f64, f64)> = points.iter().map(|(x, _)| (*x, 1e-12 * x)).collect();
        assert!((widest_power_law(&straight, 1e-16, 1.0).unwrap().slope - 1.0).abs() < 1e-9);
        assert!((widest_power_law(&straight, 1e-16, 1.0).unwrap().at(1e-2) / 1e-14 - 1.0).abs() < 1e-9);
    }

    fn curve(exponent: f64) -> Vec<(f64, f64)> {
        (0..40).map(|k| 10f64.powf(1.0 - f64::from(k) * 0.1)).map(|x| (x, 3.0 * x.powf(exponent))).collect()
    }

    #[test]
    fn recovers_the_exponent() {
        for exponent in [1.0, 2.0] {
            let fit = power_law(&curve(exponent)).unwrap();
            assert!((fit.slope - exponent).abs() < 1e-12);
            assert!((fit.intercept - 3f64.log10()).abs() < 1e-12);
        }
    }

    /// Twelve decades of x, ten points each.
    fn long(y: impl Fn(f64) -> f64) -> Vec<(f64, f64)> {
        (0..120).map(|k| 10f64.powf(1.0 - f64::from(k) * 0.1)).map(|x| (x, y(x))).collect()
    }

    #[test]
    fn all_of_a_power_law_is_used() {
        for exponent in [1.0, 2.0] {
            let fit = widest_power_law(&curve(exponent), 0.0, 1.0).unwrap();
            assert!((fit.slope - exponent).abs() < 1e-9 && fit.error < 1e-9, "{fit:?}");
            assert!(fit.points == 40 && (fit.decades - 3.9).abs() < 1e-9, "{fit:?}");
        }
    }

    /// x² + 1e-4 x: slope 2 far out, 1 from 1e-4 on. What counts is what happens as x → 0.
    #[test]
    fn a_bend_ends_the_stretch() {
        let fit = widest_power_law(&long(|x| x * x + 1e-4 * x), 0.0, 1.0).unwrap();
        assert!((fit.slope - 1.0).abs() < 0.02 && fit.decades > 5.0 && fit.range.1 < 1e-4, "{fit:?}");
        // Of a saturated start likewise.
        let fit = widest_power_law(&long(|x| (x * x).min(1e-4)), 0.0, 1.0).unwrap();
        assert!((fit.slope - 2.0).abs() < 0.02 && fit.decades > 7.0 && fit.range.1 < 0.05, "{fit:?}");
    }

    /// Errors of rounding, up and down by decades as chance has it, under a curve of slope 2 that reaches 1e-22.
    #[test]
    fn rounding_before_the_floor_is_left_out() {
        let noise = |x: f64| 10f64.powf((x.log10() * 1e4).sin());
        let points = long(|x| x * x + 3e-13 * noise(x));
        let fit = widest_power_law(&points, 1e-13, 1.0).unwrap();
        assert!((fit.slope - 2.0).abs() < 0.05 && fit.decades > 4.0, "{fit:?}");
        // A level that is no rounding is a bias, and a flat end is the truth of it.
        let fit = widest_power_law(&long(|x| x + 1e-5), 1e-13, 1.0).unwrap();
        assert!(fit.slope.abs() < 0.02 && fit.range.1 < 1e-5, "{fit:?}");
    }

    /// A slope that swings between 1 and 1.5 far out, as where the first-order error crosses zero, and is 1 in the end.
    #[test]
    fn a_curve_that_swings_is_read_where_it_has_settled() {
        let height =
            |log: f64| if log < -4.0 { log } else { log + 0.25 * (log + 4.0) - 0.12 * (2.0 * (log + 4.0)).sin() };
        let points: Vec<(f64, f64)> =
            (0..60).map(|k| 1.0 - 0.1 * f64::from(k)).map(|log| (10f64.powf(log), 10f64.powf(height(log)))).collect();
        let points: Vec<(f64, f64)> = points.into_iter().filter(|(x, _)| *x > 3e-6).collect();
        let fit = widest_power_law(&points, 1e-13, 1.0).unwrap();
        assert!((fit.slope - 1.0).abs() < 0.1, "{fit:?}");
    }

    #[test]
    fn few_points_far_apart_are_a_stretch_and_a_short_run_is_none() {
        let newton: Vec<(f64, f64)> = [1e-1, 1e-2, 1e-4, 1e-8].map(|x: f64| (x, 2.0 * x * x)).to_vec();
        let fit = widest_power_law(&newton, 1e-18, 1.0).unwrap();
        assert!((fit.slope - 2.0).abs() < 1e-9 && fit.points == 4, "{fit:?}");
        assert!(widest_power_law(&curve(1.0)[..5], 0.0, 1.0).is_none());
        assert!(widest_power_law(&[(1e-3, 1e-3), (1e-5, 1e-5)], 0.0, 1.0).is_none());
        // A curve that bends all the way has no stretch of a decade.
        let bent = long(|x| 10f64.powf(-x.log10().powi(2)));
        assert!(widest_power_law(&bent[..30], 0.0, 1.0).is_none_or(|fit| fit.decades < 1.3));
    }
}
