//! The inner runs of a trial: one, or one for each member of its ensemble and each task, on one λ.

use std::sync::Arc;

use super::run::Run;
use super::{Setting, Stage};
use crate::data::Split;
use crate::draw::Clock;
use crate::ensemble::{self, Combine};
use crate::estimator::{Estimate, Estimator, Solver};
use crate::math::Matrix;
use crate::math::random::{Purpose, stream};
use crate::problem::{Clipped, Cost, Oracle, Problem, Sample, Score, Sensitivity, penalty_curvature};
use crate::scenario::{Declared, Experiment};

/// Inner runs that are stepped together and whose estimates are averaged.
#[derive(Clone)]
pub(super) struct Members {
    runs: Vec<Run>,
    /// Outer step whose division of the rows this is.
    divided: usize,
    is_fresh: bool,
    combine: Combine,
}

impl Members {
    /// The members of an outer step.
    ///
    /// # Errors
    /// Why the rows cannot be divided as the policy asks. Whoever changes a policy checks it first, so this
    /// happens only to re-splits drawn during a run.
    pub(super) fn new(trial: u64, setting: &Setting, stage: &Stage, outer: usize) -> Result<Self, String> {
        let (problems, stop) = (problems_at(setting, stage, outer)?, stage.stop());
        let run = |(member, problem): (usize, &Arc<dyn Problem>)| {
            // A member's stream is its own; the first has the trial's.
            Run::new(
                Clock { seed: stage.seed, trial: trial + ((member as u64) << 32), outer, inner: 0 },
                setting,
                problem,
                &stop,
            )
        };
        let is_fresh = setting.rows_move();
        let combine = setting.ensemble.entry().combine(&setting.ensemble.knobs);
        Ok(Self { runs: problems.iter().enumerate().map(run).collect(), divided: outer, is_fresh, combine })
    }

    /// Whether another division is due at this outer step.
    pub(super) fn is_stale(&self, outer: usize) -> bool {
        self.is_fresh && self.divided != outer
    }

    /// The members over the rows of an outer step: those there are go on with what they remember, where the rows make as
    /// many problems of the same sizes.
    ///
    /// # Errors
    /// Why the rows cannot be divided as the policy asks.
    pub(super) fn rebind(&mut self, setting: &Setting, stage: &Stage, outer: usize) -> Result<bool, String> {
        let problems = problems_at(setting, stage, outer)?;
        let fits = |(run, problem): (&Run, &Arc<dyn Problem>)| run.problem().dimensions() == problem.dimensions();
        if problems.len() != self.count() || !self.runs.iter().zip(&problems).all(fits) {
            return Ok(false);
        }
        let stop = stage.stop();
        self.runs.iter_mut().zip(&problems).for_each(|(run, problem)| run.rebind(problem, &stop));
        self.divided = outer;
        Ok(true)
    }

    pub(super) fn count(&self) -> usize {
        self.runs.len()
    }

    pub(super) fn clock(&self) -> Clock {
        self.runs[0].clock
    }

    /// Draws from here on what another would.
    pub(super) fn take_streams_of(&mut self, other: &Self) {
        for (run, other) in self.runs.iter_mut().zip(&other.runs) {
            (run.clock.trial, run.clock.seed) = (other.clock.trial, other.clock.seed);
        }
    }

    pub(super) fn set_outer(&mut self, outer: usize) {
        self.runs.iter_mut().for_each(|run| run.clock.outer = outer);
    }

