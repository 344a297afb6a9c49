//! What a table holds, column by column, before anybody has said what it is for: kinds, holes, the middle and the ends of
//! numbers, the commonest texts, and how often values occur.

use super::cell::{short as short_text, shown};
use super::column::{Column, Content, MOST_TEXTS, is_date};
use super::mistakes::doubt;
use super::reading::Separator;
use crate::data::Note;
use crate::math::number::{fixed, typeset};

/// Bars of a sketch at most.
pub const MOST_BARS: usize = 12;

/// Values that are few: each can be a class.
pub const FEW: usize = 20;

/// Fewer rows are in order, or all different, by chance.
const MANY: usize = 10;

/// The commonest values that are named.
const NAMED: usize = 5;

/// A table, before anybody has said what it is for.
#[derive(Debug, Clone, PartialEq)]
pub struct Survey {
    /// The file, fit to show.
    pub file: String,
    /// How its letters are written: `UTF-8`.
    pub encoding: &'static str,
    /// What stands between two fields.
    pub separator: Separator,
    /// Whether decimals stand behind commas.
    pub has_decimal_comma: bool,
    /// Whether the first row was taken for names.
    pub has_header: bool,
    /// Whether the first row holds numbers, which names hardly are.
    pub has_numbers_for_names: bool,
    /// What was passed over, and what is to be said of how its numbers are written.
    pub notes: Vec<Note>,
    /// Rows, the names not counted.
    pub rows: usize,
    /// The columns, in the order of the file.
    pub columns: Vec<ColumnSurvey>,
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct ColumnSurvey {
    /// Its name, fit to show.
    pub name: String,
    /// What its values are.
    pub kind: ColumnKind,
    /// Rows that hold a number, a text, and no value.
    pub numbers: usize,
    /// Rows that hold a text.
    pub texts: usize,
    /// Rows without a value.
    pub holes: usize,
    /// Line of the first row without a value, from 1.
    pub first_hole: Option<u64>,
    /// How "no value" is spelled where it is not nothing, and how often.
    pub spellings: Vec<(String, usize)>,
    /// Why texts of it that have numbers in them are none.
    pub trouble: Option<&'static str>,
    /// In words, how its numbers may be read in two ways, where nothing says in which.
    pub doubt: Option<String>,
    /// Line of the first text, and the text as a message shows it.
    pub first_text: Option<(u64, String)>,
    /// Different values. Of texts at most `MOST_TEXTS` and one more are told apart.
    pub distinct: usize,
    /// The least number, the one in the middle, and the largest.
    pub range: Option<[f64; 3]>,
    /// The commonest values and how often each occurs, where several rows have them; of numbers only where they are few.
    pub commonest: Vec<(String, usize)>,
    /// How many rows each bar of a sketch stands for: equal steps from the least number to the largest, or one bar a value
    /// where values are few.
    pub sketch: Vec<usize>,
    /// Rows without a value.
    gaps: RowSet,
    /// Of a column of numbers of which most are one and the same: rows with another one.
    others: Option<RowSet>,
    /// Of a column whose values can be classes: which one each row has, in their order; 0 where it has none.
    classes: Vec<u16>,
}

/// Some rows of a table: for every 64 a word whose bits say which.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct RowSet(Vec<u64>);

impl RowSet {
    fn of(rows: usize, is_in: impl Fn(usize) -> bool) -> Self {
        let word = |first: usize| (first..rows.min(first + 64)).filter(|row| is_in(*row));
        Self((0..rows).step_by(64).map(|at| word(at).fold(0, |bits, row| bits | 1 << (row - at))).collect())
    }

    fn has(&self, row: usize) -> bool {
        self.0.get(row / 64).is_some_and(|word| word >> (row % 64) & 1 == 1)
    }

