//! Weights of past blocks: which past is still worth learning from, when what is to be learned moves.
//!
//! Training rows are S blocks, the newest first, and validation rows the block that follows them in time. With a function `h = φᵀθ`
//! of random Fourier features and a weight λ_s for each age s,
//!
//! `g = ½ Σ_s λ_s mean_s (h − y)² + (ρ/2)‖θ‖²`, `f = ½ mean (h − y′)²`.
//!
//! `H = Σ_s λ_s mean_s φφᵀ + ρI`, and with the adjoint function `a = −φᵀH⁻¹∇_θ f`, which is a second regression, `∂F/∂λ_s = mean_s
//! (h − y) a` (Petrulionyte, Mairal, Arbel 2024; Bohne et al. 2026). F hardly changes with a common factor of all λ_s, which the penalty
//! alone sees. `Forgetting` has two outer variables instead: `λ_s ∝ exp(−e^{μ₀}s)` and `ρ = e^{μ₁}`. Cost: a pass over the rows for a
//! gradient or a product, `O(nD)`; θ* one Cholesky solve. Over a mini-batch a row counts by the weight of its age.

mod features;
mod weights;

use std::sync::Arc;

use features::RandomFeatures;
use weights::Weighting;

use super::linear::loss::Squared;
use super::linear::{Sets, intake, largest_eigenvalue, sized};
use super::{
    Block, BuildError, Cache, Dimensions, Entry, Level, Location, Needs, OuterObjective, Parts, Problem, Sample, Score,
    ThirdDerivatives,
};
use crate::catalog::{Card, Kind, Knob, Scale};
use crate::data::{Samples, Split};
use crate::math::vector::{axpy, dot};
use crate::math::{Factorization, Matrix};

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "past-blocks",
        name: "Weights of past blocks",
        source: "Bohne, Petrulionyte, Arbel, Mairal, Polak 2026, arXiv 2601.15363; features: Rahimi and Recht 2007",
        equation: "g = ½ Σ_s λ_s mean_s (h − y)² + (ρ/2)‖θ‖²,  f = ½ mean (h − y′)²;  h(x) = φ(x)ᵀθ",
        summary: "What is to be learned moves in time, and λ says how much each past block counts. The training rows are blocks of \
                  one age each, and the block that follows them judges. With a drifting world, time goes on at every outer step.",
        cost: "a gradient or product a pass over the rows, nD; θ* one Cholesky solve, D³/3",
        fails: "F hardly changes with a common factor of all weights, so that their norm drifts: read them over their sum. Noise in \
                the block that judges moves λ as much as drift does.",
        knobs: &[
            Knob {
                key: "blocks",
                help: "S, the blocks that the training rows are, the newest first: `past` of `split: Stream`.",
                kind: Kind::Integer { default: 10, range: (1, 10_000), scale: Scale::Logarithmic },
            },
            Knob {
                key: "weights",
                help: "What λ is.",
                kind: Kind::Choice {
                    options: &[
                        ("PerAge", "a weight for each age, at least 0; ρ is fixed"),
                        ("Forgetting", "μ₀ and μ₁: weights ∝ exp(−e^{μ₀} age), which add up to 1, and ρ = e^{μ₁}"),
                    ],
                },
            },
            Knob {
                key: "ridge",
                help: "ρ on ‖θ‖²/2, where it is fixed.",
                kind: Kind::Real { default: 1e-2, range: (1e-8, 1e4), scale: Scale::Logarithmic },
            },
            Knob {
                key: "features",
                help: "D, random Fourier features with a constant, where the arrays `W` and `b` do not say them.",
                kind: Kind::Integer { default: 20, range: (2, 2000), scale: Scale::Logarithmic },
            },
            Knob {
                key: "bandwidth",
                help: "Of the Gaussian kernel that the features tend to, where they are drawn.",
                kind: Kind::Real { default: 1.0, range: (1e-3, 1e3), scale: Scale::Logarithmic },
            },
        ],
    },
    needs: |_| Needs::Blocks,
    level: Level::Own("the constant among its features"),
    build: |parts| Ok(Arc::new(PastBlocks::new(parts)?)),
};

struct PastBlocks {
    /// φ(x) of each set.
    sets: Sets<Squared>,
    /// φ(x) and y of the training rows once more, for what is weighted by age.
    training: (Matrix, Vec<f64>),
    /// S.
    ages: usize,
    weighting: Weighting,
}