    /// `start` gives member k its θ₀.
    pub(super) fn begin<'a>(
        &mut self,
        lambda: &[f64],
        start: impl Fn(usize) -> &'a [f64],
        ending: (usize, Option<f64>),
    ) {
        for (member, run) in self.runs.iter_mut().enumerate() {
            run.begin(lambda, start(member), ending);
        }
    }

    pub(super) fn step(&mut self, lambda: &[f64], holds_theta: bool) {
        self.runs.iter_mut().for_each(|run| run.step(lambda, holds_theta));
    }

    /// Has all that is drawn from here on drawn anew.
    pub(super) fn reseed(&mut self, seed: u64) {
        self.runs.iter_mut().for_each(|run| run.reseed(seed));
    }

    /// Whether two runs from one place, drawn anew, may differ.
    pub(super) fn is_drawn(&self) -> bool {
        self.runs.iter().any(Run::is_drawn)
    }

    /// What the estimators carry over where all that they follow has come to rest, one after the other.
    pub(super) fn settled(&self, lambda: &[f64]) -> Result<Vec<f64>, String> {
        let carried = self.runs.iter().map(|run| run.settled(lambda)).collect::<Result<Vec<_>, _>>()?;
        Ok(carried.concat())
    }

    /// Whether every member has solved its inner problem to the tolerance of its run.
    pub(super) fn are_solved(&mut self, lambda: &[f64]) -> bool {
        self.runs.iter_mut().all(|run| run.is_solved(lambda))
    }

    /// The largest curvature of a member's penalty.
    pub(super) fn penalty_curvature(&self, lambda: &[f64]) -> f64 {
        self.runs.iter().map(|run| penalty_curvature(run.problem(), lambda)).fold(0.0, f64::max)
    }

    /// f over all validation rows, the mean over members, and what it cost.
    pub(super) fn outer_value(&self, lambda: &[f64]) -> (f64, Cost) {
        let values = self.runs.iter().map(|run| {
            let mut oracle = run.fresh_oracle();
            oracle.move_to(lambda, run.theta());
            (oracle.outer_value(), oracle.cost())
        });
        let (values, costs): (Vec<f64>, Vec<Cost>) = values.unzip();
        (values.iter().sum::<f64>() / self.count() as f64, total(costs.into_iter()))
    }

    /// The members' estimates as one, the mean of them where nothing else is asked for; of an entry of λ over the members that depend on it. Costs add up.
    pub(super) fn estimate(&self, lambda: &[f64]) -> Estimate {
        self.mean(|run| run.estimate(lambda))
    }

    /// The same by an estimator that did not see the runs.
    pub(super) fn estimate_by(&self, estimator: &dyn Estimator, lambda: &[f64]) -> Estimate {
        self.mean(|run| run.estimate_by(estimator, lambda))
    }

    fn mean(&self, estimate: impl Fn(&Run) -> Estimate) -> Estimate {
        if let [run] = &self.runs[..] {
            return estimate(run);
        }
        let estimates: Vec<Estimate> = self.runs.iter().map(estimate).collect();
        let parts: Vec<&[f64]> = estimates.iter().map(|estimate| &*estimate.hypergradient).collect();
        Estimate {
            hypergradient: match self.combine {
                Combine::Mean => mean_over(&parts, &self.problems()),
                Combine::Median => {
                    let problems = self.problems();
                    median_over(&parts, &problems.iter().map(|problem| problem.reads_lambda()).collect::<Vec<_>>())
                }
            },
            cost: total(estimates.iter().map(|estimate| estimate.cost)),
            solver: worst(estimates.iter().map(|estimate| &estimate.solver)),
            adjoint: estimates
                .iter()
                .map(|estimate| estimate.adjoint.clone())
                .collect::<Option<Vec<_>>>()
                .map(|all| all.concat()),
            carried: estimates.iter().flat_map(|estimate| estimate.carried.iter().copied()).collect(),
            surrogates: estimates.iter().flat_map(|estimate| estimate.surrogates.iter().cloned()).collect(),
        }
    }

    /// The same into an estimate that is reused, at the end of the inner runs.
    pub(super) fn conclude(&mut self, lambda: &[f64], out: &mut Estimate) {
        match &mut self.runs[..] {
            [run] => run.conclude(lambda, out),
            _ => *out = self.estimate(lambda),
        }
    }

    /// Hands every member its part of an accepted estimate. An estimate of another number of members is no
    /// use to these.
    pub(super) fn accept(&mut self, estimate: &Estimate) {
        let count = self.count();
        if count == 1 {
            return self.runs[0].accept(estimate);
        }
        let length = self.runs[0].theta().len();
        let Some(adjoint) = estimate.adjoint.as_ref().filter(|adjoint| adjoint.len() == length * count) else { return };
        let each = estimate.carried.len() / count;
        for (member, (run, part)) in self.runs.iter_mut().zip(adjoint.chunks_exact(length)).enumerate() {
            let carried = estimate.carried[member * each..(member + 1) * each].to_vec();
            let surrogates = estimate.surrogates.get(member).cloned().into_iter().collect();
            run.accept(&Estimate { adjoint: Some(part.to_vec()), carried, surrogates, ..estimate.clone() });
        }
    }

    /// θ of each, followed by what the dynamics remember.
    pub(super) fn states(&self) -> impl Iterator<Item = &[f64]> {
        self.runs.iter().map(Run::state)
    }

    pub(super) fn thetas(&self) -> impl Iterator<Item = &[f64]> {
        self.runs.iter().map(Run::theta)
    }

    /// The first member's place, over all of its rows.
    pub(super) fn place(&self, lambda: &[f64]) -> Oracle {
        let run = &self.runs[0];
        let mut oracle = run.fresh_oracle();
        oracle.use_all_rows();
        oracle.move_to(lambda, run.theta());
        oracle
    }

    pub(super) fn problems(&self) -> Vec<&Arc<dyn Problem>> {
        self.runs.iter().map(Run::problem).collect()
    }

    /// Inner and outer objective, means over members.
    pub(super) fn values(&self, lambda: &[f64]) -> (f64, f64) {
        let (mut inner, mut outer) = (0.0, 0.0);
        for run in &self.runs {
            let mut oracle = run.fresh_oracle();
            oracle.move_to(lambda, run.theta());
            inner += oracle.inner_value();
            outer += oracle.outer_value();
        }
        (inner / self.count() as f64, outer / self.count() as f64)
    }

    /// Means over members; `None` where a member has none.
    pub(super) fn score(&self, sample: Sample, lambda: &[f64]) -> Option<Score> {
        mean_score(self.runs.iter().map(|run| run.score(sample, lambda)))
    }

    pub(super) fn is_finite(&self) -> bool {
        self.thetas().all(crate::math::vector::is_finite)
    }

    pub(super) fn cost(&self) -> Cost {
        total(self.runs.iter().map(Run::cost))
    }

    pub(super) fn clipped(&self) -> Clipped {
        let mut all = Clipped::default();
        self.runs.iter().for_each(|run| all += run.clipped());
        all
    }

    pub(super) fn bytes(&self) -> usize {
        self.runs.iter().map(Run::bytes).sum()
    }

    pub(super) fn step_size(&self) -> Option<f64> {
        self.runs[0].step_size()
    }

    /// The whole inner run taken ahead by every member, and the derivative of f over all validation rows at its end;
    /// the mean of f.
    pub(super) fn ahead(&self, lambda: &[f64], steps: usize) -> (Vec<Vec<f64>>, f64) {
        let (parts, values): (Vec<_>, Vec<_>) = self.runs.iter().map(|run| run.ahead(lambda, steps)).unzip();
        (parts, values.iter().sum::<f64>() / self.count() as f64)
    }

    /// What each single step of the first member's run adds to the derivative by each block of the dynamics.
    pub(super) fn by_step(&self, lambda: &[f64], steps: usize) -> Vec<Vec<f64>> {
        self.runs[0].by_step(lambda, steps)
    }

    /// Whether there are rows for this outer step: lists that are written out end.
    pub(super) fn has_lists(&self) -> bool {
        self.runs.iter().all(Run::has_lists)
    }

    pub(super) fn declared(&self, lambda: &[f64]) -> Declared {
        self.runs[0].declared(lambda)
    }

    /// First-order theory, for a single member.
    pub(super) fn linearization(&self, at: &Sensitivity) -> Option<Matrix> {
        let [run] = &self.runs[..] else { return None };
        run.linearization(at)
    }
}

