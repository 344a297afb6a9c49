//! What the methods of a scenario ask of its problem, and where the problem does not have it.

use super::failure::BuildFailure;
use super::{InnerSpec, Scenario};
use crate::catalog::{Card, Spec};
use crate::estimator::Estimators;
use crate::problem::{Problem, Requirement};

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

    pub(super) fn by_estimator(&self, path: &str, spec: &Spec<Estimators>) -> Option<BuildFailure> {
        let requirement = (spec.entry().build)(&spec.knobs).requires()?;
        self.unmet(&format!("{path}estimator"), spec.card(), requirement)
    }

    pub(super) fn by_dynamics(&self, path: &str, inner: &InnerSpec) -> Option<BuildFailure> {
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
