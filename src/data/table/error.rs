//! Why a file is no data set.

use crate::math::number::counted;

/// Why a file is no data set. Lines count from 1.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TableError {
    /// Its bytes are no text.
    #[error("{file} {reason}")]
    Encoding {
        /// The file.
        file: String,
        /// What is the matter with them.
        reason: String,
    },
    /// It is a file of another kind.
    #[error("{file} is {name}; expected a text of rows and columns")]
    Foreign {
        /// The file.
        file: String,
        /// What it is.
        name: &'static str,
        /// What to do about it.
        help: &'static str,
    },
    /// There is nothing in it.
    #[error("{file} is empty; expected a header row and rows of numbers")]
    Empty {
        /// The file.
        file: String,
    },
    /// A header and nothing else.
    #[error("{file} has {} but no rows", if *has_header { "a header" } else { "a beginning" })]
    NoRows {
        /// The file.
        file: String,
        /// Whether its first row was taken for names.
        has_header: bool,
    },
    /// A value is missing in every row.
    #[error(
        "{file}: a value is missing in each of its {rows} rows, so that none is left; expected `missing: Mean` or fewer columns"
    )]
    NoWholeRows {
        /// The file.
        file: String,
        /// Rows in the file.
        rows: usize,
    },
    /// The target is the only column, or the separator is none that is known.
    #[error(
        "{file}, line {line}: found the single column `{column}`; expected a target and at least one feature separated by commas, \
         semicolons, tabs, bars or blanks"
    )]
    SingleColumn {
        /// The file.
        file: String,
        /// Line of the first row.
        line: u64,
        /// The column there is.
        column: String,
    },
    /// Every column but the target is left out.
    #[error("{file}: no column is left as a feature; expected at least one beside the target `{target}`")]
    NoFeatures {
        /// The file.
        file: String,
        /// The target.
        target: String,
    },
    /// Two columns have one name.
    #[error("{file}, line {line}: columns {first} and {second} are both named `{name}`; expected different names")]
    Duplicate {
        /// The file.
        file: String,
        /// Line of the header.
        line: u64,
        /// The name.
        name: String,
        /// Column number, from 1.
        first: usize,
        /// Column number, from 1.
        second: usize,
    },
    /// No column has the target's name.
    #[error("{file} has no column `{target}`; its columns are {}{}", listed(.columns), separated(.separator))]
    NoTarget {
        /// The file.
        file: String,
        /// The name asked for.
        target: String,
        /// The names there are.
        columns: Vec<String>,
        /// What was taken for the separator, where that was recognized.
        separator: Option<&'static str>,
        /// What to do about it.
        help: Option<String>,
    },
    /// The target is to say how much rows count.
    #[error("{file}: the target `{target}` cannot be what rows are weighted by as well; expected another column")]
    TargetWeighs {
        /// The file.
        file: String,
        /// The target.
        target: String,
    },
    /// A column that is to be taken, left out or weighed by is not there.
    #[error("{file} has no column `{name}`; its columns are {}", listed(.columns))]
    NoColumn {
        /// The file.
        file: String,
        /// Where it is asked for: `columns[2]`.
        place: String,
        /// The name asked for.
        name: String,
        /// The names there are.
        columns: Vec<String>,
        /// The name that was probably meant.
        help: Option<String>,
    },
    /// A column is to be left out that is to be used.
    #[error("`{name}` is to be left out, and is {other}; expected one of the two")]
    Contradiction {
        /// Where it is asked for: `leave_out[2]`.
        place: String,
        /// The column.
        name: String,
        /// What it is as well.
        other: &'static str,
    },
    /// A row has more or fewer fields than the first.
    #[error("{file}, line {line}: found {}; expected {expected}, one for each column of the {whose}", counted(*.found, "field"))]
    Ragged {
        /// The file.
        file: String,
        /// Line of the row.
        line: u64,
        /// Fields in the row.
        found: usize,
        /// Fields in the first row.
        expected: usize,
        /// `header` or `first row`.
        whose: &'static str,
        /// What may be the matter.
        help: Option<&'static str>,
    },
    /// One entry is not what its column needs.
    #[error("{file}, line {line}, column `{column}`: found {found}; expected {expected}")]
    Entry {
        /// The file.
        file: String,
        /// Line of the row.
        line: u64,
        /// Name of the column.
        column: String,
        /// What stands there: a quoted text, or `nothing`.
        found: String,
        /// What was expected.
        expected: &'static str,
        /// What can be done about it.
        help: String,
    },
    /// Several entries are not.
    #[error("{file} holds what is no number: {}", .columns.join("; "))]
    Mistakes {
        /// The file.
        file: String,
        /// Each column at fault, with how many entries and the first of them.
        columns: Vec<String>,
        /// What can be done about it.
        help: String,
    },
    /// A column of texts has too many different ones to be a column each.
    #[error("{file}, column `{column}`: found {found} in {}, as identifiers, names and dates have them; expected fewer", counted(*rows, "row"))]
    TooManyTexts {
        /// The file.
        file: String,
        /// Name of the column.
        column: String,
        /// How many there are, in words: `more than 1000 different texts`.
        found: String,
        /// Rows with a text.
        rows: usize,
    },
    /// The columns that texts would become are too many together.
    #[error("{file}: its texts would become {columns} columns, {wordy}; expected at most {most}")]
    TooWide {
        /// The file.
        file: String,
        /// Columns that would be made.
        columns: usize,
        /// Those with the most texts, with how many each: "`city` 812".
        wordy: String,
        /// How many may be.
        most: usize,
        /// Names of columns without which it would fit.
        without: Vec<String>,
    },
    /// More than fits a laptop.
    #[error("{file} has {reason}")]
    TooLarge {
        /// The file.
        file: String,
        /// How much it is, and what would do.
        reason: String,
    },
    /// A quote is never closed.
    #[error("{file}, line {line}: a quote opens here and is never closed, so that all that follows would be one entry")]
    OpenQuote {
        /// The file.
        file: String,
        /// Line of the quote.
        line: u64,
    },
    /// A quoted entry goes on behind its quote.
    #[error("{file}, line {line}: an entry goes on behind its closing quote; expected the end of the entry there")]
    QuoteGoesOn {
        /// The file.
        file: String,
        /// Line of the quote.
        line: u64,
    },
    /// The text cannot be cut into fields.
    #[error("{file}: {reason}")]
    Unreadable {
        /// The file.
        file: String,
        /// The reader's words.
        reason: String,
    },
}

