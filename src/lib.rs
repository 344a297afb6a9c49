//! A visual laboratory for hypergradients.

pub mod catalog;
pub mod chart;
pub mod data;
pub mod estimator;
pub mod export;
pub mod inner;
pub mod math;
pub mod outer;
pub mod problem;
pub mod tui;
