//! Central finite differences over λ of `f(λ, θ_t(λ))`, running the inner loop again for each.
//!
//! The run starts from the same state, takes the same number of steps on the same batches, and holds
//! an automatic step size at its value for the unmoved λ, as the unrolled derivatives do. Cost: 2p inner
//! runs. No derivative of anything is needed, which makes it the check of all the others; for more
//! than a few hyperparameters it is no method. Fails by cancellation for a tiny step, by curvature of
//! F for a large one: about 1e-10 of relative accuracy at best.

use super::{Entry, Estimate, Estimator, Family, Order, Point, Reach, Solver, implicit};
use crate::catalog::{Card, Kind, Knob, Scale};
use crate::draw::{Clock, Draw};

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "finite-difference",
        name: "Finite differences",
        source: "Central differences; as a hypergradient check in Franceschi et al. 2017",
        equation: "ĥ_j = [f(λ + εe_j, θ_t(λ + εe_j)) − f(λ − εe_j, θ_t(λ − εe_j))]/2ε",
        summary: "Trains again with each hyperparameter moved a little to either side, and takes the difference. \
                  The inner loop runs again from its start for every coordinate of λ, twice.",
        cost: "2p inner runs and 2p outer values",
        fails: "Cost grows with p; rounding for small ε, curvature for large ε.",
        knobs: &[Knob {
            key: "step",
            help: "ε, the displacement of λ.",
            kind: Kind::Real { default: 1e-5, range: (1e-12, 1.0), scale: Scale::Logarithmic },
        }],
    },
    order: Order::None,
    family: Family::ZerothOrder,
    build: |knobs| Box::new(FiniteDifference { step: knobs.real("step") }),
};

#[derive(Clone)]
struct FiniteDifference {
    step: f64,
}

impl Estimator for FiniteDifference {
    fn reach(&self) -> Reach {
        Reach::Point
    }

    fn estimate(&self, at: &mut Point<'_>) -> Estimate {
        let before = at.oracle.cost();
        let mut lambda = at.lambda.to_vec();
        let mut hypergradient = vec![0.0; lambda.len()];
        for j in 0..lambda.len() {
            let middle = lambda[j];
            lambda[j] = middle + self.step;
            let above = outer_value(at, &lambda);
            // What was really moved, after rounding.
            let mut width = lambda[j];
            lambda[j] = middle - self.step;
            let below = outer_value(at, &lambda);
            width -= lambda[j];
            lambda[j] = middle;
            hypergradient[j] = (above - below) / width;
        }
        let cost = implicit::spent(at.oracle, &before, 2 * at.state.len());
        Estimate { hypergradient, cost, solver: Solver::none(), adjoint: None, ..Estimate::default() }
    }

    fn clone_box(&self) -> Box<dyn Estimator> {
        Box::new(self.clone())
    }
}

/// `f(λ, θ_t(λ))` after as many steps as the run has taken, at another λ.
fn outer_value(at: &mut Point<'_>, lambda: &[f64]) -> f64 {
    let mut state = at.start.to_vec();
    let mut next = state.clone();
    for inner in 0..at.clock.inner {
        at.motion.step(at.oracle, Clock { inner, ..at.clock }, lambda, &state, &mut next);
        std::mem::swap(&mut state, &mut next);
    }
    at.draw(Draw::Outer, 0);
    at.oracle.move_to(lambda, &state[..at.oracle.inner_dimension()]);
    at.oracle.outer_value()
}
