//! Where estimates are measured: the λ that the run of a trial visits, and what they are held against there.

use std::sync::Arc;

use rand::Rng;
use rayon::prelude::*;

use super::ladder::inner_steps;
use crate::catalog::{Knobs, Spec};
use crate::draw::{Batch, Drawing};
use crate::estimator::{self, Reach};
use crate::math::random::{Purpose, stream};
use crate::probe::{Case, ProbeError, Subject, refuse};
use crate::problem::Price;
use crate::reference::{FITTING, Gives, Held};
use crate::scenario::{Horizon, Setting};
use crate::trial::{Loops, Stage};

/// A run, where it was, and its inner runs there with nobody watching.
pub(super) struct Ground {
    pub(super) subject: Subject,
    /// λ at the start of each outer step.
    pub(super) path: Vec<Arc<[f64]>>,
    /// The outer steps at which estimates are measured, ascending.
    pub(super) visited: Vec<usize>,
    /// One for each repetition: they differ in what is drawn.
    pub(super) stages: Vec<Arc<Stage>>,
    /// Whether batches are drawn.
    pub(super) is_noisy: bool,
    /// Whether the inner runs of two repetitions differ.
    pub(super) is_drawn: bool,
    /// The inner steps to measure after.
    pub(super) steps: Vec<usize>,
    /// What is held against: the derivative of the run, or the exact answer.
    pub(super) gives: Gives,
    /// The references, by repetition and place visited.
    held: Vec<Vec<Arc<Held>>>,
    /// Inner runs at their end, by inner steps, repetition and place visited; none where batches are shared out in order,
    /// which depends on the method.
    runs: Vec<Vec<Vec<Loops>>>,
}

/// Outer steps of a path, and numbers that it holds.
const LONGEST: (usize, usize) = (20_000, 10_000_000);

impl Ground {
    /// The ground of a case, for its first trial.
    ///
    /// # Errors
    /// When its run comes to nothing, or nothing is known to hold estimates against.
    pub(super) fn of(case: &Case<'_>) -> Result<Self, ProbeError> {
        let Some(subject) = case.subjects.first() else {
            return refuse("there is no trial whose run could be followed");
        };
        if matches!(subject.setting.draws, Drawing::Explicit { .. }) {
            return refuse(
                "`draws: Explicit` lists the rows of one method, and every method takes others; expected `Own` or `Shared`",
            );
        }
        let setting = &subject.setting;
        let is_noisy = is_noisy(setting);
        let is_drawn = is_noisy || setting.ensemble.entry().divides || setting.world.entry().moves;
        let stages = stages(case, case.knobs.count("repetitions"));
        let path = path(subject, &stages[0], case.knobs.real("path"))?;
        let visited = spread(path.len(), case.knobs.count("states"));
        let mut ground = Self {
            subject: subject.clone(),
            path,
            visited,
            stages,
            is_noisy,
            is_drawn,
            steps: Vec::new(),
            gives: Gives::Solution,
            held: Vec::new(),
            runs: Vec::new(),
        };
        ground.hold()?;
        let steps = subject.setting.inner.steps;
        // What an unsolved run makes of λ is another function for every number of steps.
        ground.steps = if ground.gives == Gives::Run { vec![steps] } else { inner_steps(steps) };
        if !is_shared_out(&subject.setting) {
            ground.runs = ground.steps.iter().map(|steps| ground.plain(*steps)).collect();
        }
        Ok(ground)
    }

    /// The trial's setting with another estimator and other inner steps.
    pub(super) fn setting(&self, estimator: &Spec<estimator::Estimators>, steps: usize) -> Setting {
        let setting = &self.subject.setting;
        let inner = crate::scenario::InnerSpec { steps, ..setting.inner.clone() };
        Setting { estimator: estimator.clone(), inner, ..setting.clone() }
    }

