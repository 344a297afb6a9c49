//! A linear model with the exponential penalty: what ridge, logistic and softmax regression share.
//!
//! `g = (1/n) Σ_i ℓ(Wᵀx_i, y_i) + r(λ, W)`, with `r` from [`ExponentialPenalty`] and `f` from
//! [`Outer`]. Over a mini-batch the mean runs over its rows and the penalty stays whole.

use super::data_fit::{DataFit, Place};
use super::loss::RowLoss;
use super::outer::{Dial, Outer, buffers};
use super::penalty::ExponentialPenalty;
use crate::data::Split;
use crate::math::{Factorization, Matrix};
use crate::problem::{BuildError, Cache, Dimensions, Location, Parts, Problem, Sample, Score};

/// `g` and `f` for one loss.
pub(in crate::problem) struct Penalized<L> {
    training: DataFit<L>,
    test: DataFit<L>,
    outer: Outer<L>,
    penalty: ExponentialPenalty,
    names: Vec<String>,
    largest_eigenvalue: f64,
}

impl<L: RowLoss> Penalized<L> {
    /// From checked and encoded rows; `loss` makes one loss for each of the three sets.
    pub fn new(parts: &Parts<'_>, split: Split, loss: impl Fn() -> L) -> Result<Self, BuildError> {
        let training = DataFit::new(loss(), split.training);
        let penalty = ExponentialPenalty::new(parts.knobs, split.feature_names.len(), training.outputs());
        let dial = Dial::new(parts, training.dimension())?;
        Ok(Self {
            largest_eigenvalue: largest_eigenvalue(&training.weighted_gram(|_| 1.0)),
            names: penalty.names(&split.feature_names),
            outer: Outer::new(DataFit::new(loss(), split.validation), dial),
            test: DataFit::new(loss(), split.test),
            training,
            penalty,
        })
    }

    /// `XᵀX/n + diag(penalty)`, for a squared loss.
    fn normal_matrix(&self, lambda: &[f64]) -> Option<Matrix> {
        let mut matrix = self.training.normal()?.0.clone();
        self.penalty.each_curvature(lambda, |j, strength| matrix[(j, j)] += strength);
        Some(matrix)
    }
}

/// The largest eigenvalue of a symmetric matrix; NaN when an entry is not finite.
pub(in crate::problem) fn largest_eigenvalue(matrix: &Matrix) -> f64 {
    matrix.symmetric_eigenvalues().and_then(|values| values.last().copied()).unwrap_or(f64::NAN)
}

/// The states of the rows in use at this location.
pub(in crate::problem) fn place<'a>(at: Location<'a>, prepared: &'a [f64]) -> Place<'a> {
    Place { theta: at.theta, rows: at.rows, state: prepared }
}

impl<L: RowLoss> Problem for Penalized<L> {
    fn dimensions(&self) -> Dimensions {
        Dimensions {
            inner: self.training.dimension(),
            outer: self.penalty.dimension(),
            training: self.training.rows(),
            validation: self.outer.rows(),
        }
    }

    fn prepare(&self, at: Location<'_>, cache: &mut Cache) {
        let (prepared, scratch) = buffers(cache);
        self.training.prepare(at.theta, at.rows, prepared, scratch);
    }

    fn inner_value(&self, at: Location<'_>, cache: &mut Cache) -> f64 {
        self.training.value(place(at, &cache.prepared), |_| 1.0) + self.penalty.value(at.lambda, at.theta)
    }

    fn inner_gradient(&self, at: Location<'_>, cache: &mut Cache, out: &mut [f64]) {
        let (prepared, scratch) = buffers(cache);
        out.fill(0.0);
        self.training.add_gradient(place(at, prepared), scratch, out);
        self.penalty.add_hvp(at.lambda, at.theta, out);
    }

    fn inner_lambda_gradient(&self, at: Location<'_>, _: &mut Cache, out: &mut [f64]) {
        self.penalty.bilinear(at.lambda, at.theta, at.theta, out);
        out.iter_mut().for_each(|value| *value *= 0.5);
    }

