//! Dynamics over the batches of a run: every step, and every derivative of one, sees the batch of its clock.

use super::{Dynamics, Tangents};
use crate::draw::{Clock, Draw, Draws};
use crate::problem::Oracle;

/// Dynamics and the batches they run over.
#[derive(Clone)]
pub struct Motion {
    dynamics: Box<dyn Dynamics>,
    draws: Draws,
    rows: Vec<usize>,
}

impl Motion {
    /// Such dynamics over such batches.
    #[must_use]
    pub fn new(dynamics: Box<dyn Dynamics>, draws: Draws) -> Self {
        Self { dynamics, draws, rows: Vec::new() }
    }

    /// The same with the outer objective over all validation rows.
    #[must_use]
    pub fn over_all_validation(self) -> Self {
        Self { draws: self.draws.over_all_validation(), ..self }
    }

    /// The dynamics.
    #[must_use]
    pub fn dynamics(&self) -> &dyn Dynamics {
        &*self.dynamics
    }

    /// The batches.
    #[must_use]
    pub fn draws(&self) -> &Draws {
        &self.draws
    }

    /// As [`Dynamics::begin`], over all rows.
    pub fn begin(&mut self, oracle: &mut Oracle, clock: Clock, lambda: &[f64], steps: usize) {
        oracle.use_all_rows();
        self.dynamics.begin(oracle, clock, lambda, steps);
    }

    /// As [`Dynamics::step`], over the batch of this inner step.
    pub fn step(&mut self, oracle: &mut Oracle, clock: Clock, lambda: &[f64], state: &[f64], next: &mut [f64]) {
        self.draw(oracle, clock, Draw::Inner, clock.inner);
        self.dynamics.step(oracle, clock, lambda, state, next);
    }

    /// As [`Dynamics::jvp`], over the batch that this inner step saw.
    #[allow(clippy::too_many_arguments)]
    pub fn jvp(
        &mut self,
        oracle: &mut Oracle,
        clock: Clock,
        lambda: &[f64],
        state: &[f64],
        state_tangent: &[f64],
        lambda_tangent: &[f64],
        out: &mut [f64],
    ) {
        self.draw(oracle, clock, Draw::Inner, clock.inner);
        self.dynamics.jvp(oracle, clock, lambda, state, state_tangent, lambda_tangent, out);
    }

    /// As [`Dynamics::jvps`], over the batch that this inner step saw.
    pub fn jvps(&mut self, oracle: &mut Oracle, clock: Clock, lambda: &[f64], state: &[f64], tangents: &mut Tangents) {
        self.draw(oracle, clock, Draw::Inner, clock.inner);
        self.dynamics.jvps(oracle, clock, lambda, state, tangents);
    }

    /// As [`Dynamics::vjp`], over the batch that this inner step saw.
    #[allow(clippy::too_many_arguments)]
    pub fn vjp(
        &mut self,
        oracle: &mut Oracle,
        clock: Clock,
        lambda: &[f64],
        state: &[f64],
        cotangent: &[f64],
        state_out: &mut [f64],
        lambda_out: &mut [f64],
    ) {
        self.draw(oracle, clock, Draw::Inner, clock.inner);
        self.dynamics.vjp(oracle, clock, lambda, state, cotangent, state_out, lambda_out);
    }

    /// Puts the oracle at this moment, on list number `index` of a purpose at this outer step: training rows, or validation rows for
    /// [`Draw::Outer`]. The rows of the other level stay.
    pub fn draw(&mut self, oracle: &mut Oracle, clock: Clock, what: Draw, index: usize) {
        oracle.enter(clock);
        let sizes = oracle.problem().dimensions();
        let of = if what == Draw::Outer { sizes.validation } else { sizes.training };
        let is_batch = self.draws.rows(clock, what, index, of, &mut self.rows);
        let rows = is_batch.then_some(&*self.rows);
        if what == Draw::Outer { oracle.use_validation_rows(rows) } else { oracle.use_training_rows(rows) }
    }
}
