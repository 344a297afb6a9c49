//! Outer rules: from hypergradients to the next λ. To add one: one file here, one line in [`ALL`].

mod adam;
mod adaptive;
mod gradient_descent;
mod momentum;
mod normalized;
mod sign;
mod step;

use crate::catalog::{Card, Carded, Catalog, Knobs};
use crate::problem::Blocks;

/// Every outer rule, in the order shown.
pub static ALL: &[Entry] =
    &[gradient_descent::ENTRY, momentum::ENTRY, adam::ENTRY, normalized::ENTRY, adaptive::ENTRY, sign::ENTRY];

/// An outer rule that can be chosen.
pub struct Entry {
    /// What it is.
    pub card: Card,
    /// Makes it from its knobs.
    pub build: fn(&Knobs) -> Box<dyn OuterRule>,
}

/// The list of outer rules, for [`Spec`](crate::catalog::Spec).
pub struct OuterRules;

impl Catalog for OuterRules {
    type Entry = Entry;
    const ITEM: &'static str = "outer rule";

    fn all() -> &'static [Entry] {
        ALL
    }
}

impl Carded for Entry {
    fn card(&self) -> &Card {
        &self.card
    }
}

/// What an inner run reached, for rules that ask.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reached {
    /// f(λ, θ) over all validation rows where the run ended, the mean of the members.
    pub value: f64,
    /// The norm of `∇_θ g` that the run was to end at; zero where it ends by its number of steps.
    pub tolerance: f64,
}

/// What a rule with a step for every entry of λ knows of each after its last step.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Entries {
    /// The size of its step.
    pub steps: Vec<f64>,
    /// Whether the last step went back.
    pub flipped: Vec<bool>,
    /// Whether it has converged.
    pub converged: Vec<bool>,
}

impl Entries {
    fn resize(&mut self, count: usize) {
        self.steps.resize(count, 0.0);
        self.flipped.resize(count, false);
        self.converged.resize(count, false);
    }

    /// Whether there are some, and all have converged.
    #[must_use]
    pub fn all_converged(&self) -> bool {
        !self.converged.is_empty() && self.converged.iter().all(|converged| *converged)
    }
}

/// Moves λ against a hypergradient estimate. Bounds are the trial's business.
pub trait OuterRule: Send + Sync {
    /// Whether it asks for f where an inner run ends, which costs a pass over the validation rows.
    fn reads_value(&self) -> bool {
        false
    }

    /// What the inner run reached, before [`step`](Self::step), for a rule that [asks](Self::reads_value).
    fn reached(&mut self, _reached: Reached) {}

    /// Whether it knows what to do with entries of ĥ that are not finite. A trial whose rule does not is halted by them.
    fn takes_what_is_not_finite(&self) -> bool {
        false
    }

    /// What it knows of every entry of λ, for rules with a step for each.
    fn entries(&self) -> Option<&Entries> {
        None
    }

    /// Whether there is nothing more to do: the trial stops.
    fn is_done(&self) -> bool {
        false
    }

    /// `λ ← rule(λ, ĥ)`, each entry's step times the scale of its block.
    fn step(&mut self, blocks: &Blocks, lambda: &mut [f64], hypergradient: &[f64]);

    /// The step size in use, before [`step`](Self::step) is asked for the next one; `None` for a rule that has no single one.
    fn step_size(&self) -> Option<f64> {
        None
    }

    /// Puts other values of the knobs in force; what it remembers stays.
    fn turn(&mut self, knobs: &Knobs);

    /// A copy with its memory.
    fn clone_box(&self) -> Box<dyn OuterRule>;
}

impl Clone for Box<dyn OuterRule> {
    fn clone(&self) -> Self {
        self.clone_box()
    }
}

/// λ of so many entries without bounds.
#[cfg(test)]
fn blocks(count: usize) -> Blocks {
    Blocks::new(vec![crate::problem::Block::numbered("lambda", count)])
}
