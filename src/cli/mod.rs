//! The command line: everything without a screen.
//!
//! Results go to standard output and nowhere else; warnings, mistakes and progress go to standard
//! error. Escape codes are written only to a terminal, and control characters from files never are.
//! Exit codes: 0 done, 1 failed, 2 the input was wrong. A trial that diverges is a result.

mod check;
mod clock;
mod columns;
mod completions;
mod console;
mod describe;
mod diagnose;
mod export;
mod failure;
mod input;
mod interruption;
mod laboratory;
mod list;
mod lists;
mod measuring;
mod new;
mod output;
mod printable;
mod probe;
mod progress;
mod recommend;
mod run;
mod table;

use std::io::Write;
use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

use crate::front::{OpenError, Source};
use crate::scenario::{did_you_mean, display_text};
use console::Console;
use failure::Failure;
pub use laboratory::{Laboratory, Opening};

/// What was asked for on the command line.
#[derive(Debug, Parser)]
#[command(name = "hyperlab", version, about = "A visual laboratory for hypergradients that lives in a terminal")]
#[command(args_conflicts_with_subcommands = true, max_term_width = 110)]
#[command(
    after_help = "Exit codes: 0 done, 1 failed, 2 the input was wrong. A trial that diverges is a result, not a \
                        failure.\n\nStart with `hyperlab list scenarios`, then `hyperlab` and one of them."
)]
pub struct Arguments {
    /// A command, or none for the laboratory.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// What the laboratory opens.
    #[command(flatten)]
    pub laboratory: Laboratory,
}

/// One of the commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// List what there is: scenarios, problems, dynamics, estimators, outer rules, filters, worlds, ensembles, populations, paces, references, metrics, probes, charts
    List(list::List),
    /// Explain one thing: equation, source, cost, when it fails, knobs
    Describe(describe::Describe),
    /// Check scenario and session files, and show mistakes with their places: of spelling and types the first; of a table, show its columns
    Check(check::Check),
    /// Write a scenario over a table: a CSV file of any dialect
    New(new::New),
    /// Run a scenario without a screen
    Run(run::Run),
    /// Run a probe on a scenario
    Probe(probe::Probe),
    /// Which estimator, when? Measures what every estimator costs and how wrong it is along a run, and says what is best within limits
    Recommend(recommend::Recommend),
    /// Write charts of a scenario or a session to files
    Export(export::Export),
    /// Print a completion script for a shell
    Completions(completions::Completions),
}

/// Reads the arguments of this process.
///
/// # Errors
/// Where they are help, version or a mistake, which is then printed: the process's exit code.
pub fn arguments() -> Result<Arguments, ExitCode> {
    Arguments::try_parse().map_err(|error| {
        let first = std::env::args().nth(1).filter(|_| error.use_stderr());
        if let Some(failure) = first.and_then(|first| mistyped(&first)) {
            return console::report(&failure);
        }
        match error.print() {
            Err(cause) if !error.use_stderr() => console::report(&Failure::from(cause)),
            _ => ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2)),
        }
    })
}

/// A word where a command should stand, and which is nearly one.
fn mistyped(word: &str) -> Option<Failure> {
    let arguments = Arguments::command();
    let commands: Vec<&str> = arguments.get_subcommands().map(clap::Command::get_name).collect();
    if commands.contains(&word) || word.starts_with('-') || Source::open(word).is_ok() {
        return None;
    }
    let advice = did_you_mean(word, commands.iter().copied())?;
    Some(Failure::input(format!("there is no command `{}`", display_text(word))).with_help(advice))
}

/// Opens what the laboratory was asked to show. What is wrong has been said when it is an error, which is the process's
/// exit code.
///
/// # Errors
/// Without a terminal, or when what was named cannot be opened.
pub fn open(laboratory: &Laboratory) -> Result<Opening, ExitCode> {
    let arguments = Arguments::command();
    let commands: Vec<&str> = arguments.get_subcommands().map(clap::Command::get_name).collect();
    laboratory.open(&commands)
}

/// Says why the laboratory is not opened, and gives the process's exit code.
#[must_use]
pub fn refuse(error: OpenError) -> ExitCode {
    console::report(&error.into())
}

/// Says what ended the laboratory.
#[must_use]
pub fn fail(error: &dyn std::error::Error, code: u8) -> ExitCode {
    // Standard error may be a terminal that is gone.
    let _ = writeln!(printable::Printable::new(std::io::stderr().lock()), "error: {error}");
    ExitCode::from(code)
}

/// Prints a text.
#[must_use]
pub fn print(text: &str) -> ExitCode {
    let mut console = Console::new();
    let printed = console.write_all(text.as_bytes()).map_err(Failure::from);
    console.close(printed)
}

/// Carries out a command.
#[must_use]
pub fn run(command: &Command) -> ExitCode {
    // Where that is not possible, what is half written goes with the next run.
    let _ = interruption::listen();
    let mut console = Console::new();
    let result = match command {
        Command::List(list) => list.run(&mut console),
        Command::Describe(describe) => describe.run(&mut console),
        Command::Check(check) => check.run(&mut console),
        Command::New(new) => new.run(&mut console),
        Command::Run(run) => run.run(&mut console),
        Command::Probe(probe) => probe.run(&mut console),
        Command::Recommend(recommend) => recommend.run(&mut console),
        Command::Export(export) => export.run(&mut console),
        Command::Completions(completions) => completions.run(Arguments::command(), &mut console),
    };
    console.close(result)
}
