//! The rows of a table, without the lines between and behind them that are none.

use super::cell::{Cell, short};
use super::head::is_comment;
use super::reader::{reader_of_blanks, trim, used};
use super::reading::Separator;
use crate::math::number::counted;

/// Cuts a text into rows of one width.
pub(super) struct Rows<'a> {
    reader: csv::Reader<&'a [u8]>,
    record: csv::StringRecord,
    /// Fields of a row at most, and at least: the last columns may have neither names nor values.
    width: usize,
    least: usize,
    /// The first row, where it holds names.
    header: Option<csv::StringRecord>,
    is_first: bool,
    /// The row behind it, where that holds units.
    units: Option<csv::StringRecord>,
    /// A line of one text, which is no row where none follows it.
    pending: Option<Ragged>,
    passed: Passed,
    /// What the row of units holds.
    unit_names: String,
}

/// A row with another number of fields.
#[derive(Debug, Clone)]
pub(super) struct Ragged {
    pub(super) start: u64,
    pub(super) found: usize,
    /// What it says, where that is one text.
    text: String,
}

/// Why there is no next row.
pub(super) enum Stop {
    Ragged(Ragged),
    Unreadable(csv::Error),
}

/// Lines that were passed: how many, and the start of the first.
#[derive(Debug, Default)]
struct Passed {
    empty: (usize, u64),
    comments: (usize, u64),
    headers: (usize, u64),
    units: (usize, u64),
    footers: (usize, u64),
}

impl<'a> Rows<'a> {
    /// `width` and `least` are the most and the fewest fields of a row.
    pub(super) fn of(
        body: &'a str,
        separator: Separator,
        (least, width): (usize, usize),
        header: Option<csv::StringRecord>,
    ) -> Self {
        Self {
            reader: reader_of_blanks(body, separator),
            record: csv::StringRecord::new(),
            width,
            least,
            is_first: header.is_some(),
            header,
            units: None,
            pending: None,
            passed: Passed::default(),
            unit_names: String::new(),
        }
    }

    /// Passes over the row behind the header, which holds units.
    pub(super) fn pass_units(&mut self, units: csv::StringRecord) {
        self.units = Some(units);
    }

    /// The next row, and the byte at which it starts.
    pub(super) fn next(&mut self) -> Result<Option<(u64, &csv::StringRecord)>, Stop> {
        loop {
            if !self.reader.read_record(&mut self.record).map_err(Stop::Unreadable)? {
                return Ok(None);
            }
            trim(&mut self.record);
            let start = self.record.position().map_or(0, csv::Position::byte);
            if std::mem::take(&mut self.is_first) || self.passes(start) {
                continue;
            }
            if let Some(pending) = self.pending.take() {
                return Err(Stop::Ragged(pending));
            }
            let is_empty = |entry: &str| entry.is_empty();
            let is_wider = self.record.len() > self.width;
            let has_more = is_wider && !self.record.iter().skip(self.width).all(is_empty);
            if self.record.len() < self.least || has_more {
                return Err(Stop::Ragged(Ragged { start, found: self.record.len(), text: String::new() }));
            }
            break;
        }
        let start = self.record.position().map_or(0, csv::Position::byte);
        Ok(Some((start, &self.record)))
    }

    /// Whether the record is no row.
    fn passes(&mut self, start: u64) -> bool {
        let mark = |passed: &mut (usize, u64)| {
            *passed = (passed.0 + 1, if passed.0 == 0 { start } else { passed.1 });
            true
        };
        let record = &self.record;
        if self.units.as_ref().is_some_and(|units| units == record) {
            let named: Vec<String> = record.iter().filter(|entry| !entry.is_empty()).map(short).collect();
            self.unit_names = named.join(", ");
            self.units = None;
            return mark(&mut self.passed.units);
        }
        if record.iter().all(str::is_empty) {
            // A line of blanks alone says nothing.
            return record.len() == 1 || mark(&mut self.passed.empty);
        }
        let is_rule = |entry: &str| entry.len() > 2 && entry.trim_matches(':').bytes().all(|byte| byte == b'-');
        if record.iter().all(|entry| entry.is_empty() || is_rule(entry)) {
            return mark(&mut self.passed.empty);
        }
        if record.len() != self.width && is_comment(&record[0]) {
            return mark(&mut self.passed.comments);
        }
        if self.header.as_ref().is_some_and(|header| header == record) && !record.iter().all(Cell::is_number) {
            return mark(&mut self.passed.headers);
        }
        if used(record) == 1 && record.len() < self.least && !Cell::is_number(&record[0]) {
            if self.pending.is_none() {
                self.pending = Some(Ragged { start, found: record.len(), text: record[0].to_owned() });
            }
            return mark(&mut self.passed.footers);
        }
        false
    }

    /// What was passed, in words.
    pub(super) fn passed(&self, line: impl Fn(u64) -> u64) -> Vec<String> {
        let footer = self.pending.as_ref().map(|pending| short(&pending.text)).unwrap_or_default();
        let said = [
            (self.passed.empty, "line", "without any entry".to_owned()),
            (self.passed.comments, "comment", "among the rows".to_owned()),
            (self.passed.units, "line", format!("of units (`{}`)", self.unit_names)),
            (self.passed.headers, "line", "that repeats the names of the columns".to_owned()),
            (self.passed.footers, "line", format!("of text behind the last row (`{footer}`)")),
        ];
        said.into_iter()
            .filter(|((count, _), ..)| *count > 0)
            .map(|((count, start), thing, what)| {
                let first = if count == 1 {
                    format!("line {}", line(start))
                } else {
                    format!("the first in line {}", line(start))
                };
                format!("passed over {} {what}, {first}", counted(count, thing))
            })
            .collect()
    }
}
