//! What a file is written in: separator, decimals, and whether its first row holds names.

use super::cell::Cell;
use super::reading::{Decimal, Header, Reading, Separator};

/// What is known of a file before it is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Dialect {
    pub(super) separator: Separator,
    pub(super) has_decimal_comma: bool,
    pub(super) has_header: bool,
    /// What was recognized, where a scenario has not said it and it is not what one expects.
    pub(super) recognized: Vec<String>,
    /// The first row holds numbers, which names hardly are.
    pub(super) has_numbers_for_names: bool,
}

/// Rows that a dialect is recognized by.
const SAMPLE: usize = 200;

/// Part of the rows that have as many fields as most.
const MOST_ROWS: f64 = 0.9;

impl Separator {
    /// The byte between two fields; of blanks, which come in any number, the one that takes their place.
    pub(super) const fn byte(self) -> u8 {
        match self {
            Self::Auto | Self::Comma => b',',
            Self::Semicolon => b';',
            Self::Tab | Self::Blanks => b'\t',
            Self::Bar => b'|',
        }
    }

    /// As messages call it.
    pub(super) const fn in_words(self) -> &'static str {
        match self {
            Self::Auto | Self::Comma => "commas",
            Self::Semicolon => "semicolons",
            Self::Tab => "tabs",
            Self::Bar => "bars `|`",
            Self::Blanks => "blanks",
        }
    }
}

/// The separator that a line before the header says, as spreadsheets write it (`sep=;`), and the text after it.
pub(super) fn stated(text: &str) -> Option<(Separator, &str)> {
    let (line, rest) = text.split_once('\n')?;
    let stated = line.trim_end_matches('\r').strip_prefix("sep=")?;
    let known = [Separator::Comma, Separator::Semicolon, Separator::Tab, Separator::Bar];
    let found = known.into_iter().find(|separator| stated.as_bytes() == [separator.byte()]);
    found.map(|separator| (separator, rest))
}

/// Blanks come in any number: each stretch of them outside of quotes becomes one tab. Lines stay lines.
pub(super) fn tabbed(text: &str) -> String {
    let mut tabbed = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let mut is_quoted = false;
        let mut is_between = false;
        for letter in line.trim().chars() {
            is_quoted ^= letter == '"';
            let is_blank = !is_quoted && (letter == ' ' || letter == '\t');
            if is_blank && !is_between {
                tabbed.push('\t');
            }
            if !is_blank {
                tabbed.push(letter);
            }
            is_between = is_blank;
        }
        if line.ends_with('\n') {
            tabbed.push('\n');
        }
    }
    tabbed
}

/// A reader of rows of any length.
pub(super) fn reader(text: &str, separator: Separator) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new()
        .delimiter(separator.byte())
        .flexible(true)
        .trim(csv::Trim::All)
        .has_headers(false)
        .from_reader(text.as_bytes())
}

/// The first rows, cut by a separator.
fn sample(text: &str, separator: Separator) -> Vec<csv::StringRecord> {
    let mut reader = reader(text, separator);
    reader.records().take(SAMPLE).map_while(Result::ok).collect()
}

/// The separator that most rows have as often as one another: of several the rarest in texts first.
pub(super) fn separator(text: &str) -> Separator {
    let beginning: String = text.split_inclusive('\n').take(SAMPLE).collect();
    let blanks = tabbed(&beginning);
    let likely = [Separator::Tab, Separator::Semicolon, Separator::Bar, Separator::Comma, Separator::Blanks];
    // Columns of numbers set apart by blanks, with a tab before the last, as some old files have them.
    let holds_several = |entry: &str| {
        let mut words = entry.split_whitespace();
        words.clone().count() > 1 && words.all(|word| Cell::read(word, false) != Cell::Text)
    };
    let rows = sample(&beginning, Separator::Tab);
    if !rows.is_empty() && rows.iter().all(|row| row.iter().any(holds_several)) {
        return Separator::Blanks;
    }
    let judged = likely.map(|separator| {
        let text = if separator == Separator::Blanks { &blanks } else { &beginning };
        (separator, agreement(&sample(text, separator)))
    });
    let is_sure = |(_, agreement): &&(Separator, f64)| *agreement >= MOST_ROWS;
    let best = || judged.iter().filter(|(_, agreement)| *agreement > 0.0).max_by(|a, b| a.1.total_cmp(&b.1));
    judged.iter().find(is_sure).or_else(best).map_or(Separator::Comma, |(separator, _)| *separator)
}

