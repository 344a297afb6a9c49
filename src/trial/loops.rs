//! The two loops of a trial, without anybody measuring: what a probe runs by the thousand.

use std::sync::Arc;

use super::members::Members;
use super::run::train;
use super::status::MOST_BYTES;
use super::{OuterDraws, Part, Setting, Stage, Status};
use crate::draw::Clock;
use crate::estimator::{Estimate, Estimator, Solver};
use crate::filter::Filter;
use crate::math::{Matrix, vector};
use crate::outer::{Entries, OuterRule, Reached};
use crate::problem::{Blocks, Clipped, Cost, Oracle, Problem, Sample, Score, Sensitivity};
use crate::scenario::Coordinates;

/// Inner runs on one λ, and the rule that moves it.
#[derive(Clone)]
pub struct Loops {
    id: u64,
    setting: Arc<Setting>,
    stage: Arc<Stage>,
    rule: Box<dyn OuterRule>,
    lambda: Vec<f64>,
    blocks: Arc<Blocks>,
    lambda_names: Arc<[String]>,
    pub(super) members: Members,
    status: Status,
    /// Last accepted θ of each member, where the next warm start begins.
    warm: Option<Vec<Vec<f64>>>,
    /// The estimate that the last outer step used; a warm start for a rebuilt estimator.
    accepted: Option<Estimate>,
    /// Between the estimate and the rule.
    filter: Box<dyn Filter>,
    /// What moved λ last, behind the filter.
    moving: Vec<f64>,
    /// What earlier outer steps cost.
    spent: Cost,
    /// Inner steps that earlier outer steps took.
    taken: usize,
    hold: Hold,
}

/// What does not move, whatever steps are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Hold {
    /// Everything moves.
    #[default]
    Nothing,
    /// λ stays.
    Lambda,
    /// λ and θ stay: estimators see inner steps that lead nowhere.
    Theta,
}

impl Loops {
    /// At the stage's λ₀, before the first inner step. A division of the rows that is not possible halts it.
    #[must_use]
    pub fn new(id: u64, setting: Setting, stage: &Arc<Stage>) -> Self {
        let divided = Members::new(id, &setting, stage, 0);
        let status = if divided.is_ok() { Status::Running } else { Status::NoSplit { outer: 0 } };
        let members = divided.unwrap_or_else(|_| undivided(id, &setting, stage));
        let blocks = setting.outer.in_force(members.declared(&stage.lambda), stage.seed);
        let mut loops = Self {
            id,
            rule: build_rule(&setting),
            filter: build_filter(&setting),
            setting: Arc::new(setting),
            stage: Arc::clone(stage),
            lambda: started(&blocks, stage),
            lambda_names: blocks.names().into(),
            blocks: Arc::new(blocks),
            members,
            status,
            warm: None,
            accepted: None,
            moving: Vec::new(),
            spent: Cost::default(),
            taken: 0,
            hold: Hold::Nothing,
        };
        loops.begin();
        loops
    }

    /// The same at another λ, the dynamics' entries included.
    #[must_use]
    pub fn at(mut self, lambda: &[f64]) -> Self {
        self.lambda.copy_from_slice(lambda);
        self.begin();
        self
    }

    /// The same at an outer step and its λ, where it remembers nothing of earlier ones: for cold starts.
    #[must_use]
    pub fn at_outer(mut self, outer: usize, lambda: &[f64]) -> Self {
        self.members.set_outer(outer);
        self.at(lambda)
    }

    /// The same where rows, θ₀ and batches are each those of an outer step of their own.
    #[must_use]
    pub fn drawn_at(mut self, draws: OuterDraws, lambda: &[f64]) -> Self {
        self.members.set_outer(draws.rows);
        let mut loops = self.at(lambda);
        let drawn = loops.stage.start_at(&loops.setting, draws.start);
        let start = drawn.as_ref().unwrap_or(&loops.stage.theta);
        loops.members.set_outer(draws.batches);
        let inner = &loops.setting.inner;
        loops.members.begin(&loops.lambda, |_| start, (inner.steps, inner.tolerance_at(draws.batches)));
        loops
    }

    /// Whether a part of what is drawn for a run differs from outer step to outer step.
    #[must_use]
    pub fn draws_anew(&self, part: Part) -> bool {
        let start = |outer: usize| self.stage.start_at(&self.setting, outer);
        match part {
            Part::Rows => self.setting.rows_move(),
            Part::Start => start(1) != start(2),
            Part::Batches => self.is_drawn(),
        }
    }

