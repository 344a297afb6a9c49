//! Which problems take a column for their target.

use crate::catalog::Knobs;
use crate::data::table::{ColumnKind, ColumnSurvey, FEW};
use crate::problem::{self, Entry, Needs};

/// Whole numbers that stand for classes are hardly more than these.
const MOST_CLASSES: usize = 10;

/// The problems that take such a target, the likeliest first: those for what the target most likely is, in the order of
/// their list, then those for what it may be as well.
pub(super) fn fitting(column: &ColumnSurvey) -> Vec<&'static Entry> {
    let of = |needed: &Needs| {
        let needed = *needed;
        problem::ALL.iter().filter(move |entry| (entry.needs)(&Knobs::defaults(entry.card.knobs)) == needed)
    };
    readings(column).iter().flat_map(of).collect()
}

/// What a target can be taken for, the likeliest first.
fn readings(column: &ColumnSurvey) -> Vec<Needs> {
    use Needs::{Classes, Regression, TwoClasses};
    let is_whole = column.is_whole();
    match column.kind {
        ColumnKind::Constant | ColumnKind::Mixed | ColumnKind::Empty => Vec::new(),
        _ if column.has_too_many_texts() => Vec::new(),
        _ if column.holds_texts() && column.distinct == 2 => vec![TwoClasses, Classes],
        _ if column.holds_texts() => vec![Classes],
        _ if column.distinct == 2 && is_whole => vec![TwoClasses, Classes, Regression],
        _ if column.distinct == 2 => vec![TwoClasses, Regression],
        _ if is_whole && count_classes(column) => vec![Classes, Regression],
        _ if is_whole && column.distinct <= FEW => vec![Regression, Classes],
        _ => vec![Regression],
    }
}

/// Whether whole numbers are 0, 1, 2, … or 1, 2, 3, … and few, as classes are numbered.
fn count_classes(column: &ColumnSurvey) -> bool {
    let Some([least, _, most]) = column.range else { return false };
    column.distinct <= MOST_CLASSES && (least == 0.0 || least == 1.0) && most - least + 1.0 == column.distinct as f64
}