    fn add(&mut self, other: &Self) {
        self.0.resize(self.0.len().max(other.0.len()), 0);
        self.0.iter_mut().zip(&other.0).for_each(|(all, own)| *all |= own);
    }
}

/// What the values of a column are, holes aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnKind {
    /// Numbers.
    Numbers,
    /// Numbers without decimals.
    WholeNumbers,
    /// Few different texts.
    Classes,
    /// Many different texts.
    Texts,
    /// Texts, or whole numbers that are named so, of which nearly every row has its own.
    Identifiers,
    /// Days.
    Dates,
    /// One value in all rows.
    Constant,
    /// The number of the row.
    Counter,
    /// Numbers and texts.
    Mixed,
    /// No values.
    Empty,
}

impl ColumnSurvey {
    /// Of a column as it was read, with its number in every row, NaN where there is none; `line` says in which line a row is
    /// that starts at a byte.
    pub(super) fn of(column: &Column, values: &[f64], line: &dyn Fn(u64) -> u64) -> Self {
        let mut numbers: Vec<f64> = values.iter().copied().filter(|x| !x.is_nan()).collect();
        numbers.sort_unstable_by(f64::total_cmp);
        let runs: Vec<(f64, usize)> = numbers.chunk_by(|a, b| a == b).map(|run| (run[0], run.len())).collect();
        let counted = counted_texts(column);
        let first = |start: &(u64, String)| (line(start.0), shown(&start.1));
        let distinct = runs.len() + column.words.len() + usize::from(column.has_too_many);
        let mut surveyed = Self {
            name: column.name.clone(),
            kind: ColumnKind::Empty,
            numbers: column.numbers,
            texts: column.texts.count,
            holes: column.missing.count,
            first_hole: column.missing.first.first().map(|start| line(start.0)),
            spellings: column.spellings.iter().map(|(spelling, count)| (short_text(spelling), *count)).collect(),
            trouble: trouble(column),
            doubt: doubt(column, line),
            first_text: column.texts.first.first().map(first),
            distinct,
            range: numbers.first().zip(numbers.last()).map(|(least, most)| [*least, middle(&numbers), *most]),
            commonest: if column.texts.count > 0 { counted.clone() } else { commonest_numbers(&runs) },
            sketch: if column.texts.count > 0 { bars_of_texts(&counted) } else { bars_of_numbers(&runs) },
            gaps: RowSet::default(),
            others: None,
            classes: classes(column, values, &runs),
        };
        surveyed.commonest.truncate(NAMED);
        let most =
            runs.iter().max_by_key(|run| run.1).filter(|run| 2 * run.1 > numbers.len() && column.texts.count == 0);
        surveyed.others =
            most.map(|(most, _)| RowSet::of(values.len(), |row| !values[row].is_nan() && values[row] != *most));
        surveyed.kind = surveyed.kind_of(column, values);
        if column.texts.count > 0
            && matches!(surveyed.kind, ColumnKind::Identifiers | ColumnKind::Dates | ColumnKind::Mixed)
        {
            // Each bar would be a row.
            surveyed.sketch.clear();
        }
        surveyed
    }

    /// With the rows that have no value: those without a number, of a column of numbers, and those without a text.
    pub(super) fn with_gaps(mut self, rows: usize, is_hole: impl Fn(usize) -> bool) -> Self {
        // Which rows hold the texts beyond those that can be told apart is not known.
        if self.holes > 0 && !self.has_too_many_texts() {
            self.gaps = RowSet::of(rows, is_hole);
        }
        self
    }

    fn kind_of(&self, column: &Column, values: &[f64]) -> ColumnKind {
        match column.content() {
            Content::Nothing => ColumnKind::Empty,
            Content::Both => ColumnKind::Mixed,
            _ if self.distinct == 1 => ColumnKind::Constant,
            Content::Texts if are_dates(column) => ColumnKind::Dates,
            Content::Texts if self.is_nearly_one_each() => ColumnKind::Identifiers,
            Content::Texts if self.distinct <= FEW => ColumnKind::Classes,
            Content::Texts => ColumnKind::Texts,
            Content::Numbers if are_days(values) => ColumnKind::Dates,
            Content::Numbers if counts_rows(values) => ColumnKind::Counter,
            Content::Numbers if values.iter().any(|x| !x.is_nan() && x.fract() != 0.0) => ColumnKind::Numbers,
            Content::Numbers if self.is_nearly_one_each() && is_named_identifier(&self.name) => ColumnKind::Identifiers,
            Content::Numbers => ColumnKind::WholeNumbers,
        }
    }

