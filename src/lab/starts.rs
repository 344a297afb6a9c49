//! Where outer steps begin in a branch: a list that grows with the run and is shared with every snapshot.

use std::sync::Arc;

/// A moment at which the next outer step of a trial begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OuterStart {
    /// Commands applied to reach it.
    pub position: usize,
    /// The trial's identifier.
    pub trial: u64,
}

/// All of them, in order. They lie in chunks, so that what is appended while a snapshot is looked at copies one chunk
/// and not the whole past.
#[derive(Debug, Clone, Default)]
pub struct OuterStarts {
    chunks: Vec<Arc<Vec<OuterStart>>>,
}

/// Starts in a chunk.
const CHUNK: usize = 1024;

impl OuterStarts {
    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.chunks.last().map_or(0, |last| (self.chunks.len() - 1) * CHUNK + last.len())
    }

    /// Whether no outer step has begun but the first.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.chunks.is_empty()
    }

    /// Start number `index`.
    #[must_use]
    pub fn get(&self, index: usize) -> Option<OuterStart> {
        self.chunks.get(index / CHUNK)?.get(index % CHUNK).copied()
    }

    /// Each of them, from number `first` on.
    pub fn from(&self, first: usize) -> impl Iterator<Item = OuterStart> {
        (first..self.len()).filter_map(|index| self.get(index))
    }

    /// Those before number `end`, the last first.
    pub fn before(&self, end: usize) -> impl Iterator<Item = OuterStart> {
        (0..end.min(self.len())).rev().filter_map(|index| self.get(index))
    }

    /// How many begin before a position.
    #[must_use]
    pub fn count_before(&self, position: usize) -> usize {
        let is_before = |chunk: &Arc<Vec<OuterStart>>| chunk.last().is_some_and(|last| last.position < position);
        let full = self.chunks.partition_point(is_before);
        if full == self.chunks.len() {
            return self.len();
        }
        let rest = self.chunks.get(full).map_or(0, |chunk| chunk.partition_point(|start| start.position < position));
        full * CHUNK + rest
    }

    pub(super) fn push(&mut self, start: OuterStart) {
        match self.chunks.last_mut() {
            Some(last) if last.len() < CHUNK => Arc::make_mut(last).push(start),
            _ => self.chunks.push(Arc::new(vec![start])),
        }
    }

    /// Those up to a position.
    pub(super) fn up_to(&self, position: usize) -> Self {
        let mut kept = self.clone();
        let count = self.count_before(position + 1);
        kept.chunks.truncate(count.div_ceil(CHUNK));
        if let Some(last) = kept.chunks.last_mut().filter(|_| !count.is_multiple_of(CHUNK)) {
            Arc::make_mut(last).truncate(count % CHUNK);
        }
        kept
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Three trials step at every seventh position, over several chunks.
    fn starts(count: usize) -> (OuterStarts, Vec<OuterStart>) {
        let plain: Vec<OuterStart> =
            (0..count).map(|index| OuterStart { position: 7 * (index / 3), trial: index as u64 % 3 }).collect();
        let mut chunked = OuterStarts::default();
        plain.iter().for_each(|start| chunked.push(*start));
        (chunked, plain)
    }

    #[test]
    fn it_is_the_list_that_it_looks_like() {
        for count in [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK + 5] {
            let (chunked, plain) = starts(count);
            assert_eq!((chunked.len(), chunked.is_empty()), (count, count == 0));
            assert!(chunked.from(0).eq(plain.iter().copied()));
            assert!(chunked.before(count).eq(plain.iter().rev().copied()));
            for position in [0, 1, 7, 2000, 2389, 2390, 1 << 20] {
                let before = plain.partition_point(|start| start.position < position);
                assert_eq!(chunked.count_before(position), before, "{count}, {position}");
                let kept: Vec<OuterStart> = chunked.up_to(position).from(0).collect();
                assert_eq!(kept, plain[..plain.partition_point(|start| start.position <= position)]);
            }
        }
    }

    #[test]
    fn a_copy_shares_and_does_not_follow() {
        let (mut chunked, plain) = starts(CHUNK + 3);
        let copy = chunked.clone();
        chunked.push(OuterStart { position: 1 << 20, trial: 0 });
        assert!(Arc::ptr_eq(&copy.chunks[0], &chunked.chunks[0]));
        assert!(copy.from(0).eq(plain));
        assert_eq!(chunked.len(), copy.len() + 1);
    }
}
