//! Laws that theory gives for a sweep, fitted by weighted least squares.

use serde::Serialize;

/// Which law.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum LawKind {
    /// `variance = a + b/x`: x validation rows, or x members.
    Inverse,
    /// `bias² = b · r^(2x)`: x inner steps, r the contraction of the slowest direction that matters.
    Geometric,
}

/// A fitted law.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Law {
    /// Which.
    pub kind: LawKind,
    /// a, the floor (`Inverse`), or r (`Geometric`).
    pub a: f64,
    /// b.
    pub b: f64,
    /// Values that it is fitted to: those that are known, of a bias those that stand out of their errors.
    pub points: usize,
    /// Values that were measured.
    pub of: usize,
}

impl Law {
    /// Its value at x.
    #[must_use]
    pub fn at(&self, x: f64) -> f64 {
        match self.kind {
            LawKind::Inverse => self.a + self.b / x,
            LawKind::Geometric => self.b * self.a.powf(2.0 * x),
        }
    }

    /// As charts print it.
    #[must_use]
    pub fn in_words(&self) -> String {
        let law = match self.kind {
            LawKind::Inverse => format!("variance ≈ {:.2e} + {:.2e}/x", self.a, self.b),
            LawKind::Geometric => format!("bias² ≈ {:.2e} · {:.3}^(2x)", self.b, self.a),
        };
        let (points, of) = (self.points, self.of);
        if points == of { law } else { format!("{law} over {points} of {of} values") }
    }

    /// Of points (x, y, standard error of y); `None` for fewer than three usable ones.
    #[must_use]
    pub fn fit(kind: LawKind, points: &[(f64, f64, f64)]) -> Option<Self> {
        match kind {
            LawKind::Inverse => {
                let usable = points.iter().filter(|(x, y, _)| *x > 0.0 && y.is_finite());
                // Errors are about proportional to the value: few replicates must not outweigh many by luck.
                let rows =
                    usable.map(|&(x, y, error)| (1.0 / x, y, 1.0 / error.max(1e-3 * y.abs()).max(f64::MIN_POSITIVE)));
                let rows: Vec<_> = rows.collect();
                let (a, b) = line(&rows)?;
                Some(Self { kind, a, b, points: rows.len(), of: points.len() })
            }
            LawKind::Geometric => {
                // Below three standard errors there is nothing left of the bias but chance.
                let usable =
                    points.iter().filter(|(_, y, error)| *y > 3.0 * error.max(0.0) && *y > 0.0 && y.is_finite());
                let rows = usable.map(|&(x, y, error)| (2.0 * x, y.ln(), y / error.max(1e-3 * y)));
                let rows: Vec<_> = rows.collect();
                let (intercept, slope) = line(&rows)?;
                Some(Self { kind, a: slope.exp(), b: intercept.exp(), points: rows.len(), of: points.len() })
            }
        }
    }
}

/// Intercept and slope of (x, y, weight), by least squares of `weight · residual`.
fn line(points: &[(f64, f64, f64)]) -> Option<(f64, f64)> {
    if points.len() < 3 {
        return None;
    }
    let sum = |of: fn(&(f64, f64, f64)) -> f64| points.iter().map(of).sum::<f64>();
    let total = sum(|(_, _, w)| w * w);
    let (mean_x, mean_y) = (sum(|(x, _, w)| w * w * x) / total, sum(|(_, y, w)| w * w * y) / total);
    let spread: f64 = points.iter().map(|(x, _, w)| w * w * (x - mean_x).powi(2)).sum();
    if spread.is_nan() || spread <= 0.0 {
        return None;
    }
    let slope = points.iter().map(|(x, y, w)| w * w * (x - mean_x) * (y - mean_y)).sum::<f64>() / spread;
    Some((mean_y - slope * mean_x, slope))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exact_laws_are_recovered() {
        let inverse: Vec<_> = [1.0, 2.0, 4.0, 8.0].map(|x| (x, 0.3 + 2.0 / x, 0.1)).to_vec();
        let law = Law::fit(LawKind::Inverse, &inverse).unwrap();
        assert!((law.a - 0.3).abs() < 1e-12 && (law.b - 2.0).abs() < 1e-12);
        let mut geometric: Vec<_> = [1.0, 3.0, 10.0].map(|x: f64| (x, 5.0 * 0.9f64.powf(2.0 * x), 1e-3)).to_vec();
        // A point that is lost in its error does not count.
        geometric.push((100.0, 4e-4, 1e-3));
        let law = Law::fit(LawKind::Geometric, &geometric).unwrap();
        assert!((law.a - 0.9).abs() < 1e-12 && (law.b - 5.0).abs() < 1e-12);
        assert!((law.points, law.of) == (3, 4) && law.in_words().ends_with("over 3 of 4 values"));
        assert_eq!(Law::fit(LawKind::Inverse, &inverse[..2]), None);
    }
}