    /// Whether nearly every row has a value of its own.
    fn is_nearly_one_each(&self) -> bool {
        self.distinct > MOST_TEXTS || self.distinct >= MANY && 2 * self.distinct > self.numbers + self.texts
    }

    /// Its values in short: least, middle and largest of many numbers, else the commonest and how often each occurs.
    #[must_use]
    pub fn in_short(&self) -> String {
        match (self.range, self.kind) {
            (Some([least, ..]), ColumnKind::Constant) => short(least),
            (Some(range), _) if self.texts == 0 && self.distinct > 2 => range.map(short).join(" · "),
            (_, ColumnKind::Identifiers | ColumnKind::Dates) if self.first_text.is_some() => {
                self.first_text.as_ref().map(|(_, text)| format!("{} …", text.replace('`', ""))).unwrap_or_default()
            }
            _ => {
                let named = self.commonest.iter().map(|(value, count)| format!("{value} {count}×"));
                let more = if self.distinct > self.commonest.len() { Some("…".to_owned()) } else { None };
                named.chain(more).collect::<Vec<_>>().join(", ")
            }
        }
    }

    /// Whether it holds numbers and nothing else.
    #[must_use]
    pub fn holds_numbers(&self) -> bool {
        self.numbers > 0 && self.texts == 0
    }

    /// Whether it holds texts and nothing else.
    #[must_use]
    pub fn holds_texts(&self) -> bool {
        self.texts > 0 && self.numbers == 0
    }

    /// Whether every number is a whole one.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        !matches!(self.kind, ColumnKind::Numbers | ColumnKind::Mixed)
    }

    /// Whether a column of numbers has one and the same in all of these rows, as far as they have one.
    #[must_use]
    pub fn is_level_in(&self, rows: &[usize]) -> bool {
        self.others.as_ref().is_some_and(|others| !rows.iter().any(|row| others.has(*row)))
    }

    /// Which of its values each of these rows has, as a number from 0, where its values can be classes.
    #[must_use]
    pub fn classes_of(&self, rows: &[usize]) -> Option<Vec<f64>> {
        let of = |row: &usize| self.classes.get(*row).map(|class| f64::from(*class));
        rows.iter().map(of).collect()
    }

    /// More different texts than can be told apart.
    #[must_use]
    pub fn has_too_many_texts(&self) -> bool {
        self.texts > 0 && self.distinct > MOST_TEXTS
    }
}

impl Survey {
    /// The rows that have a value in each of these columns.
    pub fn whole_rows<'a>(&'a self, columns: impl Iterator<Item = &'a ColumnSurvey>) -> impl Iterator<Item = usize> {
        let mut gaps = RowSet::default();
        columns.for_each(|column| gaps.add(&column.gaps));
        (0..self.rows).filter(move |row| !gaps.has(*row))
    }

    /// What it is written in: "fields separated by semicolons, decimals behind points, UTF-8, names in the first row".
    #[must_use]
    pub fn dialect(&self) -> String {
        let decimals = if self.has_decimal_comma { "commas" } else { "points" };
        let names = if self.has_header { "names in the first row" } else { "no names" };
        let separator = self.separator.in_words();
        format!("fields separated by {separator}, decimals behind {decimals}, {}, {names}", self.encoding)
    }
}

impl ColumnKind {
    /// In a word or two, with how many different values there are where that says something.
    #[must_use]
    pub fn in_words(self, distinct: usize) -> String {
        let many = if distinct > MOST_TEXTS { format!("over {MOST_TEXTS}") } else { distinct.to_string() };
        match self {
            Self::Numbers => "numbers".to_owned(),
            Self::WholeNumbers => "whole numbers".to_owned(),
            Self::Classes => format!("{many} classes"),
            Self::Texts => format!("{many} texts"),
            Self::Identifiers => "identifiers".to_owned(),
            Self::Dates => "dates".to_owned(),
            Self::Constant => "constant".to_owned(),
            Self::Counter => "counter".to_owned(),
            Self::Mixed => "mixed".to_owned(),
            Self::Empty => "empty".to_owned(),
        }
    }
}

