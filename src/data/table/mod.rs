//! Tables as people have them: files of rows and columns in any of the usual dialects, to numbers.
//!
//! A data set with a hole in it gives hypergradients that mean nothing, so nothing is guessed silently: what was
//! recognized is said, and what cannot be used is a mistake with its column, its line and how often it occurs, all of them
//! at once, unless the scenario says what is to become of it.

mod assembly;
mod beside;
mod cell;
mod column;
mod decode;
mod dialect;
mod entries;
mod error;
mod foreign;
mod gathered;
mod head;
mod header;
mod manners;
mod mistakes;
mod names;
mod number;
mod opened;
mod quotes;
mod reader;
mod reading;
mod rows;
mod survey;
mod wide;

pub use error::TableError;
pub use reading::{Decimal, Encoding, Header, Missing, Reading, Separator, Texts};
pub use survey::{ColumnKind, ColumnSurvey, FEW, Survey};

use assembly::{Assembly, suspicions};
use cell::shown;
use entries::{Entries, Role};
use mistakes::{Kind, Mistake, help, mistakes};
use names::Names;
use number::Notation;
use opened::Opened;

use super::bounds::too_large;
use super::{Dataset, Note, display_text};
use crate::math::Matrix;

/// Reads a data set from the bytes of a file; `file` is the name that messages give it. The column named `target` is the
/// target, every other one a feature unless `reading` says otherwise. A target of names is read as classes: sorted,
/// distinct names become 0, 1, 2, …
///
/// # Errors
/// See [`TableError`].
pub fn read(bytes: &[u8], file: &str, target: &str, reading: &Reading) -> Result<Dataset, TableError> {
    let decoded = decoded(bytes, file, reading)?;
    let found = dataset(&decoded.text, file, target, reading).map_err(|error| in_other_letters(error, bytes, reading));
    let mut data = found?;
    data.notes.splice(0..0, decoded.notes(&display_text(file)));
    Ok(data)
}

/// The same from a text.
///
/// # Errors
/// See [`TableError`].
pub fn parse(text: &str, file: &str, target: &str, reading: &Reading) -> Result<Dataset, TableError> {
    dataset(&reader::with_one_line_end(text.into()), file, target, reading)
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
    let decoded = decoded(bytes, file, reading)?;
    let table = Opened::of(&decoded.text, file, "", reading)?;
    let names = table.names()?;
    let width = names.names.len();
    // As targets they keep the texts that a scenario may take for numbers.
    let (entries, said) = table.entries(&names, vec![Role::Target; width])?;
    let mut columns = Vec::with_capacity(width);
    for (index, column) in entries.columns.iter().enumerate() {
        if !is_wanted() {
            return Ok(None);
        }
        let values: Vec<f64> = entries.numbers.iter().skip(index).step_by(width).copied().collect();
        let mut has_text = vec![false; if column.texts.count > 0 { entries.rows } else { 0 }];
        column.codes.iter().for_each(|(row, _)| has_text[*row] = true);
        let is_hole = |row: usize| values[row].is_nan() && !has_text.get(row).is_some_and(|has_text| *has_text);
        let surveyed = ColumnSurvey::of(column, &values, &|start| table.line(start));
        columns.push(surveyed.with_gaps(entries.rows, is_hole));
    }
    let has_decimal_comma = entries.columns.iter().any(|column| column.manner.notation == Notation::Comma);
    Ok(Some(Survey {
        file: table.file.clone(),
        encoding: decoded.recognized.unwrap_or("UTF-8"),
        separator: table.separator,
        has_decimal_comma,
        has_header: table.first.has_names,
        has_numbers_for_names: table.first.looks_like_data,
        notes: decoded.note_of_quotes().into_iter().chain(said.beside_the_dialect()).collect(),
        rows: entries.rows,
        columns,
    }))
}

/// The text of a file, with one kind of line ends.
fn decoded<'a>(bytes: &'a [u8], file: &str, reading: &Reading) -> Result<decode::Decoded<'a>, TableError> {
    if let Some(found) = foreign::recognized(bytes) {
        return Err(TableError::Foreign { file: display_text(file), name: found.name, help: found.help });
    }
    let decoded = decode::decode(bytes, reading.encoding);
    let mut decoded = decoded.map_err(|reason| TableError::Encoding { file: display_text(file), reason })?;
    decoded.text = reader::with_one_line_end(decoded.text);
    if let Some(text) = quotes::unwrapped(&decoded.text) {
        (decoded.text, decoded.is_unwrapped) = (text, true);
    }
    Ok(decoded)
}

