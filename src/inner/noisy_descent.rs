//! Stochastic descent on a quadratic without a draw: θ_i stands for the root mean square `√E θ_i²` of its iterates.
//!
//! With `g = ½ Σ h_i θ_i²` and gradients `h_i θ_i` plus noise of mean zero and variance c_i, iterates of mean square a go to `a ← (1 − αh)² a + α² c`, in closed
//! form. Written in the root mean square r = √a that is `r' = √(m² + α² c)` with `m = r − α ∇g(r)`, and f(r) = ½ Σ h_i a_i is the expected loss, so that
//! everything that knows of θ alone (estimators, short horizons, learned schedules) has here an answer without sampling. `∂r' = (m/r') ∂m + (α c/r') ∂α`. The
//! variance is `noise · h_i`: labels of a model in the right place have noise of that shape. Wu, Ren, Liao, Grosse 2018, section 2; Schaul, Zhang, LeCun 2013.
//! Asks for a diagonal H and a g that is least at 0, where it is exact. Learning rates are learned in windows, as those of `Schedule` are. Cost: a gradient a
//! step, a product with H a derivative. Fails beyond `α < 2/h`, where mean squares grow.

use std::ops::Range;

use super::schedule::{LEARNED, rates, window};
use super::step::{STEP, STEP_AS_NUMBER, step_size};
use super::{Columns, Dynamics, Entry, Tangents};
use crate::catalog::{Card, Kind, Knob, Knobs, Scale};
use crate::draw::Clock;
use crate::problem::{Block, Capability, Oracle, Requirement};

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "noisy-descent",
        name: "Descent under noise, in closed form",
        source: "Wu, Ren, Liao, Grosse 2018, section 2",
        equation: "θ_i ← √((1 − α_j h_i)² θ_i² + α_j² c_i),  θ_i = √E θ_i²,  c_i = noise · h_i",
        summary: "What stochastic descent does to a quadratic on average, without a single draw. θ holds the root mean square of every \
                  coordinate, and its learning rates are learned in windows of the run.",
        cost: "1 gradient a step",
        fails: "Knows of no covariance between coordinates; mean squares grow where α is beyond 2/h.",
        knobs: &[
            super::schedule::RATES,
            LEARNED,
            STEP,
            Knob {
                key: "noise",
                help: "The variance of the gradient's noise over the curvature, coordinate by coordinate.",
                kind: Kind::Real { default: 1.0, range: (0.0, 1e6), scale: Scale::Logarithmic },
            },
        ],
    },
    build: |knobs| Box::new(NoisyDescent::new(knobs)),
};

const DIAGONAL: Requirement = Requirement::always(Capability::DiagonalQuadratic);

#[derive(Clone)]
struct NoisyDescent {
    first_step: Option<f64>,
    is_logarithmic: bool,
    windows: usize,
    noise: f64,
    steps: usize,
    /// c.
    variances: Vec<f64>,
    /// ∇g, then m.
    gradient: Vec<f64>,
    moved: Vec<f64>,
    scratch: Vec<f64>,
    outer_scratch: Vec<f64>,
}

/// α of a step: its entry of λ, its value, and its derivative by that entry.
struct Rate {
    place: usize,
    value: f64,
    slope: f64,
}

impl NoisyDescent {
    fn new(knobs: &Knobs) -> Self {
        Self {
            first_step: knobs.automatic(STEP.key),
            is_logarithmic: knobs.choice(LEARNED.key) == "Logarithm",
            windows: knobs.count("rates").max(1),
            noise: knobs.real("noise"),
            steps: 1,
            variances: Vec::new(),
            gradient: Vec::new(),
            moved: Vec::new(),
            scratch: Vec::new(),
            outer_scratch: Vec::new(),
        }
    }

    fn rate(&self, oracle: &Oracle, clock: Clock, lambda: &[f64]) -> Rate {
        let place = oracle.outer_dimension() + super::schedule::place(self.windows, clock.inner, self.steps);
        let value = if self.is_logarithmic { lambda[place].exp() } else { lambda[place] };
        Rate { place, value, slope: if self.is_logarithmic { value } else { 1.0 } }
    }

    /// Leaves ∇g and m at a state.
    fn descend(&mut self, oracle: &mut Oracle, rate: f64, lambda: &[f64], state: &[f64]) {
        oracle.move_to(lambda, state);
        oracle.inner_gradient(&mut self.gradient);
        for ((moved, theta), gradient) in self.moved.iter_mut().zip(state).zip(&self.gradient) {
            *moved = theta - rate * gradient;
        }
    }

    /// `(r', m/r', αc/r')` of an entry; at r' = 0 nothing moves.
    fn end(&self, index: usize, rate: f64) -> (f64, f64, f64) {
        let (moved, variance) = (self.moved[index], self.variances[index]);
        let next = moved.hypot(rate * variance.sqrt());
        if next == 0.0 { (0.0, 0.0, 0.0) } else { (next, moved / next, rate * variance / next) }
    }
}

