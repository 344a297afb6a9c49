//! What a measurement rests on, and whether a lab still shows it.

use std::sync::Arc;

use super::Lab;
use crate::math::vector::is_same_bits;
use crate::probe::{Question, Scope, Subject};
use crate::scenario::{Experiment, Setting};
use crate::trial::Trial;

/// The experiment and the trials of a lab, copied at the moment of a question.
#[derive(Clone)]
pub(super) struct Basis {
    question: Question,
    pub(super) experiment: Arc<Experiment>,
    pub(super) subjects: Vec<Subject>,
}

/// Whether a result is about what the lab shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It is: every trial shown was measured as it is set, and where it is if that enters.
    Current,
    /// λ of some trial was elsewhere.
    LambdaMoved,
    /// A trial, the problem or its rows were set otherwise, or a trial was not there.
    SettingChanged,
}

impl Basis {
    /// At its λ every trial shown is measured. Whole runs and sweeps start at λ₀ and take every trial, so that a path
    /// such as `trials[1].estimator.damping` means the same trial whatever is hidden.
    pub(super) fn of(question: Question, lab: &Lab) -> Self {
        let is_here = is_at_lambda(question);
        let subject = |trial: &Trial| Subject {
            id: trial.id(),
            setting: trial.setting().clone(),
            lambda: is_here.then(|| trial.lambda().into()),
        };
        let is_measured = |trial: &&Trial| !is_here || !lab.is_hidden(trial.id());
        let subjects = lab.trials().filter(is_measured).map(subject).collect();
        Self { question, experiment: Arc::clone(lab.experiment()), subjects }
    }

    /// How it stands to the trials that a lab shows.
    pub(super) fn standing(&self, lab: &Lab) -> Standing {
        let shown = || lab.trials().filter(|trial| !lab.is_hidden(trial.id()));
        let is_same = |trial: &Trial| {
            self.subject(trial.id()).is_some_and(|subject| self.measures_the_same(&subject.setting, trial.setting()))
        };
        let is_there = |trial: &Trial| {
            let lambda = self.subject(trial.id()).and_then(|subject| subject.lambda.as_deref());
            lambda.is_none_or(|lambda| is_same_bits(lambda, trial.lambda()))
        };
        if !self.has_same_stage(lab.experiment()) || !shown().all(is_same) {
            Standing::SettingChanged
        } else if shown().all(is_there) {
            Standing::Current
        } else {
            Standing::LambdaMoved
        }
    }

    /// Where the trials were measured, in words; nothing of whole runs, which begin at λ₀.
    pub(super) fn place(&self) -> Option<&'static str> {
        let mut places = self.subjects.iter().map(|subject| subject.lambda.as_deref());
        let first = places.next()??;
        // Trials with outer variables of their own have a longer λ.
        let own = self.experiment.lambda.len();
        let is_same = |place: Option<&[f64]>| place.is_some_and(|place| is_same_bits(&place[..own], &first[..own]));
        if !places.all(is_same) {
            return Some("each trial at its own λ: bars differ by where trials are as well as by what they are");
        }
        let is_start = is_same_bits(&first[..own], &self.experiment.lambda);
        Some(if is_start { "all at λ₀" } else { "all at one λ" })
    }

    pub(super) fn subject(&self, id: u64) -> Option<&Subject> {
        self.subjects.iter().find(|subject| subject.id == id)
    }

    /// Whether problem, rows and start are the same, and the sweep where there is one.
    fn has_same_stage(&self, experiment: &Arc<Experiment>) -> bool {
        let (mine, other) = (&self.experiment.scenario, &experiment.scenario);
        let is_same_sweep = !self.question.is_over_sweep() || mine.study.sweep == other.study.sweep;
        is_same_sweep && (Arc::ptr_eq(&self.experiment, experiment) || mine.has_same_stage(other))
    }

    /// Whether the same would be measured under both. The name does not enter it, and the outer loop only where
    /// whole runs are taken.
    fn measures_the_same(&self, a: &Setting, b: &Setting) -> bool {
        let Setting { name: _, estimator, inner, outer, draws, world, ensemble, population } = a;
        let is_at_lambda = self.question.probe().scope == Scope::AtLambda;
        let is_same_start = is_at_lambda || (*population == b.population && *world == b.world);
        let is_same_outer = outer.batch == b.outer.batch && (is_at_lambda || *outer == b.outer);
        let is_same_inner = *inner == b.inner && *draws == b.draws;
        *estimator == b.estimator && is_same_inner && *ensemble == b.ensemble && is_same_outer && is_same_start
    }
}

/// Whether it is asked where the trials are.
fn is_at_lambda(question: Question) -> bool {
    question.probe().scope == Scope::AtLambda && !question.is_over_sweep()
}
