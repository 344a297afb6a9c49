//! The numbers of `tests/golden/`, which other programs computed.

mod estimators;
mod problems;
mod stochastic;
