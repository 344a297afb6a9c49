//! A bound on the error of a hypergradient that takes no exact answer: from how far θ and v are from solving what they stand for.
//!
//! Let g be μ-strongly convex in θ, and let `ε = ‖∇_θ g(θ)‖/μ ≥ ‖θ − θ*‖` and `δ = ‖H(θ)v − ∇_θ f(θ)‖`. From
//! `H(θ*)(v − v*) = (H(θ*) − H(θ))v + (H(θ)v − ∇_θ f(θ)) + (∇_θ f(θ) − ∇_θ f(θ*))` follows
//!
//! `‖v − v*‖ ≤ (δ + (L_b + L_H ‖v‖) ε)/μ`,
//!
//! and from `h(θ, v) − ∇F = ∇_λ f(θ) − ∇_λ f(θ*) − (J(θ) − J(θ*))ᵀv − J(θ*)ᵀ(v − v*)`, with `h(θ, v) = ∇_λ f(θ) − J(θ)ᵀv`,
//!
//! `‖ĥ − ∇F‖ ≤ ‖ĥ − h(θ, v)‖ + (L_f + L_J ‖v‖) ε + (‖J(θ)‖ + L_J ε)(δ + (L_b + L_H ‖v‖) ε)/μ`.
//!
//! Without its first term and without L_f it is the a-posteriori bound of Ehrhardt and Roberts 2024 (Analyzing inexact hypergradients for
//! bilevel learning, IMA J. Appl. Math., doi 10.1093/imamat/hxad035, arXiv 2301.04764), for any v and its residual: term by term what the
//! program that they have published with it computes (`lindonroberts/inexact_hypergradients`, `aposteriori_est_ift` in
//! `quadratic/quadratic_problem_example.py`: A is our H, B our J, q our v, `Geps` our ε). It was held against that program, and not
//! against the words of their theorem. This project's own are the derivation above; the term L_f ε, since their f does not read λ, as
//! ours may; the first term, which is zero for an implicit estimate over all rows, so that the bound holds for any ĥ: over batches, or
//! of a v that has moved on since; and the constants over all θ, where theirs are those near θ. These are the
//! [`Regularity`] of the problem at this λ: μ the smallest eigenvalue of H where g is quadratic,
//! and that of the penalty elsewhere; L_H, L_J, L_b and L_f Lipschitz constants along θ of H, J, ∇_θ f and ∇_λ f. `‖J(θ)‖` is computed.
//! Everything is taken over all rows, and charged to nobody.

use super::{Metric, Seen, Subject, When, needs};
use crate::catalog::{Card, Scale};
use crate::estimator::Family;
use crate::math::Matrix;
use crate::math::vector::{axpy, distance, norm};
use crate::problem::Regularity;

/// The bound on `‖ĥ − ∇F‖`.
pub static ERROR_BOUND: Metric = Metric {
    scale: Scale::Logarithmic,
    when: When::Outer,
    needs: has_bound,
    ..Metric::number(
        Card {
            id: "error-bound",
            name: "Bound on the error",
            source: "Ehrhardt and Roberts 2024, a-posteriori bound of an inexact linear system; the first term and L_f are this project's",
            equation: "‖ĥ − h‖ + (L_f + L_J‖v‖)ε + (‖J‖ + L_J ε)(δ + (L_b + L_H‖v‖)ε)/μ,  ε = ‖∇_θ g‖/μ,  δ = ‖Hv − ∇_θ f‖",
            summary: "How wrong the hypergradient is at most, from what is left of the gradient in θ and of the linear system. It \
                      takes no exact answer, so that a program without one may stop by it.",
            cost: "a gradient, a product with H and J over all rows, which are charged to nobody",
            fails: "Says too much where g is much more curved than its smallest curvature, and where curvature moves with θ. \
                    Rounding is not in it.",
            knobs: &[],
        },
        "bound",
        |seen| bound(seen).into(),
    )
};

/// Numbers of J for which its norm is computed.
const MOST_NUMBERS: usize = 40_000;

