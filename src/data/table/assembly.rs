//! What is left of the entries of a table, as the numbers of a data set.

use super::cell::short;
use super::column::{Column, Content};
use super::entries::{Entries, Role};
use super::error::bracketed;
use super::gathered::Gathered;
use super::reading::{Missing, Reading, Texts};
use crate::data::{Note, display_text};
use crate::math::Matrix;
use crate::math::number::counted;

/// The columns that are used, by their places in a row.
struct Sheet<'a> {
    entries: &'a Entries,
    /// Which columns of the file.
    used: Vec<usize>,
    /// The different texts of each, sorted.
    words: Vec<Vec<String>>,
    /// Which of them a row has; empty for a column without texts.
    texts: Vec<Vec<Option<usize>>>,
}

impl<'a> Sheet<'a> {
    fn of(entries: &'a Entries) -> Self {
        let used = (0..entries.roles.len()).filter(|index| entries.roles[*index] != Role::LeftOut).collect();
        let mut sheet = Self { entries, used, words: Vec::new(), texts: Vec::new() };
        for column in sheet.used.iter().map(|index| &entries.columns[*index]) {
            let (sorted, places) = column.sorted_words();
            let mut texts = if column.codes.is_empty() { Vec::new() } else { vec![None; entries.rows] };
            column.codes.iter().for_each(|(row, code)| texts[*row] = Some(places[*code]));
            sheet.texts.push(texts);
            sheet.words.push(sorted);
        }
        sheet
    }

    fn column(&self, place: usize) -> &Column {
        &self.entries.columns[self.used[place]]
    }

    fn is_target(&self, place: usize) -> bool {
        self.entries.roles[self.used[place]] == Role::Target
    }

    fn is_weight(&self, place: usize) -> bool {
        self.entries.roles[self.used[place]] == Role::Weight
    }

    fn holds_texts(&self, place: usize) -> bool {
        self.column(place).content() == Content::Texts
    }

    /// NaN where there is none.
    fn number(&self, row: usize, place: usize) -> f64 {
        self.entries.numbers[row * self.used.len() + place]
    }

    fn is_hole(&self, row: usize, place: usize) -> bool {
        if self.holds_texts(place) { self.texts[place][row].is_none() } else { self.number(row, place).is_nan() }
    }

    /// Why a column is no feature whatever it is called.
    fn why_passed(&self, place: usize, reading: &Reading) -> Option<&'static str> {
        match self.column(place).content() {
            _ if self.is_target(place) || self.is_weight(place) => None,
            _ if self.column(place).is_nothing() => Some("it has neither a name nor values"),
            Content::Nothing => Some("it has no values"),
            Content::Texts if reading.texts == Texts::LeaveOut => Some("it holds texts"),
            _ => None,
        }
    }

    /// The columns whose holes leave out their rows: all that are used, or the target, which nothing fills in.
    fn deciding(&self, reading: &Reading) -> Vec<usize> {
        let decides = |place: &usize| match reading.missing {
            Missing::Refuse => false,
            Missing::LeaveOut => self.why_passed(*place, reading).is_none(),
            Missing::Mean | Missing::Median | Missing::Class => self.is_target(*place),
        };
        (0..self.used.len()).filter(decides).collect()
    }

    /// The rows that are kept, and why others are not: "5 of 24 rows left out: holes in `width` (2), `mass` (3)".
    fn rows(&self, reading: &Reading) -> (Vec<usize>, Option<String>) {
        let deciding = self.deciding(reading);
        let mut holes = vec![0_usize; deciding.len()];
        let mut is_whole = |row: &usize| {
            let mut is_whole = true;
            for (count, place) in holes.iter_mut().zip(&deciding) {
                let is_hole = self.is_hole(*row, *place);
                *count += usize::from(is_hole);
                is_whole &= !is_hole;
            }
            is_whole
        };
        let rows: Vec<usize> = (0..self.entries.rows).filter(|row| is_whole(row)).collect();
        let lost = self.entries.rows - rows.len();
        let counts = deciding.iter().zip(&holes).filter(|(_, count)| **count > 0);
        let named = counts.map(|(place, count)| format!("`{}` ({count})", self.column(*place).called()));
        let why = || {
            format!("{lost} of {} rows left out: holes in {}", self.entries.rows, listed(&named.collect::<Vec<_>>()))
        };
        (rows, (lost > 0).then(why))
    }

    fn entry(&self, row: usize, part: &Part) -> f64 {
        match *part {
            Part::Number(place) => self.number(row, place),
            Part::IsText { place, code } => {
                f64::from(self.texts[place][row].unwrap_or(self.words[place].len()) == code)
            }
            Part::IsMissing(place) => f64::from(self.number(row, place).is_nan()),
        }
    }
}