    fn hvp(&self, at: Location<'_>, cache: &mut Cache, v: &[f64], out: &mut [f64]) {
        let (prepared, scratch) = buffers(cache);
        out.fill(0.0);
        self.training.add_hvp(place(at, prepared), scratch, v, out);
        self.penalty.add_hvp(at.lambda, v, out);
    }

    fn cross_vjp(&self, at: Location<'_>, _: &mut Cache, v: &[f64], out: &mut [f64]) {
        self.penalty.bilinear(at.lambda, at.theta, v, out);
    }

    fn cross_jvp(&self, at: Location<'_>, _: &mut Cache, u: &[f64], out: &mut [f64]) {
        out.fill(0.0);
        self.penalty.add_directional(at.lambda, u, at.theta, out);
    }

    fn hessian(&self, at: Location<'_>, cache: &mut Cache, out: &mut Matrix) {
        self.training.weighted_hessian(place(at, &cache.prepared), |_| 1.0, out);
        self.penalty.each_curvature(at.lambda, |j, strength| out[(j, j)] += strength);
    }

    fn third_inner(&self, at: Location<'_>, cache: &mut Cache, u: &[f64], v: &[f64], out: &mut [f64]) {
        let (prepared, scratch) = buffers(cache);
        out.fill(0.0);
        self.training.add_third(place(at, prepared), scratch, |_| 1.0, (u, v), out);
    }

    fn third_cross_jvp(&self, at: Location<'_>, _: &mut Cache, direction: &[f64], v: &[f64], out: &mut [f64]) {
        out.fill(0.0);
        self.penalty.add_directional(at.lambda, direction, v, out);
    }

    fn third_cross_vjp(&self, at: Location<'_>, _: &mut Cache, u: &[f64], v: &[f64], out: &mut [f64]) {
        self.penalty.bilinear(at.lambda, u, v, out);
    }

    fn outer_value(&self, at: Location<'_>, cache: &mut Cache) -> f64 {
        self.outer.value(at.theta, cache)
    }

    fn outer_gradient(&self, at: Location<'_>, cache: &mut Cache, out: &mut [f64]) {
        self.outer.gradient(at.theta, cache, out);
    }

    fn outer_lambda_gradient(&self, _: Location<'_>, _: &mut Cache, out: &mut [f64]) {
        out.fill(0.0);
    }

    fn outer_hvp(&self, at: Location<'_>, cache: &mut Cache, v: &[f64], out: &mut [f64]) {
        self.outer.hvp(at.theta, cache, v, out);
    }

    fn outer_cross_jvp(&self, _: Location<'_>, _: &mut Cache, _: &[f64], out: &mut [f64]) {
        out.fill(0.0);
    }

    fn solve(&self, lambda: &[f64]) -> Option<Vec<f64>> {
        let moment = self.training.normal()?.1;
        Some(Factorization::symmetric(&self.normal_matrix(lambda)?)?.solve(moment))
    }

    fn curvature_bound(&self, lambda: &[f64]) -> f64 {
        let bound = L::LARGEST_CURVATURE * self.largest_eigenvalue + self.penalty.largest(lambda);
        if self.penalty.is_scalar() {
            return bound;
        }
        // With one penalty per feature the sum of the two largest is only a bound.
        self.normal_matrix(lambda).map_or(bound, |matrix| largest_eigenvalue(&matrix))
    }

    fn is_quadratic(&self) -> bool {
        L::QUADRATIC
    }

    fn score(&self, sample: Sample, _: &[f64], theta: &[f64]) -> Option<Score> {
        match sample {
            Sample::Training => &self.training,
            Sample::Validation => &self.outer.validation,
            Sample::Test => &self.test,
        }
        .score(theta)
    }

    fn lambda_names(&self) -> Vec<String> {
        self.names.clone()
    }
}
