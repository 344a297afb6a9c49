//! The step size of what an estimator moves itself beside θ: v of the linear system, y of first-order methods.

use super::beside::{Beside, Down};
use crate::catalog::{FALL_AFTER, FALL_POWER, Falling, Kind, Knob, Knobs};
use crate::draw::Clock;
use crate::inner::Motion;
use crate::problem::{Capability, Problem, Requirement};

/// The knob of such a step.
pub(super) const fn knob(help: &'static str) -> Knob {
    Knob { key: "step", help, kind: Kind::Automatic { range: (1e-8, 1e4) } }
}

/// The knob of the step of v that is carried over, with those by which it falls.
pub(super) const OF_ADJOINT: [Knob; 3] =
    [knob("Step ρ of v; Auto is the step of θ, falling with it, or 1/L where θ has none."), FALL_POWER, FALL_AFTER];

/// The knob of the step of a series that begins anew, with those by which it falls.
pub(super) const OF_SERIES: [Knob; 3] =
    [knob("Step η of the series; Auto is 1/L with L a bound on the curvature of g at this λ."), FALL_POWER, FALL_AFTER];

/// What [`OF_SERIES`] asks of a problem when it is automatic.
pub(super) const AS_NUMBER: Requirement =
    Requirement::by_knob(Capability::CurvatureBound, "step", "write `step` as a number: `step: Fixed(0.1)`");

/// A step `a/(1 + t/b)^c` of outer step t. Where a is left to what is known of the run, it goes with the step of θ or is
/// 1/L, falling alike.
#[derive(Clone, Default)]
pub(super) struct OwnStep {
    first: Option<f64>,
    falling: Falling,
    follows: bool,
    /// 1/L at the λ of this inner run, once it was asked for.
    bound: Option<f64>,
}

impl OwnStep {
    /// From [`OF_ADJOINT`], or a [`knob`] with [`FALL_POWER`] and [`FALL_AFTER`]: Auto goes with the step of θ.
    pub(super) fn of(knobs: &Knobs) -> Self {
        Self { first: knobs.automatic("step"), falling: Falling::of(knobs), follows: true, bound: None }
    }

    /// From [`OF_SERIES`]: Auto is 1/L.
    pub(super) fn of_series(knobs: &Knobs) -> Self {
        Self { follows: false, ..Self::of(knobs) }
    }

    /// What it asks of a problem. One that goes with the step of θ asks what that does.
    pub(super) fn requires(&self) -> &'static [Requirement] {
        if self.first.is_none() && !self.follows { &[AS_NUMBER] } else { &[] }
    }

    /// Whether it was left to what is known of the run.
    pub(super) fn is_automatic(&self) -> bool {
        self.first.is_none()
    }

    /// The step of an outer step, where it is a number or goes with that of θ, which has fallen already.
    pub(super) fn known(&self, theta: Option<f64>, outer: usize) -> Option<f64> {
        self.first.map(|first| self.falling.at(first, outer)).or(theta.filter(|_| self.follows))
    }

    /// v that goes on from step to step by this step.
    pub(super) fn of_system(&self, theta: Option<f64>, outer: usize) -> Vec<Beside> {
        self.known(theta, outer).map(|step| Beside { name: "v", step, down: Down::System }).into_iter().collect()
    }

    /// An inner run begins at another λ.
    pub(super) fn begin(&mut self) {
        self.bound = None;
    }

    /// The step at the λ of this inner run; NaN where it is automatic and nothing is known to take it from.
    pub(super) fn at(&mut self, problem: &dyn Problem, lambda: &[f64], motion: &Motion, clock: Clock) -> f64 {
        let mut bound = self.bound;
        let step = self.once(motion, clock, || *bound.get_or_insert_with(|| inverse_bound(problem, lambda)));
        self.bound = bound;
        step
    }

    /// The same from 1/L, which is asked for where nothing else gives the step.
    pub(super) fn once(&self, motion: &Motion, clock: Clock, inverse_bound: impl FnOnce() -> f64) -> f64 {
        let followed = motion.dynamics().step_size().filter(|_| self.follows);
        match (self.first, followed) {
            (Some(first), _) => self.falling.at(first, clock.outer),
            // It has fallen already.
            (None, Some(step)) => step,
            (None, None) => self.falling.at(inverse_bound(), clock.outer),
        }
    }
}

/// 1/L at λ; NaN where no L is known.
pub(super) fn inverse_bound(problem: &dyn Problem, lambda: &[f64]) -> f64 {
    problem.curvature_bound(&lambda[..problem.dimensions().outer]).map_or(f64::NAN, |bound| 1.0 / bound)
}