/// With the advice to read another alphabet, where the target has its name in that.
fn in_other_letters(error: TableError, bytes: &[u8], reading: &Reading) -> TableError {
    let TableError::NoTarget { file, target, columns, separator, help } = error else {
        return error;
    };
    let is_open = reading.encoding == Encoding::Auto && std::str::from_utf8(bytes).is_err();
    let latin = is_open.then(|| decode::decode(bytes, Encoding::Latin2).ok()).flatten();
    let has_target = latin.is_some_and(|decoded| decoded.text.contains(&*target));
    let help = if has_target { Some("`encoding: Latin2` reads the name".to_owned()) } else { help };
    TableError::NoTarget { file, target, columns, separator, help }
}

fn dataset(text: &str, file: &str, target: &str, reading: &Reading) -> Result<Dataset, TableError> {
    let table = Opened::of(text, file, target, reading)?;
    let names = table.names().map_err(|error| match error {
        // That no column has the name says more than that there is one column.
        TableError::SingleColumn { ref column, .. } if *column != display_text(target) && table.first.has_names => {
            table.without_target(&Names::single(column), target)
        }
        error => error,
    })?;
    let roles = names.roles(&table.file, target, reading).map_err(|error| match error {
        TableError::NoTarget { .. } => table.without_target(&names, target),
        error => error,
    })?;
    let (entries, said) = table.entries(&names, roles)?;
    let mut notes = said.of_file(&table.file);
    check(&table, &entries)?;
    notes.extend(table.note_of_first_row(names.names.len()));
    assembled(&table, entries, notes)
}

/// Everything that cannot be used, at once.
fn check(table: &Opened<'_>, entries: &Entries) -> Result<(), TableError> {
    if matches!(table.reading.texts, Texts::OneHot | Texts::DropFirst) {
        wide::check(&table.file, entries)?;
    }
    let found = mistakes(entries, table.reading);
    if found.is_empty() {
        return Ok(());
    }
    let first_line = table.line(0);
    let is_of_first_row = |mistake: &Mistake<'_>| {
        mistake.kind == Kind::Strays && mistake.single().is_some_and(|(start, _)| table.line(*start) == first_line)
    };
    let help = help(&found, entries, table.reading, !table.first.has_names && found.iter().all(is_of_first_row));
    let file = table.file.clone();
    if let [mistake] = &found[..]
        && let Some((start, entry)) = mistake.single()
    {
        let (line, column, expected) = (table.line(*start), mistake.column.name.clone(), mistake.expected());
        return Err(TableError::Entry { file, line, column, found: shown(entry), expected, help });
    }
    let columns = found.iter().map(|mistake| mistake.in_words(|start| table.line(start))).collect();
    Err(TableError::Mistakes { file, columns, help })
}

fn assembled(table: &Opened<'_>, entries: Entries, mut notes: Vec<Note>) -> Result<Dataset, TableError> {
    let file = &table.file;
    let mut read = Assembly::of(&entries, table.reading);
    notes.extend(std::mem::take(&mut read.said).notes().into_iter().map(|note| note.of(file)));
    if read.rows.is_empty() {
        return Err(TableError::NoWholeRows { file: file.clone(), rows: entries.rows });
    }
    let target = entries.roles.iter().position(|role| *role == Role::Target).unwrap_or(0);
    let target_name = entries.columns[target].name.clone();
    if read.names.is_empty() {
        return Err(TableError::NoFeatures { file: file.clone(), target: target_name });
    }
    if let Some(reason) = too_large(read.rows.len(), read.names.len()) {
        return Err(TableError::TooLarge { file: file.clone(), reason });
    }
    let numbers = read.numbers(entries);
    let features = Matrix::from_entries(read.rows.len(), read.names.len(), numbers).unwrap_or_default();
    notes.extend(suspicions((&features, &read.names, &read.origins), &read.targets, &target_name));
    Ok(Dataset {
        features: features.into(),
        targets: read.targets,
        curve: Vec::new(),
        weights: read.weights,
        feature_names: read.names,
        target_name,
        class_names: read.class_names,
        origins: read.origins,
        made: read.made,
        fills_holes: match table.reading.missing {
            Missing::Refuse | Missing::LeaveOut => None,
            Missing::Mean | Missing::Class => Some(super::Fill::Mean),
            Missing::Median => Some(super::Fill::Median),
        },
        notes,
    })
}

#[cfg(test)]
mod tests;
