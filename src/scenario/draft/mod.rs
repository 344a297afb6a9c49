//! A scenario over a table, before it is written: what is to be learned from which columns, by which problem, and what
//! becomes of holes, texts and rows.
//!
//! A draft begins with what is sensible for the table, so that a person need say nothing; what cannot be used is left out
//! or mended from the start, and said. Nothing here reads a file or knows a screen.

mod advice;
mod choices;
mod guess;
mod target;
mod text;

pub use advice::Advice;
pub use choices::{Choice, Draft, Role, Sizes};