/// The problems of an outer step: those of the world, divided among the members where the ensemble says so.
fn problems_at(setting: &Setting, stage: &Stage, outer: usize) -> Result<Vec<Arc<dyn Problem>>, String> {
    let policy = setting.ensemble.entry();
    let moved = stage.splits_at(setting, outer)?;
    let divides = policy.divides && !stage.splits().is_empty();
    match (moved, stage.experiment()) {
        (moved, Some(experiment)) if divides => {
            divided((policy, setting), (stage, experiment), moved.as_deref().unwrap_or(stage.splits()), outer)
        }
        (Some(splits), Some(experiment)) => {
            let build = |split: &Split| experiment.problem_on(split).map_err(|failure| failure.message);
            splits.iter().map(build).collect()
        }
        _ => Ok(stage.problems().to_vec()),
    }
}

/// The problems of a divided ensemble: the members of the first task, then of the second, and so on.
fn divided(
    (policy, setting): (&ensemble::Entry, &Setting),
    (stage, experiment): (&Stage, &Experiment),
    splits: &[Split],
    outer: usize,
) -> Result<Vec<Arc<dyn Problem>>, String> {
    let is_trusted = stage.problem.is_about_rows();
    let mut problems = Vec::new();
    for (task, split) in splits.iter().enumerate() {
        let place = policy.place(task as u64, outer);
        let place: Vec<u64> = place.into_iter().chain(stage.replicate_number().iter().copied()).collect();
        let mut random = stream(stage.seed, Purpose::Ensemble, &place);
        let members = ensemble::split(policy, &setting.ensemble.knobs, split, is_trusted, &mut random)?;
        let build = |split: &Split| experiment.problem_on(split).map_err(|failure| failure.message);
        problems.extend(members.iter().map(build).collect::<Result<Vec<_>, _>>()?);
    }
    Ok(problems)
}