/// Where the entry of a feature comes from.
enum Part {
    /// The number at this place of a row; a hole stays one.
    Number(usize),
    /// 1 where the row's text is this one. Of a hole it is the last.
    IsText { place: usize, code: usize },
    /// 1 where there is no number at this place.
    IsMissing(usize),
}

impl Part {
    fn place(&self) -> usize {
        match *self {
            Self::Number(place) | Self::IsText { place, .. } | Self::IsMissing(place) => place,
        }
    }
}

/// The rows and columns that are left, as numbers.
#[derive(Default)]
pub(super) struct Assembly {
    /// Rows of the file.
    pub(super) rows: Vec<usize>,
    pub(super) names: Vec<String>,
    /// The column that each comes from.
    pub(super) origins: Vec<String>,
    pub(super) targets: Vec<f64>,
    /// Empty where all rows count alike.
    pub(super) weights: Vec<f64>,
    pub(super) class_names: Vec<String>,
    /// Features that stand for texts and holes.
    pub(super) made: Vec<usize>,
    /// What was left out, and what became of texts.
    pub(super) said: Gathered,
    parts: Vec<Part>,
}

impl Assembly {
    pub(super) fn of(entries: &Entries, reading: &Reading) -> Self {
        let sheet = Sheet::of(entries);
        let (rows, lost) = sheet.rows(reading);
        let mut assembly = Self { rows, ..Self::default() };
        if let Some(lost) = lost {
            assembly.said.say("rows", String::new(), Note::remark(lost));
        }
        for place in 0..sheet.used.len() {
            if sheet.is_target(place) {
                assembly.take_target(&sheet, place);
            } else if sheet.is_weight(place) {
                assembly.weights = assembly.rows.iter().map(|row| sheet.number(*row, place)).collect();
                let said = format!("`{}` says how much each row counts", sheet.column(place).called());
                assembly.said.say("weights", String::new(), Note::remark(said));
            } else if let Some(why) = sheet.why_passed(place, reading) {
                let label = format!("`{}`", sheet.column(place).called());
                let said = Note::remark(format!("{label} left out: {why}"));
                assembly.said.say(why, label, said);
            } else if sheet.holds_texts(place) {
                assembly.take_texts(&sheet, place, reading);
            } else {
                assembly.take_numbers(&sheet, place, reading);
            }
        }
        assembly.origins = assembly.parts.iter().map(|part| sheet.column(part.place()).name.clone()).collect();
        let is_made = |index: &usize| !matches!(assembly.parts[*index], Part::Number(_));
        assembly.made = (0..assembly.parts.len()).filter(is_made).collect();
        assembly
    }

    /// The numbers of the features, row by row: those that were read, moved together in the memory they are in, unless
    /// some are made.
    pub(super) fn numbers(&self, entries: Entries) -> Vec<f64> {
        let place = |part: &Part| if let Part::Number(place) = part { Some(*place) } else { None };
        let Some(places) = self.parts.iter().map(place).collect::<Option<Vec<usize>>>() else {
            let sheet = Sheet::of(&entries);
            let mut numbers = Vec::with_capacity(self.rows.len() * self.parts.len());
            for row in &self.rows {
                numbers.extend(self.parts.iter().map(|part| sheet.entry(*row, part)));
            }
            return numbers;
        };
        let width = entries.roles.iter().filter(|role| **role != Role::LeftOut).count();
        let mut numbers = entries.numbers;
        let mut to = 0;
        for row in &self.rows {
            for place in &places {
                // What is left of a row never stands behind where it was read.
                numbers[to] = numbers[row * width + place];
                to += 1;
            }
        }
        numbers.truncate(to);
        numbers.shrink_to_fit();
        numbers
    }

