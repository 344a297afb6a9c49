//! A linear model with the absolute penalty, and with a ridge beside it if wanted: what lasso, elastic net and sparse
//! logistic regression share.
//!
//! `g = (1/n) Σ_i ℓ(Wᵀx_i, y_i) + s Σ_j e^{λ_j} |W_j| + (e^{λ_last}/2) ‖W‖²`, whose first and last terms are smooth and whose
//! penalties leave free columns alone, and `f` from
//! [`Outer`](super::outer::Outer). All derivatives are along the support of θ, as [`Proximal`] says: on it the penalty's
//! share of `∂²_θλ g` is `s e^{λ_j} sign θ_j`, and `s e^{λ_j}` appears nowhere in H. Over a mini-batch the mean runs over its
//! rows and the penalties stay whole.

use std::sync::OnceLock;

use super::absolute::AbsolutePenalty;
use super::data_fit::{DataFit, Place, Scratch};
use super::kernels::sized;
use super::loss::RowLoss;
use super::outer::Dial;
use super::penalized::largest_of_gram;
use super::sets::{Sets, prepared};
use crate::data::Split;
use crate::math::Matrix;
use crate::math::double::Double;
use crate::math::vector::{basis, norm};
use crate::problem::{
    Block, BuildError, Cache, Dimensions, Location, OuterObjective, Parts, Precise, PreciseLocation, Problem, Proximal,
    Sample, Score, ThirdDerivatives,
};

/// `g` and `f` for one loss.
pub(in crate::problem) struct Sparse<L> {
    sets: Sets<L>,
    penalty: AbsolutePenalty,
    /// Whether the last entry of λ is the log of a ridge penalty.
    has_ridge: bool,
    /// Of `XᵀX/n`; computed when it is first asked for.
    largest_eigenvalue: OnceLock<f64>,
    /// The largest slope of the loss along a penalized column where only free ones are used: a stronger penalty leaves
    /// nothing of the others.
    strongest: f64,
}

/// Where log penalties start: as weak beside the strongest that leaves anything of θ.
const START: f64 = 0.1;

/// Where a ridge starts, beside the largest curvature of the loss.
const RIDGE_START: f64 = 0.01;

/// Rounds of Newton steps along free columns for the place to start from.
const FREE_SWEEPS: usize = 10;

/// Rounding errors of a gradient, in units of the last place of its largest terms.
const ROUNDINGS: f64 = 8.0 * f64::EPSILON;

impl<L: RowLoss> Sparse<L> {
    /// From checked and encoded rows; `loss` makes one loss for each of the three sets.
    pub fn new(parts: &Parts<'_>, split: Split, has_ridge: bool, loss: impl Fn() -> L) -> Result<Self, BuildError> {
        let outputs = loss().outputs();
        let penalty = AbsolutePenalty::new(parts.knobs, &split, outputs)?;
        let dial = Dial::new(parts, split.feature_names.len() * outputs)?;
        let sets = Sets::new(split, loss, dial);
        let strongest = steepest(&sets.training, &penalty);
        Ok(Self { sets, penalty, has_ridge, largest_eigenvalue: OnceLock::new(), strongest })
    }

    /// The factor `e^{λ_last}` of the ridge, or zero.
    fn ridge(&self, lambda: &[f64]) -> f64 {
        lambda.last().filter(|_| self.has_ridge).map_or(0.0, |log| log.exp())
    }

    /// A bound on the curvature of the loss, where there is one.
    fn loss_curvature(&self) -> Option<f64> {
        let largest = || largest_of_gram(&self.sets.training, |_| 1.0);
        let of_a_row = self.sets.training.loss.largest_curvature()?;
        Some(of_a_row * *self.largest_eigenvalue.get_or_init(largest))
    }

    /// What H is off the support: `curvature_bound`, or 1 where nothing is curved.
    fn filling(&self, lambda: &[f64]) -> f64 {
        let bound = self.loss_curvature().unwrap_or(0.0) + self.ridge(lambda);
        if bound == 0.0 { 1.0 } else { bound }
    }

