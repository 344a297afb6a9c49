//! The implicit formula in other coordinates: `θ = φ(z, λ)`, implicit in z, then back to θ.
//!
//! For `φ = M(λ)⁻¹ z` with `M = diag H` or `M = H`, both at θ frozen, `φ_z = M⁻¹`,
//! `φ_λ[:,j] = −M⁻¹(∂_jM)θ`, and `g̃_zλ = φ_z(Hφ_λ + J) − M⁻¹(∂_jM)M⁻¹G` with `G = ∇_θ g`. Carried
//! through, all terms with φ_λ cancel, and with `v = H⁻¹∇_θ f`, `s = M⁻¹G` what is left is
//! `ĥ = ∇_λ f − Jᵀv + ∂_λ(sᵀM(λ)v)`. For `φ = sign(θ)eᶻ` it is the plain formula with `H + diag(G/θ)`
//! in place of H. At θ*, where G = 0, all of them are the plain formula.
//!
//! Source: Ye, Peyré, Cremers and Ablin 2024, section 3.2. To first order the error is `(HA·Du)ᵀe` with
//! `A = φ_z`, `u = A⁻¹w`: the curvature of the outer objective stays untouched, so slope 2 is out of
//! reach unless f is affine in θ. Cost: the direct formula and one third-order product (d for the
//! diagonal map). The exponential map is singular as a θ_i → 0, and says so.

use std::borrow::Cow;

use super::{Entry, Estimate, Estimator, Family, Order, Point, Reach, Solver, implicit};
use crate::catalog::{Card, Kind, Knob};
use crate::draw::PerStep;
use crate::math::number::counted;
use crate::math::vector::{axpy, scale};
use crate::math::{Factorization, Matrix};
use crate::problem::{Oracle, Requirement, Sensitivity};

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "reparameterized",
        name: "Implicit in other coordinates",
        source: "Ye, Peyré, Cremers and Ablin 2024 (AISTATS), section 3.2",
        equation: "θ = φ(z, λ),  J_θ = φ_z J_z + φ_λ,  J_z = −g̃_zz⁻¹ g̃_zλ,  ĥ = ∇_λ f + J_θᵀ ∇_θ f",
        summary: "Describes the model in other coordinates, in which the end of training moves more evenly with λ. \
                  Implicit function theorem after a change of variables that straightens how θ* depends on λ.",
        cost: "1 gradient, d Hessian-vector products, 1 factorization, 1 cross and 1 to d third-order products",
        fails: "Leaves the outer curvature's share of the error; the exponential map is singular where a θ_i is 0.",
        knobs: &[Knob {
            key: "map",
            help: "The change of variables φ.",
            kind: Kind::Choice {
                options: &[
                    ("Diagonal", "z divided by diag H(λ)"),
                    ("Exponential", "sign(θ) exp(z)"),
                    ("Full", "H(λ)⁻¹z: exact for ridge with a linear outer objective"),
                ],
            },
        }],
    },
    order: Order::One,
    family: Family::Corrected,
    build: |knobs| {
        Box::new(Reparameterized {
            map: match knobs.choice("map") {
                "Exponential" => Map::Exponential,
                "Full" => Map::Full,
                _ => Map::Diagonal,
            },
        })
    },
};

#[derive(Clone, Copy)]
enum Map {
    Diagonal,
    Exponential,
    Full,
}

#[derive(Clone)]
struct Reparameterized {
    map: Map,
}

