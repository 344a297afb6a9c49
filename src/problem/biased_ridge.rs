//! Biased regularization: ridge regression towards a learned prior mean.
//!
//! `g = ‖Xθ − y‖²/2n + (ρ/2)‖θ − λ‖²`, `f = ‖X′θ − y′‖²/2m + (ω/2)‖λ‖²`, ω zero unless wanted. Then `H = XᵀX/n + ρI` and
//! `Jᵀv = −ρv`: the hypergradient is `ρ H⁻¹ ∇f`. With one task it is the inner problem of iMAML
//! (Rajeswaran et al. 2019): λ is the initialisation that a task may leave at the price ρ. Cost:
//! `O(d²)` for each product; θ*(λ) by a factorization made once, since H does not depend on λ.
//!
//! With one strength per feature λ = (μ, ρ̃) ∈ R^{2d} and `g = ‖Xθ − y‖²/2n + ½ Σⱼ ρ e^{ρ̃ⱼ} (θⱼ − μⱼ)²`.
//! With `rⱼ = ρ e^{ρ̃ⱼ}`: `H = XᵀX/n + diag(r)`, and `Jᵀv` is `−r ∘ v` for μ and `r ∘ (θ − μ) ∘ v` for ρ̃.
//! Now λ also says which features a task may use. H depends on λ, so θ*(λ) takes a factorization of its own.

use std::sync::Arc;

use super::linear::loss::Squared;
use super::linear::{Sets, intake, largest_eigenvalue, prepared};
use super::regularity::smallest_eigenvalue;
use super::{
    Block, BuildError, Cache, Dimensions, Entry, Labels, Level, Likelihood, Location, Needs, OuterObjective, Parts,
    Precise, PreciseLocation, Problem, Regularity, Sample, Score, ThirdDerivatives,
};
use crate::catalog::{Card, Kind, Knob, Scale};
use crate::math::double::Double;
use crate::math::vector::{axpy, dot};
use crate::math::{Factorization, Matrix};

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "biased-ridge",
        name: "Biased ridge",
        source: "Rajeswaran et al. 2019 (iMAML); biased regularization Denevi et al. 2019",
        equation: "g = ‖Xθ − y‖²/2n + ½ Σⱼ rⱼ (θⱼ − μⱼ)²,  f = ‖X′θ − y′‖²/2m + ω‖λ‖²/2;  r = ρ, λ = μ  or  r = ρ e^ρ̃, λ = (μ, ρ̃)",
        summary: "Linear regression whose weights are pulled towards a common guess, and the guess is what is \
                  learned. λ is that prior mean, and if wanted the strength of the pull on each weight; the \
                  validation rows say where it should lie. The building block of few-shot learning by implicit \
                  gradients.",
        cost: "a gradient or Hessian-vector product d²; a cross product d; θ* one solve, with a fixed factorization \
               where the strength is fixed",
        fails: "A small ρ makes λ irrelevant and the inner problem ill-conditioned; a large ρ leaves θ* = μ, and \
                the training rows teach nothing.",
        knobs: &[
            Knob {
                key: "rho",
                help: "Strength ρ of the pull towards the prior mean.",
                kind: Kind::Real { default: 0.5, range: (1e-6, 1e6), scale: Scale::Logarithmic },
            },
            Knob {
                key: "strength",
                help: "Whether the strength of the pull is fixed, or learned for each feature.",
                kind: Kind::Choice {
                    options: &[
                        ("Fixed", "ρ for every feature; λ is the prior mean μ"),
                        ("PerFeature", "ρ e^ρ̃ⱼ for feature j; λ is μ, then ρ̃"),
                    ],
                },
            },
            Knob {
                key: "outer_penalty",
                help: "Strength ω of a penalty ω‖λ‖²/2 in the outer objective, which keeps λ from wandering off.",
                kind: Kind::Real { default: 0.0, range: (0.0, 1e6), scale: Scale::Logarithmic },
            },
        ],
    },
    needs: |_| Needs::Regression,
    level: Level::Alike("the level is pulled to a prior mean of its own, which is learned, and not to zero"),
    build: |parts| Ok(Arc::new(BiasedRidge::new(parts)?)),
};

struct BiasedRidge {
    sets: Sets<Squared>,
    /// ρ.
    strength: f64,
    /// ω.
    outer_penalty: f64,
    /// H where the strength is fixed; where λ learns one for each feature there is none for all λ.
    fixed: Option<Hessian>,
    names: Vec<String>,
}

/// An H that does not depend on λ.
struct Hessian {
    factorization: Option<Factorization>,
    largest_eigenvalue: f64,
}

