//! A linear model with the exponential penalty: what ridge, logistic, softmax and the other regressions share.
//!
//! `g = (1/n) Σ_i ℓ(Wᵀx_i, y_i) + r(λ, W)`, with `r` from [`ExponentialPenalty`] and `f` from
//! [`Outer`](super::outer::Outer). Over a mini-batch the mean runs over its rows and the penalty stays whole.

use std::sync::OnceLock;

use super::data_fit::DataFit;
use super::loss::RowLoss;
use super::outer::Dial;
use super::penalty::ExponentialPenalty;
use super::sets::{Sets, prepared};
use crate::data::Split;
use crate::math::double::Double;
use crate::math::{Factorization, Matrix};
use crate::problem::regularity::smallest_eigenvalue;
use crate::problem::{
    Block, BuildError, Cache, Dimensions, Labels, Likelihood, Location, OuterObjective, Parts, Precise,
    PreciseLocation, Problem, Regularity, Sample, Score, ThirdDerivatives,
};

/// `g` and `f` for one loss.
pub(in crate::problem) struct Penalized<L> {
    sets: Sets<L>,
    penalty: ExponentialPenalty,
    /// Of `XᵀX/n`; computed when it is first asked for.
    largest_eigenvalue: OnceLock<f64>,
    constants: OnceLock<Constants>,
}

/// What of the rows enters bounds on derivatives.
struct Constants {
    longest_row: f64,
    /// The largest eigenvalue of `XᵀX/m` over validation rows.
    validation: f64,
}

impl Constants {
    fn of<L: RowLoss>(sets: &Sets<L>) -> Self {
        Self { longest_row: sets.training.longest_row(), validation: largest_of_gram(&sets.outer.validation, |_| 1.0) }
    }
}

/// Beyond this length of θ no eigenvalues are taken for bounds, which are asked for at every outer step.
const MOST_FOR_EIGENVALUES: usize = 300;

impl<L: RowLoss> Penalized<L> {
    /// From checked and encoded rows; `loss` makes one loss for each of the three sets.
    pub fn new(parts: &Parts<'_>, split: Split, loss: impl Fn() -> L) -> Result<Self, BuildError> {
        let outputs = loss().outputs();
        let penalty = ExponentialPenalty::new(parts.knobs, &split, outputs, L::SEES_DIFFERENCES)?;
        let dial = Dial::new(parts, split.feature_names.len() * outputs)?;
        let sets = Sets::new(split, loss, dial);
        Ok(Self { sets, penalty, largest_eigenvalue: OnceLock::new(), constants: OnceLock::new() })
    }

    /// The rows of the inner objective.
    pub fn training(&self) -> &DataFit<L> {
        &self.sets.training
    }

    fn largest_eigenvalue(&self) -> f64 {
        *self.largest_eigenvalue.get_or_init(|| largest_of_gram(&self.sets.training, |_| 1.0))
    }

    /// `XᵀX/n + diag(penalty)`, for a squared loss.
    fn normal_matrix(&self, lambda: &[f64]) -> Option<Matrix> {
        let mut matrix = self.sets.training.normal()?.0.clone();
        self.penalty.add_curvature(lambda, &mut matrix);
        Some(matrix)
    }
}

/// The largest eigenvalue of a symmetric matrix; NaN when an entry is not finite.
pub(in crate::problem) fn largest_eigenvalue(matrix: &Matrix) -> f64 {
    matrix.symmetric_eigenvalues().and_then(|values| values.last().copied()).unwrap_or(f64::NAN)
}

/// The largest eigenvalue of `Xᵀ diag(s w) X / n`.
pub(in crate::problem) fn largest_of_gram<L: RowLoss>(fit: &DataFit<L>, weight: impl Fn(usize) -> f64) -> f64 {
    if fit.forms_gram() {
        largest_eigenvalue(&fit.weighted_gram(weight))
    } else {
        fit.largest_eigenvalue(weight, |_, _| {})
    }
}

impl<L: RowLoss> Problem for Penalized<L> {
    fn dimensions(&self) -> Dimensions {
        self.sets.dimensions(self.penalty.dimension())
    }

    fn prepare(&self, at: Location<'_>, cache: &mut Cache) {
        self.sets.prepare(at, cache);
    }

    fn inner_value(&self, at: Location<'_>, cache: &mut Cache) -> f64 {
        self.sets.training.value(prepared(at, cache).0, |_| 1.0) + self.penalty.value(at.lambda, at.theta)
    }

