//! The implicit formula with `H⁻¹` replaced by a truncated Neumann series:
//! `v = η Σ_{j=0..k} (I − ηH)ʲ ∇_θ f`, with k Hessian-vector products and k + 1 terms.
//!
//! Source: Lorraine, Vicol and Duvenaud 2020, algorithm 3. The same as differentiating the last k + 1
//! steps of gradient descent with every derivative taken at θ. Cost: k Hessian-vector products.
//! Converges like `(1 − η·λ_min)^k` for 0 < η < 2/L and diverges beyond; both are watched.

use std::borrow::Cow;

use super::own_step::{OF_SERIES, OwnStep};
use super::solver::measured_residual;
use super::{Entry, Estimate, Estimator, Family, Order, Point, Reach, Solver, implicit};
use crate::catalog::{Card, Kind, Knob, Scale};
use crate::draw::{Draw, PerStep};
use crate::math::series::{FixedPoint, fixed_point, neumann_of_draws};
use crate::math::vector::is_finite;
use crate::problem::Requirement;

/// The number of products that both take.
pub(super) const ITERATIONS: Knob = Knob {
    key: "iterations",
    help: "k: Hessian-vector products; the sum has k + 1 terms.",
    kind: Kind::Integer { default: 20, range: (0, 100_000), scale: Scale::Logarithmic },
};

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "neumann",
        name: "Implicit, Neumann series",
        source: "Lorraine, Vicol and Duvenaud 2020, algorithm 3",
        equation: "ĥ = ∇_λ f − Jᵀ v,  v = η_t Σ_{j≤k} (I − η_t H)ʲ ∇_θ f",
        summary: "Solves the linear system behind the hypergradient by adding up a series and stopping early. \
                  Implicit function theorem with the inverse replaced by a truncated geometric series.",
        cost: "k Hessian-vector products, 1 cross product, 1 outer gradient",
        fails: "Too few terms leave a bias at θ*; diverges for η > 2/L.",
        knobs: &[ITERATIONS, OF_SERIES[0], OF_SERIES[1], OF_SERIES[2]],
    },
    order: Order::Biased,
    family: Family::Implicit,
    build: |knobs| Box::new(Neumann::new(knobs.count("iterations"), OwnStep::of_series(knobs), false)),
};

#[derive(Clone)]
pub(super) struct Neumann {
    products: usize,
    step: OwnStep,
    goes_on: bool,
}

impl Neumann {
    /// The sum with so many products; `goes_on` says whether it counts on a θ that does.
    pub(super) fn new(products: usize, step: OwnStep, goes_on: bool) -> Self {
        Self { products, step, goes_on }
    }
}

/// `products` more terms from `start` where the oracle stands, and what they say of themselves. Over batches every
/// product has rows of its own, from list `first` on.
pub(super) fn solve(
    at: &mut Point<'_>,
    b: &[f64],
    (start, first): (Option<&[f64]>, usize),
    step: &OwnStep,
    products: usize,
) -> (Vec<f64>, Solver) {
    if is_over_batches(at) {
        let step = step.once(at.motion, at.clock, || 1.0 / bound(at));
        let sum = fixed_point(over_batches(at, first), b, start, step, products);
        return (sum.x.clone(), drawn(&sum.x, products));
    }
    let bound = bound(at);
    let step = step.once(at.motion, at.clock, || 1.0 / bound);
    let sum = fixed_point(|v, out| at.oracle.hvp(v, out), b, start, step, products);
    let residual = measured_residual(at.oracle, 0.0, &sum.x, b);
    let note = warning(&sum, step * bound, at.oracle.problem().is_quadratic());
    let solver = Solver { note, ..Solver::of(products, residual) };
    (sum.x, solver)
}

/// L at this λ; NaN without one: then nothing is known of how long a step is.
fn bound(at: &Point<'_>) -> f64 {
    at.oracle.problem().curvature_bound(at.oracle.lambda()).unwrap_or(f64::NAN)
}

fn is_over_batches(at: &Point<'_>) -> bool {
    at.oracle.rows().training.is_some()
}

/// Products with H, each over rows of its own.
fn over_batches(at: &mut Point<'_>, first: usize) -> impl FnMut(&[f64], &mut [f64]) {
    let mut index = first;
    move |v, out| {
        at.draw(Draw::Adjoint, index);
        at.oracle.hvp(v, out);
        index += 1;
    }
}

/// Of a solution over batches nothing is known but whether it is finite: the residual of one system is not another's.
fn drawn(solution: &[f64], products: usize) -> Solver {
    Solver { iterations: products, converged: is_finite(solution), ..Solver::none() }
}

/// What is wrong with a step that is `ratio` times `1/L`.
fn warning(sum: &FixedPoint, ratio: f64, is_exact: bool) -> Option<Cow<'static, str>> {
    // Rounding in the bound must not make the largest stable step a warning.
    let is_long = ratio > 2.0 * (1.0 + 1e-12);
    match (sum.diverges(), is_long) {
        (true, true) => Some(format!("diverged: the step is {ratio:.2}/L, beyond 2/L").into()),
        (true, false) => Some("diverged: H has negative curvature or is not finite".into()),
        (false, true) if is_exact => Some(format!("the step is {ratio:.2}/L, beyond 2/L: more terms diverge").into()),
        (false, true) => Some(format!("the step is {ratio:.2}/L, beyond 2/L: more terms may diverge").into()),
        (false, false) => None,
    }
}

impl Estimator for Neumann {
    fn effort(&self) -> &'static [&'static str] {
        &["iterations"]
    }

    fn reach(&self) -> Reach {
        Reach::Point
    }

    fn requires(&self) -> &'static [Requirement] {
        self.step.requires()
    }

    fn goes_on(&self) -> bool {
        self.goes_on
    }

    fn lists(&self, inner_steps: usize) -> PerStep {
        implicit::lists(inner_steps, self.products)
    }

    fn estimate(&self, at: &mut Point<'_>) -> Estimate {
        let size = at.oracle.inner_dimension();
        implicit::estimate(at, 2 * size, |at, b| {
            if !is_over_batches(at) {
                return solve(at, b, (None, 0), &self.step, self.products);
            }
            let step = self.step.once(at.motion, at.clock, || 1.0 / bound(at));
            let sum = neumann_of_draws(over_batches(at, 0), b, step, self.products);
            let solver = drawn(&sum, self.products);
            (sum, solver)
        })
    }

    fn clone_box(&self) -> Box<dyn Estimator> {
        Box::new(self.clone())
    }
}
