//! Functions with many wells, on which searches are compared: `F(λ) = φ(λ)` over a box.
//!
//! They are bilevel problems with a trivial inner part: `g = ½θ²` with d = 1, whose θ* is 0 at every λ, and `f(λ, θ) = φ(λ)`, so that the
//! whole hypergradient is its direct part and every estimator has it exactly. What is left to compare is what is done with it. λ is in the
//! function's own units, an entry a block, since every entry has bounds of its own. There are no rows and no mini-batches.

pub(super) mod branin;
pub(super) mod hartmann;
pub(super) mod rastrigin;

use super::constant_curvature::ConstantCurvature;
use super::{Block, Cache, Dimensions, Location, Minimum, OuterObjective, Problem, ThirdDerivatives};

/// φ over a box.
trait TestFunction: Send + Sync {
    /// The entries of λ, each a block with its bounds.
    fn blocks(&self) -> Vec<Block>;

    /// `φ(λ)`.
    fn value(&self, lambda: &[f64]) -> f64;

    /// `∇φ ∈ R^p`.
    fn gradient(&self, lambda: &[f64], out: &mut [f64]);
}

/// The bilevel problem of a test function.
struct Trivial<F> {
    function: F,
    blocks: Vec<Block>,
    minimum: Minimum,
}

impl<F: TestFunction> Trivial<F> {
    /// `minimum` is one of the places where φ is least.
    fn new(function: F, minimum: Vec<f64>) -> Self {
        let minimum = Minimum { value: function.value(&minimum), lambda: minimum, others: Vec::new() };
        Self { blocks: function.blocks(), function, minimum }
    }

    /// The same, as low at other places too.
    fn and_at(self, others: Vec<Vec<f64>>) -> Self {
        Self { minimum: Minimum { others, ..self.minimum }, ..self }
    }
}

/// A block of one entry that starts in the middle of its bounds.
fn entry(name: &'static str, label: &str, (low, high): (f64, f64)) -> Block {
    Block::new(name, vec![label.to_owned()]).within(low, high).starting_at(0.5 * (low + high))
}

impl<F: TestFunction> Problem for Trivial<F> {
    fn dimensions(&self) -> Dimensions {
        let outer = self.blocks.iter().map(|block| block.entries.len()).sum();
        Dimensions { inner: 1, outer, training: 0, validation: 0 }
    }

    fn prepare(&self, _: Location<'_>, _: &mut Cache) {}

    fn inner_value(&self, at: Location<'_>, _: &mut Cache) -> f64 {
        0.5 * at.theta[0] * at.theta[0]
    }

    fn inner_gradient(&self, at: Location<'_>, _: &mut Cache, out: &mut [f64]) {
        out.copy_from_slice(at.theta);
    }

    fn inner_lambda_gradient(&self, _: Location<'_>, _: &mut Cache, out: &mut [f64]) {
        out.fill(0.0);
    }

    fn hvp(&self, _: Location<'_>, _: &mut Cache, v: &[f64], out: &mut [f64]) {
        out.copy_from_slice(v);
    }

    // Zero, but of what is no number.
    fn cross_vjp(&self, _: Location<'_>, _: &mut Cache, v: &[f64], out: &mut [f64]) {
        out.fill(0.0 * v[0]);
    }

    fn cross_jvp(&self, _: Location<'_>, _: &mut Cache, u: &[f64], out: &mut [f64]) {
        out.fill(u.iter().map(|u| 0.0 * u).sum());
    }

    fn outer(&self) -> &dyn OuterObjective {
        self
    }

    fn third(&self) -> Option<&dyn ThirdDerivatives> {
        Some(&ConstantCurvature)
    }

    fn solve(&self, _: &[f64]) -> Option<Vec<f64>> {
        Some(vec![0.0])
    }

    fn minimum(&self) -> Option<&Minimum> {
        Some(&self.minimum)
    }

    fn curvature_bound(&self, _: &[f64]) -> Option<f64> {
        Some(1.0)
    }

    fn is_quadratic(&self) -> bool {
        true
    }

    fn blocks(&self) -> Vec<Block> {
        self.blocks.clone()
    }
}

impl<F: TestFunction> OuterObjective for Trivial<F> {
    fn value(&self, at: Location<'_>, _: &mut Cache) -> f64 {
        self.function.value(at.lambda) + 0.0 * at.theta[0]
    }

    fn gradient(&self, at: Location<'_>, _: &mut Cache, out: &mut [f64]) {
        out.fill(0.0 * at.theta[0]);
    }

    fn hvp(&self, _: Location<'_>, _: &mut Cache, _: &[f64], out: &mut [f64]) {
        out.fill(0.0);
    }

    fn lambda_gradient(&self, at: Location<'_>, _: &mut Cache, out: &mut [f64]) {
        self.function.gradient(at.lambda, out);
        out.iter_mut().for_each(|slope| *slope += 0.0 * at.theta[0]);
    }
}
