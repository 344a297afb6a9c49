//! A regressor that moves with what is left out, beside an instrument that does not.
//!
//! `x = s z + 0.8 u + 0.3 ε`, `y = f(x) − c u + e ε′`, with z, u, ε and ε′ independent standard normal: u moves both, so that
//! regressing y on x finds another function than f, however many rows there are; z moves y through x alone.

use rand_distr::{Distribution, StandardNormal};

use super::draw::{Draw, Part, check_number, check_rows, part};
use super::spec::CausalCurve;
use super::{DataError, Dataset};
use crate::math::Matrix;

/// How much of the regressor the confounder and noise of its own make.
const CONFOUNDED: f64 = 0.8;
const OWN: f64 = 0.3;

/// How rows are confounded.
#[derive(Clone, Copy)]
pub(super) struct Confounded {
    pub rows: usize,
    pub curve: CausalCurve,
    /// s.
    pub instrument: f64,
    /// c.
    pub confounding: f64,
    /// e.
    pub noise: f64,
}

impl CausalCurve {
    /// f(x).
    fn at(self, x: f64) -> f64 {
        match self {
            Self::Line => 1.5 * x,
            Self::Sine => 2.0 * (1.5 * x).sin(),
        }
    }
}

impl Confounded {
    /// Columns `x` and `z`, and what the target would be without confounder and noise.
    pub fn generate(self, draw: Draw<'_>) -> Result<Dataset, DataError> {
        check_rows(self.rows)?;
        check_number("instrument", self.instrument, f64::NEG_INFINITY)?;
        check_number("confounding", self.confounding, f64::NEG_INFINITY)?;
        check_number("noise", self.noise, 0.0)?;
        let mut features = Matrix::zeros(self.rows, 2);
        let (mut curve, mut targets) = (Vec::with_capacity(self.rows), Vec::with_capacity(self.rows));
        // Of their own each, so that more noise or confounding leaves the rest as it was.
        let [mut exogenous, mut shared, mut noise] =
            [Part::Features, Part::Shared, Part::Noise].map(|of| part(draw, of));
        for row in 0..self.rows {
            let [z, own]: [f64; 2] = std::array::from_fn(|_| StandardNormal.sample(&mut exogenous));
            let u: f64 = StandardNormal.sample(&mut shared);
            let x = self.instrument * z + CONFOUNDED * u + OWN * own;
            let noise: f64 = StandardNormal.sample(&mut noise);
            features.row_mut(row).copy_from_slice(&[x, z]);
            curve.push(self.curve.at(x));
            targets.push(self.curve.at(x) - self.confounding * u + self.noise * noise);
        }
        let feature_names = ["x", "z"].map(str::to_owned).to_vec();
        Ok(Dataset {
            features: features.into(),
            targets,
            curve,
            feature_names,
            target_name: "y".to_owned(),
            ..Dataset::default()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::vector::dot;

    /// Of 40 000 rows the means below have standard errors of at most 0.015; tolerances are six of them.
    #[test]
    fn the_regressor_moves_with_the_error_and_the_instrument_does_not() {
        let confounded =
            Confounded { rows: 40_000, curve: CausalCurve::Line, instrument: 1.0, confounding: 1.2, noise: 0.3 };
        let data = confounded.generate(Draw::of(5)).unwrap();
        let (x, z) = (data.features.column(0), data.features.column(1));
        let error: Vec<f64> = data.targets.iter().zip(&data.curve).map(|(y, f)| y - f).collect();
        let mean = |a: &[f64], b: &[f64]| dot(a, b) / 40_000.0;
        assert!((mean(&x, &error) + 0.8 * 1.2).abs() < 0.09);
        assert!(mean(&z, &error).abs() < 0.04 && (mean(&x, &z) - 1.0).abs() < 0.05);
        // What least squares tends to: 1.5 − 0.96/1.73.
        assert!((mean(&x, &data.targets) / mean(&x, &x) - (1.5 - 0.96 / 1.73)).abs() < 0.05);
    }

    #[test]
    fn more_confounding_leaves_the_columns_alone() {
        let of =
            |confounding| Confounded { rows: 9, curve: CausalCurve::Sine, instrument: 1.0, confounding, noise: 0.3 };
        let [weak, strong] = [0.1, 2.0].map(|confounding| of(confounding).generate(Draw::of(5)).unwrap());
        assert_eq!((&weak.features, &weak.curve), (&strong.features, &strong.curve));
        assert_ne!(weak.targets, strong.targets);
        assert_eq!(of(f64::NAN).generate(Draw::of(5)).unwrap_err().field, "source.confounding");
        assert_eq!(Confounded { rows: 1, ..of(1.0) }.generate(Draw::of(5)).unwrap_err().field, "source.rows");
    }
}