/// A number in few letters.
fn short(number: f64) -> String {
    if number.fract() == 0.0 && number.abs() < 1e7 { fixed(number, 0) } else { typeset(number) }
}

/// The number in the middle of ascending ones; between two, their mean.
fn middle(ascending: &[f64]) -> f64 {
    let half = ascending.len() / 2;
    if ascending.len() % 2 == 1 { ascending[half] } else { f64::midpoint(ascending[half - 1], ascending[half]) }
}

/// Each text and how often it occurs, the commonest first; of equally common ones in the order of the alphabet.
fn counted_texts(column: &Column) -> Vec<(String, usize)> {
    let mut counts = vec![0; column.words.len()];
    column.codes.iter().for_each(|(_, code)| counts[*code] += 1);
    let mut counted: Vec<(String, usize)> =
        column.words.iter().map(|word| crate::data::display_text(word)).zip(counts).collect();
    counted.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    counted
}

fn commonest_numbers(runs: &[(f64, usize)]) -> Vec<(String, usize)> {
    let mut counted: Vec<(String, usize)> =
        runs.iter().filter(|_| runs.len() <= FEW).map(|(value, count)| (value.to_string(), *count)).collect();
    counted.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    counted
}

/// The class of every row: of texts that can be told apart, of numbers that are few.
fn classes(column: &Column, values: &[f64], runs: &[(f64, usize)]) -> Vec<u16> {
    let mut classes = vec![0; values.len()];
    match column.content() {
        Content::Texts if !column.has_too_many => {
            let (_, places) = column.sorted_words();
            let place = |code: usize| u16::try_from(places[code]).unwrap_or(u16::MAX);
            column.codes.iter().for_each(|(row, code)| classes[*row] = place(*code));
        }
        Content::Numbers if runs.len() <= FEW => {
            let place = |value: &f64| runs.partition_point(|(other, _)| other < value);
            classes.iter_mut().zip(values).for_each(|(class, value)| *class = u16::try_from(place(value)).unwrap_or(0));
        }
        _ => classes.clear(),
    }
    classes
}

fn bars_of_texts(counted: &[(String, usize)]) -> Vec<usize> {
    counted.iter().take(MOST_BARS).map(|(_, count)| *count).collect()
}

fn bars_of_numbers(runs: &[(f64, usize)]) -> Vec<usize> {
    let (Some((least, _)), Some((most, _))) = (runs.first(), runs.last()) else {
        return Vec::new();
    };
    if runs.len() <= MOST_BARS {
        return runs.iter().map(|(_, count)| *count).collect();
    }
    let mut bars = vec![0; MOST_BARS];
    for (value, count) in runs {
        // Halved, so that no difference is beyond the largest number there is.
        let place = (value / 2.0 - least / 2.0) / (most / 2.0 - least / 2.0) * MOST_BARS as f64;
        bars[(place as usize).min(MOST_BARS - 1)] += count;
    }
    bars
}

fn counts_rows(values: &[f64]) -> bool {
    let is_next = |pair: &[f64]| pair[1] == pair[0] + 1.0;
    values.len() >= MANY && values[0].abs() <= 1.0 && values.windows(2).all(is_next)
}

/// Whether a name says that a column tells rows apart: `id`, `Id`, `sample_id`, `PassengerId`, `customer no`.
fn is_named_identifier(name: &str) -> bool {
    let small = name.to_lowercase();
    let mut words = small.split(|letter: char| !letter.is_alphanumeric());
    let is_word = words.any(|word| ["id", "ids", "uuid", "index", "number", "no", "nr", "code", "key"].contains(&word));
    is_word || name.ends_with("Id") || name.ends_with("ID")
}

