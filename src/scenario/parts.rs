//! The parts of a scenario that an extension of a list stands at: one table for where they are, what may stand
//! there, and how to read and turn their knobs.
//!
//! Messages of the parser, names without brackets, `--set`, the laboratory's knobs and its sections derive from
//! it. To add a part: one line here, and the field it stands for.

use std::sync::LazyLock;

use super::Setting;
use crate::catalog::{Card, Catalog, Knob, Knobs, Spec, choice};
use crate::ensemble::Policies;
use crate::estimator::Estimators;
use crate::filter::Filters;
use crate::inner::AllDynamics;
use crate::outer::OuterRules;
use crate::pace::Paces;
use crate::population::Populations;
use crate::problem::Problems;
use crate::reference::References;
use crate::world::Worlds;

/// A part that an extension stands at.
pub struct Part {
    /// Where it is, inside a scenario or a trial: `inner.dynamics`.
    pub path: &'static str,
    /// What an extension of it is called on screen: `inner loop`.
    pub title: &'static str,
    /// What is chosen, in a sentence.
    pub help: &'static str,
    /// Whether the scenario has one, for all trials that have none.
    pub is_shared: bool,
    /// What may stand there.
    pub cards: fn() -> Vec<&'static Card>,
    /// The part of a trial's setting, for parts that trials have.
    pub of_trial: Option<OfTrial>,
}

/// A part of a trial's setting.
pub struct OfTrial {
    /// What stands there.
    pub card: fn(&Setting) -> &'static Card,
    /// Its knobs.
    pub knobs: fn(&Setting) -> &Knobs,
    /// The same, to turn.
    pub knobs_mut: fn(&mut Setting) -> &mut Knobs,
    /// Puts another there, spelled as a scenario spells it, with every knob at its default. Whether there is one of
    /// that name.
    pub choose: fn(&mut Setting, &str) -> bool,
}

/// Reads and turns a field that holds a specification.
macro_rules! of_trial {
    ($($field:ident).+) => {
        Some(OfTrial {
            card: |setting| setting.$($field).+.card(),
            knobs: |setting| &setting.$($field).+.knobs,
            knobs_mut: |setting| &mut setting.$($field).+.knobs,
            choose: |setting, name| {
                let spec = Spec::spelled(name);
                let is_there = spec.is_some();
                setting.$($field).+ = spec.unwrap_or_else(|| setting.$($field).+.clone());
                is_there
            },
        })
    };
}

/// Every part, in the order in which the laboratory shows their knobs.
pub static PARTS: &[Part] = &[
    Part {
        path: "problem",
        title: "problem",
        help: "The bilevel problem, for all trials.",
        is_shared: true,
        cards: Problems::cards,
        of_trial: None,
    },
    Part {
        path: "estimator",
        title: "estimator",
        help: "How the hypergradient is estimated.",
        is_shared: false,
        cards: Estimators::cards,
        of_trial: of_trial!(estimator),
    },
    Part {
        path: "inner.dynamics",
        title: "inner loop",
        help: "What takes an inner step.",
        is_shared: true,
        cards: AllDynamics::cards,
        of_trial: of_trial!(inner.dynamics),
    },
    Part {
        path: "outer.rule",
        title: "outer loop",
        help: "What turns hypergradients into the next λ.",
        is_shared: true,
        cards: OuterRules::cards,
        of_trial: of_trial!(outer.rule),
    },
    Part {
        path: "pace",
        title: "pace",
        help: "How trials share the clock: which of them move at a tick.",
        is_shared: true,
        cards: Paces::cards,
        of_trial: None,
    },
    Part {
        path: "truth",
        title: "reference",
        help: "What estimates are held against.",
        is_shared: true,
        cards: References::cards,
        of_trial: None,
    },
    Part {
        path: "outer.filter",
        title: "filter",
        help: "What stands between the estimates and the outer rule.",
        is_shared: true,
        cards: Filters::cards,
        of_trial: of_trial!(outer.filter),
    },
    Part {
        path: "world",
        title: "world",
        help: "Which rows an outer step sees, and where its inner runs start.",
        is_shared: true,
        cards: Worlds::cards,
        of_trial: of_trial!(world),
    },
    Part {
        path: "ensemble",
        title: "ensemble",
        help: "How rows are divided among members, whose estimates are averaged.",
        is_shared: true,
        cards: Policies::cards,
        of_trial: of_trial!(ensemble),
    },
    Part {
        path: "population",
        title: "population",
        help: "How many students a trial has, and where they start.",
        is_shared: true,
        cards: Populations::cards,
        of_trial: of_trial!(population),
    },
];

/// The choice of an extension at each of the parts, in their order.
static CHOICES: LazyLock<Vec<Knob>> =
    LazyLock::new(|| PARTS.iter().map(|part| choice(part.key(), part.help, &(part.cards)())).collect());

impl Part {
    /// The name of its field: `dynamics` of `inner.dynamics`.
    #[must_use]
    pub fn key(&self) -> &'static str {
        self.path.rsplit('.').next().unwrap_or(self.path)
    }

    /// The part that its field belongs to: `inner` of `inner.dynamics`; empty for a field of the scenario or the trial
    /// itself.
    #[must_use]
    pub fn owner(&self) -> &'static str {
        self.path.rsplit_once('.').map_or("", |(owner, _)| owner)
    }

    /// Which extension stands here, as a knob.
    #[must_use]
    pub fn choice(&'static self) -> &'static Knob {
        let place = PARTS.iter().position(|part| part.path == self.path).unwrap_or(0);
        &CHOICES[place]
    }

    /// The paths at which it may stand in a scenario: `inner.dynamics`, `trials[*].inner.dynamics`.
    pub fn places(&self) -> impl Iterator<Item = String> {
        let shared = self.is_shared.then(|| self.path.to_owned());
        shared.into_iter().chain(self.of_trial.as_ref().map(|_| format!("trials[*].{}", self.path)))
    }

    /// The part at a path, items of a list written `[]` or `[*]`.
    #[must_use]
    pub fn at(path: &str) -> Option<&'static Self> {
        let path = path.replace("[]", "[*]");
        PARTS.iter().find(|part| part.places().any(|place| place == path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_found_wherever_it_may_stand_and_nowhere_else() {
        assert_eq!(Part::at("trials[].estimator").map(|part| part.path), Some("estimator"));
        assert_eq!(Part::at("inner.dynamics").map(|part| part.path), Some("inner.dynamics"));
        assert!(Part::at("estimator").is_none() && Part::at("trials[].problem").is_none());
    }
}
