//! What a trial is held against at one λ, as the mean over its members.

use std::sync::Arc;

use crate::math::vector;
use crate::problem::Truth;

/// A condition number of H from which on half of the digits of an `f64` are lost, which is worth a word.
pub const LARGE_CONDITION: f64 = 1e8;

/// What is known of a trial under a reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gives {
    /// θ*, F and ∇F.
    Solution,
    /// The derivative of what the inner run makes of λ.
    Run,
    /// F and ∇F of the population.
    Population,
    /// Nothing.
    Nothing,
}

impl Gives {
    /// As charts and panels name the truth.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Solution => "same data",
            Self::Run => "of the run",
            Self::Population => "population",
            Self::Nothing => "none",
        }
    }
}

impl Gives {
    /// For a reader who does not know these names.
    #[must_use]
    pub fn in_full(self) -> &'static str {
        match self {
            Self::Solution => "the exact ∇F(λ), at the inner solution θ*(λ) on the same data",
            Self::Run => "the derivative of f at the end of the inner run as it was taken",
            Self::Population => "the hypergradient of the population that the rows are drawn from",
            Self::Nothing => "none, estimates are held against nothing",
        }
    }
}

/// A reference that was found, and how many of its digits are known.
#[derive(Clone)]
pub struct Held {
    /// One exact answer a member; empty where none was asked for.
    pub members: Vec<Arc<Truth>>,
    /// The hypergradient, of the length of λ; NaN where it is not known.
    pub hypergradient: Vec<f64>,
    /// How far it may be off, as a norm: an estimate that is closer cannot be told from it.
    pub floor: f64,
    /// F(λ), or f at the end of the run; the mean over members. NaN where it is not known.
    pub value: f64,
    /// The largest condition number of H at θ* among the members; NaN where it takes no H.
    pub condition: f64,
    /// Why it is no reference, where it is none.
    pub doubt: Option<String>,
    /// What it gives.
    pub gives: Gives,
}

impl Held {
    /// A hypergradient of which nothing else is known.
    pub(super) fn unknown(hypergradient: Vec<f64>) -> Self {
        let (members, floor, value, condition) = (Vec::new(), f64::NAN, f64::NAN, f64::NAN);
        Self { members, hypergradient, floor, value, condition, doubt: None, gives: Gives::Nothing }
    }

    /// Held against nothing, which nobody doubts.
    #[must_use]
    pub fn nothing(length: usize) -> Self {
        Self::unknown(vec![f64::NAN; length])
    }

    /// Whether it is what it says, up to its [`floor`](Self::floor).
    #[must_use]
    pub fn converged(&self) -> bool {
        self.doubt.is_none()
    }

    /// Decimal digits of its length that are known: none where rounding is as long as it is; infinite where nothing
    /// was asked for.
    #[must_use]
    pub fn digits(&self) -> f64 {
        if self.gives == Gives::Nothing {
            return f64::INFINITY;
        }
        let digits = (vector::norm(&self.hypergradient) / self.floor).log10();
        if digits.is_nan() { 0.0 } else { digits.max(0.0) }
    }

    /// `‖ĥ − ∇F‖`, at least [`floor`](Self::floor): what is below it is rounding. Nothing where it is no reference.
    #[must_use]
    pub fn error(&self, estimate: &[f64]) -> Option<f64> {
        let is_known = self.converged() && self.gives != Gives::Nothing;
        // NaN is a result, which a maximum would hide.
        let clipped = |error: f64| if error < self.floor { self.floor } else { error };
        is_known.then(|| clipped(vector::distance(estimate, &self.hypergradient)))
    }

    /// Its length, for ratios; nothing where not even its first digit is known.
    #[must_use]
    pub fn length(&self) -> Option<f64> {
        let length = vector::norm(&self.hypergradient);
        (self.converged() && self.digits() >= 1.0).then_some(length)
    }

    /// Root mean square of `‖θ − θ*‖` over members.
    #[must_use]
    pub fn inner_error<'a>(&self, thetas: impl Iterator<Item = &'a [f64]>) -> f64 {
        if let [truth] = &self.members[..] {
            return thetas.map(|theta| vector::distance(theta, &truth.theta)).fold(f64::NAN, |_, error| error);
        }
        if self.members.is_empty() {
            return f64::NAN;
        }
        let squares = thetas.zip(&self.members).map(|(theta, truth)| vector::distance(theta, &truth.theta).powi(2));
        (squares.sum::<f64>() / self.members.len() as f64).sqrt()
    }
}