    /// The start of another inner run in the state where every member is (θ, and what the dynamics remember), over the same rows at another λ,
    /// with what is drawn drawn by another seed: what goes on from there.
    #[must_use]
    pub fn going_on_at(mut self, lambda: &[f64], seed: u64) -> Self {
        self.warm = Some(self.members.states().map(<[f64]>::to_vec).collect());
        self.begin_from_warm(lambda, seed);
        self
    }

    /// The same from θ alone, as a warm start begins.
    #[must_use]
    pub fn looking_ahead_at(mut self, lambda: &[f64], seed: u64) -> Self {
        self.keep_thetas();
        self.begin_from_warm(lambda, seed);
        self
    }

    fn begin_from_warm(&mut self, lambda: &[f64], seed: u64) {
        self.reseed(seed);
        self.lambda.copy_from_slice(lambda);
        self.begin_from(true);
    }

    /// The identifier, which seeds its streams and never changes.
    #[must_use]
    pub fn id(&self) -> u64 {
        self.id
    }

    /// Estimator, inner and outer loop, ensemble.
    #[must_use]
    pub fn setting(&self) -> &Setting {
        &self.setting
    }

    /// What it shares with others.
    #[must_use]
    pub fn stage(&self) -> &Arc<Stage> {
        &self.stage
    }

    /// λ of the current outer step: the problem's entries, then the dynamics'.
    #[must_use]
    pub fn lambda(&self) -> &[f64] {
        &self.lambda
    }

    /// λ, block after block, within the bounds that are in force.
    #[must_use]
    pub fn blocks(&self) -> &Arc<Blocks> {
        &self.blocks
    }

    /// What each entry of λ stands for.
    #[must_use]
    pub fn lambda_names(&self) -> &Arc<[String]> {
        &self.lambda_names
    }

    /// θ of each member now.
    pub fn thetas(&self) -> impl Iterator<Item = &[f64]> {
        self.members.thetas()
    }

    /// θ of each member where the last outer step was taken; a cold start has led away from there. Where the runs are,
    /// before the first.
    pub fn thetas_taken(&self) -> impl Iterator<Item = &[f64]> {
        let taken = self.warm.iter().flatten().map(Vec::as_slice);
        taken.chain(self.members.thetas().filter(|_| self.warm.is_none()))
    }

    /// An oracle of the first member's own, over all of its rows, at (λ, θ) now. What it is asked is charged to nobody.
    #[must_use]
    pub fn place(&self) -> Oracle {
        self.members.place(&self.lambda)
    }

    /// Members: one, or one for each split and task.
    #[must_use]
    pub fn members(&self) -> usize {
        self.members.count()
    }

    /// Outer steps completed.
    #[must_use]
    pub fn outer(&self) -> usize {
        self.members.clock().outer
    }

    /// Inner steps taken in this outer step.
    #[must_use]
    pub fn inner(&self) -> usize {
        self.members.clock().inner
    }

    /// What it is doing.
    #[must_use]
    pub fn status(&self) -> Status {
        self.status
    }

    /// What the outer rule knows of every entry of λ after its last step, where it has a step for each.
    #[must_use]
    pub fn rule_entries(&self) -> Option<&Entries> {
        self.rule.entries()
    }

    /// The step size of the inner dynamics, where there is one.
    #[must_use]
    pub fn step_size(&self) -> Option<f64> {
        self.members.step_size()
    }

    /// Outer step size in use.
    #[must_use]
    pub fn outer_step_size(&self) -> Option<f64> {
        self.rule.step_size()
    }

    /// What was spent so far, final estimates included.
    #[must_use]
    pub fn cost(&self) -> Cost {
        self.spent + self.members.cost()
    }

    /// Inner steps taken in all outer steps together.
    #[must_use]
    pub fn total_inner(&self) -> usize {
        self.taken + self.inner()
    }

    /// What earlier outer steps cost.
    pub(super) fn spent(&self) -> Cost {
        self.spent
    }

    /// What this inner run has cost.
    #[must_use]
    pub fn run_cost(&self) -> Cost {
        self.members.cost()
    }

