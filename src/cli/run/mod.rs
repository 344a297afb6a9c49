//! `hyperlab run SCENARIO`: the outer loop of every trial, without a screen.

mod horizon;
mod report;
mod timings;
mod vectors;

use clap::Args;
use std::ffi::OsString;

use super::console::Console;
use super::failure::Failure;
use super::input::{Input, Reach};
use super::output::Format;
use super::table::TableArguments;
use crate::front::Source;
use crate::lab::{Lab, Snapshot, Until};
use crate::scenario::{display_text, experiment};
use crate::trial::Budget;
pub use horizon::{apply, horizons, reported, run_to};
use report::Report;
use vectors::Vectors;

/// Arguments of `run`.
#[derive(Debug, Args)]
#[command(after_help = "A trial that diverges is a result: it is shown as such, and the exit code is 0.")]
pub struct Run {
    /// A built-in scenario's name or a path
    scenario: OsString,
    #[command(flatten)]
    reach: Reach,
    /// Stop as soon as this is so of some trial, and say where: "error < 1e-3", "test turns up", "calls > 1e5"; at the
    /// latest where the scenario ends. What is read within inner runs is looked at as often as `measure_every` says
    #[arg(long, value_name = "CONDITION", value_parser = condition)]
    until: Option<Until>,
    /// In JSON, for comparison with other implementations: θ₀, g, f, ĥ and v before the first inner step, and b = ∇f, θ*, v*
    /// and the extreme eigenvalues of H at its end, for every outer step under `ends`
    #[arg(long, requires = "json")]
    vectors: bool,
    /// Seconds of an outer step here and now, in place of what it finds: the inner run, the estimate, the whole, of all students together. Every
    /// trial is timed by itself, for two seconds at most. Where a matrix stands in for H, also what its parts take, one after the other and on
    /// two threads
    #[arg(long, conflicts_with_all = ["json", "csv", "table", "columns", "sort", "descending", "until", "vectors"])]
    timings: bool,
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
        if self.until.is_none() {
            scenario.measure_every = usize::MAX;
        }
        let experiment = experiment(&scenario, &source.files).map_err(|failure| Failure::input(failure.to_string()))?;
        if self.timings {
            return timings::print(&scenario, experiment, console);
        }
        let mut lab = Lab::recording(experiment, Budget::UNLIMITED);
        let horizons = horizons(&scenario);
        // Before a long run, not after it.
        if self.table.table {
            self.table.table(&Snapshot::of_lab(&lab), &horizon::reported(&lab, &horizons))?;
        }
        let mut vectors = Vectors::default();
        let each = |lab: &Lab| {
            if self.vectors {
                vectors.look(lab);
            }
        };
        if let Some(why) = run_to(&mut lab, &horizons, self.until.as_ref(), each)? {
            console.show(|errors, _| writeln!(errors, "{}", display_text(&why.to_string())));
        }
        if self.table.table {
            let reported = horizon::reported(&lab, &horizons);
            let table = self.table.table(&Snapshot::of_lab(&lab), &reported)?.noted(report::notes(&lab, &horizons));
            return self.format.write(&table, console);
        }
        let vectors = self.vectors.then_some(vectors);
        self.format.write(&Report::of(&lab, &source.name, &horizons, vectors), console)
    }
}

/// A condition of any trial.
fn condition(text: &str) -> Result<Until, String> {
    Until::parse(text, None).map_err(|error| match error.help {
        Some(help) => format!("{}; {help}", error.message),
        None => error.message,
    })
}
