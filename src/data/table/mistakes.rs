//! Entries that cannot be used, and what can be done about them.

use super::cell::{short, shown};
use super::column::{Column, Content, Tally};
use super::entries::{Entries, Role};
use super::error::bracketed;
use super::manners::read;
use super::number::Notation;
use super::reading::{Decimal, Missing, Reading, Texts};
use crate::data::display_text;
use crate::math::number::counted;

/// What is the matter with entries of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// They say no value, and nothing fills them.
    Holes,
    /// They are texts, in a column of texts.
    Texts,
    /// They are dates.
    Dates,
    /// They are texts, and nearly every row has its own.
    Identifiers,
    /// They are texts among numbers.
    Strays,
    /// They can be read in two ways.
    Ambiguous,
    /// They are weights below 0.
    Negative,
}

/// Entries of a column that cannot be used, all of one kind.
pub(super) struct Mistake<'a> {
    pub(super) column: &'a Column,
    role: Role,
    pub(super) kind: Kind,
}

/// All of them.
pub(super) fn mistakes<'a>(entries: &'a Entries, reading: &Reading) -> Vec<Mistake<'a>> {
    let of_column = |(column, role): (&'a Column, Role)| {
        let kinds =
            if role == Role::Weight { of_weights(column, reading) } else { of(column, role == Role::Target, reading) };
        kinds.into_iter().map(move |kind| Mistake { column, role, kind })
    };
    entries.used().flat_map(of_column).collect()
}

/// What of a column of weights cannot be used.
fn of_weights(column: &Column, reading: &Reading) -> Vec<Kind> {
    let found = [
        (Kind::Holes, column.missing.count > 0 && reading.missing != Missing::LeaveOut),
        (Kind::Strays, column.texts.count > 0),
        (Kind::Negative, column.negative.count > 0),
        (Kind::Ambiguous, column.is_ambiguous),
    ];
    found.into_iter().filter(|(_, is_so)| *is_so).map(|(kind, _)| kind).collect()
}

/// What of a column cannot be used.
fn of(column: &Column, is_target: bool, reading: &Reading) -> Vec<Kind> {
    let content = column.content();
    let is_passed = !is_target && content == Content::Texts && reading.texts == Texts::LeaveOut;
    if column.is_nothing() && !is_target || is_passed {
        return Vec::new();
    }
    let mut kinds = Vec::new();
    // A target that is nothing but holes has to be said whatever becomes of them.
    let refuses_holes = reading.missing == Missing::Refuse || is_target && content == Content::Nothing;
    if refuses_holes && column.missing.count > 0 {
        kinds.push(Kind::Holes);
    }
    if column.is_ambiguous {
        kinds.push(Kind::Ambiguous);
    }
    match content {
        Content::Both => kinds.push(Kind::Strays),
        Content::Texts if !is_target && reading.texts == Texts::Refuse => kinds.push(kind_of_texts(column)),
        _ => {}
    }
    kinds
}

fn kind_of_texts(column: &Column) -> Kind {
    if column.holds_dates() {
        Kind::Dates
    } else if column.tells_rows_apart() {
        Kind::Identifiers
    } else {
        Kind::Texts
    }
}

impl Mistake<'_> {
    fn tally(&self) -> &Tally {
        match self.kind {
            Kind::Holes => &self.column.missing,
            Kind::Negative => &self.column.negative,
            _ => &self.column.texts,
        }
    }

    /// The entry at fault, where it is a single one that a short message can name.
    pub(super) fn single(&self) -> Option<&(u64, String)> {
        let is_plain = !matches!(self.kind, Kind::Dates | Kind::Identifiers | Kind::Ambiguous);
        self.tally().first.first().filter(|_| is_plain && self.tally().count == 1)
    }

    /// What was expected instead.
    pub(super) fn expected(&self) -> &'static str {
        match self.role {
            Role::Weight => "a weight of at least 0",
            Role::Target if self.column.content() == Content::Texts => "the name of a class",
            _ => "a finite number",
        }
    }

    /// How many entries, and the first of them: "`width` 2 missing values, the first in line 4".
    pub(super) fn in_words(&self, line: impl Fn(u64) -> u64) -> String {
        let (name, tally) = (self.column.called(), self.tally());
        let first = tally.first.first().map_or_else(String::new, |(start, entry)| {
            if self.kind == Kind::Holes {
                format!("the first in line {}", line(*start))
            } else {
                format!("the first in line {}: {}", line(*start), shown(entry))
            }
        });
        match self.kind {
            Kind::Holes => format!("`{name}` {}, {first}", counted(tally.count, "missing value")),
            Kind::Texts | Kind::Identifiers => format!("`{name}` {}, {first}", counted(tally.count, "text")),
            Kind::Negative => format!("`{name}` {}, {first}", counted(tally.count, "negative weight")),
            Kind::Dates => format!("`{name}` {}, {first}", counted(tally.count, "date")),
            Kind::Strays => {
                let place = |(start, entry): &(u64, String)| format!("{} in line {}", shown(entry), line(*start));
                let mut places = tally.first.iter().map(place).collect::<Vec<_>>().join(", ");
                if tally.count > tally.first.len() {
                    places.push_str(", …");
                }
                let (texts, numbers) = (counted(tally.count, "text"), counted(self.column.numbers, "number"));
                format!("`{name}` {texts} among {numbers}: {places}")
            }
            Kind::Ambiguous => format!("`{name}` {}", two_ways(self.column, line)),
        }
    }
}

