//! What an estimator may cost and how wrong it may be.

use serde::Serialize;

use crate::catalog::{Kind, Knob, Knobs};

/// Limits of an outer step; nothing where none is set.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct Limits {
    /// Oracle calls.
    pub calls: Option<f64>,
    /// Bytes held beyond θ and λ.
    pub memory: Option<f64>,
    /// Relative error, of the median.
    pub error: Option<f64>,
}

/// The knob of [`Limits::calls`].
pub(super) const CALLS: Knob = Knob {
    key: "calls",
    help: "Oracle calls that an outer step may take, inner run included; Auto sets no limit.",
    kind: Kind::Automatic { range: (1.0, 1e12) },
};

/// The knob of [`Limits::memory`].
pub(super) const MEMORY: Knob = Knob {
    key: "memory",
    help: "Bytes that an estimator may hold beyond θ and λ; Auto sets no limit.",
    kind: Kind::Automatic { range: (1.0, 1e15) },
};

/// The knob of [`Limits::error`].
pub(super) const ERROR: Knob = Knob {
    key: "error",
    help: "Relative error ‖ĥ − ∇F‖/‖∇F‖ that is small enough, in the median; Auto asks for the least within the other limits, \
           and for 1 % where there are none.",
    kind: Kind::Automatic { range: (1e-15, 1e6) },
};

/// What is small enough where nothing is said at all.
const SMALL: f64 = 0.01;

impl Limits {
    /// As the probe's knobs say.
    #[must_use]
    pub fn of(knobs: &Knobs) -> Self {
        let [calls, memory, error] = [CALLS, MEMORY, ERROR].map(|knob| knobs.automatic(knob.key));
        Self { calls, memory, error }
    }

    /// The error that is asked for; nothing where the least is.
    #[must_use]
    pub fn target(&self) -> Option<f64> {
        let is_free = self.calls.is_none() && self.memory.is_none();
        self.error.or(is_free.then_some(SMALL))
    }
}
