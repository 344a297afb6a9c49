//! Label correction: a shift of each training target, learned from validation rows that are to be trusted.
//!
//! `g = (1/2n) Σ_i (x_iᵀθ − y_i − λ_i)² + (C/2)‖θ‖²`, `f = ‖X′θ − y′‖²/2m`. Then `H = XᵀX/n + CI` and
//! `(Jᵀv)_i = −x_iᵀv/n`. With r = Xθ − y: `∇_θ g = Xᵀ(r − λ)/n + Cθ`, `∇_λ g = −(r − λ)/n`. θ*(λ) is affine in λ and f a
//! convex quadratic of θ, so F and the value of every unrolled run are convex quadratics of λ: a problem that is convex at
//! both levels, also without C. Cost: `O(d²)` for a gradient's part in θ and a product with H, a pass over the rows for
//! what λ shifts; p = n. Over a mini-batch only the rows drawn contribute, as often as they were drawn.

use std::sync::Arc;

use super::constant_curvature::ConstantCurvature;
use super::linear::loss::Squared;
use super::linear::{LeastSquares, Sets, intake, prepared};
use super::row_entries::RowEntries;
use super::{
    Block, BuildError, Cache, Dimensions, Entry, Level, Location, Needs, OuterObjective, Parts, Precise,
    PreciseLocation, Problem, Sample, Score, ThirdDerivatives,
};
use crate::catalog::{Card, Kind, Knob, Scale};
use crate::math::Matrix;
use crate::math::double::{self, Double};
use crate::math::vector::{axpy, dot};

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "label-correction",
        name: "Label correction",
        source: "this project’s own: least squares with its targets as outer variables",
        equation: "g = (1/2n) Σᵢ (xᵢᵀθ − yᵢ − λᵢ)² + (C/2)‖θ‖²,  f = ‖X′θ − y′‖²/2m",
        summary: "Some training targets are wrong. Each has a correction λᵢ, and the validation rows teach what it \
                  should be. F is convex in λ, and so is the value of every unrolled run.",
        cost: "a gradient or Hessian-vector product d² and a pass over the rows; θ* one solve with a fixed \
               factorization; λ has one entry per row",
        fails: "With more training rows than features many corrections fit the validation rows equally well, and with \
                few validation rows the corrections learn their noise.",
        knobs: &[Knob {
            key: "ridge",
            help: "Fixed penalty C on ‖θ‖²/2. With 0 there is one solution only where the features are independent over the \
                   training rows.",
            kind: Kind::Real { default: 0.0, range: (0.0, 1e4), scale: Scale::Logarithmic },
        }],
    },
    needs: |_| Needs::Regression,
    level: Level::Alike("C weighs all of θ alike, and is no hyperparameter"),
    build: |parts| Ok(Arc::new(LabelCorrection::new(parts)?)),
};

struct LabelCorrection {
    fit: LeastSquares,
    corrections: RowEntries,
}

impl LabelCorrection {
    fn new(parts: &Parts<'_>) -> Result<Self, BuildError> {
        intake::no_arrays(parts)?;
        let split = intake::regression(parts, intake::Validation::Needed)?;
        intake::check_dense(split.training.features.columns())?;
        let corrections = RowEntries::of(&split);
        let (fit, _) = LeastSquares::new(Sets::new(split, || Squared, None), parts.knobs.real("ridge"));
        Ok(Self { fit, corrections })
    }

    /// λ_i of a training row, zero where its target is trusted.
    fn correction(&self, lambda: &[f64], row: usize) -> f64 {
        self.corrections.of_row(row).map_or(0.0, |entry| lambda[entry])
    }

    /// `out −= Σ_i w_i λ_i x_i / n`, with any numbers for λ.
    fn subtract_shift(&self, at: Location<'_>, lambda: &[f64], out: &mut [f64]) {
        self.fit.sets.training.add_rows(at.rows.training, |row| -self.correction(lambda, row), out);
    }
}

impl Problem for LabelCorrection {
    fn dimensions(&self) -> Dimensions {
        self.fit.sets.dimensions(self.corrections.count())
    }

    fn prepare(&self, at: Location<'_>, cache: &mut Cache) {
        self.fit.sets.prepare(at, cache);
    }

    fn inner_value(&self, at: Location<'_>, _: &mut Cache) -> f64 {
        let mut sum = 0.0;
        self.fit.sets.training.each_score(at.rows.training, at.theta, |row, of| {
            sum += of.weight * (of.score - of.target - self.correction(at.lambda, row)).powi(2);
        });
        let fit = 0.5 * self.fit.sets.training.share(at.rows.training) * sum;
        if self.fit.ridge > 0.0 { fit + 0.5 * self.fit.ridge * dot(at.theta, at.theta) } else { fit }
    }

