//! The entries of a table, as they were read.

use super::column::{Column, Content};

/// What becomes of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Feature,
    Target,
    /// How much the row counts.
    Weight,
    LeftOut,
}

/// All entries, as they were read.
pub(super) struct Entries {
    pub(super) columns: Vec<Column>,
    pub(super) roles: Vec<Role>,
    pub(super) rows: usize,
    /// Numbers of the columns that are not left out, row by row; NaN where there is none.
    pub(super) numbers: Vec<f64>,
}

impl Entries {
    /// The columns that are used, in the order of a row's numbers.
    pub(super) fn used(&self) -> impl Iterator<Item = (&Column, Role)> {
        self.columns.iter().zip(self.roles.iter().copied()).filter(|(_, role)| *role != Role::LeftOut)
    }

    /// How many rows have something else than a value in a column that is used; texts are values of a column of texts.
    pub(super) fn rows_with_holes(&self) -> usize {
        let width = self.used().count();
        let mut texts = vec![0_usize; self.rows];
        let (mut of_texts, mut of_numbers) = (0, Vec::new());
        for (place, (column, _)) in self.used().enumerate() {
            match column.content() {
                Content::Nothing => {}
                Content::Texts => {
                    of_texts += 1;
                    column.codes.iter().for_each(|(row, _)| texts[*row] += 1);
                }
                Content::Numbers | Content::Both => of_numbers.push(place),
            }
        }
        let has_hole = |row: &usize| {
            texts[*row] < of_texts || of_numbers.iter().any(|place| self.numbers[*row * width + place].is_nan())
        };
        (0..self.rows).filter(has_hole).count()
    }
}