/// The mean of vectors over R^p, entry by entry over the problems that depend on the entry. What none depends
/// on is zero.
pub(super) fn mean_over(parts: &[&[f64]], problems: &[&Arc<dyn Problem>]) -> Vec<f64> {
    if let [part] = parts {
        return part.to_vec();
    }
    let length = parts.first().map_or(0, |part| part.len());
    let (mut sum, mut count) = (vec![0.0; length], vec![0usize; length]);
    for (part, problem) in parts.iter().zip(problems) {
        let reads = problem.reads_lambda();
        for (index, value) in part.iter().enumerate() {
            // Entries behind the problem's own belong to the dynamics, which all members have.
            if reads.is_none_or(|reads| reads.get(index).copied().unwrap_or(true)) {
                sum[index] += value;
                count[index] += 1;
            }
        }
    }
    sum.iter().zip(count).map(|(sum, count)| if count == 0 { 0.0 } else { sum / count as f64 }).collect()
}

/// The median of vectors over R^p, entry by entry over the members that read the entry: the mean of the middle two, where they are an even
/// number. A member that says no number has run away, and moves nothing. What no member reads is zero, what none says a number of is no number.
fn median_over(parts: &[&[f64]], reads: &[Option<&[bool]>]) -> Vec<f64> {
    let median = |index: usize| {
        // Entries behind the problem's own belong to the dynamics, which all members have.
        let is_read = |reads: &Option<&[bool]>| reads.is_none_or(|reads| reads.get(index).copied().unwrap_or(true));
        let said: Vec<f64> =
            parts.iter().zip(reads).filter(|(_, reads)| is_read(reads)).map(|(part, _)| part[index]).collect();
        let numbers: Vec<f64> = said.iter().copied().filter(|value| !value.is_nan()).collect();
        if said.is_empty() { 0.0 } else { middle(&numbers) }
    };
    (0..parts.first().map_or(0, |part| part.len())).map(median).collect()
}

