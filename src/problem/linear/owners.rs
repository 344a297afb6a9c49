//! Which entry of λ weighs which feature: what penalties of every shape share.

use crate::catalog::{Kind, Knob, Knobs};
use crate::data::Split;
use crate::problem::BuildError;

/// One penalty per feature, per group, or a single one.
pub(in crate::problem) const PENALTY: Knob = Knob {
    key: "penalty",
    help: "One penalty for each feature, for each group of them, or a single one for all.",
    kind: Kind::Choice {
        options: &[
            ("PerFeature", "λ_j belongs to feature j"),
            ("Scalar", "one λ for all coordinates"),
            ("PerGroup", "one λ for each of the data's `groups`, or for all that became of one column of a table"),
        ],
    },
};

/// The entry of λ that each feature has, under the knob [`PENALTY`].
pub(super) struct Owners {
    share: Share,
    /// One a feature; none where it is free.
    entries: Vec<Option<usize>>,
    names: Vec<String>,
}

/// What λ has an entry for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Share {
    /// Each column that is not free.
    Feature,
    /// Each group of them.
    Group,
    /// All of them together.
    All,
}

impl Owners {
    /// Over the columns of a split.
    ///
    /// # Errors
    /// When no column is penalized.
    pub fn new(knobs: &Knobs, split: &Split) -> Result<Self, BuildError> {
        let Split { columns, feature_names, .. } = split;
        let share = match knobs.choice(PENALTY.key) {
            "PerFeature" => Share::Feature,
            "PerGroup" => Share::Group,
            _ => Share::All,
        };
        let mut names: Vec<String> = match share {
            Share::Feature => Vec::new(),
            Share::Group => columns.groups.iter().map(|group| group.name.clone()).collect(),
            Share::All => vec!["log penalty".to_owned()],
        };
        let mut own = |name: &String| {
            names.push(name.clone());
            names.len() - 1
        };
        let groups = columns.owners(feature_names.len());
        let mut owner = |(column, name): (usize, &String)| match (share, groups[column]) {
            (Share::All, _) => 0,
            (Share::Group, Some(group)) => group,
            _ => own(name),
        };
        let each = feature_names.iter().enumerate();
        let entries: Vec<Option<usize>> = each.map(|place| (!columns.is_free(place.0)).then(|| owner(place))).collect();
        if entries.iter().all(Option::is_none) {
            return Err(BuildError::at("data", "no feature column is penalized; expected at least one"));
        }
        Ok(Self { share, entries, names })
    }

    /// One a feature; none where it is free.
    pub fn entries(&self) -> &[Option<usize>] {
        &self.entries
    }

    /// What the entries of λ are called.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// How many features are penalized.
    pub fn penalized(&self) -> usize {
        self.entries.iter().flatten().count()
    }

    /// Whether λ has an entry for each group of columns.
    pub fn are_groups(&self) -> bool {
        self.share == Share::Group
    }

    /// Whether one entry holds for all features.
    pub fn are_one(&self) -> bool {
        self.share == Share::All && self.entries.iter().all(Option::is_some)
    }
}
