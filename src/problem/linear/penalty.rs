//! The exponential penalty: `r = (s/2) Σ_j e^{λ_j} Σ_k W_jk²`, one λ per feature, per group of features, or a single one.
//!
//! `s` is the knob `penalty_weight`, divided by the number of penalised coordinates when the penalty is a mean over
//! them, as in Ye et al. 2024. Written in `e^λ` the penalty stays positive for every λ. Everything is diagonal but
//! for the last term: each call costs `O(d)`.
//!
//! Free columns carry no penalty, and λ has no entry for them. Where a loss depends on the differences of its K scores
//! alone, adding the same to all weights of a free column changes nothing, so that θ* would be a line. The term
//! `½ Σ_j w̄_j²` over free columns, `w̄_j = (1/K) Σ_k W_jk`, picks the point of it with `w̄_j = 0`, and changes nothing else: no
//! loss and no other derivative there. Its curvature 1/K is that of even classes in the other directions.

use std::ops::Range;

use super::owners::Owners;
use crate::catalog::{Kind, Knob, Knobs, Scale};
use crate::data::Split;
use crate::math::Matrix;
use crate::math::double::{self, Double};
use crate::math::vector::axpy;
use crate::problem::BuildError;

/// Sum or mean over the coordinates.
pub(in crate::problem) const REDUCTION: Knob = Knob {
    key: "reduction",
    help: "Whether the penalty is a sum over the coordinates of θ or their mean.",
    kind: Kind::Choice {
        options: &[
            ("Sum", "sum over coordinates"),
            ("Mean", "sum divided by the number of penalized coordinates: θ without a free intercept"),
        ],
    },
};

/// A factor on the whole penalty.
pub(in crate::problem) const PENALTY_WEIGHT: Knob = Knob {
    key: "penalty_weight",
    help: "Factor on the whole penalty; weak penalties make the inner problem ill-conditioned.",
    kind: Kind::Real { default: 1.0, range: (1e-6, 1e6), scale: Scale::Logarithmic },
};

/// `r(λ, θ)` for θ of `features × outputs` coordinates.
pub(in crate::problem) struct ExponentialPenalty {
    scale: f64,
    owners: Owners,
    outputs: usize,
    /// Whether the loss leaves the means of free columns open.
    holds_means: bool,
}

impl ExponentialPenalty {
    /// From the knobs [`PENALTY`](super::PENALTY), [`REDUCTION`] and [`PENALTY_WEIGHT`] over the columns of a split. `sees_differences` of
    /// the scores alone, says the loss.
    ///
    /// # Errors
    /// When no column is penalized.
    pub fn new(knobs: &Knobs, split: &Split, outputs: usize, sees_differences: bool) -> Result<Self, BuildError> {
        let owners = Owners::new(knobs, split)?;
        let penalized = owners.penalized();
        let count = if knobs.choice("reduction") == "Mean" { (penalized * outputs) as f64 } else { 1.0 };
        let holds_means = sees_differences && penalized < owners.entries().len();
        Ok(Self { scale: knobs.real("penalty_weight") / count, holds_means, owners, outputs })
    }

    /// p, the length of λ.
    pub fn dimension(&self) -> usize {
        self.owners.names().len()
    }

    /// What the entries of λ are called.
    pub fn names(&self) -> &[String] {
        self.owners.names()
    }

    /// Whether λ has an entry for each group of columns.
    pub fn reads_groups(&self) -> bool {
        self.owners.are_groups()
    }

    /// The largest factor `s e^{λ_j}`: the penalty's largest curvature.
    pub fn largest(&self, lambda: &[f64]) -> f64 {
        self.scale * lambda.iter().copied().fold(f64::NEG_INFINITY, f64::max).exp()
    }

    /// The smallest factor: the penalty's smallest curvature, zero where a column is free.
    pub fn smallest(&self, lambda: &[f64]) -> f64 {
        if self.owners.entries().iter().any(Option::is_none) {
            return 0.0;
        }
        self.scale * lambda.iter().copied().fold(f64::INFINITY, f64::min).exp()
    }

    /// Whether one factor holds for all coordinates.
    pub fn is_scalar(&self) -> bool {
        self.owners.are_one()
    }

    /// `r`.
    pub fn value(&self, lambda: &[f64], theta: &[f64]) -> f64 {
        let mut total = 0.0;
        self.each_penalized(|entry, own| {
            total += self.strength(lambda, entry) * sum_of_products(&theta[own.clone()], &theta[own])
        });
        self.each_free(|own| total += self.mean(&theta[own]).powi(2));
        0.5 * total
    }

    /// `out += ∂²_θθ r v`; with `v = θ` the gradient.
    pub fn add_hvp(&self, lambda: &[f64], v: &[f64], out: &mut [f64]) {
        self.each_penalized(|entry, own| {
            let strength = self.strength(lambda, entry);
            for (target, value) in out[own.clone()].iter_mut().zip(&v[own]) {
                *target += strength * value;
            }
        });
        self.each_free(|own| {
            let part = self.mean(&v[own.clone()]) / self.outputs as f64;
            out[own].iter_mut().for_each(|target| *target += part);
        });
    }

    /// As [`add_hvp`](Self::add_hvp), for `count` directions side by side.
    pub fn add_hvps(&self, lambda: &[f64], (directions, count): (&[f64], usize), out: &mut [f64]) {
        let panel = |own: Range<usize>| own.start * count..own.end * count;
        self.each_penalized(|entry, own| {
            axpy(self.strength(lambda, entry), &directions[panel(own.clone())], &mut out[panel(own)]);
        });
        self.each_free(|own| {
            let (directions, out) = (&directions[panel(own.clone())], &mut out[panel(own)]);
            for column in 0..count {
                let sum: f64 = directions.iter().skip(column).step_by(count).sum();
                let part = sum / self.outputs as f64 / self.outputs as f64;
                out.iter_mut().skip(column).step_by(count).for_each(|target| *target += part);
            }
        });
    }

