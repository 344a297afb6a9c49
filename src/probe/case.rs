//! What a probe is run on: an experiment, the trials to measure, and how much to measure.

use std::fmt;
use std::sync::Arc;

use super::{Finding, ProbeError, refuse};
use crate::catalog::Knobs;
use crate::math::number::counted;
use crate::problem::Stop;
use crate::scenario::{BuildFailure, Experiment, Files, Scenario, Setting, Sweep, TrialSpec, experiment, vary};
use crate::trial::{Loops, Stage, Students};

/// A trial to measure, and where.
#[derive(Debug, Clone, PartialEq)]
pub struct Subject {
    /// Identifier, which seeds its streams.
    pub id: u64,
    /// Estimator, loops and ensemble.
    pub setting: Setting,
    /// λ, the dynamics' entries included; `None` for the start.
    pub lambda: Option<Arc<[f64]>>,
    /// The trial where it stands, for a probe that measures it there.
    pub stance: Option<Stance>,
}

/// A copy of a trial's loops at one moment.
#[derive(Clone)]
pub struct Stance(Arc<Loops>);

impl Stance {
    /// As they are now.
    #[must_use]
    pub fn of(loops: &Loops) -> Self {
        Self(Arc::new(loops.clone()))
    }

    /// A copy to go on with.
    #[must_use]
    pub(super) fn loops(&self) -> Loops {
        (*self.0).clone()
    }

    /// When: outer steps completed, and inner steps taken since.
    #[must_use]
    pub fn moment(&self) -> (usize, usize) {
        (self.0.outer(), self.0.inner())
    }
}

impl fmt::Debug for Stance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Stance at {:?}", self.moment())
    }
}

/// The same copy.
impl PartialEq for Stance {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

/// What a probe is asked to measure.
#[derive(Clone)]
pub struct Case<'a> {
    /// What the scenario is called where it came from: an identifier or a path.
    pub name: &'a str,
    /// What all trials start from; the seed of its scenario is the first replicate's.
    pub experiment: Arc<Experiment>,
    /// The trials to measure. Those of the experiment's scenario are only what a laboratory began with.
    pub subjects: Vec<Subject>,
    /// The probe's own knobs.
    pub knobs: &'a Knobs,
    /// A value of the scenario to vary, for probes that can.
    pub sweep: Option<&'a Sweep>,
    /// Reads the files that the scenario names.
    pub files: &'a (dyn Files + Sync),
    /// Hears what is known so far of a finding that grows, where somebody watches.
    pub so_far: Option<&'a SoFar<'a>>,
}

/// Hears what is known so far. It never changes what is found.
pub type SoFar<'a> = dyn Fn(Box<dyn Finding>) + Sync + 'a;

impl Subject {
    /// The trials of a scenario at the start, under the identifiers that a laboratory would give them.
    #[must_use]
    pub fn all(scenario: &Scenario) -> Vec<Self> {
        let subject = |(id, trial)| Self { id, setting: Setting::of(trial, scenario), lambda: None, stance: None };
        (0..).zip(&scenario.trials).map(subject).collect()
    }

    /// Its two loops, at their λ and before the first inner step.
    pub(super) fn loops(&self, stage: &Arc<Stage>) -> Loops {
        let loops = Loops::new(self.id, self.setting.clone(), stage);
        match &self.lambda {
            Some(lambda) => loops.at(lambda),
            None => loops,
        }
    }

    /// The same of all its students, with runs of so many steps.
    pub(super) fn students_over(&self, stage: &Arc<Stage>, steps: usize) -> Students {
        let mut subject = self.clone();
        subject.setting.inner.steps = steps;
        Students::of(subject.loops(stage))
    }

    /// The trial as the scenario wrote it, unless it came later.
    fn written<'a>(&self, scenario: &'a Scenario) -> Option<&'a TrialSpec> {
        scenario.trials.get(usize::try_from(self.id).ok()?)
    }

    /// The trial as it is set, as a scenario spells it. What was written and never turned stays as it was written:
    /// it may follow the scenario or not.
    fn spec(&self, scenario: &Scenario) -> TrialSpec {
        let written = self.written(scenario).filter(|written| Setting::of(written, scenario) == self.setting);
        written.cloned().unwrap_or_else(|| self.setting.spec(scenario))
    }
}

