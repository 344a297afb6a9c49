//! One measurement of a lab, as a value that any thread can carry out. It takes copies of settings and λ
//! and draws from streams of its own, so that the lab is the same after it to the last bit.

use std::sync::Arc;

use super::Lab;
use super::findings::{Findings, Measured, Moment, Newer, Standing, Survey};
use crate::catalog::Knobs;
use crate::math::vector::is_same_bits;
use crate::probe::bias_variance::{BiasVariance, Plan, Subject, SweepFinding, measure, run_sweep};
use crate::probe::excess_error::{self, ExcessError};
use crate::probe::overfitting::{self, Overfitting};
use crate::probe::{self, ProbeError, Request, Watcher, refuse};
use crate::scenario::{Experiment, Files, Scenario, Sweep, TrialSpec};
use crate::trial::{Setting, Trial};

/// A measurement to be carried out.
#[derive(Clone)]
pub struct Task {
    survey: Survey,
    experiment: Arc<Experiment>,
    plan: Plan,
    taken: Moment,
    scope: Arc<Scope>,
}

/// What a measurement is about.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Scope {
    problem: Knobs,
    /// Whether the outer loop enters what is measured.
    with_outer: bool,
    subjects: Vec<Subject>,
}

/// What a measurement came to.
pub enum Found {
    /// Bias and variance.
    BiasVariance(BiasVariance),
    /// Bias and variance over the values of a sweep.
    Sweep(SweepFinding),
    /// Whole runs with several seeds.
    Overfitting(Overfitting),
    /// What risk whole runs leave over.
    ExcessError(ExcessError),
}

impl Task {
    /// A survey of a lab as it is now.
    ///
    /// # Errors
    /// When the lab shows nothing to measure, or its scenario names no sweep.
    pub fn new(survey: Survey, lab: &Lab, plan: Plan, taken: Moment) -> Result<Self, ProbeError> {
        let scenario = &lab.experiment().scenario;
        if survey == Survey::Sweep && scenario.study.sweep.is_none() {
            return refuse(
                "this scenario names no values to sweep; expected the field `study.sweep`, such as \
                 `study: Study(sweep: Sweep(path: \"inner.steps\", values: [\"1\", \"10\", \"100\"]))`",
            );
        }
        let scope = Scope::of(survey, lab);
        if scope.subjects.is_empty() {
            return refuse("there is no trial to measure; add one, or show one that is hidden");
        }
        Ok(Self { survey, experiment: Arc::clone(lab.experiment()), plan, taken, scope: Arc::new(scope) })
    }

    /// What is measured.
    #[must_use]
    pub fn survey(&self) -> Survey {
        self.survey
    }

    /// Carries it out.
    ///
    /// # Errors
    /// When this cannot be measured on this scenario, or the watcher stops it.
    pub fn run(&self, files: &(dyn Files + Sync), watcher: &mut Watcher<'_>) -> Result<Found, ProbeError> {
        let scenario = &self.experiment.scenario;
        let name = &scenario.title;
        if self.survey == Survey::BiasVariance {
            let found = measure(name, &self.experiment, &self.scope.subjects, self.plan, watcher);
            return found.map(Found::BiasVariance);
        }
        let sweep = scenario.study.sweep.as_ref().filter(|_| self.survey == Survey::Sweep);
        let scenario = self.scope.as_set(scenario, sweep);
        let knobs = match self.survey {
            Survey::Overfitting => probe::knobs(&overfitting::ENTRY, &scenario.study),
            Survey::ExcessError => probe::knobs(&excess_error::ENTRY, &scenario.study),
            _ => self.plan.knobs(),
        };
        let request = Request { name, scenario: &scenario, files, knobs: &knobs, sweep: None };
        match (self.survey, sweep) {
            (Survey::Overfitting, _) => {
                let mut found = overfitting::run(&request, watcher)?;
                let trials = found.trials.iter_mut().zip(&self.scope.subjects);
                trials.for_each(|(trial, subject)| trial.id = subject.id);
                Ok(Found::Overfitting(found))
            }
            (Survey::ExcessError, _) => excess_error::run(&request, watcher).map(Found::ExcessError),
            (_, Some(sweep)) => run_sweep(&request, sweep, watcher).map(|found| Found::Sweep(self.identified(found))),
            // `new` refuses a sweep of nothing.
            (_, None) => refuse("this scenario names no values to sweep"),
        }
    }

    /// Puts a result among the findings, as the latest.
    pub fn keep(&self, found: Found, findings: &mut Findings) {
        match found {
            Found::BiasVariance(finding) => findings.bias_variance = Some(self.measured(finding)),
            Found::Sweep(finding) => findings.sweep = Some(self.measured(finding)),
            Found::Overfitting(finding) => findings.overfitting = Some(self.measured(finding)),
            Found::ExcessError(finding) => findings.excess_error = Some(self.measured(finding)),
        }
    }

