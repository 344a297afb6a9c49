//! Vectors, dense matrices over faer, linear solvers, finite differences, seeded streams,
//! statistics and log-log fits. Nothing here knows what a hypergradient is.
//!
//! Everything is sequential and sums in index order, so that the same inputs give the same bits.

pub mod double;
pub mod double_cholesky;
pub mod factorization;
pub mod finite_difference;
pub mod fit;
pub mod krylov;
pub mod lanczos;
pub mod matrix;
pub mod nested;
pub mod number;
pub mod panel;
pub mod random;
pub mod series;
pub mod sparse;
pub mod statistics;
pub mod vector;

pub use factorization::{Factorization, condition_of, is_singular, solve_general};
pub use matrix::Matrix;
