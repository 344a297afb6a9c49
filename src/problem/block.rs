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
    /// Whether equal ratios of its values are equally far apart to the eye: sizes above zero, such as learning rates. Logarithms, whose
    /// block is called `log_…`, are so of what they are logarithms of.
    pub ratios: bool,
}

impl Block {
    /// Numbers of any size that start at zero: logs, logits, means.
    #[must_use]
    pub fn new(name: &'static str, entries: Vec<String>) -> Self {
        let (start, bounds) = (vec![0.0; entries.len()], (f64::NEG_INFINITY, f64::INFINITY));
        Self { name, entries, start, bounds, scale: 1.0, ratios: false }
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

    /// The same, of sizes above zero.
    #[must_use]
    pub fn in_ratios(self) -> Self {
        Self { ratios: true, ..self }
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

    /// The first entry that has no box: without a bound on some side, or with both in one place.
    #[must_use]
    pub fn without_box(&self) -> Option<usize> {
        // Of two finite bounds the distance may still be none.
        self.bounds().position(|(low, high)| !((high - low).is_finite() && low < high))
    }

    /// λ in the box of its bounds, every entry from 0 at the lower to 1 at the upper one.
    #[must_use]
    pub fn to_box(&self, lambda: &[f64]) -> Vec<f64> {
        lambda.iter().zip(self.bounds()).map(|(x, (low, high))| (x - low) / (high - low)).collect()
    }

    /// λ at a place in the box.
    #[must_use]
    pub fn from_box(&self, unit: &[f64]) -> Vec<f64> {
        // The upper bound to the last bit: an entry that lies on it is to be seen there.
        let entry = |u: f64, (low, high): (f64, f64)| if u == 1.0 { high } else { low + (high - low) * u };
        unit.iter().zip(self.bounds()).map(|(u, bounds)| entry(*u, bounds)).collect()
    }

    /// The derivative by a place in the box, from that by λ.
    #[must_use]
    pub fn by_box(&self, gradient: &[f64]) -> Vec<f64> {
        gradient.iter().zip(self.bounds()).map(|(slope, (low, high))| (high - low) * slope).collect()
    }

    /// How many entries lie at a bound or beyond, of those that an outer rule moves.
    #[must_use]
    pub fn pressed(&self, lambda: &[f64]) -> usize {
        self.moving(lambda).filter(|(x, (low, high))| x <= low || x >= high).count()
    }

    /// How many of these lie at their lower bound or beyond.
    #[must_use]
    pub fn pressed_below(&self, lambda: &[f64]) -> usize {
        self.moving(lambda).filter(|(x, (low, _))| x <= low).count()
    }

    /// The entries that an outer rule moves, with their bounds.
    fn moving(&self, lambda: &[f64]) -> impl Iterator<Item = (f64, (f64, f64))> {
        let entries = lambda.iter().copied().zip(self.bounds()).zip(self.scales());
        entries.filter(|(_, scale)| *scale != 0.0).map(|(entry, _)| entry)
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
    fn bounds_that_are_infinitely_far_apart_are_no_box() {
        let of = |low, high| Blocks::new(vec![Block::new("x", vec!["x".to_owned()]).within(low, high)]).without_box();
        assert_eq!(
            [of(-1e308, 1e308), of(0.0, f64::INFINITY), of(1.0, 1.0), of(-1e307, 1e307)],
            [Some(0), Some(0), Some(0), None]
        );
    }

    /// `.2 + (9 − .2)` is not 9 in floating point, for one.
    #[test]
    fn the_corners_of_the_box_are_the_bounds() {
        let blocks =
            Blocks::new(vec![Block::numbered("x", 1).within(0.2, 9.0), Block::numbered("y", 1).within(-0.3, 0.1)]);
        assert_eq!(blocks.from_box(&[1.0, 1.0]), [9.0, 0.1]);
        assert_eq!(blocks.from_box(&[0.0, 0.0]), [0.2, -0.3]);
        let corner = blocks.from_box(&[1.0, 0.0]);
        assert_eq!((blocks.pressed(&corner), blocks.pressed_below(&corner)), (2, 1));
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
