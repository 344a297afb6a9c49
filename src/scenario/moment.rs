//! Which rows an outer step of an experiment sees, and where its inner runs start.

use std::sync::Arc;

use super::build::Experiment;
use super::worlds::{START, later, moved, population};
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
        population: &dyn Fn() -> Option<Arc<World>>,
    ) -> Result<Option<Vec<Split>>, String> {
        if outer == 0 || !setting.world.entry().moves || own.is_empty() {
            return Ok(None);
        }
        let about_rows = self.problem.is_about_rows();
        let split = |(task, split): (usize, &Split)| {
            let later = || later(&self.scenario, self.data.as_deref()?, outer);
            let ground = Ground { split, about_rows, population, later: &later, outer };
            moved(&setting.world, &ground, self.scenario.seed, (task, replicate))
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
