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
    /// Points used.
    pub points: usize,
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
    let low = usable.iter().map(|p| p.0).fold(f64::INFINITY, f64::min);
    let high = usable.iter().map(|p| p.0).fold(f64::NEG_INFINITY, f64::max);
    Some(PowerLaw { slope, intercept: mean_y - slope * mean_x, decades: high - low, points: usable.len() })
}

/// The slope where the run ends: a fit over the last `decades` of `x` above the noise floor.
///
/// Points with `y ≤ floor` are rounding, not error, and are left out. `None` when what is left
/// spans less than `decades`: a slope over less says little.
#[must_use]
pub fn local_power_law(points: &[(f64, f64)], floor: f64, decades: f64) -> Option<PowerLaw> {
    let above: Vec<(f64, f64)> =
        points.iter().copied().filter(|(x, y)| *y > floor && y.is_finite() && *x > 0.0 && x.is_finite()).collect();
    let smallest = above.iter().map(|p| p.0).fold(f64::INFINITY, f64::min);
    let limit = smallest * 10f64.powf(decades) * (1.0 + 1e-9);
    // The first point beyond the window counts, so that widely spaced points still span it.
    let end = above.iter().map(|p| p.0).filter(|x| *x >= limit).fold(f64::INFINITY, f64::min);
    let end = if end.is_finite() { end } else { limit };
    let window: Vec<(f64, f64)> = above.into_iter().filter(|(x, _)| *x <= end).collect();
    power_law(&window).filter(|fit| fit.decades >= decades * (1.0 - 1e-9))
}

#[cfg(test)]
mod tests {
    use super::*;

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

    #[test]
    fn the_local_slope_ignores_the_far_part_and_the_floor() {
        let mut points = curve(2.0);
        for point in points.iter_mut().filter(|point| point.0 > 0.5) {
            point.1 = 1.0;
        }
        points.push((1e-4, 1e-20));
        let fit = local_power_law(&points, 1e-13, 1.0).unwrap();
        assert!((fit.slope - 2.0).abs() < 1e-9, "{fit:?}");
    }

    #[test]
    fn too_short_a_run_has_no_slope() {
        assert!(local_power_law(&curve(1.0)[..5], 0.0, 1.0).is_none());
    }
}
