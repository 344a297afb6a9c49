//! `(F + R + δI) v = b`, in every form, and what there is to say of it.

use std::borrow::Cow;

use super::factor::{Factor, Form};
use super::sketch::Sketch;
use super::triangle::{self, Room};
use super::whole::Whole;
use crate::estimator::solver::relative_residual;
use crate::estimator::{MOST_SHOWN, Solver};
use crate::math::vector::{axpy, is_finite};
use crate::math::{Matrix, condition_of, is_singular};
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
    /// All that was solved with, where that is not F + R + δI.
    pub whole: Option<Matrix>,
    /// Whether F is of no use any more.
    pub is_broken: bool,
}

/// Space for the matrix and its factor, which is used again.
#[derive(Default)]
pub(super) struct Space {
    system: Vec<f64>,
    factor: Vec<f64>,
    room: Room,
}

/// Solves with a factor where the oracle stands, with the penalty as it is there.
pub(super) fn solve(factor: &Factor, oracle: &mut Oracle, (damping, space): (f64, &mut Space), b: &[f64]) -> Solved {
    oracle.count_factorization();
    let mut solved = match &factor.form {
        Form::Whole(whole) => by_cholesky(whole, factor.scale(), oracle, (damping, space), b),
        Form::Sketch(sketch) => by_sketch(sketch, factor.scale(), oracle, damping, b),
        Form::Inverse(inverse) => {
            let adjoint = inverse.apply(factor.rows, b);
            let mut solver = Solver { converged: is_finite(&adjoint), ..Solver::none() };
            let has_penalty = inverse.has_penalty(factor.number);
            if !has_penalty && penalty_diagonal(oracle).iter().any(|strength| *strength != 0.0) {
                say(&mut solver, "an inverse that is kept has neither the penalty nor the damping in it".into());
            }
            let is_shown = b.len() <= MOST_SHOWN;
            let whole = if is_shown { inverse.matrix(factor.rows) } else { None };
            let matrix = if has_penalty && is_shown { inverse.beside() } else { whole.clone() };
            Solved { adjoint, solver, damping: 0.0, matrix, whole, is_broken: false }
        }
    };
    solved.is_broken |= !is_finite(&solved.adjoint) && is_finite(b) && factor.number > 0;
    if factor.number == 0 {
        let instead = if matches!(factor.form, Form::Inverse(_)) { "`start`" } else { "penalty and damping" };
        say(&mut solved.solver, format!("no factor yet: v is ∇f over {instead} alone, and too long").into());
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
    let mut solver = Solver::of(1, relative_residual(product, b));
    if !is_finite(&adjoint) && is_finite(b) && sketch.is_flat(scale, &penalty, damping) {
        say(
            &mut solver,
            "a direction has no tail, no penalty and no damping: raise `damping`, or write `tail: OverRank`".into(),
        );
    }
    let matrix = (b.len() <= MOST_SHOWN).then(|| sketch.matrix(scale));
    Solved { adjoint, solver, damping, matrix, whole: None, is_broken: false }
}

fn by_cholesky(
    whole: &Whole,
    scale: f64,
    oracle: &mut Oracle,
    (damping, space): (f64, &mut Space),
    b: &[f64],
) -> Solved {
    let size = b.len();
    let Space { system, factor, room } = space;
    whole.write(scale, system);
    let shown = (size <= MOST_SHOWN).then(|| whole.matrix(scale));
    axpy(1.0, oracle.penalty_hessian().entries(), system);
    if !is_finite(system) {
        let note = "F or the penalty is not finite".into();
        let solver = Solver { converged: false, note: Some(note), ..Solver::none() };
        return Solved { adjoint: vec![f64::NAN; size], solver, damping, matrix: shown, whole: None, is_broken: true };
    }
    let norm = triangle::row_sum_norm(system, size);
    // The least that rounding tells from zero, where nothing was asked for.
    let least = size as f64 * f64::EPSILON * norm;
    let (mut used, mut is_found) = (damping, false);
    for raise in 0..=RAISES {
        used = if raise == 0 { damping } else { damping.max(least) * 10f64.powi(raise) };
        factor.clone_from(system);
        factor.iter_mut().step_by(size + 1).for_each(|entry| *entry += used);
        is_found = triangle::factorize(factor, size, room);
        if is_found {
            break;
        }
    }
    if !is_found {
        let tried = if used > 0.0 { format!(", nor with a damping of {used:.0e}") } else { String::new() };
        let note = format!("F + R is not positive definite{tried}; F begins anew; raise `damping`");
        let solver = Solver { converged: false, note: Some(note.into()), ..Solver::none() };
        return Solved {
            adjoint: vec![f64::NAN; size],
            solver,
            damping: used,
            matrix: shown,
            whole: None,
            is_broken: true,
        };
    }
    let mut adjoint = b.to_vec();
    triangle::solve(factor, &mut adjoint);
    let mut product = vec![0.0; size];
    triangle::apply(system, &adjoint, &mut product);
    axpy(used, &adjoint, &mut product);
    let mut solver = Solver::of(1, relative_residual(product, b));
    // Its diagonal is positive, so that the damping adds to every sum.
    let condition = condition_of(size, norm + used, |x| triangle::solve(factor, x));
    if used > damping {
        let words =
            format!("F + R is singular at damping {damping}: solved with {used:.0e}; a larger `damping` would do");
        say(&mut solver, words.into());
    } else if is_singular(condition) {
        let words = format!("F + R + damping·I is singular to rounding (condition {condition:.0e}); raise `damping`");
        say(&mut solver, words.into());
    }
    Solved { adjoint, solver, damping: used, matrix: shown, whole: None, is_broken: false }
}
