//! The batches of a run.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use super::batch::{Batch, Products};
use super::clock::Clock;
use super::lists::{Drawing, Lists};
use crate::math::random::{Purpose, shuffle, stream};

/// What a batch is for. Two purposes never share numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u64)]
pub enum Draw {
    /// Training rows of an inner step, and of every derivative of it.
    Inner = 0,
    /// Training rows of the products with H that an estimate takes.
    Adjoint = 1,
    /// Training rows of an estimate's product with the cross derivative.
    Cross = 2,
    /// Validation rows of the outer objective.
    Outer = 3,
    /// What a population of students draws.
    Population = 4,
    /// How many products with H an estimate takes, where that is drawn.
    Length = 5,
    /// Labels that are drawn from the model.
    Label = 6,
}

/// Rows of a batch, by purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sizes {
    /// Training rows of an inner step.
    pub inner: Batch,
    /// Training rows of a product.
    pub products: Products,
    /// Validation rows.
    pub outer: Batch,
}

/// Lists that an outer step takes, by purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PerStep {
    /// One for each inner step.
    pub inner: usize,
    /// For products with H.
    pub adjoint: usize,
    /// For products with the cross derivative.
    pub cross: usize,
    /// For the outer objective.
    pub outer: usize,
    /// What its number of products is drawn below, where that is drawn.
    pub length: Option<usize>,
    /// Whether no list may name a row twice.
    pub distinct: bool,
}

/// The batches of a run. Any list can be asked for at any time, and again: it is the same.
#[derive(Debug, Clone, Default)]
pub struct Draws {
    sizes: Sizes,
    drawing: Drawing,
    per_step: PerStep,
    /// The last shuffled order and the pass it is of. Nothing but time is lost with it.
    pass: Option<Pass>,
    order: Vec<usize>,
    /// Rows that a list of distinct rows has, while it is drawn; none set between two.
    taken: Vec<bool>,
}

/// One pass over all rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Pass {
    seed: u64,
    stream: u64,
    what: Draw,
    number: usize,
}

/// Sets a pass apart from the batches with replacement, whose places are shorter.
const PASS: u64 = u64::MAX;

impl Draws {
    /// Batches of such sizes. The lists of an outer step are counted for lists that are written out and for passes
    /// without replacement.
    #[must_use]
    pub fn new(sizes: Sizes, drawing: Drawing, per_step: PerStep) -> Self {
        // Products over all rows take no lists.
        let is_full = sizes.products == Products::Full;
        let per_step = if is_full { PerStep { adjoint: 0, cross: 0, ..per_step } } else { per_step };
        Self { sizes, drawing, per_step, pass: None, order: Vec::new(), taken: Vec::new() }
    }

    /// The same for a model that is trained beside the run, on other rows: lists that are written out are not about
    /// these.
    #[must_use]
    pub fn beside(self) -> Self {
        if matches!(self.drawing, Drawing::Explicit { .. }) { Self::default() } else { self }
    }

    /// The same with the outer objective over all validation rows.
    #[must_use]
    pub fn over_all_validation(mut self) -> Self {
        self.sizes.outer = Batch::Full;
        if let Drawing::Explicit { validation, .. } = &mut self.drawing {
            *validation = Lists::default();
        }
        self
    }

    /// Whether every call runs over all rows.
    #[must_use]
    pub fn is_full(&self) -> bool {
        let is_written = matches!(self.drawing, Drawing::Explicit { .. });
        let Sizes { inner, products, outer } = self.sizes;
        !is_written && inner.is_full() && products.batch(inner).is_full() && outer.is_full()
    }

    /// Whether there are lists for this outer step. Only lists that are written out run out.
    #[must_use]
    pub fn has_lists(&self, outer: usize) -> bool {
        let Drawing::Explicit { training, validation, lengths, labels, .. } = &self.drawing else { return true };
        let lasts = |there: usize, each: usize| there == 0 || (outer + 1) * each <= there;
        lasts(training.len(), self.training_lists())
            && lasts(validation.len(), self.per_step.outer)
            && lasts(lengths.len(), usize::from(self.per_step.length.is_some()))
            && lasts(labels.len(), self.per_step.inner)
    }

