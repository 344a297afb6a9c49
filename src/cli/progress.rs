//! A progress bar on standard error, when that is a terminal.

use std::io::IsTerminal;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A bar that goes away when it is dropped.
pub struct Bar(ProgressBar);

impl Bar {
    /// A bar for so many units of work.
    pub fn new(total: usize) -> Self {
        let target =
            if std::io::stderr().is_terminal() { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(Some(total as u64), target);
        if let Ok(style) = ProgressStyle::with_template("{bar:40} {percent:>3} %  {eta} left") {
            bar.set_style(style);
        }
        Self(bar)
    }

    /// So many units are done, of so many.
    pub fn set(&self, done: usize, total: usize) {
        // Setting the length draws at once, however lately that was done.
        if self.0.length() != Some(total as u64) {
            self.0.set_length(total as u64);
        }
        self.0.set_position(done as u64);
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