impl Estimator for Reparameterized {
    fn effort(&self) -> &'static [&'static str] {
        &["map"]
    }

    fn reach(&self) -> Reach {
        Reach::Point
    }

    fn requires(&self) -> &'static [Requirement] {
        &[Requirement::WHOLE_HESSIAN]
    }

    fn lists(&self, inner_steps: usize) -> PerStep {
        implicit::lists(inner_steps, 1)
    }

    fn estimate(&self, at: &mut Point<'_>) -> Estimate {
        let before = at.oracle.cost();
        at.arrive();
        let size = at.oracle.inner_dimension();
        let mut gradient = vec![0.0; size];
        at.oracle.inner_gradient(&mut gradient);
        let hessian = at.oracle.hessian();
        let numbers = 2 * size * size;
        if let Map::Exponential = self.map {
            return implicit::estimate_here(at, &before, numbers, |at, b| {
                solve_exponential(at.oracle, hessian, &gradient, b)
            });
        }
        at.oracle.count_factorization();
        let factorization = Factorization::symmetric(&hessian);
        let mut estimate = implicit::estimate_here(at, &before, numbers, |_, b| {
            implicit::solve_with(factorization.as_ref(), &hessian, b)
        });
        if let (Some(adjoint), Some(factorization)) = (&estimate.adjoint, factorization) {
            let correction = &mut vec![0.0; at.lambda.len()];
            match self.map {
                Map::Full => at.oracle.third_cross_vjp(&factorization.solve(&gradient), adjoint, correction),
                _ => {
                    let weights: Vec<f64> = (0..size).map(|i| gradient[i] / hessian[(i, i)] * adjoint[i]).collect();
                    diagonal_cross_vjp(at.oracle, &weights, correction);
                }
            }
            axpy(1.0, correction, &mut estimate.hypergradient);
        }
        estimate.cost = implicit::spent(at.oracle, &before, numbers);
        estimate
    }

    fn linearization(&self, at: &Sensitivity) -> Option<Matrix> {
        let mut oracle = at.oracle.clone();
        let (inner, outer) = (oracle.inner_dimension(), oracle.outer_dimension());
        let is_frozen = |(theta, adjoint): (&f64, &f64)| *theta == 0.0 && *adjoint != 0.0;
        if matches!(self.map, Map::Exponential) && oracle.theta().iter().zip(&at.adjoint).any(is_frozen) {
            // The coordinate cannot follow θ*: the estimate is off at θ* itself.
            return None;
        }
        let diagonals = match self.map {
            Map::Diagonal => diagonal_derivative(&mut oracle),
            _ => Matrix::default(),
        };
        let mut linearization = Matrix::zeros(inner, outer);
        let mut direction = vec![0.0; outer];
        let mut part = vec![0.0; inner];
        for j in 0..outer {
            direction[j] = 1.0;
            // A·Du, save for a part of H·A·Du that the full map knows directly.
            let mut column = at.adjoint_derivative.column(j);
            part.fill(0.0);
            match self.map {
                Map::Full => oracle.third_cross_jvp(&direction, &at.adjoint, &mut part),
                Map::Diagonal => {
                    for i in 0..inner {
                        column[i] += diagonals[(i, j)] * at.adjoint[i] / at.hessian[(i, i)];
                    }
                }
                Map::Exponential => {
                    for (i, theta) in oracle.theta().iter().enumerate().filter(|(_, theta)| **theta != 0.0) {
                        column[i] -= at.solution_derivative[(i, j)] * at.adjoint[i] / theta;
                    }
                }
            }
            let mut column = at.hessian.times(&column);
            axpy(1.0, &part, &mut column);
            linearization.set_column(j, &column);
            direction[j] = 0.0;
        }
        Some(linearization)
    }

    fn clone_box(&self) -> Box<dyn Estimator> {
        Box::new(self.clone())
    }
}

/// `[H + diag(G/θ)]⁻¹ b`. A coordinate with θ_i = 0 cannot move in these coordinates: its v is zero,
/// which is also the limit of the formula.
fn solve_exponential(oracle: &mut Oracle, mut matrix: Matrix, gradient: &[f64], b: &[f64]) -> (Vec<f64>, Solver) {
    let theta = oracle.theta().to_vec();
    let mut b = b.to_vec();
    let largest = theta.iter().fold(0.0, |largest: f64, x| largest.max(x.abs()));
    let mut zeros = 0;
    let mut nearly = 0;
    for (i, x) in theta.iter().enumerate() {
        if *x == 0.0 {
            for k in 0..theta.len() {
                matrix[(i, k)] = 0.0;
                matrix[(k, i)] = 0.0;
            }
            matrix[(i, i)] = 1.0;
            zeros += usize::from(b[i] != 0.0);
            b[i] = 0.0;
        } else {
            matrix[(i, i)] += gradient[i] / x;
            nearly += usize::from(x.abs() < 1e-6 * largest);
        }
    }
    let (adjoint, mut solver) = implicit::solve_dense(oracle, &matrix, &b);
    let trouble: Option<Cow<'static, str>> = match (zeros, nearly) {
        (0, 0) if solver.negative_curvature => Some("H + diag(G/θ) is not positive definite".into()),
        (0, 0) => None,
        (0, _) => Some(format!("{} nearly 0: the exponential map is nearly singular", entries(nearly)).into()),
        (_, _) => Some(format!("{} 0 and cannot move under the exponential map", entries(zeros)).into()),
    };
    solver.note = trouble.or(solver.note);
    (adjoint, solver)
}

/// So many entries of θ, and the verb that goes with them.
fn entries(count: usize) -> String {
    format!("{} of θ {}", counted(count, "entry"), if count == 1 { "is" } else { "are" })
}

/// `∂_λ Σ_i weights_i H_ii` where the oracle stands.
fn diagonal_cross_vjp(oracle: &mut Oracle, weights: &[f64], out: &mut [f64]) {
    let mut unit = vec![0.0; weights.len()];
    let mut part = vec![0.0; out.len()];
    out.fill(0.0);
    for (i, weight) in weights.iter().enumerate() {
        unit[i] = 1.0;
        oracle.third_cross_vjp(&unit, &unit, &mut part);
        unit[i] = 0.0;
        scale(*weight, &mut part);
        axpy(1.0, &part, out);
    }
}

/// `∂_j H_ii`, d × p, where the oracle stands.
fn diagonal_derivative(oracle: &mut Oracle) -> Matrix {
    let mut derivative = Matrix::zeros(oracle.inner_dimension(), oracle.outer_dimension());
    let mut unit = vec![0.0; oracle.inner_dimension()];
    for i in 0..unit.len() {
        unit[i] = 1.0;
        oracle.third_cross_vjp(&unit, &unit, derivative.row_mut(i));
        unit[i] = 0.0;
    }
    derivative
}
