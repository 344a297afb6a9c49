//! A multilayer perceptron with one hidden layer: the inner objective that is not convex.
//!
//! `z(x) = W₂ᵀ tanh(W₁ᵀx + b₁) + b₂` with D features, h hidden units and K outputs; θ is W₁ (D × h), b₁, W₂ (h × K), b₂, row
//! by row. `g = (1/n) Σ_i w_i ℓ(z(x_i), y_i) + penalty`, with ℓ the cross-entropy of classes or half the squared residual
//! of a number. λ is one log penalty a layer, `(e^λ₁‖W₁‖² + e^λ₂‖W₂‖²)/2` with free biases and w = 1, or the logit of every
//! row's weight, `w_i = σ(λ_i)`. `f` is the mean of ℓ over the validation rows.
//!
//! Products with H are exact: the network is differentiated forward and backward along the direction (Pearlmutter
//! 1994). Third derivatives are differences of these. θ = 0 is a saddle at which all hidden units are alike, so the
//! problem brings a start of its own: normal weights of variance one over the inputs of a unit (LeCun et al. 1998).

mod network;
mod panels;

use std::ops::Range;
use std::sync::Arc;

use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};

use super::linear::intake;
use super::row_weights::RowWeights;
use super::{
    Block, BuildError, Cache, Dimensions, Entry, Labels, Level, Likelihood, Location, Needs, OuterObjective, Parts,
    Problem, Sample, Score,
};
use crate::catalog::{Card, Kind, Knob, Scale};
use crate::math::vector::{axpy, dot};
use network::{Network, Shape};

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "perceptron",
        name: "Multilayer perceptron",
        source: "Rumelhart, Hinton, Williams 1986; products with H as in Pearlmutter 1994; start as in LeCun et al. 1998",
        equation: "z = W₂ᵀ tanh(W₁ᵀx + b₁) + b₂;  g = (1/n) Σᵢ wᵢ ℓ(zᵢ, yᵢ) + ½ e^λ₁‖W₁‖² + ½ e^λ₂‖W₂‖²,  f = (1/m) Σᵢ ℓ(z′ᵢ, y′ᵢ)",
        summary: "A small neural network, whose training can end in many places. One hidden layer of tanh units: g \
                  is not convex, and has many minima. λ is a log penalty a layer, or the weight of every training \
                  row.",
        cost: "a gradient 2n(D + K)h, a Hessian-vector product twice that",
        fails: "There is no θ*(λ): where an inner run ends depends on where it began, implicit estimates solve with an H that \
                may be indefinite, and only the derivative of the run itself is exact. No curvature bound is known, \
                so that steps are written as numbers.",
        knobs: &[
            Knob {
                key: "hidden",
                help: "Hidden units h.",
                kind: Kind::Integer { default: 8, range: (1, 512), scale: Scale::Logarithmic },
            },
            Knob {
                key: "target",
                help: "What the target is, and with it the loss.",
                kind: Kind::Choice {
                    options: &[
                        ("Classes", "whole-number classes: cross-entropy of K outputs"),
                        ("Number", "a number: half the squared residual of one output"),
                    ],
                },
            },
            Knob {
                key: "learns",
                help: "What λ is.",
                kind: Kind::Choice {
                    options: &[
                        ("Layers", "a log penalty on each of the two weight matrices; biases are free"),
                        ("Rows", "the logit of the weight of every training row"),
                    ],
                },
            },
            Knob {
                key: "ridge",
                help: "Fixed penalty C on ‖θ‖²/2, biases included.",
                kind: Kind::Real { default: 0.0, range: (0.0, 1e4), scale: Scale::Logarithmic },
            },
            Knob {
                key: "output_start",
                help: "Factor on the weights of the second layer where runs start.",
                kind: Kind::Real { default: 1.0, range: (0.0, 100.0), scale: Scale::Linear },
            },
        ],
    },
    needs: |knobs| if knobs.choice("target") == "Number" { Needs::Regression } else { Needs::Classes },
    level: Level::Own("the biases of its two layers"),
    build: |parts| Ok(Arc::new(Perceptron::new(parts)?)),
};

