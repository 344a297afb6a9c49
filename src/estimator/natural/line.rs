//! Batches in, factors out, in order and so many batches late: a value.
//!
//! After τ batches whoever reads gets the factor of exactly `max(τ − s, 0)` of them, s the staleness. Batches wait until they are due, or are
//! taken in up to `lead` batches before, while the factors in between are kept: so a thread of its own may be late by as many without
//! anybody waiting. What is read is a function of τ and s alone.

use std::collections::VecDeque;

use super::block::Block;
use super::factor::Factor;

/// Factors as far as they may be needed, the newest last.
#[derive(Clone)]
pub(super) struct Ring {
    factors: VecDeque<Factor>,
    lead: usize,
}

impl Ring {
    pub fn new(factor: Factor, lead: usize) -> Self {
        Self { factors: VecDeque::from([factor]), lead }
    }

    pub fn lead(&self) -> usize {
        self.lead
    }

    /// Batches that the newest is made of.
    pub fn newest(&self) -> usize {
        self.factors.back().map_or(0, |factor| factor.number)
    }

    /// The factor of so many batches.
    pub fn get(&self, number: usize) -> Option<&Factor> {
        self.factors.iter().find(|factor| factor.number == number)
    }

    /// A copy of the newest, to go on from, in the space of one that nobody needs any more.
    pub fn next(&mut self) -> Option<Factor> {
        let oldest = if self.factors.len() > self.lead { self.factors.pop_front() } else { None };
        match (self.factors.back(), oldest) {
            (Some(newest), Some(mut space)) => {
                space.copy(newest);
                Some(space)
            }
            (Some(newest), None) => Some(newest.clone()),
            // There was one alone, which is the newest itself.
            (None, oldest) => oldest,
        }
    }

    pub fn publish(&mut self, factor: Factor) {
        self.factors.push_back(factor);
    }

    /// Takes in a batch.
    pub fn take_in(&mut self, block: &Block) {
        if let Some(mut next) = self.next() {
            next.update(block);
            self.publish(next);
        }
    }

    /// Numbers held.
    pub fn numbers(&self) -> usize {
        self.factors.iter().map(Factor::numbers).sum()
    }
}

/// Factors, and batches that are not due.
#[derive(Clone)]
pub(super) struct Line {
    pub ring: Ring,
    pub waiting: VecDeque<Block>,
    /// s.
    pub staleness: usize,
    /// τ, batches that came.
    pub seen: usize,
}

impl Line {
    pub fn new(factor: Factor, staleness: usize, lead: usize) -> Self {
        let ring = Ring::new(factor, lead.min(staleness));
        Self { ring, waiting: VecDeque::new(), staleness, seen: 0 }
    }

    /// Batches of the factor that is read now.
    pub fn used(&self) -> usize {
        self.seen.saturating_sub(self.staleness)
    }

    /// Batches that a factor may be made of by now.
    pub fn due(&self) -> usize {
        self.seen.saturating_sub(self.staleness - self.ring.lead())
    }

    /// A batch joins the line: the one that is due by that, if one is, or itself.
    pub fn join(&mut self, block: Block) -> Option<Block> {
        self.seen += 1;
        self.waiting.push_back(block);
        if self.waiting.len() > self.staleness - self.ring.lead() { self.waiting.pop_front() } else { None }
    }

    /// Numbers held.
    pub fn numbers(&self) -> usize {
        self.ring.numbers() + self.waiting.iter().map(Block::numbers).sum::<usize>()
    }
}
