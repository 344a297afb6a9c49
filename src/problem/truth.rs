//! The exact hypergradient of a problem on its own data, and how estimates react to the inner error.

use std::sync::{Arc, OnceLock};

use super::{Oracle, Problem, solve_inner};
use crate::math::vector::{axpy, is_finite};
use crate::math::{Factorization, Matrix};

/// θ*(λ), F(λ) and ∇F(λ) = ∇_λ f − Jᵀ H⁻¹ ∇_θ f at θ*, with one step of iterative refinement.
///
/// This is the truth named *same data*: it holds an estimate against the exact hypergradient of the
/// very rows the estimate saw.
pub struct Truth {
    problem: Arc<dyn Problem>,
    /// λ ∈ R^p.
    pub lambda: Vec<f64>,
    /// θ*(λ) ∈ R^d.
    pub theta: Vec<f64>,
    /// F(λ) = f(λ, θ*(λ)).
    pub value: f64,
    /// ∇F(λ) ∈ R^p.
    pub hypergradient: Vec<f64>,
    /// w = H⁻¹ ∇_θ f ∈ R^d.
    pub adjoint: Vec<f64>,
    /// `‖∇_θ g‖` at θ*.
    pub gradient_norm: f64,
    /// Whether the inner problem was solved to rounding and H is positive definite. If not, this is
    /// no truth, and the screen says so.
    pub converged: bool,
    sensitivity: OnceLock<Option<Sensitivity>>,
}

impl Truth {
    /// Solves the inner problem at λ and evaluates the implicit formula there.
    #[must_use]
    pub fn at(problem: &Arc<dyn Problem>, lambda: &[f64]) -> Self {
        let lambda = &lambda[..problem.dimensions().outer];
        let solution = solve_inner(problem, lambda);
        let mut oracle = Oracle::new(Arc::clone(problem));
        oracle.move_to(lambda, &solution.theta);
        let mut outer = vec![0.0; solution.theta.len()];
        oracle.outer_gradient(&mut outer);
        let hessian = oracle.hessian();
        let factor = Factorization::symmetric(&hessian);
        let adjoint = match &factor {
            Some(factor) => refined_solve(factor, &hessian, &outer),
            None => vec![f64::NAN; outer.len()],
        };
        let mut hypergradient = vec![0.0; lambda.len()];
        let mut indirect = vec![0.0; lambda.len()];
        oracle.outer_lambda_gradient(&mut hypergradient);
        oracle.cross_vjp(&adjoint, &mut indirect);
        axpy(-1.0, &indirect, &mut hypergradient);
        let definite = factor.is_some_and(|factor| factor.is_positive_definite());
        Self {
            problem: Arc::clone(problem),
            lambda: lambda.to_vec(),
            value: oracle.outer_value(),
            adjoint,
            gradient_norm: solution.gradient_norm,
            converged: solution.converged && definite && is_finite(&hypergradient),
            hypergradient,
            theta: solution.theta,
            sensitivity: OnceLock::new(),
        }
    }

    /// How θ* and the adjoint move with λ; computed on first use. `None` when H is not positive definite.
    pub fn sensitivity(&self) -> Option<&Sensitivity> {
        self.sensitivity.get_or_init(|| Sensitivity::of(self)).as_ref()
    }
}

/// One solve and one step of refinement: what is left is the error of the matrix, not of the solver.
fn refined_solve(factor: &Factorization, matrix: &Matrix, b: &[f64]) -> Vec<f64> {
    let mut x = factor.solve(b);
    let mut residual = matrix.times(&x);
    for (r, value) in residual.iter_mut().zip(b) {
        *r = value - *r;
    }
    axpy(1.0, &factor.solve(&residual), &mut x);
    x
}

/// First-order theory at θ* (Ye et al. 2024): total derivatives along the solution path.
pub struct Sensitivity {
    /// An oracle at `(λ, θ*)`, for what an estimator's own theory needs beyond the fields here.
    pub oracle: Oracle,
    /// H = ∂²_θθ g at θ*, d × d.
    pub hessian: Matrix,
    /// H, factorized.
    pub factorization: Factorization,
    /// w = H⁻¹ ∇_θ f ∈ R^d.
    pub adjoint: Vec<f64>,
    /// Dθ* = −H⁻¹ J, d × p.
    pub solution_derivative: Matrix,
    /// Dw, d × p: column j is `H⁻¹(D_j ∇_θ f − (D_j H) w)`, with total derivatives.
    pub adjoint_derivative: Matrix,
}

impl Sensitivity {
    fn of(truth: &Truth) -> Option<Self> {
        let mut oracle = Oracle::new(Arc::clone(&truth.problem));
        oracle.move_to(&truth.lambda, &truth.theta);
        let hessian = oracle.hessian();
        let factorization = Factorization::symmetric(&hessian).filter(Factorization::is_positive_definite)?;
        let (inner, outer) = (truth.theta.len(), truth.lambda.len());
        let mut solution_derivative = Matrix::zeros(inner, outer);
        let mut adjoint_derivative = Matrix::zeros(inner, outer);
        let mut direction = vec![0.0; outer];
        let mut column = vec![0.0; inner];
        let mut part = vec![0.0; inner];
        for j in 0..outer {
            direction[j] = 1.0;
            oracle.cross_jvp(&direction, &mut column);
            factorization.solve_in_place(&mut column);
            column.iter_mut().for_each(|x| *x = -*x);
            solution_derivative.set_column(j, &column);
            let path = column.clone();
            oracle.outer_hvp(&path, &mut column);
            oracle.outer_cross_jvp(&direction, &mut part);
            axpy(1.0, &part, &mut column);
            oracle.third_cross_jvp(&direction, &truth.adjoint, &mut part);
            axpy(-1.0, &part, &mut column);
            oracle.third_inner(&path, &truth.adjoint, &mut part);
            axpy(-1.0, &part, &mut column);
            factorization.solve_in_place(&mut column);
            adjoint_derivative.set_column(j, &column);
            direction[j] = 0.0;
        }
        Some(Self {
            oracle,
            hessian,
            factorization,
            adjoint: truth.adjoint.clone(),
            solution_derivative,
            adjoint_derivative,
        })
    }
}
