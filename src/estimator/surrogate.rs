//! A matrix that stands in for H and is kept from one inner step to the next.

use std::any::Any;
use std::sync::Arc;

use crate::math::Matrix;

/// Beyond this length of θ the matrix is not handed out: its eigenvalues would take longer than a glance.
pub const MOST_SHOWN: usize = 200;

/// How such a matrix stood when an estimate was made with it, and what the estimator goes on with.
#[derive(Clone)]
pub struct Surrogate {
    /// Batches seen.
    pub seen: usize,
    /// How many of them are in the matrix that was used.
    pub used: usize,
    /// How often everything was forgotten, as the method does by itself.
    pub resets: usize,
    /// Batches left out since a score was not finite.
    pub skipped: usize,
    /// δ as it was used, which may be more than was asked for.
    pub damping: f64,
    /// What stands in for the Hessian of the loss, without penalty and damping, d × d and symmetric; nothing where it is not formed, or θ
    /// is longer than [`MOST_SHOWN`].
    pub matrix: Option<Matrix>,
    /// All that is solved with, where that is not this matrix with penalty and damping: an inverse that is kept has none of them, or those of
    /// when it was made anew.
    pub whole: Option<Matrix>,
    /// What the estimator goes on with, to be handed back to it.
    pub(super) kept: Arc<dyn Any + Send + Sync>,
}

/// What is kept is compared by where it came from.
impl PartialEq for Surrogate {
    fn eq(&self, other: &Self) -> bool {
        let numbers = |surrogate: &Self| (surrogate.seen, surrogate.used, surrogate.resets, surrogate.skipped);
        numbers(self) == numbers(other)
            && self.damping.to_bits() == other.damping.to_bits()
            && self.matrix == other.matrix
            && self.whole == other.whole
            && Arc::ptr_eq(&self.kept, &other.kept)
    }
}

impl std::fmt::Debug for Surrogate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Surrogate({} of {} batches, {} resets)", self.used, self.seen, self.resets)
    }
}
