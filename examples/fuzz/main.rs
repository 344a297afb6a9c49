//! Throws changed inputs at hyperlab until something gives.
//!
//! ```text
//! cargo build --release && cargo run --release --example fuzz -- --count 100000 --seed 1
//! cargo run --release --example fuzz -- --seed 1 --one 4711         one input again: what it is, and what becomes of it
//! cargo run --release --example fuzz -- --terminal 100000 --seed 1  events in a pseudo-terminal
//! cargo run --release --example fuzz -- --signals 200 --seed 1      signals at random moments
//! cargo run --release --example fuzz -- --kills 200 --seed 1        kills aimed at writes
//! ```
//!
//! Inputs are scenarios, sessions, tables and `--set` paths, each a function of seed and number. They are judged in a
//! process of their own: a panic, an abort, more than two seconds of processor time, a character on an output that steers
//! terminals, or an exit code of the program that does not fit is a finding. A finding is made smaller, printed, and the
//! exit code is 1.

mod corpus;
mod judge;
mod mutate;
mod parts;
#[cfg(unix)]
mod rough;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;

use parts::{Found, Plan};

/// What to throw, and how much.
#[derive(Debug, Parser)]
struct Arguments {
    /// Inputs to judge
    #[arg(long, default_value_t = 10_000)]
    count: u64,
    /// Seed of everything
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Number of the first input
    #[arg(long, default_value_t = 0)]
    from: u64,
    /// Judge one input and say what it is
    #[arg(long)]
    one: Option<u64>,
    /// Throw so many events at the program in a pseudo-terminal
    #[arg(long)]
    terminal: Option<u64>,
    /// Send so many signals at random moments
    #[arg(long)]
    signals: Option<u64>,
    /// Kill so many writers at random moments
    #[arg(long)]
    kills: Option<u64>,
    /// The program; beside this one when left out
    #[arg(long)]
    program: Option<PathBuf>,
    /// For the processes that judge: numbers to judge, as FROM..TO
    #[arg(long, hide = true)]
    judge: Option<String>,
    /// For the processes that judge: a file to judge, and what reads it
    #[arg(long, hide = true)]
    file: Option<PathBuf>,
    #[arg(long, hide = true, default_value_t = 0)]
    target: usize,
}

fn main() -> ExitCode {
    let asked = Arguments::parse();
    let Ok(own) = std::env::current_exe() else { return ExitCode::from(2) };
    let beside = own.parent().and_then(|folder| folder.parent()).map(|folder| folder.join("hyperlab"));
    let program = asked.program.clone().or(beside).unwrap_or_default();
    if let Some(range) = &asked.judge {
        return parts::judge_range(range, asked.seed);
    }
    if let Some(file) = &asked.file {
        return parts::judge_file(asked.target, file);
    }
    if !program.is_file() {
        eprintln!(
            "there is no program at {}: build it first, as this one is, or name it with --program",
            program.display()
        );
        return ExitCode::from(2);
    }
    #[cfg(unix)]
    for (asked, throw) in [
        (asked.terminal, rough::events as fn(&std::path::Path, u64, u64) -> Result<String, String>),
        (asked.signals, rough::signals),
        (asked.kills, rough::kills),
    ]
    .map(|(count, throw)| (count.map(|count| (count, asked.seed)), throw))
    {
        let Some((count, seed)) = asked else { continue };
        return match throw(&program, count, seed) {
            Ok(words) => {
                println!("{words}");
                ExitCode::SUCCESS
            }
            Err(words) => {
                println!("{words}");
                ExitCode::FAILURE
            }
        };
    }
    let (from, count) = asked.one.map_or((asked.from, asked.count), |one| (one, 1));
    let plan = Plan { own, program, seed: asked.seed, says_input: asked.one.is_some() };
    let findings: Vec<Found> = plan.throw(from, count, &mut |words| println!("{words}"));
    if findings.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
