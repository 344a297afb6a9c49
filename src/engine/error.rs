//! What goes wrong in a laboratory that runs.

use super::defect::Defect;
use crate::lab::CommandError;
use crate::probe::Question;

/// Something that a front has to say.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum EngineError {
    /// A command was not carried out.
    #[error(transparent)]
    Command(#[from] CommandError),
    /// This cannot be measured here.
    #[error("{} cannot be measured: {reason}", .question.name())]
    Unmeasurable {
        /// What was asked.
        question: Question,
        /// Why not, in words.
        reason: String,
    },
    /// Something about measuring is not as asked; in words.
    #[error("{0}")]
    Measurement(String),
    /// A step, a command or a journey through the history panicked.
    #[error("{0}; the laboratory is back where it was before, and can be saved")]
    Undone(Defect),
    /// Something that moves nothing panicked.
    #[error("{0}")]
    Defect(#[from] Defect),
}