/// "3 numbers that may be read in two ways, the first in line 2: `1,000` is 1000 or 1".
fn two_ways(column: &Column, line: impl Fn(u64) -> u64) -> String {
    let count = counted(column.hints.either.iter().sum(), "number");
    let (start, entry) = column.hints.unsure.clone().unwrap_or_default();
    let (point, comma) = (read(&entry, Notation::Point), read(&entry, Notation::Comma));
    let (entry, line) = (short(&entry), line(start));
    format!("{count} that may be read in two ways, the first in line {line}: `{entry}` is {point} or {comma}")
}

/// The same where nothing says how the numbers of a column are to be read.
pub(super) fn doubt(column: &Column, line: impl Fn(u64) -> u64) -> Option<String> {
    column.is_ambiguous.then(|| two_ways(column, line))
}

/// Different texts among numbers that are few enough to be spelled out.
const FEW: usize = 6;

/// What can be done about them: followed together, nothing of them is left.
pub(super) fn help(mistakes: &[Mistake<'_>], entries: &Entries, reading: &Reading, is_first_row: bool) -> String {
    let mut ways = Vec::new();
    let named = |is: &dyn Fn(&Mistake<'_>) -> bool| -> Vec<String> {
        let found = mistakes.iter().filter(|mistake| mistake.role == Role::Feature && is(mistake));
        found.map(|mistake| mistake.column.name.clone()).collect()
    };
    if is_first_row {
        ways.push("`header: Present` takes the first row for names".to_owned());
    }
    let of_kind = |kind: Kind| mistakes.iter().filter(move |mistake| mistake.kind == kind);
    if let Some(mistake) = mistakes.iter().find(|mistake| mistake.role == Role::Weight && mistake.kind != Kind::Holes) {
        ways.push(format!("`weights` names another column than `{}`, or none", mistake.column.name));
    }
    if of_kind(Kind::Ambiguous).next().is_some() {
        ways.push(
            "`decimal: Point` takes commas before three digits for thousands, `decimal: Comma` for decimals".to_owned(),
        );
    }
    let is_other = |mistake: &Mistake<'_>| {
        let is_text = matches!(mistake.kind, Kind::Strays | Kind::Texts | Kind::Identifiers);
        other_notation(mistake.column, reading).filter(|_| is_text)
    };
    if let Some(notation) = mistakes.iter().find_map(is_other) {
        ways.push(format!("`decimal: {notation:?}` reads them"));
    }
    let is_stray = |mistake: &&Mistake<'_>| is_other(mistake).is_none() && !is_first_row;
    let rest: Vec<&Mistake<'_>> = of_kind(Kind::Strays).filter(is_stray).collect();
    ways.extend(help_with_strays(&rest, entries, reading));
    let texts = named(&|mistake| mistake.kind == Kind::Texts && is_other(mistake).is_none());
    if !texts.is_empty() {
        let list = bracketed(&texts);
        ways.push(format!(
            "`texts: OneHot` makes a column of each different text, `LeaveOut` or `leave_out: {list}` goes on without"
        ));
    }
    let told = named(&|mistake| matches!(mistake.kind, Kind::Dates | Kind::Identifiers) && is_other(mistake).is_none());
    if !told.is_empty() {
        let are_dates = of_kind(Kind::Dates).next().is_some();
        let what = match (are_dates, of_kind(Kind::Identifiers).next().is_some()) {
            (true, true) => "dates and identifiers are",
            (true, false) => "dates are",
            _ => "identifiers, with a text of its own in nearly every row, are",
        };
        ways.push(format!("{what} no features: `leave_out: {}`", bracketed(&told)));
    }
    ways.extend(help_with_holes(mistakes, entries, !rest.is_empty()));
    ways.join("; ")
}

/// The notation that makes numbers of the texts of a column, where the scenario has said another.
fn other_notation(column: &Column, reading: &Reading) -> Option<Notation> {
    let said = match reading.decimal {
        Decimal::Auto => return None,
        Decimal::Point => Notation::Point,
        Decimal::Comma => Notation::Comma,
    };
    (column.hints.said() == Some(said.other())).then(|| said.other())
}

