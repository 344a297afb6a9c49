//! The mean loss of a linear model over rows, `Σ_i s_i w_i ℓ_i(Wᵀx_i) / n`, and its derivatives. The `w_i` are the rows' own
//! weights, of mean 1; 1 where all count alike.
//!
//! θ is W (d features × K outputs) flattened row-major, so that the K weights of a feature lie side
//! by side and every inner loop runs over contiguous slices. The row weights `s_i` are 1 except in
//! hyper-cleaning. Cost of any product: two passes over the rows, `O(ndK)`; with
//! the squared loss on all rows `O(d²)` through the cached `XᵀX/n`, unless that would be too large to keep.

use super::kernels::{GramProduct, add_row, row_scores, sized};
use super::loss::RowLoss;
use crate::data::{FeatureRow, Features, Samples};
use crate::math::Matrix;
use crate::math::lanczos::extreme_eigenvalues;
use crate::math::vector::{axpy, dot, norm};
use crate::problem::{LONGEST_DENSE, Labels, Score};

/// Space for the scores of one row, up to three times.
pub(in crate::problem) type Scratch = [Vec<f64>; 3];

/// Products that a largest eigenvalue may take.
const MOST_PRODUCTS: usize = 100;

/// Rows with a loss.
pub(in crate::problem) struct DataFit<L> {
    pub loss: L,
    pub(super) features: Features,
    pub(super) targets: Vec<f64>,
    /// Of mean 1; empty where all rows count alike.
    weights: Vec<f64>,
    normal: Option<NormalEquations>,
}

/// What a squared loss over all rows comes down to.
struct NormalEquations {
    /// `Xᵀ diag(w) X/n`.
    gram: Matrix,
    /// `Xᵀ diag(w) y/n`.
    moment: Vec<f64>,
}

/// Where a mean over rows is evaluated, with the state [`DataFit::prepare`] left there.
#[derive(Clone, Copy)]
pub(in crate::problem) struct Place<'a> {
    /// W, row-major.
    pub theta: &'a [f64],
    /// The rows of a mini-batch, or `None` for all.
    pub rows: Option<&'a [usize]>,
    /// The states of the rows, one after the other.
    pub state: &'a [f64],
}

/// What a model with a single output makes of a row.
pub(in crate::problem) struct RowScore {
    /// `w_i`, the row's own.
    pub weight: f64,
    /// `x_i · θ`.
    pub score: f64,
    /// `y_i`.
    pub target: f64,
}

impl<L: RowLoss> DataFit<L> {
    /// The mean loss over `samples`, whose weights are of mean 1 as [`intake`](super::intake) leaves them.
    pub fn new(loss: L, samples: Samples) -> Self {
        let Samples { features, targets, weights } = samples;
        let mut fit = Self { loss, features, targets, weights, normal: None };
        if L::QUADRATIC && fit.features.columns() <= LONGEST_DENSE {
            let gram = fit.weighted_gram(|_| 1.0);
            let weighted: Vec<f64> = fit.targets.iter().enumerate().map(|(row, y)| fit.own_weight(row) * y).collect();
            let moment = fit.features.transposed_times(&weighted).iter().map(|sum| sum / fit.count(None)).collect();
            fit.normal = Some(NormalEquations { gram, moment });
        }
        fit
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.targets.len()
    }

    /// Length of θ: features times outputs.
    pub fn dimension(&self) -> usize {
        self.features.columns() * self.loss.outputs()
    }

    /// Products that one pass over all rows takes: entries that are stored, times outputs.
    pub fn work(&self) -> usize {
        self.features.stored() * self.loss.outputs()
    }

    /// K, the number of outputs.
    pub fn outputs(&self) -> usize {
        self.loss.outputs()
    }

