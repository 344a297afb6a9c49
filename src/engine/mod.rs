//! A history on a thread of its own. Fronts send [`Request`]s and read the latest snapshot; they never
//! wait for it, and it keeps no time: who wants it to run sends ticks. What is measured is measured beside it.

mod defect;
mod error;
mod handle;
mod job;
mod request;
mod shared;
mod surveyor;
mod worker;

pub use defect::{Defect, caught};
pub use error::EngineError;
pub use handle::Engine;
pub use request::Request;
