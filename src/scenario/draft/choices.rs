//! What is chosen, and what follows from it.

use std::fmt;
use std::sync::Arc;

use super::{guess, target};
use crate::catalog::{Knobs, Spec};
use crate::data::table::{ColumnKind, ColumnSurvey, Decimal, Header, Missing, Reading, Survey, Texts};
use crate::data::{Dataset, Intercept, Rows, SplitRule, Target, display_text};
use crate::math::number::counted;
use crate::problem::{Entry, Needs};
use crate::scenario::{advised_intercept, unknown};

/// A scenario over a table, as far as it is chosen.
#[derive(Clone)]
pub struct Draft {
    /// The table.
    pub survey: Arc<Survey>,
    /// Whether its first row was said to hold names, or was looked at.
    pub header: Header,
    /// Whether what stands before decimals was said, or was looked at.
    pub decimal: Decimal,
    /// Which column is to be learned.
    pub(super) target: usize,
    /// Which columns are no features.
    is_left_out: Vec<bool>,
    /// By what it is learned; nothing, where no problem takes such a target.
    pub(super) problem: Option<&'static Entry>,
    /// Which of [`SPLITS`].
    split: usize,
    /// What becomes of rows with holes.
    pub(super) missing: Missing,
    /// What becomes of columns of texts.
    pub(super) texts: Texts,
    /// Which features have one number in all training rows: they cannot be divided by their deviation there.
    is_level: Vec<bool>,
    /// The intercept that is advised for such a problem over these training rows.
    pub(super) intercept: Intercept,
    /// What all that leaves.
    sizes: Sizes,
}

impl fmt::Debug for Draft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let problem = self.problem.map(|problem| problem.card.id);
        let Self { survey, target, split, missing, texts, .. } = self;
        write!(f, "Draft({}, {target}, {problem:?}, {split}, {missing:?}, {texts:?})", survey.file)
    }
}

/// What can be chosen beside the columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// By what is learned.
    Problem,
    /// Which rows train, validate and test.
    Split,
    /// What becomes of rows with holes.
    Missing,
    /// What becomes of columns of texts.
    Texts,
}

/// What a column is to a draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// It is to be learned.
    Target,
    /// It is learned from.
    Feature,
    /// It is not read.
    LeftOut,
}

impl Role {
    /// In a word or two.
    #[must_use]
    pub fn in_words(self) -> &'static str {
        match self {
            Self::Target => "target",
            Self::Feature => "feature",
            Self::LeftOut => "left out",
        }
    }
}

/// How many rows and features a draft leaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sizes {
    /// Rows that are kept.
    pub rows: usize,
    /// Features that are made of the columns.
    pub features: usize,
    /// Training, validation and test rows; or why there are none.
    pub parts: Result<[usize; 3], String>,
}

/// Names that a message lists.
const MOST_NAMES: usize = 40;

/// Seed of everything random in what is written.
pub(super) const SEED: u64 = 1;

/// A way to divide rows.
struct Split {
    words: &'static str,
    /// As a scenario says it.
    spelled: &'static str,
    rule: fn() -> SplitRule,
}

/// The ways to divide rows, in the order in which they are offered.
static SPLITS: &[Split] = &[
    Split {
        words: "half train, a quarter validate, a quarter test, class by class",
        spelled: "Stratified(training: 0.5, validation: 0.25, test: 0.25)",
        rule: || SplitRule::Stratified { training: 0.5, validation: 0.25, test: 0.25, seed: None },
    },
    Split {
        words: "half train, a quarter validate, a quarter test, drawn at random",
        spelled: "Fractions(training: 0.5, validation: 0.25, test: 0.25)",
        rule: || SplitRule::Fractions { training: 0.5, validation: 0.25, test: 0.25, seed: None },
    },
    Split {
        words: "in their order: the first half trains, a quarter validates, the last tests",
        spelled: "Ordered(training: 0.5, validation: 0.25, test: 0.25)",
        rule: || SplitRule::Ordered { training: 0.5, validation: 0.25, test: 0.25, by: None, gap: 0 },
    },
    Split {
        words: "half train, half validate, drawn at random",
        spelled: "Fractions(training: 0.5, validation: 0.5)",
        rule: || SplitRule::Fractions { training: 0.5, validation: 0.5, test: 0.0, seed: None },
    },
    Split { words: "every other row trains, the others validate", spelled: "Alternate", rule: || SplitRule::Alternate },
];

/// Part of the rows that may go for their holes; beyond, holes are filled.
const MOST_LOST: f64 = 0.1;

const MISSING: [Missing; 4] = [Missing::LeaveOut, Missing::Median, Missing::Mean, Missing::Class];

