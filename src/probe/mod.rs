//! Probes: measurements that run trials, or parts of them, many times.
//!
//! A probe takes a [`Case`], the trials of a scenario or of a running laboratory, and gives a [`Finding`], a plain
//! value that can be read as a table or written as JSON or CSV. It touches no clock and no file: it reports its
//! [`Progress`] and is told whether to go on. Work is spread over threads and gathered in index order, so that any
//! number of threads gives the same bits. To add a probe: one file here, one line in [`ALL`]. The command line, the
//! laboratory's keys and what it keeps of a finding derive from the entry.

mod at_rest;
pub mod bias_variance;
mod budget;
mod case;
pub mod descent;
mod entry;
mod error;
pub mod excess_error;
mod finding;
pub mod foresight;
pub mod frozen;
pub mod horizon_cost;
pub mod landscape;
mod mean;
mod meter;
pub mod overfitting;
mod progress;
mod question;
pub mod recommend;
pub mod sharing;
pub mod stability;
pub mod stationary;
pub mod success;
pub mod super_efficiency;
mod sweep;
mod table;

use crate::data::{Resample, World};
use crate::scenario::Experiment;

pub use budget::{in_words, knobs, mistakes, quick_knobs, scaled};
pub use case::{Case, SoFar, Stance, Subject};
pub use entry::{Entry, Outcome, Scope};
pub use error::ProbeError;
pub(crate) use error::refuse;
use finding::json;
pub use finding::{Excerpt, Finding};
pub use mean::Mean;
pub use progress::{Progress, Watcher};
pub use question::Question;
pub use sweep::Point;
pub use table::{Cell, Table};

/// Every probe, in the order shown.
pub static ALL: &[Entry] = &[
    super_efficiency::ENTRY,
    bias_variance::ENTRY,
    overfitting::ENTRY,
    excess_error::ENTRY,
    stability::ENTRY,
    descent::ENTRY,
    frozen::ENTRY,
    stationary::ENTRY,
    sharing::ENTRY,
    foresight::ENTRY,
    horizon_cost::ENTRY,
    recommend::ENTRY,
    success::ENTRY,
    landscape::ENTRY,
];

/// Where other samples of an experiment come from, where there can be others.
fn world(experiment: &Experiment, resample: Resample) -> Result<World, ProbeError> {
    let (Some(spec), Some(data)) = (&experiment.scenario.data, &experiment.data) else {
        return refuse(
            "this problem has no data, so there is no other sample to draw; expected a problem that learns from rows",
        );
    };
    if experiment.problem.is_about_rows() {
        return refuse(
            "here every training row has an entry of λ of its own, so another training sample has another λ; \
             expected a problem whose λ is not about rows",
        );
    }
    if experiment.problem.age_weights(&experiment.lambda).is_some() {
        return refuse(
            "λ weighs rows by their age, and another sample has none; expected a problem whose λ is not about time",
        );
    }
    Ok(World::of(spec, experiment.scenario.seed, resample, data)?)
}
