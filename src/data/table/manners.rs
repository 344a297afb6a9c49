//! How the numbers of each column are written, decided by all of its entries and those of its neighbours.

use super::cell::{Manner, short};
use super::column::{Column, Content};
use super::entries::{Entries, Role};
use super::gathered::Gathered;
use super::number::{Notation, value};
use super::reading::{Decimal, Reading, Separator, Texts};
use crate::data::Note;
use crate::math::number::counted;

/// What was found out about the columns of a file.
pub(super) struct Manners {
    /// One a column of the file.
    pub(super) manners: Vec<Manner>,
    /// Which of them can be read in two ways, and nothing says in which.
    pub(super) are_ambiguous: Vec<bool>,
    /// Whether decimals behind commas were recognized.
    pub(super) has_decimal_commas: bool,
    pub(super) notes: Vec<Note>,
}

/// What the whole file says of its numbers.
struct File<'a> {
    reading: &'a Reading,
    separator: Separator,
    /// The notation that some column is sure of, where none is sure of the other.
    said: Option<Notation>,
    /// Whether some columns are sure of one and some of the other.
    is_mixed: bool,
}

impl Manners {
    pub(super) fn of(entries: &Entries, separator: Separator, reading: &Reading) -> Self {
        let said = |notation: Notation| {
            entries.used().any(|(column, _)| column.hints.said() == Some(notation)).then_some(notation)
        };
        let (point, comma) = (said(Notation::Point), said(Notation::Comma));
        let is_mixed = point.is_some() && comma.is_some();
        let said = if is_mixed { None } else { point.or(comma) };
        let file = File { reading, separator, said, is_mixed };
        let mut found =
            Self { manners: Vec::new(), are_ambiguous: Vec::new(), has_decimal_commas: false, notes: Vec::new() };
        let mut gathered = Gathered::default();
        for (column, role) in entries.columns.iter().zip(&entries.roles) {
            let manner = file.manner(column, *role);
            found.manners.push(manner);
            found.are_ambiguous.push(*role != Role::LeftOut && file.is_ambiguous(column));
            let is_said_by_commas = column.hints.only_comma > 0 || column.hints.either[Notation::Comma as usize] > 0;
            found.has_decimal_commas |= !is_mixed
                && reading.decimal == Decimal::Auto
                && manner.notation == Notation::Comma
                && is_said_by_commas;
            if *role != Role::LeftOut {
                file.say(column, manner, &mut gathered);
            }
        }
        found.notes = gathered.notes();
        found
    }
}

