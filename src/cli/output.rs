//! Findings as a table to read, as JSON or as CSV.

use std::io::Write;

use clap::Args;

use super::clock::timed;
use super::console::Console;
use super::failure::Failure;
use crate::export::table_csv;
use crate::probe::{Case, Finding, Table};

/// How a result is written.
#[derive(Debug, Clone, Copy, Args)]
pub struct Format {
    /// Everything as JSON. Numbers round-trip exactly; what is not finite is `null`
    #[arg(long, conflicts_with = "csv")]
    json: bool,
    /// One row a measurement as CSV. Numbers round-trip exactly; vectors are columns `theta_0`, `theta_1`, …; what is
    /// not finite is `NaN` or `inf`
    #[arg(long)]
    csv: bool,
}

impl Format {
    /// Writes a finding.
    pub fn write(self, finding: &dyn Finding, console: &mut Console) -> Result<(), Failure> {
        if self.json {
            writeln!(console, "{}", finding.to_json())?;
            Ok(())
        } else if self.csv {
            Ok(console.write_all(table_csv(&finding.rows()).as_bytes())?)
        } else {
            write_table(&finding.summary(), console)
        }
    }

    /// Writes what a probe found; what a person reads, with seconds where rows are about outer steps.
    pub fn write_timed(self, finding: &dyn Finding, case: &Case<'_>, console: &mut Console) -> Result<(), Failure> {
        if self.json || self.csv { self.write(finding, console) } else { write_table(&timed(finding, case), console) }
    }
}

/// A table for a person.
pub fn write_table(table: &Table, console: &mut Console) -> Result<(), Failure> {
    for line in table.lines() {
        writeln!(console, "{line}")?;
    }
    Ok(())
}