impl Dynamics for NoisyDescent {
    fn requires(&self) -> &'static [Requirement] {
        if self.first_step.is_none() { &[DIAGONAL, STEP_AS_NUMBER] } else { &[DIAGONAL] }
    }

    fn blocks(&self, oracle: &Oracle, lambda: &[f64]) -> Vec<Block> {
        vec![rates(self.windows, self.is_logarithmic, step_size(self.first_step, oracle, lambda))]
    }

    fn window(&self, own: usize) -> Range<usize> {
        window(own, self.windows, self.steps)
    }

    fn mistake(&self, steps: usize) -> Option<(&'static str, String)> {
        super::schedule::too_many("rates", self.windows, steps)
    }

    fn begin(&mut self, oracle: &mut Oracle, _: Clock, lambda: &[f64], steps: usize) {
        let size = oracle.inner_dimension();
        self.steps = steps.max(1);
        for room in [&mut self.variances, &mut self.gradient, &mut self.moved, &mut self.scratch] {
            room.resize(size, 0.0);
        }
        self.outer_scratch.resize(lambda.len(), 0.0);
        // H is diagonal and the same everywhere: its product with ones is its diagonal.
        self.scratch.fill(0.0);
        oracle.move_to(lambda, &self.scratch);
        self.scratch.fill(1.0);
        oracle.hvp(&self.scratch, &mut self.variances);
        self.variances.iter_mut().for_each(|variance| *variance *= self.noise);
    }

    fn step(&mut self, oracle: &mut Oracle, clock: Clock, lambda: &[f64], state: &[f64], next: &mut [f64]) {
        let rate = self.rate(oracle, clock, lambda).value;
        self.descend(oracle, rate, lambda, state);
        for (index, next) in next.iter_mut().enumerate() {
            *next = self.end(index, rate).0;
        }
    }

    fn jvp(
        &mut self,
        oracle: &mut Oracle,
        clock: Clock,
        lambda: &[f64],
        state: &[f64],
        state_tangent: &[f64],
        lambda_tangent: &[f64],
        out: &mut [f64],
    ) {
        let rate = self.rate(oracle, clock, lambda);
        self.descend(oracle, rate.value, lambda, state);
        let rate_tangent = rate.slope * lambda_tangent[rate.place];
        oracle.hvp(state_tangent, out);
        oracle.cross_jvp(lambda_tangent, &mut self.scratch);
        for (index, target) in out.iter_mut().enumerate() {
            let (_, by_moved, by_rate) = self.end(index, rate.value);
            let moved = state_tangent[index] - rate.value * (*target + self.scratch[index]);
            *target = by_moved * (moved - rate_tangent * self.gradient[index]) + by_rate * rate_tangent;
        }
    }

    fn jvps(&mut self, oracle: &mut Oracle, clock: Clock, lambda: &[f64], state: &[f64], tangents: &mut Tangents) {
        let rate = self.rate(oracle, clock, lambda);
        self.descend(oracle, rate.value, lambda, state);
        let columns = tangents.columns(oracle);
        let own_rate = columns.along(rate.place);
        let Columns { count, own, panel, products, .. } = columns;
        oracle.hvps(panel, count, products);
        oracle.add_cross_columns(own, count, products);
        for (index, (panel, products)) in panel.chunks_exact_mut(count).zip(products.chunks_exact(count)).enumerate() {
            let (_, by_moved, by_rate) = self.end(index, rate.value);
            for (tangent, product) in panel.iter_mut().zip(products) {
                *tangent = by_moved * (*tangent - rate.value * product);
            }
            if let Some(column) = own_rate {
                panel[column] += rate.slope * (by_rate - by_moved * self.gradient[index]);
            }
        }
    }

    fn vjp(
        &mut self,
        oracle: &mut Oracle,
        clock: Clock,
        lambda: &[f64],
        state: &[f64],
        cotangent: &[f64],
        state_out: &mut [f64],
        lambda_out: &mut [f64],
    ) {
        let rate = self.rate(oracle, clock, lambda);
        self.descend(oracle, rate.value, lambda, state);
        let mut by_rate_sum = 0.0;
        for (index, a) in cotangent.iter().enumerate() {
            let (_, by_moved, by_rate) = self.end(index, rate.value);
            self.scratch[index] = by_moved * a;
            by_rate_sum += by_rate * a - self.scratch[index] * self.gradient[index];
        }
        lambda_out[rate.place] += rate.slope * by_rate_sum;
        oracle.cross_vjp(&self.scratch, &mut self.outer_scratch);
        let own = oracle.outer_dimension();
        for (target, cross) in lambda_out.iter_mut().zip(&self.outer_scratch[..own]) {
            *target -= rate.value * cross;
        }
        oracle.hvp(&self.scratch, state_out);
        for (target, u) in state_out.iter_mut().zip(&self.scratch) {
            *target = u - rate.value * *target;
        }
    }

    /// The learning rates are outer variables; none is in use throughout.
    fn step_size(&self) -> Option<f64> {
        None
    }

    fn clone_box(&self) -> Box<dyn Dynamics> {
        Box::new(self.clone())
    }
}
