//! The screen keeps its promises: every scenario that comes with the program is opened, run and paused, its charts are
//! looked at as data, and every number of its text is held against the run.

mod charts;
mod claims;
mod horizon;
mod panes;
mod papers;
mod populations;
mod stability;
mod text;
pub mod walk;