    /// Bytes its estimators hold: tapes, tangents.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.members.bytes()
    }

    /// What was clipped in all of it so far, by dynamics and estimator.
    #[must_use]
    pub fn clipped(&self) -> Clipped {
        self.members.clipped()
    }

    /// One inner step of every member. Nothing happens when the inner run is over or the trial has halted.
    pub fn step_inner(&mut self) {
        if self.status != Status::Running {
            return;
        }
        if !self.members.has_lists() {
            self.status = Status::NoLists { outer: self.outer() };
            return;
        }
        self.members.step(&self.lambda, self.hold == Hold::Theta);
        if !self.members.is_finite() {
            let is_long =
                self.step_size().is_some_and(|step| step * self.members.penalty_curvature(&self.lambda) > 2.0);
            self.status = Status::Diverged { outer: self.outer(), inner: self.inner(), is_long };
        } else if self.bytes() > MOST_BYTES {
            // A tape grows with every step: a process that asks for more than there is would end without a word.
            self.status = Status::NoRoom { outer: self.outer(), inner: self.inner() };
        } else if self.inner() >= self.setting.inner.steps || self.members.are_solved(&self.lambda) {
            self.status = Status::Ready;
        }
    }

    /// Inner steps to the end of this inner run, or to where it halts.
    pub fn finish_inner(&mut self) {
        while self.status == Status::Running {
            self.step_inner();
        }
    }

    /// The estimate here, the members' mean. Asking leaves no trace.
    #[must_use]
    pub fn estimate(&self) -> Estimate {
        self.members.estimate(&self.lambda)
    }

    /// The estimate here by another estimator, one that reaches [no further back](crate::estimator::Reach::Point); its own
    /// cost, the run's aside. Asking leaves no trace.
    #[must_use]
    pub fn estimate_by(&self, estimator: &dyn Estimator) -> Estimate {
        self.members.estimate_by(estimator, &self.lambda)
    }

    /// What each single step of this outer step's inner run adds to the derivative of f at its end by each block of outer variables
    /// that the dynamics bring: their sums over a window are the derivative by the value that its steps share. Of an ensemble those of
    /// the first member. The whole run is taken for it, and leaves no trace.
    #[must_use]
    pub fn by_step(&self) -> Vec<Vec<f64>> {
        self.members.by_step(&self.lambda, self.setting.inner.steps)
    }

    /// What an outer step taken here would move λ by: the estimate behind the filter. Asking leaves no trace.
    #[must_use]
    pub fn filtered(&self, estimate: &Estimate) -> Vec<f64> {
        self.filter.clone().passed(&estimate.hypergradient)
    }

    /// The outer step: an estimate, filtered, moves λ, and a new inner run begins. Nothing happens unless the inner run is
    /// over. An estimate that is not finite halts it instead.
    pub fn step_outer(&mut self, estimate: &Estimate) {
        if self.status != Status::Ready {
            return;
        }
        let run_cost = self.members.cost();
        let mut accepted = self.accepted.take().unwrap_or_default();
        accepted.copy(estimate);
        self.leave(accepted, run_cost);
    }

    /// The outer step to a λ that is given, whatever the rule would do: so methods are led along one path. Where nothing was
    /// estimated, nothing is remembered of it. An estimate that is not finite halts it instead.
    pub fn follow(&mut self, estimate: Option<&Estimate>, lambda: &[f64]) {
        if self.status != Status::Ready {
            return;
        }
        let run_cost = self.members.cost();
        if let Some(estimate) = estimate {
            self.members.accept(estimate);
            self.accepted.get_or_insert_default().copy(estimate);
            if let Some(halted) = halted_by(estimate, self.outer()) {
                self.status = halted;
                return;
            }
            self.spent += estimate.cost;
        }
        self.spent += run_cost;
        self.lambda.copy_from_slice(lambda);
        self.enter_next();
    }

    /// Runs the inner loop to its end and takes the outer step, with nobody looking: the same λ and θ as by
    /// [`estimate`](Self::estimate) and [`step_outer`](Self::step_outer), and nothing is allocated where
    /// [`Estimator::conclude`] does not. Gives the estimate that was used.
    pub fn advance(&mut self) -> Option<&Estimate> {
        self.finish_inner();
        if self.status != Status::Ready {
            return None;
        }
        let run_cost = self.members.cost();
        let mut estimate = self.accepted.take().unwrap_or_default();
        self.members.conclude(&self.lambda, &mut estimate);
        self.leave(estimate, run_cost);
        self.accepted.as_ref()
    }

    /// Moves λ by an estimate at the end of an inner run that cost so much.
    fn leave(&mut self, estimate: Estimate, run_cost: Cost) {
        self.members.accept(&estimate);
        let outer = self.outer();
        let estimate = self.accepted.insert(estimate);
        let is_taken = self.rule.takes_what_is_not_finite();
        let halted =
            halted_by(estimate, outer).filter(|halted| !(is_taken && matches!(halted, Status::NoEstimate { .. })));
        if let Some(halted) = halted {
            self.status = halted;
            return;
        }
        self.spent += run_cost;
        self.spent += estimate.cost;
        if self.hold == Hold::Nothing {
            self.filter.pass(&estimate.hypergradient, &mut self.moving);
            if self.rule.reads_value() {
                let (value, cost) = self.outer_value();
                self.spent += cost;
                let tolerance = self.setting.inner.tolerance_at(self.members.clock().outer).unwrap_or(0.0);
                self.rule.reached(Reached { value, tolerance });
            }
            self.take_step();
        }
        self.enter_next();
        if self.status == Status::Running && self.rule.is_done() {
            self.status = Status::Converged { outer: self.outer() };
        }
    }

    /// A step of the rule, in the coordinates that it is to be taken in.
    fn take_step(&mut self) {
        match self.setting.outer.coordinates {
            Coordinates::Lambda => {
                self.rule.step(&self.blocks, &mut self.lambda, &self.moving);
                self.blocks.clamp(&mut self.lambda);
            }
            Coordinates::Box => {
                let mut unit = self.blocks.to_box(&self.lambda);
                self.rule.step(&self.blocks, &mut unit, &self.blocks.by_box(&self.moving));
                unit.iter_mut().for_each(|x| *x = x.clamp(0.0, 1.0));
                self.lambda.copy_from_slice(&self.blocks.from_box(&unit));
            }
        }
    }

    /// A copy of this student at the end of its inner run, which takes the place of another at a λ of its own: it goes on from θ, with what
    /// the outer rule remembers, on the other's streams, and what that one has cost is what this one has.
    pub(super) fn child_in_place_of(&self, other: &Self, lambda: &[f64]) -> Self {
        let mut child = self.clone();
        child.follow(None, lambda);
        child.seat(other);
        child
    }

    /// One that begins from scratch in the place of another, at an outer step and a λ of its own.
    pub(super) fn anew_in_place_of(other: &Self, outer: usize, lambda: &[f64]) -> Self {
        let mut anew = Self::new(other.id, (*other.setting).clone(), &other.stage).at_outer(outer, lambda);
        anew.seat(other);
        anew
    }

    /// Takes over the place of another: its streams, and what was spent there.
    fn seat(&mut self, other: &Self) {
        self.id = other.id;
        self.members.take_streams_of(&other.members);
        self.spent = other.spent;
        self.taken = other.taken;
    }

    /// Adds a cost that somebody else has caused.
    pub(super) fn charge(&mut self, cost: Cost) {
        self.spent += cost;
    }

    /// On to the inner run of the next outer step, at the λ that is there.
    fn enter_next(&mut self) {
        self.taken += self.inner();
        self.keep_thetas();
        self.members.set_outer(self.outer() + 1);
        self.begin();
    }

    /// The next warm start begins here.
    fn keep_thetas(&mut self) {
        let warm = self.warm.get_or_insert_default();
        warm.resize_with(self.members.count(), Vec::new);
        for (kept, theta) in warm.iter_mut().zip(self.members.thetas()) {
            kept.clear();
            kept.extend_from_slice(theta);
        }
    }

    /// From here on this does not move.
    pub fn hold(&mut self, hold: Hold) {
        self.hold = hold;
    }

    /// Has all that is drawn from here on drawn anew, by another seed.
    pub fn reseed(&mut self, seed: u64) {
        self.members.reseed(seed);
    }

    /// Whether two that go on from one place, by other seeds, may differ.
    #[must_use]
    pub fn is_drawn(&self) -> bool {
        self.members.is_drawn()
    }

    /// The start of an inner run where all that it follows has come to rest at its λ: every member at its θ*, its estimator
    /// with v* and what belongs to it. θ is held there.
    ///
    /// # Errors
    /// Why there is no such place.
    pub fn settle(&mut self) -> Result<(), String> {
        let truths = self.stage.solved(&self.members.problems(), &self.lambda);
        if let Some(doubt) = truths.iter().find_map(|truth| truth.doubt.clone()) {
            return Err(doubt);
        }
        let carried = self.members.settled(&self.lambda)?;
        let adjoint = truths.iter().flat_map(|truth| truth.adjoint.iter().copied()).collect();
        self.remember(Estimate {
            hypergradient: vec![0.0; self.lambda.len()],
            cost: Cost::default(),
            solver: Solver::none(),
            adjoint: Some(adjoint),
            carried,
            surrogates: Vec::new(),
        });
        self.hold = Hold::Theta;
        self.warm = Some(truths.iter().map(|truth| truth.theta.clone()).collect());
        self.begin();
        Ok(())
    }

    /// The start of an inner run where it stands, with what its estimator has by now, under a setting of the same trial. θ is
    /// held there.
    pub fn stand(&mut self, setting: Setting) {
        if self.inner() > 0 {
            let estimate = self.estimate();
            self.remember(estimate);
        }
        self.hold = Hold::Theta;
        self.warm = Some(self.members.thetas().map(<[f64]>::to_vec).collect());
        if self.change(setting) {
            self.restart(false);
        } else {
            self.begin();
        }
    }

    fn remember(&mut self, estimate: Estimate) {
        self.members.accept(&estimate);
        self.accepted = Some(estimate);
    }

    /// Puts a new setting in force. Returns whether the inner run has to be taken again: see
    /// [`restart`](Self::restart).
    pub(super) fn change(&mut self, setting: Setting) -> bool {
        if setting.outer.rule.id() == self.setting.outer.rule.id() {
            self.rule.turn(&setting.outer.rule.knobs);
        } else {
            self.rule = build_rule(&setting);
        }
        if setting.outer.filter.id() == self.setting.outer.filter.id() {
            self.filter.turn(&setting.outer.filter.knobs);
        } else {
            self.filter = build_filter(&setting);
        }
        let rebuild = setting.estimator != self.setting.estimator
            || setting.inner != self.setting.inner
            || setting.ensemble != self.setting.ensemble
            || setting.world != self.setting.world
            || setting.draws != self.setting.draws
            || setting.outer.batch != self.setting.outer.batch
            || !setting.outer.starts_like(&self.setting.outer);
        self.setting = Arc::new(setting);
        self.blocks = Arc::new(self.in_force());
        rebuild || self.status.is_halted()
    }

    /// Puts another stage in force.
    pub(super) fn enter(&mut self, stage: &Arc<Stage>) {
        self.stage = Arc::clone(stage);
    }

    /// Back to the start of the inner run, with what is in force now. Outer variables of the dynamics' own
    /// start anew with `other_start`.
    pub(super) fn restart(&mut self, other_start: bool) {
        let outer = self.outer();
        let divided = Members::new(self.id, &self.setting, &self.stage, outer);
        let is_divided = divided.is_ok();
        self.members = divided.unwrap_or_else(|_| undivided(self.id, &self.setting, &self.stage));
        self.members.set_outer(outer);
        if let Some(accepted) = &self.accepted {
            self.members.accept(accepted);
        }
        self.blocks = Arc::new(self.in_force());
        if other_start {
            let length = self.lambda.len();
            let own = self.stage.lambda.len();
            self.lambda.truncate(own);
            self.lambda.extend_from_slice(&started(&self.blocks, &self.stage)[own..]);
            self.lambda_names = self.blocks.names().into();
            if self.lambda.len() != length {
                // What the rule and the filter remember has another length.
                self.rule = build_rule(&self.setting);
                self.filter = build_filter(&self.setting);
            }
        }
        self.status = if is_divided { Status::Running } else { self.without_rows(outer) };
        self.begin();
    }

    /// Starts the inner run of this outer step, on rows divided anew where the policy says so.
    fn begin(&mut self) {
        self.begin_from(self.setting.inner.warm_start || self.hold == Hold::Theta);
    }

    /// The same from where the last outer step ended, or from θ₀.
    fn begin_from(&mut self, is_warm: bool) {
        let outer = self.outer();
        if self.members.is_stale(outer) {
            self.status = if self.rebind(outer).is_ok() { Status::Running } else { self.without_rows(outer) };
        } else if !matches!(self.status, Status::NoSplit { .. } | Status::NoRows { .. }) {
            self.status = Status::Running;
        }
        let warm = self.warm.as_ref().filter(|_| is_warm);
        let drawn = if warm.is_some() { None } else { self.stage.start_at(&self.setting, outer) };
        let cold = drawn.as_ref().unwrap_or(&self.stage.theta);
        let start = |member: usize| warm.and_then(|warm| warm.get(member)).unwrap_or(cold).as_slice();
        let inner = &self.setting.inner;
        self.members.begin(&self.lambda, start, (inner.steps, inner.tolerance_at(outer)));
    }

    /// Why there are no rows for an outer step.
    fn without_rows(&self, outer: usize) -> Status {
        if self.setting.world.entry().goes_on() { Status::NoRows { outer } } else { Status::NoSplit { outer } }
    }

    /// The members over the rows of an outer step.
    fn rebind(&mut self, outer: usize) -> Result<(), String> {
        if self.members.rebind(&self.setting, &self.stage, outer)? {
            return Ok(());
        }
        self.members = Members::new(self.id, &self.setting, &self.stage, outer)?;
        self.members.set_outer(outer);
        if let Some(accepted) = &self.accepted {
            self.members.accept(accepted);
        }
        Ok(())
    }

    /// The blocks of λ under this setting.
    fn in_force(&self) -> Blocks {
        self.setting.outer.in_force(self.members.declared(&self.stage.lambda), self.stage.seed)
    }

    pub(super) fn linearization(&self, at: &Sensitivity) -> Option<Matrix> {
        self.members.linearization(at)
    }

    /// Inner and outer objective here, means over members.
    #[must_use]
    pub fn values(&self) -> (f64, f64) {
        self.members.values(&self.lambda)
    }

    /// f here over all validation rows, the mean over members, and what asking for it takes.
    #[must_use]
    pub fn outer_value(&self) -> (f64, Cost) {
        self.members.outer_value(&self.lambda)
    }

    /// Loss and accuracy on rows that the members see or, for [`Sample::Test`], that their problems hold back; means
    /// over members.
    #[must_use]
    pub fn score(&self, sample: Sample) -> Option<Score> {
        self.members.score(sample, &self.lambda)
    }

    /// θ of another problem after this inner loop, at this λ.
    #[must_use]
    pub fn learned(&self, problem: &Arc<dyn Problem>) -> Vec<f64> {
        let clock = Clock { inner: 0, trial: self.id, ..self.members.clock() };
        train(problem, clock, (&self.setting, &self.stage.stop()), (&self.lambda, &self.stage.theta))
    }

    /// The problem's entries of λ.
    #[must_use]
    pub fn own_lambda(&self) -> &[f64] {
        &self.lambda[..self.stage.lambda.len()]
    }
}

