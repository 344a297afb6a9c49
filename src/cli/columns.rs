//! A table, column by column, as text: what the page that opens a table shows.

use std::io::Write;
use std::path::Path;

use super::console::Console;
use super::failure::Failure;
use crate::front::{Begun, begin, sketch, wrap};
use crate::math::number::counted;
use crate::probe::{Cell, Table};
use crate::scenario::{Choice, Draft, Severity};

/// Columns of text.
const WIDTH: usize = 100;

/// Letters of a column's values at most, and of its name.
const VALUES: usize = 36;
const NAME: usize = 28;

/// Writes the table's columns, what a scenario over it would be, and what is to be said of that.
pub fn write_draft(draft: &Draft, console: &mut Console) -> Result<(), Failure> {
    let survey = &draft.survey;
    let (rows, columns) = (counted(survey.rows, "row"), counted(survey.columns.len(), "column"));
    writeln!(console, "{}: a table of {rows} and {columns}; {}\n", survey.file, survey.dialect())?;
    let mut table =
        Table::new(&["column", "holds", "holes", "least · middle · most, or the commonest", "sketch", "is"]);
    table.rows = (0..survey.columns.len()).map(|index| row(draft, index)).collect();
    for line in table.lines() {
        writeln!(console, "{line}")?;
    }
    writeln!(console)?;
    for choice in Choice::ALL {
        write_labelled(choice.title(), &draft.chosen(choice), console)?;
    }
    write_labelled("gives", &draft.gives(), console)?;
    let advice = draft.advice();
    if !advice.is_empty() {
        writeln!(console)?;
    }
    for advice in advice {
        let name = match advice.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        };
        write_labelled(name, &advice.text, console)?;
    }
    Ok(())
}

/// The scenario that the draft is; or why there is none, beside what stands above.
pub fn begun(draft: &Draft, table: &Path, into: Option<&Path>, console: &mut Console) -> Result<Begun, Failure> {
    begin(draft, table, into).map_err(|against| {
        if let Err(error) = console.flush() {
            return error.into();
        }
        if draft.can_go() {
            return Failure::input(against.join("\n       "));
        }
        let help = "`hyperlab new` has --target, --leave-out, --decimal and --no-header for that; `hyperlab TABLE` shows it all";
        Failure::input("there is no scenario over it while there are errors").with_help(help)
    })
}

fn row(draft: &Draft, index: usize) -> Vec<Cell> {
    let column = &draft.survey.columns[index];
    vec![
        Cell::Text(crate::front::ending_cut(&column.name, NAME)),
        Cell::Text(column.kind.in_words(column.distinct)),
        Cell::Count(column.holes),
        Cell::Text(crate::front::ending_cut(&column.in_short(), VALUES)),
        Cell::Text(sketch(&column.sketch, false)),
        Cell::Text(draft.role_in_effect(index).in_words().to_owned()),
    ]
}

fn write_labelled(name: &str, text: &str, console: &mut Console) -> Result<(), Failure> {
    for (index, line) in wrap(text, WIDTH - 9).iter().enumerate() {
        writeln!(console, "{:<9}{line}", if index == 0 { name } else { "" })?;
    }
    Ok(())
}
