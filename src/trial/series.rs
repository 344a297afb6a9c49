//! A record that grows: appended to at its end, shared by whoever looks at it, and thinned beyond a budget.
//!
//! Samples lie in chunks behind [`Arc`]s, so that a copy of a series costs a few counters however long it is, and a
//! sample appended afterwards copies at most one chunk. When the budget is reached every other sample is dropped and
//! from then on every second one is kept, then every fourth, and so on. Which samples are kept is a function of how
//! many there were, so that a run that is taken again leaves the same series. The first sample is always kept, and
//! the last two.

use std::sync::Arc;

/// Samples in a chunk.
const CHUNK: usize = 64;

/// Samples of one kind in the order in which they were taken, numbered from 0.
#[derive(Debug, Clone)]
pub struct Series<T> {
    chunks: Arc<Vec<Arc<[T]>>>,
    tail: Arc<Vec<T>>,
    /// Every so many-th sample is kept; a power of two.
    stride: usize,
    /// Samples appended, kept or not.
    length: usize,
    last: Option<T>,
    before_last: Option<T>,
}

impl<T> Default for Series<T> {
    fn default() -> Self {
        Self { chunks: Arc::default(), tail: Arc::default(), stride: 1, length: 0, last: None, before_last: None }
    }
}

impl<T: Clone> Series<T> {
    /// Samples appended so far, whether they are still there or not.
    #[must_use]
    pub fn len(&self) -> usize {
        self.length
    }

    /// Whether nothing was appended.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// Every so many-th sample is kept: 1 while the budget lasts.
    #[must_use]
    pub fn stride(&self) -> usize {
        self.stride
    }

    /// Appends a sample to a series that may keep `most` (at least 2) besides the last two.
    pub fn push(&mut self, sample: T, most: usize) {
        if self.length.is_multiple_of(self.stride) {
            self.keep(sample.clone());
            while self.kept() > most.max(2) {
                self.thin();
            }
        }
        self.length += 1;
        self.before_last = self.last.replace(sample);
    }

    /// Takes the last sample back. What was thinned for it stays so.
    pub fn pop(&mut self) {
        let Some(place) = self.length.checked_sub(1) else { return };
        self.length = place;
        if place.is_multiple_of(self.stride) && place / self.stride < self.kept() {
            self.drop_kept();
        }
        self.last = None;
        self.last = self.before_last.take().or_else(|| self.get(place.checked_sub(1)?).cloned());
    }

    /// Sample number `place`, if it is still there.
    #[must_use]
    pub fn get(&self, place: usize) -> Option<&T> {
        if place >= self.length {
            return None;
        }
        match self.length - place {
            1 if self.last.is_some() => self.last.as_ref(),
            2 if self.before_last.is_some() => self.before_last.as_ref(),
            _ => place.is_multiple_of(self.stride).then(|| self.kept_at(place / self.stride)).flatten(),
        }
    }

    /// The last sample.
    #[must_use]
    pub fn last(&self) -> Option<&T> {
        self.last.as_ref()
    }

