//! What the linear models share: θ is a matrix W of d features × K outputs, row-major, and a row
//! `x` is judged by its scores `Wᵀx`.
//!
//! - [`RowLoss`](loss::RowLoss): a loss of one row and its derivatives, statically dispatched;
//! - [`DataFit`]: the mean of a loss over rows, full batch or mini-batch;
//! - [`ExponentialPenalty`](penalty::ExponentialPenalty): `½ Σ e^{λ_j} θ_j²`;
//! - [`Outer`]: validation loss or the affine/quadratic dial;
//! - [`Penalized`]: the three of them put together as a problem.

mod data_fit;
pub(super) mod intake;
pub(super) mod loss;
mod outer;
mod penalized;
mod penalty;

pub(super) use data_fit::{DataFit, sized};
pub(super) use outer::{OUTER, Outer, TAU, buffers};
pub(super) use penalized::{Penalized, largest_eigenvalue, place};
pub(super) use penalty::{PENALTY, PENALTY_WEIGHT, REDUCTION};

use crate::catalog::Knobs;
use intake::Validation;

/// Whether the outer objective these knobs choose reads the validation rows.
pub(super) fn validation_needed(knobs: &Knobs) -> Validation {
    if knobs.choice("outer") == "Dial" { Validation::Optional } else { Validation::Needed }
}
