//! Reverse-mode differentiation of the inner run: the gradient of `λ ↦ f(λ, θ_T(λ))` with θ₀ fixed.
//!
//! `a ← ∇_θ f(θ_T)`, then for t = T−1 … 0: `ĥ += (∂_λΦ_t)ᵀa`, `a ← (∂_θΦ_t)ᵀa`. The optimizer's whole
//! state takes part, and so do outer variables of its own. Sources: Maclaurin et al. 2015; Franceschi
//! et al. 2017, algorithm 1 (RHG); checkpoints: Griewank 1992. Cost: one Hessian-vector and one cross
//! product a step, and T states of memory, or 2√T and the inner run once more with checkpoints. Tends
//! to ∇F as T grows; for small T it is the gradient of another function, one that forgets little of θ₀.

use super::unroll::{Adjoint, Unrolled};
use super::{Entry, Estimate, Estimator, Family, InnerStep, Order, Point, Reach, Start};
use crate::catalog::{Card, Kind, Knob};
use crate::draw::Clock;

pub(crate) const ENTRY: Entry = Entry {
    card: Card {
        id: "reverse",
        name: "Reverse unrolling (RHG)",
        source: "Franceschi et al. 2017, algorithm 1; Maclaurin et al. 2015",
        equation: "a ← ∇_θ f(θ_T);  ĥ ← ∇_λ f;  t = T−1…0:  ĥ += (∂_λΦ_t)ᵀa,  a ← (∂_θΦ_t)ᵀa",
        summary: "Differentiates the training steps themselves, from the last one back to the first. It keeps a \
                  tape of all states.",
        cost: "T Hessian-vector and T cross products; memory T·d, or 2√T·d and T more gradients",
        fails: "Biased towards no change for small T; memory grows with T.",
        knobs: &[Knob {
            key: "memory",
            help: "What is kept of the inner run.",
            kind: Kind::Choice {
                options: &[
                    ("Full", "every state"),
                    ("Checkpointed", "one state in √T; the others are computed again, to the same bits"),
                ],
            },
        }],
    },
    order: Order::None,
    family: Family::Iterative,
    build: |knobs| match knobs.choice("memory") {
        "Checkpointed" => Box::new(Checkpointed::default()),
        _ => Box::new(Unrolled::over_last(usize::MAX, &["memory"])),
    },
};

/// The same with a state every `interval` steps; the steps between are taken again when needed.
#[derive(Clone, Default)]
struct Checkpointed {
    checkpoints: Vec<f64>,
    length: usize,
    interval: usize,
    recorded: usize,
    first: Clock,
}

impl Estimator for Checkpointed {
    fn reach(&self) -> Reach {
        Reach::InnerRun
    }

    fn effort(&self) -> &'static [&'static str] {
        &["memory"]
    }

    fn begin(&mut self, start: &Start<'_>) {
        self.length = start.state.len();
        self.interval = ((start.steps as f64).sqrt().ceil() as usize).max(1);
        self.recorded = 0;
        self.checkpoints.clear();
        self.checkpoints.reserve(self.length * start.steps.div_ceil(self.interval));
    }

    fn observe(&mut self, step: &mut InnerStep<'_>) {
        if self.recorded == 0 {
            self.first = step.clock;
        }
        if self.recorded.is_multiple_of(self.interval) {
            self.checkpoints.extend_from_slice(step.state);
        }
        self.recorded += 1;
    }

    fn estimate(&self, at: &mut Point<'_>) -> Estimate {
        let mut adjoint = Adjoint::at_end(at);
        let mut segment = vec![0.0; self.length * self.interval];
        for (index, checkpoint) in self.checkpoints.chunks_exact(self.length.max(1)).enumerate().rev() {
            let first = index * self.interval;
            let steps = self.interval.min(self.recorded - first);
            segment[..self.length].copy_from_slice(checkpoint);
            for step in 1..steps {
                let (done, rest) = segment.split_at_mut(step * self.length);
                let state = &done[(step - 1) * self.length..];
                let clock = self.first.later(first + step - 1);
                at.motion.step(at.oracle, clock, at.lambda, state, &mut rest[..self.length]);
            }
            for (step, state) in segment.chunks_exact(self.length).enumerate().take(steps).rev() {
                adjoint.back(at, self.first.later(first + step), state);
            }
        }
        adjoint.into_estimate(at, self.bytes() + size_of_val(&*segment))
    }

    fn bytes(&self) -> usize {
        size_of_val(&*self.checkpoints)
    }

    fn clone_box(&self) -> Box<dyn Estimator> {
        Box::new(self.clone())
    }
}
