//! The names of columns, and which of them a scenario means.

use super::super::display_text;
use super::cell::Cell;
use super::entries::Role;
use super::error::TableError;
use super::header::is_column_number;
use super::reading::Reading;
use crate::catalog::nearest;

/// The columns of a file.
pub(super) struct Names {
    /// Fit to show; a column without a name is called by its number.
    pub(super) names: Vec<String>,
    /// Which have a name.
    pub(super) are_named: Vec<bool>,
    /// Whether the rows begin with a field that the header has no name for.
    pub(super) has_row_names: bool,
    /// The first row, where it holds no names.
    first: Vec<String>,
}

/// What the names of rows are called, where the header does not.
const ROW_NAMES: &str = "row names";

impl Names {
    /// The names in the first of some rows.
    pub(super) fn of(rows: &[csv::StringRecord], has_names: bool) -> Self {
        let Some((first, below)) = rows.split_first() else {
            return Self { names: Vec::new(), are_named: Vec::new(), has_row_names: false, first: Vec::new() };
        };
        let has_row_names = has_names && begin_with_names(first.len(), below);
        let before = has_row_names.then(|| ROW_NAMES.to_owned());
        let said = first.iter().map(|name| if has_names { display_text(name) } else { String::new() });
        let said: Vec<String> = before.into_iter().chain(said).collect();
        let are_named = said.iter().map(|name| !name.is_empty()).collect();
        let numbered = said.into_iter().enumerate();
        let names = numbered.map(|(index, name)| if name.is_empty() { format!("column {}", index + 1) } else { name });
        let first = if has_names { Vec::new() } else { first.iter().map(display_text).collect() };
        Self { names: names.collect(), are_named, has_row_names, first }
    }

    /// Those of a file of one column.
    pub(super) fn single(name: &str) -> Self {
        Self { names: vec![name.to_owned()], are_named: vec![true], has_row_names: false, first: Vec::new() }
    }

    /// Two columns of one name, by their numbers from 1.
    pub(super) fn twice(&self) -> Option<(usize, usize)> {
        let mut order: Vec<usize> = (0..self.names.len()).collect();
        order.sort_by(|a, b| self.names[*a].cmp(&self.names[*b]).then(a.cmp(b)));
        let same = |pair: &&[usize]| self.names[pair[0]] == self.names[pair[1]];
        order.windows(2).filter(same).map(|pair| (pair[0] + 1, pair[1] + 1)).min_by_key(|(_, second)| *second)
    }

    /// Fields of a row at least: columns at the end that have no name need not be there.
    pub(super) fn least(&self) -> usize {
        self.are_named.iter().rposition(|is_named| *is_named).map_or(self.names.len(), |last| last + 1)
    }

    /// The column of a name.
    fn place(&self, name: &str) -> Option<usize> {
        let name = display_text(name);
        let bare = name.trim_start_matches('#').trim_start();
        let by_name = |name: &str| self.names.iter().position(|other| other == name);
        by_name(&name).or_else(|| by_name(bare).filter(|place| *place == 0)).or_else(|| {
            // Who has taken the first row for names has called the column by what stands there.
            let mut found = (0..self.first.len()).filter(|index| self.first[*index] == name);
            found.next().filter(|_| found.next().is_none())
        })
    }

    /// What becomes of each column.
    pub(super) fn roles(&self, file: &str, target: &str, reading: &Reading) -> Result<Vec<Role>, TableError> {
        let target = self.place(target).ok_or_else(|| TableError::NoTarget {
            file: file.to_owned(),
            target: display_text(target),
            columns: self.names.clone(),
            separator: None,
            help: None,
        })?;
        let chosen = |field: &str, asked: &[String]| -> Result<Vec<usize>, TableError> {
            let found = asked.iter().enumerate().map(|(index, name)| {
                self.place(name).ok_or_else(|| TableError::NoColumn {
                    file: file.to_owned(),
                    place: format!("{field}[{index}]"),
                    name: display_text(name),
                    columns: self.names.clone(),
                    help: self.meant(name),
                })
            });
            found.collect()
        };
        let (taken, left_out) = (chosen("columns", &reading.columns)?, chosen("leave_out", &reading.leave_out)?);
        let weights = chosen("weights", reading.weights.as_slice())?.first().copied();
        if weights == Some(target) {
            return Err(TableError::TargetWeighs { file: file.to_owned(), target: self.names[target].clone() });
        }
        let contradiction = |(index, column): (usize, &usize)| {
            let other = if *column == target {
                "the target"
            } else if Some(*column) == weights {
                "what rows are weighted by"
            } else {
                "one of `columns`"
            };
            (*column == target || Some(*column) == weights || taken.contains(column)).then(|| {
                TableError::Contradiction {
                    place: format!("leave_out[{index}]"),
                    name: self.names[*column].clone(),
                    other,
                }
            })
        };
        if let Some(error) = left_out.iter().enumerate().find_map(contradiction) {
            return Err(error);
        }
        let is_chosen =
            |index: usize| taken.contains(&index) || taken.is_empty() && !(self.has_row_names && index == 0);
        let role = |index: usize| {
            if index == target {
                Role::Target
            } else if Some(index) == weights {
                Role::Weight
            } else if left_out.contains(&index) || !is_chosen(index) {
                Role::LeftOut
            } else {
                Role::Feature
            }
        };
        Ok((0..self.names.len()).map(role).collect())
    }

    /// "did you mean `width`?"
    pub(super) fn meant(&self, name: &str) -> Option<String> {
        let known = self.names.iter().map(String::as_str);
        let name = display_text(name);
        // Every letter is near every other.
        let is_near = |found: &&str| name.chars().count() > 2 || found.to_lowercase() == name.to_lowercase();
        nearest(&name, known).filter(is_near).map(|name| format!("did you mean `{name}`?"))
    }

    /// Whether a name is one that columns have which have none.
    pub(super) fn is_number_of_a_column(&self, name: &str) -> bool {
        is_column_number(name, self.names.len())
    }
}

/// Whether rows have one field more than the header, and in the first of them names or numbers of rows, as R writes them.
fn begin_with_names(width: usize, below: &[csv::StringRecord]) -> bool {
    let is_wider = |row: &csv::StringRecord| row.len() == width + 1;
    let ends_with_nothing = |row: &csv::StringRecord| row.iter().next_back() == Some("");
    if below.is_empty() || !below.iter().all(is_wider) || below.iter().all(ends_with_nothing) {
        return false;
    }
    let firsts: Vec<&str> = below.iter().map(|row| &row[0]).collect();
    let counts = |from: usize| firsts.iter().enumerate().all(|(index, first)| first.parse() == Ok(index + from));
    let mut sorted = firsts.clone();
    sorted.sort_unstable();
    sorted.dedup();
    let are_names = sorted.len() == firsts.len() && !firsts.iter().any(|first| Cell::is_number(first));
    counts(0) || counts(1) || are_names
}
