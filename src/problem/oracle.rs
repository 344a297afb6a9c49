//! The counted, remembering way to ask a problem for its derivatives.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Cache, DifferenceTarget, Labels, Location, Problem, Rows, Stop, difference};
use crate::draw::Clock;
use crate::math::Matrix;
use crate::math::vector::clip;

/// Oracle calls spent. A call over a mini-batch counts as its share of a full pass, a dense
/// Hessian as d Hessian-vector products, a third-order product as one. The bound on the curvature that
/// an automatic step size takes is not counted: the problem knows it, or nearly so.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Cost {
    /// Gradients of the inner or outer objective.
    pub gradients: f64,
    /// Hessian-vector products.
    pub hvps: f64,
    /// Products with the cross derivative or its transpose.
    pub cross_products: f64,
    /// The same calls, counted in rows: one gradient, product or outer gradient of one row is 1, and a Hessian-vector and a
    /// cross product with the same vector at the same place go over their rows once. A call of what is no sum counts as 1.
    #[serde(default, rename = "row_calls")]
    pub rows: f64,
    /// Matrix factorizations.
    pub factorizations: f64,
    /// Largest memory an estimator held beyond θ and λ, in bytes.
    pub bytes: f64,
}

impl Cost {
    /// Calls of all kinds, the horizontal axis of the cost chart. Factorizations and bytes are not calls.
    #[must_use]
    pub fn calls(&self) -> f64 {
        self.gradients + self.hvps + self.cross_products
    }

    /// What was spent since `earlier`; bytes stay a maximum.
    #[must_use]
    pub fn since(&self, earlier: &Self) -> Self {
        Self {
            gradients: self.gradients - earlier.gradients,
            hvps: self.hvps - earlier.hvps,
            cross_products: self.cross_products - earlier.cross_products,
            rows: self.rows - earlier.rows,
            factorizations: self.factorizations - earlier.factorizations,
            bytes: self.bytes,
        }
    }
}

impl std::ops::AddAssign for Cost {
    fn add_assign(&mut self, other: Self) {
        self.gradients += other.gradients;
        self.hvps += other.hvps;
        self.cross_products += other.cross_products;
        self.rows += other.rows;
        self.factorizations += other.factorizations;
        self.bytes = self.bytes.max(other.bytes);
    }
}

impl std::ops::Add for Cost {
    type Output = Self;

    fn add(mut self, other: Self) -> Self {
        self += other;
        self
    }
}

/// How many entries of gradients and of products were clipped, of how many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Clipped {
    /// Entries beyond the limit.
    pub entries: usize,
    /// Entries that were looked at.
    pub of: usize,
}

impl Clipped {
    /// The share that was clipped; `None` where nothing was looked at.
    #[must_use]
    pub fn share(self) -> Option<f64> {
        (self.of > 0).then(|| self.entries as f64 / self.of as f64)
    }
}

impl std::ops::AddAssign for Clipped {
    fn add_assign(&mut self, other: Self) {
        self.entries += other.entries;
        self.of += other.of;
    }
}

/// A problem at a place. Moving is cheap and lazy; derivatives at one place share their
/// preparation; the inner gradient is computed once per place and [moment](Self::enter) of a run. Every call is counted in
/// [`cost`](Self::cost). Outputs may be longer than the problem's λ: dynamics can have outer
/// variables of their own behind it, on which the problem does not depend.
pub struct Oracle {
    problem: Arc<dyn Problem>,
    lambda: Vec<f64>,
    theta: Vec<f64>,
    training: List,
    validation: List,
    is_prepared: bool,
    cache: Cache,
    gradient: Vec<f64>,
    gradient_known: bool,
    pass: Pass,
    /// The moment of the run that what is remembered belongs to.
    moment: Option<Clock>,
    cost: Cost,
    /// What products are clipped to, where they are.
    limit: Option<f64>,
    clipped: Clipped,
    stop: Stop,
}

