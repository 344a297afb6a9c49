//! A problem whose inner objective leans towards the outer one: `g + ε f`.
//!
//! Its minimizer is what the second inner variable of first-order methods follows (Kwon et al. 2023), with `ε = 1/κ`, or
//! `−1/κ` on the other side. Where f is convex and ε is positive it is as well-posed as the problem; with a negative ε it
//! has a minimizer only while g outweighs f, which the solver of the inner problem finds out.

use std::sync::Arc;

use super::{Block, Cache, Dimensions, InnerSolution, Location, OuterObjective, Problem, solve_inner};
use crate::math::vector::axpy;

/// `argmin_θ g(λ, θ) + share · f(λ, θ)`, over all rows.
#[must_use]
pub fn solve_leaning(problem: &Arc<dyn Problem>, lambda: &[f64], share: f64) -> InnerSolution {
    let leaning: Arc<dyn Problem> = Arc::new(Leaning { problem: Arc::clone(problem), share });
    solve_inner(&leaning, &lambda[..problem.dimensions().outer])
}

struct Leaning {
    problem: Arc<dyn Problem>,
    /// ε.
    share: f64,
}

impl Leaning {
    /// Adds `share` times what the outer objective says.
    fn add(&self, out: &mut [f64], ask: impl FnOnce(&dyn OuterObjective, &mut [f64])) {
        let mut part = vec![0.0; out.len()];
        ask(self.problem.outer(), &mut part);
        axpy(self.share, &part, out);
    }
}

impl Problem for Leaning {
    fn dimensions(&self) -> Dimensions {
        self.problem.dimensions()
    }

    fn prepare(&self, at: Location<'_>, cache: &mut Cache) {
        self.problem.prepare(at, cache);
    }

    fn inner_value(&self, at: Location<'_>, cache: &mut Cache) -> f64 {
        self.problem.inner_value(at, cache) + self.share * self.problem.outer().value(at, cache)
    }

    fn inner_gradient(&self, at: Location<'_>, cache: &mut Cache, out: &mut [f64]) {
        self.problem.inner_gradient(at, cache, out);
        self.add(out, |outer, part| outer.gradient(at, cache, part));
    }

    fn inner_lambda_gradient(&self, at: Location<'_>, cache: &mut Cache, out: &mut [f64]) {
        self.problem.inner_lambda_gradient(at, cache, out);
        self.add(out, |outer, part| outer.lambda_gradient(at, cache, part));
    }

    fn hvp(&self, at: Location<'_>, cache: &mut Cache, v: &[f64], out: &mut [f64]) {
        self.problem.hvp(at, cache, v, out);
        self.add(out, |outer, part| outer.hvp(at, cache, v, part));
    }

    /// That of g alone: nobody asks how this minimizer moves with λ.
    fn cross_vjp(&self, at: Location<'_>, cache: &mut Cache, v: &[f64], out: &mut [f64]) {
        self.problem.cross_vjp(at, cache, v, out);
    }

    /// That of g alone, likewise.
    fn cross_jvp(&self, at: Location<'_>, cache: &mut Cache, u: &[f64], out: &mut [f64]) {
        self.problem.cross_jvp(at, cache, u, out);
    }

    fn outer(&self) -> &dyn OuterObjective {
        self.problem.outer()
    }

    fn is_quadratic(&self) -> bool {
        self.problem.is_quadratic()
    }

    fn is_convex(&self) -> bool {
        self.problem.is_convex()
    }

    fn blocks(&self) -> Vec<Block> {
        self.problem.blocks()
    }
}
