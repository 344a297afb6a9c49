//! What a measurement rests on, and whether a lab still shows it.

use std::sync::Arc;

use super::Lab;
use super::place::{Place, Terms};
use crate::math::number::plain;
use crate::math::vector::{is_same_bits, norm};
use crate::probe::{Question, Scope, Stance, Subject};
use crate::scenario::{Experiment, Setting};
use crate::trial::Trial;

/// The experiment and the trials of a lab, copied at the moment of a question.
#[derive(Clone)]
pub(super) struct Basis {
    question: Question,
    pub(super) experiment: Arc<Experiment>,
    pub(super) subjects: Vec<Subject>,
    /// Whose λ all were measured at, where it is that of a trial.
    owner: Option<Owner>,
    /// Whether the problem's λ is held, and the dynamics' moves: its numbers say nothing then of where trials were.
    holds_problem: bool,
}

/// The trial at whose λ all were measured.
#[derive(Clone)]
struct Owner {
    id: u64,
    name: String,
    /// Outer steps that it had completed.
    outer: usize,
    /// The problem's entries of its λ.
    lambda: Arc<[f64]>,
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
    /// Where inner runs at one λ are measured, every trial shown is. Whole runs and sweeps start at λ₀ and take every
    /// trial, so that a path such as `trials[1].estimator.damping` means the same trial whatever is hidden.
    pub(super) fn of(question: Question, lab: &Lab, Terms { knobs, place }: &Terms) -> Self {
        let (is_here, place) = (is_at_lambda(question), *place);
        let stands = is_here && (question.probe().stands)(knobs);
        let owner = Owner::of(lab, place).filter(|_| is_here);
        let lambda = |trial: &Trial| match (&owner, place) {
            (Some(owner), _) => Some(owner.lambda_for(trial)),
            (None, Place::Each) if is_here => Some(trial.lambda().into()),
            (None, _) => None,
        };
        let subject = |trial: &Trial| Subject {
            id: trial.id(),
            setting: trial.setting().clone(),
            lambda: lambda(trial),
            stance: stands.then(|| Stance::of(trial.loops())),
        };
        let is_measured = |trial: &&Trial| !is_here || !lab.is_hidden(trial.id());
        let subjects = lab.trials().filter(is_measured).map(subject).collect();
        let is_held = |trial: &Trial| {
            let own = trial.loops().own_lambda().len();
            trial.lambda().len() > own && trial.loops().blocks().scales().take(own).all(|scale| scale == 0.0)
        };
        let holds_problem = lab.trials().filter(is_measured).any(is_held);
        Self { question, experiment: Arc::clone(lab.experiment()), subjects, owner, holds_problem }
    }

    /// How it stands to the trials that a lab shows. What was measured at λ₀ is about λ₀ wherever the trials are.
    pub(super) fn standing(&self, lab: &Lab) -> Standing {
        let shown = || lab.trials().filter(|trial| !lab.is_hidden(trial.id()));
        let is_same = |trial: &Trial| {
            self.subject(trial.id()).is_some_and(|subject| self.measures_the_same(&subject.setting, trial.setting()))
        };
        let owner = self.owner.as_ref().map(|owner| (owner, lab.trial(owner.id)));
        let is_there = |trial: &Trial| {
            let stance = self.subject(trial.id()).and_then(|subject| subject.stance.as_ref());
            let lambda = self.subject(trial.id()).and_then(|subject| subject.lambda.as_deref());
            let now: Arc<[f64]> = match owner {
                Some((_, Some(now))) => Owner::new(now).lambda_for(trial),
                _ => trial.lambda().into(),
            };
            let is_at_its_moment =
                stance.is_none_or(|stance| stance.moment() == (trial.outer(), trial.loops().inner()));
            is_at_its_moment && lambda.is_none_or(|lambda| is_same_bits(lambda, &now))
        };
        let is_owner_gone = owner.is_some_and(|(_, now)| now.is_none());
        if !self.has_same_stage(lab.experiment()) || is_owner_gone || !shown().all(is_same) {
            Standing::SettingChanged
        } else if shown().all(is_there) {
            Standing::Current
        } else {
            Standing::LambdaMoved
        }
    }