/// A copy knows what it was told and what it counted; what was prepared for the calls to come is prepared again.
impl Clone for Oracle {
    fn clone(&self) -> Self {
        Self {
            problem: Arc::clone(&self.problem),
            lambda: self.lambda.clone(),
            theta: self.theta.clone(),
            training: self.training.clone(),
            validation: self.validation.clone(),
            is_prepared: false,
            cache: Cache::default(),
            gradient: self.gradient.clone(),
            gradient_known: self.gradient_known,
            pass: self.pass.clone(),
            moment: self.moment,
            cost: self.cost,
            limit: self.limit,
            clipped: self.clipped,
            stop: self.stop.clone(),
        }
    }
}

impl Oracle {
    /// An oracle at λ = 0, θ = 0.
    #[must_use]
    pub fn new(problem: Arc<dyn Problem>) -> Self {
        let sizes = problem.dimensions();
        Self {
            lambda: vec![0.0; sizes.outer],
            theta: vec![0.0; sizes.inner],
            training: List::default(),
            validation: List::default(),
            is_prepared: false,
            cache: Cache::default(),
            gradient: vec![0.0; sizes.inner],
            gradient_known: false,
            pass: Pass::default(),
            moment: None,
            cost: Cost::default(),
            limit: None,
            clipped: Clipped::default(),
            stop: Stop::default(),
            problem,
        }
    }

    /// The same, which answers NaN and at once from the moment that `stop` is set.
    #[must_use]
    pub fn until(self, stop: &Stop) -> Self {
        Self { stop: stop.clone(), ..self }
    }

