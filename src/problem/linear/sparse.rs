//! A linear model with the absolute penalty, and with a ridge beside it if wanted: what lasso, elastic net and sparse
//! logistic regression share.
//!
//! `g = (1/n) Σ_i ℓ(Wᵀx_i, y_i) + s Σ_j e^{λ_j} |W_j| + (e^{λ_last}/2) ‖W‖²`, whose first and last terms are smooth, and `f` from
//! [`Outer`](super::outer::Outer). All derivatives are along the support of θ, as [`Proximal`] says: on it the penalty's
//! share of `∂²_θλ g` is `s e^{λ_j} sign θ_j`, and `s e^{λ_j}` appears nowhere in H. Over a mini-batch the mean runs over its
//! rows and the penalties stay whole.

use std::sync::OnceLock;

use super::absolute::AbsolutePenalty;
use super::kernels::sized;
use super::loss::RowLoss;
use super::outer::Dial;
use super::penalized::largest_eigenvalue;
use super::sets::{Sets, prepared};
use crate::data::Split;
use crate::math::Matrix;
use crate::math::double::{self, Double};
use crate::math::vector::{axpy, dot, norm};
use crate::problem::{
    Block, BuildError, Cache, Dimensions, Location, OuterObjective, Parts, Precise, PreciseLocation, Problem, Proximal,
    Rows, Sample, Score, ThirdDerivatives,
};

/// `g` and `f` for one loss.
pub(in crate::problem) struct Sparse<L> {
    sets: Sets<L>,
    penalty: AbsolutePenalty,
    /// Whether the last entry of λ is the log of a ridge penalty.
    has_ridge: bool,
    names: Vec<String>,
    /// Of `XᵀX/n`; computed when it is first asked for.
    largest_eigenvalue: OnceLock<f64>,
    /// `‖∇_θ s‖∞` at θ = 0 without the ridge: a stronger penalty leaves nothing of θ.
    strongest: f64,
}

/// Where log penalties start: as weak beside the strongest that leaves anything of θ.
const START: f64 = 0.1;

/// Where a ridge starts, beside the largest curvature of the loss.
const RIDGE_START: f64 = 0.01;

/// Rounding errors of a gradient, in units of the last place of its largest terms.
const ROUNDINGS: f64 = 8.0 * f64::EPSILON;

impl<L: RowLoss> Sparse<L> {
    /// From checked and encoded rows; `loss` makes one loss for each of the three sets.
    pub fn new(parts: &Parts<'_>, split: Split, has_ridge: bool, loss: impl Fn() -> L) -> Result<Self, BuildError> {
        let features = split.feature_names.len();
        let penalty = AbsolutePenalty::new(parts.knobs, features, loss().outputs());
        let names = penalty.names(&split.feature_names);
        let dial = Dial::new(parts, features * loss().outputs())?;
        let sets = Sets::new(split, loss, dial);
        let strongest = steepest_at_zero(&sets);
        Ok(Self { sets, penalty, has_ridge, names, largest_eigenvalue: OnceLock::new(), strongest })
    }

    /// The factor `e^{λ_last}` of the ridge, or zero.
    fn ridge(&self, lambda: &[f64]) -> f64 {
        lambda.last().filter(|_| self.has_ridge).map_or(0.0, |log| log.exp())
    }

    /// A bound on the curvature of the loss.
    fn loss_curvature(&self) -> f64 {
        let largest = || largest_eigenvalue(&self.sets.training.weighted_gram(|_| 1.0));
        L::LARGEST_CURVATURE * *self.largest_eigenvalue.get_or_init(largest)
    }

    /// What H is off the support: `curvature_bound`, or 1 where nothing is curved.
    fn filling(&self, lambda: &[f64]) -> f64 {
        let bound = self.loss_curvature() + self.ridge(lambda);
        if bound == 0.0 { 1.0 } else { bound }
    }

    /// `out += c v`, of the ridge in what is whole.
    fn add_ridge(&self, lambda: &[f64], v: &[f64], out: &mut [f64]) {
        if self.has_ridge {
            axpy(self.ridge(lambda), v, out);
        }
    }
}

