//! Findings as a table to read, as JSON or as CSV.

use std::io::Write;

use clap::Args;
use unicode_width::UnicodeWidthStr;

use super::console::Console;
use super::failure::Failure;
use crate::probe::{Cell, Finding, Table};

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
            write_csv(&finding.rows(), console)
        } else {
            write_table(&finding.summary(), console)
        }
    }
}

fn write_csv(table: &Table, console: &mut Console) -> Result<(), Failure> {
    let mut writer = csv::Writer::from_writer(console);
    let mut result = writer.write_record(&table.columns);
    for row in &table.rows {
        result = result.and_then(|()| writer.write_record(row.iter().map(Cell::to_full)));
    }
    result.map_err(|error| match error.into_kind() {
        csv::ErrorKind::Io(error) => error.into(),
        other => Failure::Work(format!("{other:?}")),
    })?;
    Ok(writer.flush()?)
}

/// A table for a person: words flush left, numbers flush right, columns without an entry left out.
pub fn write_table(table: &Table, console: &mut Console) -> Result<(), Failure> {
    let says = |cell: &Cell| !matches!(cell, Cell::Missing) && *cell != Cell::Text(String::new());
    let columns: Vec<usize> =
        (0..table.columns.len()).filter(|&column| table.rows.iter().any(|row| says(&row[column]))).collect();
    let shown: Vec<Vec<String>> = table.rows.iter().map(|row| row.iter().map(Cell::to_string).collect()).collect();
    let widths: Vec<usize> = columns
        .iter()
        .map(|&column| {
            let cells = shown.iter().map(|row| row[column].width());
            cells.chain([table.columns[column].width()]).max().unwrap_or(0)
        })
        .collect();
    let is_number: Vec<bool> =
        columns.iter().map(|&column| table.rows.iter().any(|row| row[column].is_number())).collect();
    for row in std::iter::once(&table.columns).chain(&shown) {
        let mut line = String::new();
        for ((&column, &width), &right) in columns.iter().zip(&widths).zip(&is_number) {
            let gap = " ".repeat(width - row[column].width());
            let (before, after) = if right { (&*gap, "") } else { ("", &*gap) };
            line += &format!("{before}{}{after}  ", row[column]);
        }
        writeln!(console, "{}", line.trim_end())?;
    }
    Ok(())
}
