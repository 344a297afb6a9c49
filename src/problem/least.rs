//! The least value of F, for what is held against it: the closed form where there is one, and else a descent on F itself along
//! exact hypergradients.
//!
//! `F(λ) = f(λ, θ*(λ))` and ∇F come from [`Truth`]. Limited-memory BFGS (Nocedal and Wright 2006, algorithm 7.5) on the entries of λ
//! that no bound holds back, with steps that are halved until F falls (Armijo). It ends where what a step can still gain,
//! `½ ∇Fᵀ B ∇F` with B the approximation of the inverse Hessian, is below the rounding of F: what lies between F there and its least
//! value nearby cannot be seen. Where F is known to be convex that is its minimum, and elsewhere the least that was found.

use std::collections::VecDeque;
use std::sync::Arc;

use super::{Blocks, Problem, Stop, Truth};
use crate::math::vector::{axpy, dot, is_finite, norm};

/// The least value of F that is known.
#[derive(Debug, Clone, PartialEq)]
pub struct Least {
    /// Where it is.
    pub lambda: Vec<f64>,
    /// F there.
    pub value: f64,
    /// How far that may be off by rounding.
    pub floor: f64,
    /// `‖∇F‖` there, of entries that no bound holds back.
    pub gradient_norm: f64,
    /// Exact inner solutions that it took; none for a closed form.
    pub solved: usize,
    /// Whether no λ has a smaller F: F is convex, or its minimum is known in closed form.
    pub is_global: bool,
}

/// Exact inner solutions that a descent may take.
pub const MOST_SOLVED: usize = 150;

/// Pairs of steps and changes of the gradient that are kept: beyond the dimension of λ of most problems, where BFGS is exact
/// on a quadratic F.
const KEPT: usize = 40;

/// λ as far as outer rules take it where a scenario says nothing.
const BOUND: f64 = 30.0;

/// A step goes no further than this times the largest entry of λ, or than this.
const REACH: f64 = 4.0;

/// Steps that may leave ∇F as it is once nothing can be gained in F.
const PATIENCE: usize = 5;

/// Of the decrease that the slope promises, a step has to bring so much.
const ARMIJO: f64 = 1e-4;

impl Least {
    /// The least value of F that a descent from λ reaches.
    ///
    /// # Errors
    /// Why none was found: no exact answer on the way, or no end.
    pub fn from(problem: &Arc<dyn Problem>, lambda: &[f64], stop: &Stop) -> Result<Self, String> {
        if let Some(minimum) = problem.minimum() {
            let truth = Truth::until(problem, &minimum.lambda, stop);
            let value = minimum.value;
            let gradient_norm = norm(&truth.hypergradient);
            let (lambda, floor) = (minimum.lambda.clone(), truth.value_floor);
            return Ok(Self { lambda, value, floor, gradient_norm, solved: 0, is_global: true });
        }
        Descent::new(problem, stop).from(lambda)
    }
}

/// F and ∇F at a λ.
struct Place {
    lambda: Vec<f64>,
    value: f64,
    floor: f64,
    gradient: Vec<f64>,
    gradient_floor: f64,
}

/// A step and the change of the gradient along it.
struct Pair {
    step: Vec<f64>,
    change: Vec<f64>,
}

struct Descent<'a> {
    problem: &'a Arc<dyn Problem>,
    stop: &'a Stop,
    bounds: Vec<(f64, f64)>,
    pairs: VecDeque<Pair>,
    solved: usize,
}

impl<'a> Descent<'a> {
    fn new(problem: &'a Arc<dyn Problem>, stop: &'a Stop) -> Self {
        let blocks = Blocks::new(problem.blocks());
        let bounds = blocks.bounds().map(|(low, high)| (low.max(-BOUND), high.min(BOUND))).collect();
        Self { problem, stop, bounds, pairs: VecDeque::new(), solved: 0 }
    }

    fn from(mut self, lambda: &[f64]) -> Result<Least, String> {
        let start = self.within(lambda.to_vec());
        let mut here = self.at(start).map_err(|doubt| format!("at λ₀ {doubt}"))?;
        let mut stalled = 0;
        loop {
            let slope = self.free(&here, &here.gradient);
            let direction = self.direction(&here, &slope);
            // Before anything is known of the curvature it says nothing of what is to be gained.
            let gain = if self.pairs.is_empty() { f64::INFINITY } else { -0.5 * dot(&direction, &slope) };
            let (length, is_level) = (norm(&slope), gain <= here.floor);
            if length <= here.gradient_floor {
                return Ok(self.end(here, length));
            }
            let next = match self.step(&here, &slope, &direction) {
                Some(next) => next,
                None if is_level => return Ok(self.end(here, length)),
                None => return Err(self.lost(length)),
            };
            // Where F cannot be told from its least value any more, ∇F may still fall.
            let is_flatter = norm(&self.free(&next, &next.gradient)) <= 0.5 * length;
            stalled = if is_level && !is_flatter { stalled + 1 } else { 0 };
            if stalled > PATIENCE {
                return Ok(self.end(here, length));
            }
            self.learn(&here, &next);
            here = next;
        }
    }