impl TableError {
    /// The field of a source that is at fault.
    #[must_use]
    pub fn field(&self) -> String {
        match self {
            Self::NoTarget { .. } => "source.target".to_owned(),
            Self::NoColumn { place, .. } if place.starts_with("weights") => "source.weights".to_owned(),
            Self::TargetWeighs { .. } => "source.weights".to_owned(),
            Self::NoColumn { place, .. } | Self::Contradiction { place, .. } => format!("source.{place}"),
            Self::TooManyTexts { .. } | Self::TooWide { .. } => "source.texts".to_owned(),
            _ => "source.path".to_owned(),
        }
    }

    /// What to do about it.
    #[must_use]
    pub fn help(&self) -> Option<String> {
        match self {
            Self::Mistakes { help, .. } | Self::Entry { help, .. } => Some(help.clone()),
            Self::NoTarget { help, .. } | Self::NoColumn { help, .. } => help.clone(),
            Self::Foreign { help, .. } => Some((*help).to_owned()),
            Self::Ragged { help, .. } => help.map(str::to_owned),
            Self::TooManyTexts { column, .. } => Some(format!("`leave_out: [\"{column}\"]` goes on without it")),
            Self::TooWide { without, .. } => Some(format!("`leave_out: {}` goes on without", bracketed(without))),
            _ => None,
        }
    }
}

/// Names as a scenario lists them: `["a", "b"]`.
pub(super) fn bracketed(names: &[String]) -> String {
    let quoted = |name: &String| format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\""));
    format!("[{}]", names.iter().map(quoted).collect::<Vec<_>>().join(", "))
}

/// The first dozen names; a table of pixels has too many to list.
fn listed(names: &[String]) -> String {
    let mut text = names.iter().take(12).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    if names.len() > 12 {
        text.push_str(&format!(" and {} more", names.len() - 12));
    }
    text
}

fn separated(separator: &Option<&'static str>) -> String {
    separator.map(|words| format!(" (separated by {words})")).unwrap_or_default()
}
