//! What the probe of cost and error found.

use serde::Serialize;

use super::limits::Limits;
use crate::catalog::Spec;
use crate::estimator::Estimators;
use crate::math::number::plain;

/// Name and version of the JSON layout.
pub const SCHEMA: &str = "hyperlab/recommend/1";

/// Below this a relative error is rounding, however many digits the reference has.
pub(super) const ROUNDING: f64 = 1e-12;

/// Everything that was measured along the run of one trial.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Recommendation {
    /// Name and version of this layout.
    pub schema: &'static str,
    /// Identifier or path of the scenario.
    pub scenario: String,
    /// Its seed.
    pub seed: u64,
    /// Identifier of the trial in the laboratory.
    #[serde(skip)]
    pub id: u64,
    /// The trial whose run was followed.
    pub trial: String,
    /// What estimates are held against.
    pub truth: &'static str,
    /// Inner steps of an outer step of the trial.
    pub inner_steps: usize,
    /// Inner steps that settings were measured after.
    pub inner_steps_measured: Vec<usize>,
    /// Outer steps whose λ were followed.
    pub outer_steps: usize,
    /// Outer steps that its run is planned to take; nothing where calls are planned.
    pub planned: Option<usize>,
    /// The outer steps at which estimates were measured.
    pub visited: Vec<usize>,
    /// Repetitions of what is drawn.
    pub repetitions: usize,
    /// Whether batches are drawn.
    pub is_noisy: bool,
    /// d, the length of θ.
    pub inner_dimension: usize,
    /// p, the length of λ.
    pub outer_dimension: usize,
    /// Oracle calls that every estimator was granted.
    pub granted: f64,
    /// As many were asked for; fewer are granted where a call takes long.
    pub asked: f64,
    /// What was asked for.
    pub limits: Limits,
    /// Settings of estimators, in the order of the list.
    pub settings: Vec<Measured>,
    /// Estimators of which not everything was measured.
    pub left_out: Vec<Unmeasured>,
}

/// One setting of an estimator. Costs are those of an outer step: the inner run, what watching it takes, the estimate.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Measured {
    /// Identifier of the estimator.
    pub estimator: String,
    /// As a scenario spells it: `Cg(iterations: 10)`.
    pub setting: String,
    /// The same with all of its knobs.
    pub spec: Spec<Estimators>,
    /// Inner steps of an outer step.
    pub inner_steps: usize,
    /// Whether it is the trial as it is set.
    pub is_as_set: bool,
    /// Oracle calls.
    pub calls: f64,
    /// Of these, gradients.
    pub gradients: f64,
    /// Products with the Hessian.
    pub hvps: f64,
    /// Products with the cross derivative.
    pub cross_products: f64,
    /// Factorizations, which are no calls.
    pub factorizations: f64,
    /// The largest memory held beyond θ and λ.
    pub bytes: f64,
    /// Whether most of the errors are as small as the reference can tell.
    pub is_rounding: bool,
    /// The share of the mean squared error that changes from repetition to repetition; NaN where nothing is drawn.
    pub noise: f64,
    /// `‖ĥ − ∇F‖/‖∇F‖`, by repetition and place visited; infinite where there is no estimate.
    pub errors: Vec<f64>,
    /// What a run of this setting showed that moves λ itself; of the settings that may be advised.
    pub own_run: Option<OwnRun>,
}

/// A run from λ₀ in which the setting moves λ itself, with the draws of the scenario: the first outer steps of what the command
/// shows that runs it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OwnRun {
    /// Outer steps that it was to take.
    pub outer_steps: usize,
    /// The outer steps at which its estimates were measured, at its own λ.
    pub visited: Vec<usize>,
    /// `‖ĥ − ∇F‖/‖∇F‖` there, where ∇F is more than rounding; infinite where there is no estimate.
    pub errors: Vec<f64>,
    /// Whether most of the errors are as small as the reference can tell.
    pub is_rounding: bool,
    /// F where it begins and at the last place visited; NaN where it is not known.
    pub values: [f64; 2],
    /// The outer step at which it stopped before its end, and why.
    pub stopped: Option<(usize, String)>,
}

/// An estimator of which something was not measured, and why.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Unmeasured {
    /// Its identifier.
    pub estimator: String,
    /// Why none of its settings fits; how many were too dear, where one does.
    pub reason: String,
    /// Whether none of its settings fits.
    pub is_unfit: bool,
}

impl Unmeasured {
    pub(super) fn unfit(id: &str, reason: &str) -> Self {
        Self { estimator: id.to_owned(), reason: reason.to_owned(), is_unfit: true }
    }

    pub(super) fn dear(id: &str, left: usize, all: usize) -> Self {
        Self { estimator: id.to_owned(), reason: format!("{left} of {all}"), is_unfit: false }
    }
}

impl OwnRun {
    /// The median of the relative errors.
    #[must_use]
    pub fn error(&self) -> f64 {
        share_below(&self.errors, 0.5)
    }

    /// Whether its error is nothing but rounding.
    #[must_use]
    pub fn is_exact(&self) -> bool {
        self.is_rounding || self.error() <= ROUNDING
    }
}

impl Measured {
    /// The relative error that so large a share of all is below. Infinite where estimates are missing.
    #[must_use]
    pub fn error_at(&self, level: f64) -> f64 {
        share_below(&self.errors, level)
    }

    /// The median of the relative errors.
    #[must_use]
    pub fn error(&self) -> f64 {
        self.error_at(0.5)
    }

    /// Whether its error is nothing but rounding.
    #[must_use]
    pub fn is_exact(&self) -> bool {
        self.is_rounding || self.error() <= ROUNDING
    }

    /// The median of the errors, for comparing: rounding errors are all alike.
    pub(super) fn ranked_error(&self) -> f64 {
        if self.is_exact() { ROUNDING } else { self.error() }
    }

    /// Whether another setting came to the very same, at the same number of inner steps.
    pub(super) fn is_same_result(&self, other: &Self) -> bool {
        let numbers = |one: &Self| (one.inner_steps, one.calls, one.bytes, one.factorizations);
        numbers(self) == numbers(other) && self.errors == other.errors
    }
}

/// The error that so large a share of all is below. Infinite where estimates are missing.
pub(super) fn share_below(errors: &[f64], level: f64) -> f64 {
    let mut sorted = errors.to_vec();
    sorted.sort_by(f64::total_cmp);
    let Some(last) = sorted.len().checked_sub(1) else { return f64::INFINITY };
    let position = level.clamp(0.0, 1.0) * last as f64;
    let (below, above) = (sorted[position.floor() as usize], sorted[position.ceil() as usize]);
    // Between a number and none there is none.
    if above.is_finite() { below + (above - below) * position.fract() } else { above }
}

/// A number of calls, with a digit behind the point where that says something.
pub(super) fn calls(count: f64) -> String {
    if count >= 1e7 {
        plain(count)
    } else if count >= 100.0 || count.fract() == 0.0 {
        format!("{count:.0}")
    } else if count >= 10.0 {
        format!("{count:.1}")
    } else {
        format!("{count:.2}")
    }
}
