//! Mini-batch stochastic gradient descent: gradient descent on a fresh batch each step.
//!
//! The rows of a batch are drawn with replacement from a stream that depends on (seed, trial,
//! outer step, inner step) alone, so a derivative taken later sees the very batch the step saw.
//! Fails where the noise floor η·variance hides the hypergradient.

use rand::RngExt;

use super::gradient_descent::{STEP, STEP_AS_NUMBER, descend, descend_jvp, descend_vjp, step_size};
use super::{Clock, Dynamics, Entry};
use crate::catalog::{Card, Kind, Knob, Scale};
use crate::math::random::{Purpose, stream};
use crate::problem::{Oracle, Requirement};

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "sgd",
        name: "Mini-batch SGD",
        source: "Robbins and Monro 1951; unrolled in arXiv 2604.04090, section 2",
        equation: "θ ← θ − η ∇g_B(θ),  B drawn with replacement",
        summary: "Gradient descent on a fresh random batch of training rows at every step.",
        cost: "batch/n gradients a step",
        fails: "Does not converge at a constant step: θ hovers at a distance that grows with η.",
        knobs: &[
            STEP,
            Knob {
                key: "batch",
                help: "Rows in a batch; all problems without rows use the full objective.",
                kind: Kind::Integer { default: 16, range: (1, 100_000), scale: Scale::Logarithmic },
            },
        ],
    },
    build: |knobs| {
        let fixed = knobs.automatic("step");
        Box::new(Sgd {
            fixed,
            step: fixed.unwrap_or(f64::NAN),
            batch: knobs.count("batch"),
            rows: Vec::new(),
            scratch: Vec::new(),
            outer_scratch: Vec::new(),
        })
    },
};

#[derive(Clone)]
struct Sgd {
    fixed: Option<f64>,
    step: f64,
    batch: usize,
    rows: Vec<usize>,
    scratch: Vec<f64>,
    outer_scratch: Vec<f64>,
}

impl Sgd {
    fn move_to_batch(&mut self, oracle: &mut Oracle, clock: Clock, lambda: &[f64], state: &[f64]) {
        let rows = oracle.problem().dimensions().training;
        if rows > 0 {
            let place = [clock.trial, clock.outer as u64, clock.inner as u64];
            let mut random = stream(clock.seed, Purpose::Batch, &place);
            self.rows.clear();
            self.rows.extend((0..self.batch).map(|_| random.random_range(0..rows)));
            oracle.use_training_rows(Some(&self.rows));
        }
        oracle.move_to(lambda, state);
    }
}

impl Dynamics for Sgd {
    fn requires(&self) -> Option<Requirement> {
        self.fixed.is_none().then_some(STEP_AS_NUMBER)
    }

    fn begin(&mut self, oracle: &mut Oracle, lambda: &[f64]) {
        self.step = step_size(self.fixed, oracle, lambda);
        self.scratch.resize(oracle.inner_dimension(), 0.0);
        self.outer_scratch.resize(lambda.len(), 0.0);
    }

    fn step(&mut self, oracle: &mut Oracle, clock: Clock, lambda: &[f64], state: &[f64], next: &mut [f64]) {
        self.move_to_batch(oracle, clock, lambda, state);
        descend(oracle, self.step, state, next);
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
        self.move_to_batch(oracle, clock, lambda, state);
        descend_jvp(oracle, self.step, state_tangent, lambda_tangent, &mut self.scratch, out);
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
        self.move_to_batch(oracle, clock, lambda, state);
        descend_vjp(oracle, self.step, cotangent, &mut self.outer_scratch, state_out, lambda_out);
    }

    fn step_size(&self) -> Option<f64> {
        Some(self.step)
    }

    fn clone_box(&self) -> Box<dyn Dynamics> {
        Box::new(self.clone())
    }
}
