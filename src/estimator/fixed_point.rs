//! The implicit formula with v from k + 1 steps of `v ← (I − ηH)v + η∇_θ f`.
//!
//! From v = 0 this is the Neumann sum with k products; from the v of the last accepted estimate it
//! keeps improving one solution over the outer steps. Source: Grazzi et al. 2020, section 3. Cost:
//! k Hessian-vector products from zero, k + 1 when warm. Diverges for η > 2/L.

use super::neumann::{ITERATIONS, solve};
use super::own_step::{OF_SERIES, OwnStep};
use super::{Beside, Entry, Estimate, Estimator, Family, Order, Point, Reach, implicit};
use crate::catalog::{Card, Kind, Knob, Knobs};
use crate::draw::PerStep;
use crate::problem::Requirement;

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "fixed-point",
        name: "Implicit, fixed point",
        source: "Grazzi et al. 2020, section 3",
        equation: "ĥ = ∇_λ f − Jᵀ v,  v ← (I − η_t H)v + η_t ∇_θ f  (k + 1 times)",
        summary: "Solves the linear system behind the hypergradient by small steps that go on where the last outer \
                  step stopped. Gradient descent on the linear system, carried over from one outer step to the \
                  next.",
        cost: "k Hessian-vector products (one more when warm), 1 cross product, 1 outer gradient",
        fails: "Slow when H is ill-conditioned; lags when λ moves fast; diverges for η > 2/L.",
        knobs: &[
            ITERATIONS,
            OF_SERIES[0],
            OF_SERIES[1],
            OF_SERIES[2],
            Knob {
                key: "warm_start",
                help: "Start from the v of the last accepted estimate instead of zero.",
                kind: Kind::Toggle { default: true },
            },
        ],
    },
    order: Order::Biased,
    family: Family::Implicit,
    build: |knobs| Box::new(FixedPoint::new(knobs)),
};

#[derive(Clone)]
pub(super) struct FixedPoint {
    /// k + 1.
    steps: usize,
    step: OwnStep,
    is_warm: bool,
    goes_on: bool,
    last: Option<Vec<f64>>,
}

impl FixedPoint {
    fn new(knobs: &Knobs) -> Self {
        Self {
            steps: knobs.count("iterations") + 1,
            step: OwnStep::of_series(knobs),
            is_warm: knobs.toggle("warm_start"),
            goes_on: false,
            last: None,
        }
    }

    /// So many steps on a v that is carried over, beside a θ that is.
    pub(super) fn carried(steps: usize, step: OwnStep) -> Self {
        Self { steps, step, is_warm: true, goes_on: true, last: None }
    }
}

impl Estimator for FixedPoint {
    fn effort(&self) -> &'static [&'static str] {
        &["iterations"]
    }

    fn reach(&self) -> Reach {
        if self.is_warm { Reach::OuterSteps } else { Reach::Point }
    }

    fn requires(&self) -> &'static [Requirement] {
        self.step.requires()
    }

    fn goes_on(&self) -> bool {
        self.goes_on
    }

    fn beside(&self, theta: Option<f64>, outer: usize) -> Vec<Beside> {
        if self.goes_on { self.step.of_system(theta, outer) } else { Vec::new() }
    }

    fn lists(&self, inner_steps: usize) -> PerStep {
        implicit::lists(inner_steps, self.steps - usize::from(!self.is_warm))
    }

    fn estimate(&self, at: &mut Point<'_>) -> Estimate {
        let size = at.oracle.inner_dimension();
        let start = self.last.as_deref().filter(|last| last.len() == size);
        // The first of the k + 1 steps is free from zero, where Hv = 0.
        let products = self.steps - usize::from(start.is_none());
        // So that lists of rows are the same from the first outer step on, the free product has its list too.
        let first = usize::from(self.is_warm && start.is_none());
        implicit::estimate(at, 2 * size, |at, b| solve(at, b, (start, first), &self.step, products))
    }

    fn accept(&mut self, estimate: &Estimate) {
        if self.is_warm {
            self.last = implicit::warm_start(estimate);
        }
    }

    fn bytes(&self) -> usize {
        self.last.as_ref().map_or(0, |last| size_of_val(&**last))
    }

    fn clone_box(&self) -> Box<dyn Estimator> {
        Box::new(self.clone())
    }
}
