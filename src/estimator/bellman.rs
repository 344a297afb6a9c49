//! Hypergradients of a model of a plant that hold a part of the temporal difference still.
//!
//! `ĥ = −J̃ᵀv`, `v = H⁻¹b`: the adjoint function `−φᵀv` is a regression of what the outer objective says of the value function, as in functional bilevel
//! optimization (Petrulionyte, Mairal, Arbel 2024). One backup: b with the target frozen, `mean δφ`, and J̃ that of the last backup, so that over the same rows
//! `ĥ = mean δ · γ ∂V(model)`; nearest to value-equivalent models and to the stored functional variant. Frozen target: the same b with the whole J, which looks
//! natural and runs off. Double sample: b of `½ mean δ₁δ₂` with two next states and the whole J, which is unbiased (Baird 1995) and needs a
//! simulator. The whole gradient, of the residual, is `Direct`. Likelihood: a Newton step of the model's own least squares, `λ − λ_ML`, for which values
//! do not count. Cost: one factorization of d × d and a cross product.

use super::{Entry, Estimate, Estimator, Family, Order, Point, Reach, Solver, implicit};
use crate::catalog::{Card, Kind, Knob, Knobs};
use crate::draw::{Draw, PerStep};
use crate::problem::{Capability, DifferenceTarget, Requirement};

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "bellman",
        name: "Bellman",
        source: "Petrulionyte, Mairal, Arbel 2024; Nikishin et al. 2021; double samples: Baird 1995",
        equation: "ĥ = −J̃ᵀ H⁻¹ b, b of δ with its target frozen or doubled, J̃ of the last backup or whole",
        summary: "Learns a model of a plant by asking whether values under the model agree with what happens. A form says which part of \
                  the disagreement may move with the model; the whole gradient is that of the direct solve.",
        cost: "1 factorization, 1 outer gradient, 1 cross product",
        fails: "A frozen target with the whole J runs off to a model without a lever; double samples need every transition twice; the likeliest model may plan badly where it \
                cannot be right.",
        knobs: &[FORM],
    },
    order: Order::None,
    family: Family::Implicit,
    build: |knobs| Box::new(Bellman { form: Form::of(knobs) }),
};

const FORM: Knob = Knob {
    key: "form",
    help: "What moves with the model.",
    kind: Kind::Choice {
        options: &[
            ("OneBackup", "the last backup, with the target frozen"),
            ("DoubleSample", "everything, each of two next states judged by the other"),
            ("FrozenTarget", "the whole value function, but no target"),
            (
                "Likelihood",
                "nothing of values: λ − λ_ML, a Newton step to the model that is likeliest on the training rows",
            ),
        ],
    },
};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    OneBackup,
    DoubleSample,
    FrozenTarget,
    Likelihood,
}

impl Form {
    fn of(knobs: &Knobs) -> Self {
        match knobs.choice(FORM.key) {
            "DoubleSample" => Self::DoubleSample,
            "FrozenTarget" => Self::FrozenTarget,
            "Likelihood" => Self::Likelihood,
            _ => Self::OneBackup,
        }
    }
}

#[derive(Clone)]
struct Bellman {
    form: Form,
}

impl Bellman {
    /// `−J̃ᵀv`, and v.
    fn by_values(&self, at: &mut Point<'_>) -> Estimate {
        let before = at.oracle.cost();
        at.arrive();
        let size = at.oracle.inner_dimension();
        let target = if self.form == Form::DoubleSample { DifferenceTarget::Double } else { DifferenceTarget::Frozen };
        let mut right_side = vec![0.0; size];
        at.oracle.difference_gradient(target, &mut right_side);
        let (adjoint, solver) = implicit::solve_direct(at.oracle, &right_side, 0.0);
        at.draw(Draw::Cross, 0);
        let mut hypergradient = vec![0.0; at.lambda.len()];
        if self.form == Form::OneBackup {
            at.oracle.last_backup(&adjoint, &mut hypergradient);
        } else {
            at.oracle.cross_vjp(&adjoint, &mut hypergradient);
        }
        hypergradient.iter_mut().for_each(|entry| *entry = -*entry);
        let cost = implicit::spent(at.oracle, &before, 2 * size * size);
        Estimate { hypergradient, cost, solver, adjoint: Some(adjoint), ..Estimate::default() }
    }

    /// `λ − λ_ML`.
    fn by_likelihood(at: &mut Point<'_>) -> Estimate {
        let before = at.oracle.cost();
        at.oracle.count_factorization();
        let likeliest = at.oracle.problem().control().and_then(|control| control.likeliest());
        let mut hypergradient = vec![0.0; at.lambda.len()];
        let likeliest = likeliest.unwrap_or([f64::NAN; 2]);
        for (entry, (lambda, other)) in hypergradient.iter_mut().zip(at.lambda.iter().zip(likeliest)) {
            *entry = lambda - other;
        }
        let cost = implicit::spent(at.oracle, &before, 4);
        Estimate { hypergradient, cost, solver: Solver::none(), ..Estimate::default() }
    }
}

impl Estimator for Bellman {
    fn reach(&self) -> Reach {
        Reach::Point
    }

    fn requires(&self) -> &'static [Requirement] {
        const ALWAYS: Requirement = Requirement::always(Capability::Control);
        const TWICE: Requirement =
            Requirement::by_knob(Capability::SecondStates, FORM.key, "write `form` as `OneBackup`");
        if self.form == Form::DoubleSample { &[ALWAYS, TWICE] } else { &[ALWAYS] }
    }

    fn lists(&self, inner_steps: usize) -> PerStep {
        implicit::lists(inner_steps, 1)
    }

    fn estimate(&self, at: &mut Point<'_>) -> Estimate {
        if self.form == Form::Likelihood { Self::by_likelihood(at) } else { self.by_values(at) }
    }

    fn clone_box(&self) -> Box<dyn Estimator> {
        Box::new(self.clone())
    }
}
