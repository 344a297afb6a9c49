//! What the trials of a scenario ask of its problem and of λ, and where they cannot have it.

use std::sync::Arc;

use super::failure::BuildFailure;
use super::{Declared, InnerSpec, OuterSpec, Scenario};
use crate::catalog::{Card, Kind, Knobs, Spec, Value};
use crate::estimator::{self, Estimators, Planned};
use crate::inner::{self, Dynamics};
use crate::problem::{ByKnob, Oracle, Problem, Requirement};

/// The problem that is asked, and where.
pub(super) struct Asked<'a> {
    pub scenario: &'a Scenario,
    pub problem: &'a Arc<dyn Problem>,
    pub lambda: &'a [f64],
}

impl Asked<'_> {
    /// What the trials of the scenario ask for in vain. A loop that trials share is told of once.
    pub fn in_vain(&self) -> Vec<BuildFailure> {
        let mut failures = Vec::new();
        let inner = |index: usize| self.scenario.trials[index].inner.as_ref().unwrap_or(&self.scenario.inner);
        if self.scenario.trials.iter().any(|trial| trial.inner.is_none()) {
            failures.extend(self.by_dynamics("", &self.scenario.inner));
        }
        for (index, trial) in self.scenario.trials.iter().enumerate() {
            let path = format!("trials[{index}].");
            failures.extend(self.by_estimator(&path, &trial.estimator));
            failures.extend(self.unplanned(&path, &trial.estimator, inner(index)));
            failures.extend(trial.inner.as_ref().and_then(|inner| self.by_dynamics(&path, inner)));
        }
        failures.extend(self.blocks());
        failures
    }

    /// What cannot be done with blocks of λ.
    fn blocks(&self) -> Vec<BuildFailure> {
        let mut failures: Vec<BuildFailure> = Vec::new();
        let inner = |index: usize| self.scenario.trials[index].inner.as_ref().unwrap_or(&self.scenario.inner);
        let mut look = |path: &str, outer: &OuterSpec, trials: &[usize]| {
            let mut known = Vec::new();
            for &index in trials {
                let declared = self.declared(inner(index));
                known.extend(declared.problem.iter().chain(&declared.dynamics).map(|block| block.name));
                failures.extend(self.of_blocks(path, outer, inner(index)));
            }
            known.sort_unstable();
            known.dedup();
            failures.extend(if trials.is_empty() {
                Vec::new()
            } else {
                outer.unknown_blocks(&known, path, |name| self.bringing(name))
            });
        };
        let all = 0..self.scenario.trials.len();
        let (own, shared): (Vec<_>, Vec<_>) = all.partition(|index| self.scenario.trials[*index].outer.is_some());
        look("outer", &self.scenario.outer, &shared);
        for index in own {
            if let Some(outer) = &self.scenario.trials[index].outer {
                look(&format!("trials[{index}].outer"), outer, &[index]);
            }
        }
        // Trials that share a loop mostly share what is wrong with it.
        failures.dedup();
        failures
    }

    /// The dynamics, as a scenario spells them, that bring a block of this name along, under some choice of their knobs.
    fn bringing(&self, name: &str) -> Option<String> {
        let oracle = Oracle::new(Arc::clone(self.problem));
        let has = |card: &Card, build: fn(&Knobs) -> Box<dyn Dynamics>| {
            let defaults = Knobs::defaults(card.knobs);
            let chosen = card.knobs.iter().filter_map(|knob| match knob.kind {
                Kind::Choice { options } => Some((knob, options)),
                _ => None,
            });
            let chosen = chosen.flat_map(|(knob, options)| options.iter().map(|option| (knob.key, option.0)));
            let chosen = chosen.map(|(key, option)| defaults.clone().with(key, Value::Choice(option)));
            std::iter::once(defaults.clone())
                .chain(chosen)
                .any(|knobs| build(&knobs).blocks(&oracle, self.lambda).iter().any(|block| block.name == name))
        };
        inner::ALL.iter().find(|entry| has(&entry.card, entry.build)).map(|entry| entry.card.ron_name())
    }

    pub(super) fn of_blocks(&self, path: &str, outer: &OuterSpec, inner: &InnerSpec) -> Vec<BuildFailure> {
        outer.block_mistakes(&self.declared(inner), self.scenario.seed, path)
    }

    /// The blocks of λ under an inner loop.
    pub fn declared(&self, inner: &InnerSpec) -> Declared {
        let dynamics = (inner.dynamics.entry().build)(&inner.dynamics.knobs);
        let dynamics = dynamics.blocks(&Oracle::new(Arc::clone(self.problem)), self.lambda);
        Declared { problem: self.problem.blocks(), dynamics }
    }

    pub(super) fn by_estimator(&self, path: &str, spec: &Spec<Estimators>) -> Option<BuildFailure> {
        let asked = (spec.entry().build)(&spec.knobs).requires();
        let others = estimator::ALL.iter().map(|entry| {
            let requires = (entry.build)(&Knobs::defaults(entry.card.knobs)).requires();
            (&entry.card, requires)
        });
        self.unmet(&format!("{path}estimator"), spec.card(), asked, others)
    }

    pub(super) fn by_dynamics(&self, path: &str, inner: &InnerSpec) -> Option<BuildFailure> {
        let spec = &inner.dynamics;
        let asked = (spec.entry().build)(&spec.knobs).requires();
        let others = inner::ALL.iter().map(|entry| {
            let requires = (entry.build)(&Knobs::defaults(entry.card.knobs)).requires();
            (&entry.card, requires)
        });
        self.unmet(&format!("{path}inner.dynamics"), spec.card(), asked, others).or_else(|| {
            let (knob, message) = (spec.entry().build)(&spec.knobs).mistake(inner.steps)?;
            Some(BuildFailure::at(format!("{path}inner.dynamics.{knob}"), message))
        })
    }

    /// Why an estimator cannot watch the inner runs of its trial.
    pub(super) fn unplanned(&self, path: &str, spec: &Spec<Estimators>, inner: &InnerSpec) -> Option<BuildFailure> {
        let learned = self.declared(inner).dynamics.iter().map(|block| block.entries.len()).sum();
        let planned = Planned { steps: inner.steps, learned };
        let (knob, message) = (spec.entry().build)(&spec.knobs).mistake(planned)?;
        Some(BuildFailure::at(format!("{path}estimator.{knob}"), message))
    }

    /// The first thing that a method asks for in vain. Where the method itself asks and none of its knobs, one of the
    /// `others` is named that does not.
    fn unmet<'c>(
        &self,
        path: &str,
        method: &Card,
        asked: &[Requirement],
        mut others: impl Iterator<Item = (&'c Card, &'static [Requirement])>,
    ) -> Option<BuildFailure> {
        let is_unmet = |requirement: &&Requirement| !requirement.is_met(self.problem.as_ref(), self.lambda);
        let requirement = asked.iter().find(is_unmet)?;
        let by = &requirement.by;
        let (path, instead) = match by {
            Some(ByKnob { knob, instead }) => (format!("{path}.{knob}"), (*instead).to_owned()),
            None => {
                let other = others.find(|(_, requires)| requires.iter().all(|other| !is_unmet(&other)));
                let other = other.map_or_else(String::new, |(card, _)| format!(", such as `{}`", card.ron_name()));
                (path.to_owned(), format!("choose another one{other}"))
            }
        };
        let lack = self.in_words(method, requirement);
        Some(BuildFailure::at(path, format!("{lack}; {instead}")))
    }

    /// What an estimator asks for in vain, without what would do instead: for whoever looks at all of them.
    pub(super) fn lacks(&self, spec: &Spec<Estimators>) -> Option<String> {
        let asked = (spec.entry().build)(&spec.knobs).requires();
        let is_unmet = |requirement: &&Requirement| !requirement.is_met(self.problem.as_ref(), self.lambda);
        asked.iter().find(is_unmet).map(|requirement| self.in_words(spec.card(), requirement))
    }

    fn in_words(&self, method: &Card, requirement: &Requirement) -> String {
        let (method, problem) = (method.ron_name(), self.scenario.problem.card().ron_name());
        format!("`{method}` needs {}, which `{problem}` does not have", requirement.capability)
    }
}