    /// Adds `∂²_θλ r` of some entries of λ, in rising order, to the first columns of a panel.
    pub fn add_cross_columns(
        &self,
        lambda: &[f64],
        entries: &[usize],
        theta: &[f64],
        (width, out): (usize, &mut [f64]),
    ) {
        self.each_penalized(|entry, own| {
            if let Ok(column) = entries.binary_search(&entry) {
                let strength = self.strength(lambda, entry);
                own.for_each(|coordinate| out[coordinate * width + column] += strength * theta[coordinate]);
            }
        });
    }

    /// `out += ∂²_θθ r`, dense.
    pub fn add_curvature(&self, lambda: &[f64], out: &mut Matrix) {
        self.each_penalized(|entry, own| {
            let strength = self.strength(lambda, entry);
            own.for_each(|coordinate| out[(coordinate, coordinate)] += strength);
        });
        let part = 1.0 / (self.outputs * self.outputs) as f64;
        self.each_free(|own| {
            own.clone().for_each(|i| own.clone().for_each(|j| out[(i, j)] += part));
        });
    }

    /// `out +=` the diagonal of `∂²_θθ r`.
    pub fn add_diagonal(&self, lambda: &[f64], out: &mut [f64]) {
        self.each_penalized(|entry, own| {
            let strength = self.strength(lambda, entry);
            out[own].iter_mut().for_each(|target| *target += strength);
        });
        let part = 1.0 / (self.outputs * self.outputs) as f64;
        self.each_free(|own| out[own].iter_mut().for_each(|target| *target += part));
    }

    /// The factor of every coordinate, zero where there is none: the diagonal of `∂²_θθ r` without the term that holds the means of
    /// free columns.
    pub fn strengths(&self, lambda: &[f64], out: &mut [f64]) {
        out.fill(0.0);
        self.each_penalized(|entry, own| out[own].fill(self.strength(lambda, entry)));
    }

    /// `out = ∂_λ(uᵀ ∂²_θθ r v)`; with `u = θ` it is `(∂²_θλ r)ᵀ v`.
    pub fn bilinear(&self, lambda: &[f64], u: &[f64], v: &[f64], out: &mut [f64]) {
        out.fill(0.0);
        self.each_penalized(|entry, own| {
            out[entry] += self.strength(lambda, entry) * sum_of_products(&u[own.clone()], &v[own]);
        });
    }

    /// `out += (∂_λ ∂²_θθ r [direction]) v`; with `v = θ` it is `(∂²_θλ r) direction`.
    pub fn add_directional(&self, lambda: &[f64], direction: &[f64], v: &[f64], out: &mut [f64]) {
        self.each_penalized(|entry, own| {
            let strength = self.strength(lambda, entry) * direction[entry];
            for (target, value) in out[own.clone()].iter_mut().zip(&v[own]) {
                *target += strength * value;
            }
        });
    }

    /// As [`add_hvp`](Self::add_hvp), with twice the digits. The factors are the `f64` that every other derivative sees.
    pub fn add_precise_hvp(&self, lambda: &[f64], v: &[Double], out: &mut [Double]) {
        self.each_penalized(|entry, own| {
            double::axpy(self.strength(lambda, entry).into(), &v[own.clone()], &mut out[own]);
        });
        let count = Double::from(self.outputs as f64);
        self.each_free(|own| {
            let sum = v[own.clone()].iter().fold(Double::ZERO, |sum, v| sum + *v);
            out[own].iter_mut().for_each(|target| *target += sum / count / count);
        });
    }

    /// As [`bilinear`](Self::bilinear), with twice the digits.
    pub fn precise_bilinear(&self, lambda: &[f64], u: &[Double], v: &[Double], out: &mut [Double]) {
        out.fill(Double::ZERO);
        self.each_penalized(|entry, own| {
            out[entry] += double::dot(&u[own.clone()], &v[own]) * self.strength(lambda, entry);
        });
    }

    /// The factor `s e^λ` of an entry of λ.
    fn strength(&self, lambda: &[f64], entry: usize) -> f64 {
        self.scale * lambda[entry].exp()
    }

    /// The mean over the outputs.
    fn mean(&self, weights: &[f64]) -> f64 {
        weights.iter().sum::<f64>() / self.outputs as f64
    }

    /// Calls back with the entry of λ and the coordinates of every feature that is penalized.
    fn each_penalized(&self, mut tell: impl FnMut(usize, Range<usize>)) {
        for (feature, owner) in self.owners.entries().iter().enumerate() {
            if let Some(entry) = owner {
                tell(*entry, self.coordinates(feature));
            }
        }
    }

    /// Calls back with the coordinates of every free column whose mean the loss leaves open.
    fn each_free(&self, mut tell: impl FnMut(Range<usize>)) {
        for (feature, owner) in self.owners.entries().iter().enumerate() {
            if self.holds_means && owner.is_none() {
                tell(self.coordinates(feature));
            }
        }
    }

    fn coordinates(&self, feature: usize) -> Range<usize> {
        feature * self.outputs..(feature + 1) * self.outputs
    }
}

fn sum_of_products(u: &[f64], v: &[f64]) -> f64 {
    u.iter().zip(v).map(|(a, b)| a * b).sum()
}
