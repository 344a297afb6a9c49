//! Which rows an outer step of an experiment sees, and where its inner runs start.

use std::sync::Arc;

use super::build::Experiment;
use super::worlds::{ROWS, START, population};
use super::{Setting, start};
use crate::data::{Split, World};
use crate::math::random::{Purpose, stream};
use crate::problem::Problem;
use crate::world::Ground;

impl Experiment {
    /// Where rows like these come from, where they are no tasks.
    #[must_use]
    pub fn population(&self) -> Option<World> {
        population(&self.scenario, self.data.as_deref()?)
    }

    /// The rows of every task at an outer step in the world of a setting, given the scenario's own; nothing where they are
    /// those. `replicate` tells the streams of replicates apart.
    ///
    /// # Errors
    /// Why there are none.
    pub fn splits_at(
        &self,
        setting: &Setting,
        own: &[Split],
        (outer, replicate): (usize, &[u64]),
        population: impl FnOnce() -> Option<Arc<World>>,
    ) -> Result<Option<Vec<Split>>, String> {
        let world = setting.world.entry();
        if outer == 0 || !world.moves || own.is_empty() {
            return Ok(None);
        }
        let population = population();
        let weighs_rows = self.problem.row_weights(&self.lambda).is_some();
        let split = |(task, split): (usize, &Split)| {
            let place = [&[ROWS, task as u64, outer as u64], replicate].concat();
            let mut random = stream(self.scenario.seed, Purpose::World, &place);
            let ground = Ground { split, weighs_rows, population: population.as_deref(), outer };
            (world.split)(&setting.world.knobs, &ground, &mut random)
        };
        own.iter().enumerate().map(split).collect::<Result<_, _>>().map(Some)
    }

    /// θ₀ of an outer step in the world of a setting; nothing where it is the scenario's own.
    #[must_use]
    pub fn start_at(
        &self,
        setting: &Setting,
        problem: &Arc<dyn Problem>,
        (outer, replicate): (usize, &[u64]),
    ) -> Option<Vec<f64>> {
        let world = setting.world.entry();
        if outer == 0 || !world.moves || !(world.restarts)(&setting.world.knobs) {
            return None;
        }
        let mut random = stream(self.scenario.seed, Purpose::World, &[&[START, outer as u64], replicate].concat());
        // What could be drawn once can be drawn again, but for a θ* that is not found on other rows.
        start::theta(&self.scenario.theta, problem, &self.lambda, &mut random).ok()
    }
}