    /// Loops of a setting at the start of the path.
    pub(super) fn loops(&self, setting: Setting, repetition: usize) -> Loops {
        Loops::new(self.subject.id, setting, &self.stages[repetition]).at(&self.path[0])
    }

    /// Loops of a setting at one of the places visited, where nothing is remembered of those before.
    pub(super) fn loops_at(&self, setting: Setting, repetition: usize, place: usize) -> Loops {
        let outer = self.visited[place];
        Loops::new(self.subject.id, setting, &self.stages[repetition]).at_outer(outer, &self.path[outer])
    }

    /// The reference at a place.
    pub(super) fn held(&self, repetition: usize, place: usize) -> &Held {
        // Where nothing that enters is drawn, one stands for all.
        let repetitions = &self.held;
        &repetitions[repetition.min(repetitions.len() - 1)][place]
    }

    /// The inner run with nobody watching, at its end, where it is one for all methods.
    pub(super) fn run(&self, steps: usize, repetition: usize, place: usize) -> Option<&Loops> {
        let steps = self.steps.iter().position(|there| *there == steps)?;
        self.runs.get(steps)?.get(repetition)?.get(place)
    }

    /// Finds the references.
    fn hold(&mut self) -> Result<(), ProbeError> {
        let loops = self.plain_loops(self.subject.setting.inner.steps);
        let about = crate::reference::Ground::about(&loops);
        self.gives = (FITTING.gives)(about).map_err(ProbeError::Refused)?;
        if self.gives == Gives::Nothing {
            let seconds = Price::of_truth(self.stages[0].problem.as_ref()).seconds();
            return refuse(&format!(
                "estimates are held against exact answers, of which one takes about {seconds:.0} s here; expected fewer rows or a \
                 shorter θ, on which estimators can be compared as well"
            ));
        }
        let setting = &self.subject.setting;
        let is_drawn = match self.gives {
            Gives::Run => self.is_drawn,
            _ => setting.ensemble.entry().divides || setting.world.entry().moves,
        };
        let repetitions = if is_drawn { self.stages.len() } else { 1 };
        let find = |repetition: usize| -> Vec<Arc<Held>> {
            let places = self.walk(setting.inner.steps, repetition);
            places.par_iter().map(|loops| Arc::new((FITTING.find)(loops))).collect()
        };
        self.held = (0..repetitions).map(find).collect();
        if self.stages[0].stop().is_set() {
            return Err(ProbeError::Stopped);
        }
        let is_known = |held: &Arc<Held>| held.length().is_some();
        if self.held.iter().flatten().any(is_known) {
            return Ok(());
        }
        let doubt = self.held.iter().flatten().find_map(|held| held.doubt.clone());
        let doubt = doubt.unwrap_or_else(|| "not even the first digit of ∇F is known there".to_owned());
        refuse(&format!("there is nothing to hold estimates against at any λ that the run visits: {doubt}"))
    }

    /// Loops that nobody watches, as cheap as there are.
    fn plain_loops(&self, steps: usize) -> Loops {
        let is_cheap =
            |entry: &&estimator::Entry| (entry.build)(&Knobs::defaults(entry.card.knobs)).reach() == Reach::Point;
        let spec =
            estimator::ALL.iter().find(is_cheap).map_or_else(|| self.subject.setting.estimator.clone(), Spec::of);
        self.loops(self.setting(&spec, steps), 0)
    }

    /// The inner runs of all repetitions, at their ends.
    fn plain(&self, steps: usize) -> Vec<Vec<Loops>> {
        if self.is_drawn {
            return (0..self.stages.len()).into_par_iter().map(|repetition| self.walk(steps, repetition)).collect();
        }
        // One run, whatever is drawn by those who are asked about it.
        let run = self.walk(steps, 0);
        let of = |stage: &Arc<Stage>| {
            let mut run = run.clone();
            run.iter_mut().for_each(|loops| loops.reseed(stage.seed));
            run
        };
        self.stages.iter().map(of).collect()
    }

