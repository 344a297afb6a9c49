//! Standard output and standard error, as safe as they need to be.

use std::io::{self, BufWriter, IsTerminal, StdoutLock, Write};
use std::process::ExitCode;

use super::failure::Failure;
use super::printable::Printable;

/// Where commands write to.
pub struct Console {
    output: Printable<BufWriter<StdoutLock<'static>>>,
}

impl Console {
    /// The streams of this process.
    pub fn new() -> Self {
        Self { output: Printable::new(BufWriter::new(io::stdout().lock())) }
    }

    /// Shows something on standard error, and says whether that is a terminal.
    pub fn show(&mut self, write: impl FnOnce(&mut dyn Write, bool) -> io::Result<()>) {
        // When standard error is gone there is nobody left to tell.
        let _ = write(&mut io::stderr().lock(), io::stderr().is_terminal());
    }

    /// Writes what is left, reports a failure, and gives the process's exit code.
    pub fn close(mut self, result: Result<(), Failure>) -> ExitCode {
        let result = result.and_then(|()| Ok(self.output.flush()?));
        match result {
            Ok(()) | Err(Failure::Closed) => ExitCode::SUCCESS,
            Err(failure) => {
                // What was found before the failure comes first.
                let _ = self.output.flush();
                report(&failure)
            }
        }
    }
}

impl Write for Console {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.output.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.output.flush()
    }
}

/// Tells standard error what went wrong.
pub fn report(failure: &Failure) -> ExitCode {
    let _ = failure.write(&mut io::stderr().lock(), io::stderr().is_terminal());
    ExitCode::from(failure.exit_code())
}