    /// Puts list number `index` of this purpose and outer step into `out`: numbers below `of`. Returns false, and
    /// leaves `out`, where there is no list and all rows are meant: for `Full`, for a batch larger than the rows (of a member of
    /// an ensemble, say), and beyond lists that are written out.
    pub fn rows(&mut self, at: Clock, what: Draw, index: usize, of: usize, out: &mut Vec<usize>) -> bool {
        if matches!(self.drawing, Drawing::Explicit { .. }) {
            return self.written(at.outer, what, index).is_some_and(|list| copy(list, out));
        }
        let batch = self.batch(what);
        let Some(size) = batch.size().filter(|size| (1..=of).contains(size)) else { return false };
        if let Batch::Rows(_) = batch {
            if self.per_step.distinct && size == of {
                return false;
            }
            let mut random = self.random(at, what, index);
            out.clear();
            if self.per_step.distinct {
                self.draw_distinct(&mut random, size, of, out);
            } else {
                out.extend((0..size).map(|_| random.random_range(0..of)));
            }
            return true;
        }
        let batches = of.div_ceil(size);
        let count = at.outer * self.each(what) + index;
        self.shuffle(at, what, count / batches, of);
        let first = count % batches * size;
        copy(&self.order[first..(first + size).min(of)], out)
    }

    /// The first so many rows of the stream that differ: all choices of them are equally likely, and methods on the same stream
    /// that take rows as they come see as many of the same as there can be.
    fn draw_distinct(&mut self, random: &mut ChaCha8Rng, size: usize, of: usize, out: &mut Vec<usize>) {
        self.taken.resize(of, false);
        while out.len() < size {
            let row = random.random_range(0..of);
            if !std::mem::replace(&mut self.taken[row], true) {
                out.push(row);
            }
        }
        out.iter().for_each(|row| self.taken[*row] = false);
    }

    /// A number below `below`, all alike, for an estimate whose products are a random number; one that is written out
    /// is taken as it is.
    #[must_use]
    pub fn length(&self, at: Clock, below: usize) -> usize {
        if let Drawing::Explicit { lengths, .. } = &self.drawing
            && let Some(length) = lengths.get(at.outer)
        {
            return *length;
        }
        self.random(at, Draw::Length, 0).random_range(0..below.max(1))
    }

    /// The labels that are written out for an inner step.
    #[must_use]
    pub fn labels(&self, at: Clock) -> Option<&[f64]> {
        let Drawing::Explicit { labels, .. } = &self.drawing else { return None };
        labels.get(at.outer * self.per_step.inner + at.inner).map(Vec::as_slice)
    }

    /// The generator behind a list.
    #[must_use]
    pub fn random(&self, at: Clock, what: Draw, index: usize) -> ChaCha8Rng {
        let at = self.on_stream(at);
        let place = [at.trial, at.outer as u64, index as u64, what as u64];
        // An inner step's place is as long as it was when mini-batches were the dynamics' own.
        stream(at.seed, Purpose::Batch, if what == Draw::Inner { &place[..3] } else { &place })
    }

    fn on_stream(&self, at: Clock) -> Clock {
        if self.drawing == Drawing::Shared { at.shared() } else { at }
    }

    fn batch(&self, what: Draw) -> Batch {
        match what {
            Draw::Inner => self.sizes.inner,
            Draw::Adjoint | Draw::Cross => self.sizes.products.batch(self.sizes.inner),
            Draw::Outer => self.sizes.outer,
            Draw::Population | Draw::Length | Draw::Label => Batch::Full,
        }
    }

    /// Lists that an outer step takes for a purpose.
    fn each(&self, what: Draw) -> usize {
        match what {
            Draw::Inner => self.per_step.inner,
            Draw::Adjoint => self.per_step.adjoint,
            Draw::Cross => self.per_step.cross,
            Draw::Outer => self.per_step.outer,
            Draw::Population | Draw::Length | Draw::Label => 1,
        }
    }

    fn training_lists(&self) -> usize {
        self.per_step.inner + self.per_step.adjoint + self.per_step.cross
    }

    /// A list that is written out.
    fn written(&self, outer: usize, what: Draw, index: usize) -> Option<&[usize]> {
        let Drawing::Explicit { training, validation, .. } = &self.drawing else { return None };
        let PerStep { inner, adjoint, .. } = self.per_step;
        let first = outer * self.training_lists();
        let list = match what {
            Draw::Adjoint | Draw::Cross if self.sizes.products == Products::Full => None,
            Draw::Inner => training.get(first + index),
            Draw::Adjoint => training.get(first + inner + index),
            Draw::Cross => training.get(first + inner + adjoint + index),
            Draw::Outer => validation.get(outer * self.per_step.outer + index),
            Draw::Population | Draw::Length | Draw::Label => None,
        };
        list.map(Vec::as_slice)
    }