struct Perceptron {
    training: Network,
    outer: Validation,
    test: Network,
    ridge: f64,
    output_start: f64,
    lambda: Hyperparameters,
}

/// What λ stands for.
enum Hyperparameters {
    /// A log penalty on each of the two weight matrices.
    Layers,
    /// The logit of a weight for each training row.
    Rows(RowWeights),
}

use Hyperparameters::{Layers, Rows};

/// The mean loss over the validation rows.
struct Validation(Network);

impl Perceptron {
    fn new(parts: &Parts<'_>) -> Result<Self, BuildError> {
        intake::no_arrays(parts)?;
        let (mut split, classes) = match parts.knobs.choice("target") {
            "Number" => (intake::regression(parts, intake::Validation::Needed)?, None),
            _ => intake::classes(parts, intake::Validation::Needed).map(|(split, classes)| (split, Some(classes)))?,
        };
        let shape = Shape {
            features: split.training.features.columns(),
            hidden: parts.knobs.count("hidden"),
            outputs: classes.unwrap_or(1),
        };
        if shape.length() > intake::LONGEST {
            let message = format!(
                "`hidden` is {}, so that θ would have {} entries; expected at most {}",
                shape.hidden,
                shape.length(),
                intake::LONGEST
            );
            return Err(BuildError::at("hidden", message));
        }
        intake::written_out(&mut split)?;
        let lambda = if parts.knobs.choice("learns") == "Rows" { Rows(RowWeights::of(&split)) } else { Layers };
        let network = |samples| Network::new(shape, classes.is_some(), samples);
        Ok(Self {
            training: network(split.training),
            outer: Validation(network(split.validation)),
            test: network(split.test),
            ridge: parts.knobs.real("ridge"),
            output_start: parts.knobs.real("output_start"),
            lambda,
        })
    }

    /// The weight that λ gives a training row.
    fn weight(&self, lambda: &[f64], row: usize) -> f64 {
        match &self.lambda {
            Layers => 1.0,
            Rows(weights) => weights.weight(lambda, row),
        }
    }

    /// Adds to the entry of λ that a row belongs to.
    fn add(&self, lambda: &[f64], row: usize, value: f64, out: &mut [f64]) {
        if let Rows(weights) = &self.lambda {
            weights.add(lambda, row, value, out);
        }
    }

    /// `out += P v`, with P the Hessian of the penalty.
    fn add_penalty(&self, lambda: &[f64], v: &[f64], out: &mut [f64]) {
        axpy(self.ridge, v, out);
        for (range, strength) in self.layer_penalties(lambda) {
            axpy(strength, &v[range.clone()], &mut out[range]);
        }
    }

    /// The entries of θ that a penalty of λ is on, and how strong it is there.
    fn layer_penalties(&self, lambda: &[f64]) -> impl Iterator<Item = (Range<usize>, f64)> {
        let matrices = matches!(self.lambda, Layers).then(|| self.training.shape.matrices());
        matrices.into_iter().flatten().zip(lambda).map(|(range, log)| (range, log.exp()))
    }
}

/// The training rows in use and what [`prepare`](Problem::prepare) left of them.
fn place<'a>(at: Location<'a>, cache: &'a mut Cache) -> (network::Place<'a>, &'a mut Vec<f64>) {
    let [scratch, ..] = &mut cache.scratch;
    (network::Place { theta: at.theta, rows: at.rows.training, state: &cache.prepared }, scratch)
}

impl Problem for Perceptron {
    fn dimensions(&self) -> Dimensions {
        let outer = match &self.lambda {
            Layers => 2,
            Rows(weights) => weights.count(),
        };
        let (inner, training) = (self.training.shape.length(), self.training.rows());
        Dimensions { inner, outer, training, validation: self.outer.0.rows() }
    }

    fn prepare(&self, at: Location<'_>, cache: &mut Cache) {
        self.training.prepare(at.theta, at.rows.training, &mut cache.prepared);
    }

