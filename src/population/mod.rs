//! Populations: how many students a trial has, where each starts, and what they do to one another.
//!
//! A student is a λ with loops of its own: inner runs, an estimator, an outer rule and what they remember. The students of
//! a trial are moved in step by one setting, and the one whose f is least leads: what is recorded of the trial is the
//! leader's. To add one: one file here, one line in [`ALL`].

mod alone;
mod exchange;
mod hpm;
mod pbt;
mod random_search;
mod restarts;
mod selection;
mod starts;
mod teacher;

use rand_chacha::ChaCha8Rng;

use crate::catalog::{Card, Carded, Catalog, Knobs};
use crate::problem::Blocks;

pub use exchange::{Answer, Exchange, Move, Round, Standing, ranked};

/// Every population, in the order shown.
pub static ALL: &[Entry] = &[alone::ENTRY, restarts::ENTRY, hpm::ENTRY, pbt::ENTRY, random_search::ENTRY];

/// A population that can be chosen.
pub struct Entry {
    /// What it is.
    pub card: Card,
    /// How many students there are, at least one.
    pub students: fn(&Knobs) -> usize,
    /// λ ∈ R^p of a student at the start.
    pub start: fn(&Knobs, &Ground<'_>, &mut ChaCha8Rng) -> Vec<f64>,
    /// What students do to one another; nothing where they know nothing of one another. Needs bounds for every entry of λ.
    pub exchange: Option<Make>,
}

/// Makes what students do to one another from the knobs.
pub type Make = fn(&Knobs, &mut Meeting<'_>) -> Box<dyn Exchange>;

/// What a student's start depends on.
pub struct Ground<'a> {
    /// Its number, from 0.
    pub student: usize,
    /// λ₀ of the trial.
    pub lambda: &'a [f64],
    /// The bounds in force; where a student starts is clamped to them.
    pub blocks: &'a Blocks,
}

/// What an exchange begins with.
pub struct Meeting<'a> {
    /// The length of λ.
    pub entries: usize,
    /// What it may draw.
    pub random: ChaCha8Rng,
    /// W and V of a teacher that are written out, row by row.
    pub teacher: Option<(&'a [f64], &'a [f64])>,
}

/// The list of populations, for [`Spec`](crate::catalog::Spec).
pub struct Populations;

impl Catalog for Populations {
    type Entry = Entry;
    const ITEM: &'static str = "population";

    fn all() -> &'static [Entry] {
        ALL
    }
}

impl Carded for Entry {
    fn card(&self) -> &Card {
        &self.card
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Spec;
    use crate::math::random::{Purpose, stream};
    use crate::problem::Block;

    /// The first student is the trial without a population, so that a comparison with it is nested.
    #[test]
    fn the_first_student_starts_where_the_trial_does() {
        let blocks = Blocks::new(vec![Block::numbered("x", 3).within(-2.0, 5.0)]);
        for entry in ALL.iter().filter(|entry| entry.exchange.is_none()) {
            let spec = Spec::<Populations>::of(entry);
            assert!((entry.students)(&spec.knobs) >= 1, "{}", entry.card.id);
            let ground = Ground { student: 0, lambda: &[1.5, -0.5, 4.0], blocks: &blocks };
            let start = (entry.start)(&spec.knobs, &ground, &mut stream(3, Purpose::Population, &[0]));
            assert_eq!(start, [1.5, -0.5, 4.0], "{}", entry.card.id);
        }
    }
}
