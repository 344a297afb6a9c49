//! θ*(λ) to machine precision, for the truth. A function of (problem, λ) alone.
//!
//! Newton's method on the dense Hessian, started at the closed form where there is one, where the
//! active set search ended if `g` has kinks, and at zero otherwise. Far out a step is shortened until `g` decreases (Armijo 1966). Close in, where values
//! no longer resolve the decrease, full steps are taken as long as the gradient shrinks, and one
//! factorization serves while it gains a digit a step. Cost: a Hessian and a factorization for
//! about every other step. Where that does not lead there and `g` is strictly convex, although H is next to nothing where the
//! descent stands (a smoothed corner, a threshold, far from all rows), steps are damped by a multiple of the identity that
//! shrinks as they are taken (Levenberg 1944; Marquardt 1963), and Newton's method goes on from there. What is not solved is
//! reported, never passed off as solved.

use std::sync::Arc;

use super::active_set::{self, By};
use super::{Oracle, Problem};
use crate::math::vector::{axpy, dot, norm};
use crate::math::{Factorization, Matrix};

/// The minimizer of the inner objective, and how well it was found.
#[derive(Debug, Clone)]
pub struct InnerSolution {
    /// θ*.
    pub theta: Vec<f64>,
    /// `‖∇_θ g(λ, θ*)‖`.
    pub gradient_norm: f64,
    /// Newton steps taken.
    pub iterations: usize,
    /// Whether θ* is known: the next Newton step would change nothing that matters. A small gradient
    /// alone does not say so where H is nearly singular.
    pub converged: bool,
}

const MOST_ITERATIONS: usize = 200;

/// Damped steps, and how often Newton's method starts anew behind them.
const MOST_DAMPED: usize = 200;
const MOST_RESTARTS: usize = 5;

/// The smallest and the largest damping that is tried, beside the largest entry on the diagonal of H.
const LEAST_DAMPING: f64 = 1e-10;
const MOST_DAMPING: f64 = 1e4;

/// A Newton step shorter than this share of `‖θ‖` is an error nobody sees.
const NEGLIGIBLE: f64 = 1e-9;

/// A decrease of `g` below this share of it is not seen in its values.
const INVISIBLE: f64 = 1e-10;

/// A Newton step shorter than this share of `‖θ‖` is rounding.
const ROUNDING: f64 = 4.0 * f64::EPSILON;

/// The minimizer of `g(λ, ·)`. It always starts at the same place, so the answer does not depend on
/// what came before.
#[must_use]
pub fn solve_inner(problem: &Arc<dyn Problem>, lambda: &[f64]) -> InnerSolution {
    let mut descent = Descent::start(problem, lambda);
    let (mut converged, mut iterations) = descent.by_newton();
    for _ in 0..MOST_RESTARTS {
        let has_stalled = !converged && iterations < MOST_ITERATIONS;
        if !has_stalled || problem.is_quadratic() || !problem.is_convex() || !descent.approach() {
            break;
        }
        let (is_there, steps) = descent.by_newton();
        (converged, iterations) = (is_there, iterations + steps);
    }
    InnerSolution { theta: descent.theta, gradient_norm: descent.gradient_norm, iterations, converged }
}

/// H at some θ, factorized; with a multiple of the identity added where it is singular to rounding.
struct Solver {
    factorization: Factorization,
    is_damped: bool,
}

impl Solver {
    fn of(hessian: &Matrix) -> Option<Self> {
        let mut damped = hessian.clone();
        let mean = hessian.diagonal().iter().map(|entry| entry.abs()).sum::<f64>() / hessian.rows() as f64;
        let mut damping = 1e-14 * mean;
        for attempt in 0..9 {
            let factorization = Factorization::symmetric(&damped)?;
            if factorization.is_positive_definite() {
                return Some(Self { factorization, is_damped: attempt > 0 });
            }
            damped.add_to_diagonal(damping);
            damping *= 100.0;
        }
        None
    }
}

/// Where the descent is; the oracle stands at θ.
pub(super) struct Descent {
    pub(super) oracle: Oracle,
    pub(super) lambda: Vec<f64>,
    pub(super) theta: Vec<f64>,
    pub(super) gradient: Vec<f64>,
    pub(super) gradient_norm: f64,
    pub(super) value: f64,
}

impl Descent {
    fn start(problem: &Arc<dyn Problem>, lambda: &[f64]) -> Self {
        let oracle = Oracle::new(Arc::clone(problem));
        let theta = match problem.proximal() {
            Some(proximal) => active_set::search(oracle.fresh(), proximal, lambda, By::Factorization),
            None => problem.solve(lambda).unwrap_or_else(|| vec![0.0; oracle.inner_dimension()]),
        };
        Self::from(oracle, lambda, theta)
    }

    /// Where nothing may be formed: at zero, or where the search on supports ended.
    pub(super) fn without_matrix(oracle: Oracle, lambda: &[f64]) -> Self {
        let problem = Arc::clone(oracle.problem());
        let theta = match problem.proximal() {
            Some(proximal) => active_set::search(oracle.fresh(), proximal, lambda, By::Products),
            None => vec![0.0; oracle.inner_dimension()],
        };
        Self::from(oracle, lambda, theta)
    }