    /// Leaves the state of every row in `state`. A squared loss over all rows needs none.
    pub fn prepare(&self, theta: &[f64], rows: Option<&[usize]>, state: &mut Vec<f64>, scratch: &mut Scratch) {
        if self.normal_equations(rows).is_some() {
            return;
        }
        let length = self.loss.state_length();
        let state = sized(state, length * rows.map_or(self.rows(), <[usize]>::len));
        let scores = sized(&mut scratch[0], self.outputs());
        for (row, state) in self.used(rows).zip(state.chunks_exact_mut(length)) {
            row_scores(self.features.row(row), theta, scores);
            self.loss.prepare(self.targets[row], scores, state);
        }
    }

    /// The mean loss.
    pub fn value(&self, at: Place<'_>, weight: impl Fn(usize) -> f64) -> f64 {
        if self.normal_equations(at.rows).is_some() {
            // Not through the Gram matrix: yᵀy/2n − ... cancels when the fit is good.
            let squares = (0..self.rows())
                .map(|row| self.own_weight(row) * (self.features.row(row).dot(at.theta) - self.targets[row]).powi(2));
            return 0.5 * squares.sum::<f64>() / self.count(None);
        }
        let mut total = 0.0;
        for (row, state) in self.prepared(at) {
            total += self.own_weight(row) * weight(row) * self.loss.value(state);
        }
        total / self.count(at.rows)
    }

    /// `out += ∇`.
    pub fn add_gradient(&self, at: Place<'_>, scratch: &mut Scratch, out: &mut [f64]) {
        match self.normal_equations(at.rows) {
            Some(normal) => {
                for ((target, row), moment) in out.iter_mut().zip(0..).zip(&normal.moment) {
                    *target += dot(normal.gram.row(row), at.theta) - moment;
                }
            }
            None => self.add_weighted_gradient(at, scratch, |_| 1.0, out),
        }
    }

    /// As [`add_gradient`](Self::add_gradient), every row times its weight.
    pub fn add_weighted_gradient(
        &self,
        at: Place<'_>,
        scratch: &mut Scratch,
        weight: impl Fn(usize) -> f64,
        out: &mut [f64],
    ) {
        let gradient = sized(&mut scratch[0], self.outputs());
        let scale = self.share(at.rows);
        for (row, state) in self.prepared(at) {
            self.loss.gradient(self.targets[row], state, gradient);
            add_row(scale * self.own_weight(row) * weight(row), self.features.row(row), gradient, out);
        }
    }

    /// `out += ∇² v`.
    pub fn add_hvp(&self, at: Place<'_>, scratch: &mut Scratch, v: &[f64], out: &mut [f64]) {
        match self.normal_equations(at.rows) {
            Some(normal) => {
                for (target, row) in out.iter_mut().zip(0..) {
                    *target += dot(normal.gram.row(row), v);
                }
            }
            None => self.add_weighted_hvp(at, scratch, |_| 1.0, v, out),
        }
    }

    /// As [`add_hvp`](Self::add_hvp), every row times its weight.
    pub fn add_weighted_hvp(
        &self,
        at: Place<'_>,
        scratch: &mut Scratch,
        weight: impl Fn(usize) -> f64,
        v: &[f64],
        out: &mut [f64],
    ) {
        let [q, product, _] = scratch;
        let (q, product) = (sized(q, self.outputs()), sized(product, self.outputs()));
        let scale = self.share(at.rows);
        for (row, state) in self.prepared(at) {
            let features = self.features.row(row);
            row_scores(features, v, q);
            self.loss.curvature(state, q, product);
            add_row(scale * self.own_weight(row) * weight(row), features, product, out);
        }
    }

    /// `out += ∇³ [u, v, ·]`, every row times its weight.
    pub fn add_third(
        &self,
        at: Place<'_>,
        scratch: &mut Scratch,
        weight: impl Fn(usize) -> f64,
        (u, v): (&[f64], &[f64]),
        out: &mut [f64],
    ) {
        if L::QUADRATIC {
            return;
        }
        let [q, r, product] = scratch;
        let outputs = self.outputs();
        let (q, r, product) = (sized(q, outputs), sized(r, outputs), sized(product, outputs));
        let scale = self.share(at.rows);
        for (row, state) in self.prepared(at) {
            let features = self.features.row(row);
            row_scores(features, u, q);
            row_scores(features, v, r);
            self.loss.third(state, q, r, product);
            add_row(scale * self.own_weight(row) * weight(row), features, product, out);
        }
    }