    fn inner_value(&self, at: Location<'_>, cache: &mut Cache) -> f64 {
        let (place, _) = place(at, cache);
        // No penalty adds nothing, also where the square overflows.
        let mut value = if self.ridge > 0.0 { 0.5 * self.ridge * dot(at.theta, at.theta) } else { 0.0 };
        if matches!(self.lambda, Layers) {
            for (range, log) in self.training.shape.matrices().into_iter().zip(at.lambda) {
                let weights = &at.theta[range];
                value += 0.5 * log.exp() * dot(weights, weights);
            }
        }
        value + self.training.value(place, |row| self.weight(at.lambda, row))
    }

    fn inner_gradient(&self, at: Location<'_>, cache: &mut Cache, out: &mut [f64]) {
        let (place, scratch) = place(at, cache);
        out.fill(0.0);
        self.training.add_gradient(place, scratch, |row| self.weight(at.lambda, row), out);
        self.add_penalty(at.lambda, at.theta, out);
    }

    fn inner_lambda_gradient(&self, at: Location<'_>, cache: &mut Cache, out: &mut [f64]) {
        out.fill(0.0);
        if matches!(self.lambda, Layers) {
            for ((range, log), out) in self.training.shape.matrices().into_iter().zip(at.lambda).zip(out) {
                let weights = &at.theta[range];
                *out = 0.5 * log.exp() * dot(weights, weights);
            }
            return;
        }
        let share = self.training.share(at.rows.training);
        self.training.each_loss(place(at, cache).0, |row, loss| self.add(at.lambda, row, share * loss, out));
    }

    fn hvp(&self, at: Location<'_>, cache: &mut Cache, v: &[f64], out: &mut [f64]) {
        let (place, scratch) = place(at, cache);
        out.fill(0.0);
        self.training.add_hvp(place, scratch, |row| self.weight(at.lambda, row), v, out);
        self.add_penalty(at.lambda, v, out);
    }

    fn hvps(&self, at: Location<'_>, cache: &mut Cache, directions: &[f64], count: usize, out: &mut [f64]) {
        let (place, scratch) = place(at, cache);
        out.fill(0.0);
        self.training.add_hvps(place, scratch, |row| self.weight(at.lambda, row), (directions, count), out);
        axpy(self.ridge, directions, out);
        if matches!(self.lambda, Layers) {
            for (range, log) in self.training.shape.matrices().into_iter().zip(at.lambda) {
                let panel = range.start * count..range.end * count;
                axpy(log.exp(), &directions[panel.clone()], &mut out[panel]);
            }
        }
    }

    fn cross_vjp(&self, at: Location<'_>, cache: &mut Cache, v: &[f64], out: &mut [f64]) {
        out.fill(0.0);
        if matches!(self.lambda, Layers) {
            for ((range, log), out) in self.training.shape.matrices().into_iter().zip(at.lambda).zip(out) {
                *out = log.exp() * dot(&at.theta[range.clone()], &v[range]);
            }
            return;
        }
        let share = self.training.share(at.rows.training);
        let (place, scratch) = place(at, cache);
        self.training.each_slope(place, scratch, v, |row, slope| self.add(at.lambda, row, share * slope, out));
    }

    fn cross_jvp(&self, at: Location<'_>, cache: &mut Cache, u: &[f64], out: &mut [f64]) {
        out.fill(0.0);
        match &self.lambda {
            Layers => {
                for ((range, log), u) in self.training.shape.matrices().into_iter().zip(at.lambda).zip(u) {
                    axpy(log.exp() * u, &at.theta[range.clone()], &mut out[range]);
                }
            }
            Rows(weights) => {
                let slope = |row: usize| weights.along(at.lambda, row, u);
                let (place, scratch) = place(at, cache);
                self.training.add_gradient(place, scratch, slope, out);
            }
        }
    }

    fn outer(&self) -> &dyn OuterObjective {
        &self.outer
    }

    fn is_convex(&self) -> bool {
        false
    }

