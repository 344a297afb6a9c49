//! Probes: measurements that run trials, or parts of them, many times.
//!
//! A probe takes a scenario and gives a [`Finding`], a plain value that can be read as a table or
//! written as JSON or CSV. It touches no clock and no file: it reports its [`Progress`] and is told
//! whether to go on. Work is spread over threads and gathered in index order, so that any number of
//! threads gives the same bits. To add a probe: one file here, one line in [`ALL`].

pub mod bias_variance;
pub mod excess_error;
mod meter;
pub mod overfitting;
pub mod super_efficiency;
mod table;

use std::any::Any;
use std::ops::ControlFlow;

use crate::catalog::{Card, Carded, Knobs, Value};
use crate::data::{DataError, Resample, World};
use crate::scenario::{BuildFailure, Experiment, Files, Scenario, Study, Sweep};

pub use table::{Cell, Table};

/// Every probe, in the order shown.
pub static ALL: &[Entry] = &[super_efficiency::ENTRY, bias_variance::ENTRY, overfitting::ENTRY, excess_error::ENTRY];

/// A probe that can be run.
pub struct Entry {
    /// What it is.
    pub card: Card,
    /// Whether it can vary a value of the scenario.
    pub sweeps: bool,
    /// Runs it.
    pub run: fn(&Request<'_>, &mut Watcher<'_>) -> Outcome,
}

impl Carded for Entry {
    fn card(&self) -> &Card {
        &self.card
    }
}

/// What a probe is asked to measure.
pub struct Request<'a> {
    /// What the scenario is called where it came from: an identifier or a path.
    pub name: &'a str,
    /// The scenario; its seed is the first replicate's.
    pub scenario: &'a Scenario,
    /// Reads the files it names.
    pub files: &'a (dyn Files + Sync),
    /// The probe's own knobs.
    pub knobs: &'a Knobs,
    /// A value of the scenario to vary, for probes that can.
    pub sweep: Option<&'a Sweep>,
}

/// A probe's knobs as the study of a scenario sets them; defaults where it says nothing.
#[must_use]
pub fn knobs(entry: &Entry, study: &Study) -> Knobs {
    let mut knobs = Knobs::defaults(entry.card.knobs);
    let said = [("training", study.training), ("validation", study.validation), ("replicates", study.seeds)];
    for (key, count) in said {
        // A probe without such a knob has no use for the number; one out of range is a mistake of the scenario.
        if let Some(count) = count.and_then(|count| i64::try_from(count).ok()) {
            let _ = knobs.set(key, Value::Integer(count));
        }
    }
    knobs
}

/// How far a probe is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Units of work done.
    pub done: usize,
    /// Units of work in all.
    pub total: usize,
}

/// Hears of progress and says whether to go on. Called from one thread at a time.
pub type Watcher<'a> = dyn FnMut(Progress) -> ControlFlow<()> + Send + 'a;

/// What running a probe comes to.
pub type Outcome = Result<Box<dyn Finding>, ProbeError>;

/// What a probe found.
pub trait Finding: Any + Send + Sync {
    /// Everything, in full precision. What is not finite is `null`.
    fn to_json(&self) -> String;

    /// Everything but nested notes, one row a measurement.
    fn rows(&self) -> Table;

    /// What a person reads first, one row a contender.
    fn summary(&self) -> Table;
}

/// Why a probe gave no finding.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ProbeError {
    /// The scenario cannot be built with one of the seeds.
    #[error(transparent)]
    Scenario(#[from] BuildFailure),
    /// This cannot be measured on this scenario, or with these knobs.
    #[error("{0}")]
    Refused(String),
    /// The watcher said stop.
    #[error("stopped before the end")]
    Stopped,
}

impl From<DataError> for ProbeError {
    fn from(error: DataError) -> Self {
        Self::Scenario(error.into())
    }
}

/// This cannot be measured; why, and what could.
pub(crate) fn refuse<T>(message: &str) -> Result<T, ProbeError> {
    Err(ProbeError::Refused(message.to_owned()))
}

/// Where other samples of an experiment come from, where there can be others.
fn world(experiment: &Experiment, resample: Resample) -> Result<World, ProbeError> {
    let (Some(spec), Some(data)) = (&experiment.scenario.data, &experiment.data) else {
        return refuse(
            "this problem has no data, so there is no other sample to draw; expected a problem that learns from rows",
        );
    };
    if experiment.problem.row_weights(&experiment.lambda).is_some() {
        return refuse(
            "here every training row has an entry of λ of its own, so another training sample has another λ; \
             expected a problem whose λ is not about rows",
        );
    }
    Ok(World::of(spec, experiment.scenario.seed, resample, data)?)
}
