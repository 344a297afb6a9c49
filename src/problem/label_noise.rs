//! Two-class logistic regression whose training labels are taken to be flipped with a learned probability.
//!
//! The last entry of λ is the logit of a flip rate, `ε = .45 σ(λ_p)`. A training row has the target `t = (1 + y(1 − 2ε))/2` in place
//! of 0 or 1, and its loss is `−t log σ(z) − (1 − t) log σ(−z) = log(1 + e^{−yz}) + ε y z` with `z = xᵀθ`. So with
//! `b = (1/n) Σ_i w_i y_i x_i` over the rows in use
//!
//! - `g = g₀ + ε bᵀθ`, g₀ that of the labels as they are; H and its derivatives stay those of g₀;
//! - `∂g/∂λ_p = ε′ bᵀθ`, `∂²g/∂θ∂λ_p = ε′ b` with `ε′ = .45 σ(λ_p) σ(−λ_p)`.
//!
//! Below .45 the targets stay on the side of their labels. f reads the validation labels as they are. Cost: one pass over the rows more for
//! a gradient and for a cross product. Such a target is the label of no row: there is no likelihood to take scores of.

use super::linear::Penalized;
use super::linear::loss::Logistic;
use super::row_weights::{sigmoid, sigmoid_slope};
use super::{
    Block, Cache, Dimensions, Location, OuterObjective, Precise, PreciseLocation, Problem, Regularity, Sample, Score,
    ThirdDerivatives,
};
use crate::catalog::{Kind, Knob};
use crate::math::Matrix;
use crate::math::double::Double;

/// Whether λ has an entry for it.
pub(super) const LABEL_NOISE: Knob = Knob {
    key: "label_noise",
    help: "Whether the training loss reckons with flipped labels: then the last entry of λ is the logit of their share.",
    kind: Kind::Choice {
        options: &[
            ("Ignored", "training labels are taken as they are"),
            ("Learned", "each is taken to be flipped with probability .45 σ(λ), one more entry of λ"),
        ],
    },
};

/// The largest flip rate: at ½ labels would say nothing.
const MOST_FLIPPED: f64 = 0.45;

/// A model whose λ is followed by the logit of the flip rate.
pub(super) struct LabelNoise {
    fit: Penalized<Logistic>,
    /// Entries of λ before it.
    penalties: usize,
}

impl LabelNoise {
    pub fn new(fit: Penalized<Logistic>) -> Self {
        let penalties = fit.dimensions().outer;
        Self { fit, penalties }
    }

    /// The place of the model as it would be without the last entry.
    fn within<'a>(&self, at: Location<'a>) -> Location<'a> {
        Location { lambda: &at.lambda[..self.penalties], ..at }
    }

    fn precisely_within<'a>(&self, at: PreciseLocation<'a>) -> PreciseLocation<'a> {
        PreciseLocation { lambda: &at.lambda[..self.penalties], ..at }
    }

    /// ε.
    fn rate(&self, lambda: &[f64]) -> f64 {
        MOST_FLIPPED * sigmoid(lambda[self.penalties])
    }

    /// ε′.
    fn slope(&self, lambda: &[f64]) -> f64 {
        MOST_FLIPPED * sigmoid_slope(lambda[self.penalties])
    }

    /// `out += factor · b`.
    fn add_tilt(&self, at: Location<'_>, factor: f64, out: &mut [f64]) {
        let training = self.fit.training();
        training.add_rows(at.rows.training, |row| factor * training.target(row), out);
    }

    /// `bᵀv`.
    fn tilt_along(&self, at: Location<'_>, v: &[f64]) -> f64 {
        let (training, mut sum) = (self.fit.training(), 0.0);
        training.each_score(at.rows.training, v, |_, of| sum += of.weight * of.target * of.score);
        training.share(at.rows.training) * sum
    }
}

impl Problem for LabelNoise {
    fn dimensions(&self) -> Dimensions {
        Dimensions { outer: self.penalties + 1, ..self.fit.dimensions() }
    }

    fn prepare(&self, at: Location<'_>, cache: &mut Cache) {
        self.fit.prepare(self.within(at), cache);
    }

    fn inner_value(&self, at: Location<'_>, cache: &mut Cache) -> f64 {
        self.fit.inner_value(self.within(at), cache) + self.rate(at.lambda) * self.tilt_along(at, at.theta)
    }

    fn inner_gradient(&self, at: Location<'_>, cache: &mut Cache, out: &mut [f64]) {
        Problem::inner_gradient(&self.fit, self.within(at), cache, out);
        self.add_tilt(at, self.rate(at.lambda), out);
    }

    fn inner_lambda_gradient(&self, at: Location<'_>, cache: &mut Cache, out: &mut [f64]) {
        self.fit.inner_lambda_gradient(self.within(at), cache, &mut out[..self.penalties]);
        out[self.penalties] = self.slope(at.lambda) * self.tilt_along(at, at.theta);
    }

