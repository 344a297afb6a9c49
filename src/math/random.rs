//! Seeded streams: randomness is a function of (seed, key), never of what was drawn before.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// What a stream is for. Two purposes never share numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u64)]
pub enum Purpose {
    /// The rows of a mini-batch.
    Batch = 1,
    /// The starting point of the inner problem.
    Start = 2,
    /// A split of the data.
    Split = 3,
    /// Synthetic features, targets and noise.
    Data = 4,
    /// Hyperparameters drawn at the start.
    Lambda = 5,
    /// A random direction or subset inside an estimator.
    Estimator = 6,
    /// The coefficients of an outer objective.
    Outer = 7,
    /// The splits of an ensemble.
    Ensemble = 8,
    /// Which rows of a pool a replicate has.
    Replicate = 9,
    /// Where the students of a population start.
    Population = 10,
    /// The rows and the start of an outer step in a world that moves.
    World = 11,
    /// A row that takes the place of another, and which rows are replaced.
    StandIn = 12,
    /// Random features that a problem's functions are made of.
    Features = 13,
}

/// The stream of a purpose at a place, for example `(trial, outer step, inner step)`.
#[must_use]
pub fn stream(seed: u64, purpose: Purpose, place: &[u64]) -> ChaCha8Rng {
    let mut state = mix(seed ^ 0x6879_7065_726c_6162);
    state = mix(state ^ purpose as u64);
    for part in place {
        state = mix(state.rotate_left(17) ^ part.wrapping_add(0x9e37_79b9_7f4a_7c15));
    }
    let mut key = [0; 32];
    for (index, bytes) in key.chunks_exact_mut(8).enumerate() {
        bytes.copy_from_slice(&mix(state.wrapping_add(index as u64)).to_le_bytes());
    }
    ChaCha8Rng::from_seed(key)
}

/// Moves a random choice of `count` items (of all, where there are fewer) to the front, each order equally likely.
pub fn choose<T>(items: &mut [T], count: usize, random: &mut ChaCha8Rng) {
    for place in 0..count.min(items.len()) {
        items.swap(place, random.random_range(place..items.len()));
    }
}

/// The numbers below `count` in random order, each order equally likely.
pub fn shuffled(count: usize, random: &mut ChaCha8Rng) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    shuffle(&mut order, random);
    order
}

/// Puts items in random order (Fisher, Yates 1938), each order equally likely.
pub fn shuffle<T>(items: &mut [T], random: &mut ChaCha8Rng) {
    for last in (1..items.len()).rev() {
        items.swap(last, random.random_range(0..=last));
    }
}

/// The finalizer of splitmix64 (Steele, Lea, Flood 2014): every input bit moves every output bit.
#[must_use]
pub fn mix(z: u64) -> u64 {
    let z = z.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use rand::Rng;

    use super::*;

    #[test]
    fn a_stream_depends_on_seed_purpose_and_place_alone() {
        let first = |seed, purpose, place: &[u64]| stream(seed, purpose, place).next_u64();
        let here = first(7, Purpose::Batch, &[1, 2]);
        assert_eq!(here, first(7, Purpose::Batch, &[1, 2]));
        for other in [
            first(8, Purpose::Batch, &[1, 2]),
            first(7, Purpose::Start, &[1, 2]),
            first(7, Purpose::Batch, &[2, 1]),
            first(7, Purpose::Batch, &[1]),
        ] {
            assert_ne!(here, other);
        }
    }
}
