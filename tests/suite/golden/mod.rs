//! The numbers of `tests/golden/`, which other programs computed.

mod drift;
mod estimators;
mod horizon;
pub mod instrumental;
mod model_design;
mod natural;
mod perceptron;
mod populations;
mod problems;
mod stability;
mod stochastic;