impl PastBlocks {
    fn new(parts: &Parts<'_>) -> Result<Self, BuildError> {
        let mut split = intake::regression(parts, intake::Validation::Needed)?;
        intake::written_out(&mut split)?;
        let features = RandomFeatures::new(parts, split.training.features.columns())?;
        intake::check_dense(features.count())?;
        let (ages, rows) = (parts.knobs.count("blocks"), split.training.targets.len());
        if !rows.is_multiple_of(ages) {
            let message = format!(
                "`blocks` is {ages}, which does not divide the {rows} training rows; expected as many as the split has"
            );
            return Err(BuildError::at("blocks", message));
        }
        let of = |samples: &Samples| Samples {
            features: features.of(&samples.features.dense()).into(),
            targets: samples.targets.clone(),
            weights: samples.weights.clone(),
        };
        let [training, validation, test] = [&split.training, &split.validation, &split.test].map(of);
        let own = ((*training.features.dense()).clone(), training.targets.clone());
        let sets = Sets::new(Split { training, validation, test, ..Split::default() }, || Squared, None);
        Ok(Self { sets, training: own, ages, weighting: Weighting::new(parts.knobs) })
    }

    /// How many blocks old a training row is, the newest 0.
    fn age(&self, row: usize) -> usize {
        row * self.ages / self.training.1.len()
    }

    /// `h − y` of a training row.
    fn residual(&self, theta: &[f64], row: usize) -> f64 {
        self.value(theta, row) - self.training.1[row]
    }

    /// `φᵀv` of a training row.
    fn value(&self, v: &[f64], row: usize) -> f64 {
        dot(self.training.0.row(row), v)
    }

    /// `out += Σ_s w_s mean_s (term φ)` over the rows in use: the mean over all rows is that over blocks, divided by S.
    fn add(&self, at: Location<'_>, weights: &[f64], term: impl Fn(usize) -> f64, out: &mut [f64]) {
        let weight = |row: usize| self.ages as f64 * weights[self.age(row)] * term(row);
        self.sets.training.add_rows(at.rows.training, weight, out);
    }

    /// `out_s = mean_s term` over the rows in use; a row is told with `φᵀθ − y`.
    fn by_age(&self, at: Location<'_>, term: impl Fn(usize, f64) -> f64, out: &mut [f64]) {
        let scale = self.ages as f64 * self.sets.training.share(at.rows.training);
        out.fill(0.0);
        self.sets.training.each_score(at.rows.training, at.theta, |row, of| {
            out[self.age(row)] += scale * of.weight * term(row, of.score - of.target);
        });
    }

    /// `Σ_s w_s mean_s φφᵀ + ρI` over all rows.
    fn curvature(&self, lambda: &[f64]) -> Matrix {
        let mut weights = vec![0.0; self.ages];
        self.weighting.weights(lambda, &mut weights);
        let mut matrix = self.sets.training.weighted_gram(|row| self.ages as f64 * weights[self.age(row)]);
        matrix.add_to_diagonal(self.weighting.ridge(lambda));
        matrix
    }
}

/// The weight of every age, as `prepare` left it, with room for two more such lists.
fn prepared(cache: &mut Cache, ages: usize) -> (&[f64], &mut [f64], &mut [f64]) {
    let Cache { prepared, work: [first, second, ..], .. } = cache;
    (&prepared[..ages], sized(first, ages), sized(second, ages))
}

impl Problem for PastBlocks {
    fn dimensions(&self) -> Dimensions {
        self.sets.dimensions(self.weighting.dimension(self.ages))
    }

    fn prepare(&self, at: Location<'_>, cache: &mut Cache) {
        self.weighting.weights(at.lambda, sized(&mut cache.prepared, self.ages));
    }

    fn inner_value(&self, at: Location<'_>, cache: &mut Cache) -> f64 {
        let (weights, ages, _) = prepared(cache, self.ages);
        self.by_age(at, |_, residual| residual * residual, ages);
        0.5 * (dot(weights, ages) + self.weighting.ridge(at.lambda) * dot(at.theta, at.theta))
    }

