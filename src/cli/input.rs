//! What the commands that run something take: a scenario and what to change about it.

use clap::Args;

use super::console::Console;
use super::diagnose;
use super::failure::Failure;
use crate::front::{Mistakes, Source};
use crate::scenario::Scenario;

/// A scenario and changes to it.
#[derive(Debug, Args)]
pub struct Input {
    /// Inner steps T of every trial
    #[arg(long, value_name = "T", allow_hyphen_values = true, value_parser = clap::value_parser!(u32).range(1..))]
    inner_steps: Option<u32>,
    /// Seed of everything random
    #[arg(long, value_name = "S", allow_hyphen_values = true)]
    seed: Option<u64>,
    /// Changes of values of the scenario, as text edits.
    #[arg(
        long,
        value_name = "PATH=VALUE",
        help = "Change a value of the scenario: inner.steps=30, trials[0].estimator.damping=1e-3, trials[*].…"
    )]
    set: Vec<String>,
}

impl Input {
    /// Whether anything is to be changed.
    pub fn changes(&self) -> bool {
        self.inner_steps.is_some() || self.seed.is_some() || !self.set.is_empty()
    }

    /// The scenario with all changes made; warnings go to standard error.
    pub fn scenario(&self, source: Source, console: &mut Console) -> Result<(Scenario, Source), Failure> {
        if source.is_session() {
            let message = format!("`{}` is a session; expected a scenario", source.name);
            return Err(Failure::input(message).with_help("sessions open in the laboratory and in `hyperlab export`"));
        }
        let mut source = source;
        for assignment in &self.set {
            source = source.with(assignment)?;
        }
        if let Some(seed) = self.seed {
            source = source.with(&format!("seed={seed}"))?;
        }
        let (mut scenario, warnings) = source.scenario()?;
        if !warnings.is_empty() {
            let (name, text) = (source.name.clone(), source.text.clone());
            console
                .show(|out, on_terminal| diagnose::write(&Mistakes { name, text, found: warnings }, out, on_terminal));
        }
        if let Some(steps) = self.inner_steps {
            scenario.inner.steps = steps as usize;
            let own = scenario.trials.iter_mut().filter_map(|trial| trial.inner.as_mut());
            own.for_each(|inner| inner.steps = steps as usize);
        }
        Ok((scenario, source))
    }
}

/// How far a run goes.
#[derive(Debug, Args)]
pub struct Reach {
    /// Outer steps of every trial
    #[arg(long, value_name = "K", allow_hyphen_values = true, value_parser = clap::value_parser!(u32).range(0..))]
    outer_steps: Option<u32>,
    /// Oracle calls of every trial; those outer steps count that fit in
    #[arg(long, value_name = "N", allow_hyphen_values = true, value_parser = positive, conflicts_with = "outer_steps")]
    calls: Option<f64>,
}

impl Reach {
    /// Whether it was said.
    pub fn is_given(&self) -> bool {
        self.outer_steps.is_some() || self.calls.is_some()
    }

    /// Puts it into the scenario.
    pub fn apply(&self, scenario: &mut Scenario) {
        if !self.is_given() {
            return;
        }
        let own = scenario.trials.iter_mut().filter_map(|trial| trial.outer.as_mut());
        for outer in own.chain(std::iter::once(&mut scenario.outer)) {
            outer.calls = self.calls;
            outer.steps = self.outer_steps.map_or(outer.steps, |steps| steps as usize);
        }
    }
}

/// A positive number, of oracle calls say.
pub fn positive(text: &str) -> Result<f64, String> {
    let number = text.parse().ok().filter(|number: &f64| number.is_finite() && *number > 0.0);
    number.ok_or_else(|| "expected a positive number".to_owned())
}
