//! Tables as people have them: files of rows and columns in any of the usual dialects, to numbers.
//!
//! A data set with a hole in it gives hypergradients that mean nothing, so nothing is guessed silently: what was
//! recognized is said, and what cannot be used is a mistake with its column, its line and how often it occurs, all of them
//! at once, unless the scenario says what is to become of it.

mod assembly;
mod cell;
mod column;
mod decode;
mod dialect;
mod entries;
mod error;
mod mistakes;
mod quotes;
mod reading;
mod survey;

pub use error::TableError;
pub use reading::{Decimal, Encoding, Header, Missing, Reading, Separator, Texts};
pub use survey::{ColumnKind, ColumnSurvey, FEW, Survey};

use assembly::{Assembly, suspicions};
use cell::shown;
use column::{Column, MOST_TEXTS};
use dialect::{Dialect, reader};
use entries::{Entries, Role};
use mistakes::{Mistake, help, mistakes, no_weights};

use super::{Dataset, Note, display_text};
use crate::math::Matrix;

/// Numbers of a file at most, the target among them: 800 MB.
const MOST_NUMBERS: usize = 100_000_000;

/// Reads a data set from the bytes of a file; `file` is the name that messages give it. The column named `target` is the
/// target, every other one a feature unless `reading` says otherwise. A target of names is read as classes: sorted,
/// distinct names become 0, 1, 2, …
///
/// # Errors
/// See [`TableError`].
pub fn read(bytes: &[u8], file: &str, target: &str, reading: &Reading) -> Result<Dataset, TableError> {
    let decoded = decode::decode(bytes, reading.encoding)
        .map_err(|reason| TableError::Encoding { file: display_text(file), reason })?;
    let mut data = parse(&decoded.text, file, target, reading)?;
    let recognized = decoded.recognized.map(|name| Note::remark(format!("{}: read as {name}", display_text(file))));
    data.notes.splice(0..0, recognized);
    Ok(data)
}

/// The same from a text.
///
/// # Errors
/// See [`TableError`].
pub fn parse(text: &str, file: &str, target: &str, reading: &Reading) -> Result<Dataset, TableError> {
    in_dialect(text, file, reading, |table| table.dataset(target))
}

/// What a file holds, column by column; of `reading` the dialect counts. Nothing, where it is not wanted any more.
///
/// # Errors
/// Where the file is no table at all: see [`TableError`].
pub fn survey(
    bytes: &[u8],
    file: &str,
    reading: &Reading,
    is_wanted: &dyn Fn() -> bool,
) -> Result<Option<Survey>, TableError> {
    let decoded = decode::decode(bytes, reading.encoding)
        .map_err(|reason| TableError::Encoding { file: display_text(file), reason })?;
    let encoding = decoded.recognized.unwrap_or("UTF-8");
    in_dialect(&decoded.text, file, reading, |table| table.survey(encoding, is_wanted))
}

/// The text as a table, in the dialect that `reading` says or that is recognized.
fn in_dialect<T>(text: &str, file: &str, reading: &Reading, take: impl FnOnce(&Table<'_>) -> T) -> T {
    let text = text.trim_start_matches('\u{feff}');
    let (stated, body) = dialect::stated(text).map_or((None, text), |(separator, rest)| (Some(separator), rest));
    let separator = match reading.separator {
        Separator::Auto => stated.unwrap_or_else(|| dialect::separator(body)),
        said => said,
    };
    // Lines are counted in the whole text, whatever is done to it.
    let skipped = text[..text.len() - body.len()].matches('\n').count() as u64;
    let tabbed = (separator == Separator::Blanks).then(|| dialect::tabbed(body));
    let body = tabbed.as_deref().unwrap_or(body);
    let dialect = Dialect::of(body, separator, reading);
    take(&Table { file: display_text(file), body, skipped, dialect, reading })
}

/// A text whose dialect is known.
struct Table<'a> {
    file: String,
    body: &'a str,
    /// Lines before it.
    skipped: u64,
    dialect: Dialect,
    reading: &'a Reading,
}

