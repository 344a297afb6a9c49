//! The implicit formula with H replaced by the identity: `ĥ = ∇_λ f − Jᵀ ∇_θ f`.
//!
//! Up to the step size this is the derivative of one gradient step, known as T1–T2. Source: Luketina
//! et al. 2016. Cost: one cross product. Its length means nothing (H has units that I lacks) and a
//! bias remains at θ*; its direction is often good enough to move λ.

use super::{Entry, Estimate, Estimator, Family, Order, Point, Reach, Solver, implicit};
use crate::catalog::Card;
use crate::draw::PerStep;

pub(crate) const ENTRY: Entry = Entry {
    card: Card {
        id: "identity",
        name: "Implicit, H ≈ I",
        source: "Luketina et al. 2016, equation 4",
        equation: "ĥ = ∇_λ f − Jᵀ ∇_θ f",
        summary: "Skips the linear system: it pretends that the training loss bends alike in every direction. The \
                  Hessian is taken for the identity, known as T1–T2: one cross product and nothing to solve.",
        cost: "1 cross product, 1 outer gradient",
        fails: "Biased at θ* unless H = I; badly so when the curvature varies over directions.",
        knobs: &[],
    },
    order: Order::Biased,
    family: Family::Implicit,
    build: |_| Box::new(Identity),
};

#[derive(Clone)]
struct Identity;

impl Estimator for Identity {
    fn reach(&self) -> Reach {
        Reach::Point
    }

    fn lists(&self, inner_steps: usize) -> PerStep {
        implicit::lists(inner_steps, 0)
    }

    fn estimate(&self, at: &mut Point<'_>) -> Estimate {
        implicit::estimate(at, 0, |_, b| (b.to_vec(), Solver::none()))
    }

    fn clone_box(&self) -> Box<dyn Estimator> {
        Box::new(self.clone())
    }
}
