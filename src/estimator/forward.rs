//! Forward-mode differentiation of the inner run: `Z_{t+1} = ∂_sΦ_t Z_t + ∂_λΦ_t`, `ĥ = ∇_λ f + Zᵀ∇_θ f`.
//!
//! Equal to reverse mode to rounding, without a tape: Z has one tangent of the optimizer's whole state
//! for each outer variable. Source: Franceschi et al. 2017, algorithm 2 (FMD). Cost: p Hessian-vector
//! and p cross products a step, paid while the run goes on; an estimate is then almost free at any
//! time. Fails for large p.

use super::{Entry, Estimate, Estimator, Family, InnerStep, Order, Point, Reach, Solver, Start, implicit};
use crate::catalog::Card;
use crate::math::vector::dot;
use crate::problem::{Capability, Requirement};

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "forward",
        name: "Forward unrolling (FMD)",
        source: "Franceschi et al. 2017, algorithm 2",
        equation: "Z ← ∂_θΦ_t Z + ∂_λΦ_t;  ĥ = ∇_λ f + Zᵀ ∇_θ f",
        summary: "Differentiates the training steps while they are taken, once for each hyperparameter. It carries \
                  one tangent for each outer variable along.",
        cost: "p Hessian-vector and p cross products at every inner step; memory p·d",
        fails: "Expensive for many hyperparameters; biased for small T exactly as reverse unrolling is.",
        knobs: &[],
    },
    order: Order::None,
    family: Family::Iterative,
    build: |_| Box::new(Forward::default()),
};

#[derive(Clone, Default)]
struct Forward {
    /// Zᵀ: one tangent of the state after the other.
    tangents: Vec<f64>,
    length: usize,
    next: Vec<f64>,
    direction: Vec<f64>,
}

impl Estimator for Forward {
    fn reach(&self) -> Reach {
        Reach::InnerRun
    }

    fn requires(&self) -> &'static [Requirement] {
        const TANGENTS: Requirement = Requirement::always(Capability::WholeTangents);
        &[TANGENTS]
    }

    fn begin(&mut self, start: &Start<'_>) {
        self.length = start.state.len();
        self.tangents.clear();
        self.tangents.resize(self.length * start.lambda.len(), 0.0);
        self.next.resize(self.length, 0.0);
        self.direction.clear();
        self.direction.resize(start.lambda.len(), 0.0);
    }

    fn observe(&mut self, step: &mut InnerStep<'_>) {
        for (j, tangent) in self.tangents.chunks_exact_mut(self.length.max(1)).enumerate() {
            self.direction[j] = 1.0;
            let (direction, next) = (&self.direction, &mut self.next);
            step.motion.jvp(step.oracle, step.clock, step.lambda, step.state, tangent, direction, next);
            tangent.copy_from_slice(next);
            self.direction[j] = 0.0;
        }
    }

    fn estimate(&self, at: &mut Point<'_>) -> Estimate {
        let before = at.oracle.cost();
        at.arrive();
        let outer = implicit::outer_gradient(at.oracle);
        let mut hypergradient = vec![0.0; at.lambda.len()];
        at.oracle.outer_lambda_gradient(&mut hypergradient);
        for (value, tangent) in hypergradient.iter_mut().zip(self.tangents.chunks_exact(self.length.max(1))) {
            *value += dot(&tangent[..outer.len()], &outer);
        }
        let cost = implicit::spent(at.oracle, &before, self.tangents.len() + self.length);
        Estimate { hypergradient, cost, solver: Solver::none(), adjoint: None, carried: Vec::new() }
    }

    fn bytes(&self) -> usize {
        size_of_val(&*self.tangents) + size_of_val(&*self.next)
    }

    fn clone_box(&self) -> Box<dyn Estimator> {
        Box::new(self.clone())
    }
}