    /// Whether nothing more is wanted.
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        self.stop.is_set()
    }

    /// An oracle of the same problem with no history.
    #[must_use]
    pub fn fresh(&self) -> Self {
        Self::new(Arc::clone(&self.problem)).until(&self.stop)
    }

    /// The problem asked.
    #[must_use]
    pub fn problem(&self) -> &Arc<dyn Problem> {
        &self.problem
    }

    /// d, the length of θ.
    #[must_use]
    pub fn inner_dimension(&self) -> usize {
        self.theta.len()
    }

    /// p, the length of the problem's own λ.
    #[must_use]
    pub fn outer_dimension(&self) -> usize {
        self.lambda.len()
    }

    /// λ here.
    #[must_use]
    pub fn lambda(&self) -> &[f64] {
        &self.lambda
    }

    /// θ here.
    #[must_use]
    pub fn theta(&self) -> &[f64] {
        &self.theta
    }

    /// What was spent so far.
    #[must_use]
    pub fn cost(&self) -> Cost {
        self.cost
    }

    /// Counts a factorization, which the oracle does not see.
    pub fn count_factorization(&mut self) {
        self.cost.factorizations += 1.0;
    }

    /// From here on products with H are clipped entry by entry to ±limit; `None` leaves them as they are.
    pub fn clip_products(&mut self, limit: Option<f64>) {
        self.limit = limit;
    }

    /// Clips an answer to ±limit, and counts.
    pub fn clip(&mut self, limit: f64, answer: &mut [f64]) {
        self.clipped += Clipped { entries: clip(limit, answer), of: answer.len() };
    }

    /// The same, having clipped so much elsewhere.
    #[must_use]
    pub fn having_clipped(self, clipped: Clipped) -> Self {
        Self { clipped, ..self }
    }

    /// What was clipped so far.
    #[must_use]
    pub fn clipped(&self) -> Clipped {
        self.clipped
    }

    /// Moves to `(λ, θ)`, over the same rows. A longer λ is cut to the problem's own.
    pub fn move_to(&mut self, lambda: &[f64], theta: &[f64]) {
        let lambda = &lambda[..self.lambda.len()];
        if (self.is_prepared || self.gradient_known) && self.lambda == lambda && self.theta == theta {
            return;
        }
        if self.lambda != lambda || self.theta != theta {
            self.pass.leave();
        }
        self.lambda.copy_from_slice(lambda);
        self.theta.copy_from_slice(theta);
        self.forget();
    }

    /// What is asked from here on belongs to this moment of a run. What was asked at another one is asked again, also where θ has not moved by
    /// a bit since: so counts are of what a method asks for, and no matter of rounding.
    pub fn enter(&mut self, moment: Clock) {
        if self.moment.replace(moment) != Some(moment) {
            self.leave();
        }
    }

    /// What is asked from here on is asked again, wherever the oracle moves, as if nothing had been asked before. What was prepared stays: it
    /// is a function of the place.
    pub fn leave(&mut self) {
        self.gradient_known = false;
        self.pass.leave();
    }

    /// From here on the inner objective is a mean over these training rows, wherever the oracle moves; `None` for all.
    pub fn use_training_rows(&mut self, rows: Option<&[usize]>) {
        if self.training.set(rows) {
            self.forget();
        }
    }

    /// From here on the outer objective is a mean over these validation rows, wherever the oracle moves; `None` for all.
    pub fn use_validation_rows(&mut self, rows: Option<&[usize]>) {
        self.validation.set(rows);
    }

    /// From here on both objectives are means over all their rows.
    pub fn use_all_rows(&mut self) {
        self.use_training_rows(None);
        self.use_validation_rows(None);
    }

    /// The rows in use.
    #[must_use]
    pub fn rows(&self) -> Rows<'_> {
        Rows { training: self.training.get(), validation: self.validation.get() }
    }

    fn forget(&mut self) {
        self.is_prepared = false;
        self.gradient_known = false;
    }

    /// `g(λ, θ)`. Counted as a gradient: it costs a pass over the data.
    pub fn inner_value(&mut self) -> f64 {
        self.count_gradient();
        self.ask_value(|problem, at, cache| problem.inner_value(at, cache))
    }

    /// `∇_θ g`.
    pub fn inner_gradient(&mut self, out: &mut [f64]) {
        if !self.gradient_known {
            self.count_gradient();
            let mut gradient = std::mem::take(&mut self.gradient);
            self.ask_into(&mut gradient, |problem, at, cache, out| problem.inner_gradient(at, cache, out));
            self.gradient = gradient;
            self.gradient_known = true;
        }
        out.copy_from_slice(&self.gradient);
    }

    /// Has [`inner_gradient`](Self::inner_gradient) answer this, until the oracle moves: what an estimator that steers the
    /// inner run has θ go along instead of the gradient of a batch.
    pub fn replace_inner_gradient(&mut self, direction: &[f64]) {
        self.gradient.copy_from_slice(direction);
        self.gradient_known = true;
    }

    /// Scores of the training rows in use: see [`Likelihood::scores_of`](super::Likelihood::scores_of). They come with the gradient
    /// there, and are counted as one where it was not asked for. Not numbers, for a problem that is no likelihood.
    pub fn scores(&mut self, labels: Labels<'_>, weights: &mut [f64], out: &mut [f64]) {
        if !self.gradient_known {
            self.count_gradient();
        }
        if self.stop.is_set() {
            return out.fill(f64::NAN);
        }
        self.ask(|problem, at, cache| match problem.likelihood() {
            Some(likelihood) => likelihood.scores_of(at, cache, labels, weights, out),
            None => out.fill(f64::NAN),
        });
    }

    /// The Hessian of the penalty: what is left of `∂²_θθ g` over a list without rows. Not counted, as it runs over none.
    #[must_use]
    pub fn penalty_hessian(&mut self) -> Matrix {
        let size = self.theta.len();
        let mut out = Matrix::zeros(size, size);
        let at = Location {
            lambda: &self.lambda,
            theta: &self.theta,
            rows: Rows { training: Some(&[]), validation: self.validation.get() },
        };
        self.is_prepared = false;
        self.problem.prepare(at, &mut self.cache);
        self.problem.hessian(at, &mut self.cache, &mut out);
        out
    }

    /// `∇_λ g`.
    pub fn inner_lambda_gradient(&mut self, out: &mut [f64]) {
        self.cost.gradients += self.share();
        // That of a penalty needs no row.
        self.cost.rows += if self.problem.lambda_meets_rows() { self.rows_used() } else { 0.0 };
        let own = self.own(out);
        self.ask_into(own, |problem, at, cache, out| problem.inner_lambda_gradient(at, cache, out));
    }

    /// `(∂²_θθ g) v`.
    pub fn hvp(&mut self, v: &[f64], out: &mut [f64]) {
        self.cost.hvps += self.share();
        self.cost.rows += self.pass.product(v, self.rows_used());
        self.ask_into(out, |problem, at, cache, out| problem.hvp(at, cache, v, out));
        if let Some(limit) = self.limit {
            self.clip(limit, out);
        }
    }

    /// `(∂²_θθ g) V` for `count` directions side by side, as many products: see [`Problem::hvps`].
    pub fn hvps(&mut self, directions: &[f64], count: usize, out: &mut [f64]) {
        self.cost.hvps += count as f64 * self.share();
        self.cost.rows += count as f64 * self.rows_used();
        self.pass.leave();
        self.ask_into(out, |problem, at, cache, out| problem.hvps(at, cache, directions, count, out));
        if let Some(limit) = self.limit {
            self.clip(limit, out);
        }
    }

    /// Adds columns of `∂²_θλ g` to a panel, as many cross products: see [`Problem::add_cross_columns`].
    pub fn add_cross_columns(&mut self, entries: &[usize], width: usize, out: &mut [f64]) {
        self.cost.cross_products += entries.len() as f64 * self.share();
        self.cost.rows += entries.len() as f64 * self.rows_used();
        self.ask_into(out, |problem, at, cache, out| problem.add_cross_columns(at, cache, entries, width, out));
    }

    /// `(∂²_θθ g) v` for a measurement, which is charged to nobody.
    pub fn measure_hvp(&mut self, v: &[f64], out: &mut [f64]) {
        self.ask(|problem, at, cache| problem.hvp(at, cache, v, out));
    }

    /// `(∂²_θλ g)ᵀ v`.
    pub fn cross_vjp(&mut self, v: &[f64], out: &mut [f64]) {
        self.cost.cross_products += self.share();
        self.cost.rows += self.pass.cross(v, self.rows_used());
        let own = self.own(out);
        self.ask_into(own, |problem, at, cache, out| problem.cross_vjp(at, cache, v, out));
    }

    /// `(∂²_θλ g) u`.
    pub fn cross_jvp(&mut self, u: &[f64], out: &mut [f64]) {
        self.cost.cross_products += self.share();
        self.cost.rows += self.rows_used();
        let own = &u[..self.lambda.len()];
        self.ask_into(out, |problem, at, cache, out| problem.cross_jvp(at, cache, own, out));
    }

    /// `∂²_θθ g` as a new matrix.
    #[must_use]
    pub fn hessian(&mut self) -> Matrix {
        let size = self.theta.len();
        self.cost.hvps += size as f64 * self.share();
        self.cost.rows += size as f64 * self.rows_used();
        let mut out = Matrix::zeros(size, size);
        if self.stop.is_set() {
            out.add_to_diagonal(f64::NAN);
            return out;
        }
        self.ask(|problem, at, cache| problem.hessian(at, cache, &mut out));
        out
    }

    /// The diagonal of `∂²_θθ g`, where the problem has it at hand; counted as a product. False, and nothing else, where not.
    pub fn hessian_diagonal(&mut self, out: &mut [f64]) -> bool {
        let is_known = !self.stop.is_set() && self.ask(|problem, at, cache| problem.hessian_diagonal(at, cache, out));
        self.cost.hvps += if is_known { self.share() } else { 0.0 };
        self.cost.rows += if is_known { self.rows_used() } else { 0.0 };
        is_known
    }

    /// `∂³_θθθ g [u, v, ·]`, exact where the problem has [third derivatives](super::ThirdDerivatives). Where it has
    /// none, this and the two below are differences of second derivatives, good to about 1e-11 of these, which
    /// allocate and count as the four products they take.
    pub fn third_inner(&mut self, u: &[f64], v: &[f64], out: &mut [f64]) {
        self.ask_third(out, |problem, at, cache, out| match problem.third() {
            Some(third) => third.inner(at, cache, u, v, out),
            None => difference::inner(problem, at, cache, (u, v), out),
        });
    }

    /// `(∂_λ ∂²_θθ g [direction]) v`.
    pub fn third_cross_jvp(&mut self, direction: &[f64], v: &[f64], out: &mut [f64]) {
        let own = &direction[..self.lambda.len()];
        self.ask_third(out, |problem, at, cache, out| match problem.third() {
            Some(third) => third.cross_jvp(at, cache, own, v, out),
            None => difference::cross_jvp(problem, at, cache, (own, v), out),
        });
    }

    /// `∂_λ (uᵀ ∂²_θθ g v)`.
    pub fn third_cross_vjp(&mut self, u: &[f64], v: &[f64], out: &mut [f64]) {
        let own = self.own(out);
        self.ask_third(own, |problem, at, cache, out| match problem.third() {
            Some(third) => third.cross_vjp(at, cache, u, v, out),
            None => difference::cross_vjp(problem, at, cache, (u, v), out),
        });
    }

    /// `f(λ, θ)`.
    pub fn outer_value(&mut self) -> f64 {
        self.cost.gradients += self.outer_share();
        self.cost.rows += self.outer_rows_used();
        self.ask_value(|problem, at, cache| problem.outer().value(at, cache))
    }

    /// `∇_θ f`.
    pub fn outer_gradient(&mut self, out: &mut [f64]) {
        self.cost.gradients += self.outer_share();
        self.cost.rows += self.outer_rows_used();
        self.ask_into(out, |problem, at, cache, out| problem.outer().gradient(at, cache, out));
    }

    /// The slope of f in θ with another target of its temporal differences: see [`Control::outer_gradient`](super::Control::outer_gradient). Counted
    /// as `∇_θ f`; not numbers where λ is no model.
    pub fn difference_gradient(&mut self, target: DifferenceTarget, out: &mut [f64]) {
        self.cost.gradients += self.outer_share();
        self.cost.rows += self.outer_rows_used();
        self.ask_into(out, |problem, at, _, out| match problem.control() {
            Some(control) => control.outer_gradient(at, target, out),
            None => out.fill(f64::NAN),
        });
    }

    /// `(∂²_θλ g)ᵀ v` by the last backup alone: see [`Control::last_backup`](super::Control::last_backup). Counted as a cross product.
    pub fn last_backup(&mut self, v: &[f64], out: &mut [f64]) {
        self.cost.cross_products += self.share();
        self.cost.rows += self.rows_used();
        let own = self.own(out);
        self.ask_into(own, |problem, at, cache, out| match problem.control() {
            Some(control) => control.last_backup(at, cache, v, out),
            None => out.fill(f64::NAN),
        });
    }

    /// `∇_λ f`. Not counted: it is zero or comes with `∇_θ f`.
    pub fn outer_lambda_gradient(&mut self, out: &mut [f64]) {
        let own = self.own(out);
        self.ask_into(own, |problem, at, cache, out| problem.outer().lambda_gradient(at, cache, out));
    }

    /// `(∂²_θθ f) v`.
    pub fn outer_hvp(&mut self, v: &[f64], out: &mut [f64]) {
        self.cost.hvps += self.outer_share();
        self.cost.rows += self.outer_rows_used();
        self.ask_into(out, |problem, at, cache, out| problem.outer().hvp(at, cache, v, out));
    }

    /// `(∂²_θλ f) u`.
    pub fn outer_cross_jvp(&mut self, u: &[f64], out: &mut [f64]) {
        self.cost.cross_products += self.outer_share();
        self.cost.rows += self.outer_rows_used();
        let own = &u[..self.lambda.len()];
        self.ask_into(out, |problem, at, cache, out| problem.outer().cross_jvp(at, cache, own, out));
    }

    /// `∇_θ s`, of the smooth part of a `g` with kinks; of a smooth one `s = g`, here and below.
    pub fn smooth_gradient(&mut self, out: &mut [f64]) {
        if self.problem.proximal().is_none() {
            return self.inner_gradient(out);
        }
        self.count_gradient();
        self.ask(|problem, at, cache| match problem.proximal() {
            Some(proximal) => proximal.smooth_gradient(at, cache, out),
            None => problem.inner_gradient(at, cache, out),
        });
    }

    /// `(∂²_θθ s) v`.
    pub fn smooth_hvp(&mut self, v: &[f64], out: &mut [f64]) {
        self.cost.hvps += self.share();
        self.cost.rows += self.pass.product(v, self.rows_used());
        self.ask(|problem, at, cache| match problem.proximal() {
            Some(proximal) => proximal.smooth_hvp(at, cache, v, out),
            None => problem.hvp(at, cache, v, out),
        });
    }

    /// `(∂²_θλ s)ᵀ v`.
    pub fn smooth_cross_vjp(&mut self, v: &[f64], out: &mut [f64]) {
        self.cost.cross_products += self.share();
        self.cost.rows += self.pass.cross(v, self.rows_used());
        let own = self.own(out);
        self.ask(|problem, at, cache| match problem.proximal() {
            Some(proximal) => proximal.smooth_cross_vjp(at, cache, v, own),
            None => problem.cross_vjp(at, cache, v, own),
        });
    }

    /// `(∂²_θλ s) u`.
    pub fn smooth_cross_jvp(&mut self, u: &[f64], out: &mut [f64]) {
        self.cost.cross_products += self.share();
        self.cost.rows += self.rows_used();
        let own = &u[..self.lambda.len()];
        self.ask(|problem, at, cache| match problem.proximal() {
            Some(proximal) => proximal.smooth_cross_jvp(at, cache, own, out),
            None => problem.cross_jvp(at, cache, own, out),
        });
    }

    /// `z ← prox_{step·r}(z)` at λ here, of the part with kinks; of a smooth `g` that is zero, here and below. Like the
    /// rest of what follows it is a pass over θ, and not counted.
    pub fn prox(&self, step: f64, z: &mut [f64]) {
        if let Some(proximal) = self.problem.proximal() {
            proximal.prox(&self.lambda, step, z);
        }
    }

    /// `tangent ← ∂_z prox · tangent + ∂_λ prox · lambda_tangent` at z.
    pub fn prox_jvp(&self, step: f64, z: &[f64], tangent: &mut [f64], lambda_tangent: &[f64]) {
        if let Some(proximal) = self.problem.proximal() {
            proximal.prox_jvp(&self.lambda, step, z, tangent, &lambda_tangent[..self.lambda.len()]);
        }
    }

    /// `cotangent ← (∂_z prox)ᵀ cotangent`, and `lambda_out += (∂_λ prox)ᵀ cotangent`, at z.
    pub fn prox_vjp(&self, step: f64, z: &[f64], cotangent: &mut [f64], lambda_out: &mut [f64]) {
        if let Some(proximal) = self.problem.proximal() {
            proximal.prox_vjp(&self.lambda, step, z, cotangent, &mut lambda_out[..self.lambda.len()]);
        }
    }

    /// Takes `v` to the support of θ here: see [`Proximal::restrict`](super::Proximal::restrict). Where `g` is smooth
    /// nothing is left out.
    pub fn restrict(&self, v: &mut [f64]) {
        if let Some(proximal) = self.problem.proximal() {
            proximal.restrict(&self.theta, v);
        }
    }

    /// How far θ here, taken to be θ*, is from a [kink](super::Proximal::margin) of F; infinite where `g` is smooth. Not
    /// counted: it is asked for the truth alone.
    pub fn margin(&mut self) -> f64 {
        self.ask(|problem, at, cache| problem.proximal().map_or(f64::INFINITY, |proximal| proximal.margin(at, cache)))
    }

    /// A gradient over the training rows in use.
    fn count_gradient(&mut self) {
        self.cost.gradients += self.share();
        self.cost.rows += self.rows_used();
    }

    /// How many training rows one call runs over.
    fn rows_used(&self) -> f64 {
        self.training.count(self.problem.dimensions().training)
    }

    /// How many validation rows one call runs over.
    fn outer_rows_used(&self) -> f64 {
        self.validation.count(self.problem.dimensions().validation)
    }

    /// The share of a full pass over the training rows that one call is.
    fn share(&self) -> f64 {
        self.training.share(self.problem.dimensions().training)
    }

    /// The share of a full pass over the validation rows that one call is.
    fn outer_share(&self) -> f64 {
        self.validation.share(self.problem.dimensions().validation)
    }

    /// The part of an output that belongs to the problem's λ; the rest is zero.
    fn own<'o>(&self, out: &'o mut [f64]) -> &'o mut [f64] {
        let (own, rest) = out.split_at_mut(self.lambda.len());
        rest.fill(0.0);
        own
    }

    /// Asks for a third derivative and counts it. Differences leave the cache somewhere else.
    fn ask_third(&mut self, out: &mut [f64], call: impl FnOnce(&dyn Problem, Location<'_>, &mut Cache, &mut [f64])) {
        let is_exact = self.problem.third().is_some();
        let products = if is_exact { 1.0 } else { difference::PRODUCTS };
        self.cost.hvps += products * self.share();
        self.cost.rows += products * self.rows_used();
        self.ask_into(out, call);
        self.is_prepared &= is_exact;
    }

    /// A number; none once nothing more is wanted.
    fn ask_value(&mut self, call: impl FnOnce(&dyn Problem, Location<'_>, &mut Cache) -> f64) -> f64 {
        if self.stop.is_set() { f64::NAN } else { self.ask(call) }
    }

    /// Numbers; none once nothing more is wanted.
    fn ask_into(&mut self, out: &mut [f64], call: impl FnOnce(&dyn Problem, Location<'_>, &mut Cache, &mut [f64])) {
        if self.stop.is_set() {
            return out.fill(f64::NAN);
        }
        self.ask(|problem, at, cache| call(problem, at, cache, out));
    }

    fn ask<T>(&mut self, call: impl FnOnce(&dyn Problem, Location<'_>, &mut Cache) -> T) -> T {
        let rows = Rows { training: self.training.get(), validation: self.validation.get() };
        let at = Location { lambda: &self.lambda, theta: &self.theta, rows };
        if !self.is_prepared {
            self.problem.prepare(at, &mut self.cache);
            self.is_prepared = true;
        }
        call(&*self.problem, at, &mut self.cache)
    }
}

/// Products with one vector at one place: what a row says of `Hv` and of `Jᵀv` comes from the same product of the row with v, so
/// that both take one pass over it.
#[derive(Clone, Default)]
struct Pass {
    vector: Vec<f64>,
    /// Rows that were asked for `Hv`, and for `Jᵀv`.
    products: f64,
    crosses: f64,
}

impl Pass {
    /// Row calls that a product over so many rows adds.
    fn product(&mut self, v: &[f64], rows: f64) -> f64 {
        self.with(v, |pass| pass.products += rows)
    }

    /// Row calls that a cross product over so many rows adds.
    fn cross(&mut self, v: &[f64], rows: f64) -> f64 {
        self.with(v, |pass| pass.crosses += rows)
    }

    fn with(&mut self, v: &[f64], count: impl FnOnce(&mut Self)) -> f64 {
        if self.vector != v {
            self.leave();
            self.vector.extend_from_slice(v);
        }
        let before = self.products.max(self.crosses);
        count(self);
        self.products.max(self.crosses) - before
    }

    fn leave(&mut self) {
        self.vector.clear();
        (self.products, self.crosses) = (0.0, 0.0);
    }
}

/// The rows of one mean: all of them, or a list.
#[derive(Clone, Default)]
struct List {
    rows: Vec<usize>,
    is_given: bool,
}

impl List {
    fn get(&self) -> Option<&[usize]> {
        self.is_given.then_some(&*self.rows)
    }

    /// Whether it was another list before.
    fn set(&mut self, rows: Option<&[usize]>) -> bool {
        if self.get() == rows {
            return false;
        }
        self.is_given = rows.is_some();
        self.rows.clear();
        self.rows.extend_from_slice(rows.unwrap_or_default());
        true
    }

    /// How many of `all` rows; 1 for what is no sum over rows.
    fn count(&self, all: usize) -> f64 {
        match self.get() {
            Some(rows) if all > 0 => rows.len() as f64,
            _ => all.max(1) as f64,
        }
    }

    /// The share of `all` rows; 1 for what is no sum over rows.
    fn share(&self, all: usize) -> f64 {
        match self.get() {
            Some(rows) if all > 0 => rows.len() as f64 / all as f64,
            _ => 1.0,
        }
    }
}
