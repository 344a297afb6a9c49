//! Natural hypergradients (NHGD): where g is a negative log-likelihood with a penalty, the Fisher matrix of scores stands in for the
//! Hessian of the loss, and is kept up to date while the inner run goes on.
//!
//! With `u_i = ∇_θ ℓ_i`, without penalty and weight, a batch B of m rows has `F_B = (1/m) Σ_{i∈B} w_i u_i u_iᵀ` at the θ and λ before its step;
//! `F ← (1 − ω_τ) F + ω_τ F_B` with `ω_τ = max(1/τ, 1 − β)`; and `ĥ = ∇_λ f − Jᵀv` with `(F + R + δI) v = ∇_θ f`, R the Hessian of the
//! penalty at the present λ. Source: Kong, Chen, Zhang and Mou 2026 (arXiv 2602.10905), whose idea this is: scores that the gradient has anyway, in
//! place of products with H after the run. Weights, the penalty, the rule of ω, resets, staleness, sampled and expected labels, and the sketch
//! are this project's own.
//!
//! That F tends to H takes a model that is right at θ*(λ), for every λ: with wrong labels, and with a penalty that moves θ* from the truth,
//! a floor is left. Labels drawn from the model leave none. No product with H is taken; what it costs is arithmetic, `m d²` a step
//! and `d³/3` an estimate.
//!
//! It forgets by itself, and counts it, when the inner run begins elsewhere than the last one ended, when F is of another kind than
//! before, after two batches in a row with a score that is not finite (one is left out), and where F has become of no use.
//!
//! - [`gather`]: the scores of a batch; [`factor`]: F in its forms, [`whole`], [`inverse`], [`sketch`];
//! - [`triangle`]: symmetric matrices of which one half is kept;
//! - [`mod@line`]: batches in, factors out, so many batches late; [`pipeline`]: the same on a thread of its own;
//! - [`solve`]: v; [`table`]: a cross product from what rows last said.

mod block;
mod factor;
mod gather;
mod inverse;
mod line;
mod pipeline;
mod scratch;
mod settings;
mod sketch;
mod solve;
mod table;
mod triangle;
mod whole;

use std::sync::{Arc, Mutex};

use self::gather::Gather;
use self::line::Line;
use self::pipeline::Pipeline;
use self::settings::{Cross, KNOBS, Kept, Recipe, Settings};
use self::table::Table;
use super::{
    Entry, Estimate, Estimator, Family, InnerStep, MOST_BYTES, Order, Planned, Point, Start, Surrogate, implicit,
};
use crate::catalog::Card;
use crate::draw::{Draw, PerStep};
use crate::math::vector::axpy;
use crate::problem::{Capability, Likelihood, Oracle, Requirement};

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "natural",
        name: "Natural hypergradient (NHGD)",
        source: "Kong, Chen, Zhang and Mou 2026 (arXiv 2602.10905); penalty, weights, staleness and sketch are this project's",
        equation: "F ← (1 − ω) F + ω F_B,  F_B = (1/m) Σ_{i∈B} w_i u_i u_iᵀ;  ĥ = ∇_λ f − Jᵀ v,  (F + R + δI) v = ∇_θ f",
        summary: "Squares the gradients of single rows, which training has at hand, and takes their mean for the curvature. The \
                  Fisher matrix of a likelihood is kept up to date step by step and stands in for the Hessian, so that no \
                  product with H is taken. Write it with batches and a warm start.",
        cost: "no product with H: 1 factorization, 1 cross product, 1 outer gradient; m d² operations an inner step, d² numbers",
        fails: "Where the model is wrong, labels are wrong or the penalty is strong, F does not tend to H and a floor is left, but \
                for labels drawn from the model. Few rows a step make F noisy. Where rows are nearly separated F vanishes and v explodes.",
        knobs: KNOBS,
    },
    order: Order::None,
    family: Family::Implicit,
    build: |knobs| Box::new(Natural::new(knobs)),
};

/// What goes on from one inner run to the next.
struct Memory {
    recipe: Recipe,
    /// Nothing without a batch.
    line: Option<Line>,
    /// Whether F is of no use any more.
    is_broken: bool,
    table: Table,
    counts: Counts,
    /// θ where the estimate was made.
    theta: Vec<f64>,
    mark: Arc<()>,
}

#[derive(Clone, Copy, Default)]
struct Counts {
    /// How often everything was forgotten.
    resets: usize,
    /// Batches left out.
    skipped: usize,
    /// Of them, how many are the last ones.
    streak: usize,
}

struct Natural {
    settings: Settings,
    size: usize,
    /// T.
    steps: usize,
    /// Nothing before the first batch.
    pipeline: Option<Pipeline>,
    table: Table,
    counts: Counts,
    gather: Gather,
    kept: Option<Arc<Memory>>,
    /// Tells what is in the pipeline from whatever else has as many batches.
    mark: Arc<()>,
    /// Bytes that are held, or would be.
    asked: usize,
    /// Where estimates are made.
    space: Mutex<solve::Space>,
}

