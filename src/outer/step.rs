//! The step size that all rules share.

use crate::catalog::{FALL_AFTER, FALL_POWER, Falling, Kind, Knob, Knobs, Scale};

/// Its first value.
pub(super) const STEP: Knob = Knob {
    key: "step",
    help: "Outer step size, in units of λ per unit of hypergradient (Adam and normalized steps: λ per step).",
    kind: Kind::Real { default: 0.1, range: (0.0, 1e6), scale: Scale::Logarithmic },
};

/// By what it falls.
pub(super) const FALL: [Knob; 2] = [FALL_POWER, FALL_AFTER];

/// A step size, and the steps taken with it.
#[derive(Clone)]
pub(super) struct Step {
    first: f64,
    falling: Falling,
    taken: usize,
}

impl Step {
    /// From the knobs [`STEP`] and [`FALL`].
    pub(super) fn of(knobs: &Knobs) -> Self {
        Self { first: knobs.real(STEP.key), falling: Falling::of(knobs), taken: 0 }
    }

    /// The size of the step that is taken now.
    pub(super) fn next(&mut self) -> f64 {
        self.taken += 1;
        self.falling.at(self.first, self.taken - 1)
    }

    /// The size of the step that comes next.
    pub(super) fn now(&self) -> f64 {
        self.falling.at(self.first, self.taken)
    }

    /// Other values of the knobs; the steps taken stay counted.
    pub(super) fn turn(&mut self, knobs: &Knobs) {
        *self = Self { taken: self.taken, ..Self::of(knobs) };
    }
}
