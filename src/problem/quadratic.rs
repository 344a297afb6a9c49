//! The quadratic bilevel problem, where every derivative is a matrix.
//!
//! `g = ½θᵀAθ + ½λᵀBλ + λᵀCθ + aᵀθ + bᵀλ`, `f = ½θᵀFθ + ½λᵀHλ + λᵀKθ + fᵀθ + hᵀλ`, with
//! `A, F ∈ R^{d×d}`, `B, H ∈ R^{p×p}`, `C, K ∈ R^{p×d}`. Then `H = A`, `J = Cᵀ`,
//! `θ* = −A⁻¹(Cᵀλ + a)`, and the direct part `∇_λ f = Hλ + Kθ + h` is not zero. The
//! setting of Ghadimi and Wang 2018. Cost: `O(d² + pd)` for each call. There are no rows and no mini-batches.

use std::sync::Arc;

use rand_distr::{Distribution, StandardNormal};

use super::linear::{largest_eigenvalue, sized};
use super::{BuildError, Cache, Dimensions, Entry, Location, Needs, Parts, Problem, Sample, Score};
use crate::catalog::{Card, Kind, Knob, Scale};
use crate::math::random::{Purpose, stream};
use crate::math::vector::{axpy, dot, is_finite, norm};
use crate::math::{Factorization, Matrix};

pub(super) const ENTRY: Entry = Entry {
    card: Card {
        id: "quadratic",
        name: "Quadratic bilevel problem",
        source: "The setting of Ghadimi and Wang 2018, with both objectives quadratic",
        equation: "g = ½θᵀAθ + ½λᵀBλ + λᵀCθ + aᵀθ + bᵀλ,  f = ½θᵀFθ + ½λᵀHλ + λᵀKθ + fᵀθ + hᵀλ",
        summary: "Both objectives are quadratic, so ∇F is known in closed form and the condition number of the \
                  inner problem is a dial. The one problem whose outer objective reads λ directly.",
        cost: "d² for a Hessian-vector product, pd for a cross product",
        fails: "Too simple to show curvature that changes with θ: errors that need a third derivative are zero. \
                At a large condition number gradient descent and Neumann series barely move.",
        knobs: &[
            Knob {
                key: "inner_dimension",
                help: "Length d of θ, when the matrices are drawn and not given as arrays.",
                kind: Kind::Integer { default: 20, range: (1, 500), scale: Scale::Logarithmic },
            },
            Knob {
                key: "outer_dimension",
                help: "Length p of λ, when the matrices are drawn and not given as arrays.",
                kind: Kind::Integer { default: 5, range: (1, 500), scale: Scale::Logarithmic },
            },
            Knob {
                key: "condition",
                help: "Condition number of A, when it is drawn; its largest eigenvalue is 1.",
                kind: Kind::Real { default: 100.0, range: (1.0, 1e8), scale: Scale::Logarithmic },
            },
        ],
    },
    data: Needs::Nothing,
    build: |parts| {
        let coefficients =
            if parts.arrays.is_empty() { Coefficients::drawn(parts) } else { Coefficients::given(parts.arrays)? };
        Ok(Arc::new(Quadratic::new(coefficients)?))
    },
};

/// `½θᵀPθ + ½λᵀQλ + λᵀRθ + sᵀθ + tᵀλ`.
struct Form {
    inner: Matrix,
    outer: Matrix,
    coupling: Matrix,
    inner_linear: Vec<f64>,
    outer_linear: Vec<f64>,
}

/// The two forms, `g` and `f`.
struct Coefficients {
    g: Form,
    f: Form,
}

/// The arrays of a form: P, Q, R, s, t.
const INNER_NAMES: [&str; 5] = ["A", "B", "C", "a", "b"];
const OUTER_NAMES: [&str; 5] = ["F", "H", "K", "f", "h"];

