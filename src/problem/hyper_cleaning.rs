//! Data hyper-cleaning: one weight for each training row, learned from a small clean set.
//!
//! `g = (1/n) Σ_i σ(λ_i) CE(Wᵀx_i, y_i) + (C/2)‖W‖²`, `f` the mean cross-entropy over clean
//! validation rows. Then `(Jᵀv)_i = σ(λ_i) σ(−λ_i)/n · ⟨∇_W CE_i, v⟩`: a row whose gradient points
//! against the adjoint is turned down. Franceschi et al. 2017, section 5.1. Cost: as softmax
//! regression; p = n. Over a mini-batch only the rows drawn contribute, as often as they were drawn.

use std::sync::Arc;

use super::linear::loss::{RowLoss, Softmax};
use super::linear::{Sets, intake, largest_of_gram, prepared};
use super::row_weights::RowWeights;
use super::{
    Block, BuildError, Cache, Dimensions, Entry, Labels, Level, Likelihood, Location, Needs, OuterObjective, Parts,
    Precise, PreciseLocation, Problem, Sample, Score, ThirdDerivatives,
};
use crate::catalog::{Card, Kind, Knob, Scale};
use crate::math::Matrix;
use crate::math::double::{self, Double};
use crate::math::vector::{axpy, dot};

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "hyper-cleaning",
        name: "Data hyper-cleaning",
        source: "Franceschi et al. 2017, section 5.1; weights by a sigmoid as in Shaban et al. 2019",
        equation: "g = (1/n) Σᵢ σ(λᵢ) CE(Wᵀxᵢ, yᵢ) + (C/2)‖W‖²,  f = (1/m) Σᵢ CE(Wᵀx′ᵢ, y′ᵢ)",
        summary: "Some training labels are wrong. Each row has a weight σ(λᵢ), and a small clean validation set \
                  teaches which rows to trust.",
        cost: "a gradient or Hessian-vector product 2ndK, a cross product as much again; λ has one entry per row",
        fails: "With a noisy validation set the weights learn the noise. With a large clean set there is nothing \
                left to gain. With tiny C and few steps the inner problem is unfinished and implicit estimates mislead.",
        knobs: &[Knob {
            key: "ridge",
            help: "Fixed penalty C on ‖W‖²/2; it keeps the inner problem strongly convex when all weights are small. With 0 \
                   there is no one solution, and no exact hypergradient.",
            kind: Kind::Real { default: 1e-2, range: (0.0, 1e4), scale: Scale::Logarithmic },
        }],
    },
    needs: |_| Needs::Classes,
    level: Level::Alike("C weighs all of W alike, and is no hyperparameter"),
    build: |parts| Ok(Arc::new(HyperCleaning::new(parts)?)),
};

struct HyperCleaning {
    sets: Sets<Softmax>,
    ridge: f64,
    weights: RowWeights,
}

impl HyperCleaning {
    fn new(parts: &Parts<'_>) -> Result<Self, BuildError> {
        intake::no_arrays(parts)?;
        let (split, classes) = intake::classes(parts, intake::Validation::Needed)?;
        let weights = RowWeights::of(&split);
        let sets = Sets::new(split, || Softmax { classes }, None);
        Ok(Self { sets, ridge: parts.knobs.real("ridge"), weights })
    }
}

impl Problem for HyperCleaning {
    fn dimensions(&self) -> Dimensions {
        self.sets.dimensions(self.weights.count())
    }

    fn prepare(&self, at: Location<'_>, cache: &mut Cache) {
        self.sets.prepare(at, cache);
    }

    fn inner_value(&self, at: Location<'_>, cache: &mut Cache) -> f64 {
        let fit = self.sets.training.value(prepared(at, cache).0, |row| self.weights.weight(at.lambda, row));
        if self.ridge > 0.0 { fit + 0.5 * self.ridge * dot(at.theta, at.theta) } else { fit }
    }

    fn inner_gradient(&self, at: Location<'_>, cache: &mut Cache, out: &mut [f64]) {
        let (place, scratch) = prepared(at, cache);
        out.fill(0.0);
        self.sets.training.add_weighted_gradient(place, scratch, |row| self.weights.weight(at.lambda, row), out);
        axpy(self.ridge, at.theta, out);
    }

    fn inner_lambda_gradient(&self, at: Location<'_>, cache: &mut Cache, out: &mut [f64]) {
        let share = self.sets.training.share(at.rows.training);
        out.fill(0.0);
        self.sets.training.each_loss(prepared(at, cache).0, |row, loss| {
            self.weights.add(at.lambda, row, share * loss, out);
        });
    }

    fn hvp(&self, at: Location<'_>, cache: &mut Cache, v: &[f64], out: &mut [f64]) {
        let (place, scratch) = prepared(at, cache);
        out.fill(0.0);
        self.sets.training.add_weighted_hvp(place, scratch, |row| self.weights.weight(at.lambda, row), v, out);
        axpy(self.ridge, v, out);
    }

    fn hvps(&self, at: Location<'_>, cache: &mut Cache, directions: &[f64], count: usize, out: &mut [f64]) {
        if !self.sets.training.has_panels() {
            return self.hvps_in_turn(at, cache, directions, count, out);
        }
        let (place, scratch) = prepared(at, cache);
        out.fill(0.0);
        let weight = |row: usize| self.weights.weight(at.lambda, row);
        self.sets.training.add_weighted_hvps(place, scratch, weight, (directions, count), out);
        axpy(self.ridge, directions, out);
    }

