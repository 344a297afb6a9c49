//! What the methods of a scenario ask of its problem, and where the problem does not have it.

use super::{BuildFailure, Experiment, InnerSpec, Scenario};
use crate::catalog::{Card, Spec};
use crate::estimator::Estimators;
use crate::problem::{Problem, Requirement};

/// Whether the problem has what an estimator and an inner loop ask of it.
///
/// # Errors
/// The first thing that it has not, with the knob that asks for it and what would work.
pub fn check_requirements(
    estimator: &Spec<Estimators>,
    inner: &InnerSpec,
    experiment: &Experiment,
) -> Result<(), BuildFailure> {
    let asked = Asked { scenario: &experiment.scenario, problem: &*experiment.problem, lambda: &experiment.lambda };
    match asked.by_estimator("", estimator).or_else(|| asked.by_dynamics("", inner)) {
        Some(failure) => Err(failure),
        None => Ok(()),
    }
}

/// The problem that is asked, and where.
pub(super) struct Asked<'a> {
    pub scenario: &'a Scenario,
    pub problem: &'a dyn Problem,
    pub lambda: &'a [f64],
}

impl Asked<'_> {
    /// What the trials of the scenario ask for in vain. A loop that trials share is told of once.
    pub fn in_vain(&self) -> Vec<BuildFailure> {
        let mut failures = Vec::new();
        if self.scenario.trials.iter().any(|trial| trial.inner.is_none()) {
            failures.extend(self.by_dynamics("", &self.scenario.inner));
        }
        for (index, trial) in self.scenario.trials.iter().enumerate() {
            let path = format!("trials[{index}].");
            failures.extend(self.by_estimator(&path, &trial.estimator));
            failures.extend(trial.inner.as_ref().and_then(|inner| self.by_dynamics(&path, inner)));
        }
        failures
    }

    fn by_estimator(&self, path: &str, spec: &Spec<Estimators>) -> Option<BuildFailure> {
        let requirement = (spec.entry().build)(&spec.knobs).requires()?;
        self.unmet(&format!("{path}estimator"), spec.card(), requirement)
    }

    fn by_dynamics(&self, path: &str, inner: &InnerSpec) -> Option<BuildFailure> {
        let spec = &inner.dynamics;
        let requirement = (spec.entry().build)(&spec.knobs).requires()?;
        self.unmet(&format!("{path}inner.dynamics"), spec.card(), requirement)
    }

    fn unmet(&self, path: &str, method: &Card, requirement: Requirement) -> Option<BuildFailure> {
        if requirement.is_met(self.problem, self.lambda) {
            return None;
        }
        let Requirement { capability, knob, instead } = requirement;
        let (method, problem) = (method.ron_name(), self.scenario.problem.card().ron_name());
        let message = format!("`{method}` needs {capability}, which `{problem}` does not have; {instead}");
        Some(BuildFailure::at(format!("{path}.{knob}"), message))
    }
}
