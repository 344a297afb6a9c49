//! Whole runs over several seeds, for every chart of losses over outer steps: once they were measured, they are what
//! is drawn, since one run is one draw of the rows.

use super::found::cautions;
use super::{Figure, Layer, Style};
use crate::lab::{Measured, Snapshot, TrialView};
use crate::math::number::counted;
use crate::probe::Question;
use crate::probe::overfitting::{self, Curves, Overfitting, Quantity, TrialFinding};

/// The question that they answer.
pub(super) const WHOLE_RUNS: Question = Question::of(&overfitting::ENTRY);

/// What was measured of the trials that are shown.
pub(super) struct WholeRuns<'a> {
    pub trials: Vec<(&'a TrialView, &'a TrialFinding)>,
    /// Seeds.
    pub seeds: usize,
    cautions: Vec<String>,
}

impl<'a> WholeRuns<'a> {
    /// The latest that were measured, where they are about a trial that is shown.
    pub(super) fn of(snapshot: &'a Snapshot) -> Option<Self> {
        let answer = snapshot.findings.answer(WHOLE_RUNS)?;
        let measured: &Measured = answer.latest.as_ref()?;
        let finding: &Overfitting = measured.finding.get()?;
        let of_trial = |trial: &'a TrialView| {
            let found = finding.trials.iter().find(|found| found.id == trial.id)?;
            measured.is_about(trial.id, &trial.setting).then_some((trial, found))
        };
        let trials: Vec<_> = snapshot.shown().filter_map(of_trial).collect();
        let cautions = cautions(answer, snapshot);
        (!trials.is_empty()).then_some(Self { trials, seeds: finding.replicates, cautions })
    }

    /// Says of whom a figure is.
    pub(super) fn say(&self, figure: &mut Figure) {
        figure.title = format!("{}, {}", figure.title, counted(self.seeds, "seed"));
        figure.notes.extend(self.cautions.iter().cloned());
    }
}

/// The median over outer steps.
pub(super) fn median(curves: Option<&Curves>) -> Vec<(f64, f64)> {
    let spreads = curves.map_or(&[][..], |curves| &curves.over_seeds);
    spreads.iter().enumerate().map(|(step, spread)| (step as f64, spread.median)).collect()
}

/// The quartiles over outer steps, as shading.
pub(super) fn quartiles(curves: Option<&Curves>, style: Style, whose: &str) -> Option<Layer> {
    let columns = curves?.over_seeds.iter().enumerate();
    let columns = columns.map(|(step, spread)| (step as f64, spread.lower, spread.upper)).collect();
    Some(Layer::band("", style, columns).whose(whose).quantity("quartiles"))
}

/// The quantity that stands for the world: the refit where there is one.
pub(super) fn tested(runs: &WholeRuns<'_>) -> Quantity {
    let has_refit = runs.trials.iter().any(|(_, found)| found.curves(Quantity::Refit).is_some());
    if has_refit { Quantity::Refit } else { Quantity::Test }
}
