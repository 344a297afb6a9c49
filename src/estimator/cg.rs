//! The implicit formula with `v ≈ H⁻¹ ∇_θ f` from k conjugate-gradient iterations.
//!
//! Matrix-free: H is seen through its products. The tolerance is relative, so a tiny ∇_θ f is solved
//! too; the best iterate is returned; negative curvature is reported. A warm start continues from the
//! v of the last accepted estimate, which a slowly moving λ makes a good guess. Sources: Pedregosa
//! 2016; Rajeswaran et al. 2019; Grazzi et al. 2020. Cost: one Hessian-vector product an iteration.
//! Fails when κ(H) is large and k small: the part of ∇_θ f along small eigenvalues is missing.

use std::borrow::Cow;

use super::solver::measured_residual;
use super::{Entry, Estimate, Estimator, Family, Order, Point, Reach, Solver, implicit};
use crate::catalog::{Card, Kind, Knob, Knobs, Scale};
use crate::draw::PerStep;
use crate::math::krylov::{Limits, conjugate_gradient};
use crate::math::vector::{axpy, norm};
use crate::problem::Oracle;

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "cg",
        name: "Implicit, conjugate gradients",
        source: "Pedregosa 2016; Grazzi et al. 2020, algorithm CG; Rajeswaran et al. 2019",
        equation: "ĥ = ∇_λ f − Jᵀ v,  v ≈ H⁻¹ ∇_θ f by k CG iterations",
        summary: "Asks how the end of training shifts with λ, and solves the linear system behind that as far as a \
                  budget goes. Implicit function theorem with conjugate gradients, by products with H alone.",
        cost: "k Hessian-vector products (one more when warm), 1 cross product, 1 outer gradient",
        fails: "Few iterations on an ill-conditioned H leave a bias that survives at θ*.",
        knobs: &[
            Knob {
                key: "iterations",
                help: "Largest number k of iterations, one Hessian-vector product each.",
                kind: Kind::Integer { default: 20, range: (0, 100_000), scale: Scale::Logarithmic },
            },
            Knob {
                key: "tolerance",
                help: "Stop once the residual, by its recurrence, falls below this times the norm of ∇f; 0 runs all iterations.",
                kind: Kind::Real { default: 1e-10, range: (0.0, 1.0), scale: Scale::Logarithmic },
            },
            implicit::DAMPING,
            Knob {
                key: "warm_start",
                help: "Start from the v of the last accepted estimate instead of zero.",
                kind: Kind::Toggle { default: false },
            },
        ],
    },
    order: Order::One,
    family: Family::Implicit,
    build: |knobs| Box::new(Cg::new(knobs)),
};

#[derive(Clone)]
struct Cg {
    limits: Limits,
    damping: f64,
    is_warm: bool,
    last: Option<Vec<f64>>,
}

impl Cg {
    fn new(knobs: &Knobs) -> Self {
        let limits = Limits { iterations: knobs.count("iterations"), tolerance: knobs.real("tolerance") };
        Self { limits, damping: knobs.real("damping"), is_warm: knobs.toggle("warm_start"), last: None }
    }
}

/// `v ≈ (H + damping·I)⁻¹ b` where the oracle stands.
pub(super) fn solve(
    oracle: &mut Oracle,
    b: &[f64],
    start: Option<&[f64]>,
    damping: f64,
    limits: Limits,
) -> (Vec<f64>, Solver) {
    let apply = |v: &[f64], out: &mut [f64]| {
        oracle.hvp(v, out);
        axpy(damping, v, out);
    };
    let solution = conjugate_gradient(apply, b, start, limits);
    let residual = measured_residual(oracle, damping, &solution.x, b);
    let note = if solution.negative_curvature {
        Some("H is not positive definite: stopped at negative curvature")
    } else {
        // A tolerance of 1 is met by v = 0.
        (solution.products == 0 && norm(b) > 0.0).then_some("no iteration was taken: v = 0")
    };
    let solver = Solver {
        negative_curvature: solution.negative_curvature,
        note: note.map(Cow::Borrowed),
        ..Solver::of(solution.products, residual)
    };
    (solution.x, solver)
}

impl Estimator for Cg {
    fn effort(&self) -> &'static [&'static str] {
        &["iterations"]
    }

    fn reach(&self) -> Reach {
        if self.is_warm { Reach::OuterSteps } else { Reach::Point }
    }

    fn lists(&self, inner_steps: usize) -> PerStep {
        implicit::lists(inner_steps, 1)
    }

    fn estimate(&self, at: &mut Point<'_>) -> Estimate {
        let size = at.oracle.inner_dimension();
        let start = self.last.as_deref().filter(|last| last.len() == size);
        implicit::estimate(at, 5 * size, |at, b| solve(at.oracle, b, start, self.damping, self.limits))
    }

    fn accept(&mut self, estimate: &Estimate) {
        if self.is_warm {
            self.last = implicit::warm_start(estimate);
        }
    }

    fn bytes(&self) -> usize {
        self.last.as_ref().map_or(0, |last| size_of_val(&**last))
    }

    fn clone_box(&self) -> Box<dyn Estimator> {
        Box::new(self.clone())
    }
}
