//! θ*(λ) of an inner objective with kinks, for the truth: which entries are zero, and the others by Newton's method.
//!
//! Proximal gradient steps with momentum find most of the support (FISTA, Beck and Teboulle 2009, restarted where it goes
//! uphill, O'Donoghue and Candès 2015). Then, as in the feature-sign search of Lee, Battle, Raina and Ng 2007: on the support a
//! Newton step is taken as far as g falls, ending on a kink where it crosses one, which takes that entry off the support;
//! where the support is solved, the entry off it whose subgradient is longest enters by a proximal step; where there is
//! none, θ is θ*. With a quadratic loss every step ends on another pattern of signs and a lower g, so that there are finitely
//! many. What comes out is checked by whoever asked, never believed. Cost: a factorization of H a step.

use super::products::newton_direction;
use super::{Oracle, Proximal};
use crate::math::vector::{axpy, dot, is_finite, norm};
use crate::math::{Factorization, Matrix};

/// Proximal gradient steps at most, before the support is taken as found.
const MOST_FIRST_STEPS: usize = 1000;

/// Steps for which the support has stayed, after which it is taken as found.
const SETTLED: usize = 30;

/// Steps on supports at most, besides ten for each entry of θ.
const MOST_STEPS: usize = 200;

/// A Newton step shorter than this share of `‖θ‖` is rounding.
const ROUNDING: f64 = 4.0 * f64::EPSILON;

/// How steps on a support are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum By {
    /// From H, factorized.
    Factorization,
    /// From products with H, where θ is long.
    Products,
}

/// θ*(λ), or as near to it as the search came; 0 where no curvature bound is known.
pub(super) fn search(oracle: Oracle, proximal: &dyn Proximal, lambda: &[f64], by: By) -> Vec<f64> {
    let problem = oracle.problem();
    let size = problem.dimensions().inner;
    let Some(bound) = problem.curvature_bound(lambda).filter(|bound| bound.is_finite() && *bound > 0.0) else {
        return vec![0.0; size];
    };
    let theta = vec![0.0; size];
    let mut search = Search { oracle, proximal, lambda, bound, theta, by };
    search.find_support();
    for _ in 0..MOST_STEPS + 10 * size {
        if !search.improve() {
            break;
        }
    }
    search.theta
}

struct Search<'a> {
    oracle: Oracle,
    proximal: &'a dyn Proximal,
    lambda: &'a [f64],
    bound: f64,
    theta: Vec<f64>,
    by: By,
}

