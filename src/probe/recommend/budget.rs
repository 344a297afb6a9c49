//! How much is measured: knobs, what is quick enough where somebody waits, and what the sizes of a problem allow.

use crate::catalog::{Kind, Knob, Scale};
use crate::problem::{Price, Problem};
use crate::scenario::Setting;

/// What a laboratory and exported charts take, where somebody waits: places, and calls an estimator.
pub(super) const QUICK: [(&str, usize); 2] = [("states", 4), ("spend", 10_000)];

/// The knob of how many places are visited.
pub(super) const STATES: Knob = Knob {
    key: "states",
    help: "Outer steps of the run at which estimates are measured, from its first to its last.",
    kind: Kind::Integer { default: 5, range: (1, 1000), scale: Scale::Logarithmic },
};

/// The knob of repetitions.
pub(super) const REPETITIONS: Knob = Knob {
    key: "repetitions",
    help: "How often each is measured with other draws, where something is drawn.",
    kind: Kind::Integer { default: 5, range: (2, 1000), scale: Scale::Logarithmic },
};

/// The knob of how far the run is followed.
pub(super) const PATH: Knob = Knob {
    key: "path",
    help: "Oracle calls for which the run is followed; it ends earlier where its plan does.",
    kind: Kind::Real { default: 4000.0, range: (1.0, 1e12), scale: Scale::Logarithmic },
};

/// The knob of what an estimator may take.
pub(super) const SPEND: Knob = Knob {
    key: "spend",
    help: "Oracle calls that every estimator may take while it is measured, its cheap settings first; fewer where rows and θ are \
           many.",
    kind: Kind::Integer { default: 50_000, range: (1, 1_000_000_000), scale: Scale::Logarithmic },
};

/// Seconds that the calls of an estimator may take, by the sizes of the problem: no clock is asked.
const SECONDS: f64 = 1.0;

/// Calls that are granted however long they take.
const LEAST_CALLS: f64 = 500.0;

/// Oracle calls that fit into these seconds. One over a batch counts as its share of the rows, and takes longer than that.
pub(super) fn afforded(problem: &dyn Problem, setting: &Setting) -> f64 {
    let rows = problem.dimensions().training;
    let taken = setting.inner.batch.size().unwrap_or(rows).min(rows);
    let share = if rows == 0 { 1.0 } else { taken as f64 / rows as f64 };
    (share * SECONDS / Price::of_call(problem, taken).seconds()).round().max(LEAST_CALLS)
}
