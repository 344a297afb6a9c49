//! Hyperlab's binary: what was asked for decides the front.

use std::process::ExitCode;
use std::sync::Arc;

use hyperlab::cli::{self, Laboratory, Opening};
use hyperlab::front::{Folder, recent_file};
use hyperlab::tui::{self, Listed, Options, Start};

fn main() -> ExitCode {
    let arguments = match cli::arguments() {
        Ok(arguments) => arguments,
        Err(code) => return code,
    };
    match &arguments.command {
        Some(command) => cli::run(command),
        None if arguments.laboratory.prints_config() => cli::print(&tui::template()),
        None => laboratory(&arguments.laboratory).unwrap_or_else(|code| code),
    }
}

fn laboratory(asked: &Laboratory) -> Result<ExitCode, ExitCode> {
    let (config, complaint) = tui::configuration(&asked.settings()).map_err(cli::refuse)?;
    let (start, files) = match cli::open(asked)? {
        Opening::Nothing => (Start::Page, Folder::current()),
        Opening::Scenario { id, scenario, files } => {
            (Start::Scenario(Box::new(Listed { id, group: None, scenario: *scenario })), files)
        }
        Opening::Table(path) => (Start::Table(path), Folder::current()),
        Opening::Session { id, session, files } => (Start::Session { id, session }, files),
    };
    let (recent, name) = (recent_file(), asked.name());
    let options = Options { start, files: Arc::new(files), config, complaint, recent, name, ..Options::default() };
    Ok(tui::run(options).map_or_else(|error| cli::fail(&error, error.exit_code()), |()| ExitCode::SUCCESS))
}