    fn inner_gradient(&self, at: Location<'_>, cache: &mut Cache, out: &mut [f64]) {
        let (place, scratch) = prepared(at, cache);
        out.fill(0.0);
        self.sets.training.add_gradient(place, scratch, out);
        self.penalty.add_hvp(at.lambda, at.theta, out);
    }

    fn inner_lambda_gradient(&self, at: Location<'_>, _: &mut Cache, out: &mut [f64]) {
        self.penalty.bilinear(at.lambda, at.theta, at.theta, out);
        out.iter_mut().for_each(|value| *value *= 0.5);
    }

    fn hvp(&self, at: Location<'_>, cache: &mut Cache, v: &[f64], out: &mut [f64]) {
        let (place, scratch) = prepared(at, cache);
        out.fill(0.0);
        self.sets.training.add_hvp(place, scratch, v, out);
        self.penalty.add_hvp(at.lambda, v, out);
    }

    fn hvps(&self, at: Location<'_>, cache: &mut Cache, directions: &[f64], count: usize, out: &mut [f64]) {
        if !self.sets.training.has_panels() {
            return self.hvps_in_turn(at, cache, directions, count, out);
        }
        let (place, scratch) = prepared(at, cache);
        out.fill(0.0);
        self.sets.training.add_hvps(place, scratch, (directions, count), out);
        self.penalty.add_hvps(at.lambda, (directions, count), out);
    }

    fn cross_vjp(&self, at: Location<'_>, _: &mut Cache, v: &[f64], out: &mut [f64]) {
        self.penalty.bilinear(at.lambda, at.theta, v, out);
    }

    fn add_cross_columns(&self, at: Location<'_>, _: &mut Cache, entries: &[usize], width: usize, out: &mut [f64]) {
        self.penalty.add_cross_columns(at.lambda, entries, at.theta, (width, out));
    }

    fn cross_jvp(&self, at: Location<'_>, _: &mut Cache, u: &[f64], out: &mut [f64]) {
        out.fill(0.0);
        self.penalty.add_directional(at.lambda, u, at.theta, out);
    }

    fn hessian(&self, at: Location<'_>, cache: &mut Cache, out: &mut Matrix) {
        self.sets.training.weighted_hessian(prepared(at, cache).0, |_| 1.0, out);
        self.penalty.add_curvature(at.lambda, out);
    }

    fn hessian_diagonal(&self, at: Location<'_>, cache: &mut Cache, out: &mut [f64]) -> bool {
        out.fill(0.0);
        self.sets.training.add_hessian_diagonal(prepared(at, cache).0, out);
        self.penalty.add_diagonal(at.lambda, out);
        true
    }

    fn precise(&self) -> Option<&dyn Precise> {
        Some(self)
    }

    fn outer(&self) -> &dyn OuterObjective {
        &self.sets.outer
    }

    fn third(&self) -> Option<&dyn ThirdDerivatives> {
        Some(self)
    }

    fn likelihood(&self) -> Option<&dyn Likelihood> {
        if L::LIKELIHOOD { Some(self) } else { None }
    }

    fn solve(&self, lambda: &[f64]) -> Option<Vec<f64>> {
        let moment = self.sets.training.normal()?.1;
        Some(Factorization::symmetric(&self.normal_matrix(lambda)?)?.solve(moment))
    }

    fn curvature_bound(&self, lambda: &[f64]) -> Option<f64> {
        // The term that holds the means of free columns acts where the loss is flat, and is below its bound there.
        let largest = self.sets.training.loss.largest_curvature()?;
        let bound = || largest * self.largest_eigenvalue() + self.penalty.largest(lambda);
        if self.penalty.is_scalar() {
            return Some(bound());
        }
        // With several penalties the sum of the two largest is only a bound.
        if L::QUADRATIC && !self.sets.training.forms_gram() {
            let penalty = |v: &[f64], out: &mut [f64]| self.penalty.add_hvp(lambda, v, out);
            return Some(self.sets.training.largest_eigenvalue(|_| 1.0, penalty));
        }
        Some(self.normal_matrix(lambda).map_or_else(bound, |matrix| largest_eigenvalue(&matrix)))
    }