/// A copy is a value, and no part of the run of another.
impl Clone for Natural {
    fn clone(&self) -> Self {
        Self {
            settings: self.settings,
            size: self.size,
            steps: self.steps,
            pipeline: self.pipeline.clone(),
            table: self.table.clone(),
            counts: self.counts,
            gather: self.gather.clone(),
            kept: self.kept.clone(),
            mark: Arc::default(),
            asked: self.asked,
            space: Mutex::default(),
        }
    }
}

impl Natural {
    fn new(knobs: &crate::catalog::Knobs) -> Self {
        Self {
            settings: Settings::of(knobs),
            size: 0,
            steps: 1,
            pipeline: None,
            table: Table::default(),
            counts: Counts::default(),
            gather: Gather::default(),
            kept: None,
            mark: Arc::default(),
            asked: 0,
            space: Mutex::default(),
        }
    }

    /// Forgets all batches.
    fn forget(&mut self) {
        self.pipeline = None;
        self.table = Table::default();
        self.counts.streak = 0;
        self.mark = Arc::default();
    }

    /// Begins where the last inner run ended, or anew.
    fn recall(&mut self, theta: &[f64]) {
        let Some(kept) = self.kept.clone().filter(|_| self.settings.carries) else {
            self.counts = Counts::default();
            return self.forget();
        };
        let is_same = kept.recipe == self.settings.recipe && kept.theta == theta;
        self.counts = kept.counts;
        if kept.is_broken || !is_same {
            self.forget();
            self.counts.resets += usize::from(kept.is_broken || kept.line.is_some());
            return;
        }
        let batches = kept.line.as_ref().map_or(0, Line::seen);
        let is_there =
            Arc::ptr_eq(&kept.mark, &self.mark) && self.pipeline.as_ref().map_or(0, Pipeline::seen) == batches;
        if !is_there {
            self.forget();
            let is_parallel = self.settings.is_parallel(self.size);
            self.pipeline = kept.line.clone().map(|line| Pipeline::new(line, is_parallel));
            self.table = kept.table.clone();
            self.counts = kept.counts;
        }
    }

    /// What would be held with batches of so many vectors.
    fn bytes_of(&self, likelihood: &dyn Likelihood, oracle: &Oracle) -> usize {
        let batch = gather::batch_of(oracle);
        let vectors = gather::vectors_of(&self.settings.recipe, likelihood, batch);
        let block = vectors.saturating_mul(self.size);
        let is_parallel = self.settings.is_parallel(self.size);
        let (batches, factors) = if is_parallel { (pipeline::UNDER_WAY, pipeline::BESIDE) } else { (2, 0) };
        let blocks = block.saturating_mul(self.settings.recipe.staleness.saturating_add(batches));
        let table = if self.needs_table(oracle) { oracle.problem().dimensions().training } else { 0 };
        // F, the matrix that is solved with and its factor, and what is kept of the last estimate.
        let factors = self.settings.numbers(self.size).saturating_mul(4 + factors);
        let numbers = factors.saturating_add(blocks).saturating_add(table.saturating_mul(self.size));
        numbers.saturating_mul(size_of::<f64>())
    }

    fn needs_table(&self, oracle: &Oracle) -> bool {
        self.settings.cross == Cross::Table && oracle.problem().lambda_meets_rows()
    }

    /// What goes on, as it is now.
    fn memory(&self, theta: &[f64], is_broken: bool) -> Memory {
        Memory {
            recipe: self.settings.recipe,
            line: self.pipeline.as_ref().filter(|_| !is_broken && self.settings.carries).map(Pipeline::value),
            is_broken,
            table: self.table.clone(),
            counts: self.counts,
            theta: theta.to_vec(),
            mark: Arc::clone(&self.mark),
        }
    }

    /// `Jᵀv`, by the rows that the knob says.
    fn cross(&self, at: &mut Point<'_>, v: &[f64]) -> Vec<f64> {
        let mut out = vec![0.0; at.lambda.len()];
        if self.needs_table(at.oracle) {
            let problem = Arc::clone(at.oracle.problem());
            if let Some(likelihood) = problem.likelihood() {
                self.table.cross(likelihood, at.oracle.lambda(), v, &mut out);
            }
            return out;
        }
        if self.settings.cross == Cross::Extra {
            at.draw(Draw::Cross, 0);
        }
        at.oracle.cross_vjp(v, &mut out);
        out
    }
}

