//! Hyperlab's binary: what was asked for decides the front.

use std::process::ExitCode;
use std::sync::Arc;

use hyperlab::cli::{self, Opening};
use hyperlab::front::Folder;
use hyperlab::tui::{self, Listed, Options, Start};

fn main() -> ExitCode {
    let arguments = cli::arguments();
    match &arguments.command {
        Some(command) => cli::run(command),
        None => cli::open(&arguments.laboratory).map_or_else(|code| code, laboratory),
    }
}

fn laboratory(opening: Opening) -> ExitCode {
    let (start, files) = match opening {
        Opening::Nothing => (Start::Page, Folder::current()),
        Opening::Scenario { id, scenario, files } => {
            (Start::Scenario(Box::new(Listed { id, scenario: *scenario })), files)
        }
        Opening::Session { id, session, files } => (Start::Session { id, session }, files),
    };
    match tui::run(Options { start, files: Arc::new(files), ..Options::default() }) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(error.exit_code())
        }
    }
}
