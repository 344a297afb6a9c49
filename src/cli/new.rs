//! `hyperlab new FILE`: a scenario over a table, without a screen.

use std::io::Write;
use std::path::PathBuf;

use clap::Args;

use super::columns::write_draft;
use super::console::Console;
use super::failure::Failure;
use crate::data::table::Header;
use crate::export;
use crate::front::{begin, draft};
use crate::scenario::display_text;

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
    /// The file to write; beside the table under its name when left out. A file that is there is never written over
    #[arg(long, value_name = "FILE.ron")]
    output: Option<PathBuf>,
}

impl New {
    /// Writes the scenario, and says where and what it is.
    pub fn run(&self, console: &mut Console) -> Result<(), Failure> {
        let header = if self.no_header { Header::Absent } else { Header::Auto };
        let Some(mut draft) = draft(&self.file, header, &|| true)? else { return Ok(()) };
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
        if !draft.can_go() {
            console.flush()?;
            return Err(Failure::input("nothing is written while there are errors"));
        }
        let begun =
            begin(&draft, &self.file, self.output.as_deref()).map_err(|all| Failure::input(all.join("\n       ")))?;
        if self.output.as_ref().is_some_and(|path| path.exists()) {
            let path = display_text(&begun.path.display().to_string());
            return Err(Failure::input(format!("`{path}` is there already; expected a name that is free")));
        }
        let path = export::write_free(&begun.path, begun.text.as_bytes());
        let path = path.map_err(|error| Failure::Work(error.to_string()))?;
        writeln!(console, "\nwritten to {0}: `hyperlab {0}` opens it", display_text(&path.display().to_string()))?;
        Ok(())
    }
}
