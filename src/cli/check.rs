//! `hyperlab check FILE...`.

use std::io::Write;

use clap::Args;

use super::console::Console;
use super::diagnose;
use super::failure::Failure;
use crate::front::{Mistakes, OpenError, Source};
use crate::scenario::Diagnostic;

/// Arguments of `check`.
#[derive(Debug, Args)]
pub struct Check {
    /// Scenario or session files, or names of built-in scenarios
    #[arg(required = true)]
    files: Vec<String>,
}

impl Check {
    /// Looks into every file, whatever is found in the others.
    pub fn run(&self, console: &mut Console) -> Result<(), Failure> {
        let mut worst = Ok(());
        for file in &self.files {
            if let Err(failure) = check(file, console) {
                console.flush()?;
                console.show(|out, on_terminal| failure.write(out, on_terminal));
                worst = Err(Failure::Said);
            }
        }
        worst
    }
}

fn check(file: &str, console: &mut Console) -> Result<(), Failure> {
    let source = Source::open(file)?;
    if source.is_session() {
        source.replay()?;
        writeln!(console, "{}: a session, no mistakes", source.name)?;
        return Ok(());
    }
    let mistakes = match source.scenario() {
        Ok((_, found)) => Mistakes { name: source.name, text: source.text, found },
        Err(OpenError::Mistakes(mistakes)) => mistakes,
        Err(error) => return Err(error.into()),
    };
    let errors = mistakes.found.iter().filter(|found| found.is_error()).count();
    let warnings = mistakes.found.len() - errors;
    writeln!(console, "{}: {}, {}", mistakes.name, count(errors, "error"), count(warnings, "warning"))?;
    console.flush()?;
    if mistakes.found.iter().any(Diagnostic::is_error) {
        return Err(Failure::Mistakes(mistakes));
    }
    console.show(|out, on_terminal| diagnose::write(&mistakes, out, on_terminal));
    Ok(())
}

/// `no errors`, `1 error`, `2 errors`.
fn count(number: usize, thing: &str) -> String {
    match number {
        0 => format!("no {thing}s"),
        1 => format!("1 {thing}"),
        _ => format!("{number} {thing}s"),
    }
}