    /// `out += factor · v` on the penalized coordinates, which the ridge is about.
    fn add_ridge(&self, factor: f64, v: &[f64], out: &mut [f64]) {
        if self.has_ridge {
            let places = out.iter_mut().zip(v).zip(self.penalty.penalized()).filter(|(_, is_penalized)| *is_penalized);
            places.for_each(|((out, v), _)| *out += factor * v);
        }
    }

    /// `Σ u_j v_j` over them.
    fn ridge_product(&self, u: &[f64], v: &[f64]) -> f64 {
        let places = u.iter().zip(v).zip(self.penalty.penalized()).filter(|(_, is_penalized)| *is_penalized);
        places.map(|((u, v), _)| u * v).sum()
    }

    /// Takes `v` to the support of θ.
    fn restricted_in_place(&self, theta: &[f64], v: &mut [f64]) {
        for (v, is_held) in v.iter_mut().zip(self.penalty.held(theta)) {
            if is_held {
                *v = 0.0;
            }
        }
    }

    /// The entries of `v` on the support of θ, in `buffer`.
    fn restricted<'a>(&self, theta: &[f64], v: &[f64], buffer: &'a mut Vec<f64>) -> &'a [f64] {
        let own = sized(buffer, v.len());
        own.copy_from_slice(v);
        self.restricted_in_place(theta, own);
        own
    }

    /// Calls with the entries of `v` on the support, in a buffer of the cache that `call` does not use.
    fn on_support(&self, at: Location<'_>, cache: &mut Cache, v: &[f64], call: impl FnOnce(&mut Cache, &[f64])) {
        let mut buffer = std::mem::take(&mut cache.work[0]);
        let own = self.restricted(at.theta, v, &mut buffer);
        call(cache, own);
        cache.work[0] = buffer;
    }
}

/// The largest slope of the mean loss along a penalized coordinate where free columns alone are fitted: by Newton steps of
/// one coordinate at a time, which is enough for a place to start from.
fn steepest<L: RowLoss>(training: &DataFit<L>, penalty: &AbsolutePenalty) -> f64 {
    let mut theta = vec![0.0; training.dimension()];
    let free = penalty.penalized().enumerate().filter(|(_, is_penalized)| !is_penalized).map(|(place, _)| place);
    for place in std::iter::repeat_n(free.collect::<Vec<_>>(), FREE_SWEEPS).flatten() {
        let (gradient, column) = derivatives(training, &theta, Some(place));
        if column[place] > 0.0 {
            theta[place] -= gradient[place] / column[place];
        }
    }
    let gradient = derivatives(training, &theta, None).0;
    let own = gradient.iter().zip(penalty.penalized()).filter(|(_, is_penalized)| *is_penalized);
    own.fold(0.0, |largest, (slope, _)| f64::max(largest, slope.abs()))
}

/// The gradient of the mean loss, and one column of its Hessian if wanted.
fn derivatives<L: RowLoss>(training: &DataFit<L>, theta: &[f64], column: Option<usize>) -> (Vec<f64>, Vec<f64>) {
    let (mut state, mut scratch) = (Vec::new(), Scratch::default());
    training.prepare(theta, None, &mut state, &mut scratch);
    let at = Place { theta, rows: None, state: &state };
    let (mut gradient, mut product) = (vec![0.0; theta.len()], vec![0.0; theta.len()]);
    training.add_gradient(at, &mut scratch, &mut gradient);
    if let Some(column) = column {
        training.add_hvp(at, &mut scratch, &basis(theta.len(), column), &mut product);
    }
    (gradient, product)
}

impl<L: RowLoss> Problem for Sparse<L> {
    fn dimensions(&self) -> Dimensions {
        self.sets.dimensions(self.penalty.owners().names().len() + usize::from(self.has_ridge))
    }

