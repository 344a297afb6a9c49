//! Hyperlab's binary: what was asked for decides the front.

use std::process::ExitCode;

use hyperlab::cli;

fn main() -> ExitCode {
    let arguments = cli::arguments();
    match &arguments.command {
        Some(command) => cli::run(command),
        None => match arguments.laboratory.open() {
            Ok(_) => ExitCode::SUCCESS,
            Err(code) => code,
        },
    }
}