    /// Makes `order` the order of a pass.
    fn shuffle(&mut self, at: Clock, what: Draw, number: usize, of: usize) {
        let at = self.on_stream(at);
        let pass = Pass { seed: at.seed, stream: at.trial, what, number };
        if self.pass == Some(pass) && self.order.len() == of {
            return;
        }
        self.pass = Some(pass);
        self.order.clear();
        self.order.extend(0..of);
        let place = [at.trial, number as u64, what as u64, PASS, PASS];
        shuffle(&mut self.order, &mut stream(at.seed, Purpose::Batch, &place));
    }
}

fn copy(list: &[usize], out: &mut Vec<usize>) -> bool {
    out.clear();
    out.extend_from_slice(list);
    true
}

#[cfg(test)]
mod tests {
    use super::super::lists::{Numbers, WrittenLabels};
    use super::*;

    const AT: Clock = Clock { seed: 5, trial: 2, outer: 3, inner: 0 };
    const PURPOSES: [Draw; 4] = [Draw::Inner, Draw::Adjoint, Draw::Cross, Draw::Outer];

    fn draws(batch: Batch, inner: usize) -> Draws {
        let sizes = Sizes { inner: batch, products: Products::AsInner, outer: batch };
        Draws::new(sizes, Drawing::Own, PerStep { inner, adjoint: 2, cross: 1, outer: 1, ..PerStep::default() })
    }

    fn rows(draws: &mut Draws, at: Clock, what: Draw, index: usize, of: usize) -> Option<Vec<usize>> {
        let mut out = Vec::new();
        draws.rows(at, what, index, of, &mut out).then_some(out)
    }

    #[test]
    fn a_list_depends_on_seed_stream_outer_step_purpose_and_index_alone() {
        let list = |at, what, index| rows(&mut draws(Batch::Rows(40), 4), at, what, index, 1000);
        let mut seen = Vec::new();
        for at in [AT, Clock { seed: 6, ..AT }, Clock { trial: 3, ..AT }, Clock { outer: 4, ..AT }] {
            for what in PURPOSES {
                for index in 0..3 {
                    let found = list(at, what, index).unwrap();
                    assert_eq!(list(Clock { inner: 9, ..at }, what, index), Some(found.clone()));
                    assert_eq!(rows(&mut draws(Batch::Rows(40), 77), at, what, index, 1000), Some(found.clone()));
                    assert!(found.iter().all(|row| *row < 1000) && !seen.contains(&found));
                    seen.push(found);
                }
            }
        }
    }

    #[test]
    fn all_rows_are_meant_where_there_are_none_to_draw() {
        for (batch, of) in [(Batch::Full, 9), (Batch::Rows(3), 0), (Batch::Rows(10), 9), (Batch::Epoch(10), 9)] {
            assert_eq!(rows(&mut draws(batch, 4), AT, Draw::Inner, 0, of), None, "{batch:?} of {of}");
        }
        assert!(rows(&mut draws(Batch::Epoch(9), 4), AT, Draw::Inner, 0, 9).is_some());
    }

    /// A pass goes on over outer steps, takes every row once, and ends with what is left.
    #[test]
    fn an_epoch_takes_every_row_once_and_the_next_in_another_order() {
        let mut draws = draws(Batch::Epoch(4), 3);
        let mut epoch = |first: usize| -> Vec<Vec<usize>> {
            let list = |count: usize| {
                let at = Clock { outer: count / 3, ..AT };
                rows(&mut draws, at, Draw::Inner, count % 3, 10).unwrap()
            };
            (first..first + 3).map(list).collect()
        };
        let (first, second) = (epoch(0), epoch(3));
        for lists in [&first, &second] {
            assert_eq!(lists.iter().map(Vec::len).collect::<Vec<_>>(), [4, 4, 2]);
            let mut all = lists.concat();
            all.sort_unstable();
            assert_eq!(all, (0..10).collect::<Vec<_>>());
        }
        assert_ne!(first, second);
        // Going back finds what was there.
        assert_eq!(epoch(0), first);
    }

