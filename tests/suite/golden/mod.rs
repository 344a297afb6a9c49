//! The numbers of `tests/golden/`, which other programs computed.

mod estimators;
mod horizon;
mod natural;
mod perceptron;
mod problems;
mod stability;
mod stochastic;
