//! A text whose dialect is known, and its entries.

use std::borrow::Cow;

use super::super::bounds::{MOST_NUMBERS, too_large};
use super::super::display_text;
use super::beside;
use super::cell::Manner;
use super::column::Column;
use super::dialect;
use super::entries::{Entries, Role};
use super::error::TableError;
use super::foreign::recognized_text;
use super::head::{Head, titles};
use super::header::{FirstRow, first_row};
use super::manners::Manners;
use super::names::Names;
use super::number::Notation;
use super::quotes;
use super::reader::{is_trimmed, tabbed, tightened};
use super::reading::{Header, Reading, Separator};
use super::rows::{Rows, Stop};
use crate::data::Note;
use crate::math::number::counted;

/// What is to be said of how a file is written.
pub(super) struct Said {
    /// What stands between fields and before decimals.
    dialect: Vec<String>,
    /// What was passed over.
    passed: Vec<String>,
    /// How the numbers of columns are written.
    columns: Vec<Note>,
}

impl Said {
    /// All of it, with the name of the file before each.
    pub(super) fn of_file(self, file: &str) -> Vec<Note> {
        let recognized = [self.dialect, self.passed].concat();
        let recognized = (!recognized.is_empty()).then(|| Note::remark(recognized.join(", ")));
        let all = recognized.into_iter().chain(self.columns);
        all.map(|note| note.of(file)).collect()
    }

    /// Without the dialect, which is told elsewhere.
    pub(super) fn beside_the_dialect(self) -> Vec<Note> {
        self.passed.into_iter().map(Note::remark).chain(self.columns).collect()
    }
}

/// A text whose dialect is known.
pub(super) struct Opened<'a> {
    /// The file, fit to show.
    pub(super) file: String,
    body: Cow<'a, str>,
    /// Lines before it.
    skipped: usize,
    pub(super) separator: Separator,
    /// Of most numbers.
    pub(super) notation: Notation,
    pub(super) first: FirstRow,
    /// What was passed over before the rows.
    passed: Vec<String>,
    /// The first rows.
    rows: Vec<csv::StringRecord>,
    pub(super) reading: &'a Reading,
}

impl<'a> Opened<'a> {
    /// Looks at the beginning of a text whose lines end in one way. `target` is the column that somebody is after.
    pub(super) fn of(text: &'a str, file: &str, target: &str, reading: &'a Reading) -> Result<Self, TableError> {
        let file = display_text(file);
        let text = text.trim_start_matches('\u{feff}').trim_end_matches('\u{1a}');
        if let Some(found) = recognized_text(text) {
            return Err(TableError::Foreign { file, name: found.name, help: found.help });
        }
        let head = Head::of(text);
        let separator = match reading.separator {
            Separator::Auto => head.stated.unwrap_or_else(|| dialect::separator(head.body)),
            said => said,
        };
        let mut passed = Vec::new();
        let mut comments = head.comments;
        let mut body = head.body;
        if let Some(names) = head.named_by_comment.filter(|names| holds_names(names, body, separator, target, reading))
        {
            passed.push("the names of its columns stand in a comment".to_owned());
            comments -= 1;
            body = names;
        }
        if comments > 0 {
            passed.push(format!("passed over {} before the rows", counted(comments, "comment")));
        }
        let in_reach = spelled(body, separator);
        if let Some((start, lines)) = titles(&in_reach, separator, target) {
            // Blanks that became tabs or went have left the lines as they were.
            let above = in_reach[..start].matches('\n').count();
            body = beyond(body, above);
            passed.push(format!("passed over {} above the first row", counted(lines, "line")));
        }
        // Lines are counted in the whole text, whatever is done to it.
        let skipped = text[..text.len() - body.len()].matches('\n').count();
        let body = spelled(body, separator);
        let body = match beside::totals(&body, separator) {
            Some(beside::Totals { start, labels, texts }) => {
                let line = skipped + body[..start].matches('\n').count() + 1;
                let behind = if texts > 0 {
                    format!(", and {} of text behind it", counted(texts, "line"))
                } else {
                    String::new()
                };
                let rows = if labels.len() == 1 {
                    format!("the last row, which holds totals (`{}`), line {line}", labels[0])
                } else {
                    format!(
                        "the last {}, which hold totals (`{}`), the first in line {line}",
                        counted(labels.len(), "row"),
                        labels.join("`, `")
                    )
                };
                passed.push(format!("passed over {rows}{behind}"));
                match body {
                    Cow::Borrowed(body) => Cow::Borrowed(&body[..start]),
                    Cow::Owned(body) => Cow::Owned(body[..start].to_owned()),
                }
            }
            None => body,
        };
        let rows = dialect::sample(&body, separator);
        let first = first_row(&rows, reading, target);
        let notation = dialect::notation(&body, separator, reading.decimal);
        let opened = Self { file, body, skipped, separator, notation, first, passed, rows, reading };
        opened.check_quotes()?;
        if opened.rows.is_empty() {
            return Err(TableError::Empty { file: opened.file });
        }
        Ok(opened)
    }

