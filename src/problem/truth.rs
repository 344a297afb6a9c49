//! The exact hypergradient of a problem on its own data, and how estimates react to the inner error.

use std::sync::{Arc, OnceLock};

use super::accuracy::{Found, hypergradient, rounding_error};
use super::precise::Precise;
use super::refine::Refinement;
use super::solve::{Descent, InnerSolution};
use super::{LONGEST_DENSE, Oracle, Problem, Stop, matrix_free, solve_inner};
use crate::math::vector::{axpy, is_finite, norm};
use crate::math::{Factorization, Matrix, is_singular};

/// θ*(λ), F(λ) and ∇F(λ) = ∇_λ f − Jᵀ H⁻¹ ∇_θ f at θ*, on the very rows that an estimate sees, and how many of its
/// digits are known.
///
/// `f64` comes first, with a step of refinement. Where rounding could show in the first `ENOUGH` of ∇F and the
/// problem has derivatives with twice the digits, θ*, v and ∇F are refined with them. Beyond [`LONGEST_DENSE`] entries of θ
/// all of it comes from products with H.
pub struct Truth {
    problem: Arc<dyn Problem>,
    /// λ ∈ R^p.
    pub lambda: Vec<f64>,
    /// θ*(λ) ∈ R^d.
    pub theta: Vec<f64>,
    /// F(λ) = f(λ, θ*(λ)).
    pub value: f64,
    /// How far F may be off by rounding: in its sum, in θ*, and in how well θ* is solved for, to first order
    /// `ε(8|F| + Σ_j |∂f/∂θ_j θ_j|) + ‖v‖ ‖∇_θ g‖`.
    pub value_floor: f64,
    /// ∇F(λ) ∈ R^p.
    pub hypergradient: Vec<f64>,
    /// How far ∇F may be off, as a norm: by rounding in its computation and in the numbers of the problem. Infinite
    /// where nothing is known.
    pub floor: f64,
    /// w = H⁻¹ ∇_θ f ∈ R^d.
    pub adjoint: Vec<f64>,
    /// `‖∇_θ g‖` at θ*.
    pub gradient_norm: f64,
    /// The condition number of H at θ*, on the support where g has kinks, as a few steps of the inverse power iteration see
    /// it; NaN where H is not finite. At or beyond 1e15 it says no more than that H is singular to rounding, unless H was
    /// factorized in twice the precision.
    pub condition: f64,
    /// Why this is no exact answer, where it is none: `H is singular to rounding (condition 1e17)`.
    pub doubt: Option<String>,
    sensitivity: OnceLock<Option<Sensitivity>>,
}

/// A relative error of ∇F that nobody minds; where `f64` could leave a larger one, more digits are asked for.
pub const ENOUGH: f64 = 1e-11;

/// Beyond this relative error ∇F is no exact answer.
const MOST_ERROR: f64 = 1e-6;

/// Nearer to a kink of F than this, relative to the size of the kink, nothing is said of its slope.
const LEAST_MARGIN: f64 = 1e-9;

/// Rounding errors are sampled, not bounded: the largest one seen, times this.
const SAFETY: f64 = 4.0;

/// That `f64` does not tell H from a singular matrix, in words.
fn singular(oracle: &Oracle, condition: f64) -> String {
    let on_support = if oracle.problem().proximal().is_some() { " on the support" } else { "" };
    format!("H{on_support} is singular to rounding (condition {condition:.0e}), so that θ* and v need not be unique")
}

/// ∇F, where it was taken, and what is wrong with it.
struct Answer {
    theta: Vec<f64>,
    adjoint: Vec<f64>,
    hypergradient: Vec<f64>,
    floor: f64,
    condition: f64,
    doubt: Option<String>,
}

impl Truth {
    /// Solves the inner problem at λ and evaluates the implicit formula there.
    #[must_use]
    pub fn at(problem: &Arc<dyn Problem>, lambda: &[f64]) -> Self {
        Self::until(problem, lambda, &Stop::default())
    }

    /// The same, which comes to its end soon after `stop` is set where θ is long; what it says then is nothing.
    #[must_use]
    pub fn until(problem: &Arc<dyn Problem>, lambda: &[f64], stop: &Stop) -> Self {
        let forms_hessian = problem.dimensions().inner <= LONGEST_DENSE;
        Self::found(problem, lambda, stop, forms_hessian)
    }

