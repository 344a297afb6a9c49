//! Worlds over time: which rows an outer step sees, and where its inner runs start.
//!
//! A world says which split stands in for the scenario's own at outer step t, before an ensemble divides it, and whether
//! θ₀ is drawn anew. It is a function of the scenario's seed and of t, so that all trials of a world see the same rows. An
//! estimator, an outer rule and what they remember go on over other rows of the same sizes. To add one: one file here, one
//! line in [`ALL`].

mod drift;
mod fixed;
mod fresh;

use std::sync::Arc;

use rand_chacha::ChaCha8Rng;

use crate::catalog::{Card, Carded, Catalog, Knobs};
use crate::data::{Split, World};

/// Every world, in the order shown.
pub static ALL: &[Entry] = &[fixed::ENTRY, fresh::ENTRY, drift::ENTRY];

/// A world that can be chosen.
pub struct Entry {
    /// What it is.
    pub card: Card,
    /// Whether rows are others at another outer step.
    pub moves: bool,
    /// Whether what trains comes before what validates wherever the split says so.
    pub is_in_order: bool,
    /// Whether θ₀ is drawn anew at every outer step.
    pub restarts: fn(&Knobs) -> bool,
    /// The rows of one task at an outer step after the first, as many as the scenario's own.
    pub split: fn(&Knobs, &Ground<'_>, &mut ChaCha8Rng) -> Result<Split, String>,
}

impl Entry {
    /// Whether its rows move on in time, so that they end.
    #[must_use]
    pub fn goes_on(&self) -> bool {
        self.moves && self.is_in_order
    }
}

/// What the rows of an outer step can be made of.
pub struct Ground<'a> {
    /// The scenario's own split of the task.
    pub split: &'a Split,
    /// Whether only validation rows are fit to validate, and λ belongs to single training rows.
    pub about_rows: bool,
    /// Where rows come from, in scenarios with a split of their own. Asked only by who needs it: it may take a large sample.
    pub population: &'a dyn Fn() -> Option<Arc<World>>,
    /// The rows of a stream as many blocks later as the outer step says, or why there are none; nothing where the rows have no time.
    pub later: &'a dyn Fn() -> Option<Result<Split, String>>,
    /// The outer step, at least 1.
    pub outer: usize,
}

/// The list of worlds, for [`Spec`](crate::catalog::Spec).
pub struct Worlds;

impl Catalog for Worlds {
    type Entry = Entry;
    const ITEM: &'static str = "world";

    fn all() -> &'static [Entry] {
        ALL
    }
}

impl Carded for Entry {
    fn card(&self) -> &Card {
        &self.card
    }
}