/// The largest entry of the gradient of the mean loss at θ = 0.
fn steepest_at_zero<L: RowLoss>(sets: &Sets<L>) -> f64 {
    let theta = vec![0.0; sets.training.dimension()];
    let mut cache = Cache::default();
    let at = Location { lambda: &[], theta: &theta, rows: Rows::default() };
    sets.prepare(at, &mut cache);
    let mut gradient = theta.clone();
    let (place, scratch) = prepared(at, &mut cache);
    sets.training.add_gradient(place, scratch, &mut gradient);
    gradient.iter().fold(0.0, |largest, entry| f64::max(largest, entry.abs()))
}

/// The entries of `v` on the support of θ, in `buffer`.
fn restricted<'a>(theta: &[f64], v: &[f64], buffer: &'a mut Vec<f64>) -> &'a [f64] {
    let own = sized(buffer, v.len());
    for ((own, x), v) in own.iter_mut().zip(theta).zip(v) {
        *own = if *x == 0.0 { 0.0 } else { *v };
    }
    own
}

/// Takes `v` to the support of θ.
fn restrict(theta: &[f64], v: &mut [f64]) {
    for (v, x) in v.iter_mut().zip(theta) {
        if *x == 0.0 {
            *v = 0.0;
        }
    }
}

/// Calls with the entries of `v` on the support, in a buffer of the cache that `call` does not use.
fn on_support(at: Location<'_>, cache: &mut Cache, v: &[f64], call: impl FnOnce(&mut Cache, &[f64])) {
    let mut buffer = std::mem::take(&mut cache.work[0]);
    let own = restricted(at.theta, v, &mut buffer);
    call(cache, own);
    cache.work[0] = buffer;
}

impl<L: RowLoss> Problem for Sparse<L> {
    fn dimensions(&self) -> Dimensions {
        self.sets.dimensions(self.penalty.dimension() + usize::from(self.has_ridge))
    }

    fn prepare(&self, at: Location<'_>, cache: &mut Cache) {
        self.sets.prepare(at, cache);
    }

