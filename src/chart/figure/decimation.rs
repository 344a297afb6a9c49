//! Fewer points that draw the same picture.

/// At most two of each run of points within one of `columns` columns: the lowest and the highest,
/// in their order. Positions run from 0 to 1; short lists are returned as they are.
///
/// A line that visits every column once, as a curve over time does, keeps at most two points a
/// column; one that turns back keeps two for each visit.
#[must_use]
pub fn decimate(points: &[(f64, f64)], columns: usize) -> Vec<(f64, f64)> {
    if points.len() <= 2 * columns {
        return points.to_vec();
    }
    let column = |point: &(f64, f64)| (point.0 * columns as f64).clamp(0.0, columns as f64 - 1.0).floor();
    let mut kept = Vec::with_capacity(2 * columns);
    for run in points.chunk_by(|a, b| column(a) == column(b)) {
        let by_height = |a: &usize, b: &usize| run[*a].1.total_cmp(&run[*b].1);
        let (Some(low), Some(high)) = ((0..run.len()).min_by(by_height), (0..run.len()).max_by(by_height)) else {
            continue;
        };
        kept.push(run[low.min(high)]);
        if low != high {
            kept.push(run[low.max(high)]);
        }
    }
    kept
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
    fn short_and_flat_lists_stay_whole() {
        assert!(decimate(&[], 10).is_empty());
        let few = [(0.0, 1.0), (0.5, 1.0), (1.0, 1.0)];
        assert_eq!(decimate(&few, 10), few);
        assert_eq!(decimate(&[(0.5, 0.5); 100], 10).len(), 2);
    }
}
