//! What the entries of a column are, as they are read.

use std::collections::HashMap;

use super::super::text::name_in_short;
use super::cell::{Cell, Manner, yes_or_no};
use super::number::{Hint, Notation, below_zero, has_groups, hint, unit};

/// Different texts of a column at most: each would be a column of its own.
pub(super) const MOST_TEXTS: usize = 1000;

/// Places of entries that a message shows.
const MOST_SHOWN: usize = 3;

/// Different spellings of "no value" that are told apart.
const MOST_SPELLINGS: usize = 8;

/// A column, entry by entry.
#[derive(Debug, Default)]
pub(super) struct Column {
    pub(super) name: String,
    /// Whether the file has a name for it.
    pub(super) is_named: bool,
    pub(super) manner: Manner,
    pub(super) numbers: usize,
    pub(super) missing: Tally,
    /// How "no value" is spelled where it is not nothing, and how often.
    pub(super) spellings: Vec<(String, usize)>,
    pub(super) texts: Tally,
    /// Numbers below 0, which count as numbers.
    pub(super) negative: Tally,
    /// Texts that are dates or times.
    pub(super) dates: usize,
    /// What its entries say of how its numbers are written.
    pub(super) hints: Hints,
    /// Its numbers can be read in two ways, and nothing in the file says in which.
    pub(super) is_ambiguous: bool,
    /// Rows that hold a text, and which.
    pub(super) codes: Vec<(usize, usize)>,
    /// The different texts, in the order in which they came.
    pub(super) words: Vec<String>,
    places: HashMap<String, usize>,
    /// Whether there are more different texts than can be told apart.
    pub(super) has_too_many: bool,
}

/// Entries of a kind: how many, and where the first are.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) count: usize,
    /// Bytes at which their rows start, and what they say.
    pub(super) first: Vec<(u64, String)>,
}

/// How numbers are written, counted over the entries of a column.
#[derive(Debug, Default)]
pub(super) struct Hints {
    /// Numbers with a point that divides decimals, or with commas between thousands.
    pub(super) only_point: usize,
    /// The other way around.
    pub(super) only_comma: usize,
    /// Numbers with one mark, before exactly three digits: a point, or a comma.
    pub(super) either: [usize; 2],
    /// Numbers with each unit.
    units: Vec<(&'static str, usize)>,
    /// Numbers without one.
    bare: usize,
    /// Numbers below zero as accountants write them, and the first.
    accounts: usize,
    pub(super) account: Option<String>,
    /// The first number with something between thousands, in each notation.
    pub(super) grouped: [Option<String>; 2],
    /// The first number with a single mark before three digits.
    pub(super) unsure: Option<(u64, String)>,
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
        if self.first.len() < MOST_SHOWN {
            self.first.push((start, entry.to_owned()));
        }
    }
}

impl Hints {
    /// Takes an entry that may be a number in one notation or another.
    fn take(&mut self, start: u64, entry: &str) {
        let account = below_zero(entry).filter(|spelled| {
            let number = unit(spelled).map_or_else(|| spelled.clone(), |(number, _)| number);
            hint(&number).is_some()
        });
        if let Some(account) = account {
            self.account.get_or_insert_with(|| entry.to_owned());
            self.accounts += 1;
            return self.take(start, &account);
        }
        if has_plain_decimals(entry) {
            (self.bare, self.only_point) = (self.bare + 1, self.only_point + 1);
            return;
        }
        let marks = |byte: u8| matches!(byte, b',' | b'.' | b'\'' | b' ') || !byte.is_ascii();
        let found = unit(entry);
        let number = found.as_ref().map_or(entry, |(number, _)| number);
        let Some(hint) = hint(number) else {
            return;
        };
        match &found {
            Some((_, unit)) => match self.units.iter_mut().find(|(known, _)| known == unit) {
                Some((_, count)) => *count += 1,
                None => self.units.push((unit, 1)),
            },
            None => self.bare += 1,
        }
        match hint {
            Hint::Neutral => {}
            Hint::Only(Notation::Point) => self.only_point += 1,
            Hint::Only(Notation::Comma) => self.only_comma += 1,
            Hint::Either(mark) => {
                self.either[mark as usize] += 1;
                self.unsure.get_or_insert_with(|| (start, number.to_owned()));
            }
        }
        if number.bytes().any(marks) {
            let fits = |notation| hint != Hint::Only(Notation::other(notation)) && has_groups(number, notation);
            for notation in [Notation::Point, Notation::Comma].into_iter().filter(|notation| fits(*notation)) {
                self.grouped[notation as usize].get_or_insert_with(|| number.to_owned());
            }
        }
    }

    /// The notation that the column itself says.
    pub(super) const fn said(&self) -> Option<Notation> {
        match (self.only_point > 0, self.only_comma > 0) {
            (true, false) => Some(Notation::Point),
            (false, true) => Some(Notation::Comma),
            _ => None,
        }
    }

    /// The unit that stands at each number.
    pub(super) fn unit(&self) -> Option<&'static str> {
        match (&self.units[..], self.bare) {
            ([(unit, _)], 0) => Some(unit),
            _ => None,
        }
    }

    /// Whether brackets around numbers, or a minus behind them, say that these are below zero, as they do beside others.
    pub(super) fn has_accounts(&self) -> bool {
        let all = self.bare + self.units.iter().map(|(_, count)| count).sum::<usize>();
        self.accounts > 0 && all > self.accounts
    }

    /// Whether some numbers have a unit and others another or none.
    pub(super) fn has_several_units(&self) -> bool {
        self.units.len() + usize::from(self.bare > 0) > 1
    }
}

