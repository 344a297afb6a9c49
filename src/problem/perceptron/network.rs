//! The mean loss of a network with one hidden layer over one set of rows, and its derivatives in θ.

use std::ops::Range;
use std::sync::Arc;

use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};

use crate::data::Samples;
use crate::math::Matrix;
use crate::math::vector::{axpy, dot};
use crate::problem::{Labels, Score};

/// Sizes of the network.
#[derive(Clone, Copy)]
pub(super) struct Shape {
    /// D, features of a row.
    pub features: usize,
    /// h, hidden units.
    pub hidden: usize,
    /// K, outputs.
    pub outputs: usize,
}

/// θ in its four parts.
#[derive(Clone, Copy)]
pub(super) struct Parts<'a> {
    /// W₁, D × h.
    pub first: &'a [f64],
    pub first_bias: &'a [f64],
    /// W₂, h × K.
    pub second: &'a [f64],
    pub second_bias: &'a [f64],
}

impl Shape {
    /// d, the length of θ.
    pub fn length(self) -> usize {
        self.features * self.hidden + self.hidden + self.hidden * self.outputs + self.outputs
    }

    /// Where the two weight matrices lie in θ.
    pub fn matrices(self) -> [Range<usize>; 2] {
        let first = self.features * self.hidden;
        let second = first + self.hidden;
        [0..first, second..second + self.hidden * self.outputs]
    }

    pub fn parts(self, theta: &[f64]) -> Parts<'_> {
        self.panel_parts(theta, 1)
    }

    /// The same of several vectors side by side.
    pub fn panel_parts(self, panel: &[f64], count: usize) -> Parts<'_> {
        let [first, second] = self.matrices();
        let (matrix, rest) = panel.split_at(first.end * count);
        let (first_bias, rest) = rest.split_at(self.hidden * count);
        let (second, second_bias) = rest.split_at(second.len() * count);
        Parts { first: matrix, first_bias, second, second_bias }
    }

    /// Numbers kept for each row: what the hidden units say, the slope of the loss in the outputs, the loss.
    fn state_length(self) -> usize {
        self.hidden + self.outputs + 1
    }
}

/// Rows with their targets, and the loss of a row.
pub(super) struct Network {
    pub shape: Shape,
    pub(super) is_classifier: bool,
    features: Arc<Matrix>,
    samples: Samples,
}

/// θ, the rows in use, and what [`Network::prepare`] left of them.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub theta: &'a [f64],
    pub rows: Option<&'a [usize]>,
    pub state: &'a [f64],
}

/// What one row left.
#[derive(Clone, Copy, Default)]
pub(super) struct Row<'a> {
    pub number: usize,
    pub features: &'a [f64],
    pub hidden: &'a [f64],
    /// `∂ℓ/∂z`.
    pub slope: &'a [f64],
    loss: f64,
}

impl Network {
    pub fn new(shape: Shape, is_classifier: bool, samples: Samples) -> Self {
        Self { shape, is_classifier, features: samples.features.dense(), samples }
    }

    pub fn rows(&self) -> usize {
        self.samples.targets.len()
    }

    /// How much a row counts by itself: of mean 1 over the set.
    pub fn own_weight(&self, row: usize) -> f64 {
        self.samples.weights.get(row).copied().unwrap_or(1.0)
    }

    /// The share of one row in the mean.
    pub fn share(&self, rows: Option<&[usize]>) -> f64 {
        1.0 / rows.map_or(self.rows(), <[usize]>::len) as f64
    }

    /// Runs every row through the network.
    pub fn prepare(&self, theta: &[f64], rows: Option<&[usize]>, state: &mut Vec<f64>) {
        let length = self.shape.state_length();
        let count = rows.map_or(self.rows(), <[usize]>::len);
        state.resize(count * length, 0.0);
        let parts = self.shape.parts(theta);
        for (place, state) in state.chunks_exact_mut(length).enumerate() {
            self.run(parts, rows.map_or(place, |rows| rows[place]), state);
        }
    }

    /// Runs one row through the network.
    fn run(&self, parts: Parts<'_>, row: usize, state: &mut [f64]) {
        let (hidden, rest) = state.split_at_mut(self.shape.hidden);
        let (slope, loss) = rest.split_at_mut(self.shape.outputs);
        forward(self.features.row(row), parts.first, parts.first_bias, hidden);
        hidden.iter_mut().for_each(|unit| *unit = unit.tanh());
        forward(hidden, parts.second, parts.second_bias, slope);
        loss[0] = self.loss(self.samples.targets[row], slope);
    }

