//! Comma-separated text with a header row, to numbers.
//!
//! A data set with a hole in it gives hypergradients that mean nothing, so nothing is guessed: every
//! missing or unreadable entry is an error with its file, line and column.

use super::{Dataset, display_text};
use crate::math::Matrix;
use crate::math::number::counted;

/// Why a CSV is no data set. Lines count from 1, the header being the first.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CsvError {
    /// There is no header.
    #[error("{file} is empty; expected a header row and rows of numbers separated by commas")]
    Empty {
        /// The file.
        file: String,
    },
    /// A header and nothing else.
    #[error("{file} has a header but no rows")]
    NoRows {
        /// The file.
        file: String,
    },
    /// The target is the only column, or the separator is not a comma.
    #[error(
        "{file}, line 1: found the single column `{column}`; expected a target and at least one feature separated by commas"
    )]
    NoFeatures {
        /// The file.
        file: String,
        /// The column there is.
        column: String,
    },
    /// Two columns have one name.
    #[error("{file}, line 1: columns {first} and {second} are both named `{name}`; expected different names")]
    Duplicate {
        /// The file.
        file: String,
        /// The name.
        name: String,
        /// Column number, from 1.
        first: usize,
        /// Column number, from 1.
        second: usize,
    },
    /// No column has the target's name.
    #[error("{file} has no column `{target}`; its columns are {}", listed(.columns))]
    NoTarget {
        /// The file.
        file: String,
        /// The name asked for.
        target: String,
        /// The names there are.
        columns: Vec<String>,
    },
    /// A row has more or fewer fields than the header.
    #[error("{file}, line {line}: found {}; expected {expected}, one for each column of the header", counted(*.found, "field"))]
    Ragged {
        /// The file.
        file: String,
        /// Line of the row.
        line: u64,
        /// Fields in the row.
        found: usize,
        /// Fields in the header.
        expected: usize,
    },
    /// An entry is not a finite number.
    #[error("{file}, line {line}, column `{column}`: found {found}; expected a finite number")]
    Entry {
        /// The file.
        file: String,
        /// Line of the row.
        line: u64,
        /// Name of the column.
        column: String,
        /// What stands there: a quoted text, or `nothing`.
        found: String,
    },
    /// A class has no name.
    #[error("{file}, line {line}, column `{column}`: found {found}; expected the name of a class")]
    Class {
        /// The file.
        file: String,
        /// Line of the row.
        line: u64,
        /// Name of the column.
        column: String,
        /// What stands there.
        found: String,
    },
    /// The text cannot be cut into fields.
    #[error("{file}: {reason}")]
    Unreadable {
        /// The file.
        file: String,
        /// The reader's words.
        reason: String,
    },
}

/// Reads a data set: the column named `target` is the target, every other one a feature. A target
/// column of names is read as classes: sorted, distinct names become 0, 1, 2, …
///
/// # Errors
/// See [`CsvError`]; `file` is the name that messages give the text.
pub fn parse(text: &str, file: &str, target: &str) -> Result<Dataset, CsvError> {
    let file = display_text(file);
    let text = text.trim_start_matches('\u{feff}');
    let mut reader =
        csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).has_headers(false).from_reader(text.as_bytes());
    let mut records = reader.records();
    let header = match records.next() {
        None => return Err(CsvError::Empty { file }),
        Some(record) => record.map_err(|error| unreadable(&file, &error))?,
    };
    let columns = column_names(&header, &file)?;
    let Some(target_index) = columns.iter().position(|name| *name == display_text(target)) else {
        return Err(CsvError::NoTarget { file, target: display_text(target), columns });
    };
    if columns.len() == 1 {
        return Err(CsvError::NoFeatures { file, column: columns[0].clone() });
    }

    let mut entries = Vec::new();
    let mut target_texts = Vec::new();
    for record in records {
        let record = record.map_err(|error| unreadable(&file, &error))?;
        let start = record.position().map_or(0, csv::Position::byte);
        let line = || line_of(text, start);
        if record.len() != columns.len() {
            return Err(CsvError::Ragged { file, line: line(), found: record.len(), expected: columns.len() });
        }
        for (index, entry) in record.iter().enumerate() {
            if index == target_index {
                target_texts.push((start, entry.to_owned()));
            } else {
                entries.push(number(entry).ok_or_else(|| not_a_number(&file, line(), &columns[index], entry))?);
            }
        }
    }
    if target_texts.is_empty() {
        return Err(CsvError::NoRows { file });
    }

    let (targets, class_names) = read_targets(&target_texts, text, &file, &columns[target_index])?;
    let mut feature_names = columns;
    let target_name = feature_names.remove(target_index);
    let features = Matrix::from_entries(targets.len(), feature_names.len(), entries).unwrap_or_default();
    Ok(Dataset { features, targets, feature_names, target_name, class_names })
}