fn has_bound(subject: &Subject<'_>) -> Result<(), String> {
    let (stage, setting) = (subject.stage, subject.setting);
    needs::said(
        !setting.ensemble.entry().divides && stage.splits().len() <= 1,
        "it is about one inner problem; an ensemble or a family of tasks has several",
    )?;
    let family = setting.estimator.entry().family;
    let has_adjoint = matches!(family, Family::Implicit | Family::Corrected | Family::SingleLoop);
    let name = setting.estimator.card().name;
    needs::said(
        has_adjoint,
        &format!("it needs a v ≈ H⁻¹∇_θ f, and \"{name}\" solves for none; implicit estimators and single loops do"),
    )?;
    let sizes = stage.problem.dimensions();
    needs::said(
        sizes.inner.saturating_mul(sizes.outer) <= MOST_NUMBERS,
        &format!("J has {} × {} numbers; its norm is computed up to {MOST_NUMBERS}", sizes.inner, sizes.outer),
    )?;
    needs::said(
        stage.problem.regularity(&stage.lambda).is_some(),
        "no bounds are known here on how strongly convex g is and on how its derivatives move; ridge, biased ridge, logistic and softmax \
         regression with a penalty on every feature, and the quadratic, have them",
    )
}

fn bound(seen: &Seen<'_>) -> Option<f64> {
    let (estimate, mut oracle) = (seen.estimate(), seen.loops().place());
    let own = seen.own_lambda();
    let v = estimate.adjoint.as_deref().filter(|v| v.len() == oracle.inner_dimension())?;
    let constants = oracle.problem().regularity(own)?;
    let (inner, outer) = (v.len(), own.len());
    let (mut gradient, mut right, mut residual) = (vec![0.0; inner], vec![0.0; inner], vec![0.0; inner]);
    oracle.inner_gradient(&mut gradient);
    oracle.outer_gradient(&mut right);
    oracle.hvp(v, &mut residual);
    axpy(-1.0, &right, &mut residual);
    let mut jacobian = Matrix::zeros(inner, outer);
    let (mut unit, mut column) = (vec![0.0; outer], vec![0.0; inner]);
    for entry in 0..outer {
        unit[entry] = 1.0;
        oracle.cross_jvp(&unit, &mut column);
        jacobian.set_column(entry, &column);
        unit[entry] = 0.0;
    }
    let mut here = vec![0.0; outer];
    oracle.outer_lambda_gradient(&mut here);
    axpy(-1.0, &jacobian.transposed_times(v), &mut here);
    let own_estimate = &estimate.hypergradient[..outer];
    let jacobian = jacobian.spectral_norm();
    Some(
        distance(own_estimate, &here)
            + Left { constants, jacobian, v: norm(v) }.bound(norm(&gradient), norm(&residual)),
    )
}

/// What is left at a place, and how much of it may enter.
struct Left {
    constants: Regularity,
    /// `‖J(θ)‖`.
    jacobian: f64,
    /// `‖v‖`.
    v: f64,
}

impl Left {
    /// On `‖h(θ, v) − ∇F‖`, of `‖∇_θ g‖` and of δ.
    fn bound(&self, gradient: f64, residual: f64) -> f64 {
        let Regularity { convexity, hessian, cross, outer, outer_cross } = self.constants;
        let inner = gradient / convexity;
        let adjoint = (residual + (outer + hessian * self.v) * inner) / convexity;
        (outer_cross + cross * self.v) * inner + (self.jacobian + cross * inner) * adjoint
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_what_the_published_program_computes() {
        // `aposteriori_est_ift(qnorm, rnorm)` of Ehrhardt and Roberts, whose f does not read λ: letters as there.
        let (mu, lf, la, lb, bx, q, r, gradient) = (0.3, 1.7, 0.9, 0.4, 2.1, 5.0, 0.03, 0.06);
        let g = gradient / mu;
        let theirs =
            bx / mu * r + ((bx * lf + bx * q * la) / mu + q * lb) * g + lb * g * (r / mu + g * (lf + q * la) / mu);
        let constants = Regularity { convexity: mu, hessian: la, cross: lb, outer: lf, outer_cross: 0.0 };
        let ours = Left { constants, jacobian: bx, v: q }.bound(gradient, r);
        assert!((ours - theirs).abs() < 1e-14 * theirs, "{ours} and {theirs}");
    }
}
