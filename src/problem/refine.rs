//! ∇F with the digits that `f64` does not give: iterative refinement in twice the precision.
//!
//! One sweep corrects θ by `H⁻¹∇_θ g` and v by `H⁻¹(∇_θ f − Hv)`, with residuals in twice the precision and H⁻¹ from
//! whatever factorization there is, and evaluates `∇_λ f − Jᵀv` anew (Wilkinson 1963; Higham 2002, chapter 12). The
//! corrections shrink by about κ(H)ε a sweep. Where that is too much, H is formed and factorized in twice the
//! precision, if it is small enough. How many digits there are is not told by θ and v: with few rows and many
//! features an error along the null space of the rows is amplified by 1/λ_min, so that ∇F itself is watched.

use super::accuracy::signed;
use super::precise::{Precise, PreciseLocation, Rounding};
use crate::math::double::{Double, doubled, rounded};
use crate::math::double_cholesky::DoubleCholesky;
use crate::math::vector::{distance, norm};
use crate::math::{Factorization, Matrix};

/// θ*, v and ∇F, all in twice the precision while they are worked on.
#[derive(Clone)]
pub(super) struct Refinement<'a> {
    precise: &'a dyn Precise,
    lambda: &'a [f64],
    solver: Solver,
    theta: Vec<Double>,
    adjoint: Vec<Double>,
    hypergradient: Vec<Double>,
}

/// What is solved with.
#[derive(Clone)]
enum Solver {
    Single(Factorization),
    Double(DoubleCholesky),
}

/// What a sweep changed.
struct Change {
    /// `‖ΔF′‖` of the hypergradient F′.
    hypergradient: f64,
    /// The larger of `‖Δθ‖/‖θ‖` and `‖Δv‖/‖v‖`: about the factor by which a sweep shrinks what is left.
    relative: f64,
}

const MOST_SWEEPS: usize = 40;

/// Products that a factorization in twice the precision may take: about a second.
const MOST_WORK: usize = 40_000_000;

/// Corrections of θ and v longer than this share of them say that neither is known yet.
const CORRECTION: f64 = 1e-6;

/// Beyond this condition twice the precision does not tell H from a singular matrix: its unit in the last place is 5e-32.
const MOST_CONDITION: f64 = 1e28;

/// Steps of the inverse power iteration.
const POWER_STEPS: usize = 6;

/// What is left after a sweep may be this share of ∇F: below the rounding of an `f64`.
const SETTLED: f64 = 1e-18;

impl<'a> Refinement<'a> {
    /// From θ and v as `f64` found them, with H factorized there.
    pub(super) fn new(
        precise: &'a dyn Precise,
        lambda: &'a [f64],
        (theta, adjoint): (&[f64], &[f64]),
        factorization: Factorization,
    ) -> Self {
        let (theta, adjoint) = (doubled(theta), doubled(adjoint));
        let hypergradient = vec![Double::ZERO; lambda.len()];
        Self { precise, lambda, solver: Solver::Single(factorization), theta, adjoint, hypergradient }
    }

    /// Goes over to H in twice the precision, and returns its condition number; `None` where it is too large for that, or
    /// singular to rounding in twice the precision as well. `matrix` is H as `f64` has it.
    pub(super) fn resolve(&mut self, matrix: &Matrix) -> Option<f64> {
        let solver = self.better_solver(Rounding::AsGiven)?;
        let Solver::Double(factorization) = &solver else { return None };
        let mut x = doubled(&signed(&vec![1.0; matrix.rows()], 0));
        let mut growth = f64::NAN;
        for _ in 0..POWER_STEPS {
            let size = norm(&rounded(&x));
            x.iter_mut().for_each(|x| *x = *x / size);
            x = factorization.solve(&x);
            growth = norm(&rounded(&x));
        }
        let condition = matrix.row_sum_norm() * growth;
        if condition.is_nan() || condition >= MOST_CONDITION {
            return None;
        }
        self.solver = solver;
        Some(condition)
    }

    /// θ*.
    pub(super) fn theta(&self) -> Vec<f64> {
        rounded(&self.theta)
    }

    /// v.
    pub(super) fn adjoint(&self) -> Vec<f64> {
        rounded(&self.adjoint)
    }

    /// ∇F.
    pub(super) fn hypergradient(&self) -> Vec<f64> {
        rounded(&self.hypergradient)
    }

    /// Sweeps until ∇F is known to the last place of an `f64`, and returns how far off it may be; `None` where the
    /// sweeps lead nowhere.
    pub(super) fn settle(&mut self) -> Option<f64> {
        self.settle_for(Rounding::AsGiven, |left, hypergradient| left <= SETTLED * norm(hypergradient))
    }

