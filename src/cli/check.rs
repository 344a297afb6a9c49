//! `hyperlab check FILE...`.

use std::ffi::{OsStr, OsString};
use std::io::Write;
use std::path::Path;

use clap::Args;

use super::columns::{begun, write_draft};
use super::console::Console;
use super::diagnose;
use super::failure::Failure;
use crate::data::table::Reading;
use crate::export;
use crate::front::{Mistakes, OpenError, Source, draft};
use crate::math::number::{counted, noun};
use crate::scenario::{Diagnostic, Severity, display_text, migrate};

/// Arguments of `check`.
#[derive(Debug, Args)]
pub struct Check {
    /// Scenario or session files, tables, or names of built-in scenarios
    #[arg(required = true)]
    files: Vec<OsString>,

    /// Write what older versions spelled otherwise as it is spelled now, into a file beside the original: `lesson.ron`
    /// becomes `lesson.fixed.ron`
    #[arg(long)]
    fix: bool,
}

impl Check {
    /// Looks into every file, whatever is found in the others.
    pub fn run(&self, console: &mut Console) -> Result<(), Failure> {
        let mut worst = Ok(());
        for file in &self.files {
            let checked = if self.fix { fix(file, console) } else { check(file, console) };
            if let Err(failure) = checked {
                console.flush()?;
                console.show(|out, on_terminal| failure.write(out, on_terminal));
                worst = Err(Failure::Said);
            }
        }
        worst
    }
}

/// Writes the file anew beside itself, and looks into that.
fn fix(file: &OsStr, console: &mut Console) -> Result<(), Failure> {
    let source = Source::open(file)?;
    let Some(text) = migrate(&source.text).map_err(Failure::input)? else {
        writeln!(console, "{}: nothing in it is spelled as older versions did", source.name)?;
        return check(file, console);
    };
    let path = Path::new(file).with_extension("fixed.ron");
    if path.exists() {
        let message = format!("`{}` is there already; move it away first", display_text(&path.display().to_string()));
        return Err(Failure::input(message));
    }
    export::write(&path, text.as_bytes()).map_err(|error| Failure::Work(error.to_string()))?;
    writeln!(console, "{}: written as it is spelled now to {}", source.name, path.display())?;
    check(path.as_os_str(), console)
}

fn check(file: &OsStr, console: &mut Console) -> Result<(), Failure> {
    let source = match Source::open(file) {
        Err(OpenError::Table { .. }) => return columns(file, console),
        source => source?,
    };
    if source.is_session() {
        source.replay()?;
        writeln!(console, "{}: a session, no mistakes", source.name)?;
        return Ok(());
    }
    let mistakes = match source.examined() {
        Ok((_, found)) => Mistakes { name: source.name, text: source.text, found },
        Err(OpenError::Mistakes(mistakes)) => mistakes,
        Err(error) => return Err(error.into()),
    };
    let errors = mistakes.found.iter().filter(|found| found.is_error()).count();
    let warnings = mistakes.found.iter().filter(|found| found.severity == Severity::Warning).count();
    writeln!(console, "{}: {}, {}", mistakes.name, count(errors, "error"), count(warnings, "warning"))?;
    console.flush()?;
    if mistakes.found.iter().any(Diagnostic::is_error) {
        return Err(Failure::Mistakes(mistakes));
    }
    console.show(|out, on_terminal| diagnose::write(&mistakes, out, on_terminal));
    Ok(())
}

/// What a table holds, and what a scenario over it would be.
fn columns(file: &OsStr, console: &mut Console) -> Result<(), Failure> {
    let path = Path::new(file);
    let Some(draft) = draft(path, &Reading::default(), &|| true)? else { return Ok(()) };
    write_draft(&draft, console)?;
    begun(&draft, path, None, console)?;
    let name = display_text(&path.display().to_string());
    writeln!(
        console,
        "\nnothing is in the way: `hyperlab new {name}` writes the scenario, `hyperlab {name}` opens it"
    )?;
    Ok(())
}

/// `no errors`, `1 error`, `2 errors`.
fn count(number: usize, thing: &str) -> String {
    if number == 0 { format!("no {}", noun(thing, false)) } else { counted(number, thing) }
}