    fn inner_value(&self, at: Location<'_>, cache: &mut Cache) -> f64 {
        let ridge = if self.has_ridge { 0.5 * self.ridge(at.lambda) * dot(at.theta, at.theta) } else { 0.0 };
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
            *last = 0.5 * self.ridge(at.lambda) * dot(at.theta, at.theta);
        }
    }

    fn hvp(&self, at: Location<'_>, cache: &mut Cache, v: &[f64], out: &mut [f64]) {
        on_support(at, cache, v, |cache, own| self.smooth_hvp(at, cache, own, out));
        let filling = self.filling(at.lambda);
        for ((out, x), v) in out.iter_mut().zip(at.theta).zip(v) {
            if *x == 0.0 {
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
        for i in 0..out.rows() {
            let is_off = at.theta[i] == 0.0;
            for (entry, x) in out.row_mut(i).iter_mut().zip(at.theta) {
                if is_off || *x == 0.0 {
                    *entry = 0.0;
                }
            }
            out[(i, i)] += if is_off { filling } else { ridge };
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
        Some(self.filling(lambda))
    }

    fn score(&self, sample: Sample, _: &[f64], theta: &[f64]) -> Option<Score> {
        self.sets.score(sample, theta)
    }

    fn blocks(&self) -> Vec<Block> {
        let start = |strength: f64, log: f64| if strength > 0.0 { log } else { 0.0 };
        let strength = START * self.strongest;
        let own = Block::new("log_penalties", self.names.clone());
        let mut blocks = vec![own.starting_at(start(strength, self.penalty.log_penalty(strength)))];
        if self.has_ridge {
            let strength = RIDGE_START * self.loss_curvature();
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
        self.add_ridge(at.lambda, at.theta, out);
    }

    fn smooth_hvp(&self, at: Location<'_>, cache: &mut Cache, v: &[f64], out: &mut [f64]) {
        let (place, scratch) = prepared(at, cache);
        out.fill(0.0);
        self.sets.training.add_hvp(place, scratch, v, out);
        self.add_ridge(at.lambda, v, out);
    }

    fn smooth_cross_vjp(&self, at: Location<'_>, _: &mut Cache, v: &[f64], out: &mut [f64]) {
        out.fill(0.0);
        if self.has_ridge
            && let Some(last) = out.last_mut()
        {
            *last = self.ridge(at.lambda) * dot(at.theta, v);
        }
    }

    fn smooth_cross_jvp(&self, at: Location<'_>, _: &mut Cache, u: &[f64], out: &mut [f64]) {
        out.fill(0.0);
        if let Some(last) = u.last().filter(|_| self.has_ridge) {
            axpy(self.ridge(at.lambda) * last, at.theta, out);
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
        restrict(theta, v);
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
        theta.iter().filter(|x| **x != 0.0).count()
    }
}

impl<L: RowLoss> ThirdDerivatives for Sparse<L> {
    fn inner(&self, at: Location<'_>, cache: &mut Cache, u: &[f64], v: &[f64], out: &mut [f64]) {
        let mut second = std::mem::take(&mut cache.work[1]);
        let v = restricted(at.theta, v, &mut second);
        on_support(at, cache, u, |cache, u| {
            let (place, scratch) = prepared(at, cache);
            out.fill(0.0);
            self.sets.training.add_third(place, scratch, |_| 1.0, (u, v), out);
        });
        restrict(at.theta, out);
        cache.work[1] = second;
    }

    fn cross_jvp(&self, at: Location<'_>, _: &mut Cache, direction: &[f64], v: &[f64], out: &mut [f64]) {
        out.fill(0.0);
        if let Some(last) = direction.last().filter(|_| self.has_ridge) {
            axpy(self.ridge(at.lambda) * last, v, out);
        }
        restrict(at.theta, out);
    }

    fn cross_vjp(&self, at: Location<'_>, _: &mut Cache, u: &[f64], v: &[f64], out: &mut [f64]) {
        out.fill(0.0);
        if self.has_ridge
            && let Some(last) = out.last_mut()
        {
            let products = at.theta.iter().zip(u).zip(v).filter(|((x, _), _)| **x != 0.0).map(|((_, u), v)| u * v);
            *last = self.ridge(at.lambda) * products.sum::<f64>();
        }
    }
}

impl<L: RowLoss> Precise for Sparse<L> {
    fn inner_gradient(&self, at: PreciseLocation<'_>, out: &mut [Double]) {
        out.fill(Double::ZERO);
        self.sets.training.add_precise_gradient(at.theta, at.rounding, |_| Double::ONE, out);
        double::axpy(self.ridge(at.lambda).into(), at.theta, out);
        self.penalty.add_precise_gradient(at.lambda, at.theta, out);
        restrict_precise(at.theta, out, |_| Double::ZERO);
    }

    fn hvp(&self, at: PreciseLocation<'_>, v: &[Double], out: &mut [Double]) {
        out.fill(Double::ZERO);
        let mut own = v.to_vec();
        restrict_precise(at.theta, &mut own, |_| Double::ZERO);
        self.sets.training.add_precise_hvp(at.theta, at.rounding, |_| Double::ONE, &own, out);
        double::axpy(self.ridge(at.lambda).into(), &own, out);
        let filling = self.filling(at.lambda);
        restrict_precise(at.theta, out, |place| v[place] * filling);
    }

    fn cross_vjp(&self, at: PreciseLocation<'_>, v: &[Double], out: &mut [Double]) {
        out.fill(Double::ZERO);
        self.penalty.add_precise_cross_vjp(at.lambda, at.theta, v, out);
        if self.has_ridge
            && let Some(last) = out.last_mut()
        {
            *last = double::dot(at.theta, v) * self.ridge(at.lambda);
        }
    }

    fn outer_gradient(&self, at: PreciseLocation<'_>, out: &mut [Double]) {
        self.sets.precise_outer_gradient(at, out);
        restrict_precise(at.theta, out, |_| Double::ZERO);
    }

    fn work(&self) -> usize {
        self.sets.precise_work()
    }
}

/// Off the support of θ, `v` becomes what `filling` says of the place.
fn restrict_precise(theta: &[Double], v: &mut [Double], filling: impl Fn(usize) -> Double) {
    for (place, (v, x)) in v.iter_mut().zip(theta).enumerate() {
        if x.high == 0.0 {
            *v = filling(place);
        }
    }
}
