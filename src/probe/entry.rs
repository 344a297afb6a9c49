//! What the list of probes holds.

use std::fmt::{self, Debug};

use super::case::{Case, Subject};
use super::error::{ProbeError, refuse};
use super::finding::Finding;
use super::progress::Watcher;
use crate::catalog::{Card, Carded, Knobs};

/// A probe that can be run.
pub struct Entry {
    /// What it is.
    pub card: Card,
    /// What it takes of a trial.
    pub scope: Scope,
    /// Whether, with these knobs, it measures trials where they stand, θ and all, and each at its own λ. So only what is at a λ
    /// can be asked.
    pub stands: fn(&Knobs) -> bool,
    /// The key that begins it in the laboratory.
    pub key: char,
    /// The key that begins it there for every value of the scenario's sweep; none, where it cannot vary a value.
    pub sweeps: Option<char>,
    /// The knobs that say how much is measured, with what one waits for in the laboratory. None is left smaller
    /// than the one before it: what stands for the truth should not be what is seen.
    pub budget: &'static [(&'static str, usize)],
    /// Runs it.
    pub run: fn(&Case<'_>, &mut Watcher<'_>) -> Outcome,
}

/// What a probe takes of a trial.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Inner runs at one λ, which the case says. The outer loop does not enter.
    AtLambda,
    /// Whole runs from λ₀, of one λ each.
    WholeRuns,
    /// Whole runs from λ₀ of trials as they are, with all of their students.
    WholeTrials,
    /// The run of the first trial from λ₀, along which the probe sets everything else itself.
    FirstRun,
}

impl Scope {
    /// Its name in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::AtLambda => "at-lambda",
            Self::WholeRuns => "whole-runs",
            Self::WholeTrials => "whole-trials",
            Self::FirstRun => "first-run",
        }
    }
}

impl Entry {
    /// Runs it on a case that it can be run on.
    ///
    /// # Errors
    /// When it cannot be measured on this case, or the watcher stops it.
    pub fn measure(&self, case: &Case<'_>, watcher: &mut Watcher<'_>) -> Outcome {
        // One that waited for a thread may be cancelled before it begins.
        if case.experiment.stop.is_set() {
            return Err(ProbeError::Stopped);
        }
        let is_population = |subject: &&Subject| subject.setting.students() > 1;
        let taken = match self.scope {
            Scope::AtLambda | Scope::WholeTrials => &[],
            Scope::WholeRuns => &case.subjects[..],
            Scope::FirstRun => &case.subjects[..case.subjects.len().min(1)],
        };
        if let Some(subject) = taken.iter().find(is_population) {
            return refuse(&format!(
                "`{}` takes whole runs of one λ each, and `{}` has {} students; expected `population: Alone`",
                self.card.id,
                subject.setting.name,
                subject.setting.students()
            ));
        }
        let outcome = (self.run)(case, watcher);
        // What was computed while it was set is no result.
        if case.experiment.stop.is_set() { Err(ProbeError::Stopped) } else { outcome }
    }
}

impl Carded for Entry {
    fn card(&self) -> &Card {
        &self.card
    }
}

/// An entry is its identifier.
impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        self.card.id == other.card.id
    }
}

impl Eq for Entry {}

impl Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.card.id)
    }
}

/// What running a probe comes to.
pub type Outcome = Result<Box<dyn Finding>, ProbeError>;
