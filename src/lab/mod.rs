//! All trials on one clock: a deterministic state machine and its history. Values only: no thread lives here.
//!
//! [`Lab::apply`] is the only mutation. [`History`] is commands with keyframes, so any moment can be
//! gone back to, bit for bit. A [`Snapshot`] is what there is to see of it. An [`Inquiry`] puts a probe's
//! question to a lab and changes nothing in it; its answer is kept among the [`Findings`].

mod basis;
mod command;
mod comparison;
mod describe;
mod findings;
mod history;
mod inquiry;
mod marks;
mod place;
mod session;
mod set;
mod snapshot;
mod starts;
mod until;
mod view;

use std::sync::Arc;

use rayon::prelude::*;

pub use basis::Standing;
pub use command::{Command, CommandError};
pub use comparison::{Comparison, End, Row, cell, read_out};
pub use findings::{Answer, Findings, Measured, Moment, Newer, UnderWay};
pub use history::{Branch, History, TakenBack};
pub use inquiry::Inquiry;
pub use marks::{Bookmark, MOST_BOOKMARKS, MOST_PINS, Pin, PinnedRun};
pub use place::{Place, Terms};
pub use session::{Session, SessionBranch, SessionError, Stretch};
pub use snapshot::{BranchView, Landmark, ProblemView, SLOPE_FLOOR, Snapshot};
pub use starts::{OuterStart, OuterStarts};
pub use until::{Goal, PATIENCE, Relation, Stopped, Until, Watch};
pub use view::TrialView;

use crate::metric::{self, Baseline, baselines};
use crate::pace::{Next, Runner};
use crate::scenario::{Experiment, Stated, check_ensemble, check_loops, check_trial, display_text};
use crate::trial::{Budget, Loops, Recording, Setting, Stage, Status, Trial};

/// All trials of an experiment, on one clock.
#[derive(Clone)]
pub struct Lab {
    experiment: Arc<Experiment>,
    /// What its scenario says beside trials and extensions.
    stated: Arc<[Stated]>,
    stage: Arc<Stage>,
    contenders: Vec<Contender>,
    next_id: u64,
    /// What is recorded of every trial, and how often.
    recording: Recording,
    /// Ticks in which some trial took its outer step. Trials come and go; this only grows.
    outer_ticks: usize,
    /// Trials whose outer step the last command took.
    stepped: Vec<u64>,
    /// The trial that is drawn alone.
    solo: Option<u64>,
}

/// A trial and whether it is drawn.
#[derive(Clone)]
struct Contender {
    trial: Trial,
    hidden: bool,
}

impl Contender {
    /// The trial as the clock sees it.
    fn runner(&self) -> Runner {
        let next = match self.trial.status() {
            Status::Running => Next::Inner,
            Status::Ready => Next::Outer,
            _ => Next::Nothing,
        };
        Runner { id: self.trial.id(), next, calls: self.trial.cost().calls(), units: self.trial.units() }
    }
}

/// Steps of problems with at least this many numbers are worth a thread each: what is read of them is several passes over
/// the rows.
const WORTH_A_THREAD: usize = 4_000;

impl Lab {
    /// The lab as the experiment's scenario starts it. It records every metric within a laboratory's budget.
    #[must_use]
    pub fn new(experiment: Experiment) -> Self {
        Self::recording(experiment, Budget::LABORATORY)
    }

    /// The same within another budget.
    #[must_use]
    pub fn recording(experiment: Experiment, budget: Budget) -> Self {
        let experiment = Arc::new(experiment);
        let stage = Arc::new(Stage::of(&experiment));
        let mut lab = Self {
            recording: Recording::of(metric::ALL, experiment.scenario.measure_every, budget),
            stated: experiment.scenario.stated().into(),
            experiment,
            stage,
            contenders: Vec::new(),
            next_id: 0,
            outer_ticks: 0,
            stepped: Vec::new(),
            solo: None,
        };
        let experiment = Arc::clone(&lab.experiment);
        for trial in &experiment.scenario.trials {
            lab.add(Setting::of(trial, &experiment.scenario));
        }
        lab
    }

    /// What the lab was started with; its problem's knobs follow the commands.
    #[must_use]
    pub fn experiment(&self) -> &Arc<Experiment> {
        &self.experiment
    }

    /// The trials, in the order shown.
    pub fn trials(&self) -> impl Iterator<Item = &Trial> {
        self.contenders.iter().map(|contender| &contender.trial)
    }

