//! A correction step before the implicit formula: `θ⁺ = θ − P⁻¹ ∇_θ g(θ)`, then `ĥ` at θ⁺.
//!
//! P is never differentiated. To first order the error is `Mᵀe` with `M = (I − H P⁻ᵀ) H·Dw`: a P near H
//! shrinks it, P = H removes it and leaves O(‖e‖²). Every invertible P is consistent; one with
//! `‖I − HP⁻¹‖ > 1` can be worse than none. Source: Ye, Peyré, Cremers and Ablin 2024, section 3.
//! Cost: the direct formula, one gradient, and what P takes. To add a preconditioner: one file here,
//! one line in [`ALL`].

mod block;
mod diagonal;
mod dial;
mod hessian;
mod lagged;
mod lbfgs;
mod nystrom;
mod preconditioner;
mod scaled_identity;

use super::{Entry, Estimate, Estimator, Family, InnerStep, Order, Point, Reach, Start, implicit};
use crate::catalog::{Card, Kind, Knob, Scale};
use crate::draw::PerStep;
use crate::math::Matrix;
use crate::math::vector::axpy;
use crate::problem::{Requirement, Sensitivity};
use preconditioner::{Choice, Inverse, Preconditioner};

/// Every preconditioner, the default first.
const ALL: &[Choice] = &[
    diagonal::CHOICE,
    scaled_identity::CHOICE,
    block::CHOICE,
    lbfgs::CHOICE,
    nystrom::CHOICE,
    lagged::CHOICE,
    hessian::CHOICE,
    dial::CHOICE,
];

/// The names and helps of [`ALL`], as the knob wants them.
const OPTIONS: [(&str, &str); ALL.len()] = {
    let mut options = [("", ""); ALL.len()];
    let mut index = 0;
    while index < ALL.len() {
        options[index] = (ALL[index].name, ALL[index].help);
        index += 1;
    }
    options
};

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "preconditioned",
        name: "Implicit after a preconditioned step",
        source: "Ye, Peyré, Cremers and Ablin 2024 (AISTATS), section 3.1",
        equation: "θ⁺ = θ − P⁻¹∇g(θ),  ĥ = ∇_λ f − Jᵀ H⁻¹ ∇_θ f at θ⁺",
        summary: "Takes one improved training step before the implicit formula, with a rough idea of the \
                  curvature. The step uses an approximation P of the Hessian: a smaller error constant, and a \
                  smaller power of the error as P tends to H.",
        cost: "1 gradient, d Hessian-vector products and 1 factorization at θ⁺, and what P takes",
        fails: "Worse than no correction where ‖I − HP⁻¹‖ > 1.",
        knobs: &[
            Knob { key: "preconditioner", help: "What P is.", kind: Kind::Choice { options: &OPTIONS } },
            block::SIZE,
            lbfgs::MEMORY,
            nystrom::RANK,
            nystrom::SEED,
            lagged::LAG,
            dial::EPSILON,
        ],
    },
    order: Order::One,
    family: Family::Corrected,
    build: |knobs| {
        let name = knobs.choice("preconditioner");
        let choice = ALL.iter().find(|choice| choice.name == name).unwrap_or(&ALL[0]);
        Box::new(Preconditioned { preconditioner: (choice.build)(knobs), effort: &["preconditioner"] })
    },
};

pub(super) const NEWTON: Entry = Entry {
    card: Card {
        id: "newton",
        name: "Implicit after a Newton step",
        source: "Ye, Peyré, Cremers and Ablin 2024 (AISTATS), section 3.1",
        equation: "θ⁺ = θ − H⁻¹∇g(θ),  ĥ = ∇_λ f − Jᵀ H⁻¹ ∇_θ f at θ⁺",
        summary: "Takes one very good training step before the implicit formula, which squares the error that is \
                  left. One Newton step, then the implicit formula: super-efficient, the error is of order ‖θ − \
                  θ*‖². Exact when g is quadratic.",
        cost: "1 gradient, 2d Hessian-vector products, 2 factorizations, 1 cross product, 1 outer gradient",
        fails: "Far from θ*, where a Newton step overshoots, it can be worse than the plain formula.",
        knobs: &[Knob {
            key: "lag",
            help: "0 factorizes H at θ itself; a larger number uses the H of every so many inner steps.",
            kind: Kind::Integer { default: 0, range: (0, 10_000), scale: Scale::Logarithmic },
        }],
    },
    order: Order::Two,
    family: Family::Corrected,
    build: |knobs| {
        let preconditioner: Box<dyn Preconditioner> = match knobs.count("lag") {
            0 => Box::new(hessian::Hessian),
            lag => Box::new(lagged::Lagged::new(lag)),
        };
        Box::new(Preconditioned { preconditioner, effort: &[] })
    },
};

struct Preconditioned {
    preconditioner: Box<dyn Preconditioner>,
    effort: &'static [&'static str],
}

impl Estimator for Preconditioned {
    fn effort(&self) -> &'static [&'static str] {
        self.effort
    }

    fn reach(&self) -> Reach {
        // What others keep of a run they may keep for the next.
        if self.preconditioner.is_local() { Reach::Point } else { Reach::OuterSteps }
    }

    fn requires(&self) -> &'static [Requirement] {
        self.preconditioner.requires()
    }

    fn begin(&mut self, start: &Start<'_>) {
        self.preconditioner.begin(start);
    }

    fn observe(&mut self, step: &mut InnerStep<'_>) {
        self.preconditioner.observe(step);
    }

    fn lists(&self, inner_steps: usize) -> PerStep {
        implicit::lists(inner_steps, 1)
    }

    fn estimate(&self, at: &mut Point<'_>) -> Estimate {
        let before = at.oracle.cost();
        let size = at.oracle.inner_dimension();
        at.arrive();
        let mut step = vec![0.0; size];
        at.oracle.inner_gradient(&mut step);
        let inverse = self.preconditioner.inverse(at.oracle);
        (inverse.apply)(&mut step);
        // An approximation of H may couple what H does not: entries off the support of θ stay there.
        at.oracle.restrict(&mut step);
        let mut corrected = at.theta().to_vec();
        axpy(-1.0, &step, &mut corrected);
        at.oracle.move_to(at.lambda, &corrected);
        let numbers = 4 * size * size;
        let mut estimate =
            implicit::estimate_here(at, &before, numbers, |at, b| implicit::solve_direct(at.oracle, b, 0.0));
        // What is wrong with P comes first: trouble at θ⁺ follows from it.
        estimate.solver.note = inverse.note.or(estimate.solver.note);
        estimate
    }

    fn linearization(&self, at: &Sensitivity) -> Option<Matrix> {
        if !self.preconditioner.is_local() {
            return None;
        }
        let inverse = self.preconditioner.inverse(&mut at.oracle.clone());
        let mut error = implicit::linearization(at);
        for j in 0..error.columns() {
            let column = error.column(j);
            let mut corrected = column.clone();
            (inverse.apply)(&mut corrected);
            let mut left = at.hessian.times(&corrected);
            left.iter_mut().zip(&column).for_each(|(x, y)| *x = y - *x);
            error.set_column(j, &left);
        }
        Some(error)
    }

    fn bytes(&self) -> usize {
        self.preconditioner.bytes()
    }

    fn clone_box(&self) -> Box<dyn Estimator> {
        Box::new(Self { preconditioner: self.preconditioner.clone_box(), effort: self.effort })
    }
}