/// Texts among numbers: few spellings can stand for no value, many make no column of numbers.
fn help_with_strays(strays: &[&Mistake<'_>], entries: &Entries, reading: &Reading) -> Vec<String> {
    let is_short = |word: &String| word.len() <= 40;
    let are_few = |mistake: &Mistake<'_>| {
        let column = mistake.column;
        let are_few = !column.has_too_many && column.words.len() <= FEW && column.words.iter().all(is_short);
        are_few && (column.texts.count <= column.numbers || mistake.role != Role::Feature) && !is_at_odds(column)
    };
    let mut spellings: Vec<String> = Vec::new();
    let mut many = Vec::new();
    for mistake in strays {
        if are_few(mistake) {
            let words = mistake.column.words.iter().map(|word| display_text(word));
            spellings.extend(words);
        } else {
            many.push(mistake);
        }
    }
    spellings.sort();
    spellings.dedup();
    let mut ways = Vec::new();
    if !spellings.is_empty() {
        let with = if reading.missing == Missing::Refuse {
            let lost = entries.rows_with_holes();
            if lost < entries.rows {
                format!(
                    ", with `missing: LeaveOut` or `Mean`: {lost} of {} rows have no value there or elsewhere",
                    entries.rows
                )
            } else {
                ", with `missing: Mean`".to_owned()
            }
        } else {
            String::new()
        };
        let spellings: Vec<String> = reading.missing_values.iter().cloned().chain(spellings).collect();
        ways.push(format!("`missing_values: {}` takes them for missing{with}", bracketed(&spellings)));
    }
    if let Some(mistake) = many.iter().find(|mistake| mistake.column.hints.has_several_units()) {
        ways.push(format!("the numbers of `{}` have different units, or some have none", mistake.column.name));
    }
    if let Some(mistake) = many.iter().find(|mistake| is_at_odds(mistake.column)) {
        let name = &mistake.column.name;
        ways.push(format!(
            "numbers of `{name}` have their decimals behind points in some rows and behind commas in others"
        ));
    }
    if many.iter().any(|mistake| mistake.role == Role::Target) && ways.is_empty() {
        ways.push("a target is numbers or names of classes, and not both".to_owned());
    }
    let names: Vec<String> = many
        .iter()
        .filter(|mistake| mistake.role == Role::Feature)
        .map(|mistake| mistake.column.name.clone())
        .collect();
    if !names.is_empty() {
        ways.push(format!("`leave_out: {}` goes on without", bracketed(&names)));
    }
    ways
}

/// Whether some numbers of a column have their decimals behind points, and others behind commas.
const fn is_at_odds(column: &Column) -> bool {
    column.hints.only_point > 0 && column.hints.only_comma > 0
}

fn help_with_holes(mistakes: &[Mistake<'_>], entries: &Entries, are_said: bool) -> Option<String> {
    let holes: Vec<&Mistake<'_>> = mistakes.iter().filter(|mistake| mistake.kind == Kind::Holes).collect();
    let target = holes.iter().find(|mistake| mistake.role == Role::Target);
    if let Some(target) = target.filter(|target| target.column.content() == Content::Nothing) {
        return Some(format!("nothing can be learned from `{}`, which has no values", target.column.name));
    }
    if holes.is_empty() || are_said {
        return None;
    }
    let of_nothing = |mistake: &&&Mistake<'_>| mistake.column.content() == Content::Nothing;
    let nothing: Vec<String> = holes.iter().filter(of_nothing).map(|mistake| mistake.column.name.clone()).collect();
    if holes.iter().any(|mistake| mistake.role == Role::Weight) {
        let (lost, rows) = (entries.rows_with_holes(), entries.rows);
        return Some(format!(
            "`missing: LeaveOut` leaves out the {lost} of {rows} rows without a value: no weight is made up"
        ));
    }
    if nothing.len() == holes.len() {
        return Some(format!("`leave_out: {}` goes on without what has no values", bracketed(&nothing)));
    }
    let (lost, rows) = (entries.rows_with_holes(), entries.rows);
    let fills = "`Mean`, `Median` and `Class` fill them in";
    if let Some(target) = target {
        let (without, name) = (target.column.missing.count, &target.column.name);
        let alone = format!("`missing: LeaveOut` leaves out the {without} of {rows} rows without a value of `{name}`");
        return Some(if holes.len() == 1 {
            alone
        } else if lost < rows {
            format!(
                "`missing: LeaveOut` leaves out the {lost} of {rows} rows without a value; {fills}, and leave out the {without} without `{name}`"
            )
        } else {
            format!(
                "`missing: Mean`, `Median` and `Class` fill them in, and leave out the {without} of {rows} rows without `{name}`"
            )
        });
    }
    Some(if lost < rows {
        format!("`missing: LeaveOut` leaves out the {lost} of {rows} rows without a value, {fills}")
    } else {
        "`missing: Mean`, `Median` and `Class` fill them in (`LeaveOut` would leave no row)".to_owned()
    })
}
