//! What the reverse methods share: the adjoint of an inner run, and the tape of states it walks back over.
//!
//! From `a = (∇_θ f(θ_T), 0)` and `ĥ = ∇_λ f`, every step back does `ĥ += (∂_λΦ_t)ᵀa`, then
//! `a ← (∂_sΦ_t)ᵀa`, with the derivatives at the state before that step.

use std::ops::Range;

use super::{Estimate, Estimator, InnerStep, Point, Reach, Solver, Start, implicit};
use crate::draw::Clock;
use crate::problem::Cost;

/// The adjoint on its way back through a run.
#[derive(Clone, Default)]
pub(super) struct Adjoint {
    cotangent: Vec<f64>,
    before: Vec<f64>,
    hypergradient: Vec<f64>,
    spent_before: Cost,
    /// What single steps add to blocks of λ, where that is wanted.
    trace: Option<Trace>,
}

/// What single steps add to blocks of λ, the last step first.
#[derive(Clone)]
struct Trace {
    /// Entries of λ before the first block.
    own: usize,
    blocks: Vec<Range<usize>>,
    added: Vec<Vec<f64>>,
}

impl Adjoint {
    /// Where the run ended.
    pub(super) fn at_end(at: &mut Point<'_>) -> Self {
        let mut adjoint = Self::default();
        adjoint.begin(at);
        adjoint
    }

    /// The same in the space it has.
    fn begin(&mut self, at: &mut Point<'_>) {
        let Self { cotangent, before, hypergradient, spent_before, .. } = self;
        *spent_before = at.oracle.cost();
        let size = at.oracle.inner_dimension();
        at.arrive();
        // What the dynamics remember is no part of f; the vector before a step is written whole.
        cotangent.clear();
        cotangent.resize(at.state.len(), 0.0);
        before.resize(at.state.len(), 0.0);
        at.oracle.outer_gradient(&mut cotangent[..size]);
        hypergradient.clear();
        hypergradient.resize(at.lambda.len(), 0.0);
        at.oracle.outer_lambda_gradient(hypergradient);
    }

    /// One step back, to the state before it.
    pub(super) fn back(&mut self, at: &mut Point<'_>, clock: Clock, state: &[f64]) {
        let Self { cotangent, before, hypergradient, trace, .. } = self;
        if let Some(trace) = trace {
            hypergradient[trace.own..].fill(0.0);
        }
        at.motion.vjp(at.oracle, clock, at.lambda, state, cotangent, before, hypergradient);
        if let Some(Trace { own, blocks, added }) = trace {
            // A step reads one entry of a block; the others stay zero.
            for (block, added) in blocks.iter().zip(added) {
                added.push(hypergradient[*own + block.start..*own + block.end].iter().sum());
            }
        }
        std::mem::swap(cotangent, before);
    }

    /// The same, which keeps what each step adds to blocks of λ behind `own` entries, and no sum.
    pub(super) fn by_step(self, own: usize, blocks: &[Range<usize>]) -> Self {
        let trace = Trace { own, blocks: blocks.to_vec(), added: vec![Vec::new(); blocks.len()] };
        Self { trace: Some(trace), ..self }
    }

    /// What was kept of the steps, the first step first.
    pub(super) fn steps(self) -> Vec<Vec<f64>> {
        let mut added = self.trace.map(|trace| trace.added).unwrap_or_default();
        added.iter_mut().for_each(|added| added.reverse());
        added
    }

    /// What came out, having held `bytes` of tape.
    pub(super) fn into_estimate(self, at: &Point<'_>, bytes: usize) -> Estimate {
        let mut out = Estimate::default();
        self.answer(at, bytes, &mut out);
        out
    }

    fn answer(&self, at: &Point<'_>, bytes: usize, out: &mut Estimate) {
        out.hypergradient.clone_from(&self.hypergradient);
        out.cost = implicit::spent(at.oracle, &self.spent_before, 2 * self.cotangent.len());
        out.cost.bytes += bytes as f64;
        out.solver = Solver::none();
        out.adjoint = None;
        out.carried.clear();
    }
}

/// Numbers a tape makes room for at once: 32 MiB.
const MOST_RESERVED: usize = 1 << 22;

/// The states before each of the last `limit` steps of a run.
#[derive(Clone, Default)]
pub(super) struct Tape {
    states: Vec<f64>,
    length: usize,
    limit: usize,
    recorded: usize,
    first: Clock,
}

impl Tape {
    /// An empty tape, with room for the steps planned.
    pub(super) fn begin(&mut self, start: &Start<'_>, limit: usize) {
        *self = Self { states: std::mem::take(&mut self.states), length: start.state.len(), limit, ..Self::default() };
        self.states.clear();
        // Beyond this the tape grows as it is needed: a million steps may never be taken.
        self.states.reserve((self.length * limit.min(start.steps)).min(MOST_RESERVED));
    }

    pub(super) fn record(&mut self, step: &InnerStep<'_>) {
        if self.recorded == 0 {
            self.first = step.clock;
        }
        if self.recorded < self.limit {
            self.states.extend_from_slice(step.state);
        } else {
            let slot = self.recorded % self.limit * self.length;
            self.states[slot..slot + self.length].copy_from_slice(step.state);
        }
        self.recorded += 1;
    }

    /// When each step on the tape was taken and the state before it, the last step first.
    pub(super) fn backwards(&self) -> impl Iterator<Item = (Clock, &[f64])> {
        let kept = self.recorded.saturating_sub(self.limit)..self.recorded;
        kept.rev().map(|index| {
            let slot = index % self.limit * self.length;
            (self.first.later(index), &self.states[slot..slot + self.length])
        })
    }

    pub(super) fn bytes(&self) -> usize {
        size_of_val(&*self.states)
    }
}

/// Reverse differentiation over the states of the last steps of a run, or of all of them.
#[derive(Clone)]
pub(super) struct Unrolled {
    last: usize,
    effort: &'static [&'static str],
    tape: Tape,
    /// Space for the way back at the end of a run.
    adjoint: Adjoint,
}

impl Unrolled {
    /// Over so many steps at most; the knobs that say how much of the run that is.
    pub(super) fn over_last(last: usize, effort: &'static [&'static str]) -> Self {
        Self { last, effort, tape: Tape::default(), adjoint: Adjoint::default() }
    }
}

impl Estimator for Unrolled {
    fn reach(&self) -> Reach {
        Reach::InnerRun
    }

    fn effort(&self) -> &'static [&'static str] {
        self.effort
    }

    fn begin(&mut self, start: &Start<'_>) {
        self.tape.begin(start, self.last);
    }

    fn observe(&mut self, step: &mut InnerStep<'_>) {
        self.tape.record(step);
    }

    fn estimate(&self, at: &mut Point<'_>) -> Estimate {
        let mut adjoint = Adjoint::at_end(at);
        for (clock, state) in self.tape.backwards() {
            adjoint.back(at, clock, state);
        }
        adjoint.into_estimate(at, self.bytes())
    }

    fn conclude(&mut self, at: &mut Point<'_>, out: &mut Estimate) {
        let Self { tape, adjoint, .. } = self;
        adjoint.begin(at);
        for (clock, state) in tape.backwards() {
            adjoint.back(at, clock, state);
        }
        adjoint.answer(at, tape.bytes(), out);
    }

    fn bytes(&self) -> usize {
        self.tape.bytes()
    }

    fn clone_box(&self) -> Box<dyn Estimator> {
        Box::new(self.clone())
    }
}
