//! `hyperlab completions SHELL`.

use std::io::Write;

use clap::{Args, Command};
use clap_complete::Shell;

use super::console::Console;
use super::failure::Failure;

/// Arguments of `completions`.
#[derive(Debug, Args)]
pub struct Completions {
    /// The shell
    shell: Shell,
}

impl Completions {
    /// Prints the script for a program.
    pub fn run(&self, mut program: Command, console: &mut Console) -> Result<(), Failure> {
        // Into memory first: the generator panics when a pipe is closed under it.
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut program, "hyperlab", &mut script);
        Ok(console.write_all(&script)?)
    }
}
