//! Ensembles: which rows train and which validate in each member of a trial.
//!
//! A member is one inner run on a split of its own. Members share λ, and the mean of their estimates moves
//! it. A policy says how the rows at hand, training and validation together, are divided among the
//! members, and whether they are divided anew at every outer step. Zhou, Shu, Liu, Meng, *A Tale of
//! Bias-Variance Decomposition*, arXiv 2602.17947; the exact definitions are this project's. To add a
//! policy: one file here, one line in [`ALL`].

mod division;
mod folds;
mod resplits;
mod single;

use rand_chacha::ChaCha8Rng;

use crate::catalog::{Card, Carded, Catalog, Kind, Knob, Knobs, Scale, Value};
use crate::data::Split;
use crate::math::number::counted;

pub use division::{Division, Row, Rows, merged};
pub use resplits::resplit;

/// Every policy, in the order shown.
pub static ALL: &[Entry] = &[single::ENTRY, resplits::FIXED, folds::ENTRY, resplits::FRESH];

/// A policy that can be chosen.
pub struct Entry {
    /// What it is.
    pub card: Card,
    /// Whether it divides rows at all; if not, the scenario's own split is taken as it is.
    pub divides: bool,
    /// Whether the rows are divided anew at every outer step.
    pub is_fresh: bool,
    /// Whether another draw gives another division, so that one with a flaw can be drawn again.
    pub is_drawn: bool,
    /// Divides the rows among the members.
    pub divide: fn(&Knobs, &Rows, &mut ChaCha8Rng) -> Vec<Division>,
}

impl Entry {
    /// Place of the stream that divides the rows of a task at an outer step.
    #[must_use]
    pub fn place(&self, task: u64, outer: usize) -> [u64; 2] {
        [task, if self.is_fresh { outer as u64 + 1 } else { 0 }]
    }

    /// How many members have a split of their own.
    #[must_use]
    pub fn splits(&self, knobs: &Knobs) -> usize {
        if self.divides { knobs.count(MEMBERS.key) } else { 0 }
    }

    /// How the estimates of members become one.
    #[must_use]
    pub fn combine(&self, knobs: &Knobs) -> Combine {
        if knobs.get(COMBINE.key) == Ok(Value::Choice("Median")) { Combine::Median } else { Combine::Mean }
    }

    /// Whether each member has the classes in the shares that the scenario's own split has.
    #[must_use]
    pub fn keeps_classes(&self, knobs: &Knobs) -> bool {
        !self.divides || knobs.get(BY_CLASS.key) == Ok(Value::Toggle(true))
    }
}

/// The list of policies, for [`Spec`](crate::catalog::Spec).
pub struct Policies;

impl Catalog for Policies {
    type Entry = Entry;
    const ITEM: &'static str = "ensemble";

    fn all() -> &'static [Entry] {
        ALL
    }
}

impl Carded for Entry {
    fn card(&self) -> &Card {
        &self.card
    }
}

/// Number of members.
const MEMBERS: Knob = Knob {
    key: "members",
    help: "Members K, each with a split and an inner run of its own.",
    kind: Kind::Integer { default: 5, range: (1, 1000), scale: Scale::Logarithmic },
};

/// What is divided.
const OF: Knob = Knob {
    key: "of",
    help: "Which rows are divided anew. Where training labels cannot be trusted, only the scenario's validation rows \
           ever validate.",
    kind: Kind::Choice {
        options: &[
            ("Everything", "training and validation rows together; with untrusted labels each part by itself"),
            ("Validation", "part of the validation rows validates, the rest joins the training rows"),
            ("Training", "part of the training rows trains; all validation rows validate"),
        ],
    },
};

/// How members' estimates become one.
const COMBINE: Knob = Knob {
    key: "combine",
    help: "What of the members' estimates moves λ, entry by entry.",
    kind: Kind::Choice {
        options: &[
            ("Mean", "their mean, without bias"),
            ("Median", "their median, which one run away does not move; members that say no number are left out"),
        ],
    },
};

/// How members' estimates become one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Combine {
    /// Their mean.
    Mean,
    /// Their median, entry by entry.
    Median,
}

/// Class by class.
const BY_CLASS: Knob = Knob {
    key: "by_class",
    help: "Where everything is divided: whether each member trains on as many rows of each class as the scenario's \
           own split does, and each fold has its share of every class. A few-shot task stays one of so many shots.",
    kind: Kind::Toggle { default: false },
};

/// The splits of the members.
///
/// # Errors
/// Why the rows cannot be divided like this, and what would work.
pub fn split(
    entry: &Entry,
    knobs: &Knobs,
    base: &Split,
    validation_is_trusted: bool,
    random: &mut ChaCha8Rng,
) -> Result<Vec<Split>, String> {
    let divisions = divide(entry, knobs, base, validation_is_trusted, random)?;
    Ok(divisions.iter().map(|division| division.of(base)).collect())
}

/// Which rows the members have; of no member without a class in training.
///
/// # Errors
/// Why the rows cannot be divided like this, and what would work.
pub fn divide(
    entry: &Entry,
    knobs: &Knobs,
    base: &Split,
    validation_is_trusted: bool,
    random: &mut ChaCha8Rng,
) -> Result<Vec<Division>, String> {
    let rows = Rows::of(base, validation_is_trusted);
    check(entry, knobs, &rows, !base.labels.is_empty())?;
    let mut lacking = None;
    let draws = if entry.is_drawn { MOST_DRAWS } else { 1 };
    for _ in 0..draws {
        let divisions = (entry.divide)(knobs, &rows, random);
        lacking = divisions
            .iter()
            .enumerate()
            .find_map(|(member, division)| division.missing_class(base).map(|class| (member, class)));
        if lacking.is_none() {
            return Ok(divisions);
        }
    }
    let (member, class) = lacking.unwrap_or_default();
    let class = base.class_name(class);
    Err(format!(
        "member {member} would train without a single row of class `{class}`; expected fewer members, more training \
         rows, or the policy `Single`"
    ))
}

/// A division that leaves a class out of training is drawn again so many times.
const MOST_DRAWS: usize = 100;

/// Whether there are rows enough.
fn check(entry: &Entry, knobs: &Knobs, rows: &Rows, has_classes: bool) -> Result<(), String> {
    if knobs.get("of").is_err() {
        return Ok(());
    }
    if !has_classes && knobs.get("by_class") == Ok(Value::Toggle(true)) {
        return Err("`by_class` is true, but the target here is no class; expected false".to_owned());
    }
    let scope = division::Scope::of(knobs, rows);
    let members = knobs.count("members");
    // What is not drawn is cut into parts, one a member.
    let is_folds = !entry.is_drawn;
    if is_folds && members < 2 {
        return Err("one fold leaves nothing to train on; expected at least 2 members".to_owned());
    }
    let parts = [
        (scope.together, "training and validation", rows.training + rows.validation),
        (scope.training, "training", rows.training),
        (scope.validation, "validation", rows.validation),
    ];
    for (divided, name, count) in parts {
        let needed = if is_folds { members } else { 2 };
        if divided && count < needed {
            let what = if is_folds { format!("{members} folds") } else { "two parts".to_owned() };
            return Err(format!(
                "{} cannot be divided into {what}; expected at least {needed} rows or fewer members",
                counted(count, &format!("{name} row"))
            ));
        }
    }
    Ok(())
}