    /// How far ∇F moves when every number of the problem is rounded the other way; `None` where that leads nowhere.
    pub(super) fn moved_by(&self, seed: u64) -> Option<f64> {
        let here = self.hypergradient();
        let mut other = self.clone();
        other.settle_for(Rounding::Otherwise(seed), |left, hypergradient| {
            left <= (0.05 * distance(hypergradient, &here)).max(SETTLED * norm(hypergradient))
        })?;
        Some(distance(&other.hypergradient(), &here))
    }

    /// Sweeps until `is_enough` of what is left and of ∇F.
    fn settle_for(&mut self, rounding: Rounding, is_enough: impl Fn(f64, &[f64]) -> bool) -> Option<f64> {
        if matches!(&self.solver, Solver::Single(factorization) if !factorization.is_positive_definite()) {
            // Solves with it would not tell whether H is.
            self.solver = self.better_solver(rounding)?;
        }
        let mut before = f64::INFINITY;
        for _ in 0..MOST_SWEEPS {
            let change = self.sweep(rounding);
            let left = change.hypergradient * change.relative.min(1.0);
            if !left.is_finite() {
                return None;
            }
            if change.relative <= CORRECTION && is_enough(left, &self.hypergradient()) {
                return Some(left);
            }
            let is_slow = change.relative > 0.1 * before;
            if is_slow && matches!(self.solver, Solver::Single(_)) && self.is_small() {
                self.solver = self.better_solver(rounding)?;
                before = f64::INFINITY;
            } else if change.relative > 0.5 * before {
                // Rounding in twice the precision; or no progress at all.
                return (change.relative <= CORRECTION).then_some(change.hypergradient);
            } else {
                before = change.relative;
            }
        }
        None
    }

    fn sweep(&mut self, rounding: Rounding) -> Change {
        let mut residual = vec![Double::ZERO; self.theta.len()];
        self.precise.inner_gradient(self.here(rounding), &mut residual);
        let of_theta = self.correct(&residual, |refinement| &mut refinement.theta);
        let mut product = residual.clone();
        self.precise.hvp(self.here(rounding), &self.adjoint, &mut product);
        self.precise.outer_gradient(self.here(rounding), &mut residual);
        for (product, outer) in product.iter_mut().zip(&residual) {
            *product -= *outer;
        }
        let of_adjoint = self.correct(&product, |refinement| &mut refinement.adjoint);
        let before = std::mem::replace(&mut self.hypergradient, vec![Double::ZERO; self.lambda.len()]);
        let mut indirect = before.clone();
        self.precise.cross_vjp(self.here(rounding), &self.adjoint, &mut indirect);
        let mut direct = before.clone();
        self.precise.outer_lambda_gradient(self.here(rounding), &mut direct);
        let now = direct.iter().zip(&indirect).map(|(direct, indirect)| *direct - *indirect);
        self.hypergradient = now.collect();
        let apart = self.hypergradient.iter().zip(&before).map(|(now, before)| (*now - *before).high);
        // NaN would be lost in a maximum.
        let relative = if of_adjoint.is_nan() { of_adjoint } else { of_theta.max(of_adjoint) };
        Change { hypergradient: norm(&apart.collect::<Vec<_>>()), relative }
    }

    /// Takes `H⁻¹ residual` off θ or v, and returns how large that is beside it.
    fn correct(&mut self, residual: &[Double], of: impl Fn(&mut Self) -> &mut Vec<Double>) -> f64 {
        let step = match &self.solver {
            Solver::Single(factorization) => doubled(&factorization.solve(&rounded(residual))),
            Solver::Double(factorization) => factorization.solve(residual),
        };
        let target = of(self);
        for (target, step) in target.iter_mut().zip(&step) {
            *target -= *step;
        }
        let (size, whole) = (norm(&rounded(&step)), norm(&rounded(target)));
        if size == 0.0 { 0.0 } else { size / whole }
    }

    fn here(&self, rounding: Rounding) -> PreciseLocation<'_> {
        PreciseLocation { lambda: self.lambda, theta: &self.theta, rounding }
    }

    /// Whether H can be formed and factorized in twice the precision.
    fn is_small(&self) -> bool {
        let size = self.theta.len();
        let work = self.precise.work().saturating_mul(2).saturating_add(size.saturating_mul(size) / 6);
        work.saturating_mul(size) <= MOST_WORK
    }

    /// H here, formed and factorized in twice the precision.
    fn better_solver(&self, rounding: Rounding) -> Option<Solver> {
        if !self.is_small() {
            return None;
        }
        let size = self.theta.len();
        let mut rows = vec![Double::ZERO; size * size];
        let mut unit = vec![Double::ZERO; size];
        for (j, row) in rows.chunks_exact_mut(size.max(1)).enumerate() {
            unit[j] = Double::ONE;
            self.precise.hvp(self.here(rounding), &unit, row);
            unit[j] = Double::ZERO;
        }
        DoubleCholesky::of(&rows, size).map(Solver::Double)
    }
}