    fn check_quotes(&self) -> Result<(), TableError> {
        let Some((at, fault)) = quotes::fault(&self.body, self.separator.byte()) else {
            return Ok(());
        };
        let (file, line) = (self.file.clone(), self.line(at as u64));
        Err(match fault {
            quotes::Fault::GoesOn => TableError::QuoteGoesOn { file, line },
            quotes::Fault::Open => TableError::OpenQuote { file, line },
        })
    }

    /// The names of the columns.
    pub(super) fn names(&self) -> Result<Names, TableError> {
        let names = Names::of(&self.rows, self.first.has_names);
        if let Some((first, second)) = names.twice() {
            let (file, name) = (self.file.clone(), names.names[first - 1].clone());
            return Err(TableError::Duplicate { file, line: self.line(0), name, first, second });
        }
        if let [column] = &names.names[..] {
            return Err(TableError::SingleColumn {
                file: self.file.clone(),
                line: self.line(0),
                column: column.clone(),
            });
        }
        Ok(names)
    }

    /// All entries, and what is to be said of how they are written.
    pub(super) fn entries(&self, names: &Names, roles: Vec<Role>) -> Result<(Entries, Said), TableError> {
        let assumed = Manner { notation: self.notation, ..Manner::default() };
        let column = |(name, is_named): (&String, &bool)| Column::new(name, *is_named, assumed);
        let columns = names.names.iter().zip(&names.are_named).map(column).collect();
        let used = roles.iter().filter(|role| **role != Role::LeftOut).count();
        // An entry and what stands behind it are two bytes at least.
        let room = self.lines().saturating_mul(used).min(self.body.len() / 2 + used).min(MOST_NUMBERS + used);
        let mut entries = Entries { columns, roles, rows: 0, numbers: Vec::with_capacity(room) };
        let every = vec![true; names.names.len()];
        let among_rows = self.fill(names, &mut entries, &every)?;
        if entries.rows == 0 {
            return Err(TableError::NoRows { file: self.file.clone(), has_header: self.first.has_names });
        }
        let found = Manners::of(&entries, self.separator, self.reading);
        let changed: Vec<bool> =
            entries.columns.iter().zip(&found.manners).map(|(column, manner)| column.manner != *manner).collect();
        // Only what all entries together say tells how the numbers of some columns are written.
        if changed.contains(&true) {
            let again = entries.columns.iter_mut().zip(&found.manners).zip(&changed).filter(|(_, changed)| **changed);
            again.for_each(|((column, manner), _)| *column = Column::new(&column.name, column.is_named, *manner));
            self.fill(names, &mut entries, &changed)?;
        }
        let columns = entries.columns.iter_mut().zip(&found.are_ambiguous);
        columns.for_each(|(column, is_ambiguous)| column.is_ambiguous = *is_ambiguous);
        let mut dialect = Vec::new();
        if self.reading.separator == Separator::Auto && self.separator != Separator::Comma {
            dialect.push(format!("fields separated by {}", self.separator.in_words()));
        }
        if found.has_decimal_commas {
            dialect.push("decimals behind commas".to_owned());
        }
        let mut passed = self.passed.clone();
        if names.has_row_names {
            passed.push(format!("the rows begin with a field that the header has no name for: `{}`", names.names[0]));
        }
        passed.extend(among_rows);
        Ok((entries, Said { dialect, passed, columns: found.notes }))
    }

    /// Reads the entries of the columns in `wanted`; what was passed over among the rows.
    fn fill(&self, names: &Names, entries: &mut Entries, wanted: &[bool]) -> Result<Vec<String>, TableError> {
        let width = names.names.len();
        let used: Vec<usize> = (0..width).filter(|index| entries.roles[*index] != Role::LeftOut).collect();
        let header = self.rows.first().filter(|_| self.first.has_names).cloned();
        let mut rows = Rows::of(&self.body, self.separator, (names.least(), width), header);
        if self.first.has_names && beside::are_units(&self.rows) {
            rows.pass_units(self.rows[1].clone());
        }
        let mut row = 0;
        loop {
            let (start, record) = match rows.next() {
                Ok(Some(found)) => found,
                Ok(None) => break,
                Err(Stop::Unreadable(error)) => {
                    return Err(TableError::Unreadable { file: self.file.clone(), reason: error.to_string() });
                }
                Err(Stop::Ragged(ragged)) => return Err(self.ragged(ragged.start, ragged.found, width)),
            };
            if entries.numbers.len() < (row + 1) * used.len() {
                entries.numbers.resize((row + 1) * used.len(), f64::NAN);
            }
            let features = used.len().saturating_sub(1);
            if let Some(reason) = too_large(row + 1, features) {
                // Of the rows that are not read yet each has a line at least.
                let reason = too_large(self.lines().max(row + 1), features).unwrap_or(reason);
                return Err(TableError::TooLarge { file: self.file.clone(), reason });
            }
            for (place, index) in used.iter().enumerate().filter(|(_, index)| wanted[**index]) {
                let mut entry = record.get(*index).unwrap_or_default();
                if !is_trimmed(entry) {
                    entry = entry.trim_start_matches('\u{feff}').trim();
                }
                let entry = beside::formula(entry).unwrap_or(entry);
                let number = entries.columns[*index].take(row, start, entry, &self.reading.missing_values);
                entries.numbers[row * used.len() + place] = number;
            }
            row += 1;
        }
        entries.rows = row;
        Ok(rows.passed(|start| self.line(start)))
    }

