//! The step size of first-order dynamics: a number or one over the curvature, falling from one outer step to the next.

use crate::catalog::{FALL_AFTER, FALL_POWER, Falling, Kind, Knob, Knobs};
use crate::draw::Clock;
use crate::problem::{Capability, Oracle, Requirement};

/// The step size.
pub(super) const STEP: Knob = Knob {
    key: "step",
    help: "Step size η; Auto is 1/L with L a bound on the curvature of g at this λ.",
    kind: Kind::Automatic { range: (1e-8, 1e4) },
};

/// What [`STEP`] asks of a problem when it is automatic.
pub(super) const STEP_AS_NUMBER: Requirement =
    Requirement::by_knob(Capability::CurvatureBound, "step", "write `step` as a number: `step: Fixed(0.1)`");

/// The number given, or `1/L(λ)`; NaN for a problem that has no L, which [`STEP_AS_NUMBER`] refuses beforehand.
pub(super) fn step_size(fixed: Option<f64>, oracle: &Oracle, lambda: &[f64]) -> f64 {
    let bound = || oracle.problem().curvature_bound(&lambda[..oracle.outer_dimension()]);
    fixed.unwrap_or_else(|| 1.0 / bound().unwrap_or(f64::NAN))
}

/// η, one number in an inner run.
#[derive(Clone)]
pub(super) struct StepSize {
    fixed: Option<f64>,
    falling: Falling,
    /// η of this inner run; NaN before the first where it is automatic.
    pub now: f64,
}

impl StepSize {
    /// Its knobs.
    pub const KNOBS: [Knob; 3] = [STEP, FALL_POWER, FALL_AFTER];

    /// From [`KNOBS`](Self::KNOBS).
    pub fn of(knobs: &Knobs) -> Self {
        let fixed = knobs.automatic(STEP.key);
        Self { fixed, falling: Falling::of(knobs), now: fixed.unwrap_or(f64::NAN) }
    }

    /// Whether it is one over the curvature.
    pub fn is_automatic(&self) -> bool {
        self.fixed.is_none()
    }

    /// Sets η for the inner run at λ.
    pub fn begin(&mut self, oracle: &Oracle, clock: Clock, lambda: &[f64]) {
        self.now = self.falling.at(step_size(self.fixed, oracle, lambda), clock.outer);
    }
}
