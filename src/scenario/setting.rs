//! What a trial is made of.

use super::{InnerSpec, OuterSpec, Scenario, TrialSpec};
use crate::catalog::Spec;
use crate::data::display_text;
use crate::draw::Drawing;
use crate::ensemble::Policies;
use crate::estimator::Estimators;
use crate::population::Populations;
use crate::world::Worlds;

/// Estimator, inner and outer loop, batches and ensemble of a trial, all defaults resolved.
#[derive(Debug, Clone, PartialEq)]
pub struct Setting {
    /// Name on screen.
    pub name: String,
    /// How it estimates the hypergradient.
    pub estimator: Spec<Estimators>,
    /// The inner loop.
    pub inner: InnerSpec,
    /// The outer loop.
    pub outer: OuterSpec,
    /// Where its batches come from.
    pub draws: Drawing,
    /// Which rows an outer step sees, and where it starts.
    pub world: Spec<Worlds>,
    /// How rows are divided among members.
    pub ensemble: Spec<Policies>,
    /// Its students: how many, and where they start.
    pub population: Spec<Populations>,
}

impl Setting {
    /// A trial of a scenario, with the scenario's inner and outer loop where it says nothing else.
    #[must_use]
    pub fn of(trial: &TrialSpec, scenario: &Scenario) -> Self {
        Self {
            name: trial.name.as_deref().map(display_text).unwrap_or_else(|| trial.estimator.card().name.to_owned()),
            estimator: trial.estimator.clone(),
            inner: trial.inner.clone().unwrap_or_else(|| scenario.inner.clone()),
            outer: trial.outer.clone().unwrap_or_else(|| scenario.outer.clone()),
            draws: trial.draws.clone().unwrap_or_else(|| scenario.draws.clone()),
            world: trial.world.clone().unwrap_or_else(|| scenario.world.clone()),
            ensemble: trial.ensemble.clone().unwrap_or_else(|| scenario.ensemble.clone()),
            population: trial.population.clone().unwrap_or_else(|| scenario.population.clone()),
        }
    }

    /// Whether every outer step is about other rows than the one before.
    #[must_use]
    pub fn rows_move(&self) -> bool {
        self.ensemble.entry().is_fresh || self.world.entry().moves
    }

    /// How many students it has.
    #[must_use]
    pub fn students(&self) -> usize {
        (self.population.entry().students)(&self.population.knobs)
    }

    /// The setting as a scenario spells it: what is as the scenario says is left to it, so that a change of the
    /// scenario's own loops reaches every trial that has none of its own.
    #[must_use]
    pub fn spec(&self, scenario: &Scenario) -> TrialSpec {
        TrialSpec {
            name: Some(self.name.clone()),
            estimator: self.estimator.clone(),
            inner: (self.inner != scenario.inner).then(|| self.inner.clone()),
            outer: (self.outer != scenario.outer).then(|| self.outer.clone()),
            draws: (self.draws != scenario.draws).then(|| self.draws.clone()),
            world: (self.world != scenario.world).then(|| self.world.clone()),
            ensemble: (self.ensemble != scenario.ensemble).then(|| self.ensemble.clone()),
            population: (self.population != scenario.population).then(|| self.population.clone()),
        }
    }
}