    /// Lines of the rows, the first among them.
    fn lines(&self) -> usize {
        self.body.bytes().filter(|byte| *byte == b'\n').count() + 1
    }

    fn ragged(&self, start: u64, found: usize, expected: usize) -> TableError {
        let whose = if self.first.has_names { "header" } else { "first row" };
        let commas = "is that a comma within an entry? Such entries are put in quotes, or all fields separated by `;`";
        let help = (found > expected && self.separator == Separator::Comma).then_some(commas);
        TableError::Ragged { file: self.file.clone(), line: self.line(start), found, expected, whose, help }
    }

    /// The line, from 1, of the row that starts at this byte or after the blank lines there. The reader's
    /// own count stops before blank lines.
    pub(super) fn line(&self, start: u64) -> u64 {
        let start = usize::try_from(start).unwrap_or(0).min(self.body.len());
        let bytes = self.body.as_bytes();
        let blank = bytes[start..].iter().take_while(|byte| **byte == b'\n').count();
        let breaks = bytes[..start + blank].iter().filter(|byte| **byte == b'\n').count();
        (self.skipped + breaks) as u64 + 1
    }

    /// What is to be said of the first row.
    pub(super) fn note_of_first_row(&self, columns: usize) -> Option<Note> {
        let file = &self.file;
        match (self.first.looks_like_data, self.first.has_names, self.reading.header) {
            (true, false, Header::Auto) => Some(Note::warning(format!(
                "{file} has no header: its first row holds numbers or values of other rows, and counts as data; its columns are \
                 called `column 1` to `column {columns}`. `header: Present` takes that row for names, `header: Absent` says that \
                 it is none"
            ))),
            (true, true, _) if !self.first.is_named => Some(Note::warning(format!(
                "{file}: the names of its columns are numbers or values, as if its first row were data; `header: Absent` takes \
                 it for that"
            ))),
            _ => None,
        }
    }

    /// Why no column is the target, and what to do about it.
    pub(super) fn without_target(&self, names: &Names, target: &str) -> TableError {
        let is_recognized = self.reading.separator == Separator::Auto && self.separator != Separator::Comma;
        let separator = (is_recognized || names.names.len() == 1).then_some(self.separator.in_words());
        let last = names.names.len();
        let absent = format!(
            "its first row looks like data: `header: Absent` takes it for that, and calls its columns `column 1` to `column {last}`"
        );
        let present = || {
            let words = "`header: Present` takes its first row for names";
            match (self.first.has_names, self.first.looks_like_data) {
                (true, _) => None,
                (false, false) => Some(words.to_owned()),
                (false, true) => {
                    let called = format!("its columns are called `column 1` to `column {last}`");
                    Some(format!("its first row looks like data, so that {called}; {words}"))
                }
            }
        };
        let misses = self.first.has_names && self.first.looks_like_data;
        let by_number = self.first.has_names && names.is_number_of_a_column(target);
        let help = names
            .meant(target)
            .filter(|_| !by_number)
            .or_else(|| (misses || by_number).then_some(absent))
            .or_else(present);
        TableError::NoTarget {
            file: self.file.clone(),
            target: display_text(target),
            columns: names.names.clone(),
            separator,
            help,
        }
    }
}

/// A text as the reader takes it: with one tab for each stretch of blanks, and no blanks before quotes.
fn spelled(body: &str, separator: Separator) -> Cow<'_, str> {
    let spelled = if separator == Separator::Blanks { Some(tabbed(body)) } else { tightened(body, separator.byte()) };
    spelled.map_or(Cow::Borrowed(body), Cow::Owned)
}

/// A text behind so many of its lines.
fn beyond(text: &str, lines: usize) -> &str {
    let last = lines.checked_sub(1).and_then(|last| text.match_indices('\n').nth(last));
    last.map_or(text, |(at, _)| &text[at + 1..])
}

/// Whether a comment before the rows holds the names of the columns: as many as the rows have fields, the target among them,
/// which is not among those of the first row.
fn holds_names(names: &str, body: &str, separator: Separator, target: &str, reading: &Reading) -> bool {
    let line = spelled(names.split('\n').next().unwrap_or_default(), separator).into_owned();
    let Some(names) = dialect::sample(&line, separator).into_iter().next() else {
        return false;
    };
    let rows = dialect::sample(&spelled(beginning_of(body, 200), separator), separator);
    let holds = |row: &csv::StringRecord| {
        row.iter().any(|name| display_text(name) == display_text(target).trim_start_matches('#').trim())
    };
    let Some(first) = rows.first().filter(|first| first.len() == names.len() && names.len() > 1) else {
        return false;
    };
    reading.header != Header::Absent && holds(&names) && !holds(first)
}

/// The first lines of a text.
fn beginning_of(text: &str, lines: usize) -> &str {
    text.match_indices('\n').nth(lines).map_or(text, |(at, _)| &text[..at])
}
