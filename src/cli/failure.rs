//! Why a command did not do what was asked.

use std::io::{self, Write};

use super::diagnose;
use super::printable::Printable;
use crate::front::{Mistakes, OpenError};
use crate::scenario::legible;

/// Why a command did not do what was asked.
#[derive(Debug)]
pub enum Failure {
    /// The input was wrong.
    Input {
        /// The thing, the place, what was expected.
        message: String,
        /// What to do about it.
        help: Option<String>,
    },
    /// A text has mistakes.
    Mistakes(Mistakes),
    /// The input was right and it did not work all the same.
    Work(String),
    /// The input was wrong, and everything about it has been said.
    Said,
    /// Whoever read the output has seen enough.
    Closed,
}

impl Failure {
    /// The input was wrong.
    pub fn input(message: impl Into<String>) -> Self {
        Self::Input { message: message.into(), help: None }
    }

    /// The same with advice.
    pub fn with_help(self, advice: impl Into<String>) -> Self {
        match self {
            Self::Input { message, .. } => Self::Input { message, help: Some(advice.into()) },
            other => other,
        }
    }

    /// 1 failed, 2 the input was wrong.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Input { .. } | Self::Mistakes(_) | Self::Said => 2,
            Self::Work(_) => 1,
            Self::Closed => 0,
        }
    }

    /// Says it, in colours where a terminal shows them.
    pub fn write(&self, out: &mut dyn Write, on_terminal: bool) -> io::Result<()> {
        match self {
            Self::Input { message, help } => {
                let mut out = Printable::new(out);
                writeln!(out, "error: {}", legible(message))?;
                help.iter().try_for_each(|help| writeln!(out, "  help: {}", legible(help)))
            }
            Self::Mistakes(mistakes) => diagnose::write(mistakes, out, on_terminal),
            Self::Work(message) => writeln!(Printable::new(out), "error: {}", legible(message)),
            Self::Said | Self::Closed => Ok(()),
        }
    }
}

/// Writing to standard output: nobody reading it any more is no failure.
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::Closed,
            _ => Self::Work(format!("the output cannot be written: {error}")),
        }
    }
}

impl From<OpenError> for Failure {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::Mistakes(mistakes) => Self::Mistakes(mistakes),
            error => Self::Input { message: error.to_string(), help: error.help() },
        }
    }
}