    /// The loss of a row; its outputs become its slope in them.
    fn loss(&self, target: f64, outputs: &mut [f64]) -> f64 {
        if !self.is_classifier {
            outputs[0] -= target;
            return 0.5 * outputs[0] * outputs[0];
        }
        let own = target as usize;
        let largest = outputs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let score = outputs[own] - largest;
        outputs.iter_mut().for_each(|z| *z = (*z - largest).exp());
        let sum: f64 = outputs.iter().sum();
        outputs.iter_mut().for_each(|p| *p /= sum);
        outputs[own] -= 1.0;
        sum.ln() - score
    }

    /// `∂²ℓ q` of a row, with `slope` its `∂ℓ/∂z`.
    fn curvature(&self, row: &Row<'_>, q: &[f64], out: &mut [f64]) {
        if !self.is_classifier {
            out[0] = q[0];
            return;
        }
        let own = self.samples.targets[row.number] as usize;
        let probability = |k: usize| row.slope[k] + if k == own { 1.0 } else { 0.0 };
        let mean: f64 = q.iter().enumerate().map(|(k, q)| probability(k) * q).sum();
        for (k, (out, q)) in out.iter_mut().zip(q).enumerate() {
            *out = probability(k) * (q - mean);
        }
    }

    pub(super) fn each<'a>(&'a self, place: Place<'a>) -> impl Iterator<Item = Row<'a>> {
        let Shape { hidden, outputs, .. } = self.shape;
        place.state.chunks_exact(self.shape.state_length()).enumerate().map(move |(index, state)| {
            let number = place.rows.map_or(index, |rows| rows[index]);
            Row {
                number,
                features: self.features.row(number),
                hidden: &state[..hidden],
                slope: &state[hidden..hidden + outputs],
                loss: state[hidden + outputs],
            }
        })
    }

    /// `(1/n) Σ w ℓ`, here and below with the row's own weight in w.
    pub fn value(&self, place: Place<'_>, weight: impl Fn(usize) -> f64) -> f64 {
        self.each(place).map(|row| self.own_weight(row.number) * weight(row.number) * row.loss).sum::<f64>()
            * self.share(place.rows)
    }

    /// The loss of every row, times its own weight.
    pub fn each_loss(&self, place: Place<'_>, mut take: impl FnMut(usize, f64)) {
        self.each(place).for_each(|row| take(row.number, self.own_weight(row.number) * row.loss));
    }

    /// `out += (1/n) Σ w ∇ℓ`.
    pub fn add_gradient(
        &self,
        place: Place<'_>,
        scratch: &mut Vec<f64>,
        weight: impl Fn(usize) -> f64,
        out: &mut [f64],
    ) {
        let share = self.share(place.rows);
        scratch.resize(self.shape.hidden, 0.0);
        let parts = self.shape.parts(place.theta);
        self.each(place).for_each(|row| {
            let factor = share * self.own_weight(row.number) * weight(row.number);
            self.add_score(parts, &row, factor, scratch, out);
        });
    }

    /// `∇ℓ` of every row under some labels, one after the other: see [`Likelihood::scores_of`](crate::problem::Likelihood::scores_of).
    pub fn scores_of(
        &self,
        place: Place<'_>,
        scratch: &mut Vec<f64>,
        mut labels: Labels<'_>,
        weights: &mut [f64],
        out: &mut [f64],
    ) {
        let Shape { hidden, outputs, .. } = self.shape;
        scratch.resize(hidden + outputs, 0.0);
        let (back, slope) = scratch.split_at_mut(hidden);
        let parts = self.shape.parts(place.theta);
        let each = if matches!(labels, Labels::Every) { outputs } else { 1 };
        let mut vectors = out.chunks_exact_mut(self.shape.length()).enumerate();
        for (number, row) in self.each(place).enumerate() {
            for (outcome, (index, out)) in vectors.by_ref().take(each).enumerate() {
                let mut weight = 1.0;
                match &mut labels {
                    Labels::Own => slope.copy_from_slice(row.slope),
                    Labels::Given(given) => {
                        self.relabel(&row, given.get(number).copied().unwrap_or(f64::NAN), slope);
                    }
                    Labels::Drawn(random) => self.relabel(&row, self.draw(&row, random), slope),
                    Labels::Every => weight = self.spread(&row, outcome, slope),
                }
                out.fill(0.0);
                self.add_slope(parts, &row, (1.0, slope), back, out);
                if let Some(entry) = weights.get_mut(index) {
                    *entry = weight;
                }
            }
        }
    }