impl Column {
    pub(super) fn new(name: &str, is_named: bool, manner: Manner) -> Self {
        Self { name: name.to_owned(), is_named, manner, ..Self::default() }
    }

    /// Its name as messages have room for it.
    pub(super) fn called(&self) -> String {
        name_in_short(&self.name)
    }

    /// Takes the entry of a row; the number that stands there, NaN where there is none.
    pub(super) fn take(&mut self, row: usize, start: u64, entry: &str, missing: &[String]) -> f64 {
        match Cell::read(entry, self.manner, missing) {
            Cell::Number(number) => {
                self.numbers += 1;
                if number < 0.0 {
                    self.negative.add(start, entry);
                }
                if entry.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-') {
                    self.hints.bare += 1;
                } else {
                    self.hints.take(start, entry);
                }
                return number;
            }
            Cell::Missing => {
                self.missing.add(start, entry);
                self.take_spelling(entry);
            }
            Cell::Text => {
                self.texts.add(start, entry);
                self.hints.take(start, entry);
                self.dates += usize::from(is_date(entry));
                self.take_text(row, entry);
            }
        }
        f64::NAN
    }

    fn take_spelling(&mut self, entry: &str) {
        match self.spellings.iter().position(|(known, _)| known == entry) {
            Some(place) => self.spellings[place].1 += 1,
            None if entry.is_empty() || self.spellings.len() >= MOST_SPELLINGS => {}
            None => self.spellings.push((entry.to_owned(), 1)),
        }
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

    /// Whether it is one of those that separators at the end of each line make.
    pub(super) fn is_nothing(&self) -> bool {
        !self.is_named && self.content() == Content::Nothing
    }

    /// Whether its texts are one another's yes and no.
    pub(super) fn says_yes_or_no(&self) -> bool {
        let pairs: Vec<Option<(usize, bool)>> = self.words.iter().map(|word| yes_or_no(word)).collect();
        let is_sure = |pair: usize| {
            // A letter alone may mean anything.
            let says = |is_yes: bool| pairs.contains(&Some((pair, is_yes)));
            self.words[0].chars().count() > 1 || says(true) && says(false)
        };
        let of_one = |pair: usize| pairs.iter().all(|found| found.is_some_and(|(other, _)| other == pair));
        !self.has_too_many
            && self.content() == Content::Texts
            && pairs[0].is_some_and(|(pair, _)| of_one(pair) && is_sure(pair))
    }

    /// Whether nearly every row has a text of its own, as names and identifiers are.
    pub(super) fn tells_rows_apart(&self) -> bool {
        const FEW: usize = 20;
        let most = self.has_too_many || self.words.len() * 10 >= self.texts.count * 9;
        self.content() == Content::Texts && self.texts.count >= FEW && most
    }

    /// Whether its texts are dates or times.
    pub(super) fn holds_dates(&self) -> bool {
        self.content() == Content::Texts && self.dates == self.texts.count
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

/// Whether an entry is plainly one with a decimal point: what most numbers are is told without reading them twice.
fn has_plain_decimals(entry: &str) -> bool {
    let entry = entry.as_bytes();
    let Some(point) = entry.iter().position(|byte| *byte == b'.') else {
        return false;
    };
    let are_digits = |text: &[u8]| text.iter().all(u8::is_ascii_digit);
    let (whole, decimals) = (&entry[..point], &entry[point + 1..]);
    let whole = if let [b'-' | b'+', whole @ ..] = whole { whole } else { whole };
    are_digits(whole)
        && are_digits(decimals)
        && !decimals.is_empty()
        && (decimals.len() != 3 || whole.starts_with(b"0"))
}

/// Whether a text begins as an English month: `Mar`, `March`.
fn is_month(text: &str) -> bool {
    const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let small = text.to_lowercase();
    small.bytes().all(|byte| byte.is_ascii_alphabetic()) && MONTHS.iter().any(|month| small.starts_with(month))
}

/// Whether a text is a day (`2024-05-31`, `31.05.2024`, `5/31/24`, `31-May-24`, with or without a time behind) or a time of day.
pub(super) fn is_date(text: &str) -> bool {
    let day = text.split([' ', 'T']).next().unwrap_or_default();
    let parts: Vec<&str> = day.split(['-', '/', '.']).collect();
    let are_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let is_short = |part: &&str| part.len() <= 2;
    let is_day = match &parts[..] {
        [first, month, last] if first.len() == 4 => is_short(month) && is_short(last),
        [day, month, year] if is_month(month) => is_short(day) && (year.len() == 2 || year.len() == 4),
        [day, month, year] => is_short(day) && is_short(month) && (year.len() == 2 || year.len() == 4),
        _ => false,
    };
    let clock: Vec<&str> = day.split(':').collect();
    let is_time = (2..=3).contains(&clock.len()) && clock.iter().all(|part| are_digits(part) && is_short(part));
    is_day && parts.iter().enumerate().all(|(at, part)| are_digits(part) || at == 1 && is_month(part)) || is_time
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_told_from_other_texts() {
        for date in [
            "2020-01-02",
            "2020-01-02T12:30:00Z",
            "2020-01-02 12:30",
            "01.02.2020",
            "1/2/20",
            "12:30",
            "12:30:15",
            "3:05 PM",
            "5/31/24",
            "31-May-24",
        ] {
            assert!(is_date(date), "{date}");
        }
        for text in
            ["1-2", "10.0.0.1", "a-b-c", "1-Oak-24", "2020", "1.5", "AB:12", "1-2-3-4", "555-1234-99", "2024-05", ""]
        {
            assert!(!is_date(text), "{text}");
        }
    }
}
