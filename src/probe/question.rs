//! What can be asked of an experiment: a probe, at the trials as they are set or along a sweep.

use super::{ALL, Entry, Scope};
use crate::scenario::Study;

/// A probe, or a probe for every value of the scenario's sweep.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Question {
    probe: &'static Entry,
    key: char,
    is_over_sweep: bool,
}

impl Question {
    /// The probe, at the trials as they are set.
    #[must_use]
    pub const fn of(probe: &'static Entry) -> Self {
        Self { probe, key: probe.key, is_over_sweep: false }
    }

    /// The probe for every value of the scenario's sweep, where it can vary a value.
    #[must_use]
    pub const fn over_sweep(probe: &'static Entry) -> Option<Self> {
        match probe.sweeps {
            Some(key) => Some(Self { probe, key, is_over_sweep: true }),
            None => None,
        }
    }

    /// Every question, in the order shown: the probes, then the sweeps.
    pub fn all() -> impl Iterator<Item = Self> {
        ALL.iter().map(Self::of).chain(ALL.iter().filter_map(Self::over_sweep))
    }

    /// Who answers it.
    #[must_use]
    pub const fn probe(self) -> &'static Entry {
        self.probe
    }

    /// Whether it is about the values of a sweep.
    #[must_use]
    pub const fn is_over_sweep(self) -> bool {
        self.is_over_sweep
    }

    /// The key that asks it in the laboratory.
    #[must_use]
    pub const fn key(self) -> char {
        self.key
    }

    /// Whether a study means it to be asked: it names values to sweep, or counts that only such a probe takes. Seeds
    /// are what every probe of whole runs takes, and mean none of them.
    #[must_use]
    pub fn is_studied(self, study: &Study) -> bool {
        let counts = [("training", study.training), ("validation", study.validation), ("twins", study.twins)];
        let said: Vec<&str> = counts.iter().filter(|(_, count)| count.is_some()).map(|(key, _)| *key).collect();
        let takes = said.iter().any(|key| self.probe.card.knobs.iter().any(|knob| knob.key == *key));
        // A sweep is meant for the probes whose counts are said; where none are, for every one that can.
        if self.is_over_sweep { study.sweep.is_some() && (takes || said.is_empty()) } else { takes }
    }

    /// What is measured, in words that go on in a sentence: `bias and variance`.
    #[must_use]
    pub fn name(self) -> String {
        let mut letters = self.probe.card.name.chars();
        let name: String = letters.next().into_iter().flat_map(char::to_lowercase).chain(letters).collect();
        if self.is_over_sweep { format!("{name} over the sweep") } else { name }
    }

    /// What is measured of whom, as a sentence without its end.
    #[must_use]
    pub fn in_words(self) -> String {
        let name = Self::of(self.probe).name();
        match (self.is_over_sweep, self.probe.scope) {
            (true, _) => format!("Measure {name} from λ₀, for every value of the scenario's sweep"),
            (false, Scope::AtLambda) => {
                format!("Measure {name} of every trial shown, all at λ₀ or where `study.measured_at` says")
            }
            (false, Scope::FirstRun) => {
                format!("Measure {name} of all estimators along the run of the first trial, from λ₀")
            }
            (false, Scope::WholeTrials) => format!("Measure {name} over whole runs of every trial, students and all"),
            (false, Scope::WholeRuns) => format!("Measure {name} over whole runs of every trial, from λ₀"),
        }
    }
}
