//! The exponential penalty: `r = (s/2) Σ_j e^{λ_j} Σ_k W_jk²`, one λ per feature or a single one.
//!
//! `s` is the knob `penalty_weight`, divided by the number of penalised coordinates (the length of
//! θ) when the penalty is a mean over them, as in Ye et al. 2024. Written in `e^λ` the penalty
//! stays positive for every λ. Everything is diagonal: each call costs `O(d)`.

use crate::catalog::{Kind, Knob, Knobs, Scale};
use crate::math::double::{self, Double};

/// One penalty per feature, or a single one.
pub(in crate::problem) const PENALTY: Knob = Knob {
    key: "penalty",
    help: "One penalty for each feature, or a single one for all.",
    kind: Kind::Choice {
        options: &[("PerFeature", "λ_j belongs to feature j"), ("Scalar", "one λ for all coordinates")],
    },
};

/// Sum or mean over the coordinates.
pub(in crate::problem) const REDUCTION: Knob = Knob {
    key: "reduction",
    help: "Whether the penalty is a sum over the coordinates of θ or their mean.",
    kind: Kind::Choice { options: &[("Sum", "sum over coordinates"), ("Mean", "sum divided by the length of θ")] },
};

/// A factor on the whole penalty.
pub(in crate::problem) const PENALTY_WEIGHT: Knob = Knob {
    key: "penalty_weight",
    help: "Factor on the whole penalty; weak penalties make the inner problem ill-conditioned.",
    kind: Kind::Real { default: 1.0, range: (1e-6, 1e6), scale: Scale::Logarithmic },
};

/// `r(λ, θ)` for θ of `features × outputs` coordinates.
pub(in crate::problem) struct ExponentialPenalty {
    per_feature: bool,
    scale: f64,
    features: usize,
    outputs: usize,
}

impl ExponentialPenalty {
    /// From the knobs [`PENALTY`], [`REDUCTION`] and [`PENALTY_WEIGHT`].
    pub fn new(knobs: &Knobs, features: usize, outputs: usize) -> Self {
        let share = if knobs.choice("reduction") == "Mean" { (features * outputs) as f64 } else { 1.0 };
        Self {
            per_feature: knobs.choice("penalty") == "PerFeature",
            scale: knobs.real("penalty_weight") / share,
            features,
            outputs,
        }
    }

    /// p, the length of λ.
    pub fn dimension(&self) -> usize {
        if self.per_feature { self.features } else { 1 }
    }

    /// What the entries of λ are called.
    pub fn names(&self, feature_names: &[String]) -> Vec<String> {
        if self.per_feature { feature_names.to_vec() } else { vec!["log penalty".to_owned()] }
    }

    /// The factor `s e^{λ_j}` on the coordinates of feature j.
    pub fn strength(&self, lambda: &[f64], feature: usize) -> f64 {
        self.scale * lambda[self.index(feature)].exp()
    }

    /// The largest such factor: the penalty's largest curvature.
    pub fn largest(&self, lambda: &[f64]) -> f64 {
        self.scale * lambda.iter().copied().fold(f64::NEG_INFINITY, f64::max).exp()
    }

    /// Whether one factor holds for all coordinates.
    pub fn is_scalar(&self) -> bool {
        !self.per_feature
    }

    /// `r`.
    pub fn value(&self, lambda: &[f64], theta: &[f64]) -> f64 {
        let mut total = 0.0;
        self.each_feature(|j, own| {
            total += self.strength(lambda, j) * sum_of_products(&theta[own.clone()], &theta[own])
        });
        0.5 * total
    }

    /// `out += ∂²_θθ r v`; with `v = θ` the gradient.
    pub fn add_hvp(&self, lambda: &[f64], v: &[f64], out: &mut [f64]) {
        self.each_feature(|j, own| {
            let strength = self.strength(lambda, j);
            for (target, value) in out[own.clone()].iter_mut().zip(&v[own]) {
                *target += strength * value;
            }
        });
    }

    /// Calls back with each diagonal entry of `∂²_θθ r`.
    pub fn each_curvature(&self, lambda: &[f64], mut tell: impl FnMut(usize, f64)) {
        self.each_feature(|j, own| own.for_each(|coordinate| tell(coordinate, self.strength(lambda, j))));
    }

    /// `out = ∂_λ(uᵀ ∂²_θθ r v)`; with `u = θ` it is `(∂²_θλ r)ᵀ v`.
    pub fn bilinear(&self, lambda: &[f64], u: &[f64], v: &[f64], out: &mut [f64]) {
        out.fill(0.0);
        self.each_feature(|j, own| {
            out[self.index(j)] += self.strength(lambda, j) * sum_of_products(&u[own.clone()], &v[own]);
        });
    }

    /// `out += (∂_λ ∂²_θθ r [direction]) v`; with `v = θ` it is `(∂²_θλ r) direction`.
    pub fn add_directional(&self, lambda: &[f64], direction: &[f64], v: &[f64], out: &mut [f64]) {
        self.each_feature(|j, own| {
            let strength = self.strength(lambda, j) * direction[self.index(j)];
            for (target, value) in out[own.clone()].iter_mut().zip(&v[own]) {
                *target += strength * value;
            }
        });
    }

    /// As [`add_hvp`](Self::add_hvp), with twice the digits. The factors are the `f64` that every other derivative sees.
    pub fn add_precise_hvp(&self, lambda: &[f64], v: &[Double], out: &mut [Double]) {
        self.each_feature(|j, own| double::axpy(self.strength(lambda, j).into(), &v[own.clone()], &mut out[own]));
    }

    /// As [`bilinear`](Self::bilinear), with twice the digits.
    pub fn precise_bilinear(&self, lambda: &[f64], u: &[Double], v: &[Double], out: &mut [Double]) {
        out.fill(Double::ZERO);
        self.each_feature(|j, own| {
            out[self.index(j)] += double::dot(&u[own.clone()], &v[own]) * self.strength(lambda, j);
        });
    }

    /// Which λ a feature has.
    fn index(&self, feature: usize) -> usize {
        if self.per_feature { feature } else { 0 }
    }

    /// Calls back with every feature and its coordinates.
    fn each_feature(&self, mut tell: impl FnMut(usize, std::ops::Range<usize>)) {
        for j in 0..self.features {
            tell(j, j * self.outputs..(j + 1) * self.outputs);
        }
    }
}

fn sum_of_products(u: &[f64], v: &[f64]) -> f64 {
    u.iter().zip(v).map(|(a, b)| a * b).sum()
}
