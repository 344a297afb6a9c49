//! θ*(λ) to machine precision, for the truth. A function of (problem, λ) alone.

use std::sync::Arc;

use super::{Oracle, Problem};
use crate::math::Factorization;
use crate::math::vector::{axpy, dot, norm};

/// The minimizer of the inner objective, and how well it was found.
#[derive(Debug, Clone)]
pub struct InnerSolution {
    /// θ*.
    pub theta: Vec<f64>,
    /// `‖∇_θ g(λ, θ*)‖`.
    pub gradient_norm: f64,
    /// Newton steps taken.
    pub iterations: usize,
    /// Whether the gradient is down to rounding.
    pub converged: bool,
}

const MOST_ITERATIONS: usize = 100;

/// The closed form where there is one, polished by Newton's method with backtracking from there or
/// from zero. It always starts at the same place, so the answer does not depend on what came before.
#[must_use]
pub fn solve_inner(problem: &Arc<dyn Problem>, lambda: &[f64]) -> InnerSolution {
    let mut oracle = Oracle::new(Arc::clone(problem));
    let size = oracle.inner_dimension();
    let mut theta = problem.solve(lambda).unwrap_or_else(|| vec![0.0; size]);
    let mut gradient = vec![0.0; size];
    let mut trial = vec![0.0; size];
    oracle.move_to(lambda, &vec![0.0; size]);
    oracle.inner_gradient(&mut gradient);
    let scale = norm(&gradient).max(1e-300);
    oracle.move_to(lambda, &theta);
    oracle.inner_gradient(&mut gradient);
    let mut size_now = norm(&gradient);
    let mut iterations = 0;
    while iterations < MOST_ITERATIONS && size_now > 0.0 && size_now.is_finite() {
        let Some(factor) = Factorization::symmetric(&oracle.hessian()) else { break };
        iterations += 1;
        let step = factor.solve(&gradient);
        let slope = dot(&step, &gradient);
        let value = oracle.inner_value();
        let mut length = 1.0;
        let accepted = loop {
            trial.copy_from_slice(&theta);
            axpy(-length, &step, &mut trial);
            oracle.move_to(lambda, &trial);
            oracle.inner_gradient(&mut gradient);
            let next = norm(&gradient);
            // Near the solution values no longer resolve the decrease; gradients still do.
            let decreases = oracle.inner_value() <= value - 1e-4 * length * slope;
            if decreases && next.is_finite() && size_now > 1e-7 * scale || next < size_now {
                break next < size_now || decreases;
            }
            length *= 0.5;
            if length < 1e-10 {
                break false;
            }
        };
        if !accepted {
            break;
        }
        let before = size_now;
        size_now = norm(&gradient);
        theta.copy_from_slice(&trial);
        if size_now <= 1e-13 * scale && size_now > 0.5 * before {
            break;
        }
    }
    InnerSolution { converged: size_now <= 1e-10 * scale, gradient_norm: size_now, iterations, theta }
}
