//! `hyperlab new FILE`: a scenario over a table, without a screen.

use std::io::Write;
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::columns::{begun, write_draft};
use super::console::Console;
use super::failure::Failure;
use crate::data::table::{Decimal, Header, Reading};
use crate::export;
use crate::front::draft;
use crate::scenario::{Experiment, dependent_columns, display_text};

/// Arguments of `new`.
#[derive(Debug, Args)]
pub struct New {
    /// A table: a CSV file of any dialect
    file: PathBuf,
    /// The column to learn; one that is called so, or else the last, when left out
    #[arg(long, value_name = "NAME")]
    target: Option<String>,
    /// The problem to learn it by; the likeliest for the target when left out
    #[arg(long, value_name = "ID")]
    problem: Option<String>,
    /// Columns that are no features, beside those that cannot be
    #[arg(long, value_name = "NAME", value_delimiter = ',', num_args = 1..)]
    leave_out: Vec<String>,
    /// Say that the first row holds no names
    #[arg(long)]
    no_header: bool,
    /// What stands before the decimals of its numbers, where the table does not say it: `1,234` is 1234 or 1.234
    #[arg(long, value_name = "MARK")]
    decimal: Option<Mark>,
    /// The file to write; beside the table under its name when left out. A file that is there is never written over
    #[arg(long, value_name = "FILE.ron")]
    output: Option<PathBuf>,
}

/// What stands before decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Mark {
    /// `1.5`
    Point,
    /// `1,5`
    Comma,
}

impl New {
    /// Writes the scenario, and says where and what it is.
    pub fn run(&self, console: &mut Console) -> Result<(), Failure> {
        let header = if self.no_header { Header::Absent } else { Header::Auto };
        let decimal = match self.decimal {
            None => Decimal::Auto,
            Some(Mark::Point) => Decimal::Point,
            Some(Mark::Comma) => Decimal::Comma,
        };
        let reading = Reading { header, decimal, ..Reading::default() };
        let Some(mut draft) = draft(&self.file, &reading, &|| true)? else { return Ok(()) };
        if let Some(name) = &self.target {
            draft.aim_at(draft.column(name).map_err(Failure::input)?);
        }
        for name in &self.leave_out {
            draft.leave_out(draft.column(name).map_err(Failure::input)?).map_err(Failure::input)?;
        }
        if let Some(id) = &self.problem {
            draft.learn_by(id).map_err(Failure::input)?;
        }
        write_draft(&draft, console)?;
        let begun = begun(&draft, &self.file, self.output.as_deref(), console)?;
        if self.output.as_ref().is_some_and(|path| path.exists()) {
            let path = display_text(&begun.path.display().to_string());
            return Err(Failure::input(format!("`{path}` is there already; expected a name that is free")));
        }
        let path = export::write_free(&begun.path, begun.text.as_bytes());
        let path = path.map_err(|error| Failure::Work(error.to_string()))?;
        let Experiment { problem, lambda, data, .. } = &begun.experiment;
        if let Some(note) = data.as_ref().and_then(|data| dependent_columns(problem, lambda, &data.split)) {
            writeln!(console, "warning  {}", note.text)?;
        }
        writeln!(console, "\nwritten to {0}: `hyperlab {0}` opens it", display_text(&path.display().to_string()))?;
        Ok(())
    }
}
