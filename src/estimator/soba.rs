//! SOBA: θ, v and λ move together, each along a direction taken where the tick began.
//!
//! `D_θ = ∇_θ g`, `D_v = Hv − ∇_θ f`, `D_λ = ∇_λ f − Jᵀv`, all at (θ_t, v_t, λ_t) and all over one list of training
//! rows and one of validation rows; then `v ← v − ρ D_v`, and v is carried over for good. The inner dynamics move θ,
//! the outer rule moves λ: with gradient descent in both, one inner step and a warm start it is the algorithm of the
//! paper. More inner steps move θ and v as often for one step of λ. Source: Dagréou, Ablin, Vaiter and Moreau 2022
//! (NeurIPS), equations 10a to 10c, with v of the opposite sign. Cost of a tick: one gradient, one Hessian-vector
//! product, one cross product, one outer gradient, over their batches.

use super::own_step::{OF_ADJOINT, OwnStep};
use super::{Beside, Entry, Estimate, Estimator, Family, InnerStep, Order, Point, Solver, Start, implicit};
use crate::catalog::Card;
use crate::draw::{Clock, Draw, PerStep};
use crate::inner::Motion;
use crate::math::vector::{axpy, is_finite};
use crate::problem::Oracle;

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "soba",
        name: "Single loop (SOBA)",
        source: "Dagréou, Ablin, Vaiter and Moreau 2022 (NeurIPS), equations 10a–c",
        equation: "v ← v − ρ_t (Hv − ∇_θ f),  ĥ = ∇_λ f − Jᵀv,  ρ_t = ρ/(1 + t/b)^c",
        summary: "Moves θ, λ and the solution of the linear system together, one step each. All go along \
                  directions taken where the tick began. Write it with one inner step, a warm start and gradient \
                  descent.",
        cost: "1 gradient, 1 Hessian-vector and 1 cross product, 1 outer gradient a tick, over batches",
        fails: "Lags behind λ that moves fast; with constant steps it hovers at a distance that grows with them.",
        knobs: &OF_ADJOINT,
    },
    order: Order::None,
    family: Family::SingleLoop,
    build: |knobs| Box::new(Soba { step: OwnStep::of(knobs), ..Soba::default() }),
};

#[derive(Clone, Default)]
struct Soba {
    step: OwnStep,
    /// v at the start of an inner run: that of the last accepted estimate, zero at first.
    start: Vec<f64>,
    /// v of the next tick.
    adjoint: Vec<f64>,
    /// ĥ of the last tick of this inner run.
    direction: Vec<f64>,
    is_known: bool,
    outer: Vec<f64>,
    product: Vec<f64>,
    indirect: Vec<f64>,
}

impl Soba {
    fn make_room(&mut self, inner: usize, outer: usize) {
        self.start.resize(inner, 0.0);
        self.adjoint.resize(inner, 0.0);
        self.outer.resize(inner, 0.0);
        self.product.resize(inner, 0.0);
        self.direction.resize(outer, 0.0);
        self.indirect.resize(outer, 0.0);
    }

    /// One tick at (λ, θ), over the rows of its inner step.
    fn tick(&mut self, oracle: &mut Oracle, motion: &mut Motion, clock: Clock, (lambda, theta): (&[f64], &[f64])) {
        motion.draw(oracle, clock, Draw::Inner, clock.inner);
        motion.draw(oracle, clock, Draw::Outer, clock.inner);
        oracle.move_to(lambda, theta);
        oracle.outer_gradient(&mut self.outer);
        oracle.restrict(&mut self.outer);
        oracle.outer_lambda_gradient(&mut self.direction);
        oracle.cross_vjp(&self.adjoint, &mut self.indirect);
        axpy(-1.0, &self.indirect, &mut self.direction);
        oracle.hvp(&self.adjoint, &mut self.product);
        let step = self.step.at(&**oracle.problem(), lambda, motion, clock);
        for ((v, product), b) in self.adjoint.iter_mut().zip(&self.product).zip(&self.outer) {
            *v -= step * (product - b);
        }
        self.is_known = true;
    }
}

impl Estimator for Soba {
    fn goes_on(&self) -> bool {
        true
    }

    fn beside(&self, theta: Option<f64>, outer: usize) -> Vec<Beside> {
        self.step.of_system(theta, outer)
    }

    fn lists(&self, inner_steps: usize) -> PerStep {
        PerStep { inner: inner_steps, outer: inner_steps, ..PerStep::default() }
    }

    fn begin(&mut self, start: &Start<'_>) {
        self.make_room(start.inner_dimension, start.lambda.len());
        self.adjoint.copy_from_slice(&self.start);
        self.is_known = false;
        self.step.begin();
    }

    fn observe(&mut self, step: &mut InnerStep<'_>) {
        let theta = &step.state[..step.oracle.inner_dimension()];
        self.tick(step.oracle, step.motion, step.clock, (step.lambda, theta));
    }

    fn estimate(&self, at: &mut Point<'_>) -> Estimate {
        let mut out = Estimate::default();
        self.clone().conclude(at, &mut out);
        out
    }

    fn conclude(&mut self, at: &mut Point<'_>, out: &mut Estimate) {
        let before = at.oracle.cost();
        if !self.is_known {
            // Before the first inner step it is what that step will say.
            let theta = &at.state[..at.oracle.inner_dimension()];
            self.make_room(theta.len(), at.lambda.len());
            self.tick(at.oracle, at.motion, at.clock, (at.lambda, theta));
        }
        out.hypergradient.clone_from(&self.direction);
        out.cost = implicit::spent(at.oracle, &before, self.numbers());
        out.solver = Solver::none();
        out.set_adjoint(&self.adjoint);
        out.carried.clear();
    }

    fn accept(&mut self, estimate: &Estimate) {
        if let Some(adjoint) = estimate.adjoint.as_ref().filter(|adjoint| is_finite(adjoint)) {
            self.start.clone_from(adjoint);
        }
    }

    fn bytes(&self) -> usize {
        self.numbers() * size_of::<f64>()
    }

    fn clone_box(&self) -> Box<dyn Estimator> {
        Box::new(self.clone())
    }
}

impl Soba {
    fn numbers(&self) -> usize {
        self.start.len()
            + self.adjoint.len()
            + self.outer.len()
            + self.product.len()
            + self.direction.len()
            + self.indirect.len()
    }
}
