//! λ in blocks: entries that mean the same kind of thing have a name, bounds and a scale in common.
//!
//! A problem declares blocks for its own λ, dynamics for the outer variables that follow it. Names, starts and bounds
//! of λ come from them, so that a momentum is kept between 0 and 1 beside a log penalty that is not.

use std::ops::Range;

/// Entries of λ of one kind.
#[derive(Debug, Clone, PartialEq)]
pub struct Block {
    /// What a scenario calls it: `log_penalties`, `momentum`. Unique within one λ.
    pub name: &'static str,
    /// What each entry stands for, for labels: `age`.
    pub entries: Vec<String>,
    /// Where each entry starts when a scenario says nothing.
    pub start: Vec<f64>,
    /// The smallest and the largest value that mean something, infinite where all do. λ is kept within them.
    pub bounds: (f64, f64),
    /// Factor on the steps of an outer rule.
    pub scale: f64,
}

impl Block {
    /// Numbers of any size that start at zero: logs, logits, means.
    #[must_use]
    pub fn new(name: &'static str, entries: Vec<String>) -> Self {
        Self { name, start: vec![0.0; entries.len()], entries, bounds: (f64::NEG_INFINITY, f64::INFINITY), scale: 1.0 }
    }

    /// The same, named `λ 1`, `λ 2`, …
    #[must_use]
    pub fn numbered(name: &'static str, count: usize) -> Self {
        Self::new(name, (1..=count).map(|entry| format!("λ {entry}")).collect())
    }

    /// The same with every entry from another start.
    #[must_use]
    pub fn starting_at(self, start: f64) -> Self {
        Self { start: vec![start; self.entries.len()], ..self }
    }

    /// The same within bounds.
    #[must_use]
    pub fn within(self, low: f64, high: f64) -> Self {
        Self { bounds: (low, high), ..self }
    }
}

/// All of λ, block after block.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Blocks(Vec<Block>);

impl Blocks {
    /// In the order of λ.
    #[must_use]
    pub fn new(blocks: Vec<Block>) -> Self {
        Self(blocks)
    }

    /// The length of λ.
    #[must_use]
    pub fn dimension(&self) -> usize {
        self.0.iter().map(|block| block.entries.len()).sum()
    }

    /// Every block, and where it lies in λ.
    pub fn iter(&self) -> impl Iterator<Item = (&Block, Range<usize>)> {
        let mut end = 0;
        self.0.iter().map(move |block| {
            let start = end;
            end += block.entries.len();
            (block, start..end)
        })
    }

    /// What each entry of λ stands for.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        self.0.iter().flat_map(|block| block.entries.iter().cloned()).collect()
    }

    /// Where λ starts when a scenario says nothing.
    #[must_use]
    pub fn start(&self) -> Vec<f64> {
        self.0.iter().flat_map(|block| block.start.iter().copied()).collect()
    }

    /// The factor on the steps of every entry.
    pub fn scales(&self) -> impl Iterator<Item = f64> {
        self.each(|block| block.scale)
    }

    /// The bounds of every entry.
    pub fn bounds(&self) -> impl Iterator<Item = (f64, f64)> {
        self.each(|block| block.bounds)
    }

    /// Moves every entry to the nearest value within its bounds. NaN stays, which is a result.
    pub fn clamp(&self, lambda: &mut [f64]) {
        for (x, (low, high)) in lambda.iter_mut().zip(self.bounds()) {
            *x = x.clamp(low, high);
        }
    }

    /// How many entries lie at a bound or beyond.
    #[must_use]
    pub fn pressed(&self, lambda: &[f64]) -> usize {
        lambda.iter().zip(self.bounds()).filter(|(x, (low, high))| **x <= *low || **x >= *high).count()
    }

    fn each<T: Clone>(&self, read: impl Fn(&Block) -> T) -> impl Iterator<Item = T> {
        self.0.iter().flat_map(move |block| std::iter::repeat_n(read(block), block.entries.len()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blocks() -> Blocks {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let momentum = Block::new("momentum", names(&["β"])).within(0.0, 0.999).starting_at(0.9);
        Blocks::new(vec![Block::new("log_penalties", names(&["age", "sex"])), momentum])
    }

    #[test]
    fn entries_follow_their_blocks() {
        let blocks = blocks();
        assert_eq!(blocks.dimension(), 3);
        assert_eq!(blocks.names(), ["age", "sex", "β"]);
        assert_eq!(blocks.start(), [0.0, 0.0, 0.9]);
        let places: Vec<_> = blocks.iter().map(|(block, range)| (block.name, range)).collect();
        assert_eq!(places, [("log_penalties", 0..2), ("momentum", 2..3)]);
    }

    #[test]
    fn every_entry_is_kept_within_its_own_bounds() {
        let mut lambda = [-50.0, f64::NAN, 1.7];
        assert_eq!(blocks().pressed(&lambda), 1);
        blocks().clamp(&mut lambda);
        assert_eq!((lambda[0], lambda[2]), (-50.0, 0.999));
        assert!(lambda[1].is_nan());
        assert_eq!(blocks().pressed(&lambda), 1);
    }
}
