//! Outer variables of the dynamics that an estimator says nothing of.

use super::requirements::Asked;
use super::{Scenario, Setting};
use crate::estimator::{self, Family};

/// What is found: of which trial, what it is, and what would do.
pub(super) struct Unmoved {
    pub path: String,
    pub message: String,
    pub help: String,
}

/// Trials whose dynamics bring outer variables that are to move, and whose estimators give them a derivative of zero: what asks where a run
/// ends, and not how it went, knows nothing of a learning rate.
pub(super) fn unmoved(asked: &Asked<'_>) -> Vec<Unmoved> {
    let Scenario { trials, seed, .. } = asked.scenario;
    let found = trials.iter().enumerate().filter_map(|(index, trial)| {
        let Setting { estimator, inner, outer, .. } = Setting::of(trial, asked.scenario);
        if differentiates_runs(estimator.entry()) {
            return None;
        }
        let declared = asked.declared(&inner);
        let own: Vec<&str> = declared.dynamics.iter().map(|block| block.name).collect();
        let blocks = outer.in_force(declared, *seed);
        let mut moving = blocks.iter().filter(|(block, entries)| block.scale != 0.0 && !entries.is_empty());
        let (block, _) = moving.find(|(block, _)| own.contains(&block.name))?;
        let message = format!(
            "`{}` asks where an inner run ends and not how it went: its derivative by `{}` is zero, and what `{}` learns never moves",
            estimator.card().ron_name(),
            block.name,
            inner.dynamics.card().ron_name(),
        );
        let able = estimator::ALL.iter().filter(|entry| differentiates_runs(entry));
        let able: Vec<String> = able.map(|entry| format!("`{}`", entry.card.ron_name())).collect();
        let help = format!("expected one of {}, or `scale: 0` for the block", able.join(", "));
        Some(Unmoved { path: format!("trials[{index}].estimator"), message, help })
    });
    found.collect()
}

/// Whether it goes through the steps of a run, or asks for values of f, which depend on them.
fn differentiates_runs(entry: &estimator::Entry) -> bool {
    matches!(entry.family, Family::Iterative | Family::ZerothOrder)
}