    /// The trial with this identifier.
    #[must_use]
    pub fn trial(&self, id: u64) -> Option<&Trial> {
        self.trials().find(|trial| trial.id() == id)
    }

    /// Whether a trial is left out of the charts.
    #[must_use]
    pub fn is_hidden(&self, id: u64) -> bool {
        match self.solo {
            Some(alone) => alone != id,
            None => self.contenders.iter().any(|contender| contender.trial.id() == id && contender.hidden),
        }
    }

    /// The trial that is drawn alone, where one is.
    #[must_use]
    pub fn solo(&self) -> Option<u64> {
        self.solo
    }

    /// What one gets without a bilevel method, where training labels are in doubt, with the inner loop of the
    /// scenario's first trial. They take three inner runs, so there are none before the first outer step.
    #[must_use]
    pub fn baselines(&self) -> Arc<[Baseline]> {
        let first = self.experiment.scenario.trials.first().filter(|_| self.outer_ticks > 0);
        let setting = first.map(|trial| Setting::of(trial, &self.experiment.scenario));
        setting.map_or_else(Arc::default, |setting| baselines(&self.stage, &setting))
    }

    /// Ticks so far in which some trial took its outer step.
    #[must_use]
    pub fn outer_ticks(&self) -> usize {
        self.outer_ticks
    }

    /// Trials whose outer step the last command took.
    #[must_use]
    pub fn stepped(&self) -> &[u64] {
        &self.stepped
    }

    /// Whether all trials take their outer steps together.
    #[must_use]
    pub fn keeps_rounds(&self) -> bool {
        self.experiment.scenario.pace.entry().keeps_rounds()
    }

    /// Whether no trial can move any more.
    #[must_use]
    pub fn is_halted(&self) -> bool {
        self.trials().all(|trial| trial.status().is_halted())
    }

    /// Whether every trial has come as far as its outer loop plans, or has halted.
    #[must_use]
    pub fn has_arrived(&self) -> bool {
        self.trials().all(|trial| trial.status().is_halted() || trial.part_done() >= 1.0)
    }

    /// About how many bytes a copy holds that it does not share: tapes and tangents, and of every member a dozen vectors
    /// of the length of θ (states, gradients, adjoints, the truth).
    fn bytes(&self) -> usize {
        let theta = 12 * std::mem::size_of::<f64>() * self.stage.problem.dimensions().inner;
        let members = |trial: &Trial| trial.students().iter().map(Loops::members).sum::<usize>();
        self.trials().map(|trial| trial.bytes() + members(trial) * theta).sum()
    }

    /// Carries out a command. On an error nothing has changed.
    ///
    /// # Errors
    /// When it names a trial or a knob that is not there, or a value that does not fit.
    pub fn apply(&mut self, command: &Command) -> Result<(), CommandError> {
        self.stepped.clear();
        match command {
            Command::Tick => self.tick(),
            Command::Add(spec) => {
                let setting = Setting::of(spec, &self.experiment.scenario);
                check_loops("", &setting.inner, &setting.outer)?;
                check_ensemble("ensemble", &setting.ensemble, &self.experiment)?;
                check_trial(&setting, &self.experiment)?;
                self.add(setting);
            }
            Command::Duplicate(id) => {
                let mut setting = self.find(*id)?.trial.setting().clone();
                setting.name = self.free_name(&setting.name);
                self.add(setting);
            }
            Command::Remove(id) => {
                self.find(*id)?;
                self.contenders.retain(|contender| contender.trial.id() != *id);
                self.solo = self.solo.filter(|alone| alone != id);
            }
            Command::Hide(id, hidden) => {
                self.find(*id)?.hidden = *hidden;
                self.solo = None;
            }
            Command::Rename(id, name) => self.rename(*id, &display_text(name))?,
            Command::Move(id, place) => self.move_to(*id, *place)?,
            Command::Solo(alone) => {
                if let Some(id) = alone {
                    self.find(*id)?;
                }
                self.solo = *alone;
            }
            Command::Turn { trial, path, value } => {
                let experiment = Arc::clone(&self.experiment);
                let contender = self.find(*trial)?;
                let mut setting = contender.trial.setting().clone();
                setting.set(path, value)?;
                check_ensemble("ensemble", &setting.ensemble, &experiment)?;
                check_trial(&setting, &experiment)?;
                contender.trial.change(setting);
            }
            Command::TurnProblem { key, value } => self.turn_problem(key, value)?,
            Command::Set { path, value } => self.set(path, value)?,
            Command::MeasureEvery(0) => return Err(CommandError::Never),
            Command::MeasureEvery(steps) => self.measure_at(*steps),
        }
        Ok(())
    }