    /// Whether a label is one that the network knows.
    pub fn knows(&self, label: f64) -> bool {
        let is_class = label >= 0.0 && label < self.shape.outputs as f64 && label.fract() == 0.0;
        if self.is_classifier { is_class } else { label.is_finite() }
    }

    /// The probability of a class, or 0 for numbers.
    pub(super) fn probability(&self, row: &Row<'_>, class: usize) -> f64 {
        let is_own = self.samples.targets[row.number] as usize == class;
        row.slope[class] + f64::from(u8::from(is_own))
    }

    /// A label drawn from the model: of classes by their probabilities, of numbers from a normal density of variance 1.
    fn draw(&self, row: &Row<'_>, random: &mut ChaCha8Rng) -> f64 {
        if !self.is_classifier {
            let noise: f64 = StandardNormal.sample(random);
            return row.slope[0] + self.samples.targets[row.number] + noise;
        }
        let mut left: f64 = random.random();
        let drawn = (0..self.shape.outputs).position(|class| {
            left -= self.probability(row, class);
            left < 0.0
        });
        drawn.unwrap_or(self.shape.outputs - 1) as f64
    }

    /// `∂ℓ/∂z` of a row under another label.
    fn relabel(&self, row: &Row<'_>, label: f64, slope: &mut [f64]) {
        let target = self.samples.targets[row.number];
        slope.copy_from_slice(row.slope);
        if !self.knows(label) {
            slope.fill(f64::NAN);
        } else if self.is_classifier {
            slope[target as usize] += 1.0;
            slope[label as usize] -= 1.0;
        } else {
            slope[0] += target - label;
        }
    }

    /// Vectors with weights, `Σ_k w_k a_k a_kᵀ = ∂²ℓ/∂z²`.
    fn spread(&self, row: &Row<'_>, outcome: usize, slope: &mut [f64]) -> f64 {
        if !self.is_classifier {
            slope.fill(1.0);
            return 1.0;
        }
        self.relabel(row, outcome as f64, slope);
        self.probability(row, outcome)
    }

    /// `out += factor ∇ℓ` of one row.
    fn add_score(&self, parts: Parts<'_>, row: &Row<'_>, factor: f64, back: &mut [f64], out: &mut [f64]) {
        self.add_slope(parts, row, (factor, row.slope), back, out);
    }

    /// `out += factor (∂z/∂θ)ᵀ slope` of one row.
    fn add_slope(
        &self,
        parts: Parts<'_>,
        row: &Row<'_>,
        (factor, of_outputs): (f64, &[f64]),
        back: &mut [f64],
        out: &mut [f64],
    ) {
        let [first, second] = self.shape.matrices();
        for (unit, back) in back.iter_mut().enumerate() {
            let slope = dot(of_outputs, outgoing(parts.second, unit, self.shape.outputs));
            *back = slope * (1.0 - row.hidden[unit] * row.hidden[unit]);
        }
        add_outer(factor, row.features, back, &mut out[first.clone()]);
        axpy(factor, back, &mut out[first.end..second.start]);
        add_outer(factor, row.hidden, of_outputs, &mut out[second.clone()]);
        axpy(factor, of_outputs, &mut out[second.end..]);
    }

    /// `⟨∇ℓ, v⟩` of every row, times its own weight.
    pub fn each_slope(&self, place: Place<'_>, scratch: &mut Vec<f64>, v: &[f64], mut take: impl FnMut(usize, f64)) {
        let (hidden, outputs) = (self.shape.hidden, self.shape.outputs);
        scratch.resize(hidden + outputs, 0.0);
        let (units, moved) = scratch.split_at_mut(hidden);
        let (parts, along) = (self.shape.parts(place.theta), self.shape.parts(v));
        for row in self.each(place) {
            self.tangent((parts, along), &row, units, moved);
            take(row.number, self.own_weight(row.number) * dot(row.slope, moved));
        }
    }