const TEXTS: [Texts; 2] = [Texts::OneHot, Texts::LeaveOut];

impl Choice {
    /// All of them, in the order shown.
    pub const ALL: [Self; 4] = [Self::Problem, Self::Split, Self::Missing, Self::Texts];

    /// What it is about, in a word.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Problem => "problem",
            Self::Split => "rows",
            Self::Missing => "holes",
            Self::Texts => "texts",
        }
    }
}

impl Draft {
    /// The draft that is sensible for a table that was read so.
    #[must_use]
    pub fn of(survey: Arc<Survey>, reading: &Reading) -> Self {
        let target = guess::target(&survey);
        let is_left_out =
            survey.columns.iter().map(|column| guess::why_left_out(column, survey.rows).is_some()).collect();
        let (split, missing, texts) = (0, Missing::LeaveOut, Texts::OneHot);
        let is_level = vec![false; survey.columns.len()];
        let sizes = Sizes { rows: 0, features: 0, parts: Ok([0; 3]) };
        let intercept = Intercept::None;
        let mut draft = Self {
            survey,
            header: reading.header,
            decimal: reading.decimal,
            target,
            is_left_out,
            problem: None,
            split,
            missing,
            texts,
            is_level,
            intercept,
            sizes,
        };
        draft.problem = draft.fitting().first().copied();
        draft.missing = draft.sensible_missing();
        draft.split = draft.splits()[0];
        draft.settle();
        draft
    }

    /// Which column is to be learned.
    #[must_use]
    pub fn target(&self) -> usize {
        self.target
    }