    /// Where the trials were measured, in the words of a title: `at λ₀`.
    pub(super) fn place(&self) -> String {
        match (&self.owner, self.is_at_one_lambda()) {
            _ if !is_at_lambda(self.question) => "from λ₀".to_owned(),
            (Some(owner), _) => format!("at λ of {} (outer step {})", owner.name, owner.outer),
            (None, true) if self.is_at_start() => "at λ₀".to_owned(),
            (None, true) => "at one λ".to_owned(),
            (None, false) => "each at its own λ".to_owned(),
        }
    }

    /// The same with λ itself, as far as it is few numbers.
    pub(super) fn place_with_lambda(&self) -> String {
        let place = self.place();
        match (&self.owner, self.is_at_one_lambda()) {
            _ if !is_at_lambda(self.question) || self.holds_problem => place,
            (Some(owner), _) => format!("{place}: {}", named("λ", &owner.lambda)),
            (None, true) if self.is_at_start() => place.replace("λ₀", &start(&self.experiment.lambda)),
            (None, true) => format!("{place}: {}", named("λ", self.own(0))),
            (None, false) => place,
        }
    }

    /// The same for trials beside one another, with what follows for comparing them; nothing of whole runs, which begin
    /// at λ₀.
    pub(super) fn place_of_all(&self) -> Option<String> {
        if !is_at_lambda(self.question) {
            return None;
        }
        Some(if self.is_at_one_lambda() {
            format!("all {}", self.place_with_lambda())
        } else {
            "each trial at its own λ: bars differ by where trials are as well as by what they are".to_owned()
        })
    }

    pub(super) fn subject(&self, id: u64) -> Option<&Subject> {
        self.subjects.iter().find(|subject| subject.id == id)
    }

    /// The problem's entries of the λ of a subject. Trials with outer variables of their own have a longer one.
    fn own(&self, subject: usize) -> &[f64] {
        let start = &self.experiment.lambda[..];
        let lambda = self.subjects.get(subject).and_then(|subject| subject.lambda.as_deref());
        lambda.and_then(|lambda| lambda.get(..start.len())).unwrap_or(start)
    }

    fn is_at_one_lambda(&self) -> bool {
        (1..self.subjects.len()).all(|subject| is_same_bits(self.own(subject), self.own(0)))
    }

    fn is_at_start(&self) -> bool {
        is_same_bits(self.own(0), &self.experiment.lambda)
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

impl Owner {
    /// The trial that is meant, where one is: the first, if it is not there.
    fn of(lab: &Lab, place: Place) -> Option<Self> {
        let Place::Of(id) = place else { return None };
        let trial = id.and_then(|id| lab.trial(id)).or_else(|| lab.trials().next())?;
        Some(Self::new(trial))
    }

    fn new(trial: &Trial) -> Self {
        Self {
            id: trial.id(),
            name: trial.setting().name.clone(),
            outer: trial.outer(),
            lambda: trial.loops().own_lambda().into(),
        }
    }

    /// The λ to measure a trial at: the problem's entries are shared, those of the trial's own dynamics stay its own.
    fn lambda_for(&self, trial: &Trial) -> Arc<[f64]> {
        let rest = trial.lambda().get(self.lambda.len()..).unwrap_or_default();
        self.lambda.iter().chain(rest).copied().collect()
    }
}

/// Entries of λ that are spelled out; of more the length is said.
const FEW: usize = 3;

fn named(name: &str, lambda: &[f64]) -> String {
    match lambda {
        [value] => format!("{name} = {}", plain(*value)),
        values if values.len() <= FEW => {
            let values: Vec<String> = values.iter().map(|value| plain(*value)).collect();
            format!("{name} = ({})", values.join(", "))
        }
        values => format!("‖{name}‖ = {}", plain(norm(values))),
    }
}

/// λ₀, with its entries where they are few.
fn start(lambda: &[f64]) -> String {
    if lambda.len() <= FEW { named("λ₀", lambda) } else { "λ₀".to_owned() }
}

/// Whether inner runs at one λ are asked for.
pub(super) fn is_at_lambda(question: Question) -> bool {
    question.probe().scope == Scope::AtLambda && !question.is_over_sweep()
}