    /// The inner runs at the places visited, each at its end.
    fn walk(&self, steps: usize, repetition: usize) -> Vec<Loops> {
        let setting = self.plain_loops(steps).setting().clone();
        if !setting.inner.warm_start {
            let places: Vec<usize> = (0..self.visited.len()).collect();
            let at = |place: &usize| {
                let mut loops = self.loops_at(setting.clone(), repetition, *place);
                loops.finish_inner();
                loops
            };
            return places.par_iter().map(at).collect();
        }
        let mut loops = self.loops(setting, repetition);
        let mut found = Vec::new();
        for outer in 0..self.path.len() {
            loops.finish_inner();
            if self.visited.contains(&outer) {
                found.push(loops.clone());
            }
            if let Some(next) = self.path.get(outer + 1) {
                loops.follow(None, next);
            }
        }
        found
    }
}

/// λ at the start of every outer step that the trial's own run takes within so many oracle calls.
fn path(subject: &Subject, stage: &Arc<Stage>, calls: f64) -> Result<Vec<Arc<[f64]>>, ProbeError> {
    let mut loops = subject.loops(stage);
    let horizon = subject.setting.outer.horizon();
    let mut path: Vec<Arc<[f64]>> = Vec::new();
    loop {
        path.push(loops.lambda().into());
        let is_over = match horizon {
            Horizon::Steps(steps) => path.len() >= steps,
            Horizon::Calls(most) => loops.cost().calls() >= most,
        };
        let is_long = path.len() >= LONGEST.0 || path.len() * loops.lambda().len() >= LONGEST.1;
        if is_over || is_long || loops.cost().calls() >= calls {
            return Ok(path);
        }
        if loops.advance().is_none() || loops.status().is_halted() {
            if stage.stop().is_set() {
                return Err(ProbeError::Stopped);
            }
            // Where it halted it was not for long.
            path.pop();
            if path.is_empty() {
                return refuse(&format!("the run of `{}` comes to nothing: {}", subject.setting.name, loops.status()));
            }
            return Ok(path);
        }
    }
}

/// So many of the outer steps, the first and the last among them.
pub(super) fn spread(length: usize, count: usize) -> Vec<usize> {
    let (last, count) = (length - 1, count.max(1));
    let place = |k: usize| if count == 1 { last } else { (k * last + (count - 1) / 2) / (count - 1) };
    let mut places: Vec<usize> = (0..count).map(place).collect();
    places.dedup();
    places
}

/// One stage for each repetition; the first is that of the scenario.
fn stages(case: &Case<'_>, count: usize) -> Vec<Arc<Stage>> {
    let seed = case.scenario().seed;
    let stage = |repetition: u64| {
        let mut stage = Stage::of(&case.experiment);
        if repetition > 0 {
            stage.seed = stream(seed, Purpose::Replicate, &[STREAMS, repetition]).next_u64();
        }
        Arc::new(stage)
    };
    (0..count.max(1) as u64).map(stage).collect()
}

/// Tells the seeds of repetitions from those of other replicates.
const STREAMS: u64 = 301;

fn batches(setting: &Setting) -> [Batch; 3] {
    [setting.inner.batch, setting.inner.products.batch(setting.inner.batch), setting.outer.batch]
}

fn is_noisy(setting: &Setting) -> bool {
    batches(setting).iter().any(|batch| !batch.is_full())
}

/// Whether rows are shared out in order, so that a method's depend on how many it takes.
fn is_shared_out(setting: &Setting) -> bool {
    batches(setting).iter().any(|batch| matches!(batch, Batch::Epoch(_)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_spread_over_the_run_with_both_ends() {
        assert_eq!(spread(33, 5), [0, 8, 16, 24, 32]);
        assert_eq!(spread(3, 5), [0, 1, 2]);
        assert_eq!(spread(7, 1), [6]);
    }
}