    fn prepare(&self, at: Location<'_>, cache: &mut Cache) {
        self.sets.prepare(at, cache);
    }

    fn inner_value(&self, at: Location<'_>, cache: &mut Cache) -> f64 {
        let ridge =
            if self.has_ridge { 0.5 * self.ridge(at.lambda) * self.ridge_product(at.theta, at.theta) } else { 0.0 };
        self.sets.training.value(prepared(at, cache).0, |_| 1.0) + self.penalty.value(at.lambda, at.theta) + ridge
    }

    fn inner_gradient(&self, at: Location<'_>, cache: &mut Cache, out: &mut [f64]) {
        self.smooth_gradient(at, cache, out);
        self.penalty.add_least_subgradient(at.lambda, at.theta, out);
    }

    fn inner_lambda_gradient(&self, at: Location<'_>, _: &mut Cache, out: &mut [f64]) {
        out.fill(0.0);
        self.penalty.add_lambda_gradient(at.lambda, at.theta, out);
        if self.has_ridge
            && let Some(last) = out.last_mut()
        {
            *last = 0.5 * self.ridge(at.lambda) * self.ridge_product(at.theta, at.theta);
        }
    }

    fn hvp(&self, at: Location<'_>, cache: &mut Cache, v: &[f64], out: &mut [f64]) {
        self.on_support(at, cache, v, |cache, own| self.smooth_hvp(at, cache, own, out));
        let filling = self.filling(at.lambda);
        for ((out, is_held), v) in out.iter_mut().zip(self.penalty.held(at.theta)).zip(v) {
            if is_held {
                *out = filling * v;
            }
        }
    }

    fn cross_vjp(&self, at: Location<'_>, cache: &mut Cache, v: &[f64], out: &mut [f64]) {
        self.smooth_cross_vjp(at, cache, v, out);
        self.penalty.add_cross_vjp(at.lambda, at.theta, v, out);
    }

    fn cross_jvp(&self, at: Location<'_>, cache: &mut Cache, u: &[f64], out: &mut [f64]) {
        self.smooth_cross_jvp(at, cache, u, out);
        self.penalty.add_cross_jvp(at.lambda, at.theta, u, out);
    }

    fn hessian(&self, at: Location<'_>, cache: &mut Cache, out: &mut Matrix) {
        self.sets.training.weighted_hessian(prepared(at, cache).0, |_| 1.0, out);
        let (ridge, filling) = (self.ridge(at.lambda), self.filling(at.lambda));
        for (i, (is_held, is_penalized)) in self.penalty.held(at.theta).zip(self.penalty.penalized()).enumerate() {
            if is_held {
                out.row_mut(i).fill(0.0);
            } else {
                self.restricted_in_place(at.theta, out.row_mut(i));
            }
            out[(i, i)] += if is_held {
                filling
            } else if is_penalized {
                ridge
            } else {
                0.0
            };
        }
    }

    fn precise(&self) -> Option<&dyn Precise> {
        Some(self)
    }

    fn outer(&self) -> &dyn OuterObjective {
        &self.sets.outer
    }

    fn third(&self) -> Option<&dyn ThirdDerivatives> {
        Some(self)
    }

    fn proximal(&self) -> Option<&dyn Proximal> {
        Some(self)
    }

    fn curvature_bound(&self, lambda: &[f64]) -> Option<f64> {
        self.loss_curvature().map(|_| self.filling(lambda))
    }

    fn score(&self, sample: Sample, _: &[f64], theta: &[f64]) -> Option<Score> {
        self.sets.score(sample, theta)
    }

    fn reads_groups(&self) -> bool {
        self.penalty.owners().are_groups()
    }

