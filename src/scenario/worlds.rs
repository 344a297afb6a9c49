//! What the worlds of a scenario ask of its rows, and where they cannot have it.

use super::Scenario;
use super::failure::BuildFailure;
use crate::catalog::Spec;
use crate::data::{Prepared, Resample, World};
use crate::math::random::{Purpose, stream};
use crate::world::{Ground, Worlds};

/// What a world makes the rows of an outer step of.
pub(super) struct Rows<'a> {
    pub scenario: &'a Scenario,
    pub data: Option<&'a Prepared>,
    pub weighs_rows: bool,
}

impl Rows<'_> {
    /// The worlds of a scenario, its own and its trials', that these rows cannot have.
    pub fn in_vain(&self) -> Vec<BuildFailure> {
        let trials = self.scenario.trials.iter().enumerate();
        let own = trials.filter_map(|(index, trial)| Some((format!("trials[{index}].world"), trial.world.as_ref()?)));
        let all = std::iter::once(("world".to_owned(), &self.scenario.world)).chain(own);
        all.filter_map(|(path, world)| self.unmet(&path, world)).collect()
    }

    /// Why these rows cannot have a world; `path` leads to it.
    pub fn unmet(&self, path: &str, world: &Spec<Worlds>) -> Option<BuildFailure> {
        if !world.entry().moves {
            return None;
        }
        let Some(data) = self.data else {
            let message = "this problem has no rows, which are the same at every outer step; expected `Fixed`";
            return Some(BuildFailure::at(path, message));
        };
        let population = population(self.scenario, data);
        let ground =
            Ground { split: &data.split, weighs_rows: self.weighs_rows, population: population.as_ref(), outer: 1 };
        let mut random = stream(self.scenario.seed, Purpose::World, &[ROWS, 0, 1]);
        (world.entry().split)(&world.knobs, &ground, &mut random).err().map(|message| BuildFailure::at(path, message))
    }
}

/// Which streams of [`Purpose::World`] are for what.
pub(super) const ROWS: u64 = 1;
pub(super) const START: u64 = 2;

/// Where new rows come from.
pub(super) fn population(scenario: &Scenario, data: &Prepared) -> Option<World> {
    World::of(scenario.data.as_ref()?, scenario.seed, Resample::Resplit, data).ok()
}
