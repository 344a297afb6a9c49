//! The implicit formula with the cross product by a finite difference of gradients:
//! `Jᵀv ≈ (∇_λ g(θ + εv) − ∇_λ g(θ − εv)) / 2ε`.
//!
//! Source: DARTS, Liu, Simonyan and Yang 2019, equation 8, where v = ∇_θ f of one step; here v may also
//! be solved for. As there, ε is a size divided by ‖v‖, so that the displacement does not depend on
//! the scale of v. Cost: two gradients of g in λ in place of a cross product. A bias of order ε²
//! remains (none where g is quadratic in θ); too small an ε drowns in rounding.

use super::{Entry, Estimate, Estimator, Family, Order, Point, Reach, Solver, cg, implicit};
use crate::catalog::{Card, Kind, Knob, Knobs, Scale};
use crate::draw::{Draw, PerStep};
use crate::math::krylov::Limits;
use crate::math::vector::{axpy, norm};
use crate::problem::{Capability, Oracle, Requirement};

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "finite-difference-cross",
        name: "Implicit, differenced gradients",
        source: "DARTS: Liu, Simonyan and Yang 2019, equation 8",
        equation: "ĥ = ∇_λ f − [∇_λ g(θ + εv) − ∇_λ g(θ − εv)]/2ε,  ε = size/‖v‖",
        summary: "Replaces the mixed second derivative by the difference of two gradients nearby. Implicit \
                  function theorem whose cross derivative is a central difference of gradients.",
        cost: "2 gradients, what v costs, 1 outer gradient",
        fails: "Biased by O(ε²) at θ*; noisy for tiny ε; with v = ∇f also biased as T1–T2 is.",
        knobs: &[
            Knob {
                key: "solve",
                help: "Where v comes from.",
                kind: Kind::Choice {
                    options: &[
                        ("Cg", "conjugate gradients to a relative residual of 1e-10"),
                        ("Direct", "a dense factorization of H"),
                        ("Identity", "v = ∇f, as DARTS does"),
                    ],
                },
            },
            Knob {
                key: "iterations",
                help: "Largest number of conjugate-gradient iterations.",
                kind: Kind::Integer { default: 20, range: (0, 100_000), scale: Scale::Logarithmic },
            },
            Knob {
                key: "epsilon",
                help: "Size of the displacement ε‖v‖ of θ, to either side.",
                kind: Kind::Real { default: 1e-2, range: (1e-12, 1e2), scale: Scale::Logarithmic },
            },
        ],
    },
    order: Order::None,
    family: Family::Implicit,
    build: |knobs| Box::new(FiniteDifferenceCross::new(knobs)),
};

#[derive(Clone, Copy)]
enum Solve {
    Cg,
    Direct,
    Identity,
}

#[derive(Clone)]
struct FiniteDifferenceCross {
    solve: Solve,
    limits: Limits,
    size: f64,
}

impl FiniteDifferenceCross {
    fn new(knobs: &Knobs) -> Self {
        let solve = match knobs.choice("solve") {
            "Direct" => Solve::Direct,
            "Identity" => Solve::Identity,
            _ => Solve::Cg,
        };
        let limits = Limits { iterations: knobs.count("iterations"), tolerance: 1e-10 };
        Self { solve, limits, size: knobs.real("epsilon") }
    }

    fn adjoint(&self, oracle: &mut Oracle, b: &[f64]) -> (Vec<f64>, Solver) {
        match self.solve {
            Solve::Cg => cg::solve(oracle, b, None, 0.0, self.limits),
            Solve::Direct => implicit::solve_direct(oracle, b, 0.0),
            Solve::Identity => (b.to_vec(), Solver::none()),
        }
    }
}

/// `∇_λ g` has a kink wherever an entry of θ is zero: a difference across it is no derivative.
const SMOOTH: Requirement = Requirement::always(Capability::Smooth);

impl Estimator for FiniteDifferenceCross {
    fn effort(&self) -> &'static [&'static str] {
        &["solve", "iterations"]
    }

    fn reach(&self) -> Reach {
        Reach::Point
    }

    fn requires(&self) -> &'static [Requirement] {
        if matches!(self.solve, Solve::Direct) { &[SMOOTH, Requirement::WHOLE_HESSIAN] } else { &[SMOOTH] }
    }

    fn lists(&self, inner_steps: usize) -> PerStep {
        implicit::lists(inner_steps, usize::from(!matches!(self.solve, Solve::Identity)))
    }

    fn estimate(&self, at: &mut Point<'_>) -> Estimate {
        let before = at.oracle.cost();
        at.arrive();
        let outer = implicit::outer_gradient(at.oracle);
        let (adjoint, solver) = self.adjoint(at.oracle, &outer);
        let mut hypergradient = vec![0.0; at.lambda.len()];
        at.oracle.outer_lambda_gradient(&mut hypergradient);
        at.draw(Draw::Cross, 0);
        let length = norm(&adjoint);
        // With v = 0 the cross product is zero and there is no direction to move along.
        if length != 0.0 {
            let epsilon = self.size / length;
            let mut side = vec![0.0; at.lambda.len()];
            for sign in [1.0, -1.0] {
                let mut theta = at.theta().to_vec();
                axpy(sign * epsilon, &adjoint, &mut theta);
                at.oracle.move_to(at.lambda, &theta);
                at.oracle.inner_lambda_gradient(&mut side);
                axpy(-sign / (2.0 * epsilon), &side, &mut hypergradient);
            }
        }
        let cost = implicit::spent(at.oracle, &before, 2 * outer.len() + at.lambda.len());
        Estimate { hypergradient, cost, solver, adjoint: Some(adjoint), ..Estimate::default() }
    }

    fn clone_box(&self) -> Box<dyn Estimator> {
        Box::new(self.clone())
    }
}