impl Coefficients {
    /// From named arrays. `A` and `C` give the sizes; what is left out is zero.
    fn given(arrays: &[(String, Matrix)]) -> Result<Self, BuildError> {
        let wrong = |message: String| BuildError::at("arrays", message);
        let names = [INNER_NAMES, OUTER_NAMES].concat();
        for (index, (name, matrix)) in arrays.iter().enumerate() {
            if !names.contains(&name.as_str()) {
                return Err(wrong(format!("there is no array `{name}` here; expected {}", names.join(", "))));
            }
            if arrays[..index].iter().any(|(other, _)| other == name) {
                return Err(wrong(format!("the array `{name}` is given twice; expected it once")));
            }
            if !is_finite(matrix.entries()) {
                return Err(wrong(format!("`{name}` has an entry that is not finite; expected finite numbers")));
            }
        }
        let find = |name: &str| arrays.iter().find(|(other, _)| other == name).map(|(_, matrix)| matrix);
        let (Some(a), Some(c)) = (find("A"), find("C")) else {
            return Err(wrong("expected at least the arrays `A` (d x d) and `C` (p x d)".to_owned()));
        };
        let (size, outer) = (a.rows(), c.rows());
        if size == 0 || outer == 0 {
            return Err(wrong("`A` and `C` are empty; expected at least one row each".to_owned()));
        }
        let array = |name: &str, rows: usize, columns: usize| match find(name) {
            None => Ok(Matrix::zeros(rows, columns)),
            Some(matrix) if (matrix.rows(), matrix.columns()) == (rows, columns) => Ok(matrix.clone()),
            Some(matrix) => {
                let found = format!("{} x {}", matrix.rows(), matrix.columns());
                Err(wrong(format!("`{name}` is {found}; expected {rows} x {columns}, from the rows of `A` and `C`")))
            }
        };
        let form = |[inner, lambda, coupling, inner_linear, outer_linear]: [&str; 5]| {
            Ok(Form {
                inner: symmetric(inner, array(inner, size, size)?)?,
                outer: symmetric(lambda, array(lambda, outer, outer)?)?,
                coupling: array(coupling, outer, size)?,
                inner_linear: array(inner_linear, size, 1)?.entries().to_vec(),
                outer_linear: array(outer_linear, outer, 1)?.entries().to_vec(),
            })
        };
        Ok(Self { g: form(INNER_NAMES)?, f: form(OUTER_NAMES)? })
    }

    /// Drawn from the seed: A with eigenvalues evenly spaced on a logarithmic scale from
    /// 1/condition to 1 in random directions, F, B and H positive semidefinite, the rest Gaussian.
    fn drawn(parts: &Parts<'_>) -> Self {
        let (size, outer) = (parts.knobs.count("inner_dimension"), parts.knobs.count("outer_dimension"));
        let condition = parts.knobs.real("condition");
        // A stream for each array, so that changing one size leaves the other arrays alone.
        let draw = |array: u64, rows: usize, columns: usize| {
            let mut random = stream(parts.seed, Purpose::Data, &[array]);
            Matrix::from_fn(rows, columns, |_, _| StandardNormal.sample(&mut random))
        };
        #[allow(clippy::cast_precision_loss)]
        let eigenvalue = |i: usize| condition.powf(-(i as f64) / (size.max(2) - 1) as f64);
        let directions = orthonormal(draw(0, size, size));
        let scaled = Matrix::from_fn(size, size, |i, j| directions[(i, j)] * eigenvalue(i));
        let vector = |array, length| draw(array, length, 1).entries().to_vec();
        Self {
            g: Form {
                inner: mirrored(&directions.transpose().product(&scaled)),
                outer: covariance(&draw(1, outer, outer)),
                coupling: shrunk(draw(2, outer, size)),
                inner_linear: vector(3, size),
                outer_linear: vector(4, outer),
            },
            f: Form {
                inner: covariance(&draw(5, size, size)),
                outer: covariance(&draw(6, outer, outer)),
                coupling: shrunk(draw(7, outer, size)),
                inner_linear: vector(8, size),
                outer_linear: vector(9, outer),
            },
        }
    }
}