impl Search<'_> {
    /// FISTA until the support stays.
    fn find_support(&mut self) {
        let mut next = self.theta.clone();
        let mut slope = next.clone();
        let mut ahead = next.clone();
        let (mut momentum, mut same) = (1.0f64, 0);
        for _ in 0..MOST_FIRST_STEPS {
            self.oracle.move_to(self.lambda, &ahead);
            self.oracle.smooth_gradient(&mut slope);
            next.copy_from_slice(&ahead);
            axpy(-1.0 / self.bound, &slope, &mut next);
            self.proximal.prox(self.lambda, 1.0 / self.bound, &mut next);
            if !is_finite(&next) {
                return;
            }
            let is_uphill =
                next.iter().zip(&ahead).zip(&self.theta).map(|((x, y), old)| (y - x) * (x - old)).sum::<f64>() > 0.0;
            let after = if is_uphill { 1.0 } else { 0.5 * (1.0 + (1.0 + 4.0 * momentum * momentum).sqrt()) };
            let share = if is_uphill { 0.0 } else { (momentum - 1.0) / after };
            momentum = after;
            for ((ahead, x), old) in ahead.iter_mut().zip(&next).zip(&self.theta) {
                *ahead = x + share * (x - old);
            }
            let is_same = next.iter().zip(&self.theta).all(|(x, old)| signum(*x) == signum(*old));
            self.theta.copy_from_slice(&next);
            same = if is_same { same + 1 } else { 0 };
            if same == SETTLED {
                return;
            }
        }
    }

    /// One step on the support, or to a larger one; false where there is nothing left to do.
    fn improve(&mut self) -> bool {
        self.oracle.move_to(self.lambda, &self.theta);
        let mut gradient = vec![0.0; self.theta.len()];
        self.oracle.inner_gradient(&mut gradient);
        if !is_finite(&gradient) {
            return false;
        }
        let mut along = gradient.clone();
        self.proximal.restrict(&self.theta, &mut along);
        let is_moved = self.newton_direction(&along).is_some_and(|direction| {
            norm(&direction) > ROUNDING * norm(&self.theta) && self.descend(&direction, &along)
        });
        is_moved || self.enter(&gradient)
    }

    /// `−H⁻¹` times the gradient on the support; a multiple of the identity is added where H is singular to rounding.
    fn newton_direction(&mut self, gradient: &[f64]) -> Option<Vec<f64>> {
        if self.by == By::Products {
            return newton_direction(&mut self.oracle, gradient);
        }
        let hessian = self.oracle.hessian();
        let factorization = factorized(&hessian)?;
        let mut direction = factorization.solve(gradient);
        self.proximal.restrict(&self.theta, &mut direction);
        direction.iter_mut().for_each(|x| *x = -*x);
        is_finite(&direction).then_some(direction)
    }

    /// Goes along a direction on the support: to the best of the kinks that it crosses and of its end, or to where a
    /// part of it leads downhill. False where none of them does.
    fn descend(&mut self, direction: &[f64], gradient: &[f64]) -> bool {
        let start = self.theta.clone();
        let before = self.oracle.inner_value();
        let mut best = (before, start.clone());
        let mut lengths = crossings(&start, direction);
        lengths.push(1.0);
        for &length in &lengths {
            let theta = moved(&start, direction, length);
            let value = self.value(&theta);
            // Along a line g is convex: beyond the first rise, or the first NaN, there is no better place.
            let is_better = value < best.0;
            if !is_better {
                break;
            }
            best = (value, theta);
        }
        if best.0 < before {
            self.theta = best.1;
            return true;
        }
        let slope = -dot(gradient, direction);
        if slope > 1e-10 * before.abs() {
            let mut length = 0.5 * lengths[0];
            while length > 1e-12 {
                let theta = moved(&start, direction, length);
                if self.value(&theta) < before {
                    self.theta = theta;
                    return true;
                }
                length *= 0.5;
            }
            return false;
        }
        // Values no longer tell: the gradient does, if the step crosses nothing.
        lengths.len() == 1 && self.shrink_gradient(&start, direction, norm(gradient))
    }

    /// Takes the whole step if that leaves less of the gradient on the support.
    fn shrink_gradient(&mut self, start: &[f64], direction: &[f64], before: f64) -> bool {
        let theta = moved(start, direction, 1.0);
        self.oracle.move_to(self.lambda, &theta);
        let mut gradient = vec![0.0; theta.len()];
        self.oracle.inner_gradient(&mut gradient);
        self.proximal.restrict(&theta, &mut gradient);
        let shrinks = norm(&gradient) < 0.5 * before;
        if shrinks {
            self.theta = theta;
        }
        shrinks
    }

    /// A proximal step of the one entry off the support whose subgradient is longest.
    fn enter(&mut self, gradient: &[f64]) -> bool {
        let mut off = gradient.to_vec();
        let mut on = gradient.to_vec();
        self.proximal.restrict(&self.theta, &mut on);
        axpy(-1.0, &on, &mut off);
        let longest = (0..off.len()).max_by(|a, b| off[*a].abs().total_cmp(&off[*b].abs()));
        match longest {
            Some(place) if off[place] != 0.0 => {
                self.theta[place] -= off[place] / self.bound;
                true
            }
            _ => false,
        }
    }

    fn value(&mut self, theta: &[f64]) -> f64 {
        self.oracle.move_to(self.lambda, theta);
        self.oracle.inner_value()
    }
}

/// H, with a little on its diagonal where it is not positive definite.
fn factorized(hessian: &Matrix) -> Option<Factorization> {
    let factorization = Factorization::symmetric(hessian)?;
    if factorization.is_positive_definite() {
        return Some(factorization);
    }
    let mut damped = hessian.clone();
    let mean = hessian.diagonal().iter().map(|entry| entry.abs()).sum::<f64>() / hessian.rows() as f64;
    damped.add_to_diagonal(1e-9 * mean);
    Factorization::symmetric(&damped).filter(Factorization::is_positive_definite)
}

/// The lengths in (0, 1) at which an entry of θ is zero, in order.
fn crossings(theta: &[f64], direction: &[f64]) -> Vec<f64> {
    let lengths = theta.iter().zip(direction).filter(|(x, d)| **x * **d < 0.0).map(|(x, d)| -x / d);
    let mut lengths: Vec<f64> = lengths.filter(|length| *length < 1.0).collect();
    lengths.sort_by(f64::total_cmp);
    lengths
}

/// `θ + length · direction`, with exact zeros on the kinks that it ends on.
fn moved(theta: &[f64], direction: &[f64], length: f64) -> Vec<f64> {
    let at = |(x, d): (&f64, &f64)| if *x * *d < 0.0 && -x / d == length { 0.0 } else { x + length * d };
    theta.iter().zip(direction).map(at).collect()
}

/// −1, 0 or 1.
fn signum(x: f64) -> f64 {
    if x == 0.0 { 0.0 } else { x.signum() }
}
