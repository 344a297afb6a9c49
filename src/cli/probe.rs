//! `hyperlab probe PROBE SCENARIO`.

use std::ops::ControlFlow;

use clap::Args;
use clap::builder::PossibleValuesParser;

use super::console::Console;
use super::failure::Failure;
use super::input::Input;
use super::output::Format;
use super::progress::Bar;
use crate::catalog::{Carded, Knobs, Value, find};
use crate::front::Source;
use crate::probe::{self, Progress, Request};
use crate::scenario::did_you_mean;

/// Arguments of `probe`.
#[derive(Debug, Args)]
pub struct Probe {
    /// What to measure; `hyperlab list probes` explains
    #[arg(value_parser = PossibleValuesParser::new(probe::ALL.iter().map(|entry| entry.card.id)))]
    probe: String,
    /// A built-in scenario's name or a path
    scenario: String,
    #[command(flatten)]
    input: Input,
    /// Runs with seeds S, S + 1, …, S + R − 1; JSON adds their means and deviations, CSV holds their error curves
    #[arg(long, value_name = "R", allow_negative_numbers = true)]
    replicates: Option<u32>,
    #[command(flatten)]
    format: Format,
}

impl Probe {
    /// Measures and prints.
    pub fn run(&self, console: &mut Console) -> Result<(), Failure> {
        let entry = find(probe::ALL, &self.probe).ok_or_else(|| self.unknown())?;
        let (scenario, source) = self.input.scenario(Source::open(&self.scenario)?, console)?;
        let mut knobs = Knobs::defaults(entry.card.knobs);
        if let Some(replicates) = self.replicates {
            knobs
                .set("replicates", Value::Integer(replicates.into()))
                .map_err(|error| Failure::input(error.to_string()))?;
        }
        let bar = Bar::new(1);
        let mut watcher = |progress: Progress| {
            bar.set(progress.done, progress.total);
            ControlFlow::Continue(())
        };
        let request =
            Request { name: &source.name, scenario: &scenario, files: &source.files, knobs: &knobs, sweep: None };
        let finding = (entry.run)(&request, &mut watcher).map_err(|error| Failure::input(error.to_string()))?;
        drop(bar);
        self.format.write(finding.as_ref(), console)
    }

    fn unknown(&self) -> Failure {
        let advice = did_you_mean(&self.probe, probe::ALL.iter().map(|entry| entry.card().id));
        Failure::input(format!("there is no probe `{}`", self.probe)).with_help(advice.unwrap_or_default())
    }
}
