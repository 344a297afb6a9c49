//! What is sensible where nothing was said.

use super::target;
use crate::data::table::{ColumnKind, ColumnSurvey, Survey};

/// Names that people give to what is to be learned, in small letters, the surest first.
const TARGETS: [&str; 24] = [
    "target",
    "y",
    "label",
    "labels",
    "outcome",
    "response",
    "output",
    "result",
    "survived",
    "species",
    "variety",
    "diagnosis",
    "quality",
    "price",
    "saleprice",
    "mpg",
    "medv",
    "churn",
    "income",
    "salary",
    "score",
    "grade",
    "class",
    "type",
];

/// The column that is most likely to be learned: one that is called so, else the last that a problem takes.
pub(super) fn target(survey: &Survey) -> usize {
    let is_fit = |index: &usize| {
        let column = &survey.columns[*index];
        why_left_out(column, survey.rows).is_none() && !target::fitting(column).is_empty()
    };
    let fit: Vec<usize> = (0..survey.columns.len()).filter(is_fit).collect();
    let called = |name: &&str| fit.iter().find(|index| survey.columns[**index].name.to_lowercase() == **name);
    let found = TARGETS.iter().find_map(called).or(fit.last());
    found.copied().unwrap_or(survey.columns.len().saturating_sub(1))
}

/// The column that people would expect to be learned, whether a problem takes it or not.
pub(super) fn expected(survey: &Survey) -> usize {
    let called = |name: &&str| survey.columns.iter().position(|column| column.name.to_lowercase() == **name);
    TARGETS.iter().find_map(called).unwrap_or(survey.columns.len().saturating_sub(1))
}

/// Why a column is no feature unless a person takes it for one.
pub(super) fn why_left_out(column: &ColumnSurvey, rows: usize) -> Option<&'static str> {
    match column.kind {
        ColumnKind::Empty => Some("it has no values"),
        ColumnKind::Constant => Some("it has one value in all rows"),
        ColumnKind::Counter => Some("it counts the rows"),
        ColumnKind::Identifiers => Some(column.trouble.unwrap_or("nearly every row has its own")),
        ColumnKind::Dates => Some("it holds dates"),
        ColumnKind::Mixed => Some(column.trouble.unwrap_or("it holds numbers and texts")),
        ColumnKind::Texts if column.has_too_many_texts() => Some("it has too many texts"),
        _ if 2 * column.holes > rows => Some("most rows have no value there"),
        _ => None,
    }
}