impl BiasedRidge {
    fn new(parts: &Parts<'_>) -> Result<Self, BuildError> {
        intake::no_arrays(parts)?;
        let split = intake::regression(parts, intake::Validation::Needed)?;
        intake::check_dense(split.training.features.columns())?;
        let names = split.feature_names.clone();
        let sets = Sets::new(split, || Squared, None);
        let strength = parts.knobs.real("rho");
        let mut gram = sets.training.weighted_gram(|_| 1.0);
        let fixed = (parts.knobs.choice("strength") == "Fixed").then(|| {
            gram.add_to_diagonal(strength);
            Hessian { factorization: Factorization::symmetric(&gram), largest_eigenvalue: largest_eigenvalue(&gram) }
        });
        let outer_penalty = parts.knobs.real("outer_penalty");
        Ok(Self { sets, strength, outer_penalty, fixed, names })
    }

    /// d, the number of features.
    fn features(&self) -> usize {
        self.sets.training.dimension()
    }

    /// r_j, the strength of the pull on feature j.
    fn strength(&self, lambda: &[f64], feature: usize) -> f64 {
        if self.is_learned() { self.strength * lambda[self.features() + feature].exp() } else { self.strength }
    }

    /// The entries of `out` that belong to ρ̃, where there are some.
    fn strengths<'a>(&self, out: &'a mut [f64]) -> &'a mut [f64] {
        &mut out[self.features()..]
    }

    fn is_learned(&self) -> bool {
        self.fixed.is_none()
    }

    /// `XᵀX/n + diag(r)`.
    fn normal_matrix(&self, lambda: &[f64]) -> Option<Matrix> {
        let mut matrix = self.sets.training.normal()?.0.clone();
        self.add_strengths(lambda, &mut matrix);
        Some(matrix)
    }

    fn add_strengths(&self, lambda: &[f64], matrix: &mut Matrix) {
        for j in 0..self.features() {
            matrix[(j, j)] += self.strength(lambda, j);
        }
    }
}

impl Problem for BiasedRidge {
    fn dimensions(&self) -> Dimensions {
        self.sets.dimensions(if self.is_learned() { 2 * self.features() } else { self.features() })
    }

    fn prepare(&self, at: Location<'_>, cache: &mut Cache) {
        self.sets.prepare(at, cache);
    }

    fn inner_value(&self, at: Location<'_>, cache: &mut Cache) -> f64 {
        let fit = self.sets.training.value(prepared(at, cache).0, |_| 1.0);
        let squares = at.theta.iter().zip(at.lambda).map(|(theta, mean)| (theta - mean).powi(2));
        if self.is_learned() {
            fit + 0.5 * squares.enumerate().map(|(j, square)| self.strength(at.lambda, j) * square).sum::<f64>()
        } else {
            fit + 0.5 * self.strength * squares.sum::<f64>()
        }
    }

    fn inner_gradient(&self, at: Location<'_>, cache: &mut Cache, out: &mut [f64]) {
        let (place, scratch) = prepared(at, cache);
        out.fill(0.0);
        self.sets.training.add_gradient(place, scratch, out);
        for (j, ((target, theta), mean)) in out.iter_mut().zip(at.theta).zip(at.lambda).enumerate() {
            *target += self.strength(at.lambda, j) * (theta - mean);
        }
    }

    fn inner_lambda_gradient(&self, at: Location<'_>, _: &mut Cache, out: &mut [f64]) {
        for (j, ((target, theta), mean)) in out.iter_mut().zip(at.theta).zip(at.lambda).enumerate() {
            *target = self.strength(at.lambda, j) * (mean - theta);
        }
        for (j, target) in self.strengths(out).iter_mut().enumerate() {
            *target = 0.5 * self.strength(at.lambda, j) * (at.theta[j] - at.lambda[j]).powi(2);
        }
    }

    fn hvp(&self, at: Location<'_>, cache: &mut Cache, v: &[f64], out: &mut [f64]) {
        let (place, scratch) = prepared(at, cache);
        out.fill(0.0);
        self.sets.training.add_hvp(place, scratch, v, out);
        for (j, (target, v)) in out.iter_mut().zip(v).enumerate() {
            *target += self.strength(at.lambda, j) * v;
        }
    }