/// The part of the rows that have as many fields as most rows, where these are several; else 0.
fn agreement(rows: &[csv::StringRecord]) -> f64 {
    let mut counts: Vec<usize> = rows.iter().map(csv::StringRecord::len).collect();
    counts.sort_unstable();
    let stretches = counts.chunk_by(|a, b| a == b);
    let most = stretches.max_by_key(|stretch| (stretch.len(), stretch[0]));
    most.filter(|stretch| stretch[0] > 1).map_or(0.0, |stretch| stretch.len() as f64 / rows.len() as f64)
}

impl Dialect {
    /// What a text is written in, where the scenario does not say it.
    pub(super) fn of(text: &str, separator: Separator, reading: &Reading) -> Self {
        let rows = sample(text, separator);
        let has_decimal_comma = match reading.decimal {
            Decimal::Point => false,
            Decimal::Comma => true,
            Decimal::Auto => separator != Separator::Comma && has_decimal_commas(&rows),
        };
        let has_numbers_for_names = rows.first().is_some_and(|first| are_numbers(first, has_decimal_comma));
        let has_header = match reading.header {
            Header::Present => true,
            Header::Absent => false,
            Header::Auto => !has_numbers_for_names,
        };
        let mut recognized = Vec::new();
        if reading.separator == Separator::Auto && separator != Separator::Comma {
            recognized.push(format!("fields separated by {}", separator.in_words()));
        }
        if reading.decimal == Decimal::Auto && has_decimal_comma {
            recognized.push("decimals behind commas".to_owned());
        }
        Self { separator, has_decimal_comma, has_header, recognized, has_numbers_for_names }
    }
}

/// Whether the numbers of some rows have their decimals behind commas: some read as numbers like that alone, and none with
/// a point alone.
fn has_decimal_commas(rows: &[csv::StringRecord]) -> bool {
    let is = |entry: &str, comma: bool| matches!(Cell::read(entry, comma), Cell::Number(_));
    let entries = || rows.iter().skip(1).flatten();
    let with_comma = entries().any(|entry| is(entry, true) && !is(entry, false));
    let with_point = entries().any(|entry| is(entry, false) && !is(entry, true));
    with_comma && !with_point
}

/// Whether a first row holds numbers as other rows do: all of its entries, or of three and more all but one. Names that
/// count columns (0, 1, 2, …) are names.
fn are_numbers(first: &csv::StringRecord, has_decimal_comma: bool) -> bool {
    let numbers: Vec<f64> = first
        .iter()
        .filter_map(|entry| match Cell::read(entry, has_decimal_comma) {
            Cell::Number(number) => Some(number),
            _ => None,
        })
        .collect();
    let others = first.len() - numbers.len();
    let counts = numbers.len() > 2 && numbers.windows(2).all(|pair| pair[1] == pair[0] + 1.0);
    let enough = if first.len() < 3 { others == 0 } else { others <= 1 };
    enough && !numbers.is_empty() && !counts
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
        ] {
            assert_eq!(separator(text), expected, "{text}");
        }
        assert_eq!(stated("sep=;\r\na;b\n"), Some((Separator::Semicolon, "a;b\n")));
        assert_eq!(stated("a;b\n1;2\n"), None);
        assert_eq!(tabbed(" 1  2 \"a  b\"\r\n\n3\t4\n"), "1\t2\t\"a  b\"\n\n3\t4\n");
    }

    fn dialect(text: &str) -> (bool, bool) {
        let dialect = Dialect::of(text, separator(text), &Reading::default());
        (dialect.has_decimal_comma, dialect.has_header)
    }

    #[test]
    fn decimals_and_headers_are_recognized() {
        assert_eq!(dialect("a;y\n1,5;2\n"), (true, true));
        assert_eq!(dialect("a;y\n1.5;2\n"), (false, true));
        assert_eq!(dialect("2.08,-0.04,1.77,6.3\n0.19,0.48,2.26,3.76\n"), (false, false));
        assert_eq!(dialect("5.1,3.5,1.4,0.2,Iris-setosa\n4.9,3.0,1.4,0.2,Iris-setosa\n"), (false, false));
        assert_eq!(dialect("label,0,1,2,3\n5,0,0,0,1\n"), (false, true));
        assert_eq!(dialect("country,2019\nFrance,3\n"), (false, true));
        assert_eq!(dialect("1,5;2\n2,5;3\n"), (true, false));
    }
}
