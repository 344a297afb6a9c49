//! `hyperlab run SCENARIO`: the outer loop of every trial, without a screen.

mod report;

use clap::Args;

use super::console::Console;
use super::failure::Failure;
use super::input::{Input, OuterSteps};
use super::output::Format;
use super::progress::Bar;
use super::table::TableArguments;
use crate::front::Source;
use crate::lab::{Command, Lab, Snapshot};
use crate::scenario::{Scenario, experiment};
use crate::trial::{Budget, Setting};
use report::Report;

/// Arguments of `run`.
#[derive(Debug, Args)]
#[command(after_help = "A trial that diverges is a result: it is shown as such, and the exit code is 0.")]
pub struct Run {
    /// A built-in scenario's name or a path
    scenario: String,
    #[command(flatten)]
    outer: OuterSteps,
    #[command(flatten)]
    input: Input,
    #[command(flatten)]
    format: Format,
    #[command(flatten)]
    table: TableArguments,
}

impl Run {
    /// Runs and prints.
    pub fn run(&self, console: &mut Console) -> Result<(), Failure> {
        self.table.check()?;
        let (mut scenario, source) = self.input.scenario(Source::open(&self.scenario)?, console)?;
        self.outer.apply(&mut scenario);
        // Estimates along the inner runs would be thrown away; the one at the end moves λ.
        scenario.measure_every = usize::MAX;
        let experiment = experiment(&scenario, &source.files).map_err(|failure| Failure::input(failure.to_string()))?;
        let mut lab = Lab::recording(experiment, Budget::UNLIMITED);
        let planned = outer_steps(&scenario);
        // Before a long run, not after it.
        if self.table.table {
            self.table.table(&Snapshot::of_lab(&lab), &planned)?;
        }
        run_outer(&mut lab, &planned)?;
        if self.table.table {
            return self.format.write(&self.table.table(&Snapshot::of_lab(&lab), &planned)?, console);
        }
        self.format.write(&Report::of(&lab, &source.name, &planned), console)
    }
}

/// Outer steps of each trial.
pub fn outer_steps(scenario: &Scenario) -> Vec<usize> {
    scenario.trials.iter().map(|trial| Setting::of(trial, scenario).outer.steps).collect()
}

/// Ticks until every trial that can has completed its outer steps. Trials share one clock, so one that
/// needs fewer goes on with the others.
pub fn run_outer(lab: &mut Lab, planned: &[usize]) -> Result<(), Failure> {
    let inner = lab.trials().map(|trial| trial.setting().inner.steps).max().unwrap_or(0);
    let bar = Bar::new(planned.iter().max().unwrap_or(&0).saturating_mul(inner.saturating_add(1)));
    let is_under_way = |lab: &Lab| {
        lab.trials().zip(planned).any(|(trial, &steps)| trial.outer() < steps && !trial.status().is_halted())
    };
    while is_under_way(lab) {
        apply(lab, &Command::Tick)?;
        bar.advance();
    }
    Ok(())
}

/// A command that this lab can carry out.
pub fn apply(lab: &mut Lab, command: &Command) -> Result<(), Failure> {
    lab.apply(command).map_err(|error| Failure::Work(error.to_string()))
}