impl<'a> Case<'a> {
    /// The trials of a scenario, at the start.
    ///
    /// # Errors
    /// When the scenario cannot be built.
    pub fn of(
        name: &'a str,
        scenario: &Scenario,
        files: &'a (dyn Files + Sync),
        knobs: &'a Knobs,
    ) -> Result<Self, BuildFailure> {
        let experiment = Arc::new(experiment(scenario, files)?);
        Ok(Self { name, experiment, subjects: Subject::all(scenario), knobs, sweep: None, files, so_far: None })
    }

    /// The same, which ends when `stop` is set: within an inner step, or one exact answer.
    #[must_use]
    pub fn until(self, stop: &Stop) -> Self {
        Self { experiment: Arc::new((*self.experiment).clone().until(stop)), ..self }
    }

    /// Shows what is known so far, where somebody watches.
    pub(super) fn publish<T: Finding>(&self, finding: impl FnOnce() -> T) {
        if let Some(so_far) = self.so_far {
            so_far(Box::new(finding()));
        }
    }

    /// What the experiment was built from.
    #[must_use]
    pub fn scenario(&self) -> &Scenario {
        &self.experiment.scenario
    }

    /// A trial, with all its students, before an inner run of so many steps.
    #[must_use]
    pub fn outer_step(&self, trial: u64, steps: usize) -> Option<Students> {
        let subject = self.subjects.iter().find(|subject| subject.id == trial)?;
        Some(subject.students_over(&Arc::new(Stage::of(&self.experiment)), steps))
    }

    /// Seeds of so many replicates: the scenario's, and those that follow it.
    #[must_use]
    pub fn seeds(&self, count: usize) -> Vec<u64> {
        (0..count as u64).map(|k| self.scenario().seed.wrapping_add(k)).collect()
    }

    /// The experiment with another seed: whatever the scenario draws is drawn anew.
    ///
    /// # Errors
    /// When the scenario cannot be built with it.
    pub fn with_seed(&self, seed: u64) -> Result<Arc<Experiment>, BuildFailure> {
        if seed == self.scenario().seed {
            return Ok(Arc::clone(&self.experiment));
        }
        let scenario = Scenario { seed, ..self.scenario().clone() };
        Ok(Arc::new(experiment(&scenario, self.files)?.until(&self.experiment.stop)))
    }

    /// The case with one value of its scenario replaced, every trial at the start. What the scenario says for all
    /// trials reaches each that it gives nothing of its own, wherever its knobs were turned since.
    ///
    /// # Errors
    /// When the path or the value does not fit, or makes other trials.
    pub(super) fn with(&self, path: &str, value: &str) -> Result<Self, ProbeError> {
        let change =
            |scenario: &Scenario, path: &str| vary(scenario, &format!("{path}={value}")).map_err(ProbeError::Refused);
        let trials: Vec<TrialSpec> = self.subjects.iter().map(|subject| subject.spec(self.scenario())).collect();
        let mut scenario = change(&Scenario { trials, ..self.scenario().clone() }, path)?;
        let (now, before) = (scenario.trials.len(), self.subjects.len());
        if now != before {
            return refuse(&format!("`{path}={value}` makes {} of {before}; expected as many", counted(now, "trial")));
        }
        let part = path.split('.').next().unwrap_or_default();
        for (place, subject) in self.subjects.iter().enumerate() {
            let is_its_own = subject.written(self.scenario()).is_some_and(|written| written.has_own(part));
            if !is_its_own && scenario.trials[place].has_own(part) {
                scenario = change(&scenario, &format!("trials[{place}].{path}"))?;
            }
        }
        let mut case = Self { sweep: None, ..Self::of(self.name, &scenario, self.files, self.knobs)? }
            .until(&self.experiment.stop);
        for (subject, original) in case.subjects.iter_mut().zip(&self.subjects) {
            subject.id = original.id;
        }
        Ok(case)
    }
}
