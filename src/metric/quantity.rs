//! One number of a metric: the metric itself, the length of a vector, or an entry of it. What columns of tables and
//! axes of charts are chosen by.

use std::fmt;

use super::{ALL, Kind, Metric, Reading, Record, find};
use crate::math::vector;
use crate::scenario::{did_you_mean, display_text};

/// A number that can be sorted and drawn: `cosine`, `lambda` (its length), `lambda[3]`.
#[derive(Debug, Clone, Copy)]
pub struct Quantity {
    /// Whose number.
    pub metric: &'static Metric,
    /// Which entry of a vector; its length where none is named.
    pub entry: Option<usize>,
}

/// A text that names no number, and what would.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct QuantityError {
    /// What is wrong and what was expected.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

impl Quantity {
    /// Reads `cosine` or `lambda[3]`; identifiers also with underscores.
    ///
    /// # Errors
    /// When no metric is called that, or it has no number of this kind.
    pub fn parse(text: &str) -> Result<Self, QuantityError> {
        let text = text.trim();
        let refuse = |message: String, help: Option<String>| Err(QuantityError { message, help });
        let (name, entry) = match text.strip_suffix(']').and_then(|text| text.split_once('[')) {
            Some((name, entry)) => (name, Some(entry)),
            None => (text, None),
        };
        let Some(metric) = find(name) else {
            let near = did_you_mean(name, ALL.iter().map(|metric| metric.card.id)).map(|advice| format!("{advice} "));
            let help = format!("{}`hyperlab list metrics` shows what there is", near.unwrap_or_default());
            return refuse(format!("no metric is called `{}`", display_text(name)), Some(help));
        };
        match (metric.kind, entry.map(str::parse)) {
            (Kind::Vector, Some(Ok(entry))) => Ok(Self { metric, entry: Some(entry) }),
            (Kind::Vector, Some(Err(_))) => refuse(
                format!("`{}` names no entry; expected a whole number, as in `{name}[0]`", display_text(text)),
                None,
            ),
            (Kind::Curve | Kind::Words, _) => {
                refuse(format!("`{name}` is no number; expected a metric that is one, or a vector"), None)
            }
            (_, Some(_)) => refuse(format!("`{name}` is one number and has no entries; expected `{name}`"), None),
            (_, None) => Ok(Self { metric, entry: None }),
        }
    }

    /// Of a reading, where it has this number.
    #[must_use]
    pub fn of(self, reading: &Reading) -> Option<f64> {
        match (reading, self.entry) {
            (Reading::Vector(values), Some(entry)) => values.get(entry).copied(),
            (Reading::Vector(values), None) => Some(vector::norm(values)),
            (reading, _) => reading.number(),
        }
    }

    /// Of a record, where it is still there.
    #[must_use]
    pub fn at(self, record: Record<'_>) -> Option<f64> {
        if self.metric.kind.is_number() { record.number(self.metric) } else { self.of(record.reading(self.metric)?) }
    }

    /// Between which values it lies by its nature. The length of a vector of shares may be larger than one.
    #[must_use]
    pub fn bounds(self) -> Option<(f64, f64)> {
        let is_number = self.metric.kind.is_number() || self.entry.is_some();
        self.metric.unit.bounds().filter(|_| is_number)
    }

    /// As the head of a column: `cos`, `‖λ‖`, `λ[3]`.
    #[must_use]
    pub fn symbol(self) -> String {
        match (self.metric.kind, self.entry) {
            (Kind::Vector, Some(entry)) => format!("{}[{entry}]", self.metric.symbol),
            (Kind::Vector, None) => format!("‖{}‖", self.metric.symbol),
            _ => self.metric.symbol.to_owned(),
        }
    }

    /// In words, for axes: `Relative error`; `Length of the truth ‖∇F‖`; `Hyperparameters, λ[3]`.
    #[must_use]
    pub fn words(self) -> String {
        let name = self.metric.card.name;
        match (self.metric.kind, self.entry) {
            (Kind::Vector, _) => format!("{name}, {}", self.symbol()),
            // Texts speak of it by its formula.
            _ if self.metric.symbol.starts_with('‖') => format!("{name} {}", self.metric.symbol),
            _ => name.to_owned(),
        }
    }
}

impl PartialEq for Quantity {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.metric, other.metric) && self.entry == other.entry
    }
}

impl From<&'static Metric> for Quantity {
    fn from(metric: &'static Metric) -> Self {
        Self { metric, entry: None }
    }
}

/// As [`Quantity::parse`] reads it.
impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.metric.card.id)?;
        self.entry.map_or(Ok(()), |entry| write!(f, "[{entry}]"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_reads_back() {
        for text in ["cosine", "lambda", "lambda[3]", "test-loss"] {
            assert_eq!(Quantity::parse(text).unwrap().to_string(), text);
        }
        assert_eq!(Quantity::parse("test_loss"), Quantity::parse("test-loss"));
        let lambda = Reading::from(vec![3.0, -4.0]);
        let number = |text: &str| Quantity::parse(text).unwrap().of(&lambda);
        assert_eq!((number("lambda"), number("lambda[1]"), number("lambda[2]")), (Some(5.0), Some(-4.0), None));
    }

    #[test]
    fn shares_and_cosines_are_bounded_and_lengths_of_vectors_are_not() {
        let bounds = |text: &str| Quantity::parse(text).unwrap().bounds();
        assert_eq!((bounds("cosine"), bounds("test-accuracy")), (Some((-1.0, 1.0)), Some((0.0, 1.0))));
        assert_eq!((bounds("row-weights[3]"), bounds("row-weights")), (Some((0.0, 1.0)), None));
        assert_eq!((bounds("test-loss"), bounds("lambda[0]")), (None, None));
    }

    #[test]
    fn what_names_no_number_is_refused_with_what_would() {
        let refused = |text: &str| Quantity::parse(text).unwrap_err();
        assert!(refused("cosin").help.unwrap().contains("did you mean `cosine`?"));
        assert!(refused("lambda[x]").message.contains("`lambda[0]`"));
        assert!(refused("cosine[1]").message.contains("one number"));
        assert!(refused("solver-note").message.contains("no number"));
    }
}
