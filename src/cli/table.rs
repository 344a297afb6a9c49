//! `--table`: all trials side by side.

use clap::Args;
use serde_json::{Map, Value as Json, json};

use super::failure::Failure;
use crate::lab::{Comparison, End, Row, Snapshot, cell};
use crate::metric::{Quantity, QuantityError};
use crate::probe::{Cell, Finding, Table};

/// Name and version of the JSON layout.
const SCHEMA: &str = "hyperlab/table/1";

/// What to compare, and in which order.
#[derive(Debug, Clone, Args)]
pub struct TableArguments {
    /// One row a trial, at its last outer step: a table to compare trials by
    #[arg(long)]
    pub table: bool,
    /// Metrics in the columns; when left out, those that come first (see `hyperlab list metrics`)
    #[arg(long, value_name = "METRIC", num_args = 1.., value_delimiter = ',', requires = "table")]
    columns: Vec<String>,
    /// The column whose numbers order the rows; those without a number come last
    #[arg(long, value_name = "METRIC", requires = "table")]
    sort: Option<String>,
    /// The largest number first
    #[arg(long, requires = "sort")]
    descending: bool,
}

impl TableArguments {
    /// The names, read before anything runs.
    pub fn check(&self) -> Result<(), Failure> {
        self.columns.iter().chain(&self.sort).try_for_each(|name| Quantity::parse(name).map(drop)).map_err(refused)
    }

    /// The table of trials that have run as planned, sorted.
    pub fn table(&self, snapshot: &Snapshot, ends: &[End]) -> Result<Compared, Failure> {
        let mut columns = match &self.columns[..] {
            [] => Comparison::usual(snapshot),
            names => Comparison::chosen(snapshot, names).map_err(refused)?,
        };
        let sort = Comparison::chosen(snapshot, self.sort.as_slice()).map_err(refused)?;
        let sort = sort.first().map(|sort| match columns.iter().position(|column| column == sort) {
            Some(place) => place,
            None => {
                columns.push(*sort);
                columns.len() - 1
            }
        });
        let mut comparison = Comparison::at_the_end(snapshot, &columns, ends);
        if let Some(column) = sort {
            comparison.sort(column, self.descending);
        }
        Ok(Compared { comparison, notes: Vec::new() })
    }
}

fn refused(error: QuantityError) -> Failure {
    let failure = Failure::input(error.message);
    match error.help {
        Some(help) => failure.with_help(help),
        None => failure,
    }
}

/// A table of trials, to be written.
#[derive(Debug)]
pub struct Compared {
    comparison: Comparison,
    /// What a person should know beside the numbers of a trial, by its identifier.
    notes: Vec<(u64, String)>,
}

impl Compared {
    /// The same with words beside the numbers.
    pub fn noted(self, notes: Vec<(u64, String)>) -> Self {
        Self { notes, ..self }
    }

    fn note(&self, row: &Row) -> &str {
        self.notes.iter().find(|(trial, _)| *trial == row.trial).map_or("", |(_, note)| note.as_str())
    }
}

impl Finding for Compared {
    fn to_json(&self) -> String {
        let entry = |(column, value): (&Quantity, &Option<f64>)| {
            let value = match cell(column.metric, *value) {
                Cell::Count(count) => json!(count),
                Cell::Text(flag) => json!(flag == "true"),
                // What is not finite is `null`.
                _ => json!(value),
            };
            (column.to_string().replace('-', "_"), value)
        };
        let rows = self.comparison.rows.iter().map(|row| {
            let values: Map<String, Json> = self.comparison.columns.iter().zip(&row.values).map(entry).collect();
            json!({
                "trial": row.name, "status": row.status_in_words(), "halted": row.is_halted(),
                "outer_steps": row.outer_steps, "values": values, "note": self.note(row)
            })
        });
        let columns = self.comparison.columns.iter().map(|column| column.to_string().replace('-', "_"));
        json!({ "schema": SCHEMA, "columns": columns.collect::<Vec<_>>(), "rows": rows.collect::<Vec<_>>() })
            .to_string()
    }

    fn rows(&self) -> Table {
        self.comparison.named_table()
    }

    fn summary(&self) -> Table {
        let mut table = self.comparison.table(Quantity::symbol);
        table.columns.push("note".to_owned());
        for (cells, row) in table.rows.iter_mut().zip(&self.comparison.rows) {
            cells.push(self.note(row).into());
        }
        table
    }
}
