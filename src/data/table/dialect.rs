//! What a file is written in: separator and decimals, by its first rows.

use super::cell::{Cell, is_missing};
use super::number::{Hint, Notation, hint};
use super::reader::{reader, tabbed, used};
use super::reading::{Decimal, Separator};

/// Rows that a dialect is recognized by.
const SAMPLE: usize = 200;

/// Part of the rows that have as many fields as most.
const MOST_ROWS: f64 = 0.9;

/// The first rows, cut by a separator.
pub(super) fn sample(text: &str, separator: Separator) -> Vec<csv::StringRecord> {
    let mut reader = reader(text, separator);
    reader.records().take(SAMPLE).map_while(Result::ok).collect()
}

/// The separator that most rows have as often as one another: of several the rarest in texts first.
pub(super) fn separator(text: &str) -> Separator {
    let beginning: String = text.split_inclusive('\n').take(SAMPLE).collect();
    let blanks = tabbed(&beginning);
    let is_value = |word: &str| Cell::is_number(word) || is_missing(word);
    let likely = [Separator::Tab, Separator::Semicolon, Separator::Bar, Separator::Comma, Separator::Blanks];
    // Columns of numbers set apart by blanks, with a tab before the last, as some old files have them.
    let holds_several = |entry: &str| {
        let mut words = entry.split_whitespace();
        words.clone().count() > 1 && words.all(is_value)
    };
    let rows = sample(&beginning, Separator::Tab);
    if !rows.is_empty() && rows.iter().all(|row| row.iter().any(holds_several)) {
        return Separator::Blanks;
    }
    let judged = likely.map(|separator| {
        let text = if separator == Separator::Blanks { &blanks } else { &beginning };
        Judged::of(separator, &sample(text, separator))
    });
    let is_sure = |judged: &&Judged| judged.agreement >= MOST_ROWS;
    // Of those that rows agree in, one that cuts the first row as the others; of several one that leaves more numbers. Blanks
    // stand in texts of every file.
    let sure = || judged.iter().filter(is_sure).filter(|judged| judged.separator != Separator::Blanks);
    let fits_all = sure().any(|judged| judged.fits_first);
    let fitting = sure().rev().filter(|judged| judged.fits_first == fits_all);
    let surest = fitting.max_by(|a, b| a.numbers.total_cmp(&b.numbers)).or_else(|| judged.iter().find(is_sure));
    // Of equals the last is taken, which is to be the rarest in texts here as well.
    let in_most = || judged.iter().rev().filter(|judged| judged.agreement > 0.0);
    let best = || in_most().max_by(|a, b| a.agreement.total_cmp(&b.agreement));
    surest.or_else(best).map_or(Separator::Comma, |judged| judged.separator)
}

/// What speaks for a separator.
struct Judged {
    separator: Separator,
    /// The part of the rows that have as many fields as most rows, where these are several; else 0.
    agreement: f64,
    /// Whether the first row has as many.
    fits_first: bool,
    /// The part of the fields that are numbers.
    numbers: f64,
}

impl Judged {
    fn of(separator: Separator, rows: &[csv::StringRecord]) -> Self {
        let mut counts: Vec<usize> = rows.iter().map(csv::StringRecord::len).collect();
        counts.sort_unstable();
        let stretches = counts.chunk_by(|a, b| a == b);
        let most = stretches.max_by_key(|stretch| (stretch.len(), stretch[0])).filter(|stretch| stretch[0] > 1);
        let agreement = most.map_or(0.0, |stretch| stretch.len() as f64 / rows.len() as f64);
        // A separator at the end of each row need not stand at the end of the first.
        let fits_first = most.zip(rows.first()).is_some_and(|(stretch, first)| {
            let used = rows.iter().map(used).max().unwrap_or(0);
            first.len() == stretch[0] || first.len() == used
        });
        let numbers = rows.iter().flatten().filter(|entry| Cell::is_number(entry)).count();
        let fields = rows.iter().map(csv::StringRecord::len).sum::<usize>().max(1);
        Self { separator, agreement, fits_first, numbers: numbers as f64 / fields as f64 }
    }
}

/// The notation that numbers of a file are likely to have: that in which alone some of them are numbers, where none are
/// in the other alone.
pub(super) fn notation(text: &str, separator: Separator, decimal: Decimal) -> Notation {
    match decimal {
        Decimal::Point => return Notation::Point,
        Decimal::Comma => return Notation::Comma,
        Decimal::Auto => {}
    }
    let rows = sample(text, separator);
    let hints: Vec<Hint> = rows.iter().skip(1).flatten().filter_map(hint).collect();
    let says = |notation: Notation| hints.contains(&Hint::Only(notation));
    let is_comma = says(Notation::Comma) && !says(Notation::Point);
    if separator != Separator::Comma && is_comma { Notation::Comma } else { Notation::Point }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn separators_are_recognized_by_what_rows_have_in_common() {
        for (text, expected) in [
            ("a,b,y\n1,2,3\n4,5,6\n", Separator::Comma),
            ("a;b;y\n1,5;2;3\n4,5;5;6\n", Separator::Semicolon),
            ("a\tb\ty\n1\t2\t3\n", Separator::Tab),
            ("a|b|y\n1|2|3\n", Separator::Bar),
            ("18.0   8   307.0\t\"chevrolet malibu\"\n15.0   8   350.0\t\"buick skylark\"\n", Separator::Blanks),
            ("name,y\n\"one; two\",1\n\"three; four; five\",2\n", Separator::Comma),
            ("y\n1\n2\n", Separator::Comma),
            // What stands once in the first field of each row, and not in the header, separates nothing.
            ("a,b,y\nk;x0,0,0\nk;x1,1,1\nk;x2,4,2\n", Separator::Comma),
            ("name,b,y\nk|x0,0,0\nk|x1,1,1\n", Separator::Comma),
            ("name,b,y\nk\tx0,0,0\nk\tx1,1,1\n", Separator::Comma),
            ("name;b;y\nk,x0;0;0\nk,x1;1;1\n", Separator::Semicolon),
            ("title,genres,y\nt0,a|b|c,0\nt1,a|b|c,3\n", Separator::Comma),
            ("a,y\n0.25;0.5,0\n1.75;2.5,3\n", Separator::Comma),
            // Without a header numbers decide.
            ("k;x0,0.5,0\nk;x1,1,1.5\n", Separator::Comma),
            ("1,5;2,5\n3,5;4,25\n", Separator::Semicolon),
            ("Müller, Hans;1,5\nMeier, Eva;2,5\n", Separator::Semicolon),
            // Nor does a separator that each row ends with, and the header does not, change what there is.
            ("a,b,y\n1,2,3,\n4,5,6,\n", Separator::Comma),
            ("3\t4\na\tb c\ty\n1\t2\t3\n4\t5\t6\n", Separator::Tab),
        ] {
            assert_eq!(separator(text), expected, "{text}");
        }
    }

    #[test]
    fn decimals_are_recognized() {
        let of = |text: &str| notation(text, separator(text), Decimal::Auto);
        assert_eq!(of("a;y\n1,5;2\n"), Notation::Comma);
        assert_eq!(of("a;y\n1.5;2\n"), Notation::Point);
        assert_eq!(of("a;b;y\n1.234;1,5;2\n"), Notation::Comma);
        assert_eq!(of("a;b;y\n1,234;1.5;2\n"), Notation::Point);
        assert_eq!(of("a;y\n1;2\n"), Notation::Point);
    }
}