    fn cross_vjp(&self, at: Location<'_>, cache: &mut Cache, v: &[f64], out: &mut [f64]) {
        let (place, scratch) = prepared(at, cache);
        let share = self.sets.training.share(at.rows.training);
        out.fill(0.0);
        self.sets.training.each_slope(place, scratch, v, |row, slope| {
            self.weights.add(at.lambda, row, share * slope, out);
        });
    }

    fn cross_jvp(&self, at: Location<'_>, cache: &mut Cache, u: &[f64], out: &mut [f64]) {
        let (place, scratch) = prepared(at, cache);
        let weight = |row: usize| self.weights.along(at.lambda, row, u);
        out.fill(0.0);
        self.sets.training.add_weighted_gradient(place, scratch, weight, out);
    }

    fn hessian(&self, at: Location<'_>, cache: &mut Cache, out: &mut Matrix) {
        self.sets.training.weighted_hessian(prepared(at, cache).0, |row| self.weights.weight(at.lambda, row), out);
        out.add_to_diagonal(self.ridge);
    }

    fn is_convex(&self) -> bool {
        self.ridge > 0.0
    }

    fn outer(&self) -> &dyn OuterObjective {
        &self.sets.outer
    }

    fn third(&self) -> Option<&dyn ThirdDerivatives> {
        Some(self)
    }

    fn likelihood(&self) -> Option<&dyn Likelihood> {
        Some(self)
    }

    /// `λmax(Xᵀ diag(σ(λ)) X/n)/2 + C`: rows that are turned down allow a longer step.
    fn curvature_bound(&self, lambda: &[f64]) -> Option<f64> {
        let largest = largest_of_gram(&self.sets.training, |row| self.weights.weight(lambda, row));
        Some(0.5 * largest + self.ridge)
    }

    /// The loss is not weighted, so that it can be compared along the run.
    fn score(&self, sample: Sample, _: &[f64], theta: &[f64]) -> Option<Score> {
        self.sets.score(sample, theta)
    }

    fn blocks(&self) -> Vec<Block> {
        vec![self.weights.block()]
    }

    fn is_about_rows(&self) -> bool {
        true
    }

    fn row_weights(&self, lambda: &[f64]) -> Option<Vec<f64>> {
        Some(self.weights.all(lambda))
    }

    fn lambda_meets_rows(&self) -> bool {
        true
    }

    fn reads_lambda(&self) -> Option<&[bool]> {
        self.weights.reads()
    }

    fn precise(&self) -> Option<&dyn Precise> {
        Some(self)
    }
}

impl Likelihood for HyperCleaning {
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

    fn weight(&self, lambda: &[f64], row: usize) -> f64 {
        self.sets.training.own_weight(row) * self.weights.weight(lambda, row)
    }

    fn weight_slope(&self, lambda: &[f64], row: usize) -> Option<(usize, f64)> {
        let (entry, slope) = self.weights.slope(lambda, row)?;
        Some((entry, self.sets.training.own_weight(row) * slope))
    }

    fn penalty_diagonal(&self, _: &[f64], out: &mut [f64]) {
        out.fill(self.ridge);
    }
}

impl Precise for HyperCleaning {
    fn inner_gradient(&self, at: PreciseLocation<'_>, out: &mut [Double]) {
        out.fill(Double::ZERO);
        let weight = |row: usize| self.weights.weight(at.lambda, row).into();
        self.sets.training.add_precise_gradient(at.theta, at.rounding, weight, out);
        double::axpy(self.ridge.into(), at.theta, out);
    }

    fn hvp(&self, at: PreciseLocation<'_>, v: &[Double], out: &mut [Double]) {
        out.fill(Double::ZERO);
        let weight = |row: usize| self.weights.weight(at.lambda, row).into();
        self.sets.training.add_precise_hvp(at.theta, at.rounding, weight, v, out);
        double::axpy(self.ridge.into(), v, out);
    }

    fn cross_vjp(&self, at: PreciseLocation<'_>, v: &[Double], out: &mut [Double]) {
        let share = self.sets.training.share(None);
        out.fill(Double::ZERO);
        self.sets.training.each_precise_slope(at.theta, at.rounding, v, |row, slope| {
            if let Some((owner, weight_slope)) = self.weights.slope(at.lambda, row) {
                out[owner] += slope * (share * weight_slope);
            }
        });
    }

    fn outer_gradient(&self, at: PreciseLocation<'_>, out: &mut [Double]) {
        self.sets.precise_outer_gradient(at, out);
    }

    fn work(&self) -> usize {
        self.sets.precise_work()
    }
}

impl ThirdDerivatives for HyperCleaning {
    fn inner(&self, at: Location<'_>, cache: &mut Cache, u: &[f64], v: &[f64], out: &mut [f64]) {
        let (place, scratch) = prepared(at, cache);
        out.fill(0.0);
        self.sets.training.add_third(place, scratch, |row| self.weights.weight(at.lambda, row), (u, v), out);
    }

    fn cross_jvp(&self, at: Location<'_>, cache: &mut Cache, direction: &[f64], v: &[f64], out: &mut [f64]) {
        let (place, scratch) = prepared(at, cache);
        let weight = |row: usize| self.weights.along(at.lambda, row, direction);
        out.fill(0.0);
        self.sets.training.add_weighted_hvp(place, scratch, weight, v, out);
    }

    fn cross_vjp(&self, at: Location<'_>, cache: &mut Cache, u: &[f64], v: &[f64], out: &mut [f64]) {
        let (place, scratch) = prepared(at, cache);
        let share = self.sets.training.share(at.rows.training);
        out.fill(0.0);
        self.sets.training.each_curvature(place, scratch, (u, v), |row, curvature| {
            self.weights.add(at.lambda, row, share * curvature, out);
        });
    }
}