    /// 2000 lists of 6 rows with replacement hold each of 6 rows 2000 times, give or take 41 (one standard deviation).
    /// Six rows stay within 5.2 deviations but once in a million.
    #[test]
    fn rows_are_equally_likely() {
        let mut draws = draws(Batch::Rows(6), 1);
        let mut counts = [0usize; 6];
        for outer in 0..2000 {
            let list = rows(&mut draws, Clock { outer, ..AT }, Draw::Outer, 0, 6).unwrap();
            list.iter().for_each(|row| counts[*row] += 1);
        }
        assert!(counts.iter().all(|count| count.abs_diff(2000) <= 213), "{counts:?}");
    }

    /// A list of distinct rows is what a method that takes rows as they come sees first, without repeats; each of the 120 sets of 3
    /// of 10 rows is drawn 50 times in 6000 lists, give or take 7: within 6 deviations for all of them but once in three million.
    #[test]
    fn distinct_rows_are_the_first_of_the_stream_that_differ() {
        let of = |batch, distinct| {
            let sizes = Sizes { outer: batch, ..Sizes::default() };
            Draws::new(sizes, Drawing::Shared, PerStep { outer: 1, distinct, ..PerStep::default() })
        };
        let mut some = of(Batch::Rows(3), true);
        let mut counts = std::collections::BTreeMap::new();
        for outer in 0..6000 {
            let at = Clock { outer, ..AT };
            let mut list = rows(&mut some, at, Draw::Outer, 0, 10).unwrap();
            assert_eq!(list.len(), 3);
            list.sort_unstable();
            *counts.entry(list).or_insert(0_usize) += 1;
        }
        assert_eq!(counts.len(), 120);
        assert!(counts.keys().all(|list| list[0] < list[1] && list[1] < list[2]));
        assert!(counts.values().all(|count| count.abs_diff(50) <= 43), "{counts:?}");
        // All of them are all rows, and no pass over them needs to be drawn.
        assert_eq!(rows(&mut of(Batch::Rows(10), true), AT, Draw::Outer, 0, 10), None);
        // As long as no row comes twice it is the list of everybody on the stream.
        let few = |distinct| rows(&mut of(Batch::Rows(2), distinct), AT, Draw::Outer, 0, 1_000_000);
        assert_eq!(few(true), few(false));
    }

    #[test]
    fn trials_that_share_a_stream_see_the_same_rows_and_their_members_do_not() {
        let sizes = Sizes { inner: Batch::Rows(5), ..Sizes::default() };
        let mut shared = Draws::new(sizes, Drawing::Shared, PerStep::default());
        let mut list = |trial: u64| rows(&mut shared, Clock { trial, ..AT }, Draw::Inner, 0, 100).unwrap();
        assert_eq!(list(0), list(7));
        assert_eq!(list(1 << 32), list(7 + (1 << 32)));
        assert_ne!(list(0), list(1 << 32));
    }

    #[test]
    fn written_lists_are_taken_in_the_order_of_the_roles_and_run_out() {
        let lists: Vec<Vec<usize>> = (0..14).map(|number| vec![number]).collect();
        let drawing = Drawing::Explicit {
            students: crate::draw::WrittenStudents::default(),
            training: lists.clone().into(),
            validation: lists[..3].to_vec().into(),
            lengths: Numbers::default(),
            labels: WrittenLabels::default(),
        };
        let per_step = PerStep { inner: 3, adjoint: 2, cross: 1, outer: 1, ..PerStep::default() };
        let mut all = Draws::new(Sizes::default(), drawing.clone(), per_step);
        let at = Clock { outer: 1, ..AT };
        let list = |draws: &mut Draws, what, index| rows(draws, at, what, index, 100);
        assert_eq!(list(&mut all, Draw::Inner, 2), Some(vec![8]));
        assert_eq!(list(&mut all, Draw::Adjoint, 0), Some(vec![9]));
        assert_eq!(list(&mut all, Draw::Cross, 0), Some(vec![11]));
        assert_eq!(list(&mut all, Draw::Outer, 0), Some(vec![1]));
        // Two whole steps of six, and a beginning.
        assert!(all.has_lists(1) && !all.has_lists(2));
        // Products over all rows leave theirs to the next step.
        let sizes = Sizes { products: Products::Full, ..Sizes::default() };
        let mut inner = Draws::new(sizes, drawing, per_step);
        assert_eq!(list(&mut inner, Draw::Inner, 2), Some(vec![5]));
        assert_eq!(list(&mut inner, Draw::Adjoint, 0), None);
        assert!(inner.has_lists(2) && !inner.has_lists(3));
        assert_eq!(rows(&mut inner.beside(), at, Draw::Inner, 2, 100), None);
    }
}
