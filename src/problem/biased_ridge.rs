//! Biased regularization: ridge regression towards a learned prior mean.
//!
//! `g = ‖Xθ − y‖²/2n + (ρ/2)‖θ − λ‖²`, `f = ‖X′θ − y′‖²/2m`. Then `H = XᵀX/n + ρI` and
//! `Jᵀv = −ρv`: the hypergradient is `ρ H⁻¹ ∇f`. With one task it is the inner problem of iMAML
//! (Rajeswaran et al. 2019): λ is the initialisation that a task may leave at the price ρ. Cost:
//! `O(d²)` for each product; θ*(λ) by a factorization made once, since H does not depend on λ.

use std::sync::Arc;

use super::linear::loss::Squared;
use super::linear::{Sets, intake, largest_eigenvalue, prepared};
use super::{BuildError, Cache, Dimensions, Entry, Location, Needs, Parts, Problem, Sample, Score};
use crate::catalog::{Card, Kind, Knob, Scale};
use crate::math::vector::axpy;
use crate::math::{Factorization, Matrix};

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "biased-ridge",
        name: "Biased ridge",
        source: "Rajeswaran et al. 2019 (iMAML); biased regularization Denevi et al. 2019",
        equation: "g = ‖Xθ − y‖²/2n + (ρ/2)‖θ − λ‖²,  f = ‖X′θ − y′‖²/2m",
        summary: "λ is a prior mean that the weights are pulled towards; the validation rows say where it should \
                  lie. The building block of few-shot learning by implicit gradients.",
        cost: "a gradient or Hessian-vector product d²; a cross product d; θ* one solve with a fixed factorization",
        fails: "A small ρ makes λ irrelevant and the inner problem ill-conditioned; a large ρ leaves θ* = λ, and \
                the training rows teach nothing.",
        knobs: &[Knob {
            key: "rho",
            help: "Strength ρ of the pull towards λ.",
            kind: Kind::Real { default: 0.5, range: (1e-6, 1e6), scale: Scale::Logarithmic },
        }],
    },
    data: Needs::Regression,
    build: |parts| Ok(Arc::new(BiasedRidge::new(parts)?)),
};

struct BiasedRidge {
    sets: Sets<Squared>,
    strength: f64,
    names: Vec<String>,
    factorization: Option<Factorization>,
    largest_eigenvalue: f64,
}

impl BiasedRidge {
    fn new(parts: &Parts<'_>) -> Result<Self, BuildError> {
        intake::no_arrays(parts)?;
        let split = intake::regression(parts, intake::Validation::Needed)?;
        let names = split.feature_names.clone();
        let sets = Sets::new(split, || Squared, None);
        let strength = parts.knobs.real("rho");
        let mut hessian = sets.training.weighted_gram(|_| 1.0);
        hessian.add_to_diagonal(strength);
        Ok(Self {
            factorization: Factorization::symmetric(&hessian),
            largest_eigenvalue: largest_eigenvalue(&hessian),
            sets,
            strength,
            names,
        })
    }
}

impl Problem for BiasedRidge {
    fn dimensions(&self) -> Dimensions {
        self.sets.dimensions(self.sets.training.dimension())
    }

    fn prepare(&self, at: Location<'_>, cache: &mut Cache) {
        self.sets.prepare(at, cache);
    }

    fn inner_value(&self, at: Location<'_>, cache: &mut Cache) -> f64 {
        let squares: f64 = at.theta.iter().zip(at.lambda).map(|(theta, lambda)| (theta - lambda).powi(2)).sum();
        self.sets.training.value(prepared(at, cache).0, |_| 1.0) + 0.5 * self.strength * squares
    }

    fn inner_gradient(&self, at: Location<'_>, cache: &mut Cache, out: &mut [f64]) {
        let (place, scratch) = prepared(at, cache);
        out.fill(0.0);
        self.sets.training.add_gradient(place, scratch, out);
        for ((target, theta), lambda) in out.iter_mut().zip(at.theta).zip(at.lambda) {
            *target += self.strength * (theta - lambda);
        }
    }

    fn inner_lambda_gradient(&self, at: Location<'_>, _: &mut Cache, out: &mut [f64]) {
        for ((target, theta), lambda) in out.iter_mut().zip(at.theta).zip(at.lambda) {
            *target = self.strength * (lambda - theta);
        }
    }

    fn hvp(&self, at: Location<'_>, cache: &mut Cache, v: &[f64], out: &mut [f64]) {
        let (place, scratch) = prepared(at, cache);
        out.fill(0.0);
        self.sets.training.add_hvp(place, scratch, v, out);
        axpy(self.strength, v, out);
    }

    fn cross_vjp(&self, _: Location<'_>, _: &mut Cache, v: &[f64], out: &mut [f64]) {
        out.fill(0.0);
        axpy(-self.strength, v, out);
    }

    fn cross_jvp(&self, _: Location<'_>, _: &mut Cache, u: &[f64], out: &mut [f64]) {
        out.fill(0.0);
        axpy(-self.strength, u, out);
    }

    fn hessian(&self, at: Location<'_>, cache: &mut Cache, out: &mut Matrix) {
        self.sets.training.weighted_hessian(prepared(at, cache).0, |_| 1.0, out);
        out.add_to_diagonal(self.strength);
    }

    fn third_inner(&self, _: Location<'_>, _: &mut Cache, _: &[f64], _: &[f64], out: &mut [f64]) {
        out.fill(0.0);
    }

    fn third_cross_jvp(&self, _: Location<'_>, _: &mut Cache, _: &[f64], _: &[f64], out: &mut [f64]) {
        out.fill(0.0);
    }

    fn third_cross_vjp(&self, _: Location<'_>, _: &mut Cache, _: &[f64], _: &[f64], out: &mut [f64]) {
        out.fill(0.0);
    }

    fn outer_value(&self, at: Location<'_>, cache: &mut Cache) -> f64 {
        self.sets.outer.value(at.theta, cache)
    }

    fn outer_gradient(&self, at: Location<'_>, cache: &mut Cache, out: &mut [f64]) {
        self.sets.outer.gradient(at.theta, cache, out);
    }

    fn outer_lambda_gradient(&self, _: Location<'_>, _: &mut Cache, out: &mut [f64]) {
        out.fill(0.0);
    }

    fn outer_hvp(&self, at: Location<'_>, cache: &mut Cache, v: &[f64], out: &mut [f64]) {
        self.sets.outer.hvp(at.theta, cache, v, out);
    }

    fn outer_cross_jvp(&self, _: Location<'_>, _: &mut Cache, _: &[f64], out: &mut [f64]) {
        out.fill(0.0);
    }

    fn solve(&self, lambda: &[f64]) -> Option<Vec<f64>> {
        let mut theta = self.sets.training.normal()?.1.to_vec();
        axpy(self.strength, lambda, &mut theta);
        self.factorization.as_ref()?.solve_in_place(&mut theta);
        Some(theta)
    }

    fn curvature_bound(&self, _: &[f64]) -> f64 {
        self.largest_eigenvalue
    }

    fn is_quadratic(&self) -> bool {
        true
    }

    fn score(&self, sample: Sample, _: &[f64], theta: &[f64]) -> Option<Score> {
        self.sets.score(sample, theta)
    }

    fn lambda_names(&self) -> Vec<String> {
        self.names.clone()
    }
}