    fn hvp(&self, at: Location<'_>, cache: &mut Cache, v: &[f64], out: &mut [f64]) {
        Problem::hvp(&self.fit, self.within(at), cache, v, out);
    }

    fn hvps(&self, at: Location<'_>, cache: &mut Cache, directions: &[f64], count: usize, out: &mut [f64]) {
        self.fit.hvps(self.within(at), cache, directions, count, out);
    }

    fn cross_vjp(&self, at: Location<'_>, cache: &mut Cache, v: &[f64], out: &mut [f64]) {
        Problem::cross_vjp(&self.fit, self.within(at), cache, v, &mut out[..self.penalties]);
        out[self.penalties] = self.slope(at.lambda) * self.tilt_along(at, v);
    }

    fn cross_jvp(&self, at: Location<'_>, cache: &mut Cache, u: &[f64], out: &mut [f64]) {
        Problem::cross_jvp(&self.fit, self.within(at), cache, &u[..self.penalties], out);
        self.add_tilt(at, self.slope(at.lambda) * u[self.penalties], out);
    }

    fn hessian(&self, at: Location<'_>, cache: &mut Cache, out: &mut Matrix) {
        self.fit.hessian(self.within(at), cache, out);
    }

    fn hessian_diagonal(&self, at: Location<'_>, cache: &mut Cache, out: &mut [f64]) -> bool {
        self.fit.hessian_diagonal(self.within(at), cache, out)
    }

    fn precise(&self) -> Option<&dyn Precise> {
        Some(self)
    }

    fn outer(&self) -> &dyn OuterObjective {
        self.fit.outer()
    }

    fn third(&self) -> Option<&dyn ThirdDerivatives> {
        Some(self)
    }

    fn curvature_bound(&self, lambda: &[f64]) -> Option<f64> {
        self.fit.curvature_bound(&lambda[..self.penalties])
    }

    fn regularity(&self, lambda: &[f64]) -> Option<Regularity> {
        self.fit.regularity(&lambda[..self.penalties])
    }

    /// The loss is that of the labels as they are, so that it can be compared along the run.
    fn score(&self, sample: Sample, lambda: &[f64], theta: &[f64]) -> Option<Score> {
        self.fit.score(sample, lambda, theta)
    }

    fn reads_groups(&self) -> bool {
        self.fit.reads_groups()
    }

    fn blocks(&self) -> Vec<Block> {
        let mut blocks = self.fit.blocks();
        blocks.push(Block::new("label_noise", vec!["label noise".to_owned()]));
        blocks
    }

    fn lambda_meets_rows(&self) -> bool {
        true
    }
}

impl ThirdDerivatives for LabelNoise {
    fn inner(&self, at: Location<'_>, cache: &mut Cache, u: &[f64], v: &[f64], out: &mut [f64]) {
        ThirdDerivatives::inner(&self.fit, self.within(at), cache, u, v, out);
    }

    fn cross_jvp(&self, at: Location<'_>, cache: &mut Cache, direction: &[f64], v: &[f64], out: &mut [f64]) {
        ThirdDerivatives::cross_jvp(&self.fit, self.within(at), cache, &direction[..self.penalties], v, out);
    }

    fn cross_vjp(&self, at: Location<'_>, cache: &mut Cache, u: &[f64], v: &[f64], out: &mut [f64]) {
        ThirdDerivatives::cross_vjp(&self.fit, self.within(at), cache, u, v, &mut out[..self.penalties]);
        out[self.penalties] = 0.0;
    }
}

impl Precise for LabelNoise {
    fn inner_gradient(&self, at: PreciseLocation<'_>, out: &mut [Double]) {
        let (training, rate) = (self.fit.training(), self.rate(at.lambda));
        Precise::inner_gradient(&self.fit, self.precisely_within(at), out);
        training.add_precise_rows(at.rounding, |row| rate * training.target(row), out);
    }

    fn hvp(&self, at: PreciseLocation<'_>, v: &[Double], out: &mut [Double]) {
        Precise::hvp(&self.fit, self.precisely_within(at), v, out);
    }

    fn cross_vjp(&self, at: PreciseLocation<'_>, v: &[Double], out: &mut [Double]) {
        Precise::cross_vjp(&self.fit, self.precisely_within(at), v, &mut out[..self.penalties]);
        let (training, mut sum) = (self.fit.training(), Double::ZERO);
        training.each_precise_score(at.rounding, v, |row, weight, score| {
            sum += score * (weight * training.target(row));
        });
        out[self.penalties] = sum * (training.share(None) * self.slope(at.lambda));
    }

    fn outer_gradient(&self, at: PreciseLocation<'_>, out: &mut [Double]) {
        self.fit.outer_gradient(self.precisely_within(at), out);
    }

    fn work(&self) -> usize {
        self.fit.work()
    }
}