    fn hvps(&self, at: Location<'_>, cache: &mut Cache, directions: &[f64], count: usize, out: &mut [f64]) {
        if !self.sets.training.has_panels() {
            return self.hvps_in_turn(at, cache, directions, count, out);
        }
        let (place, scratch) = prepared(at, cache);
        out.fill(0.0);
        self.sets.training.add_hvps(place, scratch, (directions, count), out);
        for (j, (out, directions)) in out.chunks_exact_mut(count).zip(directions.chunks_exact(count)).enumerate() {
            axpy(self.strength(at.lambda, j), directions, out);
        }
    }

    fn cross_vjp(&self, at: Location<'_>, _: &mut Cache, v: &[f64], out: &mut [f64]) {
        out.fill(0.0);
        for (j, (target, v)) in out.iter_mut().zip(v).enumerate() {
            *target -= self.strength(at.lambda, j) * v;
        }
        for (j, target) in self.strengths(out).iter_mut().enumerate() {
            *target = self.strength(at.lambda, j) * (at.theta[j] - at.lambda[j]) * v[j];
        }
    }

    fn cross_jvp(&self, at: Location<'_>, _: &mut Cache, u: &[f64], out: &mut [f64]) {
        out.fill(0.0);
        for (j, (target, u)) in out.iter_mut().zip(u).enumerate() {
            *target -= self.strength(at.lambda, j) * u;
        }
        if self.is_learned() {
            for (j, (target, u)) in out.iter_mut().zip(&u[self.features()..]).enumerate() {
                *target += self.strength(at.lambda, j) * (at.theta[j] - at.lambda[j]) * u;
            }
        }
    }

    fn hessian(&self, at: Location<'_>, cache: &mut Cache, out: &mut Matrix) {
        self.sets.training.weighted_hessian(prepared(at, cache).0, |_| 1.0, out);
        self.add_strengths(at.lambda, out);
    }

    fn precise(&self) -> Option<&dyn Precise> {
        Some(self)
    }

    fn outer(&self) -> &dyn OuterObjective {
        self
    }

    fn likelihood(&self) -> Option<&dyn Likelihood> {
        Some(self)
    }

    fn third(&self) -> Option<&dyn ThirdDerivatives> {
        Some(self)
    }

    /// θ* is affine in λ where the strength is fixed, and f a convex quadratic in both.
    fn value_is_convex(&self) -> bool {
        self.fixed.is_some()
    }

    fn solve(&self, lambda: &[f64]) -> Option<Vec<f64>> {
        let mut theta = self.sets.training.normal()?.1.to_vec();
        for (j, (target, mean)) in theta.iter_mut().zip(lambda).enumerate() {
            *target += self.strength(lambda, j) * mean;
        }
        match &self.fixed {
            Some(hessian) => hessian.factorization.as_ref()?.solve_in_place(&mut theta),
            None => Factorization::symmetric(&self.normal_matrix(lambda)?)?.solve_in_place(&mut theta),
        }
        Some(theta)
    }

    fn curvature_bound(&self, lambda: &[f64]) -> Option<f64> {
        match &self.fixed {
            Some(hessian) => Some(hessian.largest_eigenvalue),
            None => self.normal_matrix(lambda).map(|matrix| largest_eigenvalue(&matrix)),
        }
    }

    /// J moves with θ where strengths are learned alone: by `r_j` in the entry of ρ̃ⱼ.
    fn regularity(&self, lambda: &[f64]) -> Option<Regularity> {
        let cross = if self.is_learned() {
            (0..self.features()).map(|j| self.strength(lambda, j)).fold(0.0, f64::max)
        } else {
            0.0
        };
        let outer = largest_eigenvalue(&self.sets.outer.validation.weighted_gram(|_| 1.0));
        let convexity = smallest_eigenvalue(&self.normal_matrix(lambda)?);
        Regularity { convexity, hessian: 0.0, cross, outer, outer_cross: 0.0 }.known()
    }

    fn is_quadratic(&self) -> bool {
        true
    }

    fn score(&self, sample: Sample, _: &[f64], theta: &[f64]) -> Option<Score> {
        self.sets.score(sample, theta)
    }

    fn prior(&self, lambda: &[f64]) -> Option<Vec<f64>> {
        Some(lambda[..self.features()].to_vec())
    }

    fn blocks(&self) -> Vec<Block> {
        let mut blocks = vec![Block::new("prior_mean", self.names.clone())];
        if self.is_learned() {
            let names = self.names.iter().map(|name| format!("log strength {name}"));
            blocks.push(Block::new("log_strengths", names.collect()));
        }
        blocks
    }
}

impl OuterObjective for BiasedRidge {
    fn value(&self, at: Location<'_>, cache: &mut Cache) -> f64 {
        let fit = self.sets.outer.value(at, cache);
        if self.outer_penalty == 0.0 { fit } else { fit + 0.5 * self.outer_penalty * dot(at.lambda, at.lambda) }
    }