    fn blocks(&self) -> Vec<Block> {
        let start = |strength: f64, log: f64| if strength > 0.0 { log } else { 0.0 };
        let strength = START * self.strongest;
        let own = Block::new("log_penalties", self.penalty.owners().names().to_vec());
        let mut blocks = vec![own.starting_at(start(strength, self.penalty.log_penalty(strength)))];
        if self.has_ridge {
            let strength = RIDGE_START * self.loss_curvature().unwrap_or(1.0);
            let ridge = Block::new("log_ridge_penalty", vec!["log ridge penalty".to_owned()]);
            blocks.push(ridge.starting_at(start(strength, strength.ln())));
        }
        blocks
    }
}

impl<L: RowLoss> Proximal for Sparse<L> {
    fn smooth_gradient(&self, at: Location<'_>, cache: &mut Cache, out: &mut [f64]) {
        let (place, scratch) = prepared(at, cache);
        out.fill(0.0);
        self.sets.training.add_gradient(place, scratch, out);
        self.add_ridge(self.ridge(at.lambda), at.theta, out);
    }

    fn smooth_hvp(&self, at: Location<'_>, cache: &mut Cache, v: &[f64], out: &mut [f64]) {
        let (place, scratch) = prepared(at, cache);
        out.fill(0.0);
        self.sets.training.add_hvp(place, scratch, v, out);
        self.add_ridge(self.ridge(at.lambda), v, out);
    }

    fn smooth_cross_vjp(&self, at: Location<'_>, _: &mut Cache, v: &[f64], out: &mut [f64]) {
        out.fill(0.0);
        if self.has_ridge
            && let Some(last) = out.last_mut()
        {
            *last = self.ridge(at.lambda) * self.ridge_product(at.theta, v);
        }
    }

    fn smooth_cross_jvp(&self, at: Location<'_>, _: &mut Cache, u: &[f64], out: &mut [f64]) {
        out.fill(0.0);
        if let Some(last) = u.last().filter(|_| self.has_ridge) {
            self.add_ridge(self.ridge(at.lambda) * last, at.theta, out);
        }
    }

    fn prox(&self, lambda: &[f64], step: f64, z: &mut [f64]) {
        self.penalty.prox(lambda, step, z);
    }

    fn prox_jvp(&self, lambda: &[f64], step: f64, z: &[f64], tangent: &mut [f64], lambda_tangent: &[f64]) {
        self.penalty.prox_jvp(lambda, step, z, tangent, lambda_tangent);
    }

    fn prox_vjp(&self, lambda: &[f64], step: f64, z: &[f64], cotangent: &mut [f64], lambda_out: &mut [f64]) {
        self.penalty.prox_vjp(lambda, step, z, cotangent, lambda_out);
    }

    fn restrict(&self, theta: &[f64], v: &mut [f64]) {
        self.restricted_in_place(theta, v);
    }

    fn margin(&self, at: Location<'_>, cache: &mut Cache) -> f64 {
        let mut slope = vec![0.0; at.theta.len()];
        self.smooth_gradient(at, cache, &mut slope);
        let bound = self.filling(at.lambda);
        // No entry of |∂²s||θ| or of ∇s(0) is larger.
        let terms = bound * norm(at.theta) * (at.theta.len() as f64).sqrt() + self.strongest;
        self.penalty.margin(at.lambda, at.theta, &slope, (bound, ROUNDINGS * terms))
    }

    fn support(&self, theta: &[f64]) -> usize {
        self.penalty.held(theta).filter(|is_held| !is_held).count()
    }
}

impl<L: RowLoss> ThirdDerivatives for Sparse<L> {
    fn inner(&self, at: Location<'_>, cache: &mut Cache, u: &[f64], v: &[f64], out: &mut [f64]) {
        let mut second = std::mem::take(&mut cache.work[1]);
        let v = self.restricted(at.theta, v, &mut second);
        self.on_support(at, cache, u, |cache, u| {
            let (place, scratch) = prepared(at, cache);
            out.fill(0.0);
            self.sets.training.add_third(place, scratch, |_| 1.0, (u, v), out);
        });
        self.restricted_in_place(at.theta, out);
        cache.work[1] = second;
    }

