//! The finding as tables, as JSON and as sentences.

use super::choice::front;
use super::finding::{Recommendation, calls};
use super::limits::Limits;
use crate::catalog::Knobs;
use crate::math::number::{bytes, counted};
use crate::probe::{Cell, Excerpt, Finding, Table, json};

impl Recommendation {
    /// The settings that no other one beats in calls and error, the cheapest first.
    #[must_use]
    pub fn front(&self) -> Vec<usize> {
        front(&self.settings, &[|one| one.calls])
    }
}

impl Finding for Recommendation {
    fn to_json(&self) -> String {
        json(self)
    }

    fn rows(&self) -> Table {
        let mut table = Table::new(&["estimator", "setting", "inner_steps", "as_set", "calls", "gradients", "hvps"]);
        let rest = ["cross_products", "factorizations", "bytes", "error_low", "error", "error_high", "noise", "front"];
        table.columns.extend(rest.map(str::to_owned));
        let front = front(&self.settings, &[|one| one.calls, |one| one.bytes]);
        for (place, one) in self.settings.iter().enumerate() {
            table.rows.push(vec![
                one.estimator.as_str().into(),
                one.setting.as_str().into(),
                one.inner_steps.into(),
                one.is_as_set.into(),
                one.calls.into(),
                one.gradients.into(),
                one.hvps.into(),
                one.cross_products.into(),
                one.factorizations.into(),
                one.bytes.into(),
                one.error_at(0.05).into(),
                one.error().into(),
                one.error_at(0.95).into(),
                Cell::known(one.noise),
                front.contains(&place).into(),
            ]);
        }
        table
    }

    fn summary(&self) -> Table {
        let mut table = Table::new(&["setting", "T", "error", "5 %", "95 %", "calls", "memory", "note"]);
        for place in self.front() {
            let one = &self.settings[place];
            let error = |error: f64| -> Cell { if one.is_exact() { "rounding".into() } else { error.into() } };
            let mut notes = Vec::new();
            if one.factorizations > 0.0 {
                notes.push("factorizes H");
            }
            if one.is_as_set {
                notes.push("as set");
            }
            table.rows.push(vec![
                one.setting.as_str().into(),
                one.inner_steps.into(),
                error(one.error()),
                error(one.error_at(0.05)),
                error(one.error_at(0.95)),
                calls(one.calls).into(),
                bytes(one.bytes).into(),
                notes.join(", ").into(),
            ]);
        }
        table
    }

    fn words(&self, knobs: &Knobs) -> Vec<String> {
        self.answer(&Limits::of(knobs)).words
    }

    fn about(&self, trial: u64) -> Option<Excerpt> {
        let one = self.settings.iter().find(|one| one.is_as_set).filter(|_| trial == self.id)?;
        let values =
            vec![("error", one.error(), f64::NAN), ("calls", one.calls, f64::NAN), ("bytes", one.bytes, f64::NAN)];
        let places = counted(self.visited.len(), "λ");
        Some(Excerpt { values, terms: format!("median over {} of its run", places.trim_end_matches('s')) })
    }
}