    fn inner_gradient(&self, at: Location<'_>, cache: &mut Cache, out: &mut [f64]) {
        let (place, scratch) = prepared(at, cache);
        out.fill(0.0);
        self.fit.sets.training.add_gradient(place, scratch, out);
        self.subtract_shift(at, at.lambda, out);
        axpy(self.fit.ridge, at.theta, out);
    }

    fn inner_lambda_gradient(&self, at: Location<'_>, _: &mut Cache, out: &mut [f64]) {
        let share = self.fit.sets.training.share(at.rows.training);
        out.fill(0.0);
        self.fit.sets.training.each_score(at.rows.training, at.theta, |row, of| {
            if let Some(entry) = self.corrections.of_row(row) {
                out[entry] -= share * of.weight * (of.score - of.target - at.lambda[entry]);
            }
        });
    }

    fn hvp(&self, at: Location<'_>, cache: &mut Cache, v: &[f64], out: &mut [f64]) {
        self.fit.hvp(at, cache, v, out);
    }

    fn hvps(&self, at: Location<'_>, cache: &mut Cache, directions: &[f64], count: usize, out: &mut [f64]) {
        if !self.fit.sets.training.has_panels() {
            return self.hvps_in_turn(at, cache, directions, count, out);
        }
        self.fit.hvps(at, cache, (directions, count), out);
    }

    fn cross_vjp(&self, at: Location<'_>, _: &mut Cache, v: &[f64], out: &mut [f64]) {
        let share = self.fit.sets.training.share(at.rows.training);
        out.fill(0.0);
        self.fit.sets.training.each_score(at.rows.training, v, |row, of| {
            if let Some(entry) = self.corrections.of_row(row) {
                out[entry] -= share * of.weight * of.score;
            }
        });
    }

    fn cross_jvp(&self, at: Location<'_>, _: &mut Cache, u: &[f64], out: &mut [f64]) {
        out.fill(0.0);
        self.subtract_shift(at, u, out);
    }

    fn hessian(&self, at: Location<'_>, cache: &mut Cache, out: &mut Matrix) {
        self.fit.hessian(at, cache, out);
    }

    fn outer(&self) -> &dyn OuterObjective {
        &self.fit.sets.outer
    }

    fn third(&self) -> Option<&dyn ThirdDerivatives> {
        Some(&ConstantCurvature)
    }

    fn solve(&self, lambda: &[f64]) -> Option<Vec<f64>> {
        let mut theta = self.fit.sets.training.normal()?.1.to_vec();
        self.fit.sets.training.add_rows(None, |row| self.correction(lambda, row), &mut theta);
        self.fit.factorization.as_ref()?.solve_in_place(&mut theta);
        Some(theta)
    }

    fn curvature_bound(&self, _: &[f64]) -> Option<f64> {
        Some(self.fit.largest())
    }

    fn is_quadratic(&self) -> bool {
        true
    }

    fn is_convex(&self) -> bool {
        self.fit.is_convex()
    }

    /// The loss is that of the targets as they were given, so that it can be compared along the run.
    fn score(&self, sample: Sample, _: &[f64], theta: &[f64]) -> Option<Score> {
        self.fit.sets.score(sample, theta)
    }

    fn blocks(&self) -> Vec<Block> {
        vec![self.corrections.block("corrections")]
    }

    fn is_about_rows(&self) -> bool {
        true
    }

    fn lambda_meets_rows(&self) -> bool {
        true
    }

    fn reads_lambda(&self) -> Option<&[bool]> {
        self.corrections.reads()
    }

    fn precise(&self) -> Option<&dyn Precise> {
        Some(self)
    }
}

impl Precise for LabelCorrection {
    fn inner_gradient(&self, at: PreciseLocation<'_>, out: &mut [Double]) {
        out.fill(Double::ZERO);
        self.fit.sets.training.add_precise_gradient(at.theta, at.rounding, |_| Double::ONE, out);
        self.fit.sets.training.add_precise_rows(at.rounding, |row| -self.correction(at.lambda, row), out);
        double::axpy(self.fit.ridge.into(), at.theta, out);
    }

    fn hvp(&self, at: PreciseLocation<'_>, v: &[Double], out: &mut [Double]) {
        out.fill(Double::ZERO);
        self.fit.sets.training.add_precise_hvp(at.theta, at.rounding, |_| Double::ONE, v, out);
        double::axpy(self.fit.ridge.into(), v, out);
    }

    fn cross_vjp(&self, at: PreciseLocation<'_>, v: &[Double], out: &mut [Double]) {
        let share = self.fit.sets.training.share(None);
        out.fill(Double::ZERO);
        self.fit.sets.training.each_precise_score(at.rounding, v, |row, weight, score| {
            if let Some(entry) = self.corrections.of_row(row) {
                out[entry] -= score * (share * weight);
            }
        });
    }

    fn outer_gradient(&self, at: PreciseLocation<'_>, out: &mut [Double]) {
        self.fit.sets.precise_outer_gradient(at, out);
    }

    fn work(&self) -> usize {
        self.fit.sets.precise_work()
    }
}