/// The matrix, if it is symmetric to rounding: its products are then those of a Hessian.
fn symmetric(name: &str, matrix: Matrix) -> Result<Matrix, BuildError> {
    let scale = matrix.entries().iter().fold(0.0, |largest: f64, entry| largest.max(entry.abs()));
    for i in 0..matrix.rows() {
        for j in 0..i {
            if (matrix[(i, j)] - matrix[(j, i)]).abs() > 1e-12 * scale {
                let (below, above) = (matrix[(i, j)], matrix[(j, i)]);
                let message = format!(
                    "`{name}` has {below} at ({i}, {j}) and {above} at ({j}, {i}); expected a symmetric matrix"
                );
                return Err(BuildError::at("arrays", message));
            }
        }
    }
    Ok(mirrored(&matrix))
}

/// The lower half, copied to the upper.
fn mirrored(matrix: &Matrix) -> Matrix {
    Matrix::from_fn(matrix.rows(), matrix.columns(), |i, j| matrix[(i.max(j), i.min(j))])
}

/// `GGᵀ` over the number of columns.
fn covariance(draw: &Matrix) -> Matrix {
    #[allow(clippy::cast_precision_loss)]
    let count = draw.columns() as f64;
    let square = draw.product(&draw.transpose());
    mirrored(&Matrix::from_fn(draw.rows(), draw.rows(), |i, j| square[(i, j)] / count))
}

/// Entries of size 1/√columns, so that a product with a vector of unit entries is of size 1.
fn shrunk(mut draw: Matrix) -> Matrix {
    #[allow(clippy::cast_precision_loss)]
    let factor = 1.0 / (draw.columns() as f64).sqrt();
    crate::math::vector::scale(factor, draw.entries_mut());
    draw
}

/// Gram and Schmidt on the rows, twice, which is enough for orthogonality to rounding.
fn orthonormal(mut rows: Matrix) -> Matrix {
    for i in 0..rows.rows() {
        let mut row = rows.row(i).to_vec();
        for _ in 0..2 {
            for j in 0..i {
                axpy(-dot(rows.row(j), &row), rows.row(j), &mut row);
            }
        }
        let length = norm(&row);
        rows.row_mut(i).iter_mut().zip(&row).for_each(|(target, value)| *target = value / length);
    }
    rows
}

impl Form {
    fn value(&self, lambda: &[f64], theta: &[f64], [inner, outer, ..]: &mut [Vec<f64>; 4]) -> f64 {
        let (inner, outer) = (sized(inner, theta.len()), sized(outer, lambda.len()));
        self.inner.apply(theta, inner);
        let mut total = 0.5 * dot(theta, inner) + dot(&self.inner_linear, theta);
        self.outer.apply(lambda, outer);
        total += 0.5 * dot(lambda, outer) + dot(&self.outer_linear, lambda);
        self.coupling.apply(theta, outer);
        total + dot(lambda, outer)
    }

    /// `Pθ + Rᵀλ + s`.
    fn gradient(&self, lambda: &[f64], theta: &[f64], scratch: &mut Vec<f64>, out: &mut [f64]) {
        let part = sized(scratch, theta.len());
        self.inner.apply(theta, out);
        self.coupling.apply_transposed(lambda, part);
        axpy(1.0, part, out);
        axpy(1.0, &self.inner_linear, out);
    }

    /// `Qλ + Rθ + t`.
    fn lambda_gradient(&self, lambda: &[f64], theta: &[f64], scratch: &mut Vec<f64>, out: &mut [f64]) {
        let part = sized(scratch, lambda.len());
        self.outer.apply(lambda, out);
        self.coupling.apply(theta, part);
        axpy(1.0, part, out);
        axpy(1.0, &self.outer_linear, out);
    }
}

struct Quadratic {
    g: Form,
    f: Form,
    factorization: Factorization,
    largest_eigenvalue: f64,
}

impl Quadratic {
    fn new(Coefficients { g, f }: Coefficients) -> Result<Self, BuildError> {
        let factorization = Factorization::symmetric(&g.inner).filter(Factorization::is_positive_definite);
        let Some(factorization) = factorization else {
            let smallest = g.inner.symmetric_eigenvalues().and_then(|values| values.first().copied());
            let smallest = smallest.unwrap_or(f64::NAN);
            let message =
                format!("the smallest eigenvalue of `A` is {smallest:.3e}; expected a positive definite matrix");
            return Err(BuildError::at("arrays", message));
        };
        Ok(Self { largest_eigenvalue: largest_eigenvalue(&g.inner), factorization, g, f })
    }
}

