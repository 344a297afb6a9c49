//! θ*(λ) to machine precision, for the truth. A function of (problem, λ) alone.
//!
//! Newton's method on the dense Hessian, started at the closed form where there is one, where the
//! active set search ended if `g` has kinks, and at zero otherwise. Far out a step is shortened until `g` decreases (Armijo 1966). Close in, where values
//! no longer resolve the decrease, full steps are taken as long as the gradient shrinks, and one
//! factorization serves while it gains a digit a step. Cost: a Hessian and a factorization for
//! about every other step. What is not solved is reported, never passed off as solved.

use std::sync::Arc;

use super::{Oracle, Problem, active_set};
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

/// A Newton step shorter than this share of `‖θ‖` is an error nobody sees.
const NEGLIGIBLE: f64 = 1e-9;

/// A Newton step shorter than this share of `‖θ‖` is rounding.
const ROUNDING: f64 = 4.0 * f64::EPSILON;

/// The minimizer of `g(λ, ·)`. It always starts at the same place, so the answer does not depend on
/// what came before.
#[must_use]
pub fn solve_inner(problem: &Arc<dyn Problem>, lambda: &[f64]) -> InnerSolution {
    let mut descent = Descent::start(problem, lambda);
    let mut solver: Option<Solver> = None;
    let mut converged = false;
    let mut iterations = 0;
    while iterations < MOST_ITERATIONS && descent.value.is_finite() && descent.gradient_norm.is_finite() {
        let fresh = solver.is_none();
        let Some(current) = solver.take().or_else(|| Solver::of(&descent.oracle.hessian())) else { break };
        let step = current.factorization.solve(&descent.gradient);
        converged = !current.is_damped && descent.is_negligible(&step);
        if norm(&step) <= ROUNDING * norm(&descent.theta) {
            break;
        }
        let before = descent.gradient_norm;
        let moved = if fresh { descent.search(&step) } else { descent.shrink_gradient(&step, 0.1) };
        if moved {
            iterations += 1;
            solver = (descent.gradient_norm <= 0.1 * before).then_some(current);
        } else if fresh {
            break;
        }
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
struct Descent {
    oracle: Oracle,
    lambda: Vec<f64>,
    theta: Vec<f64>,
    gradient: Vec<f64>,
    gradient_norm: f64,
    value: f64,
}

impl Descent {
    fn start(problem: &Arc<dyn Problem>, lambda: &[f64]) -> Self {
        let mut oracle = Oracle::new(Arc::clone(problem));
        let theta = match problem.proximal() {
            Some(proximal) => active_set::search(problem, proximal, lambda),
            None => problem.solve(lambda).unwrap_or_else(|| vec![0.0; oracle.inner_dimension()]),
        };
        oracle.move_to(lambda, &theta);
        let mut gradient = vec![0.0; theta.len()];
        oracle.inner_gradient(&mut gradient);
        let value = oracle.inner_value();
        Self { oracle, lambda: lambda.to_vec(), theta, gradient_norm: norm(&gradient), gradient, value }
    }

    /// Whether moving by `step` would change neither θ nor `g` visibly. The second is for θ* = 0.
    fn is_negligible(&self, step: &[f64]) -> bool {
        norm(step) <= NEGLIGIBLE * norm(&self.theta) || dot(step, &self.gradient) <= 1e-26 * self.value.abs()
    }

    /// Moves along `−step`: by less than all of it if `g` says so, or, where `g` cannot tell any more,
    /// by all of it if the gradient shrinks.
    fn search(&mut self, step: &[f64]) -> bool {
        let slope = dot(step, &self.gradient);
        if slope <= 1e-10 * self.value.abs() {
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
