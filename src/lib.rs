//! A visual laboratory for hypergradients.

pub mod catalog;
pub mod chart;
pub mod cli;
pub mod data;
pub mod draw;
pub mod engine;
pub mod ensemble;
pub mod estimator;
pub mod export;
pub mod filter;
pub mod front;
pub mod glossary;
pub mod inner;
pub mod lab;
pub mod math;
pub mod metric;
pub mod outer;
pub mod pace;
pub mod population;
pub mod probe;
pub mod problem;
pub mod reference;
pub mod scenario;
pub mod trial;
pub mod tui;
pub mod world;