    /// With H formed and factorized, or from products with it.
    fn found(problem: &Arc<dyn Problem>, lambda: &[f64], stop: &Stop, forms_hessian: bool) -> Self {
        let lambda = &lambda[..problem.dimensions().outer];
        let mut oracle = Oracle::new(Arc::clone(problem)).until(stop);
        let answer = if forms_hessian {
            Answer::at(&mut oracle, lambda, solve_inner(problem, lambda))
        } else {
            Answer::by_products(&mut oracle, lambda)
        };
        let answer = answer.or_at_a_kink(&mut oracle, lambda);
        oracle.move_to(lambda, &answer.theta);
        let mut gradient = vec![0.0; answer.theta.len()];
        oracle.inner_gradient(&mut gradient);
        let (value, gradient_norm) = (oracle.outer_value(), norm(&gradient));
        let unsolved = norm(&answer.adjoint) * gradient_norm;
        Self {
            problem: Arc::clone(problem),
            lambda: lambda.to_vec(),
            value,
            value_floor: rounding_of_value(&mut oracle, value) + unsolved,
            gradient_norm,
            theta: answer.theta,
            adjoint: answer.adjoint,
            hypergradient: answer.hypergradient,
            floor: answer.floor,
            condition: answer.condition,
            doubt: answer.doubt,
            sensitivity: OnceLock::new(),
        }
    }

    /// Whether this is an exact answer, up to [`floor`](Self::floor).
    #[must_use]
    pub fn converged(&self) -> bool {
        self.doubt.is_none()
    }

    /// The same from products with H alone, however short θ is.
    #[must_use]
    pub fn by_products(problem: &Arc<dyn Problem>, lambda: &[f64], stop: &Stop) -> Self {
        Self::found(problem, lambda, stop, false)
    }

    /// How θ* and the adjoint move with λ; computed on first use. `None` when H is not positive definite, and where θ is too
    /// long for it to be formed.
    pub fn sensitivity(&self) -> Option<&Sensitivity> {
        self.sensitivity.get_or_init(|| Sensitivity::of(self)).as_ref()
    }
}