    /// The samples that are still there, evenly spaced, and the last one; each with its number.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (usize, &T)> {
        let kept = (0..self.kept()).filter_map(|index| Some((index * self.stride, self.kept_at(index)?)));
        let is_kept = |place: &usize| place.is_multiple_of(self.stride);
        let last = self.length.checked_sub(1).filter(|place| !is_kept(place));
        kept.chain(last.and_then(|place| Some((place, self.last.as_ref()?))))
    }

    /// Evenly spaced samples that are there.
    fn kept(&self) -> usize {
        self.chunks.len() * CHUNK + self.tail.len()
    }

    fn kept_at(&self, index: usize) -> Option<&T> {
        match self.chunks.get(index / CHUNK) {
            Some(chunk) => chunk.get(index % CHUNK),
            None => self.tail.get(index - self.chunks.len() * CHUNK),
        }
    }

    fn keep(&mut self, sample: T) {
        let tail = Arc::make_mut(&mut self.tail);
        tail.push(sample);
        if tail.len() == CHUNK {
            let chunk = std::mem::take(tail);
            Arc::make_mut(&mut self.chunks).push(chunk.into());
        }
    }

    fn drop_kept(&mut self) {
        if self.tail.is_empty()
            && let Some(chunk) = Arc::make_mut(&mut self.chunks).pop()
        {
            self.tail = Arc::new(chunk.to_vec());
        }
        Arc::make_mut(&mut self.tail).pop();
    }

    /// Drops every other sample.
    fn thin(&mut self) {
        let kept: Vec<T> = (0..self.kept()).step_by(2).filter_map(|index| self.kept_at(index).cloned()).collect();
        self.stride *= 2;
        let (chunks, tail) = kept.as_chunks::<CHUNK>();
        self.chunks = Arc::new(chunks.iter().map(|chunk| Arc::from(chunk.as_slice())).collect());
        self.tail = Arc::new(tail.to_vec());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pushed(count: usize, most: usize) -> Series<usize> {
        let mut series = Series::default();
        (0..count).for_each(|sample| series.push(sample, most));
        series
    }

    #[test]
    fn nothing_is_lost_within_the_budget() {
        for count in [0, 1, 2, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK] {
            let series = pushed(count, 3 * CHUNK);
            assert!(series.iter().map(|(place, sample)| (place, *sample)).eq((0..count).map(|place| (place, place))));
            assert!((0..count).all(|place| series.get(place) == Some(&place)) && series.get(count).is_none());
        }
    }

    /// By hand: with room for 4, samples 0 to 8 leave 0, 4, 8 (thinned at the fifth and at the ninth).
    #[test]
    fn every_other_sample_goes_where_the_budget_is_reached() {
        let places = |count: usize| pushed(count, 4).iter().map(|(place, _)| place).collect::<Vec<_>>();
        assert_eq!(places(4), [0, 1, 2, 3]);
        assert_eq!(places(5), [0, 2, 4]);
        assert_eq!(places(6), [0, 2, 4, 5]);
        assert_eq!(places(9), [0, 4, 8]);
        assert_eq!(places(11), [0, 4, 8, 10]);
        for count in 1..500 {
            let series = pushed(count, 10);
            let kept: Vec<usize> = series.iter().map(|(place, sample)| (assert_eq!(place, *sample), place).1).collect();
            assert!(kept.len() <= 11 && kept[0] == 0 && *kept.last().unwrap() == count - 1, "{kept:?}");
            assert!(count < 2 || series.get(count - 2) == Some(&(count - 2)));
        }
    }

    #[test]
    fn a_copy_does_not_see_what_comes_later() {
        let mut series = pushed(CHUNK + 3, 1000);
        let early = series.clone();
        (CHUNK + 3..5000).for_each(|sample| series.push(sample, 1000));
        assert!(early.iter().map(|(_, sample)| *sample).eq(0..CHUNK + 3));
        assert_eq!(series.last(), Some(&4999));
        // The first chunk was never copied.
        let mut other = early.clone();
        other.push(0, 1000);
        assert!(Arc::ptr_eq(&early.chunks[0], &other.chunks[0]));
    }

    #[test]
    fn what_is_taken_back_and_appended_again_leaves_the_same_series() {
        let mut series = pushed(3, 24);
        (0..2).for_each(|_| series.pop());
        assert_eq!((series.len(), series.last()), (1, Some(&0)));
        for count in 1..400 {
            let mut series = pushed(count, 24);
            series.pop();
            assert_eq!((series.len(), series.last().copied()), (count - 1, (count - 1).checked_sub(1)));
            series.push(count - 1, 24);
            let same = pushed(count, 24);
            assert!(series.iter().eq(same.iter()) && series.stride() == same.stride(), "{count}");
        }
    }
}