/// The middle of numbers, or the mean of the middle two; NaN for none, and between infinities of both signs.
fn middle(numbers: &[f64]) -> f64 {
    let mut sorted = numbers.to_vec();
    sorted.sort_by(f64::total_cmp);
    let half = sorted.len() / 2;
    match sorted.get(half) {
        Some(upper) if sorted.len() % 2 == 1 => *upper,
        Some(upper) => f64::midpoint(sorted[half - 1], *upper),
        None => f64::NAN,
    }
}

/// The mean over members; `None` where one of them has none, or there are none.
#[must_use]
pub fn mean_score(scores: impl Iterator<Item = Option<Score>>) -> Option<Score> {
    let scores: Vec<Score> = scores.collect::<Option<_>>()?;
    let count = scores.len() as f64;
    let accuracies: Option<Vec<f64>> = scores.iter().map(|score| score.accuracy).collect();
    (!scores.is_empty()).then(|| Score {
        loss: scores.iter().map(|score| score.loss).sum::<f64>() / count,
        accuracy: accuracies.map(|all| all.iter().sum::<f64>() / count),
    })
}

/// Everything that was spent, by runs that hold their memory at the same time.
pub(super) fn total(costs: impl Iterator<Item = Cost>) -> Cost {
    costs.fold(Cost::default(), |sum, cost| Cost { bytes: sum.bytes + cost.bytes, ..sum + cost })
}

/// What the solvers say of themselves together.
fn worst<'a>(solvers: impl Iterator<Item = &'a Solver>) -> Solver {
    solvers.fold(Solver::none(), |sum, solver| Solver {
        iterations: sum.iterations + solver.iterations,
        residual: sum.residual.max(solver.residual),
        converged: sum.converged && solver.converged,
        negative_curvature: sum.negative_curvature || solver.negative_curvature,
        note: sum.note.or_else(|| solver.note.clone()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn median(values: &[f64]) -> f64 {
        let parts: Vec<&[f64]> = values.iter().map(std::slice::from_ref).collect();
        median_over(&parts, &vec![None; values.len()])[0]
    }

    #[test]
    fn the_middle_of_an_odd_number_and_the_mean_of_the_middle_two_of_an_even_one() {
        assert_eq!(median(&[3.0, -1.0, 2.0]), 2.0);
        assert_eq!(median(&[3.0, -1.0, 2.0, 1e9]), 2.5);
        assert_eq!(median(&[4.0]), 4.0);
    }

    /// Of either sign of NaN, which sorting would put at either end.
    #[test]
    fn a_member_that_says_no_number_moves_nothing() {
        for nan in [f64::NAN, -f64::NAN] {
            assert_eq!(median(&[nan, 1.0, 2.0, 3.0, nan]), 2.0);
            assert_eq!(median(&[1.0, nan, 2.0]), 1.5);
            assert!(median(&[nan, nan]).is_nan(), "that none says a number is a result");
        }
        assert_eq!(median(&[1.0, 2.0, f64::INFINITY]), 2.0);
        assert_eq!(median(&[1.0, f64::INFINITY, f64::INFINITY]), f64::INFINITY);
    }

    /// Entries by column: read by all, by two, by one of whom it is no number, by none; and one behind the problem's own.
    #[test]
    fn an_entry_is_the_median_of_those_who_read_it() {
        let parts: [&[f64]; 3] =
            [&[1.0, 5.0, 9.0, 9.0, 1.0], &[2.0, 9.0, f64::NAN, 9.0, 2.0], &[6.0, 7.0, 9.0, 9.0, 7.0]];
        let reads: [&[bool]; 3] =
            [&[true, true, false, false], &[true, false, true, false], &[true, true, false, false]];
        let found = median_over(&parts, &reads.map(Some));
        assert_eq!((found[0], found[1], found[3], found[4]), (2.0, 6.0, 0.0, 2.0));
        assert!(found[2].is_nan());
    }
}