impl Estimator for Natural {
    fn requires(&self) -> &'static [Requirement] {
        const SCORES: Requirement = Requirement::always(Capability::Likelihood);
        const SMOOTH: Requirement = Requirement::always(Capability::Smooth);
        const WHOLE: Requirement = Requirement::by_knob(
            Capability::WholeFisher,
            "form",
            "write `form: Sketch(40)`, which keeps 40 d numbers in place of d²",
        );
        if matches!(self.settings.recipe.kept, Kept::Sketch(_)) { &[SCORES, SMOOTH] } else { &[SCORES, SMOOTH, WHOLE] }
    }

    fn idle(&self) -> Vec<(&'static str, &'static str)> {
        self.settings.idle()
    }

    fn mistake(&self, _planned: Planned) -> Option<(&'static str, String)> {
        self.settings.mistake()
    }

    fn keeps_surrogate(&self) -> bool {
        true
    }

    fn lists(&self, inner_steps: usize) -> PerStep {
        let cross = usize::from(self.settings.cross == Cross::Extra);
        PerStep { inner: inner_steps, cross, outer: 1, ..PerStep::default() }
    }

    fn begin(&mut self, start: &Start<'_>) {
        self.size = start.inner_dimension;
        self.steps = start.steps;
        self.recall(&start.state[..start.inner_dimension]);
        if let Some(pipeline) = &mut self.pipeline {
            pipeline.begin(self.steps);
        }
    }

    fn observe(&mut self, step: &mut InnerStep<'_>) {
        let problem = Arc::clone(step.oracle.problem());
        let Some(likelihood) = problem.likelihood() else { return };
        step.oracle.move_to(step.lambda, &step.state[..self.size]);
        self.asked = self.bytes_of(likelihood, step.oracle);
        if self.asked > MOST_BYTES {
            // The trial stops behind this step, for want of room.
            return;
        }
        if self.table.is_empty() && self.needs_table(step.oracle) {
            self.table = Table::new(problem.dimensions().training, self.size);
        }
        let (settings, size, steps) = (&self.settings, self.size, self.steps);
        let pipeline = self.pipeline.get_or_insert_with(|| {
            let mut pipeline = Pipeline::new(settings.line(size, likelihood.rank()), settings.is_parallel(size));
            pipeline.begin(steps);
            pipeline
        });
        let block = pipeline.filling();
        self.gather.fill(&settings.recipe, step, likelihood, (block, &mut self.table));
        if block.is_finite() {
            self.counts.streak = 0;
            pipeline.send();
            return;
        }
        self.counts.skipped += 1;
        self.counts.streak += 1;
        if self.counts.streak >= 2 {
            self.counts.resets += 1;
            self.forget();
        }
    }

    fn estimate(&self, at: &mut Point<'_>) -> Estimate {
        let before = at.oracle.cost();
        at.draw(Draw::Outer, 0);
        at.oracle.use_training_rows(None);
        at.oracle.move_to(at.lambda, &at.state[..at.oracle.inner_dimension()]);
        let outer = implicit::right_side(at.oracle);
        let rank = at.oracle.problem().likelihood().map_or(0, Likelihood::rank);
        let factor = match &self.pipeline {
            Some(pipeline) => pipeline.factor(),
            None => Arc::clone(self.settings.line(outer.len(), rank).base()),
        };
        // Whoever asks at the same time has space of its own.
        let (mut held, mut own) = (self.space.try_lock().ok(), solve::Space::default());
        let space = held.as_deref_mut().unwrap_or(&mut own);
        let solved = solve::solve(&factor, at.oracle, (self.settings.damping, space), &outer);
        drop(held);
        let mut hypergradient = vec![0.0; at.lambda.len()];
        at.oracle.outer_lambda_gradient(&mut hypergradient);
        let indirect = self.cross(at, &solved.adjoint);
        axpy(-1.0, &indirect, &mut hypergradient);
        let surrogate = Surrogate {
            seen: self.pipeline.as_ref().map_or(0, Pipeline::seen),
            used: factor.number,
            resets: self.counts.resets,
            skipped: self.counts.skipped,
            damping: solved.damping,
            matrix: solved.matrix,
            whole: solved.whole,
            kept: Arc::new(self.memory(at.theta(), solved.is_broken)),
        };
        Estimate {
            hypergradient,
            cost: implicit::spent(at.oracle, &before, self.bytes() / size_of::<f64>()),
            solver: solved.solver,
            adjoint: Some(solved.adjoint),
            surrogates: vec![Arc::new(surrogate)],
            ..Estimate::default()
        }
    }

    /// In the space of what was remembered of the last outer step, which nobody needs any more.
    fn conclude(&mut self, at: &mut Point<'_>, out: &mut Estimate) {
        self.kept = None;
        let last = out.surrogates.pop().and_then(Arc::into_inner);
        let kept = last.and_then(|last| last.kept.downcast::<Memory>().ok()).and_then(Arc::into_inner);
        if let Some((line, pipeline)) = kept.and_then(|kept| kept.line).zip(self.pipeline.as_mut()) {
            pipeline.reuse(line);
        }
        *out = self.estimate(at);
    }

    fn accept(&mut self, estimate: &Estimate) {
        let kept = estimate.surrogates.first().map(|surrogate| Arc::clone(&surrogate.kept));
        self.kept = kept.and_then(|kept| kept.downcast().ok());
    }

    fn bytes(&self) -> usize {
        let held = self.pipeline.as_ref().map_or(0, Pipeline::numbers) + self.table.numbers() + self.gather.numbers();
        self.asked.max(held * size_of::<f64>())
    }

    fn clone_box(&self) -> Box<dyn Estimator> {
        Box::new(self.clone())
    }
}
