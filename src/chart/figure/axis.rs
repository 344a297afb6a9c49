//! An axis: what it measures, and how distances on it read.

use crate::catalog::Scale;

/// One axis of a figure.
#[derive(Debug, Clone, PartialEq)]
pub struct Axis {
    /// What it measures, with its unit where there is one.
    pub label: String,
    /// Whether equal distances are equal differences or equal ratios.
    pub scale: Scale,
    /// What is visible; `None` fits the data.
    pub range: Option<(f64, f64)>,
    /// Names at 0, 1, 2, ...; empty for a measuring axis.
    pub categories: Vec<String>,
    /// Only whole numbers are marked: a count of steps.
    pub whole: bool,
    /// Which data a vertical axis without a range is fitted to.
    pub fit: Fit,
    /// Between which values everything lies by its nature, such as a cosine: the axis is fitted to no more than these, and
    /// nothing is marked beyond them.
    pub bounds: Option<(f64, f64)>,
    /// What zero is called at the lower end of an axis of ratios, where it has no place of its own: `exact`. Nothing where
    /// values of zero are left out.
    pub nothing: Option<String>,
}

/// Which data an axis is fitted to. What lies beyond is marked at its edge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Fit {
    /// All of them.
    Everything,
    /// All but the few curves that would squeeze the others.
    #[default]
    MostCurves,
    /// Of those, the bulk of each: not the few points with which a curve begins far away.
    Bulk,
}

impl Axis {
    /// Equal distances are equal differences.
    #[must_use]
    pub fn linear(label: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            scale: Scale::Linear,
            range: None,
            categories: Vec::new(),
            whole: false,
            fit: Fit::default(),
            bounds: None,
            nothing: None,
        }
    }

    /// Equal distances are equal ratios.
    #[must_use]
    pub fn logarithmic(label: impl Into<String>) -> Self {
        Self { scale: Scale::Logarithmic, ..Self::linear(label) }
    }

    /// A count, marked at whole numbers.
    #[must_use]
    pub fn steps(label: impl Into<String>) -> Self {
        Self { whole: true, ..Self::linear(label) }
    }

    /// The same, marked at whole numbers only where what it measures is a count.
    #[must_use]
    pub fn counting(self, whole: bool) -> Self {
        Self { whole, ..self }
    }

    /// Names at 0, 1, 2, ..., for bars.
    #[must_use]
    pub fn categories<T: Into<String>>(label: impl Into<String>, names: impl IntoIterator<Item = T>) -> Self {
        Self { categories: names.into_iter().map(Into::into).collect(), ..Self::linear(label) }
    }

    /// An axis that measures nothing, from 0 to a length.
    #[must_use]
    pub fn unmarked(length: f64) -> Self {
        Self { categories: vec![String::new()], ..Self::linear("") }.within(0.0, length)
    }

    /// The same, fitted to this.
    #[must_use]
    pub fn fitted(self, fit: Fit) -> Self {
        Self { fit, ..self }
    }

    /// The same for what lies between two values by its nature.
    #[must_use]
    pub fn bounded(self, bounds: Option<(f64, f64)>) -> Self {
        Self { bounds, ..self }
    }

    /// The same with its lower end for values of zero, under a name: they stand there and nowhere else.
    #[must_use]
    pub fn ending_in(self, nothing: impl Into<String>) -> Self {
        Self { nothing: Some(nothing.into()), ..self }
    }

    /// The same with a fixed visible range.
    #[must_use]
    pub fn within(self, low: f64, high: f64) -> Self {
        Self { range: Some((low, high)), ..self }
    }

    /// Whether the axis has a place for the value.
    #[must_use]
    pub fn shows(&self, value: f64) -> bool {
        value.is_finite() && (self.scale == Scale::Linear || value > 0.0)
    }

    /// Whether the value is seen: at its place, or at the end that stands for zero. A stretch that a person asked for has no such end.
    #[must_use]
    pub fn has_place(&self, value: f64) -> bool {
        self.shows(value) || (value == 0.0 && self.nothing.is_some() && self.range.is_none())
    }
}
