//! What a trial remembers for charts.

use std::fmt;
use std::sync::Arc;

use super::{Adapted, Cleaning, Exact, Loops, Measurement};
use crate::estimator::Solver;
use crate::math::vector;
use crate::problem::{Cost, Score};

/// What a trial is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Its inner run goes on.
    Running,
    /// Its inner run is over; the outer step comes next.
    Ready,
    /// θ is not finite. The trial waits for a knob to be turned.
    Diverged {
        /// Outer step at which it happened.
        outer: usize,
        /// Inner step at which it happened.
        inner: usize,
    },
    /// The hypergradient estimate is not finite, so λ cannot move.
    NoEstimate {
        /// Outer step at which it happened.
        outer: usize,
    },
    /// The rows cannot be divided as the ensemble asks: a class would be left out of training.
    NoSplit {
        /// Outer step at which it happened.
        outer: usize,
    },
}

impl Status {
    /// Whether the trial has stopped for good, short of a changed setting.
    #[must_use]
    pub fn is_halted(self) -> bool {
        matches!(self, Self::Diverged { .. } | Self::NoEstimate { .. } | Self::NoSplit { .. })
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Running => f.write_str("running"),
            Self::Ready => f.write_str("inner run over"),
            Self::Diverged { outer, inner } => write!(f, "diverged at outer {outer}, inner {inner}: θ is not finite"),
            Self::NoEstimate { outer } => write!(f, "stopped at outer {outer}: ĥ is not finite"),
            Self::NoSplit { outer } => write!(f, "stopped at outer {outer}: no split has every class in training"),
        }
    }
}

/// One measured inner step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct InnerRecord {
    /// Inner steps taken.
    pub step: usize,
    /// `‖θ − θ*‖`.
    pub inner_error: f64,
    /// `‖ĥ − ∇F‖`.
    pub error: f64,
    /// `‖ĥ − ∇F‖ / ‖∇F‖`.
    pub relative_error: f64,
    /// Cosine between ĥ and ∇F.
    pub cosine: f64,
    /// `‖Mᵀe‖`, the error that first-order theory predicts; `None` where there is no theory.
    pub predicted: Option<f64>,
    /// `g(λ, θ)`.
    pub inner_value: f64,
    /// `f(λ, θ)`.
    pub outer_value: f64,
    /// Mean loss on training, validation and test rows; NaN where there are none.
    pub losses: [f64; 3],
    /// Oracle calls of this outer step up to here, had it ended here with this estimate.
    pub calls: f64,
}

/// An inner run as far as it was measured, and what it is held against. All of one λ, one setting.
#[derive(Debug, Clone)]
pub struct InnerRun {
    /// One record a measured inner step.
    pub records: Arc<Vec<InnerRecord>>,
    /// C = ‖M‖₂, where theory gives it: `‖ĥ − ∇F‖ ≤ C‖e‖` to first order.
    pub efficiency_constant: Option<f64>,
    /// `‖∇F‖`, the scale that errors are small against.
    pub truth_norm: f64,
}

impl InnerRecord {
    pub(super) fn of(measurement: &Measurement, predicted: Option<f64>, run: Cost) -> Self {
        Self {
            step: measurement.inner,
            inner_error: measurement.inner_error,
            error: measurement.error,
            relative_error: measurement.relative_error,
            cosine: measurement.cosine,
            predicted,
            inner_value: measurement.inner_value,
            outer_value: measurement.outer_value,
            losses: losses(measurement),
            calls: (run + measurement.estimate.cost).calls(),
        }
    }
}

/// One completed outer step: where it was, before λ moved.
#[derive(Debug, Clone, PartialEq)]
pub struct OuterRecord {
    /// Outer step, from 0.
    pub step: usize,
    /// Inner steps it took.
    pub inner_steps: usize,
    /// λ.
    pub lambda: Arc<[f64]>,
    /// θ at the end of the inner run, the first member's.
    pub theta: Arc<[f64]>,
    /// ĥ.
    pub hypergradient: Arc<[f64]>,
    /// ∇F(λ).
    pub truth: Arc<[f64]>,
    /// `F(λ) = f(λ, θ*(λ))`.
    pub value: f64,
    /// Whether F is higher than one outer step earlier.
    pub worse: bool,
    /// `‖θ − θ*‖`.
    pub inner_error: f64,
    /// `‖ĥ − ∇F‖`.
    pub error: f64,
    /// `‖ĥ − ∇F‖ / ‖∇F‖`.
    pub relative_error: f64,
    /// Cosine between ĥ and ∇F.
    pub cosine: f64,
    /// `g(λ, θ)`.
    pub inner_value: f64,
    /// `f(λ, θ)`.
    pub outer_value: f64,
    /// Loss and accuracy on training, validation and test rows.
    pub scores: [Option<Score>; 3],
    /// How the model trained on training and validation rows together does on the test rows, where the scenario
    /// asks for it.
    pub refit: Option<Score>,
    /// How well λ tells clean rows from mislabelled ones, where it weighs rows.
    pub cleaning: Option<Cleaning>,
    /// The first new task, learned with this λ, for tasks about one number.
    pub adapted: Option<Adapted>,
    /// What this trial has cost up to and with this step.
    pub cost: Cost,
    /// The health of the linear solver.
    pub solver: Solver,
}

impl OuterRecord {
    pub(super) fn of(measurement: &Measurement, loops: &Loops, truth: &Exact, before: Option<f64>, cost: Cost) -> Self {
        Self {
            step: measurement.outer,
            inner_steps: measurement.inner,
            lambda: loops.lambda().into(),
            theta: loops.thetas().next().unwrap_or_default().into(),
            hypergradient: measurement.estimate.hypergradient.as_slice().into(),
            truth: measurement.truth.as_slice().into(),
            value: truth.value,
            worse: before.is_some_and(|before| truth.value > before),
            inner_error: measurement.inner_error,
            error: measurement.error,
            relative_error: measurement.relative_error,
            cosine: measurement.cosine,
            inner_value: measurement.inner_value,
            outer_value: measurement.outer_value,
            scores: measurement.scores,
            refit: loops.refit(),
            cleaning: loops.cleaning(),
            adapted: loops.adapted(),
            cost,
            solver: measurement.estimate.solver.clone(),
        }
    }

    /// Mean loss on training, validation and test rows; NaN where there are none.
    #[must_use]
    pub fn losses(&self) -> [f64; 3] {
        self.scores.map(|score| score.map_or(f64::NAN, |score| score.loss))
    }

    /// `‖ĥ‖`.
    #[must_use]
    pub fn hypergradient_norm(&self) -> f64 {
        vector::norm(&self.hypergradient)
    }
}

fn losses(measurement: &Measurement) -> [f64; 3] {
    measurement.scores.map(|score| score.map_or(f64::NAN, |score| score.loss))
}