    /// `out += Σ_i s_i w_i x_i / n`, for a single output.
    pub fn add_rows(&self, rows: Option<&[usize]>, weight: impl Fn(usize) -> f64, out: &mut [f64]) {
        let scale = self.share(rows);
        for row in self.used(rows) {
            self.features.row(row).axpy(scale * self.own_weight(row) * weight(row), out);
        }
    }

    /// Tells `w_i`, `x_i · θ` and `y_i` of each row used, for a single output.
    pub fn each_score(&self, rows: Option<&[usize]>, theta: &[f64], mut tell: impl FnMut(usize, RowScore)) {
        for row in self.used(rows) {
            let score = self.features.row(row).dot(theta);
            tell(row, RowScore { weight: self.own_weight(row), score, target: self.targets[row] });
        }
    }

    /// Tells the loss of each row used, times the row's own weight.
    pub fn each_loss(&self, at: Place<'_>, mut tell: impl FnMut(usize, f64)) {
        for (row, state) in self.prepared(at) {
            tell(row, self.own_weight(row) * self.loss.value(state));
        }
    }

    /// Tells `w_i ⟨∇ℓ_i, v⟩` of each row used.
    pub fn each_slope(&self, at: Place<'_>, scratch: &mut Scratch, v: &[f64], mut tell: impl FnMut(usize, f64)) {
        let [gradient, q, _] = scratch;
        let (gradient, q) = (sized(gradient, self.outputs()), sized(q, self.outputs()));
        for (row, state) in self.prepared(at) {
            self.loss.gradient(self.targets[row], state, gradient);
            row_scores(self.features.row(row), v, q);
            tell(row, self.own_weight(row) * dot(gradient, q));
        }
    }

    /// `∇ℓ_i` of each row used under some labels, without weights: see [`Likelihood::scores_of`](crate::problem::Likelihood::scores_of).
    pub fn scores_of(
        &self,
        at: Place<'_>,
        scratch: &mut Scratch,
        mut labels: Labels<'_>,
        weights: &mut [f64],
        out: &mut [f64],
    ) {
        let [scores, slope, own] = scratch;
        let (outputs, length) = (self.outputs(), self.loss.state_length());
        let (scores, slope, own) = (sized(scores, outputs), sized(slope, outputs), sized(own, length));
        let is_prepared = self.normal_equations(at.rows).is_none();
        let each = if matches!(labels, Labels::Every) { outputs } else { 1 };
        let mut vectors = out.chunks_exact_mut(self.dimension()).enumerate();
        for (place, row) in self.used(at.rows).enumerate() {
            let (target, features) = (self.targets[row], self.features.row(row));
            let state = if is_prepared {
                &at.state[place * length..][..length]
            } else {
                row_scores(features, at.theta, scores);
                self.loss.prepare(target, scores, own);
                &*own
            };
            for (outcome, (index, out)) in vectors.by_ref().take(each).enumerate() {
                let mut weight = 1.0;
                match &mut labels {
                    Labels::Own => self.loss.gradient(target, state, slope),
                    Labels::Given(given) => {
                        let label = given.get(place).copied().unwrap_or(f64::NAN);
                        self.loss.relabelled(target, label, state, slope);
                    }
                    Labels::Drawn(random) => {
                        let label = self.loss.draw(target, state, random);
                        self.loss.relabelled(target, label, state, slope);
                    }
                    Labels::Every => weight = self.loss.spread(state, outcome, slope),
                }
                out.fill(0.0);
                add_row(1.0, features, slope, out);
                if let Some(entry) = weights.get_mut(index) {
                    *entry = weight;
                }
            }
        }
    }

    /// Directions that scores can have a part in.
    pub fn rank(&self) -> usize {
        let open = usize::from(L::SEES_DIFFERENCES);
        self.features.columns() * (self.outputs() - open)
    }

