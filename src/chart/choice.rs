//! A chart as it is asked for: one of the list, and what it draws where that is to be said.

use std::fmt;

use super::figure::Lens;
use super::metric::Against;
use super::{ALL, Empty, Entry, Figure, on_clock};
use crate::lab::Snapshot;
use crate::metric::{Clock, QuantityError};
use crate::scenario::{did_you_mean, display_text};

/// A chart that was asked for.
#[derive(Debug, Clone)]
pub struct Choice {
    /// Which.
    pub entry: &'static Entry,
    /// What it draws, for the chart of any metric.
    pub against: Option<Against>,
    /// The clock it is drawn over, where a person has said.
    pub clock: Option<Clock>,
    /// What of it is seen.
    pub lens: Lens,
}

/// As [`Choice::parse`] reads it; what of it is seen is no part of its name.
impl fmt::Display for Choice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.against {
            Some(against) => write!(f, "{against}"),
            None => f.write_str(self.entry.card.id),
        }
    }
}

impl Choice {
    /// A chart of the list, as it is.
    #[must_use]
    pub fn of(entry: &'static Entry) -> Self {
        Self { entry, against: None, clock: None, lens: Lens::default() }
    }

    /// Reads `losses` or `metric(cosine, calls)`.
    ///
    /// # Errors
    /// When there is no such chart or metric, with the nearest name.
    pub fn parse(text: &str) -> Result<Self, QuantityError> {
        let text = text.trim();
        let inside = text.strip_prefix("metric(").and_then(|text| text.strip_suffix(')'));
        let id = if inside.is_some() { "metric" } else { text };
        let ids = || ALL.iter().map(|entry| entry.card.id);
        let Some(entry) = ALL.iter().find(|entry| entry.card.id == id) else {
            let known = ids().map(|id| format!("`{id}`")).collect::<Vec<_>>().join(", ");
            let message = format!("there is no chart `{}`; expected one of {known}", display_text(text));
            return Err(QuantityError { message, help: did_you_mean(text, ids()) });
        };
        Ok(Self { against: inside.map(Against::parse).transpose()?, ..Self::of(entry) })
    }

    /// The lab as this figure.
    #[must_use]
    pub fn draw(&self, snapshot: &Snapshot) -> Figure {
        let mut figure = match &self.against {
            Some(against) => against.draw(snapshot),
            None => (self.entry.draw)(snapshot),
        };
        if let Some(moved) = self.clock.and_then(|clock| on_clock(&figure, snapshot, clock)) {
            figure = moved;
        }
        if !self.lens.is_plain() {
            self.look_through_lens(&mut figure);
        }
        figure
    }

    /// Shows what of a figure is to be seen, and says why that may be nothing.
    fn look_through_lens(&self, figure: &mut Figure) {
        self.lens.apply(figure);
        // Another scale may have no place for what there is.
        if let Some(reason) = figure.why_nothing_shows() {
            figure.empty = Empty::because(reason);
        } else if figure.is_out_of_sight() {
            figure.hints.push("nothing of it is in sight here: f shows all of it again".to_owned());
        }
    }
}