    fn start(&self, random: &mut ChaCha8Rng) -> Vec<f64> {
        let shape = self.training.shape;
        let mut start = vec![0.0; shape.length()];
        let layers = [(shape.features, 1.0), (shape.hidden, self.output_start)];
        for (range, (inputs, factor)) in shape.matrices().into_iter().zip(layers) {
            let deviation = factor / (inputs as f64).sqrt();
            start[range].iter_mut().for_each(|x| {
                let z: f64 = StandardNormal.sample(random);
                *x = deviation * z;
            });
        }
        start
    }

    fn likelihood(&self) -> Option<&dyn Likelihood> {
        Some(self)
    }

    /// The loss is not weighted, so that it can be compared along the run.
    fn score(&self, sample: Sample, _: &[f64], theta: &[f64]) -> Option<Score> {
        match sample {
            Sample::Training => &self.training,
            Sample::Validation => &self.outer.0,
            Sample::Test => &self.test,
        }
        .score(theta)
    }

    fn blocks(&self) -> Vec<Block> {
        vec![match &self.lambda {
            Layers => Block::new("log_penalties", vec!["first layer".to_owned(), "second layer".to_owned()]),
            Rows(weights) => weights.block(),
        }]
    }

    fn is_about_rows(&self) -> bool {
        matches!(self.lambda, Rows(_))
    }

    fn row_weights(&self, lambda: &[f64]) -> Option<Vec<f64>> {
        match &self.lambda {
            Layers => None,
            Rows(weights) => Some(weights.all(lambda)),
        }
    }

    fn lambda_meets_rows(&self) -> bool {
        matches!(self.lambda, Rows(_))
    }

    fn reads_lambda(&self) -> Option<&[bool]> {
        match &self.lambda {
            Rows(weights) => weights.reads(),
            Layers => None,
        }
    }
}

impl Likelihood for Perceptron {
    fn scores_of(&self, at: Location<'_>, cache: &mut Cache, labels: Labels<'_>, weights: &mut [f64], out: &mut [f64]) {
        let (place, scratch) = place(at, cache);
        self.training.scores_of(place, scratch, labels, weights, out);
    }

    fn outcomes(&self) -> usize {
        self.training.shape.outputs
    }

    fn rank(&self) -> usize {
        self.training.shape.length()
    }

    fn knows(&self, label: f64) -> bool {
        self.training.knows(label)
    }

    fn weight(&self, lambda: &[f64], row: usize) -> f64 {
        self.training.own_weight(row) * self.weight(lambda, row)
    }

    fn weight_slope(&self, lambda: &[f64], row: usize) -> Option<(usize, f64)> {
        let Rows(weights) = &self.lambda else { return None };
        let (entry, slope) = weights.slope(lambda, row)?;
        Some((entry, self.training.own_weight(row) * slope))
    }

    fn penalty_diagonal(&self, lambda: &[f64], out: &mut [f64]) {
        out.fill(self.ridge);
        for (range, strength) in self.layer_penalties(lambda) {
            out[range].iter_mut().for_each(|entry| *entry += strength);
        }
    }
}

impl Validation {
    /// The rows in use, run through the network, and scratch.
    fn prepared<'a>(&self, at: Location<'a>, cache: &'a mut Cache) -> (network::Place<'a>, &'a mut Vec<f64>) {
        let [scratch, .., state] = &mut cache.scratch;
        self.0.prepare(at.theta, at.rows.validation, state);
        (network::Place { theta: at.theta, rows: at.rows.validation, state }, scratch)
    }
}

impl OuterObjective for Validation {
    fn value(&self, at: Location<'_>, cache: &mut Cache) -> f64 {
        self.0.value(self.prepared(at, cache).0, |_| 1.0)
    }

    fn gradient(&self, at: Location<'_>, cache: &mut Cache, out: &mut [f64]) {
        let (place, scratch) = self.prepared(at, cache);
        out.fill(0.0);
        self.0.add_gradient(place, scratch, |_| 1.0, out);
    }

    fn hvp(&self, at: Location<'_>, cache: &mut Cache, v: &[f64], out: &mut [f64]) {
        let (place, scratch) = self.prepared(at, cache);
        out.fill(0.0);
        self.0.add_hvp(place, scratch, |_| 1.0, v, out);
    }
}
