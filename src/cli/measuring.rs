//! A probe run to its end, with a bar that shows how far it is.

use std::ops::ControlFlow;

use clap::Args;

use super::failure::Failure;
use super::progress::Bar;
use crate::probe::{Case, Entry, Finding, Progress};

/// What a measurement works on.
#[derive(Debug, Clone, Copy, Args)]
pub struct Threads {
    /// Threads to work on; all cores when left out. The result is the same to the bit
    #[arg(long, value_name = "N", allow_hyphen_values = true, value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
}

impl Threads {
    /// Measures.
    pub fn measure(self, entry: &Entry, case: &Case<'_>) -> Result<Box<dyn Finding>, Failure> {
        let bar = Bar::new(1);
        let mut watcher = |progress: Progress| {
            bar.set(progress.done, progress.total);
            ControlFlow::Continue(())
        };
        let mut threads = rayon::ThreadPoolBuilder::new();
        if let Some(count) = self.threads {
            threads = threads.num_threads(count.into());
        }
        let threads = threads.build().map_err(|error| Failure::Work(format!("no threads to work on: {error}")))?;
        threads.install(|| entry.measure(case, &mut watcher)).map_err(|error| Failure::input(error.to_string()))
    }
}
