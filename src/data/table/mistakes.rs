//! Entries that cannot be used.

use super::cell::shown;
use super::column::{Column, Content, Tally};
use super::reading::{Missing, Reading, Texts};
use crate::math::number::counted;

/// Entries of a column that cannot be used, all of one kind.
pub(super) struct Mistake<'a> {
    pub(super) column: &'a Column,
    pub(super) tally: &'a Tally,
    kind: Kind,
    pub(super) expected: &'static str,
}

/// What the entries are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Hole,
    Text,
    Negative,
}

/// What of a column of weights cannot be used.
pub(super) fn no_weights<'a>(column: &'a Column, reading: &Reading) -> impl Iterator<Item = Mistake<'a>> + use<'a> {
    let refuses_holes = reading.missing != Missing::LeaveOut;
    let found = [(&column.missing, Kind::Hole), (&column.texts, Kind::Text), (&column.negative, Kind::Negative)];
    let is_refused = move |(tally, kind): &(&Tally, Kind)| tally.count > 0 && (*kind != Kind::Hole || refuses_holes);
    let mistake = move |(tally, kind)| Mistake { column, tally, kind, expected: "a weight of at least 0" };
    found.into_iter().filter(is_refused).map(mistake)
}

/// What of a column cannot be used: holes that nothing fills, and texts where numbers are expected.
pub(super) fn mistakes<'a>(
    column: &'a Column,
    is_target: bool,
    reading: &Reading,
) -> impl Iterator<Item = Mistake<'a>> + use<'a> {
    let content = column.content();
    let holds_classes = is_target && content == Content::Texts;
    let is_left_out = !is_target && content == Content::Texts && reading.texts == Texts::LeaveOut;
    let refuses_holes = match reading.missing {
        Missing::Refuse => !is_left_out,
        Missing::LeaveOut => false,
        // What is to be learned is not made up.
        Missing::Mean | Missing::Median | Missing::Class => is_target,
    };
    let refuses_texts = match content {
        Content::Both => true,
        Content::Texts => !is_target && reading.texts == Texts::Refuse,
        Content::Numbers | Content::Nothing => false,
    };
    let expected = if holds_classes { "the name of a class" } else { "a finite number" };
    let found = [(&column.missing, Kind::Hole, refuses_holes), (&column.texts, Kind::Text, refuses_texts)];
    found
        .into_iter()
        .filter(|(tally, _, is_refused)| *is_refused && tally.count > 0)
        .map(move |(tally, kind, _)| Mistake { column, tally, kind, expected })
}

impl Mistake<'_> {
    /// How many entries, and the first of them: "`width` 2 missing values, the first in line 4".
    pub(super) fn in_words(&self, line: impl Fn(u64) -> u64) -> String {
        let kind = match self.kind {
            Kind::Hole => "missing value",
            Kind::Text => "text",
            Kind::Negative => "negative weight",
        };
        let count = counted(self.tally.count, kind);
        let (start, entry) = self.tally.first.clone().unwrap_or_default();
        let said = if self.kind == Kind::Hole { String::new() } else { format!(": {}", shown(&entry)) };
        format!("`{}` {count}, the first in line {}{said}", self.column.name, line(start))
    }
}

/// What can be done about them.
pub(super) fn help(mistakes: &[Mistake<'_>]) -> String {
    let holes = "`missing: LeaveOut` leaves out rows without a value, `Mean`, `Median` and `Class` fill them in";
    let texts = "`texts: OneHot` makes a column of each different text, `LeaveOut` goes on without";
    let ways = [(Kind::Hole, holes), (Kind::Text, texts)];
    let applies = |kind: Kind| mistakes.iter().any(|mistake| mistake.kind == kind);
    let ways: Vec<&str> = ways.into_iter().filter(|(kind, _)| applies(*kind)).map(|(_, words)| words).collect();
    format!("{}; `leave_out: [\"…\"]` names columns that are no features", ways.join("; "))
}