/// The header's names, fit to show; a column without a name is called by its number.
fn column_names(header: &csv::StringRecord, file: &str) -> Result<Vec<String>, CsvError> {
    let mut names: Vec<String> = Vec::new();
    for (index, name) in header.iter().enumerate() {
        let name = display_text(name);
        let name = if name.is_empty() { format!("column {}", index + 1) } else { name };
        if let Some(first) = names.iter().position(|earlier| *earlier == name) {
            return Err(CsvError::Duplicate { file: file.to_owned(), name, first: first + 1, second: index + 1 });
        }
        names.push(name);
    }
    Ok(names)
}

/// Numbers where there are any; names of classes where there are none. An entry comes with the byte
/// at which its row starts.
fn read_targets(
    entries: &[(u64, String)],
    text: &str,
    file: &str,
    column: &str,
) -> Result<(Vec<f64>, Vec<String>), CsvError> {
    if entries.iter().any(|(_, entry)| entry.parse::<f64>().is_ok()) {
        let numbers = entries.iter().map(|(start, entry)| {
            number(entry).ok_or_else(|| not_a_number(file, line_of(text, *start), column, entry))
        });
        return Ok((numbers.collect::<Result<_, _>>()?, Vec::new()));
    }
    if let Some((start, entry)) = entries.iter().find(|(_, entry)| is_missing(entry)) {
        let (line, found) = (line_of(text, *start), found(entry));
        return Err(CsvError::Class { file: file.to_owned(), line, column: column.to_owned(), found });
    }
    let mut names: Vec<String> = entries.iter().map(|(_, entry)| display_text(entry)).collect();
    let of_rows = names.clone();
    names.sort();
    names.dedup();
    let classes = of_rows.iter().map(|name| names.binary_search(name).unwrap_or(0) as f64).collect();
    Ok((classes, names))
}

fn number(text: &str) -> Option<f64> {
    text.parse().ok().filter(|value: &f64| value.is_finite())
}

/// The line, from 1, of the row that starts at this byte or after the blank lines there. The reader's
/// own count stops before blank lines.
fn line_of(text: &str, start: u64) -> u64 {
    let start = usize::try_from(start).unwrap_or(0).min(text.len());
    let bytes = text.as_bytes();
    let blank = bytes[start..].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
    let breaks = bytes[..start + blank].iter().filter(|byte| **byte == b'\n').count();
    breaks as u64 + 1
}

/// The spellings of "no value" that are in use.
fn is_missing(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    text.parse::<f64>().is_ok_and(f64::is_nan) || matches!(text.as_str(), "" | "na" | "n/a" | "?" | "null" | "none")
}

fn not_a_number(file: &str, line: u64, column: &str, text: &str) -> CsvError {
    CsvError::Entry { file: file.to_owned(), line, column: column.to_owned(), found: found(text) }
}

fn found(text: &str) -> String {
    if text.is_empty() {
        return "nothing".to_owned();
    }
    let mut shown: String = display_text(text).chars().take(40).collect();
    if shown.chars().count() == 40 {
        shown.push('…');
    }
    if is_missing(text) { format!("the missing value `{shown}`") } else { format!("`{shown}`") }
}

