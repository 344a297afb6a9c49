//! stub
use super::*;
use std::sync::Arc;
/// x
#[derive(Clone)]
pub struct Experiment {
    /// x
    pub scenario: Scenario,
    /// x
    pub problem: Arc<dyn crate::problem::Problem>,
    /// x
    pub lambda: Vec<f64>,
    /// x
    pub theta: Vec<f64>,
}
/// x
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{message}")]
pub struct BuildFailure {
    /// x
    pub field: String,
    /// x
    pub message: String,
}
impl Experiment {
    /// x
    pub fn turn(&self, _: &str, _: &str) -> Result<Experiment, BuildFailure> {
        todo!()
    }
}
/// x
pub fn experiment(_: &Scenario, _: &dyn Files) -> Result<Experiment, BuildFailure> {
    todo!()
}
