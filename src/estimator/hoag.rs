//! HOAG: the implicit formula with the linear system solved as far as the inner problem is, and no further.
//!
//! The inner run ends where `‖∇_θ g‖ ≤ ε_k`, so that `‖θ − θ*‖ ≤ ε_k/μ` with μ the smallest curvature of g; conjugate gradients end
//! where `‖Hv − ∇_θ f‖ ≤ ε_k`, from the v of the last outer step. Both errors of `ĥ = ∇_λ f − Jᵀv` are O(ε_k), and with ε_k whose sum is
//! finite λ converges to a stationary point of F. Source: Pedregosa 2016 (ICML), algorithm 1 and theorem 2. The paper's method is this
//! with an inner loop that has a `tolerance`, a warm start, and the outer rule `AdaptiveDescent`; each of the three serves other
//! methods as well. Cost: one Hessian-vector product an iteration, few where λ moves little. Fails where H is ill-conditioned: its
//! residual says little of v.

use super::{Entry, Estimate, Estimator, Family, Order, Point, Start, cg, implicit};
use crate::catalog::{Card, FALL_AFTER, FALL_POWER, Falling, Kind, Knob, Knobs, Scale};
use crate::draw::PerStep;
use crate::math::krylov::Limits;
use crate::math::vector::norm;

/// What is left of the residual where nobody says how far to go, relative to `∇_θ f`.
const EXACT: f64 = 1e-10;

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "hoag",
        name: "Implicit, as exact as the inner run (HOAG)",
        source: "Pedregosa 2016 (ICML), algorithm 1",
        equation: "ĥ = ∇_λ f − Jᵀ v,  ‖Hv − ∇_θ f‖ ≤ ε_k by CG from the last v,  inner run until ‖∇_θ g‖ ≤ ε_k",
        summary: "Solves the linear system behind the hypergradient only as far as training was solved. Both get more \
                  exact from one outer step to the next. Write it with a tolerance and a warm start of the inner loop, and \
                  `AdaptiveDescent` as outer rule.",
        cost: "1 Hessian-vector product an iteration, 1 cross product, 1 outer gradient",
        fails: "Tolerances whose sum is not finite may lead elsewhere; an ill-conditioned H hides errors from its residual.",
        knobs: &[
            Knob {
                key: "tolerance",
                help: "ε₀: residual that is left; Auto is the tolerance of the inner run, or 1e-10 of ∇f where it has none.",
                kind: Kind::Automatic { range: (1e-16, 1e6) },
            },
            FALL_POWER_OF_TOLERANCE,
            FALL_AFTER_OF_TOLERANCE,
            Knob {
                key: "iterations",
                help: "Largest number of iterations, one Hessian-vector product each.",
                kind: Kind::Integer { default: 1000, range: (1, 100_000), scale: Scale::Logarithmic },
            },
        ],
    },
    order: Order::One,
    family: Family::Implicit,
    build: |knobs| Box::new(Hoag::new(knobs)),
};

const FALL_POWER_OF_TOLERANCE: Knob = Knob {
    key: FALL_POWER.key,
    help: "c: a tolerance of its own is ε₀/(1 + t/b)^c at outer step t; 0 keeps it constant.",
    kind: FALL_POWER.kind,
};

const FALL_AFTER_OF_TOLERANCE: Knob = Knob {
    key: FALL_AFTER.key,
    help: "b: outer steps after which a tolerance of its own is 2^c times smaller.",
    kind: FALL_AFTER.kind,
};

#[derive(Clone)]
struct Hoag {
    own: Option<f64>,
    falling: Falling,
    iterations: usize,
    /// That of the inner run.
    of_run: Option<f64>,
    last: Option<Vec<f64>>,
}

impl Hoag {
    fn new(knobs: &Knobs) -> Self {
        Self {
            own: knobs.automatic("tolerance"),
            falling: Falling::of(knobs),
            iterations: knobs.count("iterations"),
            of_run: None,
            last: None,
        }
    }

    /// How far to solve for this b.
    fn limits(&self, outer: usize, b: &[f64]) -> Limits {
        let own = self.own.map(|first| self.falling.at(first, outer));
        let relative = |residual: f64| residual / norm(b).max(f64::MIN_POSITIVE);
        Limits { iterations: self.iterations, tolerance: own.or(self.of_run).map_or(EXACT, relative) }
    }
}

impl Estimator for Hoag {
    fn lists(&self, inner_steps: usize) -> PerStep {
        implicit::lists(inner_steps, 1)
    }

    fn begin(&mut self, start: &Start<'_>) {
        self.of_run = start.tolerance;
    }

    fn estimate(&self, at: &mut Point<'_>) -> Estimate {
        let size = at.oracle.inner_dimension();
        let start = self.last.as_deref().filter(|last| last.len() == size);
        let outer = at.clock.outer;
        implicit::estimate(at, 5 * size, |at, b| cg::solve(at.oracle, b, start, 0.0, self.limits(outer, b)))
    }

    fn accept(&mut self, estimate: &Estimate) {
        self.last = implicit::warm_start(estimate);
    }

    fn bytes(&self) -> usize {
        self.last.as_ref().map_or(0, |last| size_of_val(&**last))
    }

    fn clone_box(&self) -> Box<dyn Estimator> {
        Box::new(self.clone())
    }
}
