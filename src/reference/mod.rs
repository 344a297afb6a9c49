//! References: what an estimate is held against, as a list.
//!
//! A reference is asked where an inner run begins, and again every so many outer steps. It says how many digits it has:
//! an error below them is rounding. To add one: one file here, one line in [`ALL`].

mod automatic;
mod held;
mod none;
mod notice;
mod of_the_run;
mod population;
mod same_data;

use std::sync::Arc;

use crate::catalog::{Card, Carded, Catalog, Kind, Knob, Scale, Spec};
use crate::problem::Truth;

/// The one that fits whatever is asked about.
pub(crate) use automatic::ENTRY as FITTING;
pub use held::{Gives, Held, LARGE_CONDITION};
/// The one that asks for nothing.
pub(crate) use none::ENTRY as NOTHING;
pub use notice::{cheaper, notice};
/// The one that is exact about the very rows.
pub(crate) use same_data::ENTRY as EXACT;

/// Every reference, in the order shown.
pub static ALL: &[Entry] = &[automatic::ENTRY, same_data::ENTRY, of_the_run::ENTRY, population::ENTRY, none::ENTRY];

/// A reference that can be chosen.
pub struct Entry {
    /// What it is.
    pub card: Card,
    /// What it gives about a trial.
    ///
    /// # Errors
    /// Why it can give nothing, and what would work.
    pub gives: fn(About) -> Result<Gives, String>,
    /// Outer steps from one to the next where its knob says every one: 1, unless it goes easy on answers that are dear.
    pub spacing: fn(About) -> usize,
    /// Finds it where an inner run begins.
    pub find: fn(&dyn Ground) -> Held,
}

/// What a trial is, as far as references care.
#[derive(Debug, Clone, Copy)]
pub struct About {
    /// Whether θ*(λ) is one point.
    pub is_unique: bool,
    /// Whether the dynamics bring outer variables of their own, on which θ* does not depend.
    pub learns_dynamics: bool,
    /// Whether there are rows that stand for a population, or come from one.
    pub has_population: bool,
    /// About how long one exact answer takes, by the sizes of the problem: no clock is asked.
    pub seconds: f64,
}

/// Outer steps from one reference to the next.
#[must_use]
pub fn every(reference: &Spec<References>, about: About) -> usize {
    let stated = reference.knobs.get("every").map_or(1, |_| reference.knobs.count("every").max(1));
    if stated > 1 { stated } else { (reference.entry().spacing)(about) }
}

/// What a reference can ask of a trial whose inner run begins. Nothing of it is charged to the trial.
pub trait Ground {
    /// What the trial is.
    fn about(&self) -> About;

    /// The length of λ, the dynamics' entries included.
    fn outer_dimension(&self) -> usize;

    /// The exact answer of each member at this λ.
    fn solved(&self) -> Vec<Arc<Truth>>;

    /// The exact answer over the population at this λ.
    fn population(&self) -> Option<Arc<Truth>>;

    /// The whole inner run, taken ahead, and the derivative of f over all validation rows at its end: one
    /// hypergradient a member, and the mean of f.
    fn ahead(&self) -> (Vec<Vec<f64>>, f64);

    /// Inner steps of that run.
    fn steps(&self) -> usize;

    /// The mean of vectors of the members, entry by entry over those that depend on the entry.
    fn mean(&self, parts: &[&[f64]]) -> Vec<f64>;
}

/// The knob that references share.
const EVERY: Knob = Knob {
    key: "every",
    help: "Outer steps from one to the next; what lies between is held against nothing.",
    kind: Kind::Integer { default: 1, range: (1, 1_000_000), scale: Scale::Logarithmic },
};

/// The list of references, for [`Spec`].
pub struct References;

impl Catalog for References {
    type Entry = Entry;
    const ITEM: &'static str = "reference";

    fn all() -> &'static [Entry] {
        ALL
    }
}

impl Carded for Entry {
    fn card(&self) -> &Card {
        &self.card
    }
}
