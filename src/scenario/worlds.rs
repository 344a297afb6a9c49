//! Which rows the worlds of a scenario make an outer step of, and where they cannot.

use std::sync::Arc;

use super::Scenario;
use super::failure::BuildFailure;
use crate::catalog::Spec;
use crate::data::{Prepared, Resample, Split, SplitRule, World};
use crate::math::random::{Purpose, stream};
use crate::problem::Problem;
use crate::world::{Ground, Worlds};

/// What a world makes the rows of an outer step of.
pub(super) struct Rows<'a> {
    pub scenario: &'a Scenario,
    pub data: Option<&'a Prepared>,
    pub problem: &'a dyn Problem,
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
        let population = || population(self.scenario, data).map(Arc::new);
        let later = || later(self.scenario, data, 1);
        let about_rows = self.problem.is_about_rows();
        let ground = Ground { split: &data.split, about_rows, population: &population, later: &later, outer: 1 };
        // The very rows that a run sees at its second outer step.
        moved(world, &ground, self.scenario.seed, (0, &[])).err().map(|message| BuildFailure::at(path, message))
    }
}

/// Which streams of [`Purpose::World`] are for what.
const ROWS: u64 = 1;
pub(super) const START: u64 = 2;

/// The rows of a task at an outer step in a world that moves. `replicate` tells the streams of replicates apart.
pub(super) fn moved(
    world: &Spec<Worlds>,
    ground: &Ground<'_>,
    seed: u64,
    (task, replicate): (usize, &[u64]),
) -> Result<Split, String> {
    let place = [&[ROWS, task as u64, ground.outer as u64], replicate].concat();
    (world.entry().split)(&world.knobs, ground, &mut stream(seed, Purpose::World, &place))
}

/// Where new rows come from.
pub(super) fn population(scenario: &Scenario, data: &Prepared) -> Option<World> {
    World::of(scenario.data.as_ref()?, scenario.seed, Resample::Resplit, data).ok()
}

/// The rows of a stream so many blocks later; nothing where the scenario's rows are none.
pub(super) fn later(scenario: &Scenario, data: &Prepared, shift: usize) -> Option<Result<Split, String>> {
    let spec = scenario.data.as_ref().filter(|spec| matches!(spec.split, SplitRule::Stream { .. }))?;
    Some(data.later(spec, shift).map_err(|error| error.message))
}
