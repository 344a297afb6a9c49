//! Dynamics of the inner loop: one step `s_{t+1} = Φ_t(s_t, λ)` and its derivatives.
//!
//! The state `s` is θ followed by whatever else the optimizer remembers (a velocity), so that
//! unrolled estimators differentiate the optimizer that ran, not an idealized one. To add dynamics:
//! one file here, one line in [`ALL`].

mod gradient_descent;
mod heavy_ball;
mod motion;
mod newton;
mod noisy_descent;
mod proximal_gradient;
mod schedule;
mod scheduled_heavy_ball;
mod step;
mod tangents;

use std::ops::Range;

use crate::catalog::{Card, Carded, Catalog, Knobs};
use crate::draw::Clock;
use crate::problem::{Block, Oracle, Requirement};

pub use motion::Motion;
pub use tangents::{Columns, Tangents};

/// All dynamics, in the order shown.
pub static ALL: &[Entry] = &[
    gradient_descent::ENTRY,
    heavy_ball::ENTRY,
    scheduled_heavy_ball::ENTRY,
    schedule::ENTRY,
    noisy_descent::ENTRY,
    newton::ENTRY,
    proximal_gradient::ENTRY,
];

/// Dynamics that can be chosen.
pub struct Entry {
    /// What they are.
    pub card: Card,
    /// Makes them from their knobs.
    pub build: fn(&Knobs) -> Box<dyn Dynamics>,
}

/// The list of dynamics, for [`Spec`](crate::catalog::Spec).
pub struct AllDynamics;

impl Catalog for AllDynamics {
    type Entry = Entry;
    const ITEM: &'static str = "inner dynamics";

    fn all() -> &'static [Entry] {
        ALL
    }
}

impl Carded for Entry {
    fn card(&self) -> &Card {
        &self.card
    }
}

/// One inner step and its derivatives, over the training rows that the oracle is on. Methods may move the oracle; they
/// leave it wherever they last asked. None of them allocates, except where a step factorizes a matrix.
pub trait Dynamics: Send + Sync {
    /// What they ask of a problem beyond the derivatives that all have.
    fn requires(&self) -> &'static [Requirement] {
        &[]
    }

    /// Length of the state for θ ∈ R^d: a multiple of d, θ first.
    fn state_length(&self, inner_dimension: usize) -> usize {
        inner_dimension
    }

    /// Outer variables of the dynamics' own (a learned step size, say), which follow the problem's in λ. Where they
    /// start may depend on the problem's λ.
    fn blocks(&self, _oracle: &Oracle, _lambda: &[f64]) -> Vec<Block> {
        Vec::new()
    }

    /// The inner steps that read one of its own outer variables, numbered from 0 behind the problem's: all of them, where
    /// nothing is said. Before its window the derivative of the run by a variable is zero. Known once a run has
    /// [begun](Self::begin).
    fn window(&self, _own: usize) -> Range<usize> {
        0..usize::MAX
    }

    /// Why an inner run of so many steps cannot be taken: the knob at fault, and what was found and expected.
    fn mistake(&self, _steps: usize) -> Option<(&'static str, String)> {
        None
    }

    /// A new outer step starts at λ, with so many inner steps planned: the place to fix an automatic step size, which the
    /// derivatives then hold constant, and to cut the run into windows.
    fn begin(&mut self, oracle: &mut Oracle, clock: Clock, lambda: &[f64], steps: usize);

    /// `next = Φ(state, λ)`.
    fn step(&mut self, oracle: &mut Oracle, clock: Clock, lambda: &[f64], state: &[f64], next: &mut [f64]);

    /// `out = ∂_sΦ · state_tangent + ∂_λΦ · lambda_tangent`.
    #[allow(clippy::too_many_arguments)]
    fn jvp(
        &mut self,
        oracle: &mut Oracle,
        clock: Clock,
        lambda: &[f64],
        state: &[f64],
        state_tangent: &[f64],
        lambda_tangent: &[f64],
        out: &mut [f64],
    );

    /// `Z ← ∂_sΦ · Z + ∂_λΦ`, for the columns of `∂_λΦ` that tangents are there for: each as [`jvp`](Self::jvp) along its entry of λ, to
    /// rounding. The default takes one at a time.
    fn jvps(&mut self, oracle: &mut Oracle, clock: Clock, lambda: &[f64], state: &[f64], tangents: &mut Tangents) {
        tangents.step_singly(lambda.len(), |column, along, next| {
            self.jvp(oracle, clock, lambda, state, column, along, next);
        });
    }

    /// `state_out = (∂_sΦ)ᵀ cotangent`, and `lambda_out += (∂_λΦ)ᵀ cotangent`.
    #[allow(clippy::too_many_arguments)]
    fn vjp(
        &mut self,
        oracle: &mut Oracle,
        clock: Clock,
        lambda: &[f64],
        state: &[f64],
        cotangent: &[f64],
        state_out: &mut [f64],
        lambda_out: &mut [f64],
    );

    /// The step size in use, where there is one.
    fn step_size(&self) -> Option<f64>;

    /// A copy with its scratch space.
    fn clone_box(&self) -> Box<dyn Dynamics>;
}

impl Clone for Box<dyn Dynamics> {
    fn clone(&self) -> Self {
        self.clone_box()
    }
}