impl Table<'_> {
    fn dataset(&self, target: &str) -> Result<Dataset, TableError> {
        let first = self.first_row()?;
        let names = self.names(&first)?;
        let roles = self.roles(&names, &first, target)?;
        let entries = self.entries(&names, roles)?;
        self.check(&entries)?;
        self.assembled(&entries)
    }

    /// Every column for itself.
    fn survey(&self, encoding: &'static str, is_wanted: &dyn Fn() -> bool) -> Result<Option<Survey>, TableError> {
        let names = self.names(&self.first_row()?)?;
        if let [column] = &names[..] {
            return Err(TableError::SingleColumn { file: self.file.clone(), column: column.clone() });
        }
        let width = names.len();
        let entries = self.entries(&names, vec![Role::Feature; width])?;
        let mut columns = Vec::with_capacity(width);
        for (index, column) in entries.columns.iter().enumerate() {
            if !is_wanted() {
                return Ok(None);
            }
            let values: Vec<f64> = entries.numbers.iter().skip(index).step_by(width).copied().collect();
            let mut has_text = vec![false; if column.texts.count > 0 { entries.rows } else { 0 }];
            column.codes.iter().for_each(|(row, _)| has_text[*row] = true);
            let is_hole = |row: usize| values[row].is_nan() && !has_text.get(row).is_some_and(|has_text| *has_text);
            let surveyed = ColumnSurvey::of(column, &values, &|start| self.line(start));
            columns.push(surveyed.with_gaps(entries.rows, is_hole));
        }
        Ok(Some(Survey {
            file: self.file.clone(),
            encoding,
            separator: self.dialect.separator,
            has_decimal_comma: self.dialect.has_decimal_comma,
            has_header: self.dialect.has_header,
            has_numbers_for_names: self.dialect.has_numbers_for_names,
            rows: entries.rows,
            columns,
        }))
    }

    /// The first row, of a text whose quotes pair.
    fn first_row(&self) -> Result<csv::StringRecord, TableError> {
        if let Some((at, fault)) = quotes::fault(self.body, self.dialect.separator.byte()) {
            let (file, line) = (self.file.clone(), self.line(at as u64));
            let goes_on = fault == quotes::Fault::GoesOn;
            return Err(if goes_on {
                TableError::QuoteGoesOn { file, line }
            } else {
                TableError::OpenQuote { file, line }
            });
        }
        match reader(self.body, self.dialect.separator).records().next() {
            None => Err(TableError::Empty { file: self.file.clone() }),
            Some(record) => record.map_err(|error| self.unreadable(&error)),
        }
    }

    /// The names of the columns, fit to show; a column without a name is called by its number.
    fn names(&self, first: &csv::StringRecord) -> Result<Vec<String>, TableError> {
        let mut names: Vec<String> = Vec::new();
        for (index, name) in first.iter().enumerate() {
            let name = if self.dialect.has_header { display_text(name) } else { String::new() };
            let name = if name.is_empty() { format!("column {}", index + 1) } else { name };
            if let Some(earlier) = names.iter().position(|earlier| *earlier == name) {
                let (file, line) = (self.file.clone(), self.line(first.position().map_or(0, csv::Position::byte)));
                return Err(TableError::Duplicate { file, line, name, first: earlier + 1, second: index + 1 });
            }
            names.push(name);
        }
        Ok(names)
    }

    fn roles(&self, names: &[String], first: &csv::StringRecord, target: &str) -> Result<Vec<Role>, TableError> {
        let place = |name: &str| names.iter().position(|other| *other == display_text(name));
        // Who has taken the first row for names has named the target by what stands there.
        let by_first_row = || {
            let is_meant = |entry: &str| display_text(entry) == display_text(target);
            let mut found = (0..first.len()).filter(|index| is_meant(&first[*index]));
            found.next().filter(|_| !self.dialect.has_header && found.next().is_none())
        };
        let Some(target) = place(target).or_else(by_first_row) else {
            let recognized = self.reading.separator == Separator::Auto && self.dialect.separator != Separator::Comma;
            let separator = (recognized || names.len() == 1).then_some(self.dialect.separator.in_words());
            let (file, target) = (self.file.clone(), display_text(target));
            return Err(TableError::NoTarget { file, target, columns: names.to_vec(), separator });
        };
        if names.len() == 1 {
            return Err(TableError::SingleColumn { file: self.file.clone(), column: names[0].clone() });
        }
        let chosen = |field: &str, asked: &[String]| -> Result<Vec<usize>, TableError> {
            let found = asked.iter().enumerate().map(|(index, name)| {
                place(name).ok_or_else(|| TableError::NoColumn {
                    file: self.file.clone(),
                    place: format!("{field}[{index}]"),
                    name: display_text(name),
                    columns: names.to_vec(),
                })
            });
            found.collect()
        };
        let (taken, left_out) =
            (chosen("columns", &self.reading.columns)?, chosen("leave_out", &self.reading.leave_out)?);
        let weights = chosen("weights", self.reading.weights.as_slice())?.first().copied();
        if weights == Some(target) {
            return Err(TableError::TargetWeighs { file: self.file.clone(), target: names[target].clone() });
        }
        let role = |index: usize| {
            if index == target {
                Role::Target
            } else if Some(index) == weights {
                Role::Weight
            } else if left_out.contains(&index) || !taken.is_empty() && !taken.contains(&index) {
                Role::LeftOut
            } else {
                Role::Feature
            }
        };
        Ok((0..names.len()).map(role).collect())
    }

    fn entries(&self, names: &[String], roles: Vec<Role>) -> Result<Entries, TableError> {
        let mut columns: Vec<Column> = names.iter().map(|name| Column::new(name)).collect();
        let (mut numbers, mut rows) = (Vec::new(), 0);
        let kept = roles.iter().filter(|role| **role != Role::LeftOut).count();
        let mut reader = reader(self.body, self.dialect.separator);
        let mut record = csv::StringRecord::new();
        let mut is_header = self.dialect.has_header;
        while reader.read_record(&mut record).map_err(|error| self.unreadable(&error))? {
            if std::mem::take(&mut is_header) {
                continue;
            }
            let start = record.position().map_or(0, csv::Position::byte);
            if record.len() != names.len() {
                let whose = if self.dialect.has_header { "header" } else { "first row" };
                let (file, line) = (self.file.clone(), self.line(start));
                return Err(TableError::Ragged { file, line, found: record.len(), expected: names.len(), whose });
            }
            for (index, entry) in record.iter().enumerate().filter(|(index, _)| roles[*index] != Role::LeftOut) {
                numbers.push(columns[index].take(rows, start, entry, self.dialect.has_decimal_comma));
            }
            rows += 1;
            if numbers.len() > MOST_NUMBERS {
                let columns = kept.saturating_sub(1);
                return Err(TableError::TooLarge { file: self.file.clone(), rows, columns, most: MOST_NUMBERS });
            }
        }
        if rows == 0 {
            return Err(TableError::NoRows { file: self.file.clone() });
        }
        Ok(Entries { columns, roles, rows, numbers })
    }

    /// Everything that cannot be used, at once.
    fn check(&self, entries: &Entries) -> Result<(), TableError> {
        let used = || entries.columns.iter().zip(&entries.roles).filter(|(_, role)| **role != Role::LeftOut);
        let has_too_many = |(column, role): &(&Column, &Role)| {
            **role == Role::Feature && self.reading.texts == Texts::OneHot && column.has_too_many
        };
        if let Some((column, _)) = used().find(has_too_many) {
            let (file, column) = (self.file.clone(), column.name.clone());
            return Err(TableError::TooManyTexts { file, column, most: MOST_TEXTS });
        }
        let mistakes: Vec<Mistake<'_>> = used()
            .flat_map(|(column, role)| match role {
                Role::Weight => no_weights(column, self.reading).collect::<Vec<_>>(),
                role => mistakes(column, *role == Role::Target, self.reading).collect(),
            })
            .collect();
        match &mistakes[..] {
            [] => Ok(()),
            [one] if one.tally.count == 1 => {
                let (start, entry) = one.tally.first.clone().unwrap_or_default();
                Err(TableError::Entry {
                    file: self.file.clone(),
                    line: self.line(start),
                    column: one.column.name.clone(),
                    found: shown(&entry),
                    expected: one.expected,
                })
            }
            several => {
                let complaint = |mistake: &Mistake<'_>| mistake.in_words(|start| self.line(start));
                let (file, columns) = (self.file.clone(), several.iter().map(complaint).collect());
                Err(TableError::Mistakes { file, columns, help: help(several) })
            }
        }
    }

    fn assembled(&self, entries: &Entries) -> Result<Dataset, TableError> {
        let mut notes = self.notes(entries);
        let read = Assembly::of(entries, self.reading);
        notes.extend(read.said.iter().map(|said| Note::remark(format!("{}: {said}", self.file))));
        if read.rows.is_empty() {
            return Err(TableError::NoWholeRows { file: self.file.clone(), rows: entries.rows });
        }
        let target = entries.roles.iter().position(|role| *role == Role::Target).unwrap_or(0);
        let target_name = entries.columns[target].name.clone();
        if read.names.is_empty() {
            return Err(TableError::NoFeatures { file: self.file.clone(), target: target_name });
        }
        if read.names.len().saturating_mul(read.rows.len()) > MOST_NUMBERS {
            let (rows, columns) = (read.rows.len(), read.names.len());
            return Err(TableError::TooLarge { file: self.file.clone(), rows, columns, most: MOST_NUMBERS });
        }
        let features = Matrix::from_entries(read.rows.len(), read.names.len(), read.numbers).unwrap_or_default();
        notes.extend(suspicions(&features, &read.names, &read.targets, &target_name));
        Ok(Dataset {
            features,
            targets: read.targets,
            weights: read.weights,
            feature_names: read.names,
            target_name,
            class_names: read.class_names,
            origins: read.origins,
            made: read.made,
            fills_holes: match self.reading.missing {
                Missing::Refuse | Missing::LeaveOut => None,
                Missing::Mean | Missing::Class => Some(super::Fill::Mean),
                Missing::Median => Some(super::Fill::Median),
            },
            notes,
        })
    }

    /// What was recognized of the dialect.
    fn notes(&self, entries: &Entries) -> Vec<Note> {
        let mut notes = Vec::new();
        if !self.dialect.recognized.is_empty() {
            notes.push(Note::remark(format!("{}: {}", self.file, self.dialect.recognized.join(", "))));
        }
        match (self.dialect.has_numbers_for_names, self.dialect.has_header, self.reading.header) {
            (true, false, Header::Auto) => {
                let last = entries.columns.len();
                notes.push(Note::warning(format!(
                    "{} has no header: its first row holds numbers, and counts as data; its columns are called `column 1` \
                     to `column {last}`. `header: Present` takes that row for names, `header: Absent` says that it is none",
                    self.file
                )));
            }
            (true, true, _) => {
                notes.push(Note::warning(format!(
                    "{}: the names of its columns are numbers, as if its first row were data; `header: Absent` takes it for \
                     that",
                    self.file
                )));
            }
            _ => {}
        }
        notes
    }

    /// The line, from 1, of the row that starts at this byte or after the blank lines there. The reader's
    /// own count stops before blank lines.
    fn line(&self, start: u64) -> u64 {
        let start = usize::try_from(start).unwrap_or(0).min(self.body.len());
        let bytes = self.body.as_bytes();
        let blank = bytes[start..].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        let breaks = bytes[..start + blank].iter().filter(|byte| **byte == b'\n').count();
        self.skipped + breaks as u64 + 1
    }

    fn unreadable(&self, error: &csv::Error) -> TableError {
        TableError::Unreadable { file: self.file.clone(), reason: error.to_string() }
    }
}

#[cfg(test)]
mod tests;