/// Why texts that have numbers in them are no numbers.
fn trouble(column: &Column) -> Option<&'static str> {
    let begins_with_number = |word: &String| {
        let rest = word.trim_start_matches(|letter: char| "+-−<>≤≥~=(\"'".contains(letter) || letter.is_whitespace());
        rest.starts_with(|letter: char| letter.is_ascii_digit())
    };
    if column.texts.count > 0 && column.hints.only_point > 0 && column.hints.only_comma > 0 {
        return Some("its decimals stand behind points in some rows and behind commas in others");
    }
    match column.content() {
        Content::Both if column.hints.has_several_units() => {
            Some("some of its numbers have a unit, and others another one or none")
        }
        Content::Texts if !are_dates(column) && !column.has_too_many && column.words.iter().all(begins_with_number) => {
            Some("each begins with a number, and has something more that is no unit known here")
        }
        _ => None,
    }
}

/// Whether whole numbers are days as `20240531`, of several months or days.
fn are_days(values: &[f64]) -> bool {
    let is_day = |value: f64| {
        let (day, month) = (value % 100.0, (value / 100.0).floor() % 100.0);
        (19_000_101.0..21_000_000.0).contains(&value)
            && value.fract() == 0.0
            && (1.0..=31.0).contains(&day)
            && (1.0..=12.0).contains(&month)
    };
    let mut known = values.iter().copied().filter(|value| !value.is_nan()).peekable();
    let first = known.peek().copied();
    values.len() >= MANY && first.is_some() && known.clone().any(|value| Some(value) != first) && known.all(is_day)
}

/// Whether nine of ten different texts are days.
fn are_dates(column: &Column) -> bool {
    let dates = column.words.iter().filter(|word| is_date(word)).count();
    dates * 10 >= column.words.len() * 9
}

#[cfg(test)]
mod tests {
    use super::super::{Reading, survey};
    use super::*;

    fn surveyed(text: &str) -> Survey {
        survey(text.as_bytes(), "rows.csv", &Reading::default(), &|| true).unwrap().unwrap()
    }

    fn kinds(survey: &Survey) -> Vec<ColumnKind> {
        survey.columns.iter().map(|column| column.kind).collect()
    }

    #[test]
    fn days_and_what_is_nearly_a_number_are_told() {
        let mut text = "day,month,weight,rate,odd\n".to_owned();
        for row in 1..25 {
            let rate = if row % 2 == 0 { format!("{row}%") } else { row.to_string() };
            let odd = if row % 2 == 0 { format!("{row}.25") } else { format!("{row},5") };
            text += &format!("202405{row:02},{row}-Mar-24,{row} stone,{rate},\"{odd}\"\n");
        }
        let found = surveyed(&text);
        use ColumnKind::{Dates, Identifiers, Mixed};
        assert_eq!(kinds(&found), [Dates, Dates, Identifiers, Mixed, Mixed]);
        let troubles: Vec<&str> = found.columns.iter().map(|column| column.trouble.unwrap_or_default()).collect();
        assert!(troubles[2].contains("no unit known here") && troubles[3].contains("a unit"), "{troubles:?}");
        assert!(troubles[4].contains("behind points in some rows and behind commas in others"), "{troubles:?}");
    }

    #[test]
    fn columns_are_told_apart_by_their_values() {
        let mut text = "n,PassengerId,length,count,sort,name,day,same,odd,none\n".to_owned();
        for row in 0..24 {
            let (id, length, count) = (900 - 7 * row, f64::from(row * row) / 8.0, row % 9);
            let sort = ["oak", "elm", "ash"][row as usize % 3];
            let odd = if row == 4 { "many".to_owned() } else { row.to_string() };
            text += &format!("{row},{id},{length},{count},{sort},name {id},2024-05-{},1,{odd},NA\n", row + 1);
        }
        let found = surveyed(&text);
        use ColumnKind::{
            Classes, Constant, Counter, Dates, Empty, Identifiers, Mixed, Numbers, WholeNumbers as Whole,
        };
        let expected = [Counter, Identifiers, Numbers, Whole, Classes, Identifiers, Dates, Constant, Mixed, Empty];
        assert_eq!(kinds(&found), expected);
        assert_eq!((found.rows, found.has_header), (24, true));
        let odd = &found.columns[8];
        assert_eq!((odd.numbers, odd.texts, odd.first_text.clone()), (23, 1, Some((6, "`many`".to_owned()))));
        assert_eq!(found.columns[9].first_hole, Some(2));
    }

