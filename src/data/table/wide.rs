//! Whether the columns that texts would become are too many.

use super::column::{Column, MOST_TEXTS};
use super::entries::{Entries, Role};
use super::error::TableError;
use crate::math::number::counted;

/// Columns that texts become at most, all together: what is learned has a weight for each.
const MOST_COLUMNS: usize = 2000;

/// Checks the columns of texts that are to be a column for each text.
pub(super) fn check(file: &str, entries: &Entries) -> Result<(), TableError> {
    let is_feature_of_texts = |(column, role): &(&Column, Role)| *role == Role::Feature && column.texts.count > 0;
    let columns: Vec<&Column> = entries.used().filter(is_feature_of_texts).map(|(column, _)| column).collect();
    if let Some(column) = columns.iter().find(|column| column.has_too_many || column.tells_rows_apart()) {
        let found = if column.has_too_many {
            format!("more than {MOST_TEXTS} different texts")
        } else {
            counted(column.words.len(), "different text")
        };
        let (file, rows) = (file.to_owned(), column.texts.count);
        return Err(TableError::TooManyTexts { file, column: column.name.clone(), found, rows });
    }
    let made = |column: &Column| column.words.len() + usize::from(column.missing.count > 0);
    let total: usize = columns.iter().map(|column| made(column)).sum();
    if total <= MOST_COLUMNS {
        return Ok(());
    }
    let mut widest = columns;
    widest.sort_by_key(|column| std::cmp::Reverse(made(column)));
    let mut left = total;
    let dropped = widest.iter().take_while(|column| {
        let is_needed = left > MOST_COLUMNS;
        left -= if is_needed { made(column) } else { 0 };
        is_needed
    });
    let without = dropped.map(|column| column.name.clone()).collect();
    let wordy = widest
        .iter()
        .take(6)
        .map(|column| format!("`{}` {}", column.name, made(column)))
        .collect::<Vec<_>>()
        .join(", ");
    Err(TableError::TooWide { file: file.to_owned(), columns: total, wordy, most: MOST_COLUMNS, without })
}