    fn from(mut oracle: Oracle, lambda: &[f64], theta: Vec<f64>) -> Self {
        oracle.move_to(lambda, &theta);
        let mut gradient = vec![0.0; theta.len()];
        oracle.inner_gradient(&mut gradient);
        let value = oracle.inner_value();
        Self { oracle, lambda: lambda.to_vec(), theta, gradient_norm: norm(&gradient), gradient, value }
    }

    /// Newton's method from here on: whether θ* is known, and how many steps that took.
    fn by_newton(&mut self) -> (bool, usize) {
        let mut solver: Option<Solver> = None;
        let mut converged = false;
        let mut iterations = 0;
        while iterations < MOST_ITERATIONS && self.value.is_finite() && self.gradient_norm.is_finite() {
            let fresh = solver.is_none();
            let Some(current) = solver.take().or_else(|| Solver::of(&self.oracle.hessian())) else { break };
            let step = current.factorization.solve(&self.gradient);
            converged = !current.is_damped && self.is_negligible(&step);
            if norm(&step) <= ROUNDING * norm(&self.theta) {
                break;
            }
            let before = self.gradient_norm;
            let moved = if fresh { self.search(&step) } else { self.shrink_gradient(&step, 0.1) };
            if moved {
                iterations += 1;
                solver = (self.gradient_norm <= 0.1 * before).then_some(current);
            } else if fresh {
                break;
            }
        }
        (converged, iterations)
    }

    /// Damped steps until one without damping decreases `g`; whether there was one. Where an undamped step says that no
    /// decrease is left to see, none is looked for.
    fn approach(&mut self) -> bool {
        let mut damping = 0.0;
        for taken in 0..MOST_DAMPED {
            let hessian = self.oracle.hessian();
            let largest = hessian.diagonal().iter().fold(0.0, |largest: f64, entry| largest.max(entry.abs()));
            let scale = if largest > 0.0 { largest } else { 1.0 };
            let least = LEAST_DAMPING * scale;
            let (start, value) = (self.theta.clone(), self.value);
            let gradient = self.gradient.clone();
            loop {
                let mut damped = hessian.clone();
                damped.add_to_diagonal(damping);
                let Some(factorization) = Factorization::symmetric(&damped) else { return false };
                let step = factorization.solve(&gradient);
                self.move_to(&start, &step, 1.0);
                let slope = dot(&step, &gradient);
                let is_settled = taken == 0 && damping == 0.0 && slope.abs() <= INVISIBLE * value.abs();
                if slope > 0.0 && !is_settled && self.value <= value - 1e-4 * slope && self.gradient_norm.is_finite() {
                    break;
                }
                damping = (10.0 * damping).max(least);
                if is_settled || damping > MOST_DAMPING * scale {
                    self.move_to(&start, &step, 0.0);
                    return false;
                }
            }
            if damping == 0.0 {
                return true;
            }
            damping = if damping > least { 0.01 * damping } else { 0.0 };
        }
        false
    }

    /// Whether moving by `step` would change neither θ nor `g` visibly. The second is for θ* = 0.
    pub(super) fn is_negligible(&self, step: &[f64]) -> bool {
        norm(step) <= NEGLIGIBLE * norm(&self.theta) || dot(step, &self.gradient) <= 1e-26 * self.value.abs()
    }

    /// Moves along `−step`: by less than all of it if `g` says so, or, where `g` cannot tell any more,
    /// by all of it if the gradient shrinks.
    pub(super) fn search(&mut self, step: &[f64]) -> bool {
        let slope = dot(step, &self.gradient);
        if slope <= INVISIBLE * self.value.abs() {
            return self.shrink_gradient(step, 1.0);
        }
        let start = self.theta.clone();
        let value = self.value;
        let mut length = 1.0;
        while length > 1e-10 {
            self.move_to(&start, step, length);
            if self.value <= value - 1e-4 * length * slope && self.gradient_norm.is_finite() {
                return true;
            }
            length *= 0.5;
        }
        self.move_to(&start, step, 0.0);
        false
    }

    /// Takes the full step if that leaves less than `factor` of the gradient.
    fn shrink_gradient(&mut self, step: &[f64], factor: f64) -> bool {
        let (start, before) = (self.theta.clone(), self.gradient_norm);
        self.move_to(&start, step, 1.0);
        let shrinks = self.gradient_norm < factor * before;
        if !shrinks {
            self.move_to(&start, step, 0.0);
        }
        shrinks
    }

    /// Moves to `start − length · step`.
    fn move_to(&mut self, start: &[f64], step: &[f64], length: f64) {
        self.theta.copy_from_slice(start);
        axpy(-length, step, &mut self.theta);
        self.oracle.move_to(&self.lambda, &self.theta);
        self.oracle.inner_gradient(&mut self.gradient);
        self.gradient_norm = norm(&self.gradient);
        self.value = self.oracle.inner_value();
    }
}
