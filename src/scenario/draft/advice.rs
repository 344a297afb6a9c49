//! What is to be said of a draft, all of it at once: mistakes that keep it from being run, and what was mended.

use super::choices::{Draft, Role};
use super::{guess, target};
use crate::data::table::{ColumnKind, ColumnSurvey, Header, Missing, Texts};
use crate::data::{Note, name_in_short};
use crate::math::number::counted;
use crate::scenario::Severity;

/// Something to be said of a draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Advice {
    /// How bad it is: an error keeps the draft from being run, a note says what was mended.
    pub severity: Severity,
    /// Which column it is about; of none, the table as a whole.
    pub column: Option<usize>,
    /// What, in words.
    pub text: String,
}

/// What settles how numbers are to be read.
const SAY_DECIMAL: &str = "what stands before decimals has to be said, a point or a comma";

impl Advice {
    /// Whether it keeps the draft from being run.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

impl Draft {
    /// Everything that is to be said, the worst first, then in the order of the columns.
    #[must_use]
    pub fn advice(&self) -> Vec<Advice> {
        let mut said = self.of_the_whole();
        said.extend((0..self.survey.columns.len()).filter_map(|column| self.of_column(column)));
        said.sort_by_key(|advice| (std::cmp::Reverse(advice.severity), advice.column));
        said
    }

    /// Whether nothing keeps it from being run.
    #[must_use]
    pub fn can_go(&self) -> bool {
        !self.advice().iter().any(Advice::is_error)
    }

    /// What is to be said of a column.
    #[must_use]
    pub fn of_column(&self, index: usize) -> Option<Advice> {
        let column = self.survey.columns.get(index)?;
        let (severity, words) = match self.role(index) {
            Role::Target => self.of_target(column),
            Role::LeftOut => {
                let seen =
                    column.first_text.as_ref().filter(|_| column.kind == ColumnKind::Mixed || column.trouble.is_some());
                let seen = seen.map(|(line, text)| format!(", as in line {line}: {text}")).unwrap_or_default();
                let why = guess::why_left_out(column, self.survey.rows);
                // What a stray text keeps from being learned is not passed over in a note.
                let is_missed = column.kind == ColumnKind::Mixed && guess::expected(&self.survey) == index;
                let learned = self.survey.columns.get(self.target).map(|column| name_in_short(&column.name));
                let instead = learned.filter(|_| is_missed).map(|name| format!("; `{name}` is learned instead"));
                let severity = if is_missed { Severity::Warning } else { Severity::Note };
                why.map(|why| (severity, format!("left out: {why}{seen}{}", instead.unwrap_or_default())))
            }
            Role::Feature => self.of_feature(index, column),
        }?;
        Some(Advice { severity, column: Some(index), text: format!("`{}`: {words}", name_in_short(&column.name)) })
    }

    fn of_target(&self, column: &ColumnSurvey) -> Option<(Severity, String)> {
        if let Some(doubt) = &column.doubt {
            return Some((Severity::Error, format!("{doubt}; {SAY_DECIMAL}")));
        }
        if target::fitting(column).is_empty() {
            let what = match column.kind {
                ColumnKind::Mixed => mixture(column),
                ColumnKind::Constant => "it has one value in all rows".to_owned(),
                ColumnKind::Empty => "it has no values".to_owned(),
                _ => "it has too many texts for classes".to_owned(),
            };
            return Some((Severity::Error, format!("no problem learns it: {what}; another column can be the target")));
        }
        if column.holes > 0 && self.missing != Missing::LeaveOut {
            let holes = holes(column);
            let words = format!("{holes}, and what is to be learned is not filled in; their rows can be left out");
            return Some((Severity::Error, words));
        }
        match guess::why_left_out(column, self.survey.rows) {
            Some(why) => Some((Severity::Warning, format!("hardly a target: {why}"))),
            None if column.holes > 0 => Some((Severity::Note, holes(column))),
            None => None,
        }
    }

    fn of_feature(&self, index: usize, column: &ColumnSurvey) -> Option<(Severity, String)> {
        let is_passed = column.holds_texts() && self.texts == Texts::LeaveOut;
        if let Some(doubt) = &column.doubt {
            return Some((Severity::Error, format!("{doubt}; {SAY_DECIMAL}, or the column is left out")));
        }
        match column.kind {
            ColumnKind::Mixed => Some((Severity::Error, format!("{}; it can be left out", mixture(column)))),
            _ if is_passed => Some((Severity::Note, "left out: it holds texts".to_owned())),
            _ if column.has_too_many_texts() => Some((
                Severity::Error,
                "too many texts, each of which would be a column; it can be left out".to_owned(),
            )),
            ColumnKind::Empty => Some((Severity::Note, "left out: it has no values".to_owned())),
            _ if self.is_level(index) => {
                Some((Severity::Note, "left out: it has one value in all training rows".to_owned()))
            }
            _ => match guess::why_left_out(column, self.survey.rows) {
                Some(why) => Some((Severity::Warning, format!("hardly a feature: {why}"))),
                None if column.holes > 0 => Some((Severity::Note, holes(column))),
                None => None,
            },
        }
    }

    fn of_the_whole(&self) -> Vec<Advice> {
        let about = |severity, text: String| Advice { severity, column: None, text };
        let severity = |note: &Note| if note.is_warning { Severity::Warning } else { Severity::Note };
        let mut said: Vec<Advice> =
            self.survey.notes.iter().map(|note| about(severity(note), note.text.clone())).collect();
        let sizes = self.sizes();
        if sizes.features == 0 {
            said.push(about(Severity::Error, "no column is left as a feature".to_owned()));
        }
        if sizes.rows == 0 {
            let words = "a value is missing in every row of what is used: fill holes, or leave columns out";
            said.push(about(Severity::Error, words.to_owned()));
        } else if let Err(reason) = &sizes.parts {
            said.push(about(Severity::Error, reason.clone()));
        }
        if self.survey.has_numbers_for_names && self.header == Header::Auto {
            let words = if self.survey.has_header {
                "the names of the columns are numbers, as if the first row were data"
            } else {
                "the first row holds numbers, and counts as data: the columns have no names"
            };
            said.push(about(Severity::Warning, words.to_owned()));
        }
        said
    }
}

fn holes(column: &ColumnSurvey) -> String {
    let first = column.first_hole.map(|line| format!(", the first in line {line}")).unwrap_or_default();
    let spelled: Vec<String> = column.spellings.iter().map(|(text, count)| format!("`{text}` {count}×")).collect();
    let spelled = if spelled.is_empty() { String::new() } else { format!(": {}", spelled.join(", ")) };
    format!("{}{first}{spelled}", counted(column.holes, "hole"))
}

/// "6 texts among 392 numbers, the first in line 34: `?x`".
fn mixture(column: &ColumnSurvey) -> String {
    let (texts, numbers) = (counted(column.texts, "text"), counted(column.numbers, "number"));
    let first = column.first_text.as_ref().map(|(line, text)| format!(", the first in line {line}: {text}"));
    format!("{texts} among {numbers}{}", first.unwrap_or_default())
}