    /// Whether it is about what the lab shows now.
    #[must_use]
    pub fn standing(&self, lab: &Lab) -> Standing {
        self.scope.standing(lab)
    }

    /// How much it takes.
    #[must_use]
    pub fn plan(&self) -> Plan {
        self.plan
    }

    fn measured<T>(&self, finding: T) -> Measured<T> {
        Measured {
            finding: Arc::new(finding),
            taken: self.taken,
            standing: Standing::Current,
            newer: Newer::None,
            scope: Arc::clone(&self.scope),
        }
    }

    /// A sweep numbers its trials from 0; here they are called what the lab calls them.
    fn identified(&self, mut found: SweepFinding) -> SweepFinding {
        for point in &mut found.points {
            for (trial, subject) in point.finding.trials.iter_mut().zip(&self.scope.subjects) {
                trial.id = subject.id;
            }
        }
        found
    }
}

impl Scope {
    /// Bias and variance are those of the trials shown, where they are. A sweep starts at λ₀ and takes every
    /// trial, so that a path such as `trials[1].estimator.damping` means the same trial.
    fn of(survey: Survey, lab: &Lab) -> Self {
        let subject = |trial: &Trial| Subject {
            id: trial.id(),
            setting: trial.setting().clone(),
            lambda: (survey == Survey::BiasVariance).then(|| trial.lambda().into()),
        };
        let is_measured = |trial: &&Trial| survey != Survey::BiasVariance || !lab.is_hidden(trial.id());
        let with_outer = survey.takes_whole_runs();
        Self { problem: problem(lab), with_outer, subjects: lab.trials().filter(is_measured).map(subject).collect() }
    }

    /// How what was measured stands to the trials that a lab shows.
    pub(super) fn standing(&self, lab: &Lab) -> Standing {
        let shown = || lab.trials().filter(|trial| !lab.is_hidden(trial.id()));
        let subject_of = |trial: &Trial| self.subjects.iter().find(|subject| subject.id == trial.id());
        let is_same = |trial: &Trial| {
            subject_of(trial).is_some_and(|subject| self.measures_the_same(&subject.setting, trial.setting()))
        };
        let is_there = |trial: &Trial| {
            let lambda = subject_of(trial).and_then(|subject| subject.lambda.as_deref());
            lambda.is_none_or(|lambda| is_same_bits(lambda, trial.lambda()))
        };
        if self.problem != problem(lab) || !shown().all(is_same) {
            Standing::SettingChanged
        } else if shown().all(is_there) {
            Standing::Current
        } else {
            Standing::LambdaMoved
        }
    }

    /// The scenario with the trials as they are set now.
    fn as_set(&self, scenario: &Scenario, sweep: Option<&Sweep>) -> Scenario {
        let trials = self.subjects.iter().map(|subject| spec(subject, scenario, sweep)).collect();
        Scenario { trials, ..scenario.clone() }
    }

    /// Whether the same would be measured under both. The name does not enter it, and the outer loop only where
    /// whole runs are taken.
    fn measures_the_same(&self, a: &Setting, b: &Setting) -> bool {
        let is_same_outer = !self.with_outer || a.outer == b.outer;
        a.estimator == b.estimator && a.inner == b.inner && a.ensemble == b.ensemble && is_same_outer
    }
}

/// A trial as a scenario spells it. What is as the scenario says is left to it, so that a sweep of
/// `inner.steps` reaches every trial to which the scenario gives no inner loop of its own, wherever its steps
/// were turned to.
fn spec(subject: &Subject, scenario: &Scenario, sweep: Option<&Sweep>) -> TrialSpec {
    let setting = &subject.setting;
    let mut inner = setting.inner.clone();
    let written = usize::try_from(subject.id).ok().and_then(|id| scenario.trials.get(id));
    let has_own = written.is_some_and(|trial| trial.inner.is_some());
    if sweep.is_some_and(|sweep| sweep.path.trim() == "inner.steps") && !has_own {
        inner.steps = scenario.inner.steps;
    }
    TrialSpec {
        name: Some(setting.name.clone()),
        estimator: setting.estimator.clone(),
        inner: (inner != scenario.inner).then(|| setting.inner.clone()),
        outer: (setting.outer != scenario.outer).then(|| setting.outer.clone()),
        ensemble: (setting.ensemble != scenario.ensemble).then(|| setting.ensemble.clone()),
    }
}

fn problem(lab: &Lab) -> Knobs {
    lab.experiment().scenario.problem.knobs.clone()
}