    fn inner_gradient(&self, at: Location<'_>, cache: &mut Cache, out: &mut [f64]) {
        let (weights, ..) = prepared(cache, self.ages);
        out.fill(0.0);
        self.add(at, weights, |row| self.residual(at.theta, row), out);
        axpy(self.weighting.ridge(at.lambda), at.theta, out);
    }

    fn inner_lambda_gradient(&self, at: Location<'_>, cache: &mut Cache, out: &mut [f64]) {
        let (weights, ages, room) = prepared(cache, self.ages);
        self.by_age(at, |_, residual| 0.5 * residual * residual, ages);
        self.weighting.by_lambda(at.lambda, weights, (ages, 0.5 * dot(at.theta, at.theta)), room, out);
    }

    fn hvp(&self, at: Location<'_>, cache: &mut Cache, v: &[f64], out: &mut [f64]) {
        let (weights, ..) = prepared(cache, self.ages);
        out.fill(0.0);
        self.add(at, weights, |row| self.value(v, row), out);
        axpy(self.weighting.ridge(at.lambda), v, out);
    }

    fn cross_vjp(&self, at: Location<'_>, cache: &mut Cache, v: &[f64], out: &mut [f64]) {
        let (weights, ages, room) = prepared(cache, self.ages);
        self.by_age(at, |row, residual| residual * self.value(v, row), ages);
        self.weighting.by_lambda(at.lambda, weights, (ages, dot(at.theta, v)), room, out);
    }

    fn cross_jvp(&self, at: Location<'_>, cache: &mut Cache, u: &[f64], out: &mut [f64]) {
        let (weights, moved, _) = prepared(cache, self.ages);
        let ridge = self.weighting.along(at.lambda, weights, u, moved);
        out.fill(0.0);
        self.add(at, moved, |row| self.residual(at.theta, row), out);
        axpy(ridge, at.theta, out);
    }

    fn outer(&self) -> &dyn OuterObjective {
        &self.sets.outer
    }

    fn third(&self) -> Option<&dyn ThirdDerivatives> {
        Some(self)
    }

    fn solve(&self, lambda: &[f64]) -> Option<Vec<f64>> {
        let (mut weights, mut moment) = (vec![0.0; self.ages], vec![0.0; self.training.0.columns()]);
        self.weighting.weights(lambda, &mut weights);
        let at = Location { lambda, theta: &[], rows: super::Rows::default() };
        self.add(at, &weights, |row| self.training.1[row], &mut moment);
        Some(Factorization::symmetric(&self.curvature(lambda))?.solve(&moment))
    }

    fn curvature_bound(&self, lambda: &[f64]) -> Option<f64> {
        Some(largest_eigenvalue(&self.curvature(lambda)))
    }

    fn is_quadratic(&self) -> bool {
        true
    }

    fn score(&self, sample: Sample, _: &[f64], theta: &[f64]) -> Option<Score> {
        self.sets.score(sample, theta)
    }

    fn blocks(&self) -> Vec<Block> {
        self.weighting.blocks(self.ages)
    }

    fn lambda_meets_rows(&self) -> bool {
        true
    }

    fn age_weights(&self, lambda: &[f64]) -> Option<Vec<f64>> {
        let mut weights = vec![0.0; self.ages];
        self.weighting.weights(lambda, &mut weights);
        Some(weights)
    }
}

/// H is linear in the weights and the penalty, and does not move with θ.
impl ThirdDerivatives for PastBlocks {
    fn inner(&self, _: Location<'_>, _: &mut Cache, _: &[f64], _: &[f64], out: &mut [f64]) {
        out.fill(0.0);
    }

    fn cross_jvp(&self, at: Location<'_>, cache: &mut Cache, direction: &[f64], v: &[f64], out: &mut [f64]) {
        let (weights, moved, _) = prepared(cache, self.ages);
        let ridge = self.weighting.along(at.lambda, weights, direction, moved);
        out.fill(0.0);
        self.add(at, moved, |row| self.value(v, row), out);
        axpy(ridge, v, out);
    }

    fn cross_vjp(&self, at: Location<'_>, cache: &mut Cache, u: &[f64], v: &[f64], out: &mut [f64]) {
        let (weights, ages, room) = prepared(cache, self.ages);
        self.by_age(at, |row, _| self.value(u, row) * self.value(v, row), ages);
        self.weighting.by_lambda(at.lambda, weights, (ages, dot(u, v)), room, out);
    }
}
