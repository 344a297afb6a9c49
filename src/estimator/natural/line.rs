//! Batches in, factors out, in order and so many batches late: a value.
//!
//! After τ batches whoever reads gets the factor of exactly `max(τ − s, 0)` of them, s the staleness. What is kept is a factor of no more than
//! those, and the batches since: every later factor can be made of them, here or on another thread, to the same bits. So what is read is a
//! function of τ and s alone, and a copy shares what it can.

use std::collections::VecDeque;
use std::sync::Arc;

use super::block::Block;
use super::factor::Factor;
use super::scratch::Scratch;

/// A factor, and the batches since.
#[derive(Clone)]
pub(super) struct Line {
    base: Arc<Factor>,
    since: VecDeque<Arc<Block>>,
    /// s.
    staleness: usize,
    space: Scratch<Space>,
}

/// What is used again.
#[derive(Default)]
struct Space {
    blocks: Vec<Arc<Block>>,
    factor: Option<Arc<Factor>>,
}

impl Line {
    pub fn new(factor: Factor, staleness: usize) -> Self {
        Self { base: Arc::new(factor), since: VecDeque::new(), staleness, space: Scratch::default() }
    }

    /// τ, batches that came.
    pub fn seen(&self) -> usize {
        self.base.number + self.since.len()
    }

    /// Batches of the factor that is read now.
    pub fn used(&self) -> usize {
        self.seen().saturating_sub(self.staleness)
    }

    pub fn staleness(&self) -> usize {
        self.staleness
    }

    /// The factor that the rest is made from.
    pub fn base(&self) -> &Arc<Factor> {
        &self.base
    }

    /// Batch `number`, from 1; nothing where it is in the base, or has not come.
    pub fn block(&self, number: usize) -> Option<&Arc<Block>> {
        self.since.get(number.checked_sub(self.base.number + 1)?)
    }

    /// A batch joins the line.
    pub fn join(&mut self, block: Arc<Block>) {
        self.since.push_back(block);
    }

    /// Space for a batch to come.
    pub fn blank(&mut self) -> Arc<Block> {
        self.space.blocks.pop().unwrap_or_default()
    }

    /// Space for so many batches as large as another.
    pub fn reserve(&mut self, count: usize, like: &Block) {
        self.since.reserve(count + self.staleness);
        self.space.blocks.reserve(count + self.staleness);
        let blank = || Block {
            entries: Vec::with_capacity(like.entries.len()),
            penalty: Vec::with_capacity(like.penalty.len()),
            ..Block::default()
        };
        self.space.blocks.extend((0..count).map(|_| Arc::new(blank())));
    }

    /// Takes the batches into the base that are due to be read.
    pub fn take_in(&mut self) {
        while self.base.number < self.used() {
            let Some(block) = self.since.pop_front() else { return };
            self.own().update(&block);
            self.keep(block);
        }
    }

    /// Goes on from a later factor.
    pub fn rest_on(&mut self, factor: Arc<Factor>) {
        for _ in self.base.number..factor.number {
            if let Some(block) = self.since.pop_front() {
                self.keep(block);
            }
        }
        self.base = factor;
    }

    /// The factor of so many batches, from one that is made of no more.
    pub fn made(&self, from: &Arc<Factor>, number: usize) -> Arc<Factor> {
        if from.number >= number {
            return Arc::clone(from);
        }
        let mut factor = Factor::clone(from);
        (from.number + 1..=number).filter_map(|next| self.block(next)).for_each(|block| factor.update(block));
        Arc::new(factor)
    }

    /// The base, for nobody else.
    fn own(&mut self) -> &mut Factor {
        if Arc::get_mut(&mut self.base).is_none() {
            // Somebody remembers it: on in the space of one that nobody does.
            let space = self.space.factor.take();
            if let Some(mut space) = space
                && let Some(own) = Arc::get_mut(&mut space)
            {
                own.copy(&self.base);
                self.base = space;
            }
        }
        Arc::make_mut(&mut self.base)
    }

    /// What another line was made of is space now.
    pub fn reuse(&mut self, other: Self) {
        self.space.factor = Some(other.base);
        other.since.into_iter().for_each(|block| self.keep(block));
    }

    fn keep(&mut self, mut block: Arc<Block>) {
        if Arc::get_mut(&mut block).is_some() {
            self.space.blocks.push(block);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::factor::{Average, Form};
    use super::super::whole::Whole;
    use super::*;

    /// However many of them a slow second thread leaves under way.
    #[test]
    fn space_that_is_reserved_holds_all_of_a_batch() {
        let batch = Block { width: 3, batch: 2, entries: vec![1.0; 6], penalty: vec![0.5; 3] };
        let average = Average { beta: 1.0, is_corrected: false };
        let mut line = Line::new(Factor::new(Form::Whole(Whole::new(3)), average), 1);
        line.reserve(4, &batch);
        let blanks: Vec<_> = (0..4).map(|_| line.blank()).collect();
        let allocations = allocation_counter::measure(|| {
            for mut blank in blanks {
                let blank = Arc::get_mut(&mut blank).unwrap();
                blank.entries.extend_from_slice(&batch.entries);
                blank.penalty.extend_from_slice(&batch.penalty);
            }
        });
        assert_eq!(allocations.count_total, 0);
    }
}