    /// How the hidden units and the outputs of a row move along a direction.
    fn tangent(&self, (parts, along): (Parts<'_>, Parts<'_>), row: &Row<'_>, units: &mut [f64], outputs: &mut [f64]) {
        forward(row.features, along.first, along.first_bias, units);
        for (moved, unit) in units.iter_mut().zip(row.hidden) {
            *moved *= 1.0 - unit * unit;
        }
        forward(row.hidden, along.second, along.second_bias, outputs);
        for (moved, weights) in units.iter().zip(parts.second.chunks_exact(outputs.len())) {
            axpy(*moved, weights, outputs);
        }
    }

    /// `out += (1/n) Σ w ∂²ℓ v`, each row's own Hessian in θ.
    pub fn add_hvp(
        &self,
        place: Place<'_>,
        scratch: &mut Vec<f64>,
        weight: impl Fn(usize) -> f64,
        v: &[f64],
        out: &mut [f64],
    ) {
        let Shape { hidden, outputs, .. } = self.shape;
        scratch.resize(2 * hidden + 2 * outputs, 0.0);
        let (units, rest) = scratch.split_at_mut(hidden);
        let (back, rest) = rest.split_at_mut(hidden);
        let (moved, slope) = rest.split_at_mut(outputs);
        let (parts, along) = (self.shape.parts(place.theta), self.shape.parts(v));
        let [first, second] = self.shape.matrices();
        let share = self.share(place.rows);
        for row in self.each(place) {
            let factor = share * self.own_weight(row.number) * weight(row.number);
            self.tangent((parts, along), &row, units, moved);
            // How the slopes in the outputs and in the hidden units' inputs move.
            self.curvature(&row, moved, slope);
            for (unit, back) in back.iter_mut().enumerate() {
                let level = row.hidden[unit];
                let weights = outgoing(parts.second, unit, outputs);
                let pull = dot(row.slope, weights);
                let moved_pull = dot(slope, weights) + dot(row.slope, outgoing(along.second, unit, outputs));
                *back = moved_pull * (1.0 - level * level) - 2.0 * pull * level * units[unit];
            }
            add_outer(factor, row.features, back, &mut out[first.clone()]);
            axpy(factor, back, &mut out[first.end..second.start]);
            add_outer(factor, units, row.slope, &mut out[second.clone()]);
            add_outer(factor, row.hidden, slope, &mut out[second.clone()]);
            axpy(factor, slope, &mut out[second.end..]);
        }
    }

    /// Mean loss and, of classes, the fraction of rows whose largest output is their own.
    pub fn score(&self, theta: &[f64]) -> Option<Score> {
        if self.rows() == 0 {
            return None;
        }
        let parts = self.shape.parts(theta);
        let mut state = vec![0.0; self.shape.state_length()];
        let (mut loss, mut correct) = (0.0, 0.0);
        for row in 0..self.rows() {
            self.run(parts, row, &mut state);
            loss += self.own_weight(row) * state[self.shape.hidden + self.shape.outputs];
            if self.is_classifier {
                let slope = &mut state[self.shape.hidden..self.shape.hidden + self.shape.outputs];
                let own = self.samples.targets[row] as usize;
                slope[own] += 1.0;
                let is_largest = |p: &f64| *p <= slope[own];
                correct += self.own_weight(row) * f64::from(u8::from(slope.iter().all(is_largest)));
            }
        }
        let count = self.rows() as f64;
        Some(Score { loss: loss / count, accuracy: self.is_classifier.then_some(correct / count) })
    }
}

/// `out = Wᵀx + b`.
fn forward(x: &[f64], weights: &[f64], bias: &[f64], out: &mut [f64]) {
    out.copy_from_slice(bias);
    for (x, weights) in x.iter().zip(weights.chunks_exact(out.len())) {
        axpy(*x, weights, out);
    }
}

/// The weights that lead from a unit to the outputs.
pub(super) fn outgoing(weights: &[f64], unit: usize, outputs: usize) -> &[f64] {
    &weights[unit * outputs..(unit + 1) * outputs]
}

/// `out += factor a bᵀ`.
fn add_outer(factor: f64, a: &[f64], b: &[f64], out: &mut [f64]) {
    for (a, out) in a.iter().zip(out.chunks_exact_mut(b.len())) {
        axpy(factor * a, b, out);
    }
}
