//! Random Fourier features: cosines of random directions, and a constant.

use rand::RngExt;
use rand_distr::{Distribution, StandardNormal};

use crate::math::Matrix;
use crate::math::random::{Purpose, stream};
use crate::problem::{BuildError, Parts};

/// `φ(x) = (√(2/(D−1)) cos(Wᵀx + b), 1)`: their products tend to the Gaussian kernel of the bandwidth that W is drawn with
/// (Rahimi and Recht 2007).
pub(super) struct RandomFeatures {
    /// One column a feature.
    directions: Matrix,
    phases: Vec<f64>,
}

impl RandomFeatures {
    /// Those of the arrays `W` and `b`, or drawn: D of them over so many columns.
    pub fn new(parts: &Parts<'_>, columns: usize) -> Result<Self, BuildError> {
        let wrong = |message: String| BuildError::at("arrays", message);
        if let Some((name, _)) = parts.arrays.iter().find(|(name, _)| !["W", "b"].contains(&name.as_str())) {
            return Err(wrong(format!("there is no array `{name}` here; expected `W` and `b`")));
        }
        let find = |name: &str| parts.arrays.iter().find(|(other, _)| other == name).map(|(_, matrix)| matrix);
        match (find("W"), find("b")) {
            (None, None) => Ok(Self::drawn(parts, columns)),
            (Some(directions), Some(phases)) => {
                if directions.rows() != columns || (phases.rows(), phases.columns()) != (directions.columns(), 1) {
                    return Err(wrong(format!(
                        "`W` is {} x {} and `b` {} x {}; expected {columns} rows of `W`, one for each column of the data, and as many \
                         entries of `b` as columns of `W`",
                        directions.rows(),
                        directions.columns(),
                        phases.rows(),
                        phases.columns()
                    )));
                }
                let is_finite =
                    [directions, phases].iter().all(|array| crate::math::vector::is_finite(array.entries()));
                if !is_finite {
                    return Err(wrong(
                        "`W` or `b` has an entry that is not finite; expected finite numbers".to_owned(),
                    ));
                }
                Ok(Self { directions: directions.clone(), phases: phases.entries().to_vec() })
            }
            _ => Err(wrong("one of `W` and `b` is missing; expected both or neither".to_owned())),
        }
    }

    fn drawn(parts: &Parts<'_>, columns: usize) -> Self {
        let (count, bandwidth) = (parts.knobs.count("features") - 1, parts.knobs.real("bandwidth"));
        let random = |part: u64| stream(parts.seed, Purpose::Features, &[part]);
        let (mut normal, mut uniform) = (random(0), random(1));
        // Column by column: more features leave the first ones.
        let mut directions = Matrix::zeros(columns, count);
        for j in 0..count {
            let column: Vec<f64> =
                StandardNormal.sample_iter(&mut normal).take(columns).map(|entry: f64| entry / bandwidth).collect();
            directions.set_column(j, &column);
        }
        let phases = (0..count).map(|_| uniform.random_range(0.0..std::f64::consts::TAU)).collect();
        Self { directions, phases }
    }

    /// D.
    pub fn count(&self) -> usize {
        self.phases.len() + 1
    }

    /// The features of rows.
    pub fn of(&self, rows: &Matrix) -> Matrix {
        let mut out = Matrix::zeros(rows.rows(), self.count());
        let scale = (2.0 / self.phases.len() as f64).sqrt();
        for i in 0..rows.rows() {
            let mut scores = self.directions.transposed_times(rows.row(i));
            for (score, phase) in scores.iter_mut().zip(&self.phases) {
                *score = scale * (*score + phase).cos();
            }
            let last = self.phases.len();
            out.row_mut(i)[..last].copy_from_slice(&scores);
            out.row_mut(i)[last] = 1.0;
        }
        out
    }
}