    fn take_target(&mut self, sheet: &Sheet<'_>, place: usize) {
        if sheet.holds_texts(place) {
            self.say_of_texts(sheet, place);
            self.class_names = sheet.words[place].iter().map(|word| display_text(word)).collect();
        }
        let code = |row: usize| sheet.texts[place].get(row).map(|code| code.unwrap_or(0) as f64);
        self.targets = self.rows.iter().map(|row| code(*row).unwrap_or_else(|| sheet.number(*row, place))).collect();
    }

    /// One column for each different text, and one for none, where there are holes; of the first text none, where that is
    /// told by the others.
    fn take_texts(&mut self, sheet: &Sheet<'_>, place: usize, reading: &Reading) {
        let name = &sheet.column(place).name;
        self.say_of_texts(sheet, place);
        let has_holes = self.rows.iter().any(|row| sheet.is_hole(*row, place));
        let mut classes: Vec<String> = sheet.words[place].iter().map(|word| display_text(word)).collect();
        classes.extend(has_holes.then(|| "missing".to_owned()));
        // One text alone is a column of ones, whichever way it is read.
        let dropped = usize::from(reading.texts == Texts::DropFirst && classes.len() > 1);
        let kept = classes.len() - dropped;
        let (count, called) = (counted(kept, "column"), sheet.column(place).called());
        let label = format!("`{called}` ({kept})");
        let but = if dropped > 0 { format!(" but `{}`", classes[0]) } else { String::new() };
        let holes = if has_holes { ", and one for rows that have none" } else { "" };
        let said = format!("`{called}` became {count}, one for each of its texts{but}{holes}");
        self.said.say("texts", label, Note::remark(said));
        self.parts.extend((dropped..classes.len()).map(|code| Part::IsText { place, code }));
        self.names.extend(classes.into_iter().skip(dropped).map(|class| format!("{name}={class}")));
    }

    /// Which of its texts count as missing, and which differ in nothing but capitals.
    fn say_of_texts(&mut self, sheet: &Sheet<'_>, place: usize) {
        let column = sheet.column(place);
        let name = &column.called();
        if !column.spellings.is_empty() {
            let counted: Vec<String> =
                column.spellings.iter().map(|(spelling, count)| format!("`{}` ({count})", short(spelling))).collect();
            let said = Note::remark(format!("`{name}`: {} counted as missing", listed(&counted)));
            self.said.say("spellings", format!("`{name}` ({})", listed(&counted)), said);
        }
        let mut plain: Vec<(String, &String)> =
            sheet.words[place].iter().map(|word| (word.to_lowercase().replace([' ', '_', '-'], ""), word)).collect();
        plain.sort();
        if let Some(pair) = plain.windows(2).find(|pair| pair[0].0 == pair[1].0) {
            let (first, second) = (short(pair[0].1), short(pair[1].1));
            let words = format!("`{name}` holds `{first}` and `{second}`, which count as two different texts");
            self.said.say("twins", format!("`{name}`"), Note::warning(words));
        }
    }

    fn take_numbers(&mut self, sheet: &Sheet<'_>, place: usize, reading: &Reading) {
        let name = &sheet.column(place).name;
        let has_holes = || self.rows.iter().any(|row| sheet.is_hole(*row, place));
        let first = self.rows.first().map(|row| sheet.number(*row, place));
        let is_level = |first: f64| self.rows.iter().all(|row| sheet.number(*row, place) == first);
        if let Some(level) = first.filter(|first| reading.leaves_out_constants && is_level(*first)) {
            let called = sheet.column(place).called();
            let said = format!("`{called}` left out: it is {level} in all rows");
            self.said.say("constant", format!("`{called}`"), Note::remark(said));
            return;
        }
        let tells_holes = reading.missing == Missing::Class && has_holes();
        self.names.push(name.clone());
        self.parts.push(Part::Number(place));
        if tells_holes {
            self.names.push(format!("{name} missing"));
            self.parts.push(Part::IsMissing(place));
        }
    }
}