    /// H moves with θ only through the loss, `‖H(θ) − H(θ′)‖ ≤ M max_i ‖x_i‖ ‖XᵀX/n‖ ‖θ − θ′‖` with M from the loss, and J only
    /// through the penalty, which is linear in θ.
    fn regularity(&self, lambda: &[f64]) -> Option<Regularity> {
        let training = &self.sets.training;
        if training.dimension() > MOST_FOR_EIGENVALUES || !training.forms_gram() {
            return None;
        }
        let (loss, constants) = (&training.loss, self.constants.get_or_init(|| Constants::of(&self.sets)));
        let (curvature, third) = (loss.largest_curvature()?, loss.steepest_curvature()?);
        let of_penalty = self.penalty.smallest(lambda);
        let convexity = self.normal_matrix(lambda).map_or(of_penalty, |matrix| smallest_eigenvalue(&matrix));
        Regularity {
            convexity,
            hessian: third * constants.longest_row * self.largest_eigenvalue(),
            cross: self.penalty.largest(lambda),
            outer: self.sets.outer.dial_curvature().unwrap_or(curvature * constants.validation),
            outer_cross: 0.0,
        }
        .known()
    }

    fn is_quadratic(&self) -> bool {
        L::QUADRATIC
    }

    fn score(&self, sample: Sample, _: &[f64], theta: &[f64]) -> Option<Score> {
        self.sets.score(sample, theta)
    }

    fn reads_groups(&self) -> bool {
        self.penalty.reads_groups()
    }

    fn blocks(&self) -> Vec<Block> {
        vec![Block::new("log_penalties", self.penalty.names().to_vec())]
    }
}

impl<L: RowLoss> Likelihood for Penalized<L> {
    fn scores_of(&self, at: Location<'_>, cache: &mut Cache, labels: Labels<'_>, weights: &mut [f64], out: &mut [f64]) {
        let (place, scratch) = prepared(at, cache);
        self.sets.training.scores_of(place, scratch, labels, weights, out);
    }

    fn outcomes(&self) -> usize {
        self.sets.training.outputs()
    }

    fn rank(&self) -> usize {
        self.sets.training.rank()
    }

    fn knows(&self, label: f64) -> bool {
        self.sets.training.loss.knows(label)
    }

    fn weight(&self, _: &[f64], row: usize) -> f64 {
        self.sets.training.own_weight(row)
    }

    fn penalty_diagonal(&self, lambda: &[f64], out: &mut [f64]) {
        self.penalty.strengths(lambda, out);
    }
}

impl<L: RowLoss> ThirdDerivatives for Penalized<L> {
    fn inner(&self, at: Location<'_>, cache: &mut Cache, u: &[f64], v: &[f64], out: &mut [f64]) {
        let (place, scratch) = prepared(at, cache);
        out.fill(0.0);
        self.sets.training.add_third(place, scratch, |_| 1.0, (u, v), out);
    }

    fn cross_jvp(&self, at: Location<'_>, _: &mut Cache, direction: &[f64], v: &[f64], out: &mut [f64]) {
        out.fill(0.0);
        self.penalty.add_directional(at.lambda, direction, v, out);
    }

    fn cross_vjp(&self, at: Location<'_>, _: &mut Cache, u: &[f64], v: &[f64], out: &mut [f64]) {
        self.penalty.bilinear(at.lambda, u, v, out);
    }
}

impl<L: RowLoss> Precise for Penalized<L> {
    fn inner_gradient(&self, at: PreciseLocation<'_>, out: &mut [Double]) {
        out.fill(Double::ZERO);
        self.sets.training.add_precise_gradient(at.theta, at.rounding, |_| Double::ONE, out);
        self.penalty.add_precise_hvp(at.lambda, at.theta, out);
    }

    fn hvp(&self, at: PreciseLocation<'_>, v: &[Double], out: &mut [Double]) {
        out.fill(Double::ZERO);
        self.sets.training.add_precise_hvp(at.theta, at.rounding, |_| Double::ONE, v, out);
        self.penalty.add_precise_hvp(at.lambda, v, out);
    }

    fn cross_vjp(&self, at: PreciseLocation<'_>, v: &[Double], out: &mut [Double]) {
        self.penalty.precise_bilinear(at.lambda, at.theta, v, out);
    }

    fn outer_gradient(&self, at: PreciseLocation<'_>, out: &mut [Double]) {
        self.sets.precise_outer_gradient(at, out);
    }

    fn work(&self) -> usize {
        self.sets.precise_work()
    }
}