fn unreadable(file: &str, error: &csv::Error) -> CsvError {
    CsvError::Unreadable { file: file.to_owned(), reason: error.to_string() }
}

/// The first dozen names; a table of pixels has too many to list.
fn listed(names: &[String]) -> String {
    let mut text = names.iter().take(12).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    if names.len() > 12 {
        text.push_str(&format!(" and {} more", names.len() - 12));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(text: &str) -> String {
        parse(text, "table.csv", "y").unwrap_err().to_string()
    }

    #[test]
    fn numbers_are_read_and_the_target_may_stand_anywhere() {
        let data = parse("a,y,\"b, quoted\"\n1, 2 ,3e0\r\n\n-1,.5,\"6\"\n", "table.csv", "y").unwrap();
        assert_eq!(data.features.entries(), [1.0, 3.0, -1.0, 6.0]);
        assert_eq!(data.targets, [2.0, 0.5]);
        assert_eq!(data.feature_names, ["a", "b, quoted"]);
        assert_eq!(data.target_name, "y");
        assert!(data.class_names.is_empty());
    }

    #[test]
    fn names_of_classes_become_numbers_in_alphabetical_order() {
        let data = parse("x,y\n1,malignant\n2,benign\n3,malignant\n", "table.csv", "y").unwrap();
        assert_eq!(data.targets, [1.0, 0.0, 1.0]);
        assert_eq!(data.class_names, ["benign", "malignant"]);
    }

    #[test]
    fn every_hole_is_reported_with_its_place() {
        for (hole, found) in [
            ("", "nothing"),
            ("NA", "the missing value `NA`"),
            ("?", "the missing value `?`"),
            ("NaN", "the missing value `NaN`"),
            ("inf", "`inf`"),
            ("-infinity", "`-infinity`"),
            ("abc", "`abc`"),
            ("1,000", "1,000"),
        ] {
            let text = format!("a,b,y\n1,2,3\n4,{hole},6\n");
            let expected = if hole == "1,000" {
                "table.csv, line 3: found 4 fields; expected 3, one for each column of the header".to_owned()
            } else {
                format!("table.csv, line 3, column `b`: found {found}; expected a finite number")
            };
            assert_eq!(message(&text), expected);
        }
        assert_eq!(
            message("a,y\n1,2\n3,two\n"),
            "table.csv, line 3, column `y`: found `two`; expected a finite number"
        );
        assert_eq!(
            message("a,y\n1,cat\n3,\n"),
            "table.csv, line 3, column `y`: found nothing; expected the name of a class"
        );
    }

    #[test]
    fn lines_are_counted_through_quoted_line_breaks() {
        assert_eq!(
            message("a,y\n\"1\n\",2\n3,4\n\n5,x\n"),
            "table.csv, line 6, column `y`: found `x`; expected a finite number"
        );
    }

    #[test]
    fn the_shape_is_checked() {
        assert_eq!(message(""), "table.csv is empty; expected a header row and rows of numbers separated by commas");
        assert_eq!(message("a,y\n"), "table.csv has a header but no rows");
        assert_eq!(
            message("a,b,y\n1,2,3\n4,5\n"),
            "table.csv, line 3: found 2 fields; expected 3, one for each column of the header"
        );
        assert_eq!(
            message("a,y,a\n1,2,3\n"),
            "table.csv, line 1: columns 1 and 3 are both named `a`; expected different names"
        );
        assert_eq!(message("a,b\n1,2\n"), "table.csv has no column `y`; its columns are `a`, `b`");
        assert_eq!(
            message("y\n1\n"),
            "table.csv, line 1: found the single column `y`; expected a target and at least one feature separated by commas"
        );
    }

    #[test]
    fn names_are_fit_to_show() {
        let data = parse("\u{feff}a\u{1b}[2J,,y\n1,2,3\n", "table.csv", "y").unwrap();
        assert_eq!(data.feature_names, ["a[2J", "column 2"]);
    }
}