/// The members without an ensemble, for a trial that halts before it begins.
fn undivided(id: u64, setting: &Setting, stage: &Stage) -> Members {
    let single = crate::catalog::Spec::of(&crate::ensemble::ALL[0]);
    let setting = Setting { ensemble: single, ..setting.clone() };
    // The scenario's own problems are always there.
    match Members::new(id, &setting, stage, 0) {
        Ok(members) => members,
        Err(_) => unreachable!("a single split divides nothing"),
    }
}

/// λ at the start: the problem's own entries as the stage has them, then the dynamics'.
fn started(blocks: &Blocks, stage: &Stage) -> Vec<f64> {
    let mut lambda = blocks.start();
    lambda[..stage.lambda.len()].copy_from_slice(&stage.lambda);
    lambda
}

fn build_rule(setting: &Setting) -> Box<dyn OuterRule> {
    let spec = &setting.outer.rule;
    (spec.entry().build)(&spec.knobs)
}

fn build_filter(setting: &Setting) -> Box<dyn Filter> {
    let spec = &setting.outer.filter;
    (spec.entry().build)(&spec.knobs)
}

/// How a trial halts where an estimate is none: by ĥ, or by what goes on from it (v, y), which a direction that was taken before
/// it moved does not show.
fn halted_by(estimate: &Estimate, outer: usize) -> Option<Status> {
    if !vector::is_finite(&estimate.hypergradient) {
        return Some(Status::NoEstimate { outer });
    }
    let adjoint = estimate.adjoint.as_deref().unwrap_or_default();
    let is_lost = !vector::is_finite(adjoint) || !vector::is_finite(&estimate.carried);
    is_lost.then_some(Status::NoCarried { outer })
}
