//! Why a scenario cannot become an experiment.

use crate::data::DataError;

/// Why a scenario is no experiment.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{field}`: {message}")]
pub struct BuildFailure {
    /// Path of the value at fault: `data.split`, `lambda`.
    pub field: String,
    /// What is wrong and what was expected.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

impl BuildFailure {
    /// At a path.
    pub(crate) fn at(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self { field: field.into(), message: message.into(), help: None }
    }
}

impl From<DataError> for BuildFailure {
    fn from(error: DataError) -> Self {
        Self { field: format!("data.{}", error.field), message: error.message, help: error.help }
    }
}
