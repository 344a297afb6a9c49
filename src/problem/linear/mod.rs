//! What the linear models share: θ is a matrix W of d features × K outputs, row-major, and a row
//! `x` is judged by its scores `Wᵀx`.
//!
//! - [`RowLoss`](loss::RowLoss): a loss of one row and its derivatives, statically dispatched;
//! - [`DataFit`](data_fit::DataFit): the mean of a loss over rows, full batch or mini-batch; several directions at once in `panels`;
//! - [`ExponentialPenalty`](penalty::ExponentialPenalty): `½ Σ e^{λ_j} θ_j²`;
//! - [`Outer`](outer::Outer): validation loss or the affine/quadratic dial;
//! - [`Sets`]: training, validation and test rows;
//! - [`LeastSquares`]: rows and a fixed penalty, where λ moves targets alone;
//! - [`Penalized`]: all of them put together as a problem;
//! - [`Owners`](owners::Owners): which entry of λ weighs which feature;
//! - [`Sparse`]: the same with `Σ e^{λ_j} |θ_j|`, which has kinks.

mod absolute;
mod data_fit;
pub(super) mod intake;
mod kernels;
mod least_squares;
pub(super) mod loss;
mod outer;
mod owners;
mod panels;
mod penalized;
mod penalty;
mod precise;
mod sets;
mod sparse;

pub(super) use kernels::sized;
pub(super) use least_squares::LeastSquares;
pub(super) use outer::{OUTER, TAU};
pub(super) use owners::PENALTY;
pub(super) use penalized::{Penalized, largest_eigenvalue, largest_of_gram};
pub(super) use penalty::{PENALTY_WEIGHT, REDUCTION};
pub(super) use sets::{Sets, prepared};
pub(super) use sparse::Sparse;

use crate::catalog::Knobs;
use intake::Validation;

/// Whether the outer objective these knobs choose reads the validation rows.
pub(super) fn validation_needed(knobs: &Knobs) -> Validation {
    if knobs.choice("outer") == "Dial" { Validation::Optional } else { Validation::Needed }
}
