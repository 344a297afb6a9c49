//! Which problems take a column for their target.

use crate::catalog::Knobs;
use crate::data::Target;
use crate::data::table::{ColumnKind, ColumnSurvey, FEW};
use crate::problem::{self, Entry, Needs};

/// Whole numbers that stand for classes are hardly more than these.
const MOST_CLASSES: usize = 10;

/// What a column can be as a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reading {
    Number,
    Count,
    TwoClasses,
    Classes,
}

impl Reading {
    /// Whether a problem that needs this takes it.
    fn is_taken(self, needs: Needs) -> bool {
        match self {
            Self::TwoClasses => needs == Needs::TwoClasses,
            Self::Classes => needs == Needs::Classes,
            // A draft has no place to say which columns are instruments, or that rows are in time order.
            Self::Number => needs == Needs::Regression,
            Self::Count => needs.target() == Some(Target::Count),
        }
    }
}

/// The problems that take such a target, the likeliest first: those for what the target most likely is, in the order of
/// their list, then those for what it may be as well.
pub(super) fn fitting(column: &ColumnSurvey) -> Vec<&'static Entry> {
    let of = |reading: &Reading| {
        let reading = *reading;
        let needs = |entry: &Entry| (entry.needs)(&Knobs::defaults(entry.card.knobs));
        problem::ALL.iter().filter(move |entry| reading.is_taken(needs(entry)))
    };
    readings(column).iter().flat_map(of).collect()
}

/// What a target can be taken for, the likeliest first.
fn readings(column: &ColumnSurvey) -> Vec<Reading> {
    use Reading::{Classes, Count, Number, TwoClasses};
    let is_whole = column.is_whole();
    let is_positive = column.range.is_some_and(|[least, ..]| least >= 0.0);
    let numbers = if is_positive && is_whole { vec![Number, Count] } else { vec![Number] };
    let then = |first: &[Reading], rest: Vec<Reading>| [first.to_vec(), rest].concat();
    match column.kind {
        ColumnKind::Constant | ColumnKind::Mixed | ColumnKind::Empty => Vec::new(),
        _ if column.has_too_many_texts() => Vec::new(),
        _ if column.holds_texts() && column.distinct == 2 => vec![TwoClasses, Classes],
        _ if column.holds_texts() => vec![Classes],
        _ if column.distinct == 2 && is_whole => then(&[TwoClasses, Classes], numbers),
        _ if column.distinct == 2 => vec![TwoClasses, Number],
        _ if is_whole && count_classes(column) => then(&[Classes], numbers),
        _ if is_whole && column.distinct <= FEW => then(&numbers, vec![Classes]),
        _ => numbers,
    }
}

/// Whether whole numbers are 0, 1, 2, … or 1, 2, 3, … and few, as classes are numbered.
fn count_classes(column: &ColumnSurvey) -> bool {
    let Some([least, _, most]) = column.range else { return false };
    column.distinct <= MOST_CLASSES && (least == 0.0 || least == 1.0) && most - least + 1.0 == column.distinct as f64
}
