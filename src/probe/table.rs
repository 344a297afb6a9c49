//! Findings as rows and columns.

use std::fmt;

use unicode_width::UnicodeWidthStr;

use crate::estimator::Solver;
use crate::math::number;
use crate::problem::Cost;

/// Rows under a header; every row is as long as the header.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Table {
    /// One name a column.
    pub columns: Vec<String>,
    /// The rows.
    pub rows: Vec<Vec<Cell>>,
}

/// One entry of a table.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Words.
    Text(String),
    /// A count.
    Count(usize),
    /// A number; not finite is a value.
    Real(f64),
    /// Nothing to say.
    Missing,
}

impl Table {
    /// A table without rows.
    #[must_use]
    pub fn new(columns: &[&str]) -> Self {
        Self { columns: columns.iter().map(|&name| name.to_owned()).collect(), rows: Vec::new() }
    }

    /// Adds `name_0`, `name_1`, … for the entries of a vector.
    pub fn add_vector_columns(&mut self, name: &str, length: usize) {
        self.columns.extend((0..length).map(|index| format!("{name}_{index}")));
    }

    /// Adds the columns of [`Cell::cost`].
    pub fn add_cost_columns(&mut self) {
        let cost = ["gradients", "hvps", "cross_products", "factorizations", "bytes"];
        let solver = ["iterations", "residual", "converged", "negative_curvature"];
        self.columns.extend(cost.iter().map(|name| format!("cost_{name}")));
        self.columns.extend(solver.iter().map(|name| format!("solver_{name}")));
    }
}

impl Table {
    /// As a person reads it, the header first: words flush left, numbers flush right, columns without an entry left
    /// out.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let columns: Vec<usize> = (0..self.columns.len())
            .filter(|&column| self.rows.iter().any(|row| row[column].says_something()))
            .collect();
        let shown: Vec<Vec<String>> = self.rows.iter().map(|row| row.iter().map(Cell::to_string).collect()).collect();
        let width = |&column: &usize| {
            let cells = shown.iter().map(|row| row[column].width());
            cells.chain([self.columns[column].width()]).max().unwrap_or(0)
        };
        let widths: Vec<usize> = columns.iter().map(width).collect();
        let is_number: Vec<bool> =
            columns.iter().map(|&column| self.rows.iter().any(|row| row[column].is_number())).collect();
        let line = |row: &Vec<String>| {
            let mut line = String::new();
            for ((&column, &width), &right) in columns.iter().zip(&widths).zip(&is_number) {
                let gap = " ".repeat(width - row[column].width());
                let (before, after) = if right { (&*gap, "") } else { ("", &*gap) };
                line += &format!("{before}{}{after}  ", row[column]);
            }
            line.trim_end().to_owned()
        };
        std::iter::once(&self.columns).chain(&shown).map(line).collect()
    }
}

impl Cell {
    /// Whether there is anything to read.
    #[must_use]
    pub fn says_something(&self) -> bool {
        !matches!(self, Self::Missing) && *self != Self::Text(String::new())
    }

    /// What an estimate cost and what its solver says, as columns; see [`Table::add_cost_columns`].
    #[must_use]
    pub fn cost(cost: &Cost, solver: &Solver) -> [Self; 9] {
        [
            cost.gradients.into(),
            cost.hvps.into(),
            cost.cross_products.into(),
            cost.factorizations.into(),
            cost.bytes.into(),
            solver.iterations.into(),
            Some(solver.residual).filter(|residual| !residual.is_nan()).into(),
            solver.converged.into(),
            solver.negative_curvature.into(),
        ]
    }

    /// The entries of a vector, filled up to `length`.
    pub fn vector(values: &[f64], length: usize) -> impl Iterator<Item = Self> + '_ {
        (0..length).map(|index| values.get(index).copied().map_or(Self::Missing, Self::Real))
    }

    /// A number, or nothing to say where it is none: the standard error of a single replicate.
    #[must_use]
    pub fn known(value: f64) -> Self {
        if value.is_nan() { Self::Missing } else { Self::Real(value) }
    }

    /// Whether it is read as a number, which tables set flush right.
    #[must_use]
    pub fn is_number(&self) -> bool {
        matches!(self, Self::Count(_) | Self::Real(_))
    }

    /// In full: a number reads back bit for bit, and nothing to say is an empty text.
    #[must_use]
    pub fn to_full(&self) -> String {
        match self {
            Self::Real(x) => format!("{x:?}"),
            Self::Missing => String::new(),
            other => other.to_string(),
        }
    }
}

impl<T: Into<Cell>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Missing, Into::into)
    }
}

impl From<f64> for Cell {
    fn from(value: f64) -> Self {
        Self::Real(value)
    }
}

impl From<usize> for Cell {
    fn from(value: usize) -> Self {
        Self::Count(value)
    }
}

impl From<bool> for Cell {
    fn from(value: bool) -> Self {
        Self::Text(value.to_string())
    }
}

impl<'a> From<&'a str> for Cell {
    fn from(value: &'a str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl From<String> for Cell {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}

/// For reading.
impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Count(count) => write!(f, "{count}"),
            Self::Real(x) => f.write_str(&number::plain(*x)),
            Self::Missing => f.write_str("–"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_well_and_read_back() {
        assert_eq!(Cell::Real(1.25e-9).to_string(), "1.25e-9");
        for x in [0.1 + 0.2, 1e300, -5e-324, f64::INFINITY] {
            assert_eq!(Cell::Real(x).to_full().parse::<f64>(), Ok(x));
        }
    }
}
