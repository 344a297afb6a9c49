//! Why a probe gives nothing.

use crate::data::DataError;
use crate::scenario::BuildFailure;

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