impl Problem for Quadratic {
    fn dimensions(&self) -> Dimensions {
        let (inner, outer) = (self.g.inner_linear.len(), self.g.outer_linear.len());
        Dimensions { inner, outer, training: 0, validation: 0 }
    }

    fn prepare(&self, _: Location<'_>, _: &mut Cache) {}

    fn inner_value(&self, at: Location<'_>, cache: &mut Cache) -> f64 {
        self.g.value(at.lambda, at.theta, &mut cache.scratch)
    }

    fn inner_gradient(&self, at: Location<'_>, cache: &mut Cache, out: &mut [f64]) {
        self.g.gradient(at.lambda, at.theta, &mut cache.scratch[0], out);
    }

    fn inner_lambda_gradient(&self, at: Location<'_>, cache: &mut Cache, out: &mut [f64]) {
        self.g.lambda_gradient(at.lambda, at.theta, &mut cache.scratch[0], out);
    }

    fn hvp(&self, _: Location<'_>, _: &mut Cache, v: &[f64], out: &mut [f64]) {
        self.g.inner.apply(v, out);
    }

    fn cross_vjp(&self, _: Location<'_>, _: &mut Cache, v: &[f64], out: &mut [f64]) {
        self.g.coupling.apply(v, out);
    }

    fn cross_jvp(&self, _: Location<'_>, _: &mut Cache, u: &[f64], out: &mut [f64]) {
        self.g.coupling.apply_transposed(u, out);
    }

    fn hessian(&self, _: Location<'_>, _: &mut Cache, out: &mut Matrix) {
        out.clone_from(&self.g.inner);
    }

    fn third_inner(&self, _: Location<'_>, _: &mut Cache, _: &[f64], _: &[f64], out: &mut [f64]) {
        out.fill(0.0);
    }

    fn third_cross_jvp(&self, _: Location<'_>, _: &mut Cache, _: &[f64], _: &[f64], out: &mut [f64]) {
        out.fill(0.0);
    }

    fn third_cross_vjp(&self, _: Location<'_>, _: &mut Cache, _: &[f64], _: &[f64], out: &mut [f64]) {
        out.fill(0.0);
    }

    fn outer_value(&self, at: Location<'_>, cache: &mut Cache) -> f64 {
        self.f.value(at.lambda, at.theta, &mut cache.scratch)
    }

    fn outer_gradient(&self, at: Location<'_>, cache: &mut Cache, out: &mut [f64]) {
        self.f.gradient(at.lambda, at.theta, &mut cache.scratch[0], out);
    }

    fn outer_lambda_gradient(&self, at: Location<'_>, cache: &mut Cache, out: &mut [f64]) {
        self.f.lambda_gradient(at.lambda, at.theta, &mut cache.scratch[0], out);
    }

    fn outer_hvp(&self, _: Location<'_>, _: &mut Cache, v: &[f64], out: &mut [f64]) {
        self.f.inner.apply(v, out);
    }

    fn outer_cross_jvp(&self, _: Location<'_>, _: &mut Cache, u: &[f64], out: &mut [f64]) {
        self.f.coupling.apply_transposed(u, out);
    }

    fn solve(&self, lambda: &[f64]) -> Option<Vec<f64>> {
        let mut theta = self.g.coupling.transposed_times(lambda);
        axpy(1.0, &self.g.inner_linear, &mut theta);
        theta.iter_mut().for_each(|value| *value = -*value);
        self.factorization.solve_in_place(&mut theta);
        Some(theta)
    }

    fn curvature_bound(&self, _: &[f64]) -> f64 {
        self.largest_eigenvalue
    }

    fn is_quadratic(&self) -> bool {
        true
    }

    fn score(&self, _: Sample, _: &[f64], _: &[f64]) -> Option<Score> {
        None
    }

    fn lambda_names(&self) -> Vec<String> {
        (1..=self.g.outer_linear.len()).map(|j| format!("λ {j}")).collect()
    }
}
