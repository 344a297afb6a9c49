//! Losses of one row, as functions of the K scores `z = Wᵀx` of that row.
//!
//! A loss computes once per row and location what its derivatives share, its *state*, and answers
//! from that ([`RowLoss`]); one with a single score says four numbers
//! ([`ScalarLoss`](scalar::ScalarLoss)). Dispatch is static: the loops over rows in
//! [`DataFit`](super::data_fit::DataFit) are compiled once for each loss.

mod huber;
mod logistic;
mod poisson;
mod row;
mod scalar;
mod smoothed_check;
mod softmax;
mod squared;

pub(in crate::problem) use huber::Huber;
pub(in crate::problem) use logistic::Logistic;
pub(in crate::problem) use poisson::Poisson;
pub(in crate::problem) use row::RowLoss;
pub(in crate::problem) use smoothed_check::SmoothedCheck;
pub(in crate::problem) use softmax::Softmax;
pub(in crate::problem) use squared::Squared;