    /// By what it is learned.
    #[must_use]
    pub fn problem(&self) -> Option<&'static Entry> {
        self.problem
    }

    /// The problems that take such a target, the likeliest first.
    #[must_use]
    pub fn fitting(&self) -> Vec<&'static Entry> {
        target::fitting(&self.survey.columns[self.target])
    }

    /// What a column is.
    #[must_use]
    pub fn role(&self, column: usize) -> Role {
        if column == self.target {
            Role::Target
        } else if self.is_left_out.get(column).is_some_and(|is_left_out| !is_left_out) {
            Role::Feature
        } else {
            Role::LeftOut
        }
    }

    /// Learns another column. The old target becomes a feature, if it can be one.
    pub fn aim_at(&mut self, column: usize) {
        if column == self.target || column >= self.survey.columns.len() {
            return;
        }
        self.target = column;
        let fitting = self.fitting();
        let still = self.problem.filter(|problem| fitting.iter().any(|other| other.card.id == problem.card.id));
        // What was chosen for another target stays only where it is the likeliest for this one.
        let is_likeliest = |problem: &&Entry| fitting.first().is_some_and(|first| first.card.id == problem.card.id);
        self.problem = still.filter(is_likeliest).or_else(|| fitting.first().copied());
        self.missing = self.sensible_missing();
        self.split = self.splits()[0];
        self.settle();
    }

    /// The column of this name.
    ///
    /// # Errors
    /// That there is none, with the nearest name or all of them.
    pub fn column(&self, name: &str) -> Result<usize, String> {
        let columns = &self.survey.columns;
        let found = columns.iter().position(|column| column.name == display_text(name));
        found.ok_or_else(|| {
            let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).take(MOST_NAMES).collect();
            unknown("column", name, &names)
        })
    }

    /// Leaves a column out.
    ///
    /// # Errors
    /// That it is the target.
    pub fn leave_out(&mut self, column: usize) -> Result<(), String> {
        match self.role(column) {
            Role::Target => {
                Err(format!("`{}` is the target, which cannot be left out", self.survey.columns[column].name))
            }
            Role::Feature => {
                self.toggle(column);
                Ok(())
            }
            Role::LeftOut => Ok(()),
        }
    }

    /// Takes a column for a feature, or leaves it out. The target stays what it is.
    pub fn toggle(&mut self, column: usize) {
        if let Some(is_left_out) = self.is_left_out.get_mut(column).filter(|_| column != self.target) {
            *is_left_out = !*is_left_out;
            self.settle();
        }
    }

    /// Learns by the problem of this identifier.
    ///
    /// # Errors
    /// That it does not take such a target, with those that do.
    pub fn learn_by(&mut self, id: &str) -> Result<(), String> {
        let fitting = self.fitting();
        match fitting.iter().find(|entry| entry.card.id == id || entry.card.ron_name() == id) {
            Some(entry) => {
                self.problem = Some(entry);
                self.keep_split();
                self.settle();
                Ok(())
            }
            None => {
                let ids: Vec<&str> = fitting.iter().map(|entry| entry.card.id).collect();
                Err(unknown("problem for such a target", id, &ids))
            }
        }
    }

    /// Goes on to the next way of doing something, or back to the one before.
    pub fn turn(&mut self, choice: Choice, forward: bool) {
        match choice {
            Choice::Problem => {
                let fitting = self.fitting();
                let at = self.problem.and_then(|now| fitting.iter().position(|entry| entry.card.id == now.card.id));
                let next = turned(at.unwrap_or(0), fitting.len(), forward);
                self.problem = fitting.get(next).copied();
                self.keep_split();
            }
            Choice::Split => {
                let ways = self.splits();
                let at = ways.iter().position(|split| *split == self.split).unwrap_or(0);
                self.split = ways[turned(at, ways.len(), forward)];
            }
            Choice::Missing => self.missing = next_of(&MISSING, self.missing, forward),
            Choice::Texts => self.texts = next_of(&TEXTS, self.texts, forward),
        }
        self.settle();
    }

    /// How something is done, in words.
    #[must_use]
    pub fn chosen(&self, choice: Choice) -> String {
        match choice {
            Choice::Problem => self.problem.map_or_else(
                || "none takes such a target".to_owned(),
                |problem| format!("{}: {}", problem.card.name, problem.card.plain()),
            ),
            Choice::Split => SPLITS[self.split].words.to_owned(),
            Choice::Missing if !self.has_holes() => "none in what is used".to_owned(),
            Choice::Missing => match self.missing {
                Missing::Refuse => "refused",
                Missing::LeaveOut => "their rows are left out",
                Missing::Mean => "filled with the mean of the training rows",
                Missing::Median => "filled with the median of the training rows",
                Missing::Class => "filled with the mean, and a column more says where",
            }
            .to_owned(),
            Choice::Texts if !self.has_texts() => "none in what is used".to_owned(),
            Choice::Texts => match self.texts {
                Texts::Refuse => "refused",
                Texts::OneHot => "a column of zeros and ones for each of their texts",
                Texts::DropFirst => "a column of zeros and ones for each of their texts but the first",
                Texts::LeaveOut => "left out",
            }
            .to_owned(),
        }
    }

    /// The columns that are read, the target among them.
    pub(super) fn used(&self) -> impl Iterator<Item = (usize, &ColumnSurvey)> {
        let is_read = |(index, column): &(usize, &ColumnSurvey)| match self.role(*index) {
            Role::Target => true,
            Role::LeftOut => false,
            Role::Feature => {
                let is_passed = self.texts == Texts::LeaveOut && column.holds_texts();
                column.kind != ColumnKind::Empty && !is_passed && !self.is_level[*index]
            }
        };
        self.survey.columns.iter().enumerate().filter(is_read)
    }

    pub(super) fn features(&self) -> impl Iterator<Item = &ColumnSurvey> {
        self.used().filter(|(index, _)| *index != self.target).map(|(_, column)| column)
    }

    pub(super) fn has_holes(&self) -> bool {
        self.used().any(|(_, column)| column.holes > 0)
    }

    /// Whether a feature that is not left out by hand holds texts.
    pub(super) fn has_texts(&self) -> bool {
        let is_feature = |index: &usize| self.role(*index) == Role::Feature;
        (0..self.survey.columns.len()).filter(is_feature).any(|index| self.survey.columns[index].holds_texts())
    }

    /// Rows with a value in all that is read.
    pub(super) fn whole_rows(&self) -> impl Iterator<Item = usize> {
        self.survey.whole_rows(self.used().map(|(_, column)| column))
    }

    /// How many rows and features it leaves, as the reader of the file will find them.
    #[must_use]
    pub fn sizes(&self) -> &Sizes {
        &self.sizes
    }

    /// How many rows and features that is, in words: "64 rows, 11 features: 32 train, 16 validate, 16 test".
    #[must_use]
    pub fn gives(&self) -> String {
        let all = format!("{}, {}", counted(self.sizes.rows, "row"), counted(self.sizes.features, "feature"));
        match &self.sizes.parts {
            Ok([training, validation, test]) => format!("{all}: {training} train, {validation} validate, {test} test"),
            Err(_) => all,
        }
    }

    /// What a column is in the end: a feature whose texts are left out, or that is the same in all training rows, is none.
    #[must_use]
    pub fn role_in_effect(&self, column: usize) -> Role {
        match self.role(column) {
            Role::Feature if !self.used().any(|(index, _)| index == column) => Role::LeftOut,
            role => role,
        }
    }

    /// Whether a feature has one number in all training rows, and is left out for that.
    #[must_use]
    pub fn is_level(&self, column: usize) -> bool {
        self.is_level.get(column).is_some_and(|is_level| *is_level)
    }

    /// Works out what the choices leave. A column that goes may take its holes with it, and other rows train then: columns
    /// that are level go until no more are.
    fn settle(&mut self) {
        self.is_level.fill(false);
        loop {
            let leaves_out = self.missing == Missing::LeaveOut;
            let kept: Vec<usize> =
                if leaves_out { self.whole_rows().collect() } else { (0..self.survey.rows).collect() };
            let targets = self.targets_of(&kept);
            let parts = Rows::of(&self.rule(), &targets, SEED).map_err(|error| error.message);
            let training: Vec<usize> =
                parts.iter().flat_map(|rows| &rows.training).filter_map(|row| kept.get(*row).copied()).collect();
            let found: Vec<usize> = self
                .used()
                .filter(|(index, column)| *index != self.target && column.is_level_in(&training))
                .map(|(index, _)| index)
                .collect();
            found.iter().for_each(|index| self.is_level[*index] = true);
            if found.is_empty() || training.is_empty() {
                let features = self.features().map(|column| self.made_of(column)).sum();
                let classes = parts.iter().flat_map(|rows| &rows.training);
                let learned: Vec<f64> = classes.filter_map(|row| targets.targets.get(*row).copied()).collect();
                self.intercept = self.problem.map_or(Intercept::None, |problem| {
                    let target = (problem.needs)(&Knobs::defaults(problem.card.knobs)).target();
                    let rows = match target {
                        Some(Target::Classes) => &learned[..],
                        // Any count has the level that any other has.
                        Some(Target::Count) => &[1.0],
                        // Numbers are scaled, so that their level is zero.
                        Some(Target::Number) | None => &[],
                    };
                    advised_intercept(&Spec::of(problem), rows)
                });
                let parts = parts.map(|rows| [rows.training.len(), rows.validation.len(), rows.test.len()]);
                self.sizes = Sizes { rows: kept.len(), features, parts };
                return;
            }
        }
    }

    fn tells_classes(&self) -> bool {
        self.problem.is_some_and(|problem| {
            matches!((problem.needs)(&Knobs::defaults(problem.card.knobs)), Needs::TwoClasses | Needs::Classes)
        })
    }

    /// The ways to divide rows that there are for such a problem; never none.
    fn splits(&self) -> Vec<usize> {
        let tells_classes = self.tells_classes();
        let is_way = |at: &usize| tells_classes || !(SPLITS[*at].rule)().is_stratified();
        (0..SPLITS.len()).filter(is_way).collect()
    }

    /// Divides rows as before where that can be, and as is sensible where it cannot.
    fn keep_split(&mut self) {
        let ways = self.splits();
        if !ways.contains(&self.split) {
            self.split = ways[0];
        }
    }

    /// As much of the rows that are kept as a split asks for: their classes, where the target has some.
    fn targets_of(&self, kept: &[usize]) -> Dataset {
        let classes = self.survey.columns.get(self.target).and_then(|target| target.classes_of(kept));
        Dataset { targets: classes.unwrap_or_else(|| vec![0.0; kept.len()]), ..Dataset::default() }
    }

    /// Features that are made of a column.
    fn made_of(&self, column: &ColumnSurvey) -> usize {
        let has_holes = column.holes > 0 && self.missing != Missing::LeaveOut;
        if column.holds_texts() {
            column.distinct + usize::from(has_holes)
        } else {
            1 + usize::from(has_holes && self.missing == Missing::Class)
        }
    }

    pub(super) fn rule(&self) -> SplitRule {
        (SPLITS[self.split].rule)()
    }

    /// The split as a scenario says it.
    pub(super) fn spelled_rule(&self) -> &'static str {
        SPLITS[self.split].spelled
    }

    /// Rows with holes are left out where they are few. What is to be learned is never filled in.
    fn sensible_missing(&self) -> Missing {
        let lost = self.survey.rows - self.whole_rows().count();
        let is_target_whole = self.survey.columns[self.target].holes == 0;
        if is_target_whole && lost as f64 > MOST_LOST * self.survey.rows as f64 {
            Missing::Median
        } else {
            Missing::LeaveOut
        }
    }
}

fn turned(at: usize, count: usize, forward: bool) -> usize {
    let step = if forward { 1 } else { count.saturating_sub(1) };
    (at + step) % count.max(1)
}

fn next_of<T: Copy + PartialEq>(all: &[T], now: T, forward: bool) -> T {
    let at = all.iter().position(|value| *value == now).unwrap_or(0);
    all[turned(at, all.len(), forward)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_are_spelled_as_they_are() {
        for split in SPLITS {
            assert_eq!(ron::from_str::<SplitRule>(split.spelled).unwrap(), (split.rule)(), "{}", split.words);
        }
    }
}
