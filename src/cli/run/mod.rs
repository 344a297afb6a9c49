//! `hyperlab run SCENARIO`: the outer loop of every trial, without a screen.

mod horizon;
mod report;

use clap::Args;

use super::console::Console;
use super::failure::Failure;
use super::input::{Input, Reach};
use super::output::Format;
use super::table::TableArguments;
use crate::front::Source;
use crate::lab::{Lab, Snapshot};
use crate::scenario::experiment;
use crate::trial::Budget;
pub use horizon::{apply, horizons, reported, run_to};
use report::Report;

/// Arguments of `run`.
#[derive(Debug, Args)]
#[command(after_help = "A trial that diverges is a result: it is shown as such, and the exit code is 0.")]
pub struct Run {
    /// A built-in scenario's name or a path
    scenario: String,
    #[command(flatten)]
    reach: Reach,
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
        self.reach.apply(&mut scenario);
        // Estimates along the inner runs would be thrown away; the one at the end moves λ.
        scenario.measure_every = usize::MAX;
        let experiment = experiment(&scenario, &source.files).map_err(|failure| Failure::input(failure.to_string()))?;
        let mut lab = Lab::recording(experiment, Budget::UNLIMITED);
        let horizons = horizons(&scenario);
        // Before a long run, not after it.
        if self.table.table {
            self.table.table(&Snapshot::of_lab(&lab), &horizon::reported(&lab, &horizons))?;
        }
        run_to(&mut lab, &horizons)?;
        if self.table.table {
            let reported = horizon::reported(&lab, &horizons);
            return self.format.write(&self.table.table(&Snapshot::of_lab(&lab), &reported)?, console);
        }
        self.format.write(&Report::of(&lab, &source.name, &horizons), console)
    }
}
