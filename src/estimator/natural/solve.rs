//! `(F + R + δI) v = b`, in every form, and what there is to say of it.

use std::borrow::Cow;

use super::factor::{Factor, Form};
use super::sketch::Sketch;
use super::whole::Whole;
use crate::estimator::solver::relative_residual;
use crate::estimator::{MOST_SHOWN, Solver};
use crate::math::vector::{axpy, is_finite};
use crate::math::{Factorization, Matrix, is_singular};
use crate::problem::Oracle;

/// How often the damping is raised tenfold where the matrix is not positive definite.
const RAISES: i32 = 3;

/// v and how it came about.
pub(super) struct Solved {
    pub adjoint: Vec<f64>,
    pub solver: Solver,
    /// δ as it was used.
    pub damping: f64,
    /// F, where it is shown.
    pub matrix: Option<Matrix>,
    /// Whether F is of no use any more.
    pub is_broken: bool,
}

/// Solves with a factor where the oracle stands, with the penalty as it is there.
pub(super) fn solve(factor: &Factor, oracle: &mut Oracle, damping: f64, b: &[f64]) -> Solved {
    oracle.count_factorization();
    let mut solved = match &factor.form {
        Form::Whole(whole) => by_cholesky(whole, factor.scale(), oracle, damping, b),
        Form::Sketch(sketch) => by_sketch(sketch, factor.scale(), oracle, damping, b),
        Form::Inverse(inverse) => {
            let adjoint = inverse.apply(factor.rows, b);
            let mut solver = Solver { converged: is_finite(&adjoint), ..Solver::none() };
            if penalty_diagonal(oracle).iter().any(|strength| *strength != 0.0) {
                say(&mut solver, "an inverse that is kept has neither the penalty nor the damping in it".into());
            }
            let matrix = if b.len() <= MOST_SHOWN { inverse.matrix(factor.rows) } else { None };
            Solved { adjoint, solver, damping: 0.0, matrix, is_broken: false }
        }
    };
    solved.is_broken |= !is_finite(&solved.adjoint) && is_finite(b) && factor.number > 0;
    if factor.number == 0 {
        say(&mut solved.solver, "no factor yet: v is ∇f over penalty and damping alone, and too long".into());
    }
    solved
}

/// Joins what a person should know.
fn say(solver: &mut Solver, words: Cow<'static, str>) {
    solver.note = Some(match solver.note.take() {
        Some(said) => format!("{said}; {words}").into(),
        None => words,
    });
}

/// The diagonal of the penalty's Hessian.
pub(super) fn penalty_diagonal(oracle: &Oracle) -> Vec<f64> {
    let mut diagonal = vec![0.0; oracle.inner_dimension()];
    if let Some(likelihood) = oracle.problem().likelihood() {
        likelihood.penalty_diagonal(oracle.lambda(), &mut diagonal);
    }
    diagonal
}

fn by_sketch(sketch: &Sketch, scale: f64, oracle: &Oracle, damping: f64, b: &[f64]) -> Solved {
    let penalty = penalty_diagonal(oracle);
    let adjoint = sketch.solve(scale, &penalty, damping, b);
    let mut product = sketch.apply(scale, &adjoint);
    for ((out, strength), v) in product.iter_mut().zip(&penalty).zip(&adjoint) {
        *out += (strength + damping) * v;
    }
    let solver = Solver::of(1, relative_residual(product, b));
    let matrix = (b.len() <= MOST_SHOWN).then(|| sketch.matrix(scale));
    Solved { adjoint, solver, damping, matrix, is_broken: false }
}

fn by_cholesky(whole: &Whole, scale: f64, oracle: &mut Oracle, damping: f64, b: &[f64]) -> Solved {
    let fisher = whole.matrix(scale);
    let mut matrix = oracle.penalty_hessian();
    axpy(1.0, fisher.entries(), matrix.entries_mut());
    let shown = (b.len() <= MOST_SHOWN).then_some(fisher);
    if !is_finite(matrix.entries()) {
        let note = "F or the penalty is not finite".into();
        let solver = Solver { converged: false, note: Some(note), ..Solver::none() };
        return Solved { adjoint: vec![f64::NAN; b.len()], solver, damping, matrix: shown, is_broken: true };
    }
    // The least that rounding tells from zero, where nothing was asked for.
    let least = b.len() as f64 * f64::EPSILON * matrix.row_sum_norm();
    let (mut used, mut found) = (damping, None);
    for raise in 0..=RAISES {
        used = if raise == 0 { damping } else { damping.max(least) * 10f64.powi(raise) };
        let mut damped = matrix.clone();
        damped.add_to_diagonal(used);
        let factorization = Factorization::symmetric(&damped).filter(Factorization::is_positive_definite);
        if let Some(factorization) = factorization {
            found = Some((damped, factorization));
            break;
        }
    }
    let Some((damped, factorization)) = found else {
        let note = format!("F + R is not positive definite, nor with a damping of {used:.0e}; F begins anew");
        let solver = Solver { converged: false, note: Some(note.into()), ..Solver::none() };
        return Solved { adjoint: vec![f64::NAN; b.len()], solver, damping: used, matrix: shown, is_broken: true };
    };
    let adjoint = factorization.solve(b);
    let mut solver = Solver::of(1, relative_residual(damped.times(&adjoint), b));
    let condition = factorization.condition(&damped);
    if used > damping {
        let words =
            format!("F + R is singular at damping {damping}: solved with {used:.0e}; a larger `damping` would do");
        say(&mut solver, words.into());
    } else if is_singular(condition) {
        let words = format!("F + R + damping·I is singular to rounding (condition {condition:.0e}); raise `damping`");
        say(&mut solver, words.into());
    }
    Solved { adjoint, solver, damping: used, matrix: shown, is_broken: false }
}
