//! The step size of what an estimator moves itself beside θ: v of single loops, y of first-order methods.

use crate::catalog::{FALL_AFTER, FALL_POWER, Falling, Kind, Knob, Knobs};
use crate::draw::Clock;
use crate::inner::Motion;
use crate::problem::{Oracle, Problem};

/// The knob of such a step.
pub(super) const fn knob(help: &'static str) -> Knob {
    Knob { key: "step", help, kind: Kind::Automatic { range: (1e-8, 1e4) } }
}

/// The knob of the step of v, with those by which it falls.
pub(super) const OF_ADJOINT: [Knob; 3] =
    [knob("Step ρ of v; Auto is the step of θ, falling with it, or 1/L where θ has none."), FALL_POWER, FALL_AFTER];

/// A step that falls by itself, or goes with that of θ.
#[derive(Clone, Default)]
pub(super) struct OwnStep {
    first: Option<f64>,
    falling: Falling,
    /// 1/L at the λ of this inner run, once it was asked for.
    bound: Option<f64>,
}

impl OwnStep {
    /// From the knobs `step`, [`FALL_POWER`] and [`FALL_AFTER`].
    pub(super) fn of(knobs: &Knobs) -> Self {
        Self { first: knobs.automatic("step"), falling: Falling::of(knobs), bound: None }
    }

    /// Whether it was left to what is known of the run.
    pub(super) fn is_automatic(&self) -> bool {
        self.first.is_none()
    }

    /// An inner run begins at another λ.
    pub(super) fn begin(&mut self) {
        self.bound = None;
    }

    /// The step at the λ where the oracle stands; NaN where it is automatic and nothing is known to take it from.
    pub(super) fn at(&mut self, oracle: &Oracle, motion: &Motion, clock: Clock) -> f64 {
        match self.first {
            Some(first) => self.falling.at(first, clock.outer),
            None => motion.dynamics().step_size().unwrap_or_else(|| {
                *self.bound.get_or_insert_with(|| inverse_bound(&**oracle.problem(), oracle.lambda()))
            }),
        }
    }

    /// The step of a series at λ, which does not go with that of θ: 1/L where it is automatic.
    pub(super) fn of_series(&mut self, problem: &dyn Problem, lambda: &[f64], clock: Clock) -> f64 {
        let first = self.first.unwrap_or_else(|| *self.bound.get_or_insert_with(|| inverse_bound(problem, lambda)));
        self.falling.at(first, clock.outer)
    }
}

/// 1/L at λ; NaN where no L is known.
pub(super) fn inverse_bound(problem: &dyn Problem, lambda: &[f64]) -> f64 {
    problem.curvature_bound(lambda).map_or(f64::NAN, |bound| 1.0 / bound)
}
