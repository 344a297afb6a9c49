//! Hyperlab's binary.

use std::process::ExitCode;

fn main() -> ExitCode {
    match hyperlab::tui::run(hyperlab::tui::Options::default()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("hyperlab: {error}");
            ExitCode::from(error.exit_code())
        }
    }
}