impl File<'_> {
    fn manner(&self, column: &Column, role: Role) -> Manner {
        let reads_words = role == Role::Feature && self.reading.texts == Texts::Refuse;
        let holds_texts = column.content() == Content::Texts;
        Manner {
            notation: self.notation(column),
            unit: column.hints.unit(),
            is_yes_or_no: reads_words && column.says_yes_or_no(),
            has_accounts: column.hints.has_accounts(),
            minus_is_text: holds_texts && column.words.iter().any(|word| word == "+"),
        }
    }

    fn notation(&self, column: &Column) -> Notation {
        let hints = &column.hints;
        let by_commas = hints.either[Notation::Comma as usize] > 0;
        match self.reading.decimal {
            Decimal::Point => Notation::Point,
            Decimal::Comma => Notation::Comma,
            Decimal::Auto => hints.said().or(self.said).unwrap_or({
                // Between commas nobody writes a comma without quotes, and most tables have points.
                let is_comma = by_commas && !self.is_mixed && self.separator != Separator::Comma;
                let is_contradicted = hints.only_point > 0;
                if is_comma && !is_contradicted { Notation::Comma } else { Notation::Point }
            }),
        }
    }

    /// Whether nothing in the file says how its numbers are to be read. Commas in a file of commas have been quoted by
    /// hand or by a program, and either is as likely.
    fn is_ambiguous(&self, column: &Column) -> bool {
        let by_commas = column.hints.either[Notation::Comma as usize] > 0;
        let is_open = self.reading.decimal == Decimal::Auto && column.hints.said().is_none() && self.said.is_none();
        is_open && by_commas && (self.separator == Separator::Comma || self.is_mixed) && column.hints.only_comma == 0
    }

    fn say(&self, column: &Column, manner: Manner, gathered: &mut Gathered) {
        let name = &column.called();
        if column.content() == Content::Nothing {
            return;
        }
        let label = || format!("`{name}`");
        if manner.is_yes_or_no {
            let words: Vec<String> = column.words.iter().map(|word| format!("`{}`", short(word))).collect();
            let said = format!("`{name}`: {} read as 1 and 0", words.join(", "));
            gathered.say("yes or no", label(), Note::remark(said));
        }
        if manner.minus_is_text {
            let said = format!("`{name}`: `-` counts as a text there, beside `+`, and not as a missing value");
            gathered.say("minus", label(), Note::remark(said));
        }
        if let Some(account) = column.hints.account.as_ref().filter(|_| manner.has_accounts) {
            let said = format!("`{name}`: numbers as `{}` are read as below zero", short(account));
            gathered.say("accounts", label(), Note::remark(said));
        }
        if let Some(unit) = manner.unit {
            let said = format!("`{name}`: read without the `{unit}` of each of its numbers");
            gathered.say(unit, label(), Note::remark(said));
        }
        if let Some((about, note)) =
            self.note_of_notation(column, manner.notation).filter(|_| !self.is_ambiguous(column))
        {
            gathered.say(about, label(), note);
        }
    }

    fn note_of_notation(&self, column: &Column, notation: Notation) -> Option<(&'static str, Note)> {
        let (name, hints) = (&column.called(), &column.hints);
        if self.reading.decimal == Decimal::Auto && self.is_mixed && hints.said() == Some(Notation::Comma) {
            let words = format!("`{name}` has its decimals behind commas, and other columns theirs behind points");
            return Some(("mixed", Note::warning(words)));
        }
        let unsure = hints.unsure.as_ref().filter(|_| hints.said().is_none());
        let Some((_, example)) = unsure else {
            return hints.grouped[notation as usize].as_ref().map(|example| {
                let (shown, value) = (short(example), read(example, notation));
                ("thousands", Note::remark(format!("`{name}`: marks between thousands, {shown} is {value}")))
            });
        };
        let words = format!("`{name}`: {} is read as {}", short(example), read(example, notation));
        let by_points = hints.either[Notation::Point as usize] > 0;
        let by_commas = hints.either[Notation::Comma as usize] > 0;
        if self.reading.decimal != Decimal::Auto
            || self.said == Some(notation) && !(by_points && notation == Notation::Comma)
        {
            let divides_thousands = hints.grouped[notation as usize].is_some();
            let said = || Note::remark(format!("{words}, as in the rest of the file"));
            return divides_thousands.then(|| ("thousands of the file", said()));
        }
        if by_points && !by_commas && notation == Notation::Point && self.separator == Separator::Comma {
            return None;
        }
        let other = notation.other();
        let field = if other == Notation::Comma { "Comma" } else { "Point" };
        let count = counted(hints.either.iter().sum(), "number");
        if self.said == Some(notation) {
            let why = "as the decimals of other columns stand behind commas";
            let words = format!("{words}, {why}: in {count} every mark stands before exactly three digits");
            return Some(("as other columns", Note::warning(words)));
        }
        let every = format!("in {count} every mark stands before exactly three digits");
        let advice = format!("if that divides thousands, `decimal: {field}` reads {}", read(example, other));
        let advice = if self.is_mixed { format!("it may as well be {}", read(example, other)) } else { advice };
        let about = if notation == Notation::Comma { "unsure commas" } else { "unsure points" };
        Some((about, Note::warning(format!("{words}: {every}; {advice}"))))
    }
}

/// A number as it is read.
pub(super) fn read(text: &str, notation: Notation) -> String {
    value(text, notation).map_or_else(|| "no number".to_owned(), |number| number.to_string())
}
