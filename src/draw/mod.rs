//! Batches: which rows a call runs over, as a function of (seed, stream, clock, purpose) alone.
//!
//! A batch belongs to the loops. Every purpose has a stream of its own, so that a method that takes more lists of
//! one kind, or a longer inner run, shifts nobody else's rows; and no list depends on the data or on λ, so that two
//! runs on the same streams see the same rows.

mod batch;
mod clock;
mod draws;
mod lists;

pub use batch::{Batch, Products};
pub use clock::Clock;
pub use draws::{Draw, Draws, PerStep, Sizes};
pub use lists::{Drawing, Lists, Numbers, WrittenLabels, WrittenStudents};