    #[test]
    fn numbers_are_summed_up_as_by_hand() {
        let found = surveyed("a,b,c\n1,x,10\n2,y,\n4,x,30\n9,,40\n");
        let [a, b, c] = &found.columns[..] else { panic!("three columns") };
        // Of 1, 2, 4, 9 the middle is between 2 and 4; of 10, 30, 40 it is 30.
        assert_eq!((a.range, c.range), (Some([1.0, 3.0, 9.0]), Some([10.0, 30.0, 40.0])));
        assert_eq!((b.holes, c.holes, b.first_hole, c.first_hole), (1, 1, Some(5), Some(3)));
        assert_eq!(b.commonest, [("x".to_owned(), 2), ("y".to_owned(), 1)]);
        assert_eq!(b.sketch, [2, 1]);
        assert_eq!(found.whole_rows([a].into_iter()).count(), 4);
        assert_eq!(found.whole_rows([a, b].into_iter()).collect::<Vec<_>>(), [0, 1, 2]);
        assert_eq!(found.whole_rows([a, b, c].into_iter()).count(), 2);
    }

    #[test]
    fn a_sketch_has_equal_steps() {
        let rows: String = (0..120).map(|k| format!("{},{}\n", k, f64::from(k * k))).collect();
        let found = surveyed(&format!("a,b\n{rows}"));
        // 0 to 119 in twelve steps of 119/12.
        assert_eq!(found.columns[0].sketch, [10; 12]);
        // k² < j 119²/12 where k < 119 √(j/12): 34.4, 48.6, 59.5, 68.7, 76.8, 84.1, 90.9, 97.2, 103.1, 108.6, 113.9.
        assert_eq!(found.columns[1].sketch, [35, 14, 11, 9, 8, 8, 6, 7, 6, 5, 5, 6]);
        let huge = surveyed(&format!(
            "a,b\n{}",
            (0..20).map(|k| format!("{k},{}\n", 1.7e308 * (1.0 - f64::from(k) / 10.0))).collect::<String>()
        ));
        assert_eq!(huge.columns[1].sketch.iter().sum::<usize>(), 20);
    }

    #[test]
    fn gaps_are_counted_beyond_a_word() {
        let rows: String = (0..200).map(|k| format!("{}1,{}\n", if k % 3 == 0 { "?," } else { "2," }, k % 5)).collect();
        let found = surveyed(&format!("a,b,c\n{rows}"));
        assert_eq!(found.whole_rows(found.columns.iter()).count(), 133);
    }

    #[test]
    fn columns_are_level_where_all_have_the_commonest_number() {
        let found = surveyed("a,b\n0,1\n0,2\n7,3\n0,4\n,5\n0,6\n");
        assert!(found.columns[0].is_level_in(&[0, 1, 3, 4]) && !found.columns[0].is_level_in(&[0, 2]));
        assert!(!found.columns[1].is_level_in(&[0]), "nothing is known of columns of many numbers");
    }

    #[test]
    fn classes_are_numbered_in_their_order() {
        let found = surveyed("a,b,c\nelm,7,0.5\noak,3,1.5\nash,7,\n,9,2.5\n");
        let of = |column: usize| found.columns[column].classes_of(&[0, 1, 2]);
        assert_eq!((of(0), of(1)), (Some(vec![1.0, 2.0, 0.0]), Some(vec![1.0, 0.0, 1.0])));
        let many = surveyed(&format!("a,b\n{}", (0..30).map(|k| format!("{k},{k}.5\n")).collect::<String>()));
        assert_eq!(many.columns[1].classes_of(&[0]), None);
    }
}