/// The first dozen of some words.
fn listed(words: &[String]) -> String {
    const MOST: usize = 12;
    let more = if words.len() > MOST { format!(" and {} more", words.len() - MOST) } else { String::new() };
    format!("{}{more}", words.iter().take(MOST).cloned().collect::<Vec<_>>().join(", "))
}

/// Numbers that stand for no value in some files.
const SENTINELS: [f64; 9] = [-99.0, -200.0, -999.0, -9999.0, -99999.0, 999.0, 9999.0, 99999.0, 999_999.0];

/// A number that stands for no value in some files, and how often, where it is further from all others than these are from
/// one another.
fn sentinel(column: &[f64]) -> Option<(f64, usize)> {
    let known = column.iter().filter(|x| !x.is_nan());
    let (low, high) =
        known.clone().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (low.min(*x), high.max(*x)));
    let of = |end: f64| {
        let others = known.clone().filter(|x| **x != end);
        let (least, most) =
            others.fold((f64::INFINITY, f64::NEG_INFINITY), |(least, most), x| (least.min(*x), most.max(*x)));
        let count = known.clone().filter(|x| **x == end).count();
        let is_far = (end - least).abs().min((end - most).abs()) > 2.0 * (most - least) && most > least;
        (SENTINELS.contains(&end) && is_far && count > 1).then_some((end, count))
    };
    of(low).or_else(|| of(high))
}

/// The least and the largest number of each column, in one pass over the rows: columns lie far apart in memory.
fn ends(features: &Matrix) -> Vec<(f64, f64)> {
    let mut ends = vec![(f64::INFINITY, f64::NEG_INFINITY); features.columns()];
    for row in 0..features.rows() {
        for ((low, high), x) in ends.iter_mut().zip(features.row(row)) {
            *low = low.min(*x);
            *high = high.max(*x);
        }
    }
    ends
}

/// Fewer rows are in order by chance.
const MANY: usize = 10;

/// Features that hardly can be meant: counters of rows, and the target itself.
/// `columns` are those of the file that features come from.
pub(super) fn suspicions(
    (features, names, columns): (&Matrix, &[String], &[String]),
    targets: &[f64],
    target: &str,
) -> Vec<Note> {
    // Fewer rows agree by chance.
    if targets.len() < 4 {
        return Vec::new();
    }
    // Most columns are told apart by their first rows, and by their ends.
    let counts = |index: usize| {
        let follows = |row: usize| features[(row, index)] == features[(row - 1, index)] + 1.0;
        features.rows() >= MANY && features[(0, index)].abs() <= 1.0 && (1..features.rows()).all(follows)
    };
    let copies = |index: usize| targets.iter().enumerate().all(|(row, target)| features[(row, index)] == *target);
    let ends = ends(features);
    let sentinel_of = |index: usize| {
        let (low, high) = ends[index];
        let is_likely = SENTINELS.contains(&low) || SENTINELS.contains(&high);
        is_likely.then(|| sentinel(&features.column(index))).flatten()
    };
    let mut gathered = Gathered::default();
    for (index, (name, from)) in names.iter().zip(columns).enumerate() {
        let without = bracketed(std::slice::from_ref(from));
        let (about, words) = if counts(index) {
            ("counter", format!("the feature `{name}` counts the rows; `leave_out: {without}` goes on without it"))
        } else if copies(index) {
            let words = format!("the feature `{name}` is a copy of the target `{target}`");
            ("copy", format!("{words}; `leave_out: {without}` goes on without it"))
        } else if let Some(found) = sentinel_of(index) {
            ("sentinel", asked_about(&format!("`{name}`"), found))
        } else {
            continue;
        };
        gathered.say(about, format!("`{name}`"), Note::warning(words));
    }
    if let Some(found) = sentinel(targets) {
        let words = asked_about(&format!("the target `{target}`"), found);
        gathered.say("sentinel of the target", String::new(), Note::warning(words));
    }
    gathered.notes()
}

/// The question whether a number stands for no value.
fn asked_about(column: &str, (number, count): (f64, usize)) -> String {
    let words = format!("{column} is {number} in {}, far from all others", counted(count, "row"));
    format!("{words}: is that a missing value? `missing_values: [\"{number}\"]` takes it for one")
}
