//! Whose rows a generator draws, on which stream, and numbers that it refuses.

use rand_chacha::ChaCha8Rng;

use super::DataError;
use crate::math::random::{Purpose, stream};

/// Entries of a feature matrix that still fit a laptop.
pub(super) const MOST_ENTRIES: usize = 50_000_000;

/// What a stream is for.
#[derive(Clone, Copy)]
pub(super) enum Part {
    Features = 1,
    Weights = 2,
    Noise = 3,
    Labels = 4,
    Shared = 5,
}

/// Whose rows are drawn: those of the scenario, or those of a replicate. Weights and centres belong to the
/// population and depend on the seed alone.
#[derive(Clone, Copy)]
pub(super) struct Draw<'a> {
    pub seed: u64,
    /// Empty for the scenario's own rows.
    pub replicate: &'a [u64],
}

impl Draw<'_> {
    /// The scenario's own rows.
    pub fn of(seed: u64) -> Self {
        Self { seed, replicate: &[] }
    }
}

/// The stream of one part of a draw.
pub(super) fn part(draw: Draw<'_>, part: Part) -> ChaCha8Rng {
    let place: Vec<u64> = std::iter::once(part as u64).chain(draw.replicate.iter().copied()).collect();
    stream(draw.seed, Purpose::Data, &place)
}

/// Fewer rows than two have no noise to be told from.
pub(super) fn check_rows(rows: usize) -> Result<(), DataError> {
    if rows < 2 {
        return Err(DataError::at("source.rows", format!("`rows` is {rows}; expected at least 2")));
    }
    if rows > MOST_ENTRIES {
        return Err(DataError::at("source.rows", format!("`rows` is {rows}; expected at most {MOST_ENTRIES}")));
    }
    Ok(())
}

/// Refuses a number of a source that is not finite, or is too small.
pub(super) fn check_number(field: &str, value: f64, smallest: f64) -> Result<(), DataError> {
    if value.is_finite() && value >= smallest {
        return Ok(());
    }
    let expected = if smallest.is_finite() { "a finite number of at least 0" } else { "a finite number" };
    Err(DataError::at(format!("source.{field}"), format!("`{field}` is {value}; expected {expected}")))
}
