//! Outer objectives of the linear models: the validation loss, or the affine/quadratic dial.
//!
//! The dial `f = cᵀθ + (τ/2)‖θ‖²` takes the data out of the outer objective. Its curvature τ is
//! what decides whether a reparameterized estimator can be super-efficient: slope 2 at τ = 0,
//! slope 1 beyond (Ye et al. 2024).

use rand_distr::{Distribution, StandardNormal};

use super::data_fit::{DataFit, Place};
use super::loss::RowLoss;
use crate::catalog::{Kind, Knob, Scale};
use crate::math::double::Double;
use crate::math::random::{Purpose, stream};
use crate::math::vector::{axpy, dot};
use crate::problem::{BuildError, Cache, Location, OuterObjective, Parts, Rounding};

/// Which outer objective.
pub(in crate::problem) const OUTER: Knob = Knob {
    key: "outer",
    help: "The outer objective: the loss on the validation rows, or the dial cᵀθ + (τ/2)‖θ‖².",
    kind: Kind::Choice {
        options: &[("Validation", "mean loss over the validation rows"), ("Dial", "cᵀθ + (τ/2)‖θ‖²")],
    },
};

/// The dial's curvature.
pub(in crate::problem) const TAU: Knob = Knob {
    key: "tau",
    help: "Curvature τ of the dial: 0 is an affine outer objective. Nothing reads it without the dial.",
    kind: Kind::Real { default: 0.0, range: (0.0, 10.0), scale: Scale::Linear },
};

/// An outer objective that does not read λ.
pub(in crate::problem) struct Outer<L> {
    /// The validation rows, which are scored even when the dial is the objective.
    pub validation: DataFit<L>,
    dial: Option<Dial>,
}

/// `cᵀθ + (τ/2)‖θ‖²`.
pub(in crate::problem) struct Dial {
    linear: Vec<f64>,
    curvature: f64,
}

impl Dial {
    /// The dial if [`OUTER`] asks for it, with the array `c` of the scenario or one drawn from the
    /// standard normal distribution.
    pub fn new(parts: &Parts<'_>, dimension: usize) -> Result<Option<Self>, BuildError> {
        if let Some((name, _)) = parts.arrays.iter().find(|(name, _)| name != "c") {
            return Err(BuildError::at("arrays", format!("there is no array `{name}` here; expected only `c`")));
        }
        if parts.knobs.choice("outer") != "Dial" {
            return Ok(None);
        }
        let linear = match parts.arrays.first() {
            Some((_, c)) if (c.rows(), c.columns()) != (dimension, 1) => {
                let found = format!("{} x {}", c.rows(), c.columns());
                return Err(BuildError::at(
                    "arrays",
                    format!("`c` is {found}; expected {dimension} x 1, one entry for each of θ"),
                ));
            }
            Some((_, c)) if !crate::math::vector::is_finite(c.entries()) => {
                return Err(BuildError::at("arrays", "`c` has an entry that is not finite; expected finite numbers"));
            }
            Some((_, c)) => c.entries().to_vec(),
            None => StandardNormal.sample_iter(stream(parts.seed, Purpose::Outer, &[])).take(dimension).collect(),
        };
        Ok(Some(Self { linear, curvature: parts.knobs.real("tau") }))
    }
}

impl<L: RowLoss> Outer<L> {
    /// The dial where there is one, the validation loss where not.
    pub fn new(validation: DataFit<L>, dial: Option<Dial>) -> Self {
        Self { validation, dial }
    }

    /// The largest curvature of the dial, where it is the objective.
    pub fn dial_curvature(&self) -> Option<f64> {
        self.dial.as_ref().map(|dial| dial.curvature)
    }

    /// Number of rows in the sum; 0 for the dial.
    pub fn rows(&self) -> usize {
        if self.dial.is_some() { 0 } else { self.validation.rows() }
    }

    /// `∇_θ f` over all rows, with twice the digits.
    pub fn precise_gradient(&self, theta: &[Double], rounding: Rounding, out: &mut [Double]) {
        out.fill(Double::ZERO);
        if let Some(dial) = &self.dial {
            for (j, (target, linear)) in out.iter_mut().zip(&dial.linear).enumerate() {
                *target = rounding.of(*linear, j) + theta[j] * dial.curvature;
            }
            return;
        }
        self.validation.add_precise_gradient(theta, rounding, |_| Double::ONE, out);
    }
}

impl<L: RowLoss> OuterObjective for Outer<L> {
    fn value(&self, at: Location<'_>, cache: &mut Cache) -> f64 {
        let (theta, rows) = (at.theta, at.rows.validation);
        if let Some(dial) = &self.dial {
            return dot(&dial.linear, theta) + 0.5 * dial.curvature * dot(theta, theta);
        }
        let [scratch @ .., state] = &mut cache.scratch;
        self.validation.prepare(theta, rows, state, scratch);
        self.validation.value(Place { theta, rows, state }, |_| 1.0)
    }

    fn gradient(&self, at: Location<'_>, cache: &mut Cache, out: &mut [f64]) {
        let (theta, rows) = (at.theta, at.rows.validation);
        out.fill(0.0);
        if let Some(dial) = &self.dial {
            out.copy_from_slice(&dial.linear);
            axpy(dial.curvature, theta, out);
            return;
        }
        let [scratch @ .., state] = &mut cache.scratch;
        self.validation.prepare(theta, rows, state, scratch);
        self.validation.add_gradient(Place { theta, rows, state }, scratch, out);
    }

    fn hvp(&self, at: Location<'_>, cache: &mut Cache, v: &[f64], out: &mut [f64]) {
        let (theta, rows) = (at.theta, at.rows.validation);
        out.fill(0.0);
        if let Some(dial) = &self.dial {
            axpy(dial.curvature, v, out);
            return;
        }
        let [scratch @ .., state] = &mut cache.scratch;
        self.validation.prepare(theta, rows, state, scratch);
        self.validation.add_hvp(Place { theta, rows, state }, scratch, v, out);
    }
}
