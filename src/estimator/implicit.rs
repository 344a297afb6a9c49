//! What the implicit family shares: `ĥ = ∇_λ f − Jᵀv` with `v ≈ H⁻¹ ∇_θ f`, all at one place.
//!
//! The methods differ in how they come by v. λ may be longer than the problem's own: outer variables
//! of the dynamics follow it, on which θ* does not depend, and their entries of ĥ are zero.

use std::borrow::Cow;

use super::solver::relative_residual;
use super::{Estimate, Point, Solver};
use crate::catalog::{Kind, Knob, Scale};
use crate::draw::{Draw, PerStep};
use crate::math::vector::{axpy, is_finite};
use crate::math::{Factorization, Matrix, is_singular};
use crate::problem::{Cost, Oracle, Sensitivity};

/// The damping knob that solvers with H share.
pub(super) const DAMPING: Knob = Knob {
    key: "damping",
    help: "Solves (H + damping·I)v = ∇f instead: steadier where H is nearly singular, biased everywhere.",
    kind: Kind::Real { default: 0.0, range: (0.0, 1e3), scale: Scale::Logarithmic },
};

/// The estimate at a point, with v from `solve`, which gets the oracle there and `b = ∇_θ f`. All of it over the rows drawn for it.
/// `numbers` is how many the solver keeps at once, for the memory column of the cost.
pub(super) fn estimate(
    at: &mut Point<'_>,
    numbers: usize,
    solve: impl FnOnce(&mut Point<'_>, &[f64]) -> (Vec<f64>, Solver),
) -> Estimate {
    let before = at.oracle.cost();
    at.arrive();
    estimate_here(at, &before, numbers, solve)
}

/// The same where the oracle stands. The cost is what was spent since `before`.
pub(super) fn estimate_here(
    at: &mut Point<'_>,
    before: &Cost,
    numbers: usize,
    solve: impl FnOnce(&mut Point<'_>, &[f64]) -> (Vec<f64>, Solver),
) -> Estimate {
    let outer = right_side(at.oracle);
    let (adjoint, solver) = solve(at, &outer);
    let hypergradient = hypergradient(at, &adjoint);
    Estimate {
        hypergradient,
        cost: spent(at.oracle, before, numbers),
        solver,
        adjoint: Some(adjoint),
        ..Estimate::default()
    }
}

/// The lists that one system and one product with the cross derivative take.
pub(super) fn lists(inner_steps: usize, systems: usize) -> PerStep {
    PerStep { inner: inner_steps, adjoint: systems, cross: 1, outer: 1, ..PerStep::default() }
}

/// What was spent since `before`, while holding so many numbers.
pub(super) fn spent(oracle: &Oracle, before: &Cost, numbers: usize) -> Cost {
    Cost { bytes: (numbers * size_of::<f64>()) as f64, ..oracle.cost().since(before) }
}

/// `∇_θ f` where the oracle stands.
pub(super) fn outer_gradient(oracle: &mut Oracle) -> Vec<f64> {
    let mut outer = vec![0.0; oracle.inner_dimension()];
    oracle.outer_gradient(&mut outer);
    outer
}

/// `∇_θ f` as the right side of a linear system where the oracle stands: on the support of θ, where `g` has kinks.
pub(super) fn right_side(oracle: &mut Oracle) -> Vec<f64> {
    let mut outer = outer_gradient(oracle);
    oracle.restrict(&mut outer);
    outer
}

/// `∇_λ f − Jᵀv` where the oracle stands, with J over rows of its own.
pub(super) fn hypergradient(at: &mut Point<'_>, adjoint: &[f64]) -> Vec<f64> {
    let mut hypergradient = vec![0.0; at.lambda.len()];
    let mut indirect = vec![0.0; at.lambda.len()];
    at.draw(Draw::Cross, 0);
    at.oracle.outer_lambda_gradient(&mut hypergradient);
    at.oracle.cross_vjp(adjoint, &mut indirect);
    axpy(-1.0, &indirect, &mut hypergradient);
    hypergradient
}

/// `v = (H + damping·I)⁻¹ b` by a dense factorization where the oracle stands.
pub(super) fn solve_direct(oracle: &mut Oracle, b: &[f64], damping: f64) -> (Vec<f64>, Solver) {
    let mut hessian = oracle.hessian();
    hessian.add_to_diagonal(damping);
    solve_dense(oracle, &hessian, b)
}

/// `A⁻¹ b` for a dense symmetric `A`, counted as a factorization.
pub(super) fn solve_dense(oracle: &mut Oracle, matrix: &Matrix, b: &[f64]) -> (Vec<f64>, Solver) {
    oracle.count_factorization();
    solve_with(Factorization::symmetric(matrix).as_ref(), matrix, b)
}

/// `A⁻¹ b` with `A` factorized; without a factorization an entry of `A` was not finite.
pub(super) fn solve_with(factorization: Option<&Factorization>, matrix: &Matrix, b: &[f64]) -> (Vec<f64>, Solver) {
    let Some(factorization) = factorization else {
        let solver = Solver { converged: false, note: Some("H is not finite".into()), ..Solver::none() };
        return (vec![f64::NAN; b.len()], solver);
    };
    let adjoint = factorization.solve(b);
    let (definite, condition) = (factorization.is_positive_definite(), factorization.condition(matrix));
    let note: Option<Cow<'static, str>> = if is_singular(condition) {
        // The signs of its pivots are rounding, and tell of no curvature; whether v solves the system its residual says.
        Some(format!("H is singular to rounding (condition {condition:.0e}): v is one of many, or none").into())
    } else {
        (!definite).then_some("H is not positive definite: solved by an indefinite factorization".into())
    };
    let solver = Solver {
        negative_curvature: !definite && !is_singular(condition),
        note,
        ..Solver::of(1, relative_residual(matrix.times(&adjoint), b))
    };
    (adjoint, solver)
}

/// `H·Dw`, the linearization of the formula with an exact solve (Ye et al. 2024).
pub(super) fn linearization(at: &Sensitivity) -> Matrix {
    at.hessian.product(&at.adjoint_derivative)
}

/// The v to start the next solve from; none when this one broke.
pub(super) fn warm_start(estimate: &Estimate) -> Option<Vec<f64>> {
    estimate.adjoint.clone().filter(|adjoint| is_finite(adjoint))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_solve_says_what_is_wrong_with_the_matrix() {
        let b = [1.0, 2.0];
        let solve = |corner: f64| {
            let matrix = Matrix::from_fn(2, 2, |i, j| if i + j == 0 { corner } else { 1.0 + f64::from(i == j) });
            solve_with(Factorization::symmetric(&matrix).as_ref(), &matrix, &b)
        };
        let (_, definite) = solve(3.0);
        assert!(definite.converged && !definite.negative_curvature && definite.note.is_none());
        let (adjoint, indefinite) = solve(-3.0);
        assert!(is_finite(&adjoint) && indefinite.residual < 1e-14);
        assert!(indefinite.converged && indefinite.negative_curvature && indefinite.note.is_some());
        let (_, singular) = solve(0.5);
        assert!(!singular.negative_curvature, "the sign of a pivot that is rounding");
        assert!(singular.trouble().unwrap().contains("singular to rounding"), "{singular:?}");
        let (adjoint, broken) = solve(f64::NAN);
        assert!(adjoint.iter().all(|x| x.is_nan()) && !broken.converged && broken.note.is_some());
    }
}