    fn gradient(&self, at: Location<'_>, cache: &mut Cache, out: &mut [f64]) {
        self.sets.outer.gradient(at, cache, out);
    }

    fn hvp(&self, at: Location<'_>, cache: &mut Cache, v: &[f64], out: &mut [f64]) {
        self.sets.outer.hvp(at, cache, v, out);
    }

    fn lambda_gradient(&self, at: Location<'_>, _: &mut Cache, out: &mut [f64]) {
        for (target, lambda) in out.iter_mut().zip(at.lambda) {
            *target = self.outer_penalty * lambda;
        }
    }
}

impl Likelihood for BiasedRidge {
    fn scores_of(&self, at: Location<'_>, cache: &mut Cache, labels: Labels<'_>, weights: &mut [f64], out: &mut [f64]) {
        let (place, scratch) = prepared(at, cache);
        self.sets.training.scores_of(place, scratch, labels, weights, out);
    }

    fn outcomes(&self) -> usize {
        1
    }

    fn rank(&self) -> usize {
        self.features()
    }

    fn knows(&self, label: f64) -> bool {
        label.is_finite()
    }

    fn weight(&self, _: &[f64], row: usize) -> f64 {
        self.sets.training.own_weight(row)
    }

    fn penalty_diagonal(&self, lambda: &[f64], out: &mut [f64]) {
        for (feature, out) in out.iter_mut().enumerate() {
            *out = self.strength(lambda, feature);
        }
    }
}

impl ThirdDerivatives for BiasedRidge {
    fn inner(&self, _: Location<'_>, _: &mut Cache, _: &[f64], _: &[f64], out: &mut [f64]) {
        out.fill(0.0);
    }

    /// `r ∘ direction of ρ̃ ∘ v`: H does not depend on μ.
    fn cross_jvp(&self, at: Location<'_>, _: &mut Cache, direction: &[f64], v: &[f64], out: &mut [f64]) {
        out.fill(0.0);
        if self.is_learned() {
            for (j, (target, along)) in out.iter_mut().zip(&direction[self.features()..]).enumerate() {
                *target = self.strength(at.lambda, j) * along * v[j];
            }
        }
    }

    /// `r ∘ u ∘ v` for ρ̃, zero for μ.
    fn cross_vjp(&self, at: Location<'_>, _: &mut Cache, u: &[f64], v: &[f64], out: &mut [f64]) {
        out.fill(0.0);
        for (j, target) in self.strengths(out).iter_mut().enumerate() {
            *target = self.strength(at.lambda, j) * u[j] * v[j];
        }
    }
}

impl Precise for BiasedRidge {
    fn inner_gradient(&self, at: PreciseLocation<'_>, out: &mut [Double]) {
        out.fill(Double::ZERO);
        self.sets.training.add_precise_gradient(at.theta, at.rounding, |_| Double::ONE, out);
        for (j, target) in out.iter_mut().enumerate() {
            *target += (at.theta[j] - at.lambda[j].into()) * self.strength(at.lambda, j);
        }
    }

    fn hvp(&self, at: PreciseLocation<'_>, v: &[Double], out: &mut [Double]) {
        out.fill(Double::ZERO);
        self.sets.training.add_precise_hvp(at.theta, at.rounding, |_| Double::ONE, v, out);
        for (j, target) in out.iter_mut().enumerate() {
            *target += v[j] * self.strength(at.lambda, j);
        }
    }

    fn cross_vjp(&self, at: PreciseLocation<'_>, v: &[Double], out: &mut [Double]) {
        let (means, strengths) = out.split_at_mut(self.features());
        for (j, target) in means.iter_mut().enumerate() {
            *target = -(v[j] * self.strength(at.lambda, j));
        }
        for (j, target) in strengths.iter_mut().enumerate() {
            *target = (at.theta[j] - at.lambda[j].into()) * v[j] * self.strength(at.lambda, j);
        }
    }

    fn outer_gradient(&self, at: PreciseLocation<'_>, out: &mut [Double]) {
        self.sets.precise_outer_gradient(at, out);
    }

    fn outer_lambda_gradient(&self, at: PreciseLocation<'_>, out: &mut [Double]) {
        for (target, lambda) in out.iter_mut().zip(at.lambda) {
            *target = Double::from(*lambda) * self.outer_penalty;
        }
    }

    fn work(&self) -> usize {
        self.sets.precise_work()
    }
}
