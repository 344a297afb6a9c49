//! Paces: how trials share the clock, which of them move at a tick.
//!
//! A trial's own run does not depend on when it moves, only on how often: a pace decides what stands beside what
//! at one moment, and so what a comparison is at equal numbers of. Whether a trial moves is a function of where
//! all trials are, so that going back and going on again gives the same bits. To add a pace: one file here, one
//! line in [`ALL`].

mod equal_cost;
mod equal_units;
mod rounds;
mod steps;

use crate::catalog::{Card, Carded, Catalog};

/// Every pace, in the order shown.
pub static ALL: &[Entry] = &[rounds::ENTRY, steps::ENTRY, equal_cost::ENTRY, equal_units::ENTRY];

/// A pace that can be chosen.
pub struct Entry {
    /// What it is.
    pub card: Card,
    /// Whether a trial moves at this tick, among all trials.
    pub moves: fn(&Runner, &[Runner]) -> bool,
    /// What trials have spent alike at any moment, and are compared at.
    pub alike: Alike,
}

/// What trials have spent alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Alike {
    /// Outer steps.
    OuterSteps,
    /// Steps of either loop.
    Steps,
    /// Oracle calls.
    Calls,
    /// Values of F, with a hypergradient counted twice.
    Units,
}

impl Alike {
    /// Whether it is what trials have paid. A run without a screen then reports every outer step that a trial has completed, and not as
    /// many of each.
    #[must_use]
    pub const fn is_paid(self) -> bool {
        matches!(self, Self::Calls | Self::Units)
    }
}

/// The list of paces, for [`Spec`](crate::catalog::Spec).
pub struct Paces;

impl Catalog for Paces {
    type Entry = Entry;
    const ITEM: &'static str = "pace";

    fn all() -> &'static [Entry] {
        ALL
    }
}

impl Carded for Entry {
    fn card(&self) -> &Card {
        &self.card
    }
}

/// A trial as the clock sees it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Runner {
    /// Its identifier.
    pub id: u64,
    /// What it would do.
    pub next: Next,
    /// Oracle calls it has spent so far.
    pub calls: f64,
    /// Oracle units it has spent so far.
    pub units: usize,
}

/// What a trial would do if it moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// An inner step.
    Inner,
    /// Its outer step.
    Outer,
    /// Nothing: it has halted, and nobody waits for it.
    Nothing,
}

impl Entry {
    /// Whether all trials take their outer steps together.
    #[must_use]
    pub fn keeps_rounds(&self) -> bool {
        self.alike == Alike::OuterSteps
    }

    /// What to say where so many trials give this pace nothing to do.
    #[must_use]
    pub fn idle(&self, trials: usize) -> Option<String> {
        let first = &ALL[0].card;
        (trials < 2 && !self.keeps_rounds()).then(|| {
            format!(
                "the pace `{}` has nothing to do where there is one trial; expected a second trial, or `{}`",
                self.card.ron_name(),
                first.ron_name()
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Identifiers of those that move, by the pace's identifier.
    fn movers(id: &str, runners: &[Runner]) -> Vec<u64> {
        let entry = crate::catalog::find(ALL, id).unwrap();
        runners.iter().filter(|runner| (entry.moves)(runner, runners)).map(|runner| runner.id).collect()
    }

    fn runners(all: &[(Next, f64)]) -> Vec<Runner> {
        (0..).zip(all).map(|(id, &(next, calls))| Runner { id, next, calls, units: calls as usize }).collect()
    }

    #[test]
    fn who_moves_is_as_each_pace_says() {
        use Next::{Inner, Nothing, Outer};
        let mixed = runners(&[(Inner, 5.0), (Outer, 3.0), (Nothing, 0.0), (Inner, 3.0)]);
        assert_eq!(movers("rounds", &mixed), [0, 3]);
        assert_eq!(movers("steps", &mixed), [0, 1, 3]);
        assert_eq!(movers("equal-cost", &mixed), [1], "the first of those that have spent least");
        assert_eq!(movers("equal-units", &mixed), [1]);
        let waiting = runners(&[(Outer, 5.0), (Outer, 4.0), (Nothing, 0.0)]);
        assert_eq!(movers("rounds", &waiting), [0, 1]);
        assert_eq!(movers("steps", &waiting), [0, 1]);
        assert_eq!(movers("equal-cost", &waiting), [1]);
        assert_eq!(movers("equal-units", &waiting), [1]);
    }

    /// As long as one can move, one does; a trial that has halted neither moves nor holds up others.
    #[test]
    fn nobody_waits_for_a_trial_that_has_halted() {
        for entry in ALL {
            for next in [Next::Inner, Next::Outer] {
                let alive = runners(&[(Next::Nothing, 0.0), (next, 9.0), (Next::Nothing, 1.0)]);
                assert_eq!(movers(entry.card.id, &alive), [1], "{}", entry.card.id);
            }
            assert!(movers(entry.card.id, &runners(&[(Next::Nothing, 0.0)])).is_empty());
        }
    }

    #[test]
    fn a_pace_over_one_trial_is_named_with_what_would_work() {
        assert!(ALL[0].idle(1).is_none() && ALL[2].idle(2).is_none());
        let words = ALL[2].idle(1).unwrap();
        assert!(words.contains("`EqualCost`") && words.contains("a second trial, or `Rounds`"), "{words}");
    }
}