    fn rename(&mut self, id: u64, name: &str) -> Result<(), CommandError> {
        if name.is_empty() {
            return Err(CommandError::NoName);
        }
        let trial = &mut self.find(id)?.trial;
        let setting = Setting { name: name.to_owned(), ..trial.setting().clone() };
        trial.change(setting);
        Ok(())
    }

    fn move_to(&mut self, id: u64, place: usize) -> Result<(), CommandError> {
        let at = self.contenders.iter().position(|contender| contender.trial.id() == id);
        let contender = self.contenders.remove(at.ok_or(CommandError::NoTrial(id))?);
        self.contenders.insert(place.min(self.contenders.len()), contender);
        Ok(())
    }

    fn measure_at(&mut self, steps: usize) {
        self.recording.every = steps.max(1);
        for contender in &mut self.contenders {
            contender.trial.measure_every(steps);
        }
    }

    /// One tick of the clock: every trial that the pace lets move takes its next step.
    fn tick(&mut self) {
        let runners: Vec<Runner> = self.contenders.iter().map(Contender::runner).collect();
        let moves = self.experiment.scenario.pace.entry().moves;
        let movers = self.contenders.iter_mut().zip(&runners).filter(|(_, runner)| moves(runner, &runners));
        let mut movers: Vec<(&mut Contender, &Runner)> = movers.collect();
        let outer = movers.iter().filter(|(_, runner)| runner.next == Next::Outer);
        self.stepped.extend(outer.map(|(_, runner)| runner.id));
        self.outer_ticks += usize::from(!self.stepped.is_empty());
        let advance = |(contender, runner): &mut (&mut Contender, &Runner)| match runner.next {
            Next::Inner => contender.trial.step_inner(),
            Next::Outer => contender.trial.step_outer(),
            Next::Nothing => {}
        };
        let sizes = self.stage.problem.dimensions();
        if movers.len() > 1 && sizes.inner * sizes.training.max(sizes.inner) >= WORTH_A_THREAD {
            movers.par_iter_mut().for_each(advance);
        } else {
            movers.iter_mut().for_each(advance);
        }
    }

    fn add(&mut self, setting: Setting) {
        let trial = Trial::new(self.next_id, setting, &self.stage, self.recording.clone());
        self.next_id += 1;
        // A new trial is there to be seen.
        self.solo = None;
        self.contenders.push(Contender { trial, hidden: false });
    }

    fn turn_problem(&mut self, key: &str, value: &str) -> Result<(), CommandError> {
        let experiment = self.experiment.turn(key, value)?;
        self.enter(experiment, false);
        Ok(())
    }

    /// Puts another experiment in force. Trials go on from where they are, unless they are to start anew or
    /// there are other variables now.
    fn enter(&mut self, experiment: Experiment, starts_anew: bool) {
        let sizes = self.stage.problem.dimensions();
        self.put(experiment);
        self.stage = Arc::new(Stage::of(&self.experiment));
        let now = self.stage.problem.dimensions();
        let goes_on = !starts_anew && (now.inner, now.outer) == (sizes.inner, sizes.outer);
        for Contender { trial, .. } in &mut self.contenders {
            if goes_on {
                trial.enter(&self.stage);
            } else {
                *trial = Trial::new(trial.id(), trial.setting().clone(), &self.stage, self.recording.clone());
            }
        }
    }

    fn put(&mut self, experiment: Experiment) {
        self.stated = experiment.scenario.stated().into();
        self.experiment = Arc::new(experiment);
    }

    fn find(&mut self, id: u64) -> Result<&mut Contender, CommandError> {
        self.contenders.iter_mut().find(|contender| contender.trial.id() == id).ok_or(CommandError::NoTrial(id))
    }

    /// `name 2`, `name 3`, … : the first that no trial has.
    fn free_name(&self, name: &str) -> String {
        let stem = name.rsplit_once(' ').filter(|(_, n)| n.parse::<u32>().is_ok()).map_or(name, |(stem, _)| stem);
        let mut number = 2;
        loop {
            let candidate = format!("{stem} {number}");
            if self.trials().all(|trial| trial.setting().name != candidate) {
                return candidate;
            }
            number += 1;
        }
    }
}
