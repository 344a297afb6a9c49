//! What every extension says of itself, and the knobs it can be turned by.
//!
//! A problem, dynamics, estimator, outer rule, probe or chart is one value in one list.
//! The part of that value which people read is a [`Card`]; the part they turn is its
//! [`Knob`]s. The picker, the sliders, the RON fields, `--set` paths, `hyperlab describe`
//! and the conformance tests all derive from the two.

mod around;
mod falling;
mod knob;
mod knobs;
mod nearest;
mod slider;
mod spec;

pub use around::{counts, decades};
pub use falling::{FALL_AFTER, FALL_POWER, Falling};
pub use knob::{Kind, Knob, Scale, Value};
pub use knobs::{KnobError, Knobs};
pub use nearest::nearest;
pub use spec::{Catalog, Spec, SpecSeed, choice};

/// The readable half of an extension: what it is, where it is from, when it fails.
#[derive(Debug, Clone, Copy)]
pub struct Card {
    /// Kebab-case identifier, unique in its list. RON spells it in PascalCase.
    pub id: &'static str,
    /// The name on screen.
    pub name: &'static str,
    /// Paper, equation or section the formula is taken from.
    pub source: &'static str,
    /// The equation in plain Unicode text.
    pub equation: &'static str,
    /// What it does: one short sentence that needs nothing to be known before, then the rest.
    pub summary: &'static str,
    /// What one use costs, in oracle calls.
    pub cost: &'static str,
    /// When it gives wrong or useless numbers.
    pub fails: &'static str,
    /// The knobs, in the order in which they are shown.
    pub knobs: &'static [Knob],
}

impl Card {
    /// The first sentence of its summary, which anybody understands.
    #[must_use]
    pub fn plain(&self) -> &'static str {
        self.summary.find(". ").map_or(self.summary, |end| &self.summary[..=end])
    }

    /// What the summary says beyond its first sentence.
    #[must_use]
    pub fn rest(&self) -> &'static str {
        self.summary[self.plain().len()..].trim_start()
    }

    /// The spelling of the identifier in a scenario file: `finite-difference` is `FiniteDifference`.
    #[must_use]
    pub fn ron_name(&self) -> String {
        pascal_case(self.id)
    }
}

/// `two-words` to `TwoWords`.
#[must_use]
pub fn pascal_case(id: &str) -> String {
    id.split('-')
        .flat_map(|word| {
            let mut letters = word.chars();
            letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters)
        })
        .collect()
}

/// A list whose items carry a [`Card`].
pub trait Carded {
    /// The item's card.
    fn card(&self) -> &Card;
}

/// The item with this identifier, in kebab-case.
pub fn find<T: Carded>(list: &'static [T], id: &str) -> Option<&'static T> {
    list.iter().find(|item| item.card().id == id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kebab_case_becomes_pascal_case() {
        assert_eq!(pascal_case("cg"), "Cg");
        assert_eq!(pascal_case("finite-difference-cross"), "FiniteDifferenceCross");
    }
}
