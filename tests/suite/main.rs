//! Everything that is tested from outside the modules, in one binary: what it links is linked once.
//!
//! The name of a module is a filter: `cargo test --test suite papers` runs what the papers found,
//! `cargo test --test suite -- --skip papers --skip terminal` what takes seconds.

mod allocation;
mod architecture;
mod batches;
mod blocks;
mod command_line;
mod common;
mod conformance;
mod counts;
mod defects;
mod drafts;
mod drift;
mod ensembles;
mod extensions;
mod filters;
mod frozen;
mod fuzzing;
mod golden;
mod inexact;
mod instrumental;
mod label_correction;
mod laboratory;
mod large;
mod linear;
mod measuring;
mod metrics;
mod model_design;
mod natural;
mod natural_charts;
mod paces;
mod paper;
mod papers;
mod paths;
mod pauses;
mod perceptron;
mod population_charts;
mod populations;
mod probes;
mod progress;
mod recommend;
mod references;
mod residuals;
mod scenarios;
mod screen;
mod searches;
mod sources;
mod sparse;
mod sparse_rows;
mod stability;
mod stationary;
mod stochastic;
mod stopping;
mod tables;
mod tasks;
#[cfg(unix)]
mod terminal;
mod until;
mod worlds;