    /// Tells `w_i uᵀ ∇²ℓ_i v` of each row used.
    pub fn each_curvature(
        &self,
        at: Place<'_>,
        scratch: &mut Scratch,
        (u, v): (&[f64], &[f64]),
        mut tell: impl FnMut(usize, f64),
    ) {
        let [q, r, product] = scratch;
        let outputs = self.outputs();
        let (q, r, product) = (sized(q, outputs), sized(r, outputs), sized(product, outputs));
        for (row, state) in self.prepared(at) {
            row_scores(self.features.row(row), u, q);
            row_scores(self.features.row(row), v, r);
            self.loss.curvature(state, r, product);
            tell(row, self.own_weight(row) * dot(q, product));
        }
    }

    /// `out = ∇²`, dense, every row times its weight. The block of outputs (k, m) is
    /// `Xᵀ diag(s ∂²ℓ_km) X / n`, a matrix product; only k ≤ m is computed.
    pub fn weighted_hessian(&self, at: Place<'_>, weight: impl Fn(usize) -> f64, out: &mut Matrix) {
        let outputs = self.outputs();
        if let Some(normal) = self.normal_equations(at.rows) {
            out.clone_from(&normal.gram);
            return;
        }
        if at.rows.is_some_and(<[usize]>::is_empty) {
            return out.entries_mut().fill(0.0);
        }
        let gathered = at.rows.map(|rows| self.features.choose_rows(rows));
        let mut product = GramProduct::new(gathered.as_ref().unwrap_or(&self.features));
        let mut scales = vec![0.0; gathered.as_ref().map_or(self.rows(), Features::rows)];
        let count = self.count(at.rows);
        for k in 0..outputs {
            for m in k..outputs {
                for (scale, (row, state)) in scales.iter_mut().zip(self.prepared(at)) {
                    *scale = self.own_weight(row) * weight(row) * self.loss.curvature_entry(state, k, m) / count;
                }
                let block = product.weighted(&scales);
                for i in 0..block.rows() {
                    for j in 0..block.columns() {
                        out[(i * outputs + k, j * outputs + m)] = block[(i, j)];
                        out[(i * outputs + m, j * outputs + k)] = block[(i, j)];
                    }
                }
            }
        }
    }

    /// `out +=` the diagonal of `∇²`.
    pub fn add_hessian_diagonal(&self, at: Place<'_>, out: &mut [f64]) {
        if let Some(normal) = self.normal_equations(at.rows) {
            out.iter_mut().zip(normal.gram.diagonal()).for_each(|(out, entry)| *out += entry);
            return;
        }
        let (outputs, share) = (self.outputs(), self.share(at.rows));
        let mut curvatures = vec![0.0; outputs];
        for (row, state) in self.prepared(at) {
            let scale = share * self.own_weight(row);
            for (k, curvature) in curvatures.iter_mut().enumerate() {
                *curvature = scale * self.loss.curvature_entry(state, k, k);
            }
            let mut add = |j: usize, x: f64| axpy(x * x, &curvatures, &mut out[j * outputs..(j + 1) * outputs]);
            match self.features.row(row) {
                FeatureRow::Dense(row) => row.iter().enumerate().for_each(|(j, x)| add(j, *x)),
                FeatureRow::Sparse(row) => row.entries().for_each(|(j, x)| add(j, x)),
            }
        }
    }

    /// `Xᵀ diag(s w) X / n`.
    pub fn weighted_gram(&self, weight: impl Fn(usize) -> f64) -> Matrix {
        let scales: Vec<f64> =
            (0..self.rows()).map(|row| self.own_weight(row) * weight(row) / self.count(None)).collect();
        let mut product = GramProduct::new(&self.features);
        product.weighted(&scales);
        product.block
    }

