//! Filters: from the estimates of the outer steps so far to what moves λ.
//!
//! An estimate of one outer step is noisy; a mean over the past is less so, and late. A filter stands between the
//! estimator and the outer rule: what is recorded and measured stays the estimate as it came. To add one: one file
//! here, one line in [`ALL`].

mod decay;
mod none;
mod window;

use crate::catalog::{Card, Carded, Catalog, Knobs};

/// Every filter, in the order shown.
pub static ALL: &[Entry] = &[none::ENTRY, decay::ENTRY, window::ENTRY];

/// A filter that can be chosen.
pub struct Entry {
    /// What it is.
    pub card: Card,
    /// Makes it from its knobs, without a past.
    pub build: fn(&Knobs) -> Box<dyn Filter>,
}

/// The list of filters, for [`Spec`](crate::catalog::Spec).
pub struct Filters;

impl Catalog for Filters {
    type Entry = Entry;
    const ITEM: &'static str = "filter";

    fn all() -> &'static [Entry] {
        ALL
    }
}

impl Carded for Entry {
    fn card(&self) -> &Card {
        &self.card
    }
}

/// Remembers estimates and says what moves λ. What it remembers is part of the trial's state.
pub trait Filter: Send + Sync {
    /// Takes in the estimate ĥ ∈ R^p of an outer step, and leaves in `out` what moves λ, of the same length. All estimates
    /// are finite and of one length.
    fn pass(&mut self, estimate: &[f64], out: &mut Vec<f64>);

    /// The same as a new vector.
    fn passed(&mut self, estimate: &[f64]) -> Vec<f64> {
        let mut out = Vec::new();
        self.pass(estimate, &mut out);
        out
    }

    /// Puts other values of the knobs in force; what it remembers stays as far as they let it.
    fn turn(&mut self, knobs: &Knobs);

    /// A copy with its memory.
    fn clone_box(&self) -> Box<dyn Filter>;
}

/// `out` becomes a copy of `values`.
fn copy(values: &[f64], out: &mut Vec<f64>) {
    out.clear();
    out.extend_from_slice(values);
}

impl Clone for Box<dyn Filter> {
    fn clone(&self) -> Self {
        self.clone_box()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Spec;

    /// A mean of equal estimates is that estimate, whatever the weights are: no filter shrinks its first steps.
    #[test]
    fn a_constant_passes_every_filter_from_the_first_step_on() {
        for entry in ALL {
            let mut filter = (entry.build)(&Spec::<Filters>::of(entry).knobs);
            for step in 0..30 {
                let passed = filter.passed(&[3.7, -0.2]);
                let error = (passed[0] - 3.7).abs().max((passed[1] + 0.2).abs());
                assert!(error < 1e-14, "{} at {step}: {passed:?}", entry.card.id);
            }
        }
    }

    /// What a copy has seen stays with the copy.
    #[test]
    fn a_copy_remembers_for_itself() {
        for entry in ALL {
            let mut filter = (entry.build)(&Spec::<Filters>::of(entry).knobs);
            filter.passed(&[1.0]);
            let mut copy = filter.clone();
            copy.passed(&[100.0]);
            let mut untouched = (entry.build)(&Spec::<Filters>::of(entry).knobs);
            untouched.passed(&[1.0]);
            assert_eq!(filter.passed(&[2.0]), untouched.passed(&[2.0]), "{}", entry.card.id);
        }
    }
}