    fn cross_jvp(&self, at: Location<'_>, _: &mut Cache, direction: &[f64], v: &[f64], out: &mut [f64]) {
        out.fill(0.0);
        if let Some(last) = direction.last().filter(|_| self.has_ridge) {
            self.add_ridge(self.ridge(at.lambda) * last, v, out);
        }
        self.restricted_in_place(at.theta, out);
    }

    fn cross_vjp(&self, at: Location<'_>, _: &mut Cache, u: &[f64], v: &[f64], out: &mut [f64]) {
        out.fill(0.0);
        if self.has_ridge
            && let Some(last) = out.last_mut()
        {
            let products = at.theta.iter().zip(u).zip(v).zip(self.penalty.penalized());
            let own = products.filter(|(((x, _), _), is_penalized)| *is_penalized && **x != 0.0);
            *last = self.ridge(at.lambda) * own.map(|(((_, u), v), _)| u * v).sum::<f64>();
        }
    }
}

impl<L: RowLoss> Sparse<L> {
    /// As [`add_ridge`](Self::add_ridge), with twice the digits.
    fn add_precise_ridge(&self, lambda: &[f64], v: &[Double], out: &mut [Double]) {
        let factor = self.ridge(lambda);
        let places = out.iter_mut().zip(v).zip(self.penalty.penalized()).filter(|(_, is_penalized)| *is_penalized);
        places.for_each(|((out, v), _)| *out += *v * factor);
    }

    /// Off the support of θ, `v` becomes what `filling` says of the place.
    fn restrict_precise(&self, theta: &[Double], v: &mut [Double], filling: impl Fn(usize) -> Double) {
        for (place, ((v, x), is_penalized)) in v.iter_mut().zip(theta).zip(self.penalty.penalized()).enumerate() {
            if is_penalized && x.high == 0.0 {
                *v = filling(place);
            }
        }
    }
}

impl<L: RowLoss> Precise for Sparse<L> {
    fn inner_gradient(&self, at: PreciseLocation<'_>, out: &mut [Double]) {
        out.fill(Double::ZERO);
        self.sets.training.add_precise_gradient(at.theta, at.rounding, |_| Double::ONE, out);
        self.add_precise_ridge(at.lambda, at.theta, out);
        self.penalty.add_precise_gradient(at.lambda, at.theta, out);
        self.restrict_precise(at.theta, out, |_| Double::ZERO);
    }

    fn hvp(&self, at: PreciseLocation<'_>, v: &[Double], out: &mut [Double]) {
        out.fill(Double::ZERO);
        let mut own = v.to_vec();
        self.restrict_precise(at.theta, &mut own, |_| Double::ZERO);
        self.sets.training.add_precise_hvp(at.theta, at.rounding, |_| Double::ONE, &own, out);
        self.add_precise_ridge(at.lambda, &own, out);
        let filling = self.filling(at.lambda);
        self.restrict_precise(at.theta, out, |place| v[place] * filling);
    }

    fn cross_vjp(&self, at: PreciseLocation<'_>, v: &[Double], out: &mut [Double]) {
        out.fill(Double::ZERO);
        self.penalty.add_precise_cross_vjp(at.lambda, at.theta, v, out);
        if self.has_ridge
            && let Some(last) = out.last_mut()
        {
            let places = at.theta.iter().zip(v).zip(self.penalty.penalized()).filter(|(_, is_penalized)| *is_penalized);
            let product = places.fold(Double::ZERO, |sum, ((x, v), _)| sum + *x * *v);
            *last = product * self.ridge(at.lambda);
        }
    }

    fn outer_gradient(&self, at: PreciseLocation<'_>, out: &mut [Double]) {
        self.sets.precise_outer_gradient(at, out);
        self.restrict_precise(at.theta, out, |_| Double::ZERO);
    }

    fn work(&self) -> usize {
        self.sets.precise_work()
    }
}
