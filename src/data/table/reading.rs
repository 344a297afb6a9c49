//! How a file is read: what a scenario says of its dialect, its columns and its holes.

use serde::{Deserialize, Serialize};

/// What stands between two fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Separator {
    /// What the first rows have in common, or what a line `sep=;` says.
    #[default]
    Auto,
    /// `,`
    Comma,
    /// `;`
    Semicolon,
    /// A tab.
    Tab,
    /// `|`
    Bar,
    /// Any number of blanks.
    Blanks,
}

/// What stands before the decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Decimal {
    /// What the first rows are written with.
    #[default]
    Auto,
    /// `1.5`
    Point,
    /// `1,5`, with points between thousands.
    Comma,
}

/// Whether the first row holds names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Header {
    /// Where the scenario calls columns by what stands in it; elsewhere unless it holds numbers as the others do.
    #[default]
    Auto,
    /// It does.
    Present,
    /// It does not: columns are called `column 1`, `column 2`, …
    Absent,
}

/// How letters are written as bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Encoding {
    /// What a byte order mark says, else UTF-8 where it is that, else Latin-1.
    #[default]
    Auto,
    /// UTF-8.
    Utf8,
    /// UTF-16 of either order.
    Utf16,
    /// Latin-1, as Windows extends it.
    Latin1,
    /// Latin-2, as Windows extends it: the languages of Central Europe.
    Latin2,
}

/// What becomes of entries without a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Missing {
    /// They are mistakes.
    #[default]
    Refuse,
    /// Their rows are left out, before rows are divided.
    LeaveOut,
    /// The mean of the column over the rows that `scale_on` says; of texts a class of their own. What is to be learned is
    /// not made up: rows without a target are left out, here and below.
    Mean,
    /// The median of the column over those rows; of texts a class of their own.
    Median,
    /// Of texts a class of their own; of numbers the mean, and a column that is 1 where there was none.
    Class,
}

/// What becomes of columns of texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Texts {
    /// They are mistakes, but for words for yes and no, which are 1 and 0.
    #[default]
    Refuse,
    /// One column for each different text, 1 where it stands and 0 elsewhere.
    OneHot,
    /// The same without the column of the first text, which the others and an intercept tell: with it they would depend on
    /// one another (dummy coding).
    DropFirst,
    /// They are left out.
    LeaveOut,
}

/// All of it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reading {
    /// Between two fields.
    pub separator: Separator,
    /// Before the decimals.
    pub decimal: Decimal,
    /// The first row.
    pub header: Header,
    /// Bytes.
    pub encoding: Encoding,
    /// Names of the features; every column but the target where there are none.
    pub columns: Vec<String>,
    /// Names of columns that are no features.
    pub leave_out: Vec<String>,
    /// Entries without a value.
    pub missing: Missing,
    /// Spellings of "no value" beside the usual ones: `-999`, `k.A.`.
    pub missing_values: Vec<String>,
    /// Columns of texts.
    pub texts: Texts,
    /// Name of the column that says how much each row counts.
    pub weights: Option<String>,
    /// Whether columns with one value alone are left out, as they have to be where they are divided by their deviation.
    pub leaves_out_constants: bool,
}
