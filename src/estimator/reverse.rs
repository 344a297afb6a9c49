//! Reverse-mode differentiation of the inner run: the gradient of `λ ↦ f(λ, θ_T(λ))` with θ₀ fixed.
//!
//! `a ← ∇_θ f(θ_T)`, then for t = T−1 … 0: `ĥ += (∂_λΦ_t)ᵀa`, `a ← (∂_θΦ_t)ᵀa`. The optimizer's whole
//! state takes part, and so do outer variables of its own. Sources: Maclaurin et al. 2015; Franceschi
//! et al. 2017, algorithm 1 (RHG); checkpoints: Griewank 1992. Cost: one Hessian-vector and one cross
//! product a step, and T states of memory, or 2√T and the inner run once more with checkpoints. Tends
//! to ∇F as T grows; for small T it is the gradient of another function, one that forgets little of θ₀.

use std::ops::Range;

use super::unroll::{Adjoint, Unrolled};
use super::{Entry, Estimate, Estimator, Family, InnerStep, Order, Point, Reach, Start};
use crate::catalog::{Card, Kind, Knob, Value};
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
            kind: Kind::Sized {
                plain: &[
                    ("Full", "every state"),
                    ("Checkpointed", "one state in √T; the others are computed again, to the same bits"),
                ],
                sized: &[(
                    "Kibibytes",
                    "as many states as that much holds beside the adjoint, at least 8; the others are computed again, some more than once",
                )],
                range: (1, 1 << 30),
            },
        }],
    },
    order: Order::None,
    family: Family::Iterative,
    build: |knobs| match knobs.get("memory") {
        Ok(Value::Sized(_, kibibytes)) => Box::new(Checkpointed::within(usize::try_from(kibibytes).unwrap_or(1) << 10)),
        Ok(Value::Choice("Checkpointed")) => Box::new(Checkpointed::default()),
        _ => Box::new(Unrolled::over_last(usize::MAX, &["memory"])),
    },
};

/// Fewer would not go back at all: checkpoints, and between two of them a start, a state and the next.
const LEAST_STATES: usize = 8;

/// The same with a state every `interval` steps; the steps between are taken again when needed.
#[derive(Clone, Default)]
struct Checkpointed {
    /// What all states together may take; twice √T of them, where nothing is said.
    budget: Option<usize>,
    /// States that a stretch between two checkpoints may keep on the way back.
    kept: usize,
    checkpoints: Vec<f64>,
    length: usize,
    interval: usize,
    recorded: usize,
    first: Clock,
}

impl Checkpointed {
    fn within(bytes: usize) -> Self {
        Self { budget: Some(bytes), ..Self::default() }
    }

    /// Goes back over the whole run, and says how many bytes of states it held beside the checkpoints.
    fn back(&self, adjoint: &mut Adjoint, at: &mut Point<'_>) -> usize {
        let mut segment = vec![0.0; self.length * self.kept];
        for (index, checkpoint) in self.checkpoints.chunks_exact(self.length.max(1)).enumerate().rev() {
            let first = index * self.interval;
            let end = self.recorded.min(first + self.interval);
            segment[..self.length].copy_from_slice(checkpoint);
            self.back_over(adjoint, at, (first, end), &mut segment);
        }
        size_of_val(&*segment)
    }

    /// Goes back over the steps `first..end` of a run, of which the state before the first is the first that `room` holds. A stretch
    /// that has more steps than there is room for states is halved: the state in its middle is found and kept until the second
    /// half is done, as long as there is room for one.
    fn back_over(&self, adjoint: &mut Adjoint, at: &mut Point<'_>, (first, end): (usize, usize), room: &mut [f64]) {
        let steps = end - first;
        if steps <= room.len() / self.length {
            for step in 1..steps {
                let (done, rest) = room.split_at_mut(step * self.length);
                let state = &done[(step - 1) * self.length..];
                at.motion.step(
                    at.oracle,
                    self.first.later(first + step - 1),
                    at.lambda,
                    state,
                    &mut rest[..self.length],
                );
            }
            for (step, state) in room.chunks_exact(self.length).enumerate().take(steps).rev() {
                adjoint.back(at, self.first.later(first + step), state);
            }
            return;
        }
        if room.len() < 4 * self.length {
            // No room for the state in the middle: every step is found from the start.
            let (start, rest) = room.split_at_mut(self.length);
            for step in (first..end).rev() {
                self.walk(at, (first, step), start, rest);
                adjoint.back(at, self.first.later(step), &rest[..self.length]);
            }
            return;
        }
        let middle = first + steps / 2;
        let (start, rest) = room.split_at_mut(self.length);
        self.walk(at, (first, middle), start, rest);
        self.back_over(adjoint, at, (middle, end), rest);
        self.back_over(adjoint, at, (first, middle), room);
    }

    /// Puts the state before step `end` in front of `room`, from that before step `first`.
    fn walk(&self, at: &mut Point<'_>, (first, end): (usize, usize), start: &[f64], room: &mut [f64]) {
        let (now, rest) = room.split_at_mut(self.length);
        let next = &mut rest[..self.length];
        now.copy_from_slice(start);
        for step in first..end {
            at.motion.step(at.oracle, self.first.later(step), at.lambda, now, next);
            now.copy_from_slice(next);
        }
    }
}

/// An inner run that is differentiated by the value that each outer variable of its dynamics has at each single step, where an
/// estimate adds up those of the steps that share it. Micaelli and Storkey 2021, section 4.
#[derive(Default)]
pub(crate) struct ByStep(Checkpointed);

impl ByStep {
    /// As [`Estimator::begin`].
    pub(crate) fn begin(&mut self, start: &Start<'_>) {
        self.0.begin(start);
    }

    /// As [`Estimator::observe`].
    pub(crate) fn observe(&mut self, step: &mut InnerStep<'_>) {
        self.0.observe(step);
    }

    /// For every block of the dynamics, which lie behind the problem's entries in these ranges, one number for each step.
    pub(crate) fn derivatives(&self, at: &mut Point<'_>, blocks: &[Range<usize>]) -> Vec<Vec<f64>> {
        let mut adjoint = Adjoint::at_end(at).by_step(at.oracle.outer_dimension(), blocks);
        self.0.back(&mut adjoint, at);
        adjoint.steps()
    }
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
        let states = self.budget.map(|bytes| {
            // Two more are the adjoint's.
            let all = bytes / size_of::<f64>() / self.length.max(1);
            all.saturating_sub(2).max(LEAST_STATES)
        });
        self.interval = match states {
            None => ((start.steps as f64).sqrt().ceil() as usize).max(1),
            Some(states) if states > start.steps => start.steps.max(1),
            // Half of the states for checkpoints, the other half between two of them.
            Some(states) => start.steps.div_ceil(states / 2).max(1),
        };
        self.kept = match states {
            None => self.interval,
            Some(states) => self.interval.min(states - start.steps.div_ceil(self.interval)),
        };
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
        let between = self.back(&mut adjoint, at);
        adjoint.into_estimate(at, self.bytes() + between)
    }

    fn bytes(&self) -> usize {
        size_of_val(&*self.checkpoints)
    }

    fn clone_box(&self) -> Box<dyn Estimator> {
        Box::new(self.clone())
    }
}
