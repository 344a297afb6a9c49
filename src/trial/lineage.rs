//! Who is whose child in a population.

use crate::population::Move;

/// Identifiers of students and their founders, and what the last exchange did. A child has a new identifier.
#[derive(Clone, Debug, Default)]
pub struct Lineage {
    ids: Vec<usize>,
    founders: Vec<usize>,
    generations: Vec<usize>,
    next: usize,
    /// Children so far.
    born: usize,
    last: Vec<Move>,
    taken_over: Option<usize>,
}

impl Lineage {
    /// Founders, each its own.
    pub(super) fn of(students: usize) -> Self {
        let numbers: Vec<usize> = (0..students).collect();
        let generations = vec![0; students];
        Self { ids: numbers.clone(), founders: numbers, generations, next: students, ..Self::default() }
    }

    /// Children take places over at the end of a round, and are numbered in that order. One without a parent is a founder.
    pub(super) fn take_in(&mut self, round: usize, moves: Vec<Move>) {
        let before: Vec<(usize, usize)> = self.founders.iter().copied().zip(self.generations.iter().copied()).collect();
        for Move { slot, parent, .. } in &moves {
            let of_parent = |parent: usize| (before[parent].0, before[parent].1 + 1);
            (self.founders[*slot], self.generations[*slot]) = parent.map_or((self.next, 0), of_parent);
            self.ids[*slot] = self.next;
            self.next += 1;
        }
        self.born += moves.len();
        self.last = moves;
        if self.ids.len() > 1 && self.surviving() == 1 {
            self.taken_over.get_or_insert(round);
        }
    }

    pub(super) fn born(&self) -> usize {
        self.born
    }

    /// The identifier of each student.
    #[must_use]
    pub fn ids(&self) -> &[usize] {
        &self.ids
    }

    /// The identifier of the first ancestor of each.
    #[must_use]
    pub fn founders(&self) -> &[usize] {
        &self.founders
    }

    /// How many parents lie between each and its founder, itself counted; 0 for a founder.
    #[must_use]
    pub fn generations(&self) -> &[usize] {
        &self.generations
    }

    /// Founders of which somebody is left.
    #[must_use]
    pub fn surviving(&self) -> usize {
        let mut founders = self.founders.clone();
        founders.sort_unstable();
        founders.dedup();
        founders.len()
    }

    /// The first round, from 1, at whose end all students were of one founder.
    #[must_use]
    pub fn taken_over(&self) -> Option<usize> {
        self.taken_over
    }

    /// What the last exchange did.
    #[must_use]
    pub fn last(&self) -> &[Move] {
        &self.last
    }

    /// The place whose student each is a copy of, where it was born in the last exchange.
    #[must_use]
    pub fn parents(&self) -> Vec<Option<usize>> {
        let mut parents = vec![None; self.ids.len()];
        self.last.iter().for_each(|Move { slot, parent, .. }| parents[*slot] = *parent);
        parents
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn child(slot: usize, parent: Option<usize>) -> Move {
        Move { slot, parent, unit: Vec::new(), factors: Vec::new() }
    }

    #[test]
    fn children_are_of_their_parents_founder_and_one_founder_may_own_all() {
        let mut lineage = Lineage::of(3);
        lineage.take_in(1, vec![child(2, Some(0))]);
        assert_eq!((lineage.founders(), lineage.generations()), (&[0, 1, 0][..], &[0, 0, 1][..]));
        assert_eq!((lineage.surviving(), lineage.taken_over()), (2, None));
        assert_eq!(lineage.parents(), [None, None, Some(0)]);
        // Parents are who they were before: the child of slot 1 is of founder 1, though slot 1 is lost.
        lineage.take_in(2, vec![child(1, Some(2)), child(2, Some(1))]);
        assert_eq!((lineage.founders(), lineage.generations()), (&[0, 0, 1][..], &[0, 2, 1][..]));
        lineage.take_in(3, vec![child(2, Some(1))]);
        assert_eq!((lineage.surviving(), lineage.taken_over()), (1, Some(3)));
        lineage.take_in(4, vec![child(2, None)]);
        assert_eq!((lineage.founders(), lineage.ids()), (&[0, 0, 7][..], &[0, 4, 7][..]));
        assert_eq!((lineage.surviving(), lineage.taken_over(), lineage.born()), (2, Some(3), 5));
    }
}
