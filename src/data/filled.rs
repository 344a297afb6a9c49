//! What holes were filled with, in words.

use super::spec::ScaleOn;
use super::{Dataset, Note};
use crate::math::number::{counted, plain};

/// Columns that a note names.
const MOST_NAMED: usize = 12;

/// What the holes of a data set were filled with: "holes filled with the mean of the training rows: `width` 2 with 3.41".
pub(super) fn note(data: &Dataset, filling: &[f64], rows: ScaleOn) -> Option<Note> {
    let fill = data.fills_holes?;
    let mut holes = vec![0_usize; data.features.columns()];
    // Only tables have holes, and those are dense.
    let features = data.features.dense();
    for row in 0..features.rows() {
        let entries = features.row(row).iter();
        holes.iter_mut().zip(entries).for_each(|(count, entry)| *count += usize::from(entry.is_nan()));
    }
    let filled = holes.iter().zip(filling).zip(&data.feature_names).filter(|((count, _), _)| **count > 0);
    let named: Vec<String> = filled
        .map(|((count, value), name)| format!("`{name}`: {} filled with {}", counted(*count, "hole"), plain(*value)))
        .collect();
    let whose = match rows {
        ScaleOn::Training => "the training rows",
        ScaleOn::Pool => "the training and validation rows",
        ScaleOn::Everything => "all rows",
    };
    let more = if named.len() > MOST_NAMED {
        format!(", and those of {} more", counted(named.len() - MOST_NAMED, "column"))
    } else {
        String::new()
    };
    let first = named.iter().take(MOST_NAMED).cloned().collect::<Vec<_>>().join(", ");
    let words = format!("{first}{more}, the {} of {whose}", fill.in_words());
    (!named.is_empty()).then(|| Note::remark(words))
}
