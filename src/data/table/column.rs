//! What the entries of a column are, as they are read.

use std::collections::HashMap;

use super::cell::Cell;

/// Different texts of a column at most: each would be a column of its own.
pub(super) const MOST_TEXTS: usize = 1000;

/// A column, entry by entry.
#[derive(Debug, Default)]
pub(super) struct Column {
    pub(super) name: String,
    pub(super) numbers: usize,
    pub(super) missing: Tally,
    pub(super) texts: Tally,
    /// Numbers below 0, which count as numbers.
    pub(super) negative: Tally,
    /// Rows that hold a text, and which.
    pub(super) codes: Vec<(usize, usize)>,
    /// The different texts, in the order in which they came.
    pub(super) words: Vec<String>,
    places: HashMap<String, usize>,
    /// Whether there are more different texts than can be told apart.
    pub(super) has_too_many: bool,
}

/// Entries of a kind: how many, and where the first is.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) count: usize,
    /// Byte at which its row starts, and what it says.
    pub(super) first: Option<(u64, String)>,
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Content {
    /// Numbers, and nothing else but holes.
    Numbers,
    /// Texts, and nothing else but holes.
    Texts,
    /// Holes alone.
    Nothing,
    /// Numbers and texts.
    Both,
}

impl Tally {
    fn add(&mut self, start: u64, entry: &str) {
        self.count += 1;
        if self.first.is_none() {
            self.first = Some((start, entry.to_owned()));
        }
    }
}

impl Column {
    pub(super) fn new(name: &str) -> Self {
        Self { name: name.to_owned(), ..Self::default() }
    }

    /// Takes the entry of a row; the number that stands there, NaN where there is none.
    pub(super) fn take(&mut self, row: usize, start: u64, entry: &str, has_decimal_comma: bool) -> f64 {
        match Cell::read(entry, has_decimal_comma) {
            Cell::Number(number) => {
                self.numbers += 1;
                if number < 0.0 {
                    self.negative.add(start, entry);
                }
                return number;
            }
            Cell::Missing => self.missing.add(start, entry),
            Cell::Text => {
                self.texts.add(start, entry);
                self.take_text(row, entry);
            }
        }
        f64::NAN
    }

    fn take_text(&mut self, row: usize, entry: &str) {
        let known = self.places.get(entry).copied();
        let place = known.or_else(|| {
            self.has_too_many |= self.words.len() >= MOST_TEXTS;
            if self.has_too_many {
                return None;
            }
            self.words.push(entry.to_owned());
            self.places.insert(entry.to_owned(), self.words.len() - 1);
            Some(self.words.len() - 1)
        });
        self.codes.extend(place.map(|place| (row, place)));
    }

    /// What it holds: values that are missing do not decide it.
    pub(super) fn content(&self) -> Content {
        match (self.numbers > 0, self.texts.count > 0) {
            (true, false) => Content::Numbers,
            (false, true) => Content::Texts,
            (false, false) => Content::Nothing,
            (true, true) => Content::Both,
        }
    }

    /// The different texts sorted, and the place of each old one among them.
    pub(super) fn sorted_words(&self) -> (Vec<String>, Vec<usize>) {
        let mut order: Vec<usize> = (0..self.words.len()).collect();
        order.sort_by(|a, b| self.words[*a].cmp(&self.words[*b]));
        let mut places = vec![0; order.len()];
        for (place, old) in order.iter().enumerate() {
            places[*old] = place;
        }
        (order.into_iter().map(|old| self.words[old].clone()).collect(), places)
    }
}