    fn end(&self, here: Place, gradient_norm: f64) -> Least {
        let Place { lambda, value, floor, .. } = here;
        let is_global = self.problem.value_is_convex();
        Least { lambda, value, floor, gradient_norm, solved: self.solved, is_global }
    }

    fn lost(&self, length: f64) -> String {
        format!(
            "a descent on F from λ₀ found no minimum: ‖∇F‖ stays at {length:.1e} after {} exact solutions",
            self.solved
        )
    }

    fn within(&self, mut lambda: Vec<f64>) -> Vec<f64> {
        lambda.iter_mut().zip(&self.bounds).for_each(|(x, (low, high))| *x = x.clamp(*low, *high));
        lambda
    }

    fn at(&mut self, lambda: Vec<f64>) -> Result<Place, String> {
        self.solved += 1;
        let truth = Truth::until(self.problem, &lambda, self.stop);
        if let Some(doubt) = truth.doubt {
            return Err(format!("there is no exact ∇F: {doubt}"));
        }
        let Truth { value, value_floor: floor, hypergradient: gradient, floor: gradient_floor, .. } = truth;
        if !value.is_finite() || !is_finite(&gradient) {
            return Err("F is not finite".to_owned());
        }
        Ok(Place { lambda, value, floor, gradient, gradient_floor })
    }

    /// `v` without the entries that a bound holds back from going downhill.
    fn free(&self, here: &Place, v: &[f64]) -> Vec<f64> {
        let entries = v.iter().zip(&here.lambda).zip(&here.gradient).zip(&self.bounds);
        let is_held =
            |x: f64, slope: f64, (low, high): (f64, f64)| (x <= low && slope > 0.0) || (x >= high && slope < 0.0);
        entries.map(|(((v, x), slope), bounds)| if is_held(*x, *slope, *bounds) { 0.0 } else { *v }).collect()
    }

    /// −B∇F, along entries that are free.
    fn direction(&self, here: &Place, slope: &[f64]) -> Vec<f64> {
        let mut q = slope.to_vec();
        let weights: Vec<f64> = self.pairs.iter().map(|pair| 1.0 / dot(&pair.step, &pair.change)).collect();
        let mut taken = vec![0.0; self.pairs.len()];
        for (place, pair) in self.pairs.iter().enumerate().rev() {
            taken[place] = weights[place] * dot(&pair.step, &q);
            axpy(-taken[place], &pair.change, &mut q);
        }
        if let Some(last) = self.pairs.back() {
            let scale = dot(&last.step, &last.change) / dot(&last.change, &last.change);
            q.iter_mut().for_each(|q| *q *= scale);
        }
        for (place, pair) in self.pairs.iter().enumerate() {
            axpy(taken[place] - weights[place] * dot(&pair.change, &q), &pair.step, &mut q);
        }
        let downhill: Vec<f64> = self.free(here, &q).iter().map(|q| -q).collect();
        if dot(&downhill, slope) < 0.0 { downhill } else { slope.iter().map(|slope| -slope).collect() }
    }

    /// The first of ever shorter steps at which F has fallen, within its rounding; nothing where none has.
    fn step(&mut self, here: &Place, slope: &[f64], direction: &[f64]) -> Option<Place> {
        let largest = |v: &[f64]| v.iter().fold(0.0, |largest: f64, x| largest.max(x.abs()));
        let reach = REACH * largest(&here.lambda).max(1.0) / largest(direction);
        let first = if self.pairs.is_empty() { 1.0 / norm(direction) } else { 1.0 };
        let (mut share, promised) = (first.min(reach), dot(direction, slope));
        while self.solved < MOST_SOLVED && !self.stop.is_set() {
            let mut lambda = here.lambda.clone();
            axpy(share, direction, &mut lambda);
            let lambda = self.within(lambda);
            if lambda == here.lambda {
                return None;
            }
            let next = self.at(lambda).ok();
            let fits = |next: &Place| next.value <= here.value + ARMIJO * share * promised + here.floor + next.floor;
            match next {
                Some(next) if fits(&next) => return Some(next),
                _ => share *= 0.25,
            }
        }
        None
    }

    fn learn(&mut self, here: &Place, next: &Place) {
        let apart = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a - b).collect::<Vec<f64>>();
        let pair = Pair { step: apart(&next.lambda, &here.lambda), change: apart(&next.gradient, &here.gradient) };
        // Negative curvature along the step: B would not stay positive definite.
        if dot(&pair.step, &pair.change) > 1e-12 * norm(&pair.step) * norm(&pair.change) {
            self.pairs.push_back(pair);
        }
        if self.pairs.len() > KEPT {
            self.pairs.pop_front();
        }
    }
}