    /// The largest eigenvalue of `Xᵀ diag(s w) X / n + diag(more)`, where `add` adds the second term's product with a vector;
    /// NaN when an entry is not finite. By Lanczos where the matrix is too large to be formed, and then as large as it may be.
    pub fn largest_eigenvalue(&self, weight: impl Fn(usize) -> f64, add: impl Fn(&[f64], &mut [f64])) -> f64 {
        let share = self.share(None);
        let product = |v: &[f64], out: &mut [f64]| {
            out.fill(0.0);
            for row in 0..self.rows() {
                let features = self.features.row(row);
                add_row(share * self.own_weight(row) * weight(row) * features.dot(v), features, &mut [1.0], out);
            }
            add(v, out);
        };
        extreme_eigenvalues(self.features.columns(), MOST_PRODUCTS, product)
            .map_or(f64::NAN, |ends| ends.largest + ends.unsettled)
    }

    /// The length of the longest row.
    pub fn longest_row(&self) -> f64 {
        let mut written = vec![0.0; self.features.columns()];
        let length = |row: usize| {
            written.fill(0.0);
            self.features.row(row).axpy(1.0, &mut written);
            norm(&written)
        };
        (0..self.rows()).map(length).fold(0.0, f64::max)
    }

    /// Whether `Xᵀ X` may be formed.
    pub fn forms_gram(&self) -> bool {
        self.features.columns() <= LONGEST_DENSE
    }

    /// `Xᵀ diag(w) X/n` and `Xᵀ diag(w) y/n`, for a squared loss of a θ that is not too long.
    pub fn normal(&self) -> Option<(&Matrix, &[f64])> {
        self.normal.as_ref().map(|normal| (&normal.gram, &*normal.moment))
    }

    /// Mean loss and accuracy at θ, by the rows' own weights; `None` without rows. Allocates: it is asked once per outer step.
    pub fn score(&self, theta: &[f64]) -> Option<Score> {
        if self.rows() == 0 {
            return None;
        }
        let mut scores = vec![0.0; self.outputs()];
        let mut state = vec![0.0; self.loss.state_length()];
        let (mut total, mut correct, mut classified) = (0.0, 0.0, false);
        for (row, target) in self.targets.iter().enumerate() {
            row_scores(self.features.row(row), theta, &mut scores);
            self.loss.prepare(*target, &scores, &mut state);
            total += self.own_weight(row) * self.loss.value(&state);
            if let Some(is_correct) = self.loss.is_correct(*target, &scores) {
                classified = true;
                correct += self.own_weight(row) * f64::from(u8::from(is_correct));
            }
        }
        let count = self.count(None);
        Some(Score { loss: total / count, accuracy: classified.then_some(correct / count) })
    }

    /// y_i, as the problem encodes it.
    pub fn target(&self, row: usize) -> f64 {
        self.targets[row]
    }

    /// w_i, how much a row counts by itself.
    pub fn own_weight(&self, row: usize) -> f64 {
        self.weights.get(row).copied().unwrap_or(1.0)
    }

    /// The normal equations, where they say everything: a squared loss over all rows.
    fn normal_equations(&self, rows: Option<&[usize]>) -> Option<&NormalEquations> {
        self.normal.as_ref().filter(|_| rows.is_none())
    }

    /// The share of one row in the mean.
    pub fn share(&self, rows: Option<&[usize]>) -> f64 {
        1.0 / self.count(rows)
    }

    /// Number of rows in the mean; 1 where there are none, so that an empty mean is 0.
    fn count(&self, rows: Option<&[usize]>) -> f64 {
        rows.map_or(self.rows(), <[usize]>::len).max(1) as f64
    }

    /// The rows in use, in order.
    fn used<'a>(&self, rows: Option<&'a [usize]>) -> impl ExactSizeIterator<Item = usize> + use<'a, L> {
        let count = rows.map_or(self.rows(), <[usize]>::len);
        (0..count).map(move |entry| rows.map_or(entry, |rows| rows[entry]))
    }

    /// The rows in use with their states.
    pub(super) fn prepared<'a>(&self, at: Place<'a>) -> impl ExactSizeIterator<Item = (usize, &'a [f64])> + use<'a, L> {
        self.used(at.rows).zip(at.state.chunks_exact(self.loss.state_length()))
    }
}