/// What rounding the sum of f and the entries of θ makes of f where the oracle stands.
fn rounding_of_value(oracle: &mut Oracle, value: f64) -> f64 {
    /// Roundings of a pairwise sum of losses, and of the losses themselves.
    const OF_SUM: f64 = 8.0;
    let mut slope = vec![0.0; oracle.inner_dimension()];
    oracle.outer_gradient(&mut slope);
    let moved: f64 = slope.iter().zip(oracle.theta()).map(|(slope, theta)| (slope * theta).abs()).sum();
    f64::EPSILON * (OF_SUM * value.abs() + moved)
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

impl Answer {
    fn at(oracle: &mut Oracle, lambda: &[f64], solution: InnerSolution) -> Self {
        let theta = solution.theta;
        oracle.move_to(lambda, &theta);
        let mut outer = vec![0.0; theta.len()];
        oracle.outer_gradient(&mut outer);
        oracle.restrict(&mut outer);
        let hessian = oracle.hessian();
        let Some(factorization) = Factorization::symmetric(&hessian) else {
            return Self::unknown(theta, lambda.len(), "H is not finite");
        };
        let adjoint = refined_solve(&factorization, &hessian, &outer);
        let hypergradient = hypergradient(oracle, &adjoint);
        let found = Found {
            lambda,
            theta: &theta,
            adjoint: &adjoint,
            hypergradient: &hypergradient,
            hessian: &hessian,
            factorization: &factorization,
        };
        let is_definite = factorization.is_positive_definite();
        let floor = SAFETY * rounding_error(oracle, &found);
        let condition = factorization.condition(&hessian);
        let is_enough = solution.converged && is_definite && floor <= ENOUGH * norm(&hypergradient);
        if (!is_enough || is_singular(condition))
            && let Some(precise) = oracle.problem().precise()
            && let Some(refined) = Self::refined(precise, &found, condition)
        {
            return refined.or_of_few_digits(oracle, lambda);
        }
        let doubt = if is_singular(condition) {
            Some(singular(oracle, condition))
        } else if !is_finite(&hypergradient) {
            Some("∇F is not finite".to_owned())
        } else if !is_definite {
            Some("H is not positive definite".to_owned())
        } else if !solution.converged {
            Some(format!("θ* was not found: ‖∇g‖ stays at {:.1e}", solution.gradient_norm))
        } else {
            None
        };
        // What such a factorization says of the smallest eigenvalue, and of what depends on it, is rounding.
        let floor = if is_singular(condition) { f64::INFINITY } else { floor };
        let floor = floor.max(f64::EPSILON * norm(&hypergradient));
        Self { theta, adjoint, hypergradient, floor, condition, doubt }.or_of_few_digits(oracle, lambda)
    }

    /// The same answer, in doubt where too few digits of ∇F are known, whichever way it was found.
    fn or_of_few_digits(self, oracle: &mut Oracle, lambda: &[f64]) -> Self {
        let length = norm(&self.hypergradient);
        // NaN is not enough.
        if self.doubt.is_some() || self.floor <= MOST_ERROR * length {
            return self;
        }
        oracle.move_to(lambda, &self.theta);
        // Where ∇F is zero its length says nothing: then F does.
        if self.floor <= ENOUGH * oracle.outer_value().abs() {
            return self;
        }
        let (off, condition) = (self.floor / length, self.condition);
        let doubt = format!("rounding leaves ∇F off by {off:.0e} of its length (condition of H {condition:.0e})");
        Self { doubt: Some(doubt), ..self }
    }

    /// From products with H.
    fn by_products(oracle: &mut Oracle, lambda: &[f64]) -> Self {
        let found = matrix_free::answer(Descent::without_matrix(oracle.fresh(), lambda));
        let floor = SAFETY * found.moved;
        oracle.move_to(lambda, &found.theta);
        let doubt = found.doubt.or_else(|| {
            if !is_finite(&found.hypergradient) {
                Some("∇F is not finite".to_owned())
            } else {
                is_singular(found.condition).then(|| singular(oracle, found.condition))
            }
        });
        let floor = if floor.is_nan() { f64::INFINITY } else { floor };
        Self {
            floor: floor.max(f64::EPSILON * norm(&found.hypergradient)),
            theta: found.theta,
            adjoint: found.adjoint,
            hypergradient: found.hypergradient,
            condition: found.condition,
            doubt,
        }
        .or_of_few_digits(oracle, lambda)
    }

    /// The same answer, in doubt where the support of θ* may be another one, or changes however little λ moves.
    fn or_at_a_kink(self, oracle: &mut Oracle, lambda: &[f64]) -> Self {
        oracle.move_to(lambda, &self.theta);
        let is_clear = oracle.margin() > LEAST_MARGIN;
        if self.doubt.is_some() || is_clear {
            return self;
        }
        let doubt = "F has a kink here: an entry of θ* is about to enter or to leave its support".to_owned();
        Self { floor: f64::INFINITY, doubt: Some(doubt), ..self }
    }

    /// The same answer with more digits; `None` where refinement leads nowhere, and where H is singular to rounding in
    /// twice the precision as well. `condition` is what `f64` says of it: where that is rounding, so are solves with the
    /// factorization at hand, and refinement with them settles on any of the solutions of a singular system.
    fn refined(precise: &dyn Precise, found: &Found<'_>, condition: f64) -> Option<Self> {
        let start = (found.theta, found.adjoint);
        let mut refinement = Refinement::new(precise, found.lambda, start, found.factorization.clone());
        let condition = if is_singular(condition) { refinement.resolve(found.hessian)? } else { condition };
        let left = refinement.settle()?;
        let moved = (0..ROUNDINGS).map(|seed| refinement.moved_by(seed)).collect::<Option<Vec<f64>>>()?;
        let hypergradient = refinement.hypergradient();
        let moved = moved.into_iter().fold(0.0, f64::max);
        Some(Self {
            floor: (SAFETY * moved).max(left).max(f64::EPSILON * norm(&hypergradient)),
            theta: refinement.theta(),
            adjoint: refinement.adjoint(),
            hypergradient,
            condition,
            doubt: None,
        })
    }

    fn unknown(theta: Vec<f64>, outer: usize, doubt: &str) -> Self {
        Self {
            adjoint: vec![f64::NAN; theta.len()],
            theta,
            hypergradient: vec![f64::NAN; outer],
            floor: f64::INFINITY,
            condition: f64::NAN,
            doubt: Some(doubt.to_owned()),
        }
    }
}

/// Ways to round the numbers of the problem that are tried.
const ROUNDINGS: u64 = 2;

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
        if truth.theta.len() > LONGEST_DENSE {
            return None;
        }
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
            oracle.restrict(&mut column);
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
