//! Means, spreads and quantiles, summed in index order.

/// Arithmetic mean; NaN for nothing.
#[must_use]
pub fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// Unbiased sample variance; NaN for fewer than two values.
#[must_use]
pub fn variance(values: &[f64]) -> f64 {
    if values.len() < 2 {
        return f64::NAN;
    }
    let center = mean(values);
    values.iter().map(|x| (x - center) * (x - center)).sum::<f64>() / (values.len() - 1) as f64
}

/// Standard error of the mean of independent values; NaN for fewer than two.
#[must_use]
pub fn standard_error(values: &[f64]) -> f64 {
    (variance(values) / values.len() as f64).sqrt()
}

/// The values that occur, each once, ascending.
#[must_use]
pub fn distinct(values: impl IntoIterator<Item = f64>) -> Vec<f64> {
    let mut values: Vec<f64> = values.into_iter().collect();
    values.sort_by(f64::total_cmp);
    values.dedup();
    values
}

/// Linear-interpolation quantile of values that need not be sorted; NaN for nothing.
#[must_use]
pub fn quantile(values: &[f64], level: f64) -> f64 {
    let Some(last) = values.len().checked_sub(1) else { return f64::NAN };
    let position = level.clamp(0.0, 1.0) * last as f64;
    let share = position - position.floor();
    let mut values = values.to_vec();
    let (_, below, above) = values.select_nth_unstable_by(position as usize, f64::total_cmp);
    let below = *below;
    // With an own place for the level there is nothing between two.
    let above = if share > 0.0 { above.iter().copied().min_by(f64::total_cmp).unwrap_or(below) } else { below };
    below + (above - below) * share
}

/// Spearman's rank correlation, ties sharing their mean rank; NaN for fewer than two pairs, for a side without
/// variation and for values that are not numbers.
#[must_use]
pub fn spearman(a: &[f64], b: &[f64]) -> f64 {
    if a.iter().chain(b).any(|x| x.is_nan()) || a.len() != b.len() || a.len() < 2 {
        return f64::NAN;
    }
    let (a, b) = (ranks(a), ranks(b));
    let (mean_a, mean_b) = (mean(&a), mean(&b));
    let product: f64 = a.iter().zip(&b).map(|(x, y)| (x - mean_a) * (y - mean_b)).sum();
    let spread = |ranks: &[f64], center: f64| ranks.iter().map(|x| (x - center).powi(2)).sum::<f64>();
    product / (spread(&a, mean_a) * spread(&b, mean_b)).sqrt()
}

/// Rank of each value, from 1.
fn ranks(values: &[f64]) -> Vec<f64> {
    let rank = |value: &f64| {
        let below = values.iter().filter(|other| *other < value).count() as f64;
        let equal = values.iter().filter(|other| *other == value).count() as f64;
        below + (equal + 1.0) / 2.0
    };
    values.iter().map(rank).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_cases_by_hand() {
        assert_eq!(mean(&[1.0, 2.0, 6.0]), 3.0);
        assert_eq!(variance(&[1.0, 2.0, 6.0]), 7.0);
        assert_eq!(standard_error(&[1.0, 2.0, 6.0]), (7.0f64 / 3.0).sqrt());
        assert_eq!(distinct([2.0, 1.0, 2.0, -1.0]), [-1.0, 1.0, 2.0]);
        assert_eq!(quantile(&[6.0, 1.0, 2.0], 0.5), 2.0);
        assert_eq!(quantile(&[0.0, 1.0], 0.25), 0.25);
        assert!(variance(&[1.0]).is_nan() && mean(&[]).is_nan());
        assert_eq!(ranks(&[5.0, 1.0, 5.0]), [2.5, 1.0, 2.5]);
        assert_eq!(spearman(&[1.0, 2.0, 3.0], &[10.0, 20.0, 15.0]), 0.5);
        assert_eq!(spearman(&[1.0, 2.0, 3.0], &[9.0, 4.0, 1.0]), -1.0);
        assert!(spearman(&[1.0, 1.0], &[1.0, 2.0]).is_nan());
    }
}
